"""Clocks are repaired without losing a sample, and left alone when nothing is wrong."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.signal.clock import repair_clock, unwrap_counter

RATE_HZ = 102.46


def phone_log(n_samples=50_000, seed=0):
    """Return what a phone of 102 Hz stamps on arrival: bursts of 47 ms, 8 % repeats."""
    rng = np.random.default_rng(seed)
    true_s = np.arange(n_samples) / RATE_HZ
    arrival_s = np.ceil(true_s / 0.047) * 0.047
    order = np.arange(n_samples) - np.searchsorted(arrival_s, arrival_s)
    stamps_s = arrival_s + 0.0025 * order * (rng.random(n_samples) < 0.85)
    return true_s, np.maximum.accumulate(np.round(stamps_s, 3))


def test_phone_log():
    """No sample lost, rate within 0.1 %, jitter at most a tenth of what it was."""
    true_s, stamps_s = phone_log()
    assert 0.05 < np.mean(np.diff(stamps_s) == 0) < 0.2
    repair = repair_clock(stamps_s)
    assert repair.time_s.shape == true_s.shape
    steps = np.diff(repair.time_s)
    assert steps.min() > 0
    assert repair.report.is_repaired
    rate_hz = (len(true_s) - 1) / (repair.time_s[-1] - repair.time_s[0])
    assert rate_hz == pytest.approx(RATE_HZ, rel=1e-4)
    before = np.percentile(np.abs(np.diff(stamps_s) - 1 / RATE_HZ), 99)
    after = np.percentile(np.abs(steps - 1 / RATE_HZ), 99)
    assert after < before / 100
    assert np.ptp(repair.time_s - true_s) < 0.005


def test_regular_clocks_are_returned_as_they_are():
    for stamps_s in (
        np.arange(1000) / 51.2,
        np.arange(1000) / 50 + np.random.default_rng(0).uniform(-4e-3, 4e-3, 1000),
    ):
        repair = repair_clock(stamps_s)
        assert repair.time_s is stamps_s
        assert not repair.report.is_repaired
        assert repair.report.rate_hz == pytest.approx(
            1000 / (np.ptp(stamps_s) * 1000 / 999), rel=1e-3
        )


@pytest.mark.parametrize(("n_samples", "rate_hz"), [(300, 100), (500, 50), (3000, 20)])
def test_stamps_in_whole_seconds(n_samples, rate_hz):
    """Spreadsheets and dates without a fraction leave many samples one stamp."""
    true_s = 4.239 + np.arange(n_samples) / rate_hz
    repair = repair_clock(np.floor(true_s))
    assert repair.report.rate_hz == pytest.approx(rate_hz, rel=0.01)
    assert repair.report.n_gaps == 0
    assert np.ptp(repair.time_s - true_s) < 2.5 / rate_hz
    assert np.abs(repair.time_s - true_s).max() < 1


def test_drift_is_followed():
    """A clock that changes its pace by 1000 ppm within the hour."""
    sample = np.arange(180_000)
    true_s = sample / 50 + 1e-3 * np.sin(sample / 40_000) * 10
    stamps_s = np.ceil(true_s / 0.1) * 0.1
    repair = repair_clock(stamps_s)
    assert np.ptp(repair.time_s - true_s) < 0.03


def test_gap_stays_and_stall_is_spread():
    true_s = np.concatenate([np.arange(5000) / 50, 130 + np.arange(5000) / 50])
    stamps_s = np.ceil(true_s / 0.1) * 0.1
    stamps_s[7000:7200] = stamps_s[7200]  # nothing came for 4 s, then all at once
    repair = repair_clock(stamps_s)
    assert repair.report.n_gaps == 1
    assert repair.time_s[5000] - repair.time_s[4999] == pytest.approx(30.02, abs=0.01)
    for part in (slice(0, 5000), slice(5000, None)):
        assert np.ptp((repair.time_s - true_s)[part]) < 1e-3


def test_short_record_with_a_long_gap_is_left_alone():
    stamps_s = np.concatenate([np.arange(300) / 100, 120 + np.arange(100) / 100])
    repair = repair_clock(stamps_s)
    assert repair.time_s is stamps_s
    assert repair.report.n_gaps == 1


def test_clock_set_back_goes_on():
    true_s = np.arange(10_000) / 50
    stamps_s = true_s.copy()
    stamps_s[3000:] -= 20
    repair = repair_clock(stamps_s)
    assert repair.report.n_backwards == 1
    np.testing.assert_allclose(repair.time_s, true_s, atol=1e-3)


@pytest.mark.parametrize("wrap_s", [65.536, 64.0, 86_400.0])
def test_counters_that_start_over_keep_what_they_counted(wrap_s):
    """Also a gap that lies over the moment of starting over."""
    true_s = np.arange(9000) / 50 + wrap_s - 40
    true_s[2000:] += 5  # the counter starts over during a pause
    repair = repair_clock(np.mod(true_s, wrap_s))
    assert repair.report.n_wraps >= 1
    np.testing.assert_allclose(np.diff(repair.time_s), np.diff(true_s), atol=1e-6)


def test_sequence_numbers_tell_lost_samples():
    number = np.delete(np.arange(2000), slice(700, 900))
    stamps_s = np.ceil(number / 50 / 0.1) * 0.1
    repair = repair_clock(stamps_s, sequence=number)
    np.testing.assert_allclose(repair.time_s - repair.time_s[0], number / 50, atol=1e-3)


def test_pairs_of_samples():
    """Two samples 1 ms apart every 40 ms, as a micro:bit set to 20 ms sends them."""
    stamps_s = np.repeat(np.arange(500) * 0.04, 2)
    stamps_s[1::2] += 0.001
    repair = repair_clock(stamps_s)
    assert repair.report.n_repeats == 0
    assert repair.report.is_repaired
    np.testing.assert_allclose(np.diff(repair.time_s), 0.02, atol=1e-4)


def test_few_samples():
    assert len(repair_clock([]).time_s) == 0
    assert repair_clock([3.0]).time_s.tolist() == [3.0]
    assert repair_clock([0, 0, 1, 1]).report.n_repeats == 2
    times = repair_clock([5.0, 5.0, 5.0], rate_hz=10).time_s
    np.testing.assert_allclose(np.diff(times), 0.1)


@given(
    st.lists(st.floats(0, 100, allow_nan=False), min_size=2, max_size=60),
    st.booleans(),
)
@settings(max_examples=100, deadline=None)
def test_any_stamps_increase_or_are_refused(stamps_s, in_order):
    """Whatever comes, times increase, or the message says what to do."""
    raw = np.sort(stamps_s) if in_order else np.array(stamps_s)
    try:
        repair = repair_clock(raw)
    except ValueError as error:
        assert "Pass rate_hz=" in str(error) or "Sort the rows" in str(error)  # noqa: PT017
    else:
        assert len(repair.time_s) == len(raw)
        assert (np.diff(repair.time_s) > 0).all()
        str(repair.report)


@pytest.mark.parametrize(
    ("stamps_s", "options", "message"),
    [
        ([0, np.nan, 1], {}, "must be finite; got 1 stamps that are not. Leave out"),
        ([[0, 1]], {}, r"must have shape \(n_samples,\); got \(1, 2\)"),
        ([2, 2, 2], {}, "all 3 are the same. Pass rate_hz=..."),
        ([2, 1, 0], {}, "all 3 are in falling order. Pass rate_hz=..."),
        ([0, 0, 1], {"sequence": [1, 1, 2]}, "must be 3 increasing numbers.* with 1"),
        (
            np.random.default_rng(0).permutation(500),
            {},
            "of 500 go backwards. Sort the rows by time first",
        ),
    ],
)
def test_refusals(stamps_s, options, message):
    with pytest.raises(ValueError, match=message):
        repair_clock(stamps_s, **options)


@given(st.lists(st.integers(0, 100), max_size=50), st.sampled_from([8, 12, 16]))
def test_counters_unwrap(steps, n_bits):
    true = np.concatenate([[5], 5 + np.cumsum(steps)]).astype(np.int64)
    found = unwrap_counter(true % (1 << n_bits), n_bits)
    np.testing.assert_array_equal(found - found[0], true - true[0])


def test_counter_wider_than_stated():
    with pytest.raises(ValueError, match="8 bits must lie in 0 to 255; got 1 to 256"):
        unwrap_counter([1, 256], 8)


def test_report_says_it_in_words():
    text = str(repair_clock(phone_log()[1]).report)
    assert "50000 samples at 102." in text
    assert "repeats; repaired" in text
