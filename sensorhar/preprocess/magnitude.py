"""Add the length of each three-axis sensor, which no rotation changes."""

from dataclasses import dataclass

from sensorhar.data.channel import Channel
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.preprocess._step import Step
from sensorhar.signal.gravity import magnitude

__all__ = ["Magnitude"]


@dataclass(frozen=True)
class Magnitude(Step):
    """Add ``acc_norm`` beside ``acc_x acc_y acc_z``, and so for each such sensor.

    Raises
    ------
    ValueError
        When there is no three-axis sensor.
    """

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample."""
        return True

    def __call__(self, recording: Recording) -> Recording:
        """Return the recording with the channels added."""
        added: list[Stream] = []
        for stream in recording.streams:
            names = stream.channel_names
            if len(names) == 3 and [name[-2:] for name in names] == ["_x", "_y", "_z"]:
                first = stream.channels[0]
                norm = Channel(f"{names[0][:-1]}norm", first.unit, place=first.place)
                added.append(
                    stream.with_values(magnitude(stream.values)[:, None], [norm])
                )
        if not added:
            raise ValueError(
                "Magnitude needs a sensor with three axes; recording "
                f"{recording.name!r} has {', '.join(recording.channel_names)}."
            )
        return recording.with_streams([*recording.streams, *added])
