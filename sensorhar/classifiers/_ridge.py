"""Ridge regression on class codes, its penalty chosen on subjects held out."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["fit_ridge", "hold_out"]

#: Penalties tried, for features scaled to unit variance. They end where the mean over
#: three folds of UCI HAR's training subjects falls (0.957, 0.959, 0.953, 0.917 accuracy
#: at 1e2, 1e3, 1e4, 1e5): one part held out is few people, and alone would go too far.
PENALTIES = np.logspace(0, 4, 9)

Features = Callable[[NDArray[np.intp]], NDArray[np.float32]]


def fit_ridge(
    features: Features,
    codes: NDArray[np.intp],
    n_classes: int,
    weight: NDArray[np.float32] | None,
    is_held: NDArray[np.bool_],
    n_features: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
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
    is_held : array of bool of shape (n_windows,)
        Rows held out to choose the penalty; the final fit takes all.
    n_features : int
        Columns of the features.

    Returns
    -------
    coefficients : array of shape (n_features, n_classes)
        Slopes.
    intercept : array of shape (n_classes,)
        Intercepts.
    penalty : float
        The penalty chosen.
    """
    root = np.ones(len(codes)) if weight is None else np.sqrt(weight.astype(float))
    targets = np.where(codes[:, None] == np.arange(n_classes), 1.0, -1.0)
    intercept = np.average(targets, axis=0, weights=root**2)
    targets = (targets - intercept) * root[:, None]
    solve = _solve_dual if len(codes) <= n_features else _solve_primal
    coefficients, penalty = solve(
        features, targets, root, codes, is_held, intercept, n_features
    )
    return coefficients, intercept, penalty


def hold_out(
    codes: NDArray[np.intp], groups: NDArray[Any] | None, rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Hold out a quarter of the subjects, or without them of each class."""
    from sensorhar.classifiers._training import choose_watched

    chosen = choose_watched(codes, groups, 0.25, rng)
    if chosen and groups is not None:
        return np.isin(groups.astype(str), chosen)
    is_held = np.zeros(len(codes), dtype=bool)
    is_held[np.argsort(codes, kind="stable")[3::4]] = True
    return is_held


def _best(scores: list[float]) -> float:
    """Return the penalty of the best score, the larger one in a tie."""
    best = len(scores) - 1 - int(np.argmax(scores[::-1]))
    return float(PENALTIES[best])


def _solve_dual(
    features: Features,
    targets: NDArray[np.float64],
    root: NDArray[np.float64],
    codes: NDArray[np.intp],
    is_held: NDArray[np.bool_],
    intercept: NDArray[np.float64],
    n_features: int,
) -> tuple[NDArray[np.float64], float]:
    from scipy.linalg import cho_factor, cho_solve

    rows = features(np.arange(len(codes))) * root[:, None].astype(np.float32)
    products = (rows @ rows.T).astype(np.float64)
    train, held = np.flatnonzero(~is_held), np.flatnonzero(is_held)
    penalty = float(PENALTIES[len(PENALTIES) // 2])
    if len(held) and len(train):
        inner, cross = products[np.ix_(train, train)], products[np.ix_(held, train)]
        scores = []
        for candidate in PENALTIES:
            shifted = inner.copy()
            shifted.flat[:: len(train) + 1] += candidate
            dual = cho_solve(cho_factor(shifted, overwrite_a=True), targets[train])
            # A row's weight scales its score and is taken out again by the sign.
            fitted = cross @ dual / np.maximum(root[held, None], 1e-12) + intercept
            scores.append(float(np.mean(fitted.argmax(axis=1) == codes[held])))
        penalty = _best(scores)
    products.flat[:: len(codes) + 1] += penalty
    dual = cho_solve(cho_factor(products, overwrite_a=True), targets)
    return rows.T.astype(np.float64) @ dual, penalty


def _solve_primal(
    features: Features,
    targets: NDArray[np.float64],
    root: NDArray[np.float64],
    codes: NDArray[np.intp],
    is_held: NDArray[np.bool_],
    intercept: NDArray[np.float64],
    n_features: int,
) -> tuple[NDArray[np.float64], float]:
    from scipy.linalg import cho_factor, cho_solve

    train, held = np.flatnonzero(~is_held), np.flatnonzero(is_held)

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

    squares, moments = normal(train)
    penalty = float(PENALTIES[len(PENALTIES) // 2])
    if len(held) and len(train):
        stacked = np.concatenate([solve(squares, moments, p) for p in PENALTIES], 1)
        n_classes = targets.shape[1]
        hits = np.zeros(len(PENALTIES))
        for chunk in _chunks(held):
            fitted = (features(chunk) @ stacked).reshape(len(chunk), -1, n_classes)
            hits += ((fitted + intercept).argmax(2) == codes[chunk, None]).sum(0)
        penalty = _best(list(hits))
        more = normal(held)
        squares, moments = squares + more[0], moments + more[1]
    return solve(squares, moments, penalty), penalty


def _chunks(rows: NDArray[np.intp], size: int = 2048) -> Iterator[NDArray[np.intp]]:
    for i in range(0, len(rows), size):
        yield rows[i : i + size]
