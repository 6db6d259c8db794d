"""Linear support vector machines, one class against the others, and their odds."""

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["Machines", "find_sharpness"]

Array = NDArray[np.float64]

#: Rows of which all products are kept: 10,000 take 400 MB. Beyond, weights are sought.
MOST_ROWS = 10_000

#: Rows of the first guess at which are the support vectors.
FIRST_ROWS = 1000

#: Newton's steps, usually fewer than ten; and those of L-BFGS.
MAX_NEWTON, MAX_LBFGS = 50, 300


class Machines:
    r"""Machines for the rows of one matrix, to be fitted to some rows or all.

    For each class, with targets :math:`y_i` of 1 and -1 and a constant as one more
    feature, they minimise

    .. math:: \frac{1}{2} |w|^2 + C \sum_i c_i \max(0, 1 - y_i w \cdot x_i)^2

    by Newton's steps in the space of the rows (O. Chapelle, Training a Support Vector
    Machine in the Primal, Neural Computation 19, 2007), as long as there are not too
    many rows to hold all their products, or by L-BFGS.

    Parameters
    ----------
    features : array of shape (n_rows, n_features)
        Rows.
    codes : array of int of shape (n_rows,)
        Class of each.
    n_classes : int
        Number of classes.
    cost : float
        C.
    weight : array of shape (n_rows,) or None, default=None
        :math:`c_i`; None counts all rows once.
    """

    def __init__(
        self,
        features: NDArray[Any],
        codes: NDArray[np.intp],
        n_classes: int,
        cost: float,
        weight: NDArray[Any] | None = None,
    ) -> None:
        self.features = features
        self.targets = np.where(codes[:, None] == np.arange(n_classes), 1.0, -1.0)
        self.cost = cost * (np.ones(len(codes)) if weight is None else weight)
        self._products: NDArray[Any] | None = None
        if len(codes) <= MOST_ROWS:
            self._products = features @ features.T + 1

    def fit(self, rows: NDArray[np.intp]) -> tuple[Array, Array]:
        """Return coefficients (n_features, n_classes) and intercepts (n_classes,)."""
        rows = rows[self.cost[rows] > 0]
        if self._products is None:
            return self._fit_weights(rows)
        products = self._products
        if len(rows) < len(products):
            products = products[np.ix_(rows, rows)]
        dual = np.stack(
            [
                _newton(products, target, self.cost[rows])
                for target in self.targets[rows].T
            ],
            axis=1,
        )
        return self.features[rows].T.astype(np.float64) @ dual, dual.sum(axis=0)

    def _fit_weights(self, rows: NDArray[np.intp]) -> tuple[Array, Array]:
        from scipy.optimize import minimize

        features, targets = self.features[rows], self.targets[rows]
        cost = self.cost[rows, None]
        shape = features.shape[1] + 1, targets.shape[1]

        def loss(flat: Any) -> Any:
            weights = flat.reshape(shape)
            slopes = weights[:-1].astype(features.dtype)
            missing = 1 - targets * (features @ slopes + weights[-1])
            missing = np.maximum(missing, 0)
            pull = -2 * cost * targets * missing
            gradient = weights.copy()
            gradient[:-1] += features.T @ pull.astype(features.dtype)
            gradient[-1] += pull.sum(axis=0)
            total = 0.5 * np.sum(weights**2) + np.sum(cost * missing**2)
            return float(total), gradient.ravel()

        start = np.zeros(shape[0] * shape[1])
        found = minimize(
            loss, start, jac=True, method="L-BFGS-B", options={"maxiter": MAX_LBFGS}
        )
        weights = found.x.reshape(shape)
        return weights[:-1], weights[-1]


def find_sharpness(
    scores: Array, codes: NDArray[np.intp], weight: NDArray[Any] | None = None
) -> float:
    r"""Return the factor that turns scores of rows not learned from into odds.

    It is the a of greatest likelihood in :math:`p_k \propto \exp(a s_k)` (C. Guo,
    G. Pleiss, Y. Sun and K. Weinberger, On Calibration of Modern Neural Networks, ICML
    2017, section 4.2: temperature scaling). It changes no decision. One row more of
    each class is taken to have scored by chance, so that scores without an error do not
    give certainty.

    Parameters
    ----------
    scores : array of shape (n_rows, n_classes)
        Of rows that their machines were not fitted to.
    codes : array of int of shape (n_rows,)
        Class of each.
    weight : array of shape (n_rows,) or None, default=None
        How much each counts.

    Returns
    -------
    float
        From 0.01 to 100.
    """
    from scipy.optimize import minimize_scalar
    from scipy.special import logsumexp

    n_rows, n_classes = scores.shape
    chance = n_classes / (n_rows + n_classes)
    own = (1 - chance) * scores[np.arange(n_rows), codes]
    own += chance * scores.mean(axis=1)
    if weight is None or not np.sum(weight) > 0:
        weight = np.ones(n_rows)

    def surprise(log_factor: float) -> float:
        factor = np.exp(log_factor)
        missing = logsumexp(factor * scores, axis=1) - factor * own
        return float(np.average(missing, weights=weight))

    bounds = math.log(0.01), math.log(100)
    found = minimize_scalar(surprise, bounds=bounds, method="bounded")
    return float(np.exp(found.x))


def _newton(products: NDArray[Any], target: Array, cost: Array) -> Array:
    """Return what each row counts in one machine: 0 unless it is a support vector."""
    from scipy.linalg import cho_factor, cho_solve

    n_rows = len(target)
    dual, scores = np.zeros(n_rows), np.zeros(n_rows)
    support = np.arange(0, n_rows, -(-n_rows // FIRST_ROWS))

    def loss(dual: Array, scores: Array) -> float:
        missing = np.maximum(1 - target * scores, 0)
        return float(0.5 * dual @ scores + np.sum(cost * missing**2))

    best = loss(dual, scores)
    for _ in range(MAX_NEWTON):
        own = products[np.ix_(support, support)].astype(np.float64)
        own.flat[:: len(support) + 1] += 0.5 / cost[support]
        change = -dual
        solved = cho_solve(cho_factor(own, overwrite_a=True), target[support])
        change[support] += solved
        moved = products[:, support] @ solved - scores
        share = 1.0  # of the step; the whole one nearly always lessens the loss
        while share > 1e-3:
            total = loss(dual + share * change, scores + share * moved)
            if total < best:
                break
            share /= 2
        else:
            break
        is_settled = best - total < 1e-9 * best
        dual, scores, best = dual + share * change, scores + share * moved, total
        support = np.flatnonzero(target * scores < 1)
        if is_settled or not len(support):
            break
    return dual
