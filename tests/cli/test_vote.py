"""Overlapping windows to events, against a loop over samples."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.cli._vote import vote

RATE_HZ = 10.0
CLASSES = ["a", "b", "c"]


def by_loop(start, probability, n_timepoints):
    """Return (label code, mean probability) of each sample; code -1 is uncovered."""
    n_samples = max(start) + n_timepoints
    code, score = np.full(n_samples, -1), np.full(n_samples, np.nan)
    for t in range(n_samples):
        covering = [
            probability[i] for i, s in enumerate(start) if s <= t < s + n_timepoints
        ]
        if covering:
            mean = np.mean(covering, axis=0)
            code[t], score[t] = mean.argmax(), mean.max()
    return code, score


@settings(max_examples=40, deadline=None)
@given(
    starts=st.lists(st.integers(0, 60), min_size=1, max_size=12, unique=True),
    n_timepoints=st.integers(1, 20),
    seed=st.integers(0, 1000),
)
def test_as_a_loop_over_samples(starts, n_timepoints, seed):
    probability = np.random.default_rng(seed).dirichlet(np.ones(3), len(starts))
    offset_s = 3.7
    events = vote(
        offset_s + np.array(starts) / RATE_HZ,
        probability,
        CLASSES,
        rate_hz=RATE_HZ,
        n_timepoints=n_timepoints,
    )
    code, score = by_loop(starts, probability, n_timepoints)
    said = np.full(len(code), -1)
    for event in events:
        first = round((event.start_s - offset_s) * RATE_HZ)
        last = round((event.stop_s - offset_s) * RATE_HZ)
        said[first:last] = CLASSES.index(event.label)
        assert event.score == pytest.approx(score[first:last].mean())
    assert said.tolist() == code.tolist()
    assert not events.overlapping()
    for left, right in zip(list(events)[:-1], list(events)[1:], strict=True):
        assert left.label != right.label or left.stop_s < right.start_s


def test_a_known_answer():
    # Windows of 2 s every 1 s: 0-1 s is a alone, 1-2 s the mean, 2-3 s is b alone.
    events = vote(
        np.array([0.0, 1.0]),
        np.array([[0.9, 0.1], [0.4, 0.6]]),
        ["a", "b"],
        rate_hz=RATE_HZ,
        n_timepoints=20,
    )
    assert events.start_s.tolist() == [0.0, 2.0]
    assert events.stop_s.tolist() == [2.0, 3.0]
    assert list(events.labels) == ["a", "b"]
    assert events.score == pytest.approx([(0.9 + 0.65) / 2, 0.6])


def test_a_gap_parts_equal_labels():
    events = vote(
        np.array([0.0, 5.0]), np.ones((2, 1)), ["a"], rate_hz=RATE_HZ, n_timepoints=20
    )
    assert events.stop_s.tolist() == [2.0, 7.0]


def test_no_windows_are_no_events():
    nothing = vote(
        np.array([]), np.zeros((0, 2)), ["a", "b"], rate_hz=RATE_HZ, n_timepoints=20
    )
    assert len(nothing) == 0
