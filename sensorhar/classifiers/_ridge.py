"""Ridge regression on class codes, its penalty chosen on subjects held out in turn."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sensorhar.classifiers._lesson import Lesson
from sensorhar.classifiers._temperature import find_temperature

__all__ = ["Ridge", "deal_folds", "fit_ridge"]

#: Penalties tried, for features scaled to unit variance. They end where the mean over
#: three folds of UCI HAR's training subjects falls (0.957, 0.959, 0.953, 0.917 accuracy
#: at 1e2, 1e3, 1e4, 1e5).
PENALTIES = np.logspace(0, 4, 9)

#: Parts of the training subjects, each held out once. A single part is few people, and
#: the penalty that suits them is not the one that suits others.
N_FOLDS = 3

Features = Callable[[NDArray[np.intp]], NDArray[np.float32]]
Held = list[tuple[NDArray[np.float64], NDArray[np.intp]]]  # scores of rows held out


class Ridge(NamedTuple):
    """What was fitted.

    Attributes
    ----------
    coefficients : array of shape (n_features, n_classes)
        Slopes.
    intercept : array of shape (n_classes,)
        Intercepts.
    penalty : float
        The penalty chosen.
    temperature : float
        What scores are divided by before softmax, so that probabilities are as sure of
        rows held out as they are right; 1 when nothing is held out.
    """

    coefficients: NDArray[np.float64]
    intercept: NDArray[np.float64]
    penalty: float
    temperature: float


def fit_ridge(
    features: Features,
    codes: NDArray[np.intp],
    n_classes: int,
    weight: NDArray[np.float32] | None,
    fold: NDArray[np.intp],
    n_features: int,
    lesson: Lesson | None = None,
) -> Ridge:
    """Fit one ridge regression for each class against the others.

    Targets are +1 and -1. With fewer rows than features the dual is solved, from the
    products of rows; otherwise the normal equations, summed over chunks of rows, so
    that memory does not grow with the number of rows.

    Parameters
    ----------
    features : callable
        Row numbers to features of shape (n_rows, n_features), centred and scaled.
    codes : array of int of shape (n_windows,)
        Class of each row.
    n_classes : int
        Number of classes.
    weight : array of shape (n_windows,) or None
        Weight of each row.
    fold : array of int of shape (n_windows,)
        Fold of each row, from 0. Each is held out once to choose the penalty; the
        final fit takes all. With one fold nothing is held out, and the middle penalty
        is taken.
    n_features : int
        Columns of the features.
    lesson : Lesson, optional
        What a teacher says of the rows; targets lie between then.

    Returns
    -------
    Ridge
        Slopes, intercepts, penalty and temperature.
    """
    root = np.ones(len(codes)) if weight is None else np.sqrt(weight.astype(float))
    targets = np.where(codes[:, None] == np.arange(n_classes), 1.0, -1.0)
    if lesson is not None:
        soft = 2 * lesson.softened - 1
        targets = (1 - lesson.share) * targets + lesson.share * soft
    intercept = np.average(targets, axis=0, weights=root**2)
    targets = (targets - intercept) * root[:, None]
    solve = _solve_dual if len(codes) <= n_features else _solve_primal
    coefficients, penalty, held = solve(
        features, targets, root, codes, fold, intercept, n_features
    )
    scores = np.concatenate([part for part, _ in held]) if held else np.empty(0)
    rows = np.concatenate([which for _, which in held]) if held else np.empty(0, int)
    temperature = find_temperature(scores, codes[rows], root[rows] ** 2)
    return Ridge(coefficients, intercept, penalty, temperature)


def deal_folds(
    codes: NDArray[np.intp],
    groups: NDArray[Any] | None,
    rng: np.random.Generator,
    n_folds: int = N_FOLDS,
) -> NDArray[np.intp]:
    """Deal whole subjects into folds, of one each if they are few.

    Rows of each class are dealt when subjects are unknown, or there is only one.
    """
    if groups is not None:
        subjects, member = np.unique(groups.astype(str), return_inverse=True)
        if len(subjects) > 1:
            n_folds = min(n_folds, len(subjects))
            dealt: NDArray[np.intp] = rng.permutation(
                np.arange(len(subjects)) % n_folds
            )
            return dealt[member]
    fold = np.empty(len(codes), dtype=np.intp)
    fold[np.argsort(codes, kind="stable")] = np.arange(len(codes)) % n_folds
    return fold


def _best(hits: NDArray[np.float64]) -> int:
    """Return the place of the penalty of most hits, the larger one in a tie."""
    if not hits.any():
        return len(PENALTIES) // 2
    return len(hits) - 1 - int(np.argmax(hits[::-1]))


def _solve_dual(
    features: Features,
    targets: NDArray[np.float64],
    root: NDArray[np.float64],
    codes: NDArray[np.intp],
    fold: NDArray[np.intp],
    intercept: NDArray[np.float64],
    n_features: int,
) -> tuple[NDArray[np.float64], float, Held]:
    from scipy.linalg import cho_factor, cho_solve

    rows = features(np.arange(len(codes))) * root[:, None].astype(np.float32)
    products = (rows @ rows.T).astype(np.float64)

    def solve(which: NDArray[np.intp], candidate: float) -> NDArray[np.float64]:
        shifted = products[np.ix_(which, which)]
        shifted.flat[:: len(which) + 1] += candidate
        factor = cho_factor(shifted, overwrite_a=True)
        solution: NDArray[np.float64] = cho_solve(factor, targets[which])
        return solution

    hits = np.zeros(len(PENALTIES))
    said: Held = []
    for k in range(fold.max() + 1 if fold.any() else 0):
        train, held = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
        cross = products[np.ix_(held, train)]
        scores = np.stack([cross @ solve(train, p) for p in PENALTIES], axis=1)
        # A row's weight scales its score and is taken out again by the division.
        scores /= np.maximum(root[held, None, None], 1e-12)
        scores += intercept
        hits += (scores.argmax(axis=2) == codes[held, None]).sum(axis=0)
        said.append((scores, held))
    best = _best(hits)
    dual = solve(np.arange(len(codes)), PENALTIES[best])
    chosen = [(scores[:, best], which) for scores, which in said]
    return rows.T.astype(np.float64) @ dual, float(PENALTIES[best]), chosen


def _solve_primal(
    features: Features,
    targets: NDArray[np.float64],
    root: NDArray[np.float64],
    codes: NDArray[np.intp],
    fold: NDArray[np.intp],
    intercept: NDArray[np.float64],
    n_features: int,
) -> tuple[NDArray[np.float64], float, Held]:
    from scipy.linalg import cho_factor, cho_solve

    def normal(which: NDArray[np.intp]) -> tuple[Any, Any]:
        squares = np.zeros((n_features, n_features))
        moments = np.zeros((n_features, targets.shape[1]))
        for chunk in _chunks(which):
            rows = features(chunk) * root[chunk, None].astype(np.float32)
            squares += rows.T @ rows
            moments += rows.T.astype(np.float64) @ targets[chunk]
        return squares, moments

    def solve(squares: Any, moments: Any, candidate: float) -> NDArray[np.float64]:
        shifted = squares.copy()
        shifted.flat[:: n_features + 1] += candidate
        solution: NDArray[np.float64] = cho_solve(
            cho_factor(shifted, overwrite_a=True), moments
        )
        return solution

    # All but one fold is the whole without it: no row is summed twice.
    parts = [normal(np.flatnonzero(fold == k)) for k in range(fold.max() + 1)]
    squares, moments = (sum(sums) for sums in zip(*parts, strict=True))
    n_classes, hits = targets.shape[1], np.zeros(len(PENALTIES))
    said: Held = []
    for k, part in enumerate(parts if len(parts) > 1 else ()):
        rest = squares - part[0], moments - part[1]
        stacked = np.concatenate([solve(*rest, p) for p in PENALTIES], axis=1)
        for chunk in _chunks(np.flatnonzero(fold == k)):
            fitted = (features(chunk) @ stacked).reshape(len(chunk), -1, n_classes)
            fitted += intercept
            hits += (fitted.argmax(axis=2) == codes[chunk, None]).sum(axis=0)
            said.append((fitted, chunk))
    best = _best(hits)
    chosen = [(scores[:, best], which) for scores, which in said]
    return solve(squares, moments, PENALTIES[best]), float(PENALTIES[best]), chosen


def _chunks(rows: NDArray[np.intp], size: int = 2048) -> Iterator[NDArray[np.intp]]:
    for i in range(0, len(rows), size):
        yield rows[i : i + size]
