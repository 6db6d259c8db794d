"""The ridge solver against scikit-learn's, and its two ways against each other."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from sensorhar.classifiers import _ridge
from sensorhar.classifiers._ridge import PENALTIES, fit_ridge, hold_out

N_CLASSES = 3


def problem(n_rows, n_features, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.integers(N_CLASSES, size=n_rows)
    rows = rng.normal(size=(n_rows, n_features)) + codes[:, None]
    rows -= rows.mean(axis=0)
    weight = rng.uniform(0.2, 3, n_rows).astype(np.float32)
    return rows.astype(np.float32), codes, weight


def fit(rows, codes, weight=None, is_held=None):
    if is_held is None:
        is_held = np.zeros(len(codes), dtype=bool)
    return fit_ridge(
        lambda which: rows[which], codes, N_CLASSES, weight, is_held, rows.shape[1]
    )


@pytest.mark.parametrize("shape", [(40, 90), (200, 30)], ids=["dual", "primal"])
@pytest.mark.parametrize("has_weight", [False, True])
def test_equals_scikit_learn(shape, has_weight):
    """Nothing held out: the middle penalty, and scikit-learn's closed form."""
    rows, codes, weight = problem(*shape)
    own = weight if has_weight else None
    coefficients, intercept, penalty = fit(rows, codes, own)
    assert penalty == PENALTIES[len(PENALTIES) // 2]
    targets = np.where(codes[:, None] == np.arange(N_CLASSES), 1.0, -1.0)
    np.testing.assert_allclose(intercept, np.average(targets, axis=0, weights=own))
    reference = Ridge(alpha=penalty, fit_intercept=False)
    reference.fit(rows.astype(float), targets - intercept, sample_weight=own)
    np.testing.assert_allclose(coefficients, reference.coef_.T, rtol=1e-4, atol=1e-7)


@pytest.mark.parametrize("has_weight", [False, True])
def test_dual_equals_primal(has_weight, monkeypatch):
    """The same rows both ways: the same penalty and the same slopes."""
    rows, codes, weight = problem(60, 50)
    own = weight if has_weight else None
    is_held = np.arange(60) % 4 == 0
    primal = fit(rows, codes, own, is_held)
    monkeypatch.setattr(_ridge, "_solve_primal", _ridge._solve_dual)
    dual = fit(rows, codes, own, is_held)
    assert dual[2] == primal[2]
    np.testing.assert_allclose(dual[0], primal[0], rtol=1e-3, atol=1e-6)


def test_the_penalty_is_chosen_on_rows_held_out():
    """Labels that rows do not tell ask for the largest penalty; clear ones do not."""
    rows, codes, _ = problem(400, 60)
    is_held = np.arange(400) % 4 == 0
    clear = fit(rows * 3, codes, is_held=is_held)[2]
    noise = np.random.default_rng(1).permutation(codes)
    scores = [
        np.mean(predict(rows, noise, ~is_held, penalty)[is_held] == noise[is_held])
        for penalty in PENALTIES
    ]
    chosen = fit(rows, noise, is_held=is_held)[2]
    assert clear < PENALTIES[-1]
    assert scores[list(PENALTIES).index(chosen)] == max(scores)


def predict(rows, codes, is_train, penalty):
    targets = np.where(codes[:, None] == np.arange(N_CLASSES), 1.0, -1.0)
    intercept = targets.mean(axis=0)
    model = Ridge(alpha=penalty, fit_intercept=False)
    model.fit(rows[is_train], (targets - intercept)[is_train])
    return (model.predict(rows) + intercept).argmax(axis=1)


def test_many_rows_are_summed_in_chunks():
    rows, codes, _ = problem(5000, 8)
    seen = []

    def features(which):
        seen.append(len(which))
        return rows[which]

    fit_ridge(features, codes, N_CLASSES, None, np.arange(5000) % 4 == 0, 8)
    assert max(seen) <= 2048


def test_hold_out_takes_whole_subjects():
    codes = np.tile([0, 1], 40)
    groups = np.repeat([f"s{i}" for i in range(8)], 10).astype(object)
    is_held = hold_out(codes, groups, np.random.default_rng(0))
    held, kept = set(groups[is_held]), set(groups[~is_held])
    assert len(held) == 2
    assert not held & kept


def test_hold_out_without_subjects_takes_every_fourth_of_a_class():
    codes = np.repeat([0, 1], 40)
    is_held = hold_out(codes, None, np.random.default_rng(0))
    assert np.bincount(codes[is_held]).tolist() == [10, 10]
