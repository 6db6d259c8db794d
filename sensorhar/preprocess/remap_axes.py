"""Name the axes of a sensor anew, when it was worn or read the other way round."""

import re
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.preprocess._step import Step

__all__ = ["RemapAxes"]

_AXIS = re.compile(r"-?[xyz]")


@dataclass(frozen=True)
class RemapAxes(Step):
    """Swap and flip the axes of three-axis sensors, exactly.

    Parameters
    ----------
    axes : tuple of str
        What the new x, y and z are, such as ``("y", "-x", "z")`` for a device turned by
        a quarter, or ``("-x", "-y", "-z")`` for acceleration as iOS gives it.
    kinds : tuple of str or None, default=None
        Sensor kinds to change. None changes all with three axes.
    place : str or None, default=None
        Place whose sensors to change. None changes all.

    Raises
    ------
    ValueError
        When an axis is missing or unknown, no sensor is there to change, or a
        gyroscope or magnetometer would be mirrored, which no way of wearing does.

    Notes
    -----
    iOS counts acceleration and gravity the other way round than Android on all three
    axes; both gyroscopes agree. So this is ``RemapAxes(("-x", "-y", "-z"),
    kinds=("accelerometer", "linear_acceleration", "gravity"))``.

    Examples
    --------
    >>> import sensorhar as sh
    >>> (recording,) = sh.simulate_recordings(1, random_state=0)
    >>> turned = RemapAxes(axes=("y", "-x", "z"))(recording)
    >>> bool((turned.channel("acc_y")[1] == -recording.channel("acc_x")[1]).all())
    True
    """

    axes: tuple[str, str, str]
    kinds: tuple[str, ...] | None = None
    place: str | None = None

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample."""
        return True

    def __call__(self, recording: Recording) -> Recording:
        """Return the recording with its axes named anew."""
        axes = tuple(self.axes)
        order = ["xyz".find(str(axis)[-1:]) for axis in axes]
        if sorted(order) != [0, 1, 2] or not all(_AXIS.fullmatch(a) for a in axes):
            raise ValueError(
                "axes must name x, y and z once each, with - before those to flip, "
                f"such as ('y', '-x', 'z'); got {axes!r}."
            )
        signs = np.array([-1.0 if axis.startswith("-") else 1.0 for axis in axes])
        is_mirror = np.linalg.det(np.eye(3)[order] * signs[:, None]) < 0
        changed = 0
        streams = []
        for stream in recording.streams:
            if not self._is_meant(stream):
                streams.append(stream)
                continue
            if is_mirror and stream.kind in ("gyroscope", "magnetometer"):
                raise ValueError(
                    f"axes {axes!r} mirror the {stream.kind} of recording "
                    f"{recording.name!r}, which no way of wearing it does. Pass "
                    'kinds=("accelerometer",) if only its sign convention differs.'
                )
            streams.append(stream.with_values(_turned(stream.values, order, signs)))
            changed += 1
        if not changed:
            raise ValueError(
                f"RemapAxes must find a three-axis sensor of kinds {self.kinds!r} at "
                f"place {self.place!r}; recording {recording.name!r} has "
                f"{', '.join(recording.channel_names)}."
            )
        return recording.with_streams(streams)

    def _is_meant(self, stream: Stream) -> bool:
        """Whether a stream is one sensor of three axes that was asked for."""
        ends = [name[-2:] for name in stream.channel_names]
        return (
            ends == ["_x", "_y", "_z"]
            and (self.kinds is None or stream.kind in self.kinds)
            and (self.place is None or stream.place == self.place)
        )


def _turned(
    values: NDArray[np.floating], order: list[int], signs: NDArray[np.float64]
) -> NDArray[np.floating]:
    turned: NDArray[np.floating] = values[:, order] * signs.astype(values.dtype)
    return turned
