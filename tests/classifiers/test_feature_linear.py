"""How sure the linear discriminant is, and what it does when nobody can be held out."""

import numpy as np
import pytest

import sensorhar as sh


def people(n_people, random_state):
    """Windows of walkers so alike that classes overlap: noise hides what they do."""
    windows = sh.make_windows(
        sh.simulate_recordings(
            n_people, minutes_per_activity=0.5, random_state=random_state
        ),
        length_s=1.28,
        channels=["acc_x", "acc_y", "acc_z"],
    )
    clean = np.asarray(windows)
    noisy = clean + np.random.default_rng(random_state).normal(0, 4, clean.shape)
    return noisy.astype(np.float32), windows.y, windows.groups


def surprise(clf, X, y):
    """Log loss."""
    column = np.searchsorted(clf.classes_, y)
    return -np.log(clf.predict_proba(X)[np.arange(len(y)), column]).mean()


def test_it_is_as_sure_as_it_is_right():
    X, y, groups = people(9, random_state=0)
    clf = sh.FeatureLinearClassifier().fit(X, y, groups=groups)
    strangers, truth, _ = people(6, random_state=99)
    found = surprise(clf, strangers, truth)
    predicted = clf.predict(strangers)
    right = clf.score(strangers, truth)
    assert abs(clf.predict_proba(strangers).max(axis=1).mean() - right) < 0.12
    clf.temperature_ = np.float64(1)  # what the normal clouds alone would say
    assert clf.predict_proba(strangers).max(axis=1).mean() > right + 0.12
    assert surprise(clf, strangers, truth) > 1.3 * found
    np.testing.assert_array_equal(clf.predict(strangers), predicted)


def test_a_class_of_one_subject_does_not_count():
    """Who alone did something cannot be judged by those who never did."""
    X, y, groups = people(6, random_state=0)
    is_alone = (groups == groups[0]) & (np.arange(len(y)) % 2 == 1)
    alone = np.where(is_alone, "cartwheel", y)
    clf = sh.FeatureLinearClassifier().fit(X, alone, groups=groups)
    plain = sh.FeatureLinearClassifier().fit(
        X[~is_alone], y[~is_alone], groups=groups[~is_alone]
    )
    assert clf.temperature_ == pytest.approx(plain.temperature_, rel=0.5)


def test_one_window_of_each_class():
    X = np.random.default_rng(0).normal(size=(2, 30, 3)).astype(np.float32)
    assert sh.FeatureLinearClassifier().fit(X, ["a", "b"]).temperature_ == 1
