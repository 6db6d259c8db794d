"""The interval over subjects: reproducible, covering, and wider than over windows."""

import numpy as np
import pytest

from sensorhar.evaluation import accuracy, bootstrap_interval, cohen_kappa, macro_f1


def of_accuracies(right, n=20):
    """One matrix a subject, with that many of n right."""
    return np.array([[[r, n - r], [0, 0]] for r in right])


def test_it_covers_the_true_mean_about_as_often_as_it_says():
    rng = np.random.default_rng(0)
    hits = 0
    for i in range(200):
        right = rng.binomial(20, rng.beta(8, 2, size=25))  # mean 0.8
        low, high = bootstrap_interval(
            of_accuracies(right), accuracy, n_resamples=300, random_state=i
        )
        hits += low <= 0.8 <= high
    assert 0.88 <= hits / 200 <= 0.99


def test_it_equals_a_plain_loop():
    matrices = np.random.default_rng(1).integers(0, 9, (2, 6, 3, 3))
    low, high = bootstrap_interval(matrices, macro_f1, n_resamples=200, random_state=3)
    rng = np.random.default_rng(3)
    scores = []
    for times in rng.multinomial(6, np.full(6, 1 / 6), size=200):
        drawn = np.repeat(np.arange(6), times)
        scores.append(np.mean([macro_f1(m[drawn].sum(axis=0)) for m in matrices]))
    wanted = np.quantile(scores, [0.025, 0.975])
    np.testing.assert_allclose([low, high], wanted, atol=1e-12)


def test_equal_subjects_leave_no_doubt():
    assert bootstrap_interval(of_accuracies([15] * 8), accuracy) == (0.75, 0.75)


def test_a_higher_level_is_wider():
    matrices = of_accuracies([5, 10, 12, 18, 20])
    narrow = bootstrap_interval(matrices, accuracy, level=0.5)
    wide = bootstrap_interval(matrices, accuracy, level=0.99)
    assert wide[0] < narrow[0] < narrow[1] < wide[1]


def test_one_subject_gives_no_interval():
    assert np.isnan(bootstrap_interval(of_accuracies([15]), accuracy)).all()


def test_a_single_matrix_is_refused():
    with pytest.raises(ValueError, match=r"\(n_subjects, n_classes, n_classes\)"):
        bootstrap_interval([[3, 1], [0, 4]], accuracy)


def test_the_level_is_a_share():
    with pytest.raises(ValueError, match="level must lie between 0 and 1; got 95"):
        bootstrap_interval(of_accuracies([1, 2]), accuracy, level=95)


def test_the_number_of_draws_is_positive():
    with pytest.raises(ValueError, match="n_resamples must be a number above 0; got 0"):
        bootstrap_interval(of_accuracies([1, 2]), accuracy, n_resamples=0)


def test_a_score_that_never_exists_has_no_interval():
    matrices = np.array([[[5, 0], [0, 0]], [[3, 0], [0, 0]]])
    assert np.isnan(bootstrap_interval(matrices, cohen_kappa)).all()
