"""Frames are views that obey their equation."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.signal.frame import frame


@settings(max_examples=40, deadline=None)
@given(
    n_samples=st.integers(0, 60),
    n_timepoints=st.integers(1, 20),
    step=st.integers(1, 25),
    n_channels=st.integers(1, 3),
)
def test_frames_equal_slices(n_samples, n_timepoints, step, n_channels):
    values = np.arange(n_samples * n_channels).reshape(n_samples, n_channels)
    frames = frame(values, n_timepoints=n_timepoints, step=step)
    starts = range(0, n_samples - n_timepoints + 1, step)
    assert frames.shape == (len(starts), n_timepoints, n_channels)
    for start, window in zip(starts, frames, strict=True):
        np.testing.assert_array_equal(window, values[start : start + n_timepoints])


def test_frames_are_read_only_views():
    values = np.zeros((100, 3), dtype=np.float32)
    frames = frame(values, n_timepoints=10, step=5)
    assert np.shares_memory(frames, values)
    with pytest.raises(ValueError, match="read-only"):
        frames[0, 0, 0] = 1
    values[7, 1] = 5
    assert frames[0, 7, 1] == frames[1, 2, 1] == 5


def test_frames_of_slices_and_other_shapes():
    values = np.arange(40.0).reshape(20, 2)[::2, 1:]
    np.testing.assert_array_equal(frame(values, n_timepoints=4, step=3)[1], values[3:7])
    assert frame(np.zeros((20, 5, 2)), n_timepoints=4, step=4).shape == (5, 4, 5, 2)
    assert frame(np.zeros(20), n_timepoints=4, step=4).shape == (5, 4)


def test_counts_must_be_whole():
    with pytest.raises(
        ValueError, match=r"n_timepoints must be a whole number .* got 0"
    ):
        frame(np.zeros(9), n_timepoints=0, step=1)
    with pytest.raises(
        ValueError, match=r"step must be a whole number .* got 1\.5; round"
    ):
        frame(np.zeros(9), n_timepoints=3, step=1.5)
    with pytest.raises(ValueError, match=r"time as their first axis, got .* 3\.0"):
        frame(3.0, n_timepoints=3, step=1)
