"""Features of a window's values and of their changes, all windows at once."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = [
    "CHANGE",
    "LEVEL",
    "change_features",
    "level_features",
    "ratio",
    "standardised_parts",
]

Rows = NDArray[np.floating[Any]]

LEVEL = (
    "mean",
    "median",
    "std",
    "log_std",
    "min",
    "max",
    "range",
    "percentile_5",
    "percentile_25",
    "percentile_75",
    "percentile_95",
    "iqr",
    "mad",
    "rms",
    "energy",
    "skewness",
    "kurtosis",
)
CHANGE = (
    "derivative_mean_abs",
    "derivative_std",
    "derivative2_mean_abs",
    "slope",
    "mean_crossings_hz",
    "zero_crossings_hz",
    "peaks_hz",
    "longest_above_mean_s",
    "mobility",
    "complexity",
)
SMALLEST_STD = 1e-5  # added before the logarithm; far below any sensor's noise


def standardised_parts(rows: Rows) -> tuple[Rows, Rows, Rows]:
    """Return the means, the standard deviations and the rows minus their mean.

    Rows that do not change at all become exact zeros: what rounding leaves of them
    must not look like a signal.
    """
    mean = rows.mean(axis=1)
    centred = rows - mean[:, None]
    is_constant = (rows == rows[:, :1]).all(axis=1)
    centred[is_constant] = 0
    std = np.sqrt(mean_square(centred))
    return mean, std, centred


def level_features(rows: Rows, mean: Rows, std: Rows, centred: Rows) -> dict[str, Rows]:
    """Describe the distribution of the values of each row (n_rows, n_timepoints)."""
    ordered = np.sort(rows, axis=1)
    median, p25, p75 = (quantile(ordered, share) for share in (0.5, 0.25, 0.75))
    deviation = np.abs(ordered - median[:, None])
    deviation.sort(axis=1)
    energy = mean_square(rows)
    # Standardised first: powers of tiny or huge values would leave the number range.
    scaled = centred * ratio(np.ones_like(std), std)[:, None]
    squared = scaled * scaled
    return {
        "mean": mean,
        "median": median,
        "std": std,
        "log_std": np.log(std + SMALLEST_STD),
        "min": ordered[:, 0],
        "max": ordered[:, -1],
        "range": ordered[:, -1] - ordered[:, 0],
        "percentile_5": quantile(ordered, 0.05),
        "percentile_25": p25,
        "percentile_75": p75,
        "percentile_95": quantile(ordered, 0.95),
        "iqr": p75 - p25,
        "mad": quantile(deviation, 0.5),
        "rms": np.sqrt(energy),
        "energy": energy,
        "skewness": np.einsum("rt,rt->r", squared, scaled) / rows.shape[1],
        "kurtosis": np.where(std > 0, mean_square(squared) - 3, 0),
    }


def change_features(
    rows: Rows, std: Rows, centred: Rows, rate_hz: float
) -> dict[str, Rows]:
    """Describe how the values of each row follow one another."""
    n_timepoints = rows.shape[1]
    length_s = n_timepoints / rate_hz
    first = np.diff(centred, axis=1)
    second = np.diff(first, axis=1)
    first_std, second_std = first.std(axis=1), second.std(axis=1)
    mobility = ratio(first_std, std) * rate_hz
    ticks = np.arange(n_timepoints) - (n_timepoints - 1) / 2
    is_above = centred > 0
    middle = centred[:, 1:-1]
    is_peak = (middle > centred[:, :-2]) & (middle >= centred[:, 2:])
    is_peak &= middle > 0.5 * std[:, None]
    return {
        "derivative_mean_abs": np.abs(first).mean(axis=1) * rate_hz,
        "derivative_std": first_std * rate_hz,
        "derivative2_mean_abs": np.abs(second).mean(axis=1) * rate_hz**2,
        "slope": centred @ ticks * (rate_hz / (ticks @ ticks)),
        "mean_crossings_hz": count_changes(is_above) / length_s,
        "zero_crossings_hz": count_changes(rows > 0) / length_s,
        "peaks_hz": np.count_nonzero(is_peak, axis=1) / length_s,
        "longest_above_mean_s": longest_run(is_above) / rate_hz,
        "mobility": mobility,
        "complexity": ratio(ratio(second_std, first_std) * rate_hz, mobility),
    }


def mean_square(rows: Rows) -> Rows:
    """Return the mean of the squares of each row."""
    return np.asarray(np.einsum("rt,rt->r", rows, rows) / rows.shape[1])


def quantile(ordered: Rows, share: float) -> Rows:
    """Return a quantile of sorted rows, interpolated linearly."""
    position = share * (ordered.shape[1] - 1)
    below = int(position)
    above = min(below + 1, ordered.shape[1] - 1)
    part = position - below
    return np.asarray(ordered[:, below] * (1 - part) + ordered[:, above] * part)


def ratio(numerator: Rows, denominator: Rows) -> Rows:
    """Divide, with zero where there is nothing to divide by."""
    result = np.zeros(np.broadcast_shapes(numerator.shape, denominator.shape))
    return np.divide(numerator, denominator, out=result, where=denominator > 0)


def count_changes(mask: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Count in each row how often the mask changes."""
    return np.asarray(np.count_nonzero(mask[:, 1:] != mask[:, :-1], axis=1))


def longest_run(mask: NDArray[np.bool_]) -> NDArray[np.int32]:
    """Return the length of the longest stretch of true in each row."""
    ticks = np.arange(1, mask.shape[1] + 1, dtype=np.int32)
    last_false = np.where(mask, np.int32(0), ticks)
    np.maximum.accumulate(last_false, axis=1, out=last_false)
    return np.asarray((ticks - last_false).max(axis=1))
