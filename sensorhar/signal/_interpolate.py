"""Interpolation of one stretch without gaps at any increasing times."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sensorhar.signal._decimate import refine
from sensorhar.signal.grid import TOLERANCE, lies_on_grid, regular_rate

__all__ = ["interpolate"]

PAUSE_PERIODS = 2.5  # over a longer interval the way is straight
CLUSTER_PERIODS = 0.25  # samples closer than this are one
BLOCK = 1 << 15  # samples interpolated at a time, so that memory stays small
OVERLAP = 48  # a spline forgets a knot by 0.27 a sample: 1e-27 after this many


def interpolate(
    values: NDArray[np.floating],
    stamps: NDArray[np.float64],
    wanted_s: NDArray[np.float64],
    period_s: float,
    refinement: int,
) -> NDArray[np.floating]:
    """Return the values (n_wanted, n_channels) at the wanted times.

    A cubic spline through the samples; through a band-limited refinement of them
    when their clock is regular; samples on the wanted grid are passed on as they are.
    """
    offset = int(np.searchsorted(stamps, wanted_s[0] - TOLERANCE * period_s))
    same = slice(offset, offset + len(wanted_s))
    if len(wanted_s) > 1 and same.stop <= len(stamps):
        rate_hz = (len(wanted_s) - 1) / (wanted_s[-1] - wanted_s[0])
        if lies_on_grid(stamps[same], wanted_s[0], float(rate_hz)):
            return values[same]
    knot_s, knots = _merge_clusters(stamps, values, period_s)
    if len(knot_s) == 1:
        return np.repeat(knots, len(wanted_s), axis=0)
    is_regular = len(knot_s) > 8 and regular_rate(knot_s) is not None
    result = np.empty((len(wanted_s), values.shape[1]), dtype=values.dtype)
    edges = np.arange(0, len(knot_s) - 1, BLOCK)
    splits = np.searchsorted(wanted_s, knot_s[edges[1:]])
    begins = np.concatenate([[0], splits])
    ends = np.concatenate([splits, [len(wanted_s)]])
    for edge, begin, end in zip(edges, begins, ends, strict=True):
        if begin == end:
            continue
        near = slice(max(0, edge - OVERLAP), edge + BLOCK + OVERLAP)
        block_s = np.clip(wanted_s[begin:end], knot_s[0], knot_s[-1])
        block = knots[near].astype(np.float64)
        if is_regular:
            drawn = _regular_spline(block, knot_s[near], block_s, refinement)
        else:
            drawn = _spline(block, knot_s[near], block_s, period_s)
        result[begin:end] = drawn
    return result


def _regular_spline(
    knots: NDArray[np.float64],
    knot_s: NDArray[np.float64],
    wanted_s: NDArray[np.float64],
    refinement: int,
) -> NDArray[np.float64]:
    """Draw a cubic spline through the band-limited refinement of the knots."""
    from scipy.interpolate import CubicSpline

    n_fine = (len(knot_s) - 1) * refinement + 1
    fine_s = np.linspace(knot_s[0], knot_s[-1], n_fine)
    return np.asarray(CubicSpline(fine_s, refine(knots, refinement))(wanted_s))


def _spline(
    knots: NDArray[np.float64],
    knot_s: NDArray[np.float64],
    wanted_s: NDArray[np.float64],
    period_s: float,
) -> NDArray[np.float64]:
    """Draw a cubic spline through irregular knots, but straight over pauses."""
    from scipy.interpolate import CubicSpline

    drawn = np.asarray(CubicSpline(knot_s, knots)(wanted_s))
    # The slopes at the rims of a pause say little about it: a spline would swing out.
    is_pause = np.diff(knot_s) > PAUSE_PERIODS * period_s
    if is_pause.any():
        left = np.searchsorted(knot_s, wanted_s, side="right") - 1
        straight = is_pause[np.clip(left, 0, len(is_pause) - 1)]
        for channel in range(knots.shape[1]):
            drawn[straight, channel] = np.interp(
                wanted_s[straight], knot_s, knots[:, channel]
            )
    return drawn


def _merge_clusters(
    stamps: NDArray[np.float64], values: NDArray[np.floating], period_s: float
) -> tuple[NDArray[np.float64], NDArray[np.floating]]:
    """Average samples that follow one another within a quarter of a period.

    A spline through two noisy samples a tenth of a millisecond apart would take
    their difference for an enormous slope. Chains longer than half a period (the
    fast part of a clock whose rate changed) are averaged in pieces of that length.
    """
    is_near = np.diff(stamps) < CLUSTER_PERIODS * period_s
    if not is_near.any():
        return stamps, values
    chain_begins = np.flatnonzero(~np.concatenate([[False], is_near]))
    lengths = np.diff(chain_begins, append=len(stamps))
    chain_start_s = np.repeat(stamps[chain_begins], lengths)
    piece = np.floor((stamps - chain_start_s) / (period_s / 2))
    is_begin = np.concatenate([[True], ~is_near | (np.diff(piece) > 0)])
    begins = np.flatnonzero(is_begin)
    counts = np.diff(begins, append=len(stamps))
    # Relative to the first stamp, so that sums of Unix times lose no digits.
    merged_s = np.add.reduceat(stamps - stamps[0], begins) / counts + stamps[0]
    merged = np.add.reduceat(values.astype(np.float64), begins) / counts[:, None]
    return merged_s, merged
