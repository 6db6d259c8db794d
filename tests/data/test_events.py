"""Events are sorted, checked, cut and moved."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar import Event, Events

EVENTS = Events([10, 0, 5], [12, 5, 9], ["sit", "walk", "run"], [0.5, np.nan, 1])


def test_sorted_with_labels_and_scores():
    assert EVENTS.start_s.tolist() == [0, 5, 10]
    assert EVENTS.labels.tolist() == ["walk", "run", "sit"]
    assert EVENTS.score.tolist()[1:] == [1, 0.5]
    assert EVENTS[1] == Event(5, 9, "run", 1.0)
    assert str(EVENTS[1]) == "5.0-9.0 s  run  1.00"
    assert EVENTS.classes == ("run", "sit", "walk")
    assert repr(EVENTS) == "<Events 3 in 12 s | run 1, sit 1, walk 1>"
    assert repr(Events.empty()) == "<Events 0>"


def test_round_trip_through_single_events():
    assert Events.from_list(EVENTS) == EVENTS


def test_crop_cuts_and_drops():
    cut = EVENTS.crop(3, 9)
    assert cut.start_s.tolist() == [3, 5]
    assert cut.stop_s.tolist() == [5, 9]


def test_select_and_shift():
    assert EVENTS.select(["sit"]).start_s.tolist() == [10]
    assert EVENTS.shift(-2).start_s.tolist() == [-2, 3, 8]


def test_overlapping_is_found_beyond_the_neighbour():
    events = Events([0, 1, 2, 10], [10, 2, 3, 11], list("abcd"))
    assert events.overlapping() == [(0, 1), (0, 2)]
    assert EVENTS.overlapping() == []


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(1, 9)), max_size=8))
@settings(max_examples=50, deadline=None)
def test_overlapping_agrees_with_all_pairs(rows):
    events = Events([a for a, _ in rows], [a + d for a, d in rows], ["x"] * len(rows))
    found = {j for _, j in events.overlapping()}
    expected = {
        j
        for j in range(len(events))
        if any(events.stop_s[i] > events.start_s[j] for i in range(j))
    }
    assert found == expected


@pytest.mark.parametrize(
    ("start", "stop", "labels", "match"),
    [
        ([0], [1, 2], ["a"], "must have one length; got 1, 2, 1 and 1"),
        ([0], [0], ["a"], "must stop after it starts; got 'a' from 0 to 0 s"),
        ([0], [np.nan], ["a"], "event times must be finite"),
        ([0], [1], [""], "labels must be strings that are not empty"),
        ([0], [1], [3], "got 3. Turn numbers into words"),
    ],
)
def test_refuses(start, stop, labels, match):
    with pytest.raises(ValueError, match=match):
        Events(start, stop, labels)


def test_to_frame_has_one_row_an_event():
    frame = EVENTS.to_frame()
    assert list(frame.columns) == ["start_s", "stop_s", "label", "score"]
    assert frame.label.tolist() == ["walk", "run", "sit"]
