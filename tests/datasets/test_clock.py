"""Stamps that are fine stay as they are; others are repaired or refused."""

import numpy as np
import pytest

from sensorhar.datasets._clock import increasing_times
from sensorhar.errors import DataError


def test_fine_stamps_stay():
    stamps = np.concatenate([np.arange(50) / 50, 100 + np.arange(5) / 50])
    assert increasing_times(stamps, rate_hz=50, called="x") is stamps


def test_bursts_are_spread():
    stamps = np.repeat(np.arange(100) * 0.1, 5)
    times = increasing_times(stamps, rate_hz=50, called="x")
    np.testing.assert_allclose(np.diff(times), 0.02, atol=1e-4)


@pytest.mark.parametrize(
    ("stamps", "sequence"),
    [
        (np.arange(100)[::-1] / 50.0, None),
        (np.arange(3.0), np.array([1, 1, 2])),
        (np.array([0.0, np.nan, 1.0]), None),
    ],
)
def test_refused(stamps, sequence):
    with pytest.raises(DataError, match="times of x.txt must be a clock that runs"):
        increasing_times(stamps, rate_hz=50, called="x.txt", sequence=sequence)
