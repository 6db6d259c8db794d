"""Times of samples that a device writes in blocks with one stamp each."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["block_times", "is_increasing", "to_ns"]

#: Clocks of loggers are off by up to 3 % of their nominal rate (seen on Axivity); a
#: stamp further off than this share, and two samples, follows lost or no samples.
MAX_SHARE = 0.1
MAX_SAMPLES = 2.0

#: Coarse stamps are averaged over so many blocks. With ticks of 0.5 s and blocks of 6 s
#: (GENEActiv) a tick more or less changes the rate by 0.1 % for ten minutes, rather
#: than by 8 % for 6 s; times stay good to the tick.
N_AVERAGED = 100


def block_times(
    stamps_s: ArrayLike,
    offsets: ArrayLike,
    counts: ArrayLike,
    rate_hz: float,
    *,
    tick_s: float = 0.0,
) -> NDArray[np.float64]:
    """Return the time of each sample from one stamp a block, gaps kept.

    Between two stamps the samples are spread evenly, so that the true rate is found
    from the clock rather than taken from the settings::

        stamp             10.0 s              10.4 s              12.0 s
        samples           |  .  .  .  .  .  . |  .  .  .  .  .    |  .  .
                          one segment, evenly spread        gap, another segment

    ``stamps_s[i]`` is when sample ``offsets[i]`` of block ``i`` was taken, which need
    not lie within the block. ``tick_s`` is what stamps are rounded to, when that is
    coarse.
    """
    stamps = np.asarray(stamps_s, dtype=np.float64)
    sizes = np.asarray(counts, dtype=np.int64)
    first = np.cumsum(sizes) - sizes
    at = first.astype(np.float64) + np.asarray(offsets, dtype=np.float64)
    expected = np.diff(at) / rate_hz
    slack_s = MAX_SAMPLES / rate_hz + tick_s
    allowed = MAX_SHARE * np.abs(expected) + slack_s
    is_off = np.abs(np.diff(stamps) - expected) > allowed
    breaks = np.flatnonzero(is_off | (expected < -slack_s)) + 1
    times = np.empty(int(sizes.sum()))
    for begin, end in zip(
        [0, *breaks.tolist()], [*breaks.tolist(), len(sizes)], strict=True
    ):
        rows = slice(int(first[begin]), int(first[end - 1] + sizes[end - 1]))
        index = np.arange(rows.start, rows.stop)
        anchors: NDArray[np.float64] = at[begin:end]
        known: NDArray[np.float64] = stamps[begin:end]
        # Several blocks may refer to one stamp.
        is_new = np.diff(np.maximum.accumulate(anchors), prepend=-np.inf) > 0
        anchors, known = anchors[is_new], known[is_new]
        if tick_s > 0:
            anchors, known = _averaged(anchors, known)
        times[rows] = _spread(index, anchors, known, rate_hz)
    return times


def to_ns(times_s: NDArray[np.float64], base_ns: int) -> NDArray[np.int64]:
    """Return seconds since a moment as ns; the seconds are overwritten."""
    times_s *= 1e9
    np.rint(times_s, out=times_s)
    whole = times_s.astype(np.int64)
    whole += base_ns
    return whole


def is_increasing(times: NDArray[np.int64]) -> bool:
    """Return whether no time repeats or goes back.

    Such times of ours need no repair, which would take a long gap for a stall.
    """
    return bool((times[1:] > times[:-1]).all())


def _averaged(
    at: NDArray[np.float64], stamps: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return fewer and finer stamps; too few to average keep the first alone."""
    n_parts = len(at) // N_AVERAGED
    if n_parts < 2:
        return at[:1], stamps[:1]
    parts = np.array_split(np.arange(len(at)), n_parts)
    return (
        np.array([at[part].mean() for part in parts]),
        np.array([stamps[part].mean() for part in parts]),
    )


def _spread(
    index: NDArray[np.int64],
    at: NDArray[np.float64],
    stamps: NDArray[np.float64],
    rate_hz: float,
) -> NDArray[np.float64]:
    """Return times of one segment, straight on beyond its first and last stamp."""
    times: NDArray[np.float64] = np.interp(index, at, stamps)
    period = 1 / rate_hz
    if len(at) > 1 and stamps[-1] > stamps[0]:
        period = float((stamps[-1] - stamps[0]) / (at[-1] - at[0]))
    before, after = index < at[0], index > at[-1]
    times[before] = stamps[0] + (index[before] - at[0]) * period
    times[after] = stamps[-1] + (index[after] - at[-1]) * period
    return times
