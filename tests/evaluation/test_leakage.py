"""A subject or a sample on both sides is found and named."""

import numpy as np
import pytest
from sklearn.model_selection import KFold

import sensorhar as sh
from sensorhar.evaluation import check_no_leak, make_splits


def test_a_splitter_that_ignores_subjects_is_refused(make_people):
    wanted = (
        "windows overlap by 50 % and the split ignores subjects, so training and test "
        'share samples. Pass cv="loso" or groups=windows.groups; to measure how much '
        'it flatters, pass cv="random-leaky".'
    )
    with pytest.raises(sh.LeakageError) as caught:
        make_splits(make_people(), KFold(5, shuffle=True, random_state=0))
    assert str(caught.value) == wanted


def test_a_subject_on_both_sides_is_refused_without_shared_samples(make_people):
    windows = make_people(2)
    first = np.array([r.endswith("-0") for r in windows.recording])
    with pytest.raises(sh.LeakageError, match="keep each subject on one side.*'p1'"):
        make_splits(windows, [(first, ~first)])


def test_a_window_on_both_sides_is_refused(make_people):
    with pytest.raises(sh.LeakageError, match="keep each window on one side; got 1"):
        check_no_leak(make_people(), [0, 1, 2], [2, 13])


def test_one_recording_under_two_names_of_people_is_found_by_its_numbers():
    spec = sh.WindowSpec((sh.Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 10, 5.0)
    line = np.random.default_rng(0).normal(70, 5, 30)
    values = np.stack([line[i : i + 10] for i in (0, 5, 10, 15)])[:, :, None]

    def windows(values):
        return sh.Windows.from_array(
            values,
            spec=spec,
            y=list("abab"),
            groups=["anna", "anna", "ben", "ben"],
            recording=["walk"] * 4,
            start_s=[0, 5, 10, 15],
        )

    with pytest.raises(sh.LeakageError, match="one side; got recording 'walk' on both"):
        make_splits(windows(values), "loso")
    # Two people who both called their recording 'walk' are two recordings.
    values[2:] += np.random.default_rng(1).normal(0, 1, values[2:].shape)
    assert len(make_splits(windows(values), "loso")) == 2


def two_windows(start_s, groups, **spec):
    """Return two windows of 10 s of one recording, of equal numbers."""
    channel = sh.Channel("hr_bpm", "bpm", "heart_rate")
    return sh.Windows.from_array(
        np.zeros((2, 10, 1)),
        spec=sh.WindowSpec((channel,), 1.0, 10, **spec),
        y=["a", "b"],
        groups=groups,
        recording=["walk"] * 2,
        start_s=start_s,
    )


def test_windows_that_touch_share_nothing():
    windows = two_windows([0, 10], ["anna", "anna"], step_s=10.0)
    with pytest.raises(sh.LeakageError, match="a split must keep each subject"):
        check_no_leak(windows, [0], [1])


def test_whole_events_are_not_measured_by_the_length_they_were_stretched_to():
    """Events of unknown length that begin 2 s apart need not overlap."""
    with pytest.raises(sh.LeakageError, match="got recording 'walk' on both"):
        check_no_leak(two_windows([0, 2], ["anna", "ben"]), [0], [1])
    check_no_leak(two_windows([0, 2], ["anna", "ben"], is_stretched=True), [0], [1])


def test_unknown_subjects_are_asked_for(make_windows_of):
    windows = make_windows_of([0, 1], ["a", "b"], None)
    with pytest.raises(ValueError, match="needs the subject of each window.*anna"):
        make_splits(windows, "loso")


def test_shared_samples_are_found_as_by_comparing_every_pair(make_people):
    windows = make_people(2)
    rng = np.random.default_rng(0)
    for _ in range(30):
        train, test = np.split(rng.permutation(24)[:6], 2)
        shared = any(
            windows.recording[a] == windows.recording[b]
            and abs(windows.start_s[a] - windows.start_s[b]) < windows.spec.length_s
            for a in train
            for b in test
        )
        if not set(windows.groups[train]) & set(windows.groups[test]):
            check_no_leak(windows, train, test)
            continue
        words = "windows overlap by 50 %" if shared else "keep each subject"
        with pytest.raises(sh.LeakageError, match=words):
            check_no_leak(windows, train, test)
