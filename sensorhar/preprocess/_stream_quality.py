"""Measure the quality of one stream."""

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.signal._blocks import block_statistics
from sensorhar.signal.gravity import magnitude
from sensorhar.signal.grid import find_gaps
from sensorhar.signal.non_wear import find_non_wear
from sensorhar.signal.quality import (
    count_duplicates,
    find_clipped,
    find_repeated,
    find_stale_fixes,
    find_stuck,
    jitter_s,
)
from sensorhar.signal.segments import runs

__all__ = ["MOTION", "StreamQuality", "measure_stream"]

#: Sensors that should give new numbers with each sample.
MOTION = ("accelerometer", "linear_acceleration", "gyroscope", "magnetometer")

#: Sensors whose size tells whether the unit is right.
SIZED = (*MOTION, "gravity")

#: Where the size of an accelerometer with gravity lies most of the time, in m/s^2.
GRAVITY_MPS2 = (8.0, 12.0)

#: Below these spreads over a second (0.1 m/s^2, 0.03 rad/s, 1 uT) a device rests, and
#: coarse readings may well repeat themselves; below the first one it weighs 1 g.
REST = {"gyroscope": 0.03, "magnetometer": 1.0}
REST_MPS2 = 0.1

#: So many s of movement tell whether readings repeat.
ENOUGH_S = 10.0

#: All axes standing still for so long is a log that stopped.
FROZEN_S = 5.0

#: A fix this much older than the first movement is from somewhere else.
EARLY_S = 2.0


@dataclass(frozen=True)
class StreamQuality:
    """What was measured on one stream.

    Attributes
    ----------
    kind, place : str
        Sensor and place on the body.
    channels, units : tuple of str
        Its columns.
    has_gravity : bool or None
        As the channels say.
    n_samples : int
        Rows.
    rate_hz, measured_rate_hz : float
        Nominal rate, and samples per second outside gaps.
    is_regular : bool
        Whether the clock is a regular grid.
    start_s, duration_s : float, in s
        When, and how long.
    jitter_p50_s, jitter_p99_s : float, in s
        How far steps between samples are off the usual one.
    n_duplicates : int
        Stamps equal to the one before, in the file where that is known.
    n_gaps : int
        Pauses of more than four periods and 0.1 s.
    gap_s, longest_gap_s : float, in s
        All gaps together, and the longest.
    n_missing : int
        Rows with NaN; of a GPS those without a position.
    median_magnitude, gravity_share, rest_magnitude : float or None
        Of three-axis sensors, in their unit: median size; share of readings between 8
        and 12 m/s^2 and median size at rest, both with gravity only.
    clipped_shares : tuple of float
        Share of readings at the end of the range, for each channel.
    stuck_s : tuple of float, in s
        How long each channel stood still while others changed.
    frozen_s : float, in s
        How long all of them stood still.
    repeated_share : float
        Share of rows that repeat the one before while the body moves.
    non_wear_s : float, in s
        How long an accelerometer lay still for an hour or more.
    n_stale, n_early : int
        GPS fixes that repeat the last one, or are older than the recording.
    raw_clock : dict or None
        What was wrong with the clock in the file, if it was repaired.
    """

    kind: str
    place: str
    channels: tuple[str, ...]
    units: tuple[str, ...]
    has_gravity: bool | None
    n_samples: int
    rate_hz: float
    measured_rate_hz: float
    is_regular: bool
    start_s: float
    duration_s: float
    jitter_p50_s: float
    jitter_p99_s: float
    n_duplicates: int
    n_gaps: int
    gap_s: float
    longest_gap_s: float
    n_missing: int
    median_magnitude: float | None
    gravity_share: float | None
    rest_magnitude: float | None
    clipped_shares: tuple[float, ...]
    stuck_s: tuple[float, ...]
    frozen_s: float
    repeated_share: float
    non_wear_s: float
    n_stale: int
    n_early: int
    raw_clock: dict[str, Any] | None

    @property
    def title(self) -> str:
        """The sensor, where it is, and whether gravity was taken out."""
        place = f" at {self.place}" if self.place else ""
        without = " without gravity" if self.has_gravity is False else ""
        return f"{self.kind.replace('_', ' ')}{place}{without}"


