"""A clock is cut at pauses and steps back, and nowhere else."""

import numpy as np

from sensorhar.datasets._stretches import find_stretches


def test_cuts():
    stamps = np.concatenate([np.arange(5), [20, 21], [3, 4], [4, 4.5]])
    assert find_stretches(stamps, max_gap_s=2).tolist() == [[0, 5], [5, 7], [7, 11]]


def test_jitter_and_repeats_are_no_cuts():
    stamps = [0, 0.05, 0.04, 0.04, 0.1]
    assert find_stretches(stamps, max_gap_s=1).tolist() == [[0, 5]]


def test_nothing():
    assert find_stretches([], max_gap_s=1).shape == (0, 2)
    assert find_stretches([7], max_gap_s=1).tolist() == [[0, 1]]
