"""Scores equal scikit-learn's, hand-worked cases, and keep their rule for zeros."""

import subprocess
import sys
import warnings

import numpy as np
import pytest
import sklearn.metrics as sk
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.evaluation import metrics
from sensorhar.evaluation.confusion import confusion_matrix

LABELS = ["lie", "sit", "walk", "run"]
ALL = [
    metrics.accuracy,
    metrics.balanced_accuracy,
    metrics.macro_f1,
    metrics.weighted_f1,
    metrics.cohen_kappa,
    metrics.matthews,
]

pairs = st.lists(
    st.tuples(st.sampled_from(LABELS), st.sampled_from(LABELS)),
    min_size=1,
    max_size=40,
)


def by_sklearn(true, pred):
    occurring = np.unique(true)
    return {
        "accuracy": sk.accuracy_score(true, pred),
        "balanced_accuracy": sk.balanced_accuracy_score(true, pred),
        "macro_f1": sk.f1_score(
            true, pred, labels=occurring, average="macro", zero_division=0
        ),
        "weighted_f1": sk.f1_score(true, pred, average="weighted", zero_division=0),
        "cohen_kappa": sk.cohen_kappa_score(true, pred),
        "matthews": sk.matthews_corrcoef(true, pred),
    }


@settings(max_examples=60, deadline=None)
@given(pairs)
def test_scores_equal_sklearn(drawn):
    true, pred = zip(*drawn, strict=True)
    matrix = confusion_matrix(true, pred, labels=LABELS)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        wanted = by_sklearn(list(true), list(pred))
    for score in ALL:
        np.testing.assert_allclose(
            score(matrix), wanted[score.__name__], atol=1e-12, err_msg=score.__name__
        )


@settings(max_examples=40, deadline=None)
@given(pairs)
def test_scores_of_each_class_equal_sklearn_where_the_class_occurs(drawn):
    true, pred = map(list, zip(*drawn, strict=True))
    table = metrics.per_class(confusion_matrix(true, pred, labels=LABELS))
    wanted = sk.precision_recall_fscore_support(
        true, pred, labels=LABELS, zero_division=0
    )
    occurs = wanted[3] > 0
    for column, other in zip(table, wanted, strict=True):
        np.testing.assert_allclose(column[occurs], other[occurs])
    assert np.isnan(table.recall[~occurs]).all()
    assert np.isnan(table.f1[~occurs]).all()


def test_a_case_worked_by_hand():
    # truth: 4 sit (3 found), 6 walk (4 found)
    matrix = np.array([[3, 1], [2, 4]])
    assert metrics.accuracy(matrix) == pytest.approx(7 / 10)
    assert metrics.balanced_accuracy(matrix) == pytest.approx((3 / 4 + 4 / 6) / 2)
    sit, walk = 6 / (4 + 5), 8 / (6 + 5)
    assert metrics.macro_f1(matrix) == pytest.approx((sit + walk) / 2)
    assert metrics.weighted_f1(matrix) == pytest.approx(0.4 * sit + 0.6 * walk)
    chance = (4 * 5 + 6 * 5) / 100
    assert metrics.cohen_kappa(matrix) == pytest.approx((0.7 - chance) / (1 - chance))
    wanted = (3 * 4 - 1 * 2) / np.sqrt(4 * 6 * 5 * 5)
    assert metrics.matthews(matrix) == pytest.approx(wanted)


def test_a_stray_prediction_of_a_class_that_never_occurs_costs_one_window():
    matrix = np.array([[9, 0, 1], [0, 10, 0], [0, 0, 0]])
    assert metrics.macro_f1(matrix) == pytest.approx((18 / 19 + 1) / 2)
    assert metrics.per_class(matrix).precision[2] == 0


def test_a_class_never_predicted_has_precision_zero():
    assert metrics.per_class([[0, 4], [0, 6]]).precision.tolist() == [0, 0.6]


@pytest.mark.parametrize("score", ALL)
def test_no_windows_score_nan(score):
    assert np.isnan(score(np.zeros((3, 3), dtype=int)))


@pytest.mark.parametrize("score", ALL)
def test_a_stack_scores_as_its_matrices_do(score):
    stack = np.random.default_rng(0).integers(0, 9, (2, 5, 4, 4))
    stack[0, 0] = 0
    wanted = [[score(matrix) for matrix in row] for row in stack]
    np.testing.assert_allclose(score(stack), wanted)


@pytest.mark.parametrize("score", ALL)
def test_perfect_is_one_and_the_order_of_labels_is_nothing(score):
    assert score(np.diag([3, 5, 2])) == pytest.approx(1)
    matrix = np.random.default_rng(1).integers(1, 9, (4, 4))
    order = [2, 0, 3, 1]
    assert score(matrix[np.ix_(order, order)]) == pytest.approx(score(matrix))


def test_a_matrix_that_is_not_square_is_refused():
    with pytest.raises(ValueError, match=r"shape \(n_classes, n_classes\).*\(2, 3\)"):
        metrics.accuracy(np.zeros((2, 3), dtype=int))


def test_a_matrix_of_shares_is_refused():
    with pytest.raises(ValueError, match="must hold whole numbers; got float64"):
        metrics.accuracy([[0.5, 0.5], [0.0, 1.0]])


def test_metrics_are_light():
    code = (
        "from sensorhar.evaluation import metrics\nimport sys\n"
        "print({'sklearn', 'scipy', 'pandas', 'matplotlib', 'rich'} & set(sys.modules))"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "set()"
