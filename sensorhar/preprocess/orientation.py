"""The orientation of a sensor from its accelerometer, gyroscope and magnetometer."""

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.channel import Channel
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.preprocess._step import Step, map_runs
from sensorhar.signal.orientation import estimate_orientation
from sensorhar.signal.quaternion import quaternion_rotate

__all__ = ["Orientation"]

NAMES = ("quat_w", "quat_x", "quat_y", "quat_z")


@dataclass(frozen=True)
class Orientation(Step):
    """Add the orientation as a quaternion, with tilt and heading.

    ``quat_w`` to ``quat_z`` turn the sensor's axes into east, north, up.
    ``tilt_rad`` is the angle of its z axis from up, ``heading_rad`` where its y axis
    (the top of a phone) points, clockwise from magnetic north, in [0, 2 pi). Needs
    the sensors on one clock: put :class:`Align` before it, not after, for a heading
    that leaps from 2 pi to 0 cannot be interpolated.

    Parameters
    ----------
    method : {"mahony", "vqf"}, default="mahony"
        See :func:`sensorhar.signal.orientation.estimate_orientation`.
    magnetometer : bool, default=True
        Whether a magnetometer is used. Without one, heading and the turn about up
        start anywhere and drift.
    gain : float, default=0.3
        Of the Mahony filter, in 1/s.

    Raises
    ------
    ValueError
        When a sensor is missing or not on the clock of the accelerometer, or that is
        irregular.
    MissingPackageError
        When VQF is asked for and not installed.

    Examples
    --------
    >>> import sensorhar as sh
    >>> (recording,) = sh.simulate_recordings(1, random_state=0)
    >>> aligned = sh.preprocess.Align(rate_hz=50)(recording)
    >>> Orientation()(aligned).channel_names[-2:]
    ('tilt_rad', 'heading_rad')
    """

    method: Literal["mahony", "vqf"] = "mahony"
    magnetometer: bool = True
    gain: float = 0.3

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample."""
        return True

    def __call__(self, recording: Recording) -> Recording:
        """Return the recording with the orientation added."""
        wanted = ["accelerometer", "gyroscope"]
        if self.magnetometer:
            wanted.append("magnetometer")
        streams = [_sensor(recording, kind) for kind in wanted]
        acc = streams[0]
        for stream in streams[1:]:
            if not np.array_equal(stream.time_s, acc.time_s):
                raise ValueError(
                    f"Orientation needs {stream.channel_names[0]!r} on the clock of "
                    f"{acc.channel_names[0]!r}; they differ in recording "
                    f"{recording.name!r}. Put Align(rate_hz=...) before it."
                )
        # One table, so that runs between gaps are cut alike in all sensors.
        table = Stream(
            np.concatenate([stream.values for stream in streams], axis=1),
            acc.time_s,
            [channel for stream in streams for channel in stream.channels],
            rate_hz=acc.rate_hz,
        )
        quaternion = map_runs(
            table, lambda run: self._estimate(run, acc.rate_hz), "Orientation"
        )
        up = quaternion_rotate(quaternion, [0.0, 0.0, 1.0])
        ahead = quaternion_rotate(quaternion, [0.0, 1.0, 0.0])
        tilt = np.arctan2(np.hypot(up[:, 0], up[:, 1]), up[:, 2])
        heading = np.mod(np.arctan2(ahead[:, 0], ahead[:, 1]), 2 * np.pi)
        stem = acc.channel_names[0].removesuffix("acc_x")
        place = acc.place
        return recording.with_streams(
            [
                *recording.streams,
                acc.with_values(
                    quaternion,
                    [Channel(stem + n, "1", "orientation", place) for n in NAMES],
                ),
                acc.with_values(
                    np.stack([tilt, heading], axis=1),
                    [
                        Channel(stem + n, "rad", place=place)
                        for n in ("tilt_rad", "heading_rad")
                    ],
                ),
            ]
        )

    def _estimate(self, run: NDArray[Any], rate_hz: float) -> NDArray[np.float64]:
        mag = run[:, 6:9] if self.magnetometer else None
        return estimate_orientation(
            run[:, :3],
            run[:, 3:6],
            mag,
            rate_hz=rate_hz,
            method=self.method,
            gain=self.gain,
        )


def _sensor(recording: Recording, kind: str) -> Stream:
    """Return the first stream of a kind; an accelerometer must feel gravity."""
    for stream in recording.streams:
        is_lacking = kind == "accelerometer" and not stream.channels[0].has_gravity
        if stream.kind == kind and stream.n_channels == 3 and not is_lacking:
            return stream
    lacking = " Pass magnetometer=False to go without." * (kind == "magnetometer")
    with_gravity = " with gravity" * (kind == "accelerometer")
    raise ValueError(
        f"Orientation needs a three-axis {kind}{with_gravity}; recording "
        f"{recording.name!r} has {', '.join(recording.channel_names)}.{lacking}"
    )
