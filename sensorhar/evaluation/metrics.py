"""Scores from counts: every score is a function of a confusion matrix.

Rows are the truth, columns the prediction, entries are numbers of windows. Each
function takes one matrix or a stack of them, ``(..., n_classes, n_classes)``, and
scores them all at once, which is what makes resampling subjects cheap.

What is divided by zero follows one rule. A class that never occurs in the truth has
no recall and no F1 (NaN) and is left out of every mean; a class that occurs and is
never predicted has precision 0. A matrix without windows scores NaN.
"""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "PerClass",
    "accuracy",
    "as_counts",
    "balanced_accuracy",
    "cohen_kappa",
    "macro_f1",
    "matthews",
    "per_class",
    "weighted_f1",
]

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]


class PerClass(NamedTuple):
    """Scores of each class.

    Attributes
    ----------
    precision : array of shape (..., n_classes)
        Share of the windows predicted as the class that are of it; 0 when none is
        predicted, NaN when the class neither occurs nor is predicted.
    recall : array of shape (..., n_classes)
        Share of the windows of the class that are found; NaN when there are none.
    f1 : array of shape (..., n_classes)
        Harmonic mean of both; NaN when the class does not occur.
    support : array of int of shape (..., n_classes)
        Number of windows of the class.
    """

    precision: Floats
    recall: Floats
    f1: Floats
    support: Counts


def accuracy(matrix: ArrayLike) -> Any:
    """Return the share of windows that are right.

    Parameters
    ----------
    matrix : array-like of int of shape (..., n_classes, n_classes)
        Counts; rows are the truth.

    Returns
    -------
    float, or array of shape (...)
        In [0, 1].

    Examples
    --------
    >>> float(accuracy([[3, 1], [0, 4]]))
    0.875
    """
    counts = as_counts(matrix)
    return _ratio(_trace(counts), counts.sum(axis=(-2, -1)))[()]


def balanced_accuracy(matrix: ArrayLike) -> Any:
    """Return the mean recall over the classes that occur.

    Parameters
    ----------
    matrix : array-like of int of shape (..., n_classes, n_classes)
        Counts; rows are the truth.

    Returns
    -------
    float, or array of shape (...)
        In [0, 1]; a constant prediction scores 1 / n_classes.

    Examples
    --------
    >>> float(balanced_accuracy([[90, 0], [10, 0]]))
    0.5
    """
    return _mean_of_known(per_class(matrix).recall)[()]


def macro_f1(matrix: ArrayLike) -> Any:
    """Return the mean F1 over the classes that occur.

    Equals scikit-learn's ``f1_score(average="macro", zero_division=0)`` given
    ``labels=np.unique(y_true)``. By itself scikit-learn also averages over classes
    that are only predicted, which lets one stray prediction cost 1 / n_classes.

    Parameters
    ----------
    matrix : array-like of int of shape (..., n_classes, n_classes)
        Counts; rows are the truth.

    Returns
    -------
    float, or array of shape (...)
        In [0, 1].

    Examples
    --------
    >>> round(float(macro_f1([[90, 0], [10, 0]])), 4)
    0.4737
    """
    return _mean_of_known(per_class(matrix).f1)[()]


def weighted_f1(matrix: ArrayLike) -> Any:
    """Return the mean F1 over the classes, weighted by how often each occurs.

    A frequent class carries it: beside a large null class it says little.

    Parameters
    ----------
    matrix : array-like of int of shape (..., n_classes, n_classes)
        Counts; rows are the truth.

    Returns
    -------
    float, or array of shape (...)
        In [0, 1].

    Examples
    --------
    >>> round(float(weighted_f1([[90, 0], [10, 0]])), 4)
    0.8526
    """
    scores = per_class(matrix)
    total = np.nansum(scores.f1 * scores.support, axis=-1)
    return _ratio(total, scores.support.sum(axis=-1))[()]


def cohen_kappa(matrix: ArrayLike) -> Any:
    """Return Cohen's kappa: agreement beyond what the frequencies alone give.

    ``(observed - expected) / (1 - expected)``, with ``expected`` the chance agreement
    of truth and prediction of the same frequencies. NaN when both hold one and the
    same class only, for then chance explains everything.

    Parameters
    ----------
    matrix : array-like of int of shape (..., n_classes, n_classes)
        Counts; rows are the truth.

    Returns
    -------
    float, or array of shape (...)
        At most 1; 0 is chance.

    References
    ----------
    J. Cohen, Educational and Psychological Measurement 20 (1960), 37-46.

    Examples
    --------
    >>> float(cohen_kappa([[20, 5], [10, 15]]))
    0.4
    """
    counts = as_counts(matrix)
    total = counts.sum(axis=(-2, -1))
    # Multiplied out by total squared: whole numbers make 1 - expected exactly 0.
    chance = (counts.sum(axis=-1) * counts.sum(axis=-2)).sum(axis=-1)
    return _ratio(_trace(counts) * total - chance, total * total - chance)[()]


