"""Trees as plain arrays give what scikit-learn's forest gives."""

import numpy as np
import pytest
from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier

from sensorhar.classifiers._forest import flatten_trees, forest_proba


@pytest.mark.parametrize("kind", [ExtraTreesClassifier, RandomForestClassifier])
@pytest.mark.parametrize("min_leaf", [1, 7])
def test_equals_scikit_learn(kind, min_leaf):
    rng = np.random.default_rng(0)
    codes = rng.integers(4, size=300)
    features = (rng.normal(size=(300, 6)) + codes[:, None]).astype(np.float32)
    weight = rng.uniform(0.1, 2, 300)
    forest = kind(25, min_samples_leaf=min_leaf, random_state=0)
    forest.fit(features[:200], codes[:200], sample_weight=weight[:200])
    sizes = [tree.tree_.node_count for tree in forest.estimators_]
    roots = np.cumsum([0, *sizes[:-1]]).astype(np.int32)
    arrays = flatten_trees(forest.estimators_)
    np.testing.assert_allclose(
        forest_proba(features, roots, *arrays),
        forest.predict_proba(features),
        rtol=0,
        atol=1e-12,
    )


def test_a_tree_of_one_leaf():
    features = np.zeros((5, 2), dtype=np.float32)
    forest = ExtraTreesClassifier(3, random_state=0).fit(features, [0, 0, 1, 1, 1])
    proba = forest_proba(
        features, np.arange(3, dtype=np.int32), *flatten_trees(forest.estimators_)
    )
    np.testing.assert_allclose(proba, np.tile([0.4, 0.6], (5, 1)))
