"""Resampling keeps what the new rate can hold, and nothing else, on exact times."""

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.signal.resample import resample


def tone(frequency_hz, time_s, phase=0.7):
    return np.sin(2 * np.pi * frequency_hz * time_s + phase)


def jittered(n_samples, rate_hz, share=0.2, seed=0):
    noise = np.random.default_rng(seed).uniform(-share, share, n_samples)
    return (np.arange(n_samples) + noise) / rate_hz


@pytest.mark.parametrize("clock", ["regular", "jittered"])
def test_100_to_25_hz_passes_5_hz_and_suppresses_20_hz(clock):
    """The promise: a 20 Hz tone falls by more than 40 dB, 5 Hz keeps within 1 %."""
    time_s = np.arange(3000) / 100 if clock == "regular" else jittered(3000, 100)
    kept, grid_s, is_valid = resample(tone(5, time_s), time_s, rate_hz=25)
    assert is_valid.all()
    np.testing.assert_allclose(kept, tone(5, grid_s), atol=0.01)
    gone, _, _ = resample(tone(20, time_s), time_s, rate_hz=25)
    assert np.abs(gone).max() < 0.01


def test_every_tone_above_the_new_nyquist_is_suppressed():
    time_s = np.arange(2000) / 100
    for rate_hz in (25, 30, 45):
        for frequency_hz in np.linspace(rate_hz / 2 * 1.02, 48, 8):
            gone, _, _ = resample(tone(frequency_hz, time_s), time_s, rate_hz=rate_hz)
            assert np.abs(gone).max() < 0.012, (rate_hz, frequency_hz)


