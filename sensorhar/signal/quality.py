"""What is wrong with readings: clipped, stuck, repeated, uneven, stale."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._inputs import as_float, check_positive
from sensorhar.signal.grid import as_stamps, find_gaps
from sensorhar.signal.segments import runs

__all__ = [
    "count_duplicates",
    "find_clipped",
    "find_repeated",
    "find_stale_fixes",
    "find_stuck",
    "jitter_s",
]

#: A reading this close to the limit is at it: scale factors are known no better.
AT_LIMIT = 1e-3

#: Without a known limit, the extreme must pile up: more readings than in the next
#: hundredth of the range (or at the next value), and so many at least.
NEXT_SHARE = 0.01
MIN_PILE = 5

#: A channel with fewer different values has no range that it could leave.
MIN_VALUES = 32


def find_clipped(values: ArrayLike, *, limit: float | None = None) -> NDArray[np.bool_]:
    """Tell which readings lie at the end of the sensor's range.

    ::

        limit  ----.---.-----      a clipped sensor reads its limit again and again,
                  .     .          an unclipped one its largest value once
                 .       .

    Parameters
    ----------
    values : array of shape (n_samples, n_channels)
        Readings; NaN is never clipped.
    limit : float, default=None
        The range ends at plus and minus this. None finds it: an extreme value that
        readings pile up at, more than in the hundredth of the range next to it.

    Returns
    -------
    array of bool of shape (n_samples, n_channels)

    Raises
    ------
    ValueError
        When values have not two axes, or the limit is not above 0.

    Examples
    --------
    >>> wave = 12 * np.sin(np.arange(2000) / 20)
    >>> int(find_clipped(np.clip(wave, -9, 9)[:, None]).sum())
    927
    >>> int(find_clipped(wave[:, None]).sum())
    0
    """
    array = _table(values)
    if limit is not None:
        check_positive(limit, "limit", "in the unit of the values")
        return np.asarray(np.abs(array) >= limit * (1 - AT_LIMIT))
    mask = np.zeros(array.shape, dtype=np.bool_)
    if not len(array):
        return mask
    # A reading told again, on all axes, is no second visit to the extreme.
    is_fresh = ~find_repeated(array) if array.shape[1] > 1 else slice(None)
    for column, at in zip(array.T, mask.T, strict=True):
        low, high = np.fmin.reduce(column), np.fmax.reduce(column)
        if not high > low or not _has_many_values(column):
            continue
        fresh = column[is_fresh]
        inner = fresh[(fresh > low) & (fresh < high)]
        margin = NEXT_SHARE * (high - low)
        for end, near in (
            (low, inner <= max(low + margin, inner.min())),
            (high, inner >= min(high - margin, inner.max())),
        ):
            is_end = fresh == end
            n_end = int(is_end.sum())
            is_pile = n_end >= MIN_PILE and n_end > int(near.sum())
            if is_pile and (is_end[1:] & is_end[:-1]).any():
                at |= column == end
    return mask


def find_stuck(
    values: ArrayLike, time_s: ArrayLike, *, min_s: float = 5.0
) -> list[NDArray[np.float64]]:
    """Return, for each channel, when it repeats one value though others change.

    The noise of a working sensor changes its last digit many times a second, even on
    a table. Time in which all channels stand still is left out: that is a log that
    stopped, see `find_repeated`.

    Parameters
    ----------
    values : array of shape (n_samples, n_channels)
        Readings of one sensor.
    time_s : array of shape (n_samples,), in s
        Increasing stamps.
    min_s : float, default=5.0
        Shorter repetitions are chance.

    Returns
    -------
    list of arrays of shape (n_stretches, 2), in s
        First and last time of each stretch, a list item for each channel.

    Raises
    ------
    ValueError
        When shapes disagree or min_s is not above 0.

    Examples
    --------
    >>> values = np.random.default_rng(0).normal(size=(1000, 3))
    >>> values[200:700, 1] = 0.5
    >>> [stretches.tolist() for stretches in find_stuck(values, np.arange(1000) / 50)]
    [[], [[4.0, 13.98]], []]
    """
    array, stamps = _table(values), as_stamps(time_s)
    _check_length(array, stamps)
    check_positive(min_s, "min_s", "s")
    is_same = array[1:] == array[:-1]
    n_changes = np.concatenate([[0], np.cumsum(~is_same.all(axis=1))])
    found = []
    for column in is_same.T:
        edges = runs(column)
        first, last = edges[:, 0], edges[:, 1]
        long = stamps[last] - stamps[first] >= min_s
        alone = n_changes[last] - n_changes[first] > (last - first) / 2
        chosen = edges[long & alone]
        found.append(stamps[chosen])
    return found


def find_repeated(values: ArrayLike) -> NDArray[np.bool_]:
    """Tell which rows repeat the one before in every channel.

    A sensor asked more often than it measures, or one that has stopped, gives the
    same numbers again.

    Parameters
    ----------
    values : array of shape (n_samples, n_channels)
        Readings of one sensor.

    Returns
    -------
    array of bool of shape (n_samples,)
        False for the first row.

    Raises
    ------
    ValueError
        When values have not two axes.

    Examples
    --------
    >>> find_repeated([[1, 2], [1, 2], [1, 3]]).tolist()
    [False, True, False]
    """
    array = _table(values)
    result = np.zeros(len(array), dtype=np.bool_)
    result[1:] = (array[1:] == array[:-1]).all(axis=1)
    return result


def find_stale_fixes(positions: ArrayLike) -> NDArray[np.bool_]:
    """Tell which fixes repeat the position before to the last digit.

    A receiver's position wanders by centimetres even on a table; the very same numbers
    are an old fix told again, as phones do when they have lost the sky.

    Parameters
    ----------
    positions : array of shape (n_fixes, 2), in degrees
        Latitude and longitude; NaN is no fix.

    Returns
    -------
    array of bool of shape (n_fixes,)
        False for the first fix.

    Raises
    ------
    ValueError
        When positions have not two axes.

    Examples
    --------
    >>> find_stale_fixes([[48.1, 11.5], [48.1, 11.5], [48.1001, 11.5]]).tolist()
    [False, True, False]
    """
    return find_repeated(_table(positions, "positions"))


def jitter_s(time_s: ArrayLike) -> tuple[float, float]:
    """Return how uneven a clock is: median and 99th percentile, in s.

    Jitter is how far a step between samples is off the median step; gaps are left out.

    Parameters
    ----------
    time_s : array of shape (n_samples,), in s
        Stamps in order.

    Returns
    -------
    p50_s, p99_s : float, in s
        NaN for fewer than two stamps.

    Raises
    ------
    ValueError
        When the stamps have more than one axis.

    Examples
    --------
    >>> jitter_s([0.0, 0.01, 0.02, 0.03, 0.045])[0]
    0.0
    """
    stamps = as_stamps(time_s)
    if len(stamps) < 2:
        return float("nan"), float("nan")
    steps = np.diff(stamps)
    off = np.abs(steps - np.median(steps))
    off = np.delete(off, find_gaps(stamps)[:, 0])
    if not len(off):
        return float("nan"), float("nan")
    p50, p99 = np.percentile(off, [50, 99])
    # Stamps are float64 of hours: below a nanosecond all is rounding.
    return round(float(p50), 9), round(float(p99), 9)


def count_duplicates(time_s: ArrayLike) -> int:
    """Return how many stamps equal the one before.

    Parameters
    ----------
    time_s : array of shape (n_samples,), in s
        Raw stamps, before any repair.

    Returns
    -------
    int
        0 when each sample has a time of its own.

    Raises
    ------
    ValueError
        When the stamps have more than one axis.

    Examples
    --------
    >>> count_duplicates([0.0, 0.01, 0.01, 0.01, 0.02])
    2
    """
    return int((np.diff(as_stamps(time_s)) == 0).sum())


def _table(values: ArrayLike, name: str = "values") -> NDArray[np.floating]:
    array = as_float(values, name)
    if array.ndim != 2:
        raise ValueError(
            f"{name} must have shape (n_samples, n_channels), got {array.shape!r}; "
            "add an axis with values[:, None]."
        )
    return array


def _check_length(array: NDArray[np.floating], stamps: NDArray[np.float64]) -> None:
    if len(array) != len(stamps):
        raise ValueError(
            f"values and time_s must have one length, got {len(array)} and "
            f"{len(stamps)}; pass those of one stream."
        )


def _has_many_values(column: NDArray[np.floating]) -> bool:
    """Tell whether a sample of the column has enough different values."""
    stride = max(1, len(column) // 10_000)
    return len(np.unique(column[::stride])) >= MIN_VALUES
