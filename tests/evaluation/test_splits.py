"""Splits keep people apart, say so in words, and refuse what leaks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.model_selection import GroupShuffleSplit, LeaveOneGroupOut

import sensorhar as sh
from sensorhar.evaluation import make_splits
from sensorhar.evaluation.splits import natural_order


def test_loso_tests_each_subject_once(make_people):
    windows = make_people(4)
    splits = make_splits(windows, "loso")
    assert len(splits) == 4
    for who, (train, test) in zip(["p1", "p2", "p3", "p4"], splits, strict=True):
        assert set(windows.groups[test]) == {who}
        assert who not in windows.groups[train]
        assert len(train) + len(test) == len(windows)
    assert "leave one subject out: each of 4 subjects" in splits.protocol


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_no_subject_stands_on_both_sides_of_folds(data):
    n_subjects = data.draw(st.integers(2, 8))
    n_folds = data.draw(st.integers(2, n_subjects))
    n = data.draw(st.integers(n_subjects * 3, 60))  # some label has a third at least
    who = [f"p{i % n_subjects}" for i in range(n)]
    y = data.draw(st.lists(st.sampled_from("abc"), min_size=n, max_size=n))
    spec = sh.WindowSpec((sh.Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 4)
    windows = sh.Windows.from_array(np.zeros((n, 4, 1)), spec=spec, y=y, groups=who)
    splits = make_splits(windows, f"group-{n_folds}")
    tested = np.concatenate([test for _, test in splits])
    assert sorted(tested) == list(range(n))
    for train, test in splits:
        assert len(test)
        assert not set(windows.groups[train]) & set(windows.groups[test])


def test_a_number_means_folds_of_subjects(make_people):
    by_number, by_name = (make_splits(make_people(6), cv) for cv in (3, "group-3"))
    assert by_number.digest == by_name.digest
    assert "3 folds of whole subjects" in by_number.protocol


def test_the_seed_deals_the_folds_and_the_digest_shows_it(make_people):
    windows = make_people(8)
    first, same = (make_splits(windows, 4, random_state=0) for _ in range(2))
    assert first.digest == same.digest
    other = make_splits(windows, 4, random_state=1)
    assert first.digest != other.digest
    relabelled = windows.with_labels(np.roll(windows.y, 1))
    assert make_splits(relabelled, "loso").digest != make_splits(windows).digest


def test_official_takes_the_pair_as_it_is(make_people):
    windows = make_people(4)
    train, test = windows[:24], windows[24:]
    splits = make_splits((train, test), "official")
    assert [side.tolist() for side in splits.pairs[0]] == [
        list(range(24)),
        list(range(24, 48)),
    ]
    assert splits.protocol == (
        "official split: trained on 2 subjects (24 windows), tested on 2 others "
        "(24 windows)"
    )


def test_a_pair_is_joined_for_other_splits(make_people):
    windows = make_people(4)
    assert len(make_splits((windows[:24], windows[24:]), "loso")) == 4


def test_official_is_checked_too(make_people):
    windows = make_people(4)
    with pytest.raises(sh.LeakageError, match="windows overlap by 50 %"):
        make_splits((windows[:28], windows[28:]), "official")


def test_official_needs_a_pair(make_people):
    with pytest.raises(ValueError, match=r"needs a pair \(train, test\).*one Windows"):
        make_splits(make_people(), "official")


def test_splitters_and_pairs_are_taken(make_people):
    windows = make_people(4)
    by_splitter = make_splits(windows, LeaveOneGroupOut())
    masks = [(windows.groups != who, windows.groups == who) for who in ("p1", "p2")]
    assert len(by_splitter) == 4
    assert by_splitter.protocol.startswith("LeaveOneGroupOut()")
    assert len(make_splits(windows, masks)) == 2
    assert len(make_splits(windows, GroupShuffleSplit(3, random_state=0))) == 3


@pytest.mark.parametrize("cv", ["random-leaky", "random-leaky-3", "recording-leaky-4"])
def test_leaks_asked_for_by_name_are_marked(make_people, cv):
    splits = make_splits(make_people(), cv)
    assert splits.is_leaky
    assert splits.protocol.startswith("LEAKY: ")
    assert repr(splits).startswith("<LEAKY Splits")
    tested = np.concatenate([test for _, test in splits])
    assert sorted(tested) == list(range(48))


def test_recordings_stay_whole_in_the_recording_leak(make_people):
    windows = make_people()
    for train, test in make_splits(windows, "recording-leaky-4"):
        assert not set(windows.recording[train]) & set(windows.recording[test])


def test_the_recording_leak_needs_names(make_windows_of):
    windows = make_windows_of([0, 1] * 4, list("abababab"), list("aabbccdd"))
    with pytest.raises(ValueError, match="needs the recording of each window"):
        make_splits(windows, "recording-leaky")


def test_one_subject_cannot_be_left_out(make_people):
    with pytest.raises(ValueError, match="needs at least 2 subjects; got 'p1'"):
        make_splits(make_people(1), "loso")


def test_more_folds_than_subjects_are_refused(make_people):
    with pytest.raises(ValueError, match="5 folds of subjects.*got 4 subjects"):
        make_splits(make_people(4), 5)


def test_folds_need_one_label_that_fills_them(make_windows_of):
    windows = make_windows_of(range(6), list("aabbcc"), list("uvwxyz"))
    with pytest.raises(ValueError, match="3 folds need a label of.*commonest.*has 2"):
        make_splits(windows, 3)


@pytest.mark.parametrize("cv", ["group", "kfold", "group-x", None, 2.5, True, [1, 2]])
def test_an_unknown_cv_is_told_the_choices(make_people, cv):
    with pytest.raises(ValueError, match='cv must be "loso", "official", "group-10"'):
        make_splits(make_people(), cv)


def test_an_empty_side_is_refused(make_people):
    with pytest.raises(ValueError, match="split 1 of 1 must have windows.*12 and 0"):
        make_splits(make_people(), [(range(12), np.zeros(0, dtype=int))])


def test_no_split_is_refused(make_people):
    with pytest.raises(ValueError, match="at least one split; got none"):
        make_splits(make_people(), [])


def test_indices_must_exist(make_people):
    with pytest.raises(ValueError, match="indices from 0 to 47; got 0 to 99"):
        make_splits(make_people(), [([0], [99])])


def test_natural_order_counts():
    assert natural_order(["10", "9", "1", "b", "a2", "a10"]) == [
        *("1", "9", "10", "a2", "a10", "b")
    ]
