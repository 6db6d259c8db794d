"""Counts equal scikit-learn's, whole and by subject."""

import numpy as np
import pytest
import sklearn.metrics as sk

from sensorhar.evaluation import confusion_by_group, confusion_matrix

rng = np.random.default_rng(0)
TRUE = rng.choice(["a", "b", "c"], 200)
PRED = rng.choice(["a", "b", "c"], 200)
WHO = rng.choice(["anna", "ben"], 200)


def test_counts_equal_sklearn():
    wanted = sk.confusion_matrix(TRUE, PRED)
    np.testing.assert_array_equal(confusion_matrix(TRUE, PRED), wanted)


def test_matrices_of_subjects_add_up():
    counts = confusion_by_group(TRUE, PRED, WHO)
    assert counts.shape == (2, 3, 3)
    np.testing.assert_array_equal(counts.sum(axis=0), confusion_matrix(TRUE, PRED))
    is_ben = WHO == "ben"
    np.testing.assert_array_equal(
        counts[1], sk.confusion_matrix(TRUE[is_ben], PRED[is_ben])
    )


def test_order_of_labels_and_subjects_is_as_given():
    counts = confusion_by_group(
        ["b"], ["a"], ["ben"], labels=["b", "a"], subjects=["ben", "anna"]
    )
    assert counts.tolist() == [[[0, 1], [0, 0]], [[0, 0], [0, 0]]]


def test_nothing_counts_nothing():
    assert confusion_matrix([], [], labels=["a", "b"]).tolist() == [[0, 0], [0, 0]]


def test_an_unknown_label_is_named():
    with pytest.raises(ValueError, match="labels must hold every one.*'c'.*'a', 'b'"):
        confusion_matrix(["a", "c"], ["a", "b"], labels=["a", "b"])


def test_an_unknown_subject_is_named():
    with pytest.raises(ValueError, match="subjects must hold every one.*'ben'"):
        confusion_by_group(["a"], ["a"], ["ben"], subjects=["anna"])


def test_lengths_must_agree():
    with pytest.raises(ValueError, match=r"one length; got shapes \(2,\), \(1,\)"):
        confusion_matrix(["a", "b"], ["a"])
