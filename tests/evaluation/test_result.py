"""All scores of a result follow from its counts."""

import numpy as np
import pytest

from sensorhar.evaluation.result import METRICS, History, Result

COUNTS = np.array(
    [
        [[[9, 1], [0, 10]], [[5, 5], [0, 10]]],
        [[[10, 0], [0, 10]], [[5, 5], [2, 8]]],
    ]
)


@pytest.fixture
def result():
    return Result(
        name="toy",
        estimator="Toy()",
        labels=("null", "walk"),
        subjects=("anna", "ben"),
        seeds=(0, 1),
        counts=COUNTS,
        fit_s=np.ones((2, 2)),
        null_label="null",
        histories=(History(0, 0, {"loss": (2.0, float("nan"))}),),
    )


def test_mean_and_sd_are_over_seeds(result):
    score = result.score("accuracy")
    assert score.per_seed == (0.85, 0.825)
    assert score.mean == pytest.approx(0.8375)
    assert score.sd == pytest.approx(0.0176776695)
    assert score.low == pytest.approx(np.mean([0.75, 0.65]))
    assert score.high == pytest.approx(np.mean([0.95, 1.0]))


def test_subjects_are_averaged_over_seeds(result):
    assert result.per_subject() == pytest.approx({"anna": 0.975, "ben": 0.7})
    assert result.worst_subject() == ("ben", pytest.approx(0.7))


def test_support_is_of_one_seed(result):
    assert result.per_class()["walk"]["support"] == 20
    assert result.per_class()["walk"]["recall"] == pytest.approx((20 + 18) / 40)
    assert result.confusion.tolist() == [[29, 11], [2, 38]]


def test_without_null_keeps_the_other_rows(result):
    score = result.score("accuracy", without_null=True)
    assert score.per_seed == (1.0, 0.9)


def test_it_comes_back_from_its_dict(result):
    fields = result.to_dict()
    back = Result.from_dict(
        fields, labels=result.labels, subjects=result.subjects, null_label="null"
    )
    assert repr(back.to_dict()) == repr(fields)
    assert fields["subject_sd"]["accuracy"] == pytest.approx(
        np.std([0.975, 0.7], ddof=1)
    )
    assert set(fields["scores"]) == set(METRICS)


def test_an_unknown_metric_is_told_the_choices(result):
    for ask in (result.score, result.per_subject):
        with pytest.raises(ValueError, match="metric must be one of 'accuracy'.*'f1'"):
            ask("f1")


def test_without_null_needs_null(result):
    fields = {**vars(result), "null_label": None}
    for cached in ("scores", "scores_without_null"):
        fields.pop(cached, None)
    plain = Result(**fields)
    assert plain.scores_without_null is None
    with pytest.raises(ValueError, match="without_null needs windows of a null class"):
        plain.score(without_null=True)
