"""Ticks that wrap, stall and start anew become increasing host times."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.collect.device_clock import DeviceClock

LEAST_S = 0.005


def arrivals(true, *, jitter_s=0.03, seed=0):
    rng = np.random.default_rng(seed)
    return np.maximum.accumulate(true + LEAST_S + rng.uniform(0, jitter_s, len(true)))


def follow(clock, ticks, arrival):
    return np.array(
        [clock.update(int(t), float(a)) for t, a in zip(ticks, arrival, strict=True)]
    )


def test_five_minutes_within_two_milliseconds():
    true = np.arange(0, 300, 0.02)
    ticks = np.round((true * (1 + 50e-6) + 77) * 1000)
    clock = DeviceClock(tick_s=1e-3, n_bits=32)
    found = follow(clock, ticks, arrivals(true))
    assert (np.diff(found) > 0).all()
    error = np.abs(found - true - LEAST_S)
    assert np.percentile(error, 99) < 0.002
    assert error[true > 2].max() < 0.004
    assert clock.n_resets == 0
    assert clock.skew_ppm == pytest.approx(-50, abs=30)
    assert clock.offset_s == pytest.approx(-77, abs=0.05)


@pytest.mark.parametrize("n_bits", [8, 10, 16, 24])
def test_a_counter_that_wraps_goes_on(n_bits):
    true = np.arange(0, 200, 0.02)
    ticks = np.round(true * 1000).astype(np.int64) + 2**n_bits - 700
    plain = follow(DeviceClock(1e-3), ticks, arrivals(true))
    clock = DeviceClock(1e-3, n_bits)
    found = follow(clock, ticks % 2**n_bits, arrivals(true))
    assert found == pytest.approx(plain, abs=0.002)
    assert clock.n_resets == 0


def test_a_pause_of_many_wraps_is_told_by_the_host():
    true = np.concatenate([np.arange(0, 30, 0.02), np.arange(500, 530, 0.02)])
    clock = DeviceClock(1e-3, 16)  # wraps each 65.5 s
    found = follow(clock, np.round(true * 1000).astype(int) % 2**16, arrivals(true))
    assert clock.n_resets == 0
    assert np.abs(found - true - LEAST_S)[true > 1].max() < 0.02


@pytest.mark.parametrize("n_bits", [None, 32])
def test_a_stall_is_no_new_start(n_bits):
    true = np.arange(0, 60, 0.02)
    arrival = arrivals(true)
    arrival[(true > 20) & (true < 28)] = 28.0
    arrival = np.maximum.accumulate(arrival)
    clock = DeviceClock(1e-3, n_bits)
    found = follow(clock, np.round(true * 1000), arrival)
    assert clock.n_resets == 0
    assert np.abs(found - true - LEAST_S)[true > 2].max() < 0.005


@pytest.mark.parametrize("n_bits", [None, 32])
@pytest.mark.parametrize("after", [17, 3_000_000])
def test_a_device_that_starts_anew_keeps_its_drift(n_bits, after):
    true = np.arange(0, 120, 0.02)
    ticks = np.round(true * 1000 * (1 + 60e-6)) + 900_000
    ticks[true >= 60] += after - ticks[true >= 60][0]
    clock = DeviceClock(1e-3, n_bits)
    found = follow(clock, ticks, arrivals(true))
    assert clock.n_resets == 1
    assert (np.diff(found) > 0).all()
    error = np.abs(found - true - LEAST_S)
    assert error[(true > 2) & (true < 60)].max() < 0.005
    assert error[true > 62].max() < 0.005
    assert clock.skew_ppm == pytest.approx(-60, abs=30)


def test_an_early_error_is_worked_off_without_clumps():
    true = np.arange(0, 10, 0.01)
    arrival = true + LEAST_S
    arrival[0] += 0.2  # the first packet waited for the connection
    found = follow(
        DeviceClock(1e-3), np.round(true * 1000), np.maximum.accumulate(arrival)
    )
    assert np.diff(found).min() > 0.0045
    assert np.abs(found - true - LEAST_S)[true > 0.5].max() < 0.001


def test_two_samples_on_one_tick():
    clock = DeviceClock(0.01, rate_hz=200)
    assert clock.update(5, 1.0) == 1.0
    assert clock.update(5, 1.0) == pytest.approx(1.0025)
    assert clock.update(6, 1.01) > 1.005
    plain = DeviceClock(0.01)
    assert plain.update(5, 1.0) < plain.update(5, 1.0) < 1.0001


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 2**32 - 1), st.floats(0, 100)), min_size=2, max_size=50
    ),
    st.sampled_from([None, 8, 16, 32]),
)
def test_whatever_comes_times_increase(packets, n_bits):
    clock = DeviceClock(1e-3, n_bits)
    arrival = np.cumsum([wait for _, wait in packets])
    found = follow(clock, [ticks for ticks, _ in packets], arrival)
    assert np.isfinite(found).all()
    assert (np.diff(found) > 0).all()
    assert abs(clock.skew_ppm) <= 500


def test_before_the_first_packet():
    clock = DeviceClock(1e-3)
    assert np.isnan(clock.offset_s)
    assert clock.skew_ppm == 0
    assert clock.n_resets == 0


def test_bad_settings_are_refused():
    with pytest.raises(ValueError, match="tick_s must be a number of s above 0; got 0"):
        DeviceClock(0)
    with pytest.raises(ValueError, match="n_bits must be a number of bits above 0"):
        DeviceClock(1e-3, 0)
    with pytest.raises(ValueError, match="rate_hz must be a number of Hz above 0"):
        DeviceClock(1e-3, 8, -1)
