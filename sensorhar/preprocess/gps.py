"""GPS streams as steps: bad fixes out, and motion instead of places."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_positive
from sensorhar.data.channel import Channel
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.preprocess._step import Step
from sensorhar.signal.fixes import find_bad_fixes
from sensorhar.signal.geo import (
    acceleration_mps2,
    bearing_deg,
    climb_mps,
    speed_mps,
    wrap_deg,
)

__all__ = ["CleanGps", "GpsMotion"]

#: Slower than this a receiver's bearing is noise: an error of speed of 0.1 to 0.3 m/s
#: across the way turns it by 6 to 17 degrees at 1 m/s.
MOVING_MPS = 1.0

Column = NDArray[np.float64]


@dataclass(frozen=True)
class CleanGps(Step):
    """Leave out the fixes that cannot be true; the clock then has holes.

    See :func:`sensorhar.signal.fixes.find_bad_fixes` for what is looked at: stated
    accuracy, stale repeats, places that cannot be reached, a first fix from the cache
    among them, and jumps aside.

    Parameters
    ----------
    max_accuracy_m : float, default=50
        Fixes that state a worse accuracy are left out.
    max_speed_mps : float, default=100
        Beyond any vehicle but aeroplanes.
    max_acceleration_mps2 : float, default=10
        Beyond any vehicle.

    Raises
    ------
    ValueError
        When there is no GPS stream, or no fix of it is good.

    Examples
    --------
    >>> import sensorhar as sh
    >>> fixes = np.full((4, 6), np.nan)
    >>> fixes[:, 0], fixes[:, 1] = [47, 47.5, 47, 47], 8  # 55 km there and back
    >>> gps = sh.Stream.of_sensor("gps", fixes, np.arange(4.0))
    >>> CleanGps()(sh.Recording([gps])).streams[0].time_s
    array([0., 2., 3.])
    """

    max_accuracy_m: float = 50.0
    max_speed_mps: float = 100.0
    max_acceleration_mps2: float = 10.0

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample.

        The fixes that follow tell which of two places is true.
        """
        return False

    def __call__(self, recording: Recording) -> Recording:
        """Return the recording without bad fixes."""
        return _map_gps(recording, self._clean, "CleanGps")

    def _clean(self, stream: Stream) -> list[Stream]:
        column = _columns(stream)
        fault = find_bad_fixes(
            column["lat_deg"],
            column["lon_deg"],
            stream.time_s,
            speed_mps=column.get("speed_mps"),
            accuracy_m=column.get("accuracy_m"),
            max_accuracy_m=self.max_accuracy_m,
            max_speed_mps=self.max_speed_mps,
            max_acceleration_mps2=self.max_acceleration_mps2,
        )
        is_good = fault == ""
        if not is_good.any():
            names, counts = np.unique(fault, return_counts=True)
            found = ", ".join(
                f"{n} {what}" for what, n in zip(names, counts, strict=True)
            )
            raise ValueError(
                f"CleanGps must leave at least one fix; all {len(fault)} are bad "
                f"({found}). Leave the GPS out, or allow more, for example "
                f"max_accuracy_m={2 * self.max_accuracy_m:g}."
            )
        if is_good.all():
            return [stream]
        return [
            Stream(
                stream.values[is_good],
                stream.time_s[is_good],
                stream.channels,
                rate_hz=stream.rate_hz or None,
            )
        ]


