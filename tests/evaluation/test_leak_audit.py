"""The audit measures what a leak flatters."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

import sensorhar as sh


class Memory(ClassifierMixin, BaseEstimator):
    """One nearest neighbour: knows people again."""

    def fit(self, X, y):
        self.table_, self.y_ = np.asarray(X).reshape(len(X), -1), y
        return self

    def predict(self, X):
        table = np.asarray(X).reshape(len(X), -1)
        far = np.linalg.norm(table[:, None] - self.table_, axis=2)
        return self.y_[far.argmin(axis=1)]


def test_a_leak_flatters_who_remembers_people(make_people):
    windows = make_people(8, 24, spread=2.0)
    audit = sh.leak_audit(Memory(), windows, n_splits=4, progress=False)
    assert [row.split for row in audit.rows] == [
        *("random windows", "recordings", "subjects", "subjects, pure windows only")
    ]
    assert [row.is_leaky for row in audit.rows] == [True, True, False, False]
    assert audit.flattered("random windows") > 0.15
    assert audit.flattered("subjects") == 0
    assert audit["subjects, pure windows only"].n_windows == 8 * 23
    text = str(audit)
    assert "random windows (LEAKY)" in text
    assert "recordings (LEAKY)" in text
    points = 100 * audit.flattered("random windows")
    assert f"{points:.1f} points above the" in text


def test_the_honest_row_is_what_evaluate_says(make_people):
    windows = make_people(6)
    audit = sh.leak_audit(Memory(), windows, n_splits=3, progress=False)
    report = sh.evaluate(Memory(), windows, cv="group-3", progress=False)
    assert audit["subjects"].macro_f1 == report["Memory"].score().mean


def test_what_cannot_be_tried_is_said(make_windows_of):
    windows = make_windows_of([0, 1] * 6, list("ab") * 6, np.repeat(list("xyz"), 4))
    audit = sh.leak_audit(Memory(), windows, n_splits=3, progress=False)
    assert [row.split for row in audit.rows] == ["random windows", "subjects"]
    assert audit.notes == (
        "recordings: not tried, for some windows do not name theirs.",
        "pure windows only: not tried, for the purity is unknown.",
    )


def test_few_recordings_and_pure_windows_are_said(make_windows_of):
    who = np.repeat(list("xyz"), 4)
    fields = {"recording": np.where(who == "x", "one", "two"), "purity": np.ones(12)}
    windows = make_windows_of([0, 1] * 6, list("ab") * 6, who, **fields)
    fields["recording"] = np.full(12, "one")
    audit = sh.leak_audit(Memory(), windows, n_splits=3, progress=False)
    assert audit.notes == ("pure windows only: not tried, for all windows are pure.",)
    windows = windows.with_labels(windows.y, np.where(who == "x", "x", "y"))
    with pytest.raises(ValueError, match="3 folds of subjects need"):
        sh.leak_audit(Memory(), windows, n_splits=3, progress=False)


def test_it_is_plain_json(make_people):
    audit = sh.leak_audit(Memory(), make_people(4), n_splits=2, progress=False)
    fields = audit.to_dict()
    assert fields["classifier"] == "Memory"
    assert fields["rows"][0]["flattered"] == audit.flattered("random windows")


def test_an_unknown_row_is_told_the_choices(make_people):
    audit = sh.leak_audit(Memory(), make_people(4), n_splits=2, progress=False)
    with pytest.raises(KeyError, match="split must be one of .*random windows"):
        audit["days"]
