"""Continue a signal beyond its ends by what its own past predicts."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["extend"]

ORDER = 32  # samples the prediction looks back: some eight tones can go on
N_FIT = 512  # samples beside the end from which the prediction is learned


def extend(values: NDArray[np.float64], n_samples: int) -> NDArray[np.float64]:
    """Return values with n_samples predicted samples before and behind them.

    A filter that is cut off at the end of the data pulls the last samples towards
    whatever is put beyond it. Mirroring bends slopes, turning about the end point
    shifts fast tones into a step, zeros lose the level. Linear prediction carries
    tones of any frequency on and lets noise fade to the mean: after it a decimated
    tone is right up to its last sample (measured in tests/signal/test_resample.py).

    Parameters are values (n_samples, n_channels) and the count for either side. The
    coefficients come from Burg's recursion, which never yields a growing prediction
    (J. P. Burg, "Maximum entropy spectral analysis", 37th SEG meeting, 1967).
    """
    if n_samples == 0 or len(values) == 0:
        return values
    n_fit = min(N_FIT, len(values))
    n_channels = values.shape[1]
    # The continuation to the left is the one to the right of the signal reversed.
    both = np.concatenate([values[:n_fit][::-1], values[-n_fit:]], axis=1)
    mean = both.mean(axis=0)
    beyond = mean + _predict(both - mean, n_samples)
    before, behind = beyond[::-1, :n_channels], beyond[:, n_channels:]
    return np.concatenate([before, values, behind])


def _predict(values: NDArray[np.float64], n_samples: int) -> NDArray[np.float64]:
    """Predict the samples that follow, every column by itself."""
    order = min(ORDER, len(values) // 3)
    if order == 0:
        return np.repeat(values[-1:], n_samples, axis=0)
    weights = _burg(values, order)[::-1]  # oldest sample first
    series = np.concatenate([values[-order:], np.zeros((n_samples, values.shape[1]))])
    for t in range(order, len(series)):
        series[t] = np.einsum("oc,oc->c", weights, series[t - order : t])
    return series[order:]


def _burg(values: NDArray[np.float64], order: int) -> NDArray[np.float64]:
    """Return prediction weights (order, n_columns), the newest sample's first."""
    forward, backward = values[1:].copy(), values[:-1].copy()
    polynomial = np.ones((1, values.shape[1]))
    silence = 1e-20 * 2 * np.einsum("tc,tc->c", values, values)
    for _ in range(order):
        power = np.einsum("tc,tc->c", forward, forward)
        power += np.einsum("tc,tc->c", backward, backward)
        common = np.einsum("tc,tc->c", forward, backward)
        # A silent rest is perfectly predicted already: leave the weights alone.
        reflection = np.divide(
            -2 * common, power, out=np.zeros_like(power), where=power > silence
        )
        padded = np.pad(polynomial, ((0, 1), (0, 0)))
        polynomial = padded + reflection * padded[::-1]
        forward, backward = (
            (forward + reflection * backward)[1:],
            (backward + reflection * forward)[:-1],
        )
    return -polynomial[1:]
