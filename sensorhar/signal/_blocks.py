"""Mean, spread and extremes of a signal in blocks of equal duration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._inputs import as_float, check_positive
from sensorhar.signal.grid import as_stamps

__all__ = ["Blocks", "block_statistics", "typical_step_s"]

#: Samples looked at together, so that a week at 100 Hz needs no copy of itself.
CHUNK = 1 << 20

#: A block with fewer of its samples than this share says little about its duration.
FULL_SHARE = 0.8


@dataclass(frozen=True)
class Blocks:
    """What is left of a signal when each block becomes one row.

    Attributes
    ----------
    start_s : array of shape (n_blocks,), in s
        Where each block begins; block i+1 begins where block i ends.
    n_samples : array of int of shape (n_blocks,)
        Samples without NaN; 0 in a gap.
    is_full : array of bool of shape (n_blocks,)
        Whether most of the samples that the rate promises are there.
    mean, sd, low, high : array of shape (n_blocks, n_channels)
        NaN in a block without samples.
    """

    start_s: NDArray[np.float64]
    n_samples: NDArray[np.intp]
    is_full: NDArray[np.bool_]
    mean: NDArray[np.float64]
    sd: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]


def block_statistics(
    values: ArrayLike, time_s: ArrayLike, *, length_s: float
) -> Blocks:
    """Return the statistics of blocks that begin at the first sample.

    Raises
    ------
    ValueError
        When shapes disagree or the length is not above 0.
    """
    array, stamps = as_float(values), as_stamps(time_s)
    if array.ndim != 2 or len(array) != len(stamps):
        raise ValueError(
            f"values must have shape (n_samples, n_channels) with one of {len(stamps)} "
            f"stamps a row, got {array.shape!r}; pass values and time_s of one stream."
        )
    check_positive(length_s, "length_s", "s")
    if not len(stamps):
        empty = np.empty((0, array.shape[1]))
        none = np.empty(0)
        return Blocks(none, none.astype(np.intp), none > 0, empty, empty, empty, empty)
    step_s = typical_step_s(stamps)
    span_s = stamps[-1] - stamps[0] + step_s
    # The last block may be short; a rounding error must not make one of it.
    n_blocks = max(1, int(np.ceil(span_s / length_s - 1e-6)))
    start_s = stamps[0] + length_s * np.arange(n_blocks)
    # A stamp that rounding put just before its block still belongs into it.
    edges = np.searchsorted(stamps, start_s - 1e-3 * step_s)
    edges = np.append(edges, len(stamps))
    shape = (n_blocks, array.shape[1])
    mean, sd, low, high = (np.full(shape, np.nan) for _ in range(4))
    counts = np.zeros(n_blocks, dtype=np.intp)
    first = 0
    while first < n_blocks:
        last = int(np.searchsorted(edges, edges[first] + CHUNK, side="right")) - 1
        last = min(max(last, first + 1), n_blocks)
        rows = slice(first, last)
        _fill(
            array[edges[first] : edges[last]],
            edges[first : last + 1] - edges[first],
            counts[rows],
            (mean[rows], sd[rows], low[rows], high[rows]),
        )
        first = last
    is_full = counts >= FULL_SHARE * length_s / step_s
    return Blocks(start_s, counts, is_full, mean, sd, low, high)


def typical_step_s(stamps: NDArray[np.float64]) -> float:
    """Return the median time between samples; 1 s where there is none."""
    steps = np.diff(stamps)
    steps = steps[:: max(1, len(steps) // 50_000)]
    typical = float(np.median(steps)) if len(steps) else 0.0
    if typical <= 0 and len(stamps) > 1:  # bursts: most stamps repeat
        typical = float(stamps[-1] - stamps[0]) / (len(stamps) - 1)
    return typical if typical > 0 else 1.0


def _fill(
    rows: NDArray[np.floating],
    edges: NDArray[np.intp],
    counts: NDArray[np.intp],
    results: tuple[NDArray[np.float64], ...],
) -> None:
    """Write the statistics of some blocks into the places for them."""
    known = np.isfinite(rows).all(axis=1)
    if not known.all():
        edges = np.concatenate([[0], np.cumsum(known)])[edges]
        rows = rows[known]
    sizes = np.diff(edges)
    counts[:] = sizes
    there = np.flatnonzero(sizes)
    if not len(there):
        return
    begin, n = edges[there], sizes[there][:, None]
    mean, sd, low, high = results
    table = rows.astype(np.float64)
    mean[there] = np.add.reduceat(table, begin) / n
    low[there] = np.minimum.reduceat(table, begin)
    high[there] = np.maximum.reduceat(table, begin)
    table -= np.repeat(mean[there], n[:, 0], axis=0)
    table *= table
    sd[there] = np.sqrt(np.add.reduceat(table, begin) / n)
