"""Clocks read off their stamps: is it regular, at which rate, where are gaps."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["find_gaps", "regular_rate"]

TOLERANCE = 1e-3  # of a period: how far a stamp of a regular clock may be off
GAP_PERIODS = 4  # a pause of this many median periods is a gap ...
GAP_S = 0.1  # ... unless it is shorter than this
BLOCK = 1 << 15  # stamps checked at a time, so that they stay in the cache


def regular_rate(time_s: ArrayLike) -> float | None:
    """Return the rate of a clock that ticks regularly, else None.

    Regular means that every stamp lies within a thousandth of a period of the
    straight line from the first to the last one, so a slow drift counts too.

    Parameters
    ----------
    time_s : array of shape (n_samples,), in s
        Strictly increasing stamps.

    Returns
    -------
    float or None
        Samples per second; None for an irregular clock or fewer than two stamps.

    Raises
    ------
    ValueError
        If the stamps are not one-dimensional.

    Examples
    --------
    >>> regular_rate(np.arange(1000) / 51.2)
    51.2
    >>> regular_rate([0.0, 0.01, 0.03]) is None
    True
    """
    stamps = as_stamps(time_s)
    if len(stamps) < 2 or not stamps[-1] > stamps[0]:
        return None
    rate_hz = float((len(stamps) - 1) / (stamps[-1] - stamps[0]))
    rounded = round(rate_hz, 6)  # 50.00000000000001 is meant to be 50
    if abs(rounded - rate_hz) <= 1e-9 * rate_hz:
        rate_hz = rounded
    return rate_hz if lies_on_grid(stamps, stamps[0], rate_hz) else None


def find_gaps(time_s: ArrayLike, *, max_gap_s: float | None = None) -> NDArray[np.intp]:
    """Return the pauses of a clock that are too long to be bridged.

    Parameters
    ----------
    time_s : array of shape (n_samples,), in s
        Increasing stamps.
    max_gap_s : float, default=None
        Longest pause that is no gap. None takes four median periods, but at least
        0.1 s (a few packets lost at 100 Hz; 4 s for a GPS of 1 Hz).

    Returns
    -------
    array of int of shape (n_gaps, 2)
        Index of the last sample before each gap and of the first behind it.

    Raises
    ------
    ValueError
        If the stamps are not one-dimensional or max_gap_s is not above 0.

    Examples
    --------
    >>> find_gaps([0.0, 0.02, 0.04, 1.04, 1.06], max_gap_s=0.5).tolist()
    [[2, 3]]
    """
    stamps = as_stamps(time_s)
    if max_gap_s is not None and not max_gap_s > 0:
        raise ValueError(
            f"max_gap_s must be above 0 s, got {max_gap_s!r}; leave it out for four "
            f"median periods."
        )
    if len(stamps) < 2:
        return np.empty((0, 2), dtype=np.intp)
    steps_s = np.diff(stamps)
    if max_gap_s is None:
        max_gap_s = default_gap_s(steps_s)
    # Stamps carry rounding errors; a pause of exactly the limit is still no gap.
    before = np.flatnonzero(steps_s > max_gap_s * (1 + 1e-9))
    return np.stack([before, before + 1], axis=1)


def default_gap_s(steps_s: NDArray[np.float64]) -> float:
    """Return the longest pause that is bridged when nobody says otherwise."""
    # A few ten thousand steps tell the median of millions.
    stride = max(1, len(steps_s) // 50_000)
    return max(GAP_PERIODS * float(np.median(steps_s[::stride])), GAP_S)


def lies_on_grid(stamps: NDArray[np.float64], start_s: float, rate_hz: float) -> bool:
    """Tell whether stamp i is start_s + i / rate_hz within the tolerance."""
    limit_s = TOLERANCE / rate_hz
    ticks = np.arange(min(BLOCK, len(stamps))) / rate_hz
    for first in range(0, len(stamps), BLOCK):
        block = stamps[first : first + BLOCK]
        error = block - ticks[: len(block)]
        error -= start_s + first / rate_hz
        if not (error.max() <= limit_s and error.min() >= -limit_s):
            return False
    return True


def as_stamps(time_s: ArrayLike) -> NDArray[np.float64]:
    """Return the stamps as float64, refusing more than one axis."""
    stamps = np.asarray(time_s, dtype=np.float64)
    if stamps.ndim != 1:
        raise ValueError(
            f"time_s must have shape (n_samples,), got {stamps.shape!r}; pass one "
            f"stamp in seconds per sample."
        )
    return stamps
