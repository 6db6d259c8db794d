"""Split accelerometers into gravity and linear acceleration."""

from dataclasses import dataclass, replace

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.preprocess._step import Step, map_runs
from sensorhar.signal.gravity import split_gravity

__all__ = ["SplitGravity"]


@dataclass(frozen=True)
class SplitGravity(Step):
    """Add a linear-acceleration and a gravity stream beside each accelerometer.

    ``acc_x`` stays, ``lin_x`` and ``grav_x`` come beside it, and the two sum to it.

    Parameters
    ----------
    cutoff_hz : float, default=0.3
        What is slower counts as gravity; 0.3 Hz is the choice of UCI HAR (Anguita et
        al., ESANN 2013, section 2).
    causal : bool, default=False
        Use no later sample.

    Raises
    ------
    ValueError
        When no accelerometer includes gravity, or a clock is irregular.
    """

    cutoff_hz: float = 0.3
    causal: bool = False

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample."""
        return self.causal

    def __call__(self, recording: Recording) -> Recording:
        """Return the recording with the streams added."""
        added: list[Stream] = []
        for stream in recording.streams:
            if stream.kind == "accelerometer" and stream.channels[0].has_gravity:
                added.extend(self._split(stream))
        if not added:
            raise ValueError(
                "SplitGravity needs an accelerometer with gravity; recording "
                f"{recording.name!r} has {', '.join(recording.channel_names)}."
            )
        return recording.with_streams([*recording.streams, *added])

    def _split(self, stream: Stream) -> list[Stream]:
        gravity = map_runs(
            stream,
            lambda values: split_gravity(
                values,
                rate_hz=stream.rate_hz,
                cutoff_hz=self.cutoff_hz,
                causal=self.causal,
            )[0],
            "SplitGravity",
        )
        parts = (
            ("linear_acceleration", "lin_", stream.values - gravity),
            ("gravity", "grav_", gravity),
        )
        return [
            stream.with_values(
                values,
                [
                    replace(
                        channel,
                        name=channel.name.replace("acc_", prefix),
                        kind=kind,
                        has_gravity=None,
                    )
                    for channel in stream.channels
                ],
            )
            for kind, prefix, values in parts
        ]
