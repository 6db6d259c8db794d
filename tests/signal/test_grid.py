"""Clocks are told regular from irregular, and gaps are found."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.signal.grid import find_gaps, regular_rate


@settings(max_examples=30, deadline=None)
@given(
    rate_hz=st.sampled_from([1, 12.5, 25, 30, 50, 51.2, 64, 100, 128, 1000]),
    start_s=st.floats(0, 1e5),
    n_samples=st.integers(2, 100_000),
)
def test_regular_clocks_have_their_rate(rate_hz, start_s, n_samples):
    stamps = start_s + np.arange(n_samples) / rate_hz
    assert regular_rate(stamps) == pytest.approx(rate_hz, rel=1e-7)


def test_rates_are_free_of_rounding_dust():
    assert regular_rate(np.arange(360_000) / 51.2 + 17.3) == 51.2


@pytest.mark.parametrize("where", [1, 500, 40_000, 99_998])
def test_one_late_stamp_makes_a_clock_irregular(where):
    stamps = np.arange(100_000) / 50
    stamps[where] += 0.9e-3 / 50
    assert regular_rate(stamps) == pytest.approx(50)
    stamps[where] += 0.2e-3 / 50
    assert regular_rate(stamps) is None


def test_drift_makes_a_clock_irregular():
    ticks = np.arange(100_000) / 50
    assert regular_rate(ticks + 1e-9 * ticks**2) is None


@pytest.mark.parametrize("stamps", [[], [1.0], [1.0, 1.0], [2.0, 1.0], [0.0, np.nan]])
def test_no_clock_no_rate(stamps):
    assert regular_rate(stamps) is None


def test_gaps_are_found_between_their_samples():
    stamps = np.delete(np.arange(1000) / 100, np.r_[100:150, 700:705, 900:920])
    assert find_gaps(stamps).tolist() == [[99, 100], [844, 845]]
    assert find_gaps(stamps, max_gap_s=0.3).tolist() == [[99, 100]]
    assert find_gaps(stamps, max_gap_s=9).shape == (0, 2)


def test_a_slow_clock_may_pause_for_four_periods():
    assert find_gaps([0, 1, 2, 6, 7, 8, 13]).tolist() == [[5, 6]]


def test_a_pause_of_exactly_the_limit_is_no_gap():
    stamps = np.arange(1000) * 0.1 + 1e5
    assert len(find_gaps(stamps, max_gap_s=0.1)) == 0


@pytest.mark.parametrize("stamps", [[], [1.0]])
def test_no_steps_no_gaps(stamps):
    assert find_gaps(stamps).shape == (0, 2)


def test_wrong_shapes_and_limits():
    with pytest.raises(ValueError, match=r"time_s must have shape .* got \(3, 2\)"):
        find_gaps(np.zeros((3, 2)))
    with pytest.raises(ValueError, match="max_gap_s must be above 0 s, got -1"):
        find_gaps([0.0, 1.0], max_gap_s=-1)
