"""Labels of samples become events that cover just those samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.datasets._sample_labels import events_of_samples
from sensorhar.errors import DataError

NAMES = {1: "walking", 2: "sitting"}


def cover(events, time_s):
    return [
        next((e.label for e in events if e.start_s <= t < e.stop_s), None)
        for t in time_s
    ]


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.sampled_from([0, 1, 2]), min_size=1, max_size=60),
    st.lists(st.sampled_from([0.6, 1, 1, 1, 1.3, 7]), min_size=60, max_size=60),
)
def test_each_sample_keeps_its_label(codes, steps):
    time_s = 0.1 + np.cumsum(steps[: len(codes)]) / 30
    events = events_of_samples(
        np.array(codes, dtype=float), time_s, NAMES, null=0, rate_hz=30, called="x"
    )
    assert cover(events, time_s) == [NAMES.get(code) for code in codes]
    assert not events.overlapping()


def test_an_event_ends_before_a_gap():
    time_s = np.array([0, 0.1, 0.2, 5.0, 5.1])
    events = events_of_samples(
        np.array([1, 1, 1, 2, 2]), time_s, NAMES, rate_hz=10, called="x"
    )
    np.testing.assert_allclose(events.stop_s, [0.3, 5.2])


def test_unknown_codes():
    with pytest.raises(DataError, match=r"labels of a\.txt must be among 1, 2; got 7"):
        events_of_samples(
            np.array([0, 7]), np.arange(2.0), NAMES, null=0, rate_hz=1, called="a.txt"
        )


def test_text_without_null():
    words = {"a": "walking"}
    events = events_of_samples(
        np.array(["a", "a"]), np.arange(2.0), words, rate_hz=1, called="x"
    )
    assert [tuple(e)[:3] for e in events] == [(0, 2, "walking")]
