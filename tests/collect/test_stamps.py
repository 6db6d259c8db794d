"""Stamps stay exact, and only a clock that was set begins anew."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sensorhar.collect._stamps import StampClock, as_ns
from sensorhar.collect._track import Track

START_NS = 1_698_501_144_401_773_017


def test_whole_numbers_stay_exact():
    assert as_ns(START_NS) == as_ns(str(START_NS)) == START_NS
    assert as_ns(1_698_501_144_401, 10**6) == 1_698_501_144_401 * 10**6
    assert as_ns(12.5, 10**9) == as_ns("12.5", 1e9) == 12_500_000_000


@given(
    st.none()
    | st.booleans()
    | st.floats()
    | st.integers()
    | st.text()
    | st.lists(st.none())
)
def test_whatever_it_is_nothing_is_raised(value):
    found = as_ns(value, 10**6)
    assert found is None or abs(found) < 2**62


def test_what_a_phone_kept_for_us_is_no_new_clock():
    clock = StampClock()
    for i in range(30):  # half a minute that comes within 0.3 s
        newest_ns = START_NS + (i + 1) * 10**9
        clock.see(newest_ns - 990_000_000, newest_ns, 100 + i / 100)
    assert clock.segment == 0
    assert clock.times(clock.seconds(np.array([newest_ns])))[0] <= 100.3


@pytest.mark.parametrize("by_s", [-3600, -2, 30, 5 * 365 * 86_400])
def test_a_clock_that_was_set(by_s):
    clock = StampClock()
    for i in range(60):
        set_ns = by_s * 10**9 if i >= 30 else 0
        newest_ns = START_NS + i * 10**8 + set_ns
        clock.see(newest_ns - 10**8, newest_ns, 100 + i / 10)
    assert clock.segment == 1
    found = clock.times(clock.seconds(np.array([newest_ns])))
    assert found == pytest.approx([105.9])


def test_a_chunk_whose_clock_is_corrected_neither_swaps_nor_clumps():
    clock, track = StampClock(), Track("gyroscope", "", False)
    times = []
    for i, late_s in enumerate([0.8, 0.6, 0.0, 0.3, 0.0]):
        stamps_ns = START_NS + (i * 10 + np.arange(10)) * 10**7
        clock.see(int(stamps_ns[0]), int(stamps_ns[-1]), 50 + i / 10 + late_s)
        chunk, _ = track.take(np.ones((10, 3)) * i, stamps_ns, clock, 0.0)
        times.append(chunk.time_s)
    assert np.diff(np.concatenate(times)).min() > 0.0049
    assert track.state(1.0).n_samples == 50