def matthews(matrix: ArrayLike) -> Any:
    """Return the correlation of truth and prediction, for any number of classes.

    0 when either holds one class only, as scikit-learn has it.

    Parameters
    ----------
    matrix : array-like of int of shape (..., n_classes, n_classes)
        Counts; rows are the truth.

    Returns
    -------
    float, or array of shape (...)
        In [-1, 1]; 0 is chance.

    References
    ----------
    J. Gorodkin, Computational Biology and Chemistry 28 (2004), 367-374, for more
    than two classes.

    Examples
    --------
    >>> round(float(matthews([[20, 5], [10, 15]])), 4)
    0.4082
    """
    counts = as_counts(matrix)
    total = counts.sum(axis=(-2, -1))
    true, pred = counts.sum(axis=-1), counts.sum(axis=-2)
    shared = _trace(counts) * total - (true * pred).sum(axis=-1)
    spread = (total**2 - (true**2).sum(axis=-1)).astype(np.float64)
    spread *= total**2 - (pred**2).sum(axis=-1)
    score = _ratio(shared, np.sqrt(spread), if_zero=0.0)
    return np.where(total > 0, score, np.nan)[()]


def per_class(matrix: ArrayLike) -> PerClass:
    """Return precision, recall, F1 and support of each class.

    Parameters
    ----------
    matrix : array-like of int of shape (..., n_classes, n_classes)
        Counts; rows are the truth.

    Returns
    -------
    PerClass
        Arrays of shape (..., n_classes).

    Examples
    --------
    >>> per_class([[3, 1], [0, 4]]).recall
    array([0.75, 1.  ])
    """
    counts = as_counts(matrix)
    right = np.diagonal(counts, axis1=-2, axis2=-1)
    support, predicted = counts.sum(axis=-1), counts.sum(axis=-2)
    precision = _ratio(right, predicted)
    precision[(predicted == 0) & (support > 0)] = 0.0
    f1 = _ratio(2 * right, support + predicted)
    return PerClass(
        precision,
        _ratio(right, support),
        np.where(support > 0, f1, np.nan),
        support,
    )


def as_counts(matrix: ArrayLike) -> Counts:
    """Return confusion matrices as an integer array, or refuse them.

    Parameters
    ----------
    matrix : array-like of int of shape (..., n_classes, n_classes)
        Counts.

    Returns
    -------
    array of int of shape (..., n_classes, n_classes)
        The same.

    Raises
    ------
    ValueError
        When the shape is another or the numbers are not whole.

    Examples
    --------
    >>> as_counts([[3, 1], [0, 4]]).shape
    (2, 2)
    """
    counts = np.asarray(matrix)
    if counts.ndim < 2 or counts.shape[-1] != counts.shape[-2]:
        raise ValueError(
            "a confusion matrix must have shape (n_classes, n_classes); got shape "
            f"{counts.shape}. confusion_matrix(y_true, y_pred) makes one."
        )
    if counts.dtype.kind not in "iu":
        raise ValueError(
            f"a confusion matrix must hold whole numbers; got {counts.dtype}."
        )
    return counts.astype(np.int64, copy=False)


def _trace(counts: Counts) -> Counts:
    right: Counts = np.diagonal(counts, axis1=-2, axis2=-1).sum(axis=-1)
    return right


def _ratio(above: Any, below: Any, *, if_zero: float = np.nan) -> Floats:
    """Divide, with a given value where the divisor is zero."""
    above, below = np.broadcast_arrays(above, below)
    out = np.full(above.shape, if_zero, dtype=np.float64)
    np.divide(above, below, out=out, where=below != 0)
    return out


def _mean_of_known(values: Floats) -> Floats:
    """Average the last axis over what is not NaN, without a warning."""
    is_known = ~np.isnan(values)
    return _ratio(np.where(is_known, values, 0.0).sum(axis=-1), is_known.sum(axis=-1))
