"""Filters keep what they say, delay nothing, and refuse what they cannot do."""

import numpy as np
import pytest
from scipy.signal import butter, sosfilt, sosfiltfilt

from sensorhar.signal.filters import band_pass, high_pass, low_pass, moving_median

RATE_HZ = 50.0
TIME_S = np.arange(1000) / RATE_HZ


def tone(frequency_hz, phase=0.3):
    return np.sin(2 * np.pi * frequency_hz * TIME_S + phase)


def test_low_pass_equals_scipy_away_from_the_ends():
    values = np.random.default_rng(0).normal(size=(1000, 3))
    sos = butter(3, 5, fs=RATE_HZ, output="sos")
    ours = low_pass(values, rate_hz=RATE_HZ, cutoff_hz=5)
    theirs = sosfiltfilt(sos, values, axis=0)
    np.testing.assert_allclose(ours[60:-60], theirs[60:-60], atol=1e-7)


def test_causal_equals_scipy_after_its_start():
    values = np.random.default_rng(0).normal(size=1000)
    sos = butter(4, 5, "highpass", fs=RATE_HZ, output="sos")
    ours = high_pass(values, rate_hz=RATE_HZ, cutoff_hz=5, order=4, causal=True)
    np.testing.assert_allclose(ours[200:], sosfilt(sos, values)[200:], atol=1e-8)


@pytest.mark.parametrize("causal", [False, True])
def test_constants_stay_or_vanish(causal):
    values = np.full((200, 2), 9.81)
    settings = {"rate_hz": RATE_HZ, "causal": causal}
    np.testing.assert_allclose(low_pass(values, cutoff_hz=0.3, **settings), 9.81)
    high = high_pass(values, cutoff_hz=0.3, **settings)
    np.testing.assert_allclose(high, 0, atol=1e-9)
    band = band_pass(values, low_hz=0.5, high_hz=5, **settings)
    np.testing.assert_allclose(band, 0, atol=1e-9)


def test_zero_phase_keeps_tones_right_up_to_the_ends():
    """Linear prediction carries both the kept and the removed tone on."""
    mixed = 9.81 + tone(1) + tone(15)
    kept = low_pass(mixed, rate_hz=RATE_HZ, cutoff_hz=5)
    np.testing.assert_allclose(kept, 9.81 + tone(1), atol=0.002)
    kept = high_pass(mixed, rate_hz=RATE_HZ, cutoff_hz=4, order=5)
    np.testing.assert_allclose(kept, tone(15), atol=0.002)
    kept = band_pass(mixed, rate_hz=RATE_HZ, low_hz=7, high_hz=22)
    np.testing.assert_allclose(kept, tone(15), atol=0.002)


def test_gain_at_the_cutoff_is_one_half():
    amplitude = np.abs(low_pass(tone(5), rate_hz=RATE_HZ, cutoff_hz=5)).max()
    assert amplitude == pytest.approx(0.5, rel=0.01)


def test_causal_uses_no_future():
    values = np.random.default_rng(0).normal(size=300)
    changed = values.copy()
    changed[200:] = 99
    for keep in (values, changed):
        keep.setflags(write=False)
    first, second = (
        low_pass(v, rate_hz=RATE_HZ, cutoff_hz=3, causal=True)[:200]
        for v in (values, changed)
    )
    np.testing.assert_array_equal(first, second)


@pytest.mark.parametrize("n_samples", [0, 1, 2, 5, 20])
@pytest.mark.parametrize("causal", [False, True])
def test_short_signals_are_filtered(n_samples, causal):
    values = np.linspace(1, 2, n_samples, dtype=np.float32)[:, None]
    filtered = low_pass(values, rate_hz=50, cutoff_hz=0.3, causal=causal)
    assert filtered.shape == values.shape
    assert filtered.dtype == np.float32
    assert np.all((filtered > 0.9) & (filtered < 2.1))


def test_integers_become_float64():
    filtered = low_pass([1, 1, 1, 1], rate_hz=50, cutoff_hz=5)
    assert filtered.dtype == np.float64


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"cutoff_hz": 25.0},
            r"between 0 and 25 Hz, half the rate of 50 Hz, got 25\.0",
        ),
        ({"cutoff_hz": 0}, "between 0 and 25 Hz.*got 0 Hz; lower it"),
        ({"cutoff_hz": np.nan}, "between 0 and 25 Hz.*got nan Hz"),
        ({"cutoff_hz": 5, "rate_hz": -1}, "rate_hz must be a finite number above 0 Hz"),
        ({"cutoff_hz": 5, "order": 0}, "order must be a whole number of at least 1"),
        (
            {"cutoff_hz": 5, "order": 2.5},
            "order must be a whole number.*got 2.5; round",
        ),
        (
            {"cutoff_hz": (1, 5)},
            r"must be one frequency, got \(1, 5\); only a band_pass",
        ),
    ],
)
def test_settings_that_cannot_be(settings, message):
    with pytest.raises(ValueError, match=message):
        low_pass(np.zeros(9), **{"rate_hz": 50.0, **settings})


def test_corners_must_be_in_order():
    with pytest.raises(
        ValueError, match="low_hz must be below high_hz, got 8 and 2 Hz"
    ):
        band_pass(np.zeros(9), rate_hz=50, low_hz=8, high_hz=2)


@pytest.mark.parametrize("bad", [np.nan, np.inf])
def test_missing_values_are_refused(bad):
    values = np.zeros((9, 2))
    values[4, 1] = bad
    with pytest.raises(ValueError, match=r"1 NaN or infinite of 18.*index \(4, 1\)"):
        low_pass(values, rate_hz=50, cutoff_hz=5)
    with pytest.raises(ValueError, match="values must be finite"):
        moving_median(values, n_timepoints=3)


def test_sums_that_overflow_are_not_mistaken_for_missing_values():
    values = np.full(200, 1e38, dtype=np.float32)
    np.testing.assert_allclose(low_pass(values, rate_hz=50, cutoff_hz=5), 1e38)


def test_windows_and_words_are_refused():
    with pytest.raises(ValueError, match=r"shape \(n_samples,\) or .* got \(2, 9, 3\)"):
        low_pass(np.zeros((2, 9, 3)), rate_hz=50, cutoff_hz=5)
    with pytest.raises(TypeError, match="values must be an array of real numbers"):
        low_pass(["a", "b"], rate_hz=50, cutoff_hz=5)


@pytest.mark.parametrize("causal", [False, True])
def test_moving_median_equals_a_loop(causal):
    values = np.random.default_rng(0).normal(size=(40, 2)).astype(np.float32)
    filtered = moving_median(values, n_timepoints=5, causal=causal)
    before, behind = (4, 0) if causal else (2, 2)
    padded = np.pad(values, ((before, behind), (0, 0)), mode="edge")
    expected = [np.median(padded[i : i + 5], axis=0) for i in range(40)]
    np.testing.assert_array_equal(filtered, expected)
    assert filtered.dtype == np.float32


def test_moving_median_needs_an_odd_length():
    with pytest.raises(ValueError, match=r"n_timepoints must be odd, got 4; .* take 5"):
        moving_median(np.zeros(9), n_timepoints=4)
    with pytest.raises(ValueError, match="n_timepoints must be a whole number"):
        moving_median(np.zeros(9), n_timepoints=-3)
