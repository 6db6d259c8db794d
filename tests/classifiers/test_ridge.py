"""The ridge solver against scikit-learn's, and its two ways against each other."""

import numpy as np
import pytest
from sklearn.linear_model import Ridge

from sensorhar.classifiers import _ridge
from sensorhar.classifiers._ridge import PENALTIES, deal_folds, fit_ridge

N_CLASSES = 3


def problem(n_rows, n_features, seed=0):
    rng = np.random.default_rng(seed)
    codes = rng.integers(N_CLASSES, size=n_rows)
    rows = rng.normal(size=(n_rows, n_features)) + codes[:, None]
    rows -= rows.mean(axis=0)
    weight = rng.uniform(0.2, 3, n_rows).astype(np.float32)
    return rows.astype(np.float32), codes, weight


def fit(rows, codes, weight=None, fold=None):
    if fold is None:
        fold = np.zeros(len(codes), dtype=int)
    return fit_ridge(
        lambda which: rows[which], codes, N_CLASSES, weight, fold, rows.shape[1]
    )


@pytest.mark.parametrize("shape", [(40, 90), (200, 30)], ids=["dual", "primal"])
@pytest.mark.parametrize("has_weight", [False, True])
def test_equals_scikit_learn(shape, has_weight):
    """Nothing held out: the middle penalty, and scikit-learn's closed form."""
    rows, codes, weight = problem(*shape)
    own = weight if has_weight else None
    coefficients, intercept, penalty, temperature = fit(rows, codes, own)
    assert temperature == 1
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
    fold = np.arange(60) % 4
    primal = fit(rows, codes, own, fold)
    monkeypatch.setattr(_ridge, "_solve_primal", _ridge._solve_dual)
    dual = fit(rows, codes, own, fold)
    assert dual[2] == primal[2]
    np.testing.assert_allclose(dual[0], primal[0], rtol=1e-3, atol=1e-6)


def test_the_penalty_is_chosen_on_rows_held_out():
    """Labels that rows do not tell ask for the largest penalty; clear ones do not."""
    rows, codes, _ = problem(400, 60)
    fold = np.arange(400) % 4
    clear = fit(rows * 3, codes, fold=fold)[2]
    noise = np.random.default_rng(1).permutation(codes)
    scores = [
        sum(
            np.sum(
                predict(rows, noise, fold != k, penalty)[fold == k] == noise[fold == k]
            )
            for k in range(4)
        )
        for penalty in PENALTIES
    ]
    chosen = fit(rows, noise, fold=fold)[2]
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

    fit_ridge(features, codes, N_CLASSES, None, np.arange(5000) % 4, 8)
    assert max(seen) <= 2048


def test_folds_hold_whole_subjects():
    codes = np.tile([0, 1], 40)
    groups = np.repeat([f"s{i}" for i in range(8)], 10).astype(object)
    fold = deal_folds(codes, groups, np.random.default_rng(0))
    assert sorted(np.bincount(fold).tolist()) == [20, 30, 30]
    for subject in set(groups):
        assert len(set(fold[groups == subject])) == 1


def test_few_subjects_make_few_folds():
    groups = np.repeat(["anna", "ben"], 10).astype(object)
    fold = deal_folds(np.tile([0, 1], 10), groups, np.random.default_rng(0))
    assert sorted(set(fold)) == [0, 1]
    assert len(set(fold[:10])) == len(set(fold[10:])) == 1


def test_without_subjects_each_fold_has_its_share_of_a_class():
    codes = np.repeat([0, 1], 30)
    fold = deal_folds(codes, None, np.random.default_rng(0))
    for code in (0, 1):
        assert np.bincount(fold[codes == code]).tolist() == [10, 10, 10]


@pytest.mark.parametrize("shape", [(90, 120), (400, 30)], ids=["dual", "primal"])
def test_probabilities_are_as_sure_as_they_are_right(shape):
    """Held-out scores at the temperature have the log loss of no other one tried."""
    rows, codes, weight = problem(*shape)
    fold = np.arange(len(codes)) % 3
    ridge = fit(rows, codes, weight, fold=fold)

    def loss(temperature):
        total = 0.0
        for k in range(3):
            held = fold == k
            own = np.sqrt(weight[~held].astype(float))[:, None]
            targets = np.where(codes[:, None] == np.arange(N_CLASSES), 1.0, -1.0)
            left = rows[~held].astype(float) * own
            right = (targets[~held] - ridge.intercept) * own
            squares = left.T @ left + ridge.penalty * np.eye(rows.shape[1])
            scores = rows[held] @ np.linalg.solve(squares, left.T @ right)
            scores = (scores + ridge.intercept) / temperature
            logs = scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))
            total -= weight[held] @ logs[np.arange(held.sum()), codes[held]]
        return total

    best = loss(ridge.temperature)
    for factor in (0.8, 0.95, 1.05, 1.25):
        assert loss(factor * ridge.temperature) > best
