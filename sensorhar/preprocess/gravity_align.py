"""Vertical and horizontal acceleration, which no mount of the sensor changes."""

from dataclasses import dataclass

from sensorhar.data.channel import Channel
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.preprocess._step import Step, map_runs
from sensorhar.signal.orientation import align_to_gravity

__all__ = ["GravityAlign"]


@dataclass(frozen=True)
class GravityAlign(Step):
    """Add ``acc_vertical`` and ``acc_horizontal`` beside each accelerometer.

    Both are without gravity and do not change when the sensor is turned in its
    pocket; see :func:`sensorhar.signal.orientation.align_to_gravity`.

    Parameters
    ----------
    cutoff_hz : float, default=0.3
        What is slower counts as gravity.
    causal : bool, default=False
        Use no later sample.

    Raises
    ------
    ValueError
        When no accelerometer includes gravity, or a clock is irregular.

    Examples
    --------
    >>> import sensorhar as sh
    >>> (recording,) = sh.simulate_recordings(1, sensors=["accelerometer"])
    >>> GravityAlign()(sh.preprocess.Align(rate_hz=25)(recording)).channel_names
    ('acc_x', 'acc_y', 'acc_z', 'acc_vertical', 'acc_horizontal')
    """

    cutoff_hz: float = 0.3
    causal: bool = False

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample."""
        return self.causal

    def __call__(self, recording: Recording) -> Recording:
        """Return the recording with the channels added."""
        added = [
            self._align(stream)
            for stream in recording.streams
            if stream.kind == "accelerometer"
            and stream.n_channels == 3
            and stream.channels[0].has_gravity
        ]
        if not added:
            raise ValueError(
                "GravityAlign needs an accelerometer with gravity; recording "
                f"{recording.name!r} has {', '.join(recording.channel_names)}."
            )
        return recording.with_streams([*recording.streams, *added])

    def _align(self, stream: Stream) -> Stream:
        values = map_runs(
            stream,
            lambda run: align_to_gravity(
                run,
                rate_hz=stream.rate_hz,
                cutoff_hz=self.cutoff_hz,
                causal=self.causal,
            ),
            "GravityAlign",
        )
        stem = stream.channel_names[0].removesuffix("x")
        return stream.with_values(
            values.astype(stream.values.dtype),
            [
                Channel(stem + name, "m/s^2", place=stream.place)
                for name in ("vertical", "horizontal")
            ],
        )
