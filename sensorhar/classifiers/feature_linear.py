"""Named features and a linear discriminant."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.classifiers._features import FeatureClassifier
from sensorhar.classifiers._ridge import deal_folds
from sensorhar.classifiers._temperature import find_temperature
from sensorhar.classifiers._training import Training

__all__ = ["FeatureLinearClassifier"]

#: Parts of the subjects, each held out once to find the temperature; of more parts the
#: discriminants that answer are closer to the final one.
N_FOLDS = 5


class FeatureLinearClassifier(FeatureClassifier):
    """Classify windows by a linear discriminant on named features.

    The baseline a report must show: quick, steady, and on many sets ahead of deep
    networks. Classes are taken as normal clouds of one shape (Fisher 1936); the
    shape is shrunken towards a ball as far as the data ask (Ledoit & Wolf 2004),
    because neighbouring features say nearly the same. See
    :func:`sensorhar.signal.extract_features` for the features.

    Parameters
    ----------
    shrinkage : float or None, default=None
        From 0, the measured shape, to 1, a ball. None asks Ledoit and Wolf's formula.
    class_weight : {"balanced"}, mapping of label to float, or None, default=None
        Weight of each class.
    random_state : int or None, default=None
        Kept for the common contract; the fit has no randomness.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        Labels in the order of the columns of ``predict_proba``.
    spec_ : WindowSpec or None
        The windows it was fitted on.
    coef_ : array of shape (n_features, n_classes)
        Weights of the scaled features.
    shrinkage_ : float
        The shrinkage used.
    temperature_ : float
        What scores are divided by before softmax, chosen on fifths of the subjects held
        out in turn: clouds fitted to some people are too sure of others.

    Examples
    --------
    >>> import sensorhar as sh
    >>> windows = sh.make_windows(sh.simulate_recordings(3, random_state=0),
    ...     length_s=2.56, channels=["acc_x", "acc_y", "acc_z"])
    >>> FeatureLinearClassifier().fit(windows).score(windows) > 0.8
    True
    """

    _arrays = ("mean_", "scale_", "coef_", "intercept_", "temperature_")

    def __init__(
        self,
        *,
        shrinkage: float | None = None,
        class_weight: Any = None,
        random_state: Any = None,
    ) -> None:
        self.shrinkage = shrinkage
        self.class_weight = class_weight
        self.random_state = random_state

    def _learn(self, training: Training) -> None:
        if self.shrinkage is not None and not 0 <= self.shrinkage <= 1:
            raise ValueError(
                f"shrinkage must lie in [0, 1] or be None; got {self.shrinkage!r}."
            )
        features = self._fit_features(training.numbers).astype(np.float64)
        codes, n_classes = training.codes, len(self.classes_)
        weight = np.ones(len(codes))
        if training.weight is not None:
            weight *= training.weight
        scores, rows = self._held_out(features, training, weight)
        self.temperature_ = np.float64(
            find_temperature(scores, codes[rows], weight[rows])
        )
        self.coef_, self.intercept_, self.shrinkage_ = self._fit(
            features, codes, weight, n_classes
        )

    def _held_out(
        self,
        features: NDArray[np.float64],
        training: Training,
        weight: NDArray[np.float64],
    ) -> tuple[NDArray[np.float64], NDArray[np.intp]]:
        """Return scores of subjects that were not learned from, and their rows."""
        codes, n_classes = training.codes, len(self.classes_)
        fold = deal_folds(codes, training.groups, np.random.default_rng(0), N_FOLDS)
        parts, rows = [np.empty((0, n_classes))], [np.empty(0, dtype=np.intp)]
        for k in range(fold.max() + 1 if fold.any() else 0):
            rest = np.flatnonzero(fold != k)
            known = np.bincount(codes[rest], weight[rest], n_classes) > 0
            held = np.flatnonzero((fold == k) & known[codes])
            if not known.any() or not len(held):
                continue
            coef, intercept, _ = self._fit(
                features[rest], codes[rest], weight[rest], n_classes
            )
            parts.append(features[held] @ coef + intercept)
            rows.append(held)
        return np.concatenate(parts), np.concatenate(rows)

    def _fit(
        self,
        features: NDArray[np.float64],
        codes: NDArray[np.intp],
        weight: NDArray[np.float64],
        n_classes: int,
    ) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
        """Return slopes, intercepts and the shrinkage used."""
        from scipy.linalg import solve

        share = np.bincount(codes, weight, n_classes) / weight.sum()
        share = np.maximum(share, 1e-12)  # a class whose windows all weigh nothing
        means = np.zeros((n_classes, features.shape[1]))
        for code in range(n_classes):
            rows = codes == code
            if weight[rows].sum() > 0:
                means[code] = np.average(features[rows], axis=0, weights=weight[rows])
        centred = (features - means[codes]) * np.sqrt(weight / weight.mean())[:, None]
        covariance, shrinkage = self._shrink(centred)
        coef = solve(covariance, means.T, assume_a="pos")
        intercept = np.log(share) - 0.5 * np.sum(means.T * coef, axis=0)
        return coef, intercept, shrinkage

    def _shrink(
        self, centred: NDArray[np.float64]
    ) -> tuple[NDArray[np.float64], float]:
        """Return the shrunken covariance of centred rows, and how far it is."""
        from sklearn.covariance import ledoit_wolf_shrinkage

        shrinkage = self.shrinkage
        if shrinkage is None:
            shrinkage = float(ledoit_wolf_shrinkage(centred, assume_centered=True))
        n_windows, n_features = centred.shape
        covariance = centred.T @ centred / n_windows
        size = np.trace(covariance) / n_features
        shrunken: NDArray[np.float64] = (1 - shrinkage) * covariance
        # The last term keeps constant features from making it singular.
        shrunken.flat[:: n_features + 1] += shrinkage * size + 1e-6
        return shrunken, shrinkage

    def _estimate(self, numbers: NDArray[np.float32]) -> NDArray[np.float64]:
        scores = self._features(numbers) @ self.coef_ + self.intercept_
        scores /= self.temperature_
        exponential: NDArray[np.float64] = np.exp(
            scores - scores.max(axis=1, keepdims=True)
        )
        return exponential
