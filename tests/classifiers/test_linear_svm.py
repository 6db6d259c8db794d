"""Linear machines against scikit-learn's, both ways of solving, and their odds."""

import numpy as np
import pytest
from sklearn.svm import LinearSVC

from sensorhar.classifiers._linear_svm import Machines, find_sharpness


@pytest.fixture(scope="module")
def problem():
    """Three classes that overlap, in 20 columns."""
    rng = np.random.default_rng(0)
    features = rng.normal(size=(240, 20))
    features /= np.linalg.norm(features, axis=1, keepdims=True)
    codes = (features @ rng.normal(size=(20, 3)) + rng.normal(0, 0.3, (240, 3))).argmax(
        axis=1
    )
    return features, codes, rng.random(240)


@pytest.mark.parametrize("most_rows", [10_000, 10])
@pytest.mark.parametrize("cost", [0.1, 100.0])
@pytest.mark.parametrize("is_weighted", [False, True])
def test_the_machines_are_scikit_learns(
    problem, cost, is_weighted, most_rows, monkeypatch
):
    """LinearSVC minimises the same sum, with its intercept as one more column."""
    monkeypatch.setattr("sensorhar.classifiers._linear_svm.MOST_ROWS", most_rows)
    features, codes, weight = problem
    weight = weight if is_weighted else None
    slopes, intercept = Machines(features, codes, 3, cost, weight).fit(np.arange(240))
    other = LinearSVC(C=cost, dual=True, tol=1e-8, max_iter=200_000, random_state=0)
    other.fit(features, codes, sample_weight=weight)
    np.testing.assert_allclose(slopes, other.coef_.T, atol=0.01)
    np.testing.assert_allclose(intercept, other.intercept_, atol=0.01)


@pytest.mark.parametrize("most_rows", [10_000, 10])
def test_rows_that_are_left_out_do_not_count(problem, most_rows, monkeypatch):
    monkeypatch.setattr("sensorhar.classifiers._linear_svm.MOST_ROWS", most_rows)
    features, codes, _ = problem
    rows = np.flatnonzero(np.arange(240) % 3 > 0)
    chosen = Machines(features, codes, 3, 1.0).fit(rows)
    alone = Machines(features[rows], codes[rows], 3, 1.0).fit(np.arange(len(rows)))
    weight = (np.arange(240) % 3 > 0).astype(float)
    weighted = Machines(features, codes, 3, 1.0, weight).fit(np.arange(240))
    for other in (alone, weighted):
        np.testing.assert_allclose(chosen[0], other[0], atol=1e-3)
        np.testing.assert_allclose(chosen[1], other[1], atol=1e-3)


def test_many_rows_start_from_few(problem, monkeypatch):
    features, codes, _ = problem
    expected = Machines(features, codes, 3, 1.0).fit(np.arange(240))
    monkeypatch.setattr("sensorhar.classifiers._linear_svm.FIRST_ROWS", 20)
    found = Machines(features, codes, 3, 1.0).fit(np.arange(240))
    np.testing.assert_allclose(found[0], expected[0], atol=1e-6)


def test_sharpness_is_the_most_likely():
    """Labels drawn with odds of 3 times the scores: about 3 is found."""
    rng = np.random.default_rng(0)
    scores = rng.normal(size=(4000, 3))
    odds = np.exp(3 * scores)
    draw = rng.random((4000, 1))
    codes = (draw > np.cumsum(odds / odds.sum(axis=1, keepdims=True), axis=1)).sum(1)
    assert find_sharpness(scores, codes) == pytest.approx(3, rel=0.1)
    weight = np.ones(4000)
    assert find_sharpness(scores, codes, weight) == pytest.approx(
        find_sharpness(scores, codes)
    )


def test_scores_without_an_error_give_no_certainty():
    scores = np.repeat(np.eye(3), 10, axis=0)
    codes = np.repeat(np.arange(3), 10)
    sharpness = find_sharpness(scores, codes)
    odds = np.exp(sharpness * scores[0])
    # One row more of each class scores by chance: 11 of 33 + 1 ... about 31 of 33.
    assert odds[0] / odds.sum() == pytest.approx(31 / 33, abs=0.01)


def test_rows_that_all_weigh_nothing_count_alike():
    scores, codes = np.eye(3), np.arange(3)
    assert find_sharpness(scores, codes, np.zeros(3)) == find_sharpness(scores, codes)
