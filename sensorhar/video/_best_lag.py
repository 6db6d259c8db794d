"""By how much two short signals are to be moved to be most alike."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["best_lag"]

#: Signals must overlap by this share of the shorter one.
MIN_OVERLAP = 0.5


def best_lag(
    values: NDArray[np.float64], reference: NDArray[np.float64], max_lag: int
) -> tuple[float, int]:
    """Return the highest correlation of two signals and the lag that gives it.

    Parameters
    ----------
    values, reference : array of shape (n_values,) and (n_reference,)
        At the same rate; lengths may differ.
    max_lag : int
        Lags of more samples, to either side, are not tried.

    Returns
    -------
    correlation : float
        Pearson's, of the samples in which both overlap; 0 where one stands still.
    lag : int
        ``values[i + lag]`` goes with ``reference[i]``.
    """
    # Sums over any stretch are differences of running sums.
    sums = [np.concatenate([[0.0], np.cumsum(x)]) for x in (values, reference)]
    squares = [np.concatenate([[0.0], np.cumsum(x * x)]) for x in (values, reference)]
    products = np.correlate(values, reference, "full")
    best = (0.0, 0)
    for lag in range(-max_lag, max_lag + 1):
        first = (max(0, lag), max(0, -lag))
        n = min(len(values) - first[0], len(reference) - first[1])
        if n < max(2, MIN_OVERLAP * min(len(values), len(reference))):
            continue
        total = [sums[k][first[k] + n] - sums[k][first[k]] for k in (0, 1)]
        power = [squares[k][first[k] + n] - squares[k][first[k]] for k in (0, 1)]
        spread = [max(power[k] - total[k] ** 2 / n, 0.0) for k in (0, 1)]
        shared = products[lag + len(reference) - 1] - total[0] * total[1] / n
        scale = np.sqrt(spread[0] * spread[1])
        if scale > 1e-9 * np.sqrt(power[0] * power[1]) and shared / scale > best[0]:
            best = (float(shared / scale), lag)
    return best
