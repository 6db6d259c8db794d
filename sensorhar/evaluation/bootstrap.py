"""How far a score would move with other subjects."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from sensorhar._checks import check_positive
from sensorhar.evaluation.metrics import as_counts

__all__ = ["bootstrap_interval"]

Metric = Callable[[Any], Any]


def bootstrap_interval(
    matrices: ArrayLike,
    metric: Metric,
    *,
    n_resamples: int = 1000,
    level: float = 0.95,
    random_state: int = 0,
) -> tuple[float, float]:
    """Return the interval in which a score lies when other subjects are met.

    Subjects are drawn with replacement, as many as there are, and their windows
    pooled; the interval holds the middle ``level`` of the scores. Windows of one
    subject resemble each other, so resampling windows would give an interval far too
    narrow: subjects are the independent unit.

    Parameters
    ----------
    matrices : array-like of int of shape (..., n_subjects, n_classes, n_classes)
        Counts of each subject, as :func:`sensorhar.evaluation.confusion_by_group`
        makes them. Leading axes, such as one for seeds, are averaged over after
        scoring.
    metric : callable
        A score of a matrix, such as :func:`~sensorhar.evaluation.macro_f1`.
    n_resamples : int, default=1000
        Number of draws.
    level : float, default=0.95
        Share of the scores inside, in (0, 1).
    random_state : int, default=0
        Seed of the draws.

    Returns
    -------
    low, high : float
        NaN when there are fewer than two subjects, or no draw has a score.

    Raises
    ------
    ValueError
        When shape, level or number of draws are impossible.

    References
    ----------
    B. Efron, R. Tibshirani, An Introduction to the Bootstrap (1993), chapter 13:
    the percentile interval.

    Examples
    --------
    >>> from sensorhar.evaluation.metrics import accuracy
    >>> anna, ben = [[9, 1], [0, 10]], [[5, 5], [0, 10]]
    >>> bootstrap_interval([anna, ben], accuracy)
    (0.75, 0.95)
    """
    counts = as_counts(matrices)
    if counts.ndim < 3:
        raise ValueError(
            "matrices must have shape (n_subjects, n_classes, n_classes); got shape "
            f"{counts.shape}. confusion_by_group(y_true, y_pred, groups) makes them."
        )
    check_positive(n_resamples, "n_resamples")
    if not 0 < level < 1:
        raise ValueError(f"level must lie between 0 and 1; got {level!r}.")
    n_subjects, n_classes = counts.shape[-3:-1]
    if n_subjects < 2:
        return float("nan"), float("nan")
    generator = np.random.default_rng(random_state)
    shares = np.full(n_subjects, 1 / n_subjects)
    times = generator.multinomial(n_subjects, shares, size=n_resamples)
    flat = counts.reshape(-1, n_subjects, n_classes * n_classes).astype(np.float64)
    pooled = (times @ flat).astype(np.int64)  # float, for integers have no fast @
    scores = metric(pooled.reshape(-1, n_resamples, n_classes, n_classes))
    means = scores.mean(axis=0)
    means = means[~np.isnan(means)]  # a draw may hold one class only
    if not len(means):
        return float("nan"), float("nan")
    low, high = np.quantile(means, [(1 - level) / 2, (1 + level) / 2]).tolist()
    return low, high
