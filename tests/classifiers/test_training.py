"""Whom early stopping watches, how classes are weighed, what is compiled."""

from types import SimpleNamespace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.utils.class_weight import compute_sample_weight

from sensorhar import CNNClassifier
from sensorhar.classifiers._epochs import run_epochs
from sensorhar.classifiers._training import choose_watched, weigh_classes


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 8), st.integers(1, 4), st.floats(0, 0.99), st.integers(0, 10_000))
def test_no_class_is_lost_for_training(n_subjects, n_classes, share, seed):
    rng = np.random.default_rng(seed)
    n = 40
    codes = np.concatenate([np.arange(n_classes), rng.integers(n_classes, size=n)])
    groups = np.array(
        [f"s{i}" for i in rng.integers(n_subjects, size=len(codes))], object
    )
    watched = choose_watched(codes, groups, share, rng)
    left = ~np.isin(groups.astype(str), watched)
    assert set(codes[left]) == set(codes)
    assert len(watched) <= max(1, round(share * n_subjects))
    assert watched == sorted(set(watched))


def test_a_share_of_the_subjects_is_watched():
    codes = np.tile([0, 1], 100)
    groups = np.repeat([f"s{i:02}" for i in range(20)], 10).astype(object)
    watched = choose_watched(codes, groups, 0.15, np.random.default_rng(0))
    assert len(watched) == 3


@pytest.mark.parametrize("groups", [None, ["a", "a", "b", "b"]])
def test_too_few_subjects_are_not_watched(groups):
    groups = groups if groups is None else np.array(groups, dtype=object)
    rng = np.random.default_rng(0)
    assert choose_watched(np.array([0, 1, 0, 1]), groups, 0.5, rng) == []


def test_the_only_subject_of_a_class_is_trained_on():
    codes = np.array([0, 0, 1, 1, 2, 2])
    groups = np.array(["a", "a", "b", "b", "c", "c"], dtype=object)
    assert choose_watched(codes, groups, 0.3, np.random.default_rng(0)) == []


def test_balanced_is_the_rule_of_scikit_learn():
    codes = np.array([0, 0, 0, 1, 2, 2])
    classes = np.array(["a", "b", "c"])
    expected = compute_sample_weight("balanced", codes)
    np.testing.assert_allclose(
        weigh_classes("balanced", classes, codes, None), expected, rtol=1e-6
    )
    own = np.arange(6, dtype=np.float32)
    np.testing.assert_allclose(
        weigh_classes("balanced", classes, codes, own), expected * own, rtol=1e-6
    )


def test_a_mapping_weighs_what_it_names():
    codes = np.array([0, 1, 1])
    weight = weigh_classes({"b": 3.0}, np.array(["a", "b"]), codes, None)
    assert weight.tolist() == [1, 3, 3]


@pytest.mark.parametrize(("backend", "is_compiled"), [("jax", True), ("torch", False)])
def test_only_jax_is_compiled(monkeypatch, backend, is_compiled):
    """Uncompiled, JAX dispatches each operation on its own: ten times slower."""
    given = {}

    class Model:
        def compile(self, **arguments):
            given.update(arguments)

        def fit(self, **arguments):
            return SimpleNamespace(history={"loss": [1.0] * arguments["epochs"]})

    monkeypatch.setattr("keras.config.backend", lambda: backend)
    clf = CNNClassifier(epochs=2, verbose=0)
    assert run_epochs(clf, Model(), 10, {}) == {"loss": [1.0, 1.0]}
    assert given["jit_compile"] is is_compiled