@dataclass(frozen=True)
class GpsMotion(Step):
    """Replace GPS positions by how one moves, on the clock of the fixes.

    ::

        lat_deg lon_deg alt_m           speed_mps accel_mps2 turn_radps
        speed_mps bearing_deg     ->    climb_mps is_stopped
        accuracy_m

    ``speed_mps`` is what the receiver reports (by Doppler, far better than from
    positions), and where it reports none the speed since the fix before.
    ``accel_mps2`` is its change per second, ``turn_radps`` the change of bearing the
    short way round, clockwise positive and 0 while slower than 1 m/s, ``climb_mps``
    the climb over the last seconds, left out when no height is known, and
    ``is_stopped`` 1 where slower than a limit, else 0. Changes are 0 at the first
    fix; a fix whose speed is unknown is left out.

    Places go by default: a classifier that sees them learns where people live. Put
    :class:`CleanGps` before this step, or each bad fix becomes a leap.

    Parameters
    ----------
    stop_speed_mps : float, default=0.5
        Slower is stopped.
    climb_s : float, default=10
        Over how long the climb is measured.
    keep_position : bool, default=False
        Whether ``lat_deg`` and ``lon_deg`` stay, as a stream of their own.

    Raises
    ------
    ValueError
        When there is no GPS stream, or fewer than two fixes.

    Examples
    --------
    >>> import sensorhar as sh
    >>> (recording,) = sh.simulate_recordings(1, sensors=["gps"], random_state=0)
    >>> GpsMotion()(recording).channel_names
    ('speed_mps', 'accel_mps2', 'turn_radps', 'climb_mps', 'is_stopped')
    """

    stop_speed_mps: float = 0.5
    climb_s: float = 10.0
    keep_position: bool = False

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample."""
        return True

    def __call__(self, recording: Recording) -> Recording:
        """Return the recording with motion instead of places."""
        check_positive(self.stop_speed_mps, "stop_speed_mps", "m/s")
        return _map_gps(recording, self._motion, "GpsMotion")

    def _motion(self, stream: Stream) -> list[Stream]:
        column, times = _columns(stream), stream.time_s
        speed = _speed(column, times)
        is_known = ~np.isnan(speed)
        if stream.n_samples < 2 or not is_known.any():
            raise ValueError(
                "GpsMotion needs at least two fixes to tell a speed; stream "
                f"{stream.channel_names[0]!r} has {stream.n_samples}. Leave the GPS "
                "of this recording out."
            )
        times = times[is_known]
        column = {name: values[is_known] for name, values in column.items()}
        speed = speed[is_known]
        found = {
            "speed_mps": ("m/s", speed),
            "accel_mps2": ("m/s^2", acceleration_mps2(speed, times)),
            "turn_radps": ("rad/s", _turn_radps(column, speed, times)),
        }
        alt = column.get("alt_m")
        if alt is not None and not np.isnan(alt).all():
            found["climb_mps"] = ("m/s", climb_mps(alt, times, span_s=self.climb_s))
        found["is_stopped"] = ("1", (speed < self.stop_speed_mps).astype(np.float64))
        prefix = _prefix(stream)
        motion = Stream(
            np.stack([np.nan_to_num(values) for _, values in found.values()], axis=1),
            times,
            [
                Channel(prefix + name, unit, place=stream.place)
                for name, (unit, _) in found.items()
            ],
            rate_hz=stream.rate_hz or None,
        )
        if not self.keep_position:
            return [motion]
        where = [stream.channel_names.index(prefix + n) for n in ("lat_deg", "lon_deg")]
        return [
            stream.with_values(
                stream.values[:, where], [stream.channels[i] for i in where]
            ),
            motion,
        ]


def _map_gps(
    recording: Recording, function: Callable[[Stream], list[Stream]], name: str
) -> Recording:
    """Replace each GPS stream by others."""
    streams: list[Stream] = []
    is_found = False
    for stream in recording.streams:
        is_gps = stream.kind == "gps" and _prefix(stream) is not None
        is_found |= is_gps
        streams.extend(function(stream) if is_gps else [stream])
    if not is_found:
        raise ValueError(
            f"{name} needs a GPS stream with lat_deg and lon_deg; recording "
            f"{recording.name!r} has {', '.join(recording.channel_names)}."
        )
    return recording.with_streams(streams)


def _prefix(stream: Stream) -> Any:
    """Return what stands before ``lat_deg``, None when that is not there."""
    for name in stream.channel_names:
        if name.endswith("lat_deg"):
            return name.removesuffix("lat_deg")
    return None


def _columns(stream: Stream) -> dict[str, Column]:
    """Return the columns by their names without a place; "unknown" becomes NaN."""
    prefix = _prefix(stream)
    column = {
        name.removeprefix(prefix): stream.values[:, i].astype(np.float64)
        for i, name in enumerate(stream.channel_names)
    }
    for name in ("speed_mps", "bearing_deg"):
        if name in column:  # iPhones write -1 for unknown
            column[name][column[name] < 0] = np.nan
    return column


def _speed(column: dict[str, Column], times: Column) -> Column:
    """Return the reported speed, or that between positions where none is reported."""
    reported = column.get("speed_mps", np.full(len(times), np.nan))
    if not np.isnan(reported).any():
        return reported
    between = speed_mps(column["lat_deg"], column["lon_deg"], times)
    return np.where(np.isnan(reported), between, reported)


def _turn_radps(column: dict[str, Column], speed: Column, times: Column) -> Column:
    """Return the change of bearing; a bearing that means nothing is held."""
    bearing = column.get("bearing_deg", np.full(len(times), np.nan))
    if np.isnan(bearing).all():
        lat, lon = column["lat_deg"], column["lon_deg"]
        bearing = np.full(len(times), np.nan)
        bearing[1:] = bearing_deg(lat[:-1], lon[:-1], lat[1:], lon[1:])
    is_telling = ~np.isnan(bearing) & (speed >= MOVING_MPS)
    last = np.maximum.accumulate(np.where(is_telling, np.arange(len(times)), -1))
    held = np.where(last >= 0, bearing[last], np.nan)
    turn = np.zeros(len(times))
    turn[1:] = np.deg2rad(wrap_deg(np.diff(held))) / np.diff(times)
    return turn
