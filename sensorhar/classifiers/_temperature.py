"""The temperature at which scores are as sure as they are right."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["find_temperature"]

#: Temperatures between which the one is sought: ridge regression scores lie within
#: about -1 to 1, a discriminant's differ by hundreds.
TEMPERATURES = (0.01, 100.0)


def find_temperature(
    scores: NDArray[np.float64],
    codes: NDArray[np.intp],
    weight: NDArray[np.float64],
) -> float:
    """Return the temperature of the least log loss.

    Scores are divided by it before softmax, which leaves their order as it was
    (C. Guo et al., On calibration of modern neural networks, ICML 2017, section 4.2).

    Parameters
    ----------
    scores : array of shape (n_rows, n_classes)
        Of rows that were not learned from.
    codes : array of int of shape (n_rows,)
        Their classes.
    weight : array of shape (n_rows,)
        Their weights.

    Returns
    -------
    float
        The temperature; 1 without rows.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import log_softmax

    if not len(scores):
        return 1.0

    def loss(log_temperature: float) -> float:
        logs = log_softmax(scores / np.exp(log_temperature), axis=1)
        return -float(np.sum(weight * logs[np.arange(len(codes)), codes]))

    low, high = np.log(TEMPERATURES)
    found = minimize_scalar(loss, bounds=(float(low), float(high)), method="bounded")
    return float(np.exp(found.x))
