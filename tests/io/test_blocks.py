"""Sample times from one stamp a block."""

import numpy as np
import pytest

from sensorhar.io._blocks import block_times


def test_the_true_rate_is_found():
    times = block_times(np.arange(10) * 1.02, np.zeros(10), np.full(10, 100), 100.0)
    np.testing.assert_allclose(times, np.arange(1000) * 0.0102, atol=1e-12)


def test_offsets_place_the_stamp():
    times = block_times([0.0, 1.0], [-20, -20], [50, 50], 50.0)
    np.testing.assert_allclose(times, 0.4 + np.arange(100) / 50, atol=1e-12)


def test_gaps_stay():
    times = block_times([0.0, 1.0, 5.0, 6.0], np.zeros(4), np.full(4, 50), 50.0)
    assert np.diff(times).max() == pytest.approx(5 - 99 / 50)
    np.testing.assert_allclose(np.sort(np.diff(times))[:-1], 0.02, atol=1e-12)


def test_one_stamp_for_two_blocks():
    times = block_times([0.0, 0.0, 1.0], [0, -50, 0], [50, 50, 50], 98.0)
    np.testing.assert_allclose(np.diff(times), 0.01, atol=1e-12)


def test_coarse_stamps_are_averaged():
    """Rounded down to 0.5 s, and 40 ppm slow: good to that, at an even rate."""
    true = np.arange(2000) * 6 * (1 + 4e-5)
    stamps = np.floor((true + 0.31) * 2) / 2 - 0.31
    times = block_times(stamps, np.zeros(2000), np.full(2000, 300), 50.0, tick_s=0.5)
    found = times[::300] - true
    assert np.abs(found).max() < 0.5
    assert np.abs(np.diff(times) * 50 - 1).max() < 2e-3