@pytest.mark.parametrize("rate_hz", [30, 51.2, 64, Fraction(100, 3)])
@pytest.mark.parametrize("source_hz", [50, 100])
def test_grids_stay_exact_over_an_hour(rate_hz, source_hz):
    start_s = 0.125
    time_s = start_s + np.arange(3600 * source_hz + 1) / source_hz
    _, grid_s, is_valid = resample(np.zeros(len(time_s)), time_s, rate_hz=rate_hz)
    exact = Fraction(rate_hz)
    assert is_valid.all()
    assert len(grid_s) == math.floor(3600 * exact) + 1
    for i in [0, 1, 1000, len(grid_s) // 3, len(grid_s) - 1]:
        assert abs(grid_s[i] - float(Fraction(start_s) + i / exact)) < 1e-9
    assert regular_error(grid_s, start_s, float(exact)) < 1e-9


def regular_error(grid_s, start_s, rate_hz):
    return np.abs(grid_s - start_s - np.arange(len(grid_s)) / rate_hz).max()


@pytest.mark.parametrize("rate_hz", [51.2, 64, 100, 128])
def test_band_limited_beats_linear_interpolation(rate_hz):
    """50 Hz upwards: 50 times nearer at 5 Hz, a hundred times at 15 Hz."""
    time_s = np.arange(1000) / 50
    for frequency_hz, times in ((5, 50), (15, 100)):
        values = tone(frequency_hz, time_s)
        ours, grid_s, _ = resample(values, time_s, rate_hz=rate_hz)
        truth = tone(frequency_hz, grid_s)
        linear = np.interp(grid_s, time_s, values)
        error, linear_error = (np.std(x - truth) for x in (ours, linear))
        assert error * times < linear_error
        assert np.abs(ours - truth).max() < 0.01


@pytest.mark.parametrize("rate_hz", [25, 50, 51.2, 100])
def test_irregular_clocks_beat_linear_interpolation(rate_hz):
    time_s = jittered(3000, 100)
    values = tone(5, time_s)
    ours, grid_s, is_valid = resample(values, time_s, rate_hz=rate_hz)
    truth = tone(5, grid_s)[is_valid]
    linear = np.interp(grid_s, time_s, values)[is_valid]
    assert np.std(ours[is_valid] - truth) * 20 < np.std(linear - truth)


def test_a_clock_on_the_grid_gives_views():
    time_s = np.arange(500) / 51.2
    values = np.random.default_rng(0).normal(size=(500, 3)).astype(np.float32)
    same, grid_s, is_valid = resample(values, time_s, rate_hz=51.2)
    assert np.shares_memory(same, values)
    assert np.shares_memory(grid_s, time_s)
    assert same.shape == values.shape
    assert is_valid.all()
    part, grid_s, _ = resample(
        values, time_s, rate_hz=51.2, start_s=time_s[10], stop_s=time_s[19]
    )
    assert np.shares_memory(part, values)
    np.testing.assert_array_equal(part, values[10:20])
    np.testing.assert_array_equal(grid_s, time_s[10:20])


def test_gaps_are_not_bridged_and_their_neighbours_stay_right():
    time_s = np.delete(np.arange(4000) / 100, slice(1503, 1710))
    values = 9.81 + tone(3, time_s)
    kept, grid_s, is_valid = resample(values, time_s, rate_hz=25)
    inside = (grid_s > 15.02) & (grid_s < 17.10)
    np.testing.assert_array_equal(is_valid, ~inside)
    assert np.isnan(kept[inside]).all()
    np.testing.assert_allclose(
        kept[~inside], 9.81 + tone(3, grid_s[~inside]), atol=0.01
    )
    bridged, _, is_valid = resample(values, time_s, rate_hz=25, max_gap_s=3)
    assert is_valid.all()
    assert np.isfinite(bridged).all()


def test_a_gap_on_the_grid_is_marked_too():
    time_s = np.delete(np.arange(300) / 50, slice(100, 150))
    values = np.arange(250.0)
    kept, grid_s, is_valid = resample(values, time_s, rate_hz=50)
    assert len(grid_s) == 300
    assert np.flatnonzero(~is_valid).tolist() == list(range(100, 150))
    np.testing.assert_array_equal(kept[is_valid], values)


def test_short_pauses_are_crossed_straight():
    time_s = np.delete(np.arange(300) / 100, slice(100, 106))
    values = np.random.default_rng(0).normal(size=294)
    kept, _, is_valid = resample(values, time_s, rate_hz=100)
    assert is_valid.all()
    np.testing.assert_allclose(kept[99:107], np.linspace(values[99], values[100], 8))


def test_missing_values_concern_their_channel_only():
    time_s = np.arange(1000) / 100
    values = np.stack([tone(2, time_s), tone(3, time_s)], axis=1)
    values[300:303, 0] = np.nan  # short: bridged
    values[600:700, 1] = np.nan  # long: a gap
    kept, grid_s, is_valid = resample(values, time_s, rate_hz=50)
    np.testing.assert_allclose(kept[:, 0], tone(2, grid_s), atol=0.02)
    is_known = np.isfinite(kept[:, 1])
    np.testing.assert_array_equal(is_valid, is_known)
    assert (~is_known).sum() == pytest.approx(50, abs=2)
    np.testing.assert_allclose(kept[is_known, 1], tone(3, grid_s[is_known]), atol=0.02)
    on_grid, _, _ = resample(values, time_s, rate_hz=100)
    assert np.isfinite(on_grid[300:303, 0]).all()


def test_a_channel_that_is_never_known_leaves_the_others():
    values = np.ones((100, 2))
    values[:, 1] = np.nan
    kept, _, is_valid = resample(values, np.arange(100) / 50, rate_hz=25)
    np.testing.assert_allclose(kept[:, 0], 1)
    assert np.isnan(kept[:, 1]).all()
    assert not is_valid.any()


def test_nothing_is_known_outside_the_samples():
    time_s = 5 + np.arange(100) / 50
    kept, grid_s, is_valid = resample(
        np.ones(100), time_s, rate_hz=10, start_s=4, stop_s=8
    )
    assert grid_s[[0, -1]].tolist() == [4, 8]
    np.testing.assert_array_equal(is_valid, (grid_s >= 5) & (grid_s <= time_s[-1]))
    np.testing.assert_allclose(kept[is_valid], 1)


def test_part_of_a_recording_equals_that_part_of_the_whole():
    time_s = jittered(4000, 100)
    values = np.random.default_rng(0).normal(size=(4000, 2))
    whole, grid_s, _ = resample(values, time_s, rate_hz=20, start_s=0.1)
    part, part_s, _ = resample(
        values, time_s, rate_hz=20, start_s=grid_s[200], stop_s=grid_s[300]
    )
    np.testing.assert_allclose(part_s, grid_s[200:301], atol=1e-9)
    np.testing.assert_allclose(part[1:-1], whole[201:300], atol=1e-4)


def test_blocks_join_without_a_seam(monkeypatch):
    time_s = jittered(3000, 100)
    regular_s = np.arange(3000) / 100
    values = np.random.default_rng(0).normal(size=(3000, 1))
    cases = [(time_s, 64), (time_s, 128), (regular_s, 128), (regular_s, 30)]
    whole = [resample(values, s, rate_hz=r)[0] for s, r in cases]
    monkeypatch.setattr("sensorhar.signal._interpolate.BLOCK", 500)
    for (stamps, rate_hz), expected in zip(cases, whole, strict=True):
        pieced, _, _ = resample(values, stamps, rate_hz=rate_hz)
        np.testing.assert_allclose(pieced, expected, atol=1e-7, equal_nan=True)


def test_bursts_do_not_make_the_spline_swing():
    """Stamps a tenth of a millisecond apart carry noise, not an enormous slope."""
    rng = np.random.default_rng(0)
    time_s = np.sort(np.r_[np.arange(500) / 50, np.arange(0, 500, 7) / 50 + 1e-4])
    values = rng.normal(0, 0.5, size=len(time_s))
    kept, _, _ = resample(values, time_s, rate_hz=60)
    assert np.abs(kept).max() < 1.5 * np.abs(values).max()


def test_a_clock_that_changes_its_rate_keeps_its_fast_part():
    time_s = np.r_[np.arange(2000) / 1000, 2 + np.arange(4000) / 10]
    kept, grid_s, _ = resample(tone(1, time_s), time_s, rate_hz=10, max_gap_s=1)
    np.testing.assert_allclose(kept, tone(1, grid_s), atol=0.15)


@settings(max_examples=30, deadline=None)
@given(
    n_samples=st.integers(1, 60),
    rate_hz=st.floats(1, 300),
    source_hz=st.floats(5, 200),
    seed=st.integers(0, 99),
)
def test_any_clock_gives_a_regular_grid_and_bounded_values(
    n_samples, rate_hz, source_hz, seed
):
    time_s = jittered(n_samples, source_hz, 0.45, seed)
    values = np.full((n_samples, 2), 9.81, dtype=np.float32)
    kept, grid_s, is_valid = resample(values, time_s, rate_hz=rate_hz)
    assert kept.shape == (len(grid_s), 2)
    assert kept.dtype == np.float32
    assert is_valid.shape == grid_s.shape
    assert is_valid[0]
    assert regular_error(grid_s, time_s[0], rate_hz) < 1e-9
    np.testing.assert_allclose(kept[is_valid], 9.81, rtol=1e-5)
    assert np.isnan(kept[~is_valid]).all()


def test_a_steady_climb_stays_a_steady_climb():
    time_s = np.arange(1000) / 100
    kept, grid_s, _ = resample(3 * time_s, time_s, rate_hz=20)
    np.testing.assert_allclose(kept[20:-20], 3 * grid_s[20:-20], atol=1e-4)
    np.testing.assert_allclose(kept, 3 * grid_s, atol=0.1)


def test_nothing_in_nothing_out():
    kept, grid_s, is_valid = resample(np.empty((0, 3)), [], rate_hz=50)
    assert kept.shape == (0, 3)
    assert len(grid_s) == len(is_valid) == 0
    kept, grid_s, _ = resample(np.ones(9), np.arange(9), rate_hz=1, start_s=5, stop_s=4)
    assert len(kept) == len(grid_s) == 0


@pytest.mark.parametrize(
    ("time_s", "settings", "message"),
    [
        ([0, 1, 1], {}, r"must increase .* got .*1\.0.* s at index 2 after"),
        ([0, 2, 1], {}, "must increase .* at index 2 after .*repair the clock"),
        ([0, np.nan, 1], {}, "must increase from sample to sample"),
        ([0, 1, np.nan], {}, "the grid must have finite ends, got 0.0 to nan s"),
        ([0, 1], {}, r"values \(3,\) and time_s \(2,\); cut the longer"),
        ([[0], [1], [2]], {}, "one stamp in seconds per sample"),
        (
            [0, 1, 3],
            {"rate_hz": 0},
            "rate_hz must be a finite number above 0 Hz, got 0",
        ),
        ([0, 1, 3], {"max_gap_s": 0}, "max_gap_s must be a finite number above 0 s"),
    ],
)
def test_clocks_that_cannot_be(time_s, settings, message):
    with pytest.raises(ValueError, match=message):
        resample(np.ones(3), time_s, **{"rate_hz": 10, **settings})


def test_infinity_is_refused():
    with pytest.raises(ValueError, match=r"finite or NaN .*got 1 infinite ones"):
        resample([1.0, np.inf, np.nan], [0.0, 1.0, 2.0], rate_hz=10)
