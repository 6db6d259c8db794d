"""Resampling from any clock to an exactly regular one, without aliasing."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._decimate import decimate, half_length
from sensorhar.signal._inputs import as_float, check_positive
from sensorhar.signal._interpolate import interpolate
from sensorhar.signal.grid import (
    TOLERANCE,
    as_stamps,
    default_gap_s,
    find_gaps,
    lies_on_grid,
)

__all__ = ["resample"]

SAME_RATE = 1.05  # a clock up to this much faster than the grid needs no filter


def resample(
    values: ArrayLike,
    time_s: ArrayLike,
    *,
    rate_hz: float,
    max_gap_s: float | None = None,
    start_s: float | None = None,
    stop_s: float | None = None,
) -> tuple[NDArray[np.floating], NDArray[np.float64], NDArray[np.bool_]]:
    r"""Resample an irregular clock to an exactly regular one.

    The new stamps are :math:`t_i = \mathrm{start\_s} + i / \mathrm{rate\_hz}`,
    computed from i each time, so that no error adds up at rates such as 51.2 Hz.

    ::

        source   |  | |   |  |            |  | |  |     its own clock, one gap
        refined  | | | | | | |            | | | | |     spline, k * rate_hz
        grid     |   |   |   |   x   x   x   |   |      low-pass, every k-th
                                 invalid, NaN

    Each stretch between gaps is worked on by itself. Up to the source's own rate it
    is interpolated by a cubic spline (behind a four-fold band-limited refinement
    when its clock is regular). When the grid is slower, the spline goes to a whole
    multiple k of its rate near the source's rate, and a zero-phase FIR low-pass
    keeps what lies under 0.8 of the new Nyquist frequency and suppresses what lies
    above it by 65 dB. The ends of a stretch are continued by linear prediction.

    Parameters
    ----------
    values : array of shape (n_samples, n_channels) or (n_samples,)
        NaN is a missing value of that channel alone: short ones are bridged like
        short pauses of the clock.
    time_s : array of shape (n_samples,), in s
        Strictly increasing stamps.
    rate_hz : float
        Rate of the grid.
    max_gap_s : float, default=None
        Longest pause that is bridged; None takes four median periods, but at least
        0.1 s. Within a pause of more than two periods the way is straight.
    start_s, stop_s : float, default=None
        First stamp of the grid and the latest there may be; None takes the first and
        the last sample's.

    Returns
    -------
    values : array of shape (n_grid, n_channels) or (n_grid,)
        NaN where unknown. When the clock ticks on the grid already and nothing is
        missing, a **view** of the input, not a copy.
    time_s : array of shape (n_grid,), in s
        The stamps of the grid (for a view the input's own, at most a thousandth of a
        period off it).
    is_valid : array of bool of shape (n_grid,)
        Where every channel is known: within a stretch of samples, not in a gap and
        not before the first or behind the last one.

    Raises
    ------
    ValueError
        If the stamps do not increase, or their number is not that of the samples, or
        values are infinite, or rate_hz or max_gap_s is not above 0.

    Examples
    --------
    >>> time_s = np.arange(400) / 100
    >>> tone = np.sin(2 * np.pi * 2 * time_s)
    >>> slow, slow_time_s, is_valid = resample(tone, time_s, rate_hz=25)
    >>> slow.shape, bool(is_valid.all())
    ((100,), True)
    >>> bool(np.abs(slow - np.sin(2 * np.pi * 2 * slow_time_s)).max() < 0.01)
    True
    """
    array, stamps = _checked(values, time_s)
    rate_hz = check_positive(rate_hz, "rate_hz", "Hz")
    if max_gap_s is not None:
        check_positive(max_gap_s, "max_gap_s", "s")
    if len(stamps) == 0:
        return array, stamps, np.empty(0, dtype=np.bool_)
    start_s = float(stamps[0]) if start_s is None else float(start_s)
    stop_s = float(stamps[-1]) if stop_s is None else float(stop_s)
    if not math.isfinite(stop_s - start_s):
        raise ValueError(
            f"the grid must have finite ends, got {start_s!r} to {stop_s!r} s; drop "
            f"samples without a stamp first."
        )
    n_grid = max(0, math.floor((stop_s - start_s) * rate_hz + TOLERANCE) + 1)
    has_missing = _has_missing(array)

    first = int(np.searchsorted(stamps, start_s - TOLERANCE / rate_hz))
    same = slice(first, first + n_grid)
    if (
        not has_missing
        and first + n_grid <= len(stamps)
        and (max_gap_s is None or max_gap_s >= 1 / rate_hz)
        and lies_on_grid(stamps[same], start_s, rate_hz)
    ):
        return array[same], stamps[same], np.ones(n_grid, dtype=np.bool_)

    _check_increasing(stamps)
    table = array[:, None] if array.ndim == 1 else array
    grid_s = start_s + np.arange(n_grid) / rate_hz
    resampled = np.full((n_grid, table.shape[1]), np.nan, dtype=table.dtype)
    if max_gap_s is None and len(stamps) > 1:
        max_gap_s = default_gap_s(np.diff(stamps))
    is_known = np.isfinite(table) if has_missing else None
    for columns, rows in _alike(is_known, table.shape[1]):
        known = table if rows is None else table[rows]
        known_s = stamps if rows is None else stamps[rows]
        if columns is not None:
            known = known[:, columns]
        part = _resample_known(known, known_s, start_s, n_grid, rate_hz, max_gap_s)
        resampled[:, slice(None) if columns is None else columns] = part
    is_valid = np.logical_not(np.isnan(resampled).any(axis=1))
    return resampled.reshape(n_grid, *array.shape[1:]), grid_s, is_valid


def _resample_known(
    values: NDArray[np.floating],
    stamps: NDArray[np.float64],
    start_s: float,
    n_grid: int,
    rate_hz: float,
    max_gap_s: float | None,
) -> NDArray[np.floating]:
    """Resample channels without missing values, stretch by stretch."""
    resampled = np.full((n_grid, values.shape[1]), np.nan, dtype=values.dtype)
    if len(stamps) == 0:
        return resampled
    gaps = find_gaps(stamps, max_gap_s=max_gap_s)
    begins = np.concatenate([[0], gaps[:, 1]])
    ends = np.concatenate([gaps[:, 0] + 1, [len(stamps)]])
    lasting_s = float((stamps[ends - 1] - stamps[begins]).sum())
    native_hz = (len(stamps) - len(begins)) / lasting_s if lasting_s > 0 else rate_hz
    # How many ticks of the refined clock fall on one of the grid.
    factor = max(1, math.ceil(native_hz / rate_hz - (SAME_RATE - 1)))
    fine_hz = factor * rate_hz
    for begin, end in zip(begins.tolist(), ends.tolist(), strict=True):
        piece_s = stamps[begin:end]
        slack = TOLERANCE * min(1.0, fine_hz / native_hz)
        low = math.ceil((piece_s[0] - start_s) * fine_hz - slack)
        high = math.floor((piece_s[-1] - start_s) * fine_hz + slack) + 1
        margin = half_length(factor)
        # Nothing outside the asked range is worth computing beyond the filter's reach.
        low = max(low, -margin)
        high = min(high, (n_grid - 1) * factor + 1 + margin)
        if low >= high:
            continue
        fine_s = start_s + np.arange(low, high) / fine_hz
        # A low-pass follows where factor > 1: half the refinement does there.
        fine = interpolate(
            values[begin:end], piece_s, fine_s, 1 / native_hz, 4 if factor == 1 else 2
        )
        first_out = max(0, -(-low // factor))
        stop_out = min(n_grid, (high - 1) // factor + 1)
        if stop_out > first_out:
            skip = first_out * factor - low
            resampled[first_out:stop_out] = decimate(
                fine, factor, skip, stop_out - first_out
            )
    return resampled


def _alike(
    is_known: NDArray[np.bool_] | None, n_channels: int
) -> list[tuple[NDArray[np.intp] | None, NDArray[np.bool_] | None]]:
    """Group the channels whose values are missing at the same samples."""
    if is_known is None:
        return [(None, None)]
    groups: dict[bytes, list[int]] = {}
    for channel in range(n_channels):
        groups.setdefault(is_known[:, channel].tobytes(), []).append(channel)
    return [(np.asarray(c), is_known[:, c[0]]) for c in groups.values()]


def _has_missing(array: NDArray[np.floating]) -> bool:
    """Tell whether NaN occurs, refusing infinity."""
    with np.errstate(over="ignore", invalid="ignore"):
        if math.isfinite(float(array.sum())):
            return False
    if np.isinf(array).any():
        raise ValueError(
            f"values must be finite or NaN (missing), got {int(np.isinf(array).sum())} "
            f"infinite ones; replace them by NaN."
        )
    return bool(np.isnan(array).any())


def _checked(
    values: ArrayLike, time_s: ArrayLike
) -> tuple[NDArray[np.floating], NDArray[np.float64]]:
    """Return values and stamps that fit each other."""
    array, stamps = as_float(values), as_stamps(time_s)
    if array.ndim not in (1, 2) or len(array) != len(stamps):
        raise ValueError(
            f"values must have shape (n_samples, n_channels) with one stamp in time_s "
            f"per sample, got values {array.shape!r} and time_s {stamps.shape!r}; cut "
            f"the longer one."
        )
    return array, stamps


def _check_increasing(stamps: NDArray[np.float64]) -> None:
    """Refuse clocks that stand still, run backwards or are unknown."""
    steps_s = np.diff(stamps)
    if len(steps_s) and not steps_s.min() > 0:
        index = int(np.flatnonzero(~(steps_s > 0))[0]) + 1
        raise ValueError(
            f"time_s must increase from sample to sample, got {stamps[index]!r} s at "
            f"index {index} after {stamps[index - 1]!r} s; repair the clock or drop "
            f"the repeated samples first."
        )
