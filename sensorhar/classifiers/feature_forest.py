"""Named features and extremely randomised trees."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.classifiers._features import FeatureClassifier
from sensorhar.classifiers._forest import flatten_trees, forest_proba
from sensorhar.classifiers._training import Training

__all__ = ["FeatureForestClassifier"]


class FeatureForestClassifier(FeatureClassifier):
    """Classify windows by extremely randomised trees on named features.

    The trees of Geurts, Ernst & Wehenkel (2006) as scikit-learn grows them. See
    :func:`sensorhar.signal.extract_features` for the features.

    Parameters
    ----------
    n_trees : int, default=300
        Trees in the forest.
    min_leaf : int, default=1
        Windows a leaf must hold.
    class_weight : {"balanced"}, mapping of label to float, or None, default=None
        Weight of each class.
    random_state : int or None, default=None
        With a number, two fits are equal.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        Labels in the order of the columns of ``predict_proba``.
    spec_ : WindowSpec or None
        The windows it was fitted on.

    Examples
    --------
    >>> import sensorhar as sh
    >>> windows = sh.make_windows(sh.simulate_recordings(3, random_state=0),
    ...     length_s=2.56, channels=["acc_x", "acc_y", "acc_z"])
    >>> clf = FeatureForestClassifier(n_trees=20, random_state=0).fit(windows)
    >>> clf.score(windows) > 0.8
    True
    """

    _arrays = (
        "mean_",
        "scale_",
        "roots_",
        "children_",
        "feature_",
        "threshold_",
        "shares_",
    )

    def __init__(
        self,
        *,
        n_trees: int = 300,
        min_leaf: int = 1,
        class_weight: Any = None,
        random_state: Any = None,
    ) -> None:
        self.n_trees = n_trees
        self.min_leaf = min_leaf
        self.class_weight = class_weight
        self.random_state = random_state

    def _learn(self, training: Training) -> None:
        from sklearn.ensemble import ExtraTreesClassifier

        features = self._fit_features(training.numbers)
        forest = ExtraTreesClassifier(
            self.n_trees,
            min_samples_leaf=self.min_leaf,
            random_state=self.random_state,
        )
        forest.fit(features, training.codes, sample_weight=training.weight)
        sizes = [tree.tree_.node_count for tree in forest.estimators_]
        self.roots_ = np.cumsum([0, *sizes[:-1]]).astype(np.int32)
        self.children_, self.feature_, self.threshold_, self.shares_ = flatten_trees(
            forest.estimators_
        )

    def _estimate(self, numbers: NDArray[np.float32]) -> NDArray[np.float64]:
        return forest_proba(
            self._features(numbers),
            self.roots_,
            self.children_,
            self.feature_,
            self.threshold_,
            self.shares_,
        )