def measure_stream(stream: Stream, recording: Recording) -> StreamQuality:
    """Return what can be measured on a stream of the recording."""
    n_channels = stream.n_channels
    gaps = find_gaps(stream.time_s)
    gap_s = stream.time_s[gaps[:, 1]] - stream.time_s[gaps[:, 0]]
    p50_s, p99_s = jitter_s(stream.time_s)
    # A fix may lack speed or accuracy, and is a fix nevertheless.
    needed = _positions(stream) or list(range(n_channels))
    is_lost = np.isnan(stream.values[:, needed]).any(axis=1)
    raw_clock = _raw_clock(stream, recording)
    is_motion = stream.kind in MOTION
    clipped = stuck = (0.0,) * n_channels
    frozen_s = repeated = 0.0
    if is_motion:
        # The Earth's field fills no magnetometer's range, but coarse steps look so.
        if stream.kind != "magnetometer":
            clipped = tuple(find_clipped(stream.values).mean(axis=0).tolist())
        stuck = tuple(
            float(np.diff(stretches, axis=1).sum())
            for stretches in find_stuck(stream.values, stream.time_s)
        )
        frozen_s, repeated = _repetition(stream)
    non_wear_s = 0.0
    if stream.kind == "accelerometer" and n_channels == 3:
        non_wear_s = float(
            np.diff(find_non_wear(stream.values, stream.time_s), axis=1).sum()
        )
    median, share, at_rest = _sizes(stream, is_lost)
    n_stale, n_early = _fixes(stream, recording)
    return StreamQuality(
        kind=stream.kind,
        place=stream.place,
        channels=stream.channel_names,
        units=tuple(channel.unit for channel in stream.channels),
        has_gravity=stream.channels[0].has_gravity,
        n_samples=stream.n_samples,
        rate_hz=stream.rate_hz,
        measured_rate_hz=_measured_rate(stream, gap_s),
        is_regular=stream.is_regular,
        start_s=stream.start_s,
        duration_s=stream.duration_s,
        jitter_p50_s=p50_s,
        jitter_p99_s=p99_s,
        n_duplicates=int((raw_clock or {}).get("n_repeats", 0))
        or count_duplicates(stream.time_s),
        n_gaps=len(gaps),
        gap_s=float(gap_s.sum()),
        longest_gap_s=float(gap_s.max(initial=0.0)),
        n_missing=int(is_lost.sum()),
        median_magnitude=median,
        gravity_share=share,
        rest_magnitude=at_rest,
        clipped_shares=clipped,
        stuck_s=stuck,
        frozen_s=frozen_s,
        repeated_share=repeated,
        non_wear_s=non_wear_s,
        n_stale=n_stale,
        n_early=n_early,
        raw_clock=raw_clock,
    )


def _raw_clock(stream: Stream, recording: Recording) -> dict[str, Any] | None:
    """Return the report that ``read`` left of a clock it repaired."""
    text = recording.metadata.get(f"clock {stream.channel_names[0]}")
    if not isinstance(text, str):
        return None
    try:
        found = json.loads(text)
    except json.JSONDecodeError:
        return None  # somebody else's note under that name
    return found if isinstance(found, dict) else None


def _measured_rate(stream: Stream, gap_s: NDArray[np.float64]) -> float:
    lasting_s = stream.duration_s - float(gap_s.sum())
    n_steps = stream.n_samples - 1 - len(gap_s)
    return n_steps / lasting_s if lasting_s > 0 and n_steps > 0 else 0.0


def _sizes(
    stream: Stream, is_lost: NDArray[np.bool_]
) -> tuple[float | None, float | None, float | None]:
    """Return the median size, the share near gravity, and the size at rest."""
    if stream.kind not in SIZED or stream.n_channels != 3 or is_lost.all():
        return None, None, None
    size = magnitude(stream.values)[~is_lost]
    median = float(np.median(size))
    if stream.kind != "accelerometer" or not stream.channels[0].has_gravity:
        return median, None, None
    low, high = GRAVITY_MPS2
    share = float(((size >= low) & (size <= high)).mean())
    blocks = block_statistics(stream.values, stream.time_s, length_s=2.0)
    is_rest = blocks.is_full & (blocks.sd < REST_MPS2).all(axis=1)
    if not is_rest.any():
        return median, share, None
    return median, share, float(np.median(magnitude(blocks.mean[is_rest])))


def _repetition(stream: Stream) -> tuple[float, float]:
    """Return for how long all stood still, and the share of repeats in movement."""
    is_same = find_repeated(stream.values)
    edges = runs(is_same)
    # The row before the first repeat has the value as well.
    lasting_s = stream.time_s[edges[:, 1] - 1] - stream.time_s[edges[:, 0] - 1]
    frozen_s = float(lasting_s[lasting_s >= FROZEN_S].sum())
    blocks = block_statistics(stream.values, stream.time_s, length_s=1.0)
    limit = REST.get(stream.kind, REST_MPS2)
    with np.errstate(invalid="ignore"):
        is_moving = blocks.is_full & (blocks.sd > limit).any(axis=1)
    if is_moving.sum() < ENOUGH_S:
        return frozen_s, 0.0
    block = np.searchsorted(blocks.start_s, stream.time_s, side="right") - 1
    return frozen_s, float(is_same[is_moving[np.maximum(block, 0)]].mean())


def _fixes(stream: Stream, recording: Recording) -> tuple[int, int]:
    """Return how many fixes repeat the last one, and how many come too early."""
    columns = _positions(stream)
    if not columns:
        return 0, 0
    n_stale = int(find_stale_fixes(stream.values[:, columns]).sum())
    starts = [s.start_s for s in recording.streams if s.kind in MOTION]
    first_s = min(starts) - EARLY_S if starts else -np.inf
    return n_stale, int((stream.time_s < first_s).sum())


def _positions(stream: Stream) -> list[int]:
    """Return the columns of latitude and longitude; none for other sensors."""
    ends = ("lat_deg", "lon_deg")
    names = stream.channel_names if stream.kind == "gps" else ()
    return [i for i, name in enumerate(names) if name.endswith(ends)]
