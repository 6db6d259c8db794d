"""Sphere calibration recovers what was done to a sensor, and refuses what cannot be."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.signal.calibrate import AccelerometerCalibration, calibrate_accelerometer

G = 9.80665
RATE_HZ = 20


def rests(n_sides=60, noise=0.02, seed=0, seconds=30):
    """Return what an ideal sensor reads when put down on many sides, 30 s each."""
    rng = np.random.default_rng(seed)
    sides = rng.normal(size=(n_sides, 3))
    sides *= G / np.linalg.norm(sides, axis=1, keepdims=True)
    true = np.repeat(sides, seconds * RATE_HZ, axis=0)
    true += noise * rng.normal(size=true.shape)
    return true, np.arange(len(true)) / RATE_HZ


@settings(max_examples=15, deadline=None)
@given(
    st.tuples(*[st.floats(0.9, 1.1)] * 3),
    st.tuples(*[st.floats(-1.0, 1.0)] * 3),
)
def test_scale_and_offset_are_undone(scale, offset):
    true, time_s = rests()
    seen = (true - offset) / np.array(scale)
    result = calibrate_accelerometer(seen, time_s)
    assert result.scale == pytest.approx(scale, abs=2e-3)
    assert result.offset == pytest.approx(offset, abs=0.02)
    assert result.residual_after_mps2 < 0.01
    assert result.residual_after_mps2 <= result.residual_before_mps2 + 1e-6
    assert np.abs(result.apply(seen) - true).max() < 0.03


def test_it_is_the_minimum_that_scipy_finds():
    from scipy.optimize import least_squares

    true, time_s = rests()
    seen = true * [1.03, 0.98, 1.01] + [0.2, -0.1, 0.3]
    result = calibrate_accelerometer(seen, time_s)
    means = seen.reshape(-1, 10 * RATE_HZ, 3).mean(axis=1)

    def away(parameters):
        return np.linalg.norm(means * parameters[:3] + parameters[3:], axis=1) - G

    best = least_squares(away, [1, 1, 1, 0, 0, 0]).x
    assert [*result.scale, *result.offset] == pytest.approx(best, abs=1e-5)


def test_movement_between_and_outliers_hardly_matter():
    true, time_s = rests()
    rng = np.random.default_rng(1)
    seen = true * 1.02 + 0.15
    seen[2000:4000] += rng.normal(0, 3, (2000, 3))  # walking about
    seen[6000:6400, 0] += 2.0  # a lift that starts: still, and yet not 1 g
    result = calibrate_accelerometer(seen, time_s)
    assert result.scale == pytest.approx([1 / 1.02] * 3, abs=3e-3)


def test_temperature_slope_is_found():
    true, time_s = rests(noise=0.005)
    warmth = 25 + 8 * np.sin(time_s / 300)
    slope = np.array([0.0, 0.002, 0.004]) * G
    seen = true + slope * (warmth - 25)[:, None]
    result = calibrate_accelerometer(seen, time_s, temperature=warmth)
    assert result.temperature_slope == pytest.approx(-slope, abs=2e-3)
    corrected = result.apply(seen, temperature=warmth)
    assert np.abs(corrected - true).max() < 0.02
    assert "still windows are" in str(result)


def test_dtype_stays_and_gaps_and_nan_are_left_out():
    true, time_s = rests()
    seen = (1.01 * true).astype(np.float32)
    seen[5:9] = np.nan
    time_s = time_s + np.where(np.arange(len(time_s)) > 7000, 1000.0, 0.0)
    result = calibrate_accelerometer(seen, time_s)
    assert result.scale == pytest.approx([1 / 1.01] * 3, abs=2e-3)
    assert result.apply(seen).dtype == np.float32
    fixed = AccelerometerCalibration(scale=(2.0, 1.0, 1.0), offset=(0.0, 0.0, 1.0))
    assert fixed.apply([[1.0, 2.0, 3.0]]).tolist() == [[2.0, 2.0, 4.0]]


def test_too_little_stillness_is_refused():
    rng = np.random.default_rng(0)
    moving = rng.normal([0, 0, G], 2, (6000, 3))
    with pytest.raises(ValueError, match=r"at least 10 still windows of 10 s.*got 0"):
        calibrate_accelerometer(moving, np.arange(6000) / RATE_HZ)
    with pytest.raises(ValueError, match=r"six sides for 30 s"):
        calibrate_accelerometer(np.empty((0, 3)), [])


def test_one_side_alone_is_refused():
    flat = np.tile([0.0, 0.0, G], (20_000, 1))
    with pytest.raises(ValueError, match=r"x from \+0\.00 to \+0\.00 g.*missing"):
        calibrate_accelerometer(flat, np.arange(20_000) / RATE_HZ)


def test_another_unit_is_refused():
    true, time_s = rests()
    with pytest.raises(ValueError, match="about 9.8 m/s\\^2 to be calibrated; got 1"):
        calibrate_accelerometer(true / G, time_s)


def test_readings_on_no_sphere_are_refused():
    true, time_s = rests()
    rng = np.random.default_rng(0)
    swell = np.repeat(rng.uniform(0.9, 1.1, 60), 30 * RATE_HZ)
    with pytest.raises(ValueError, match="within 10.0 mg of 1 g after calibration"):
        calibrate_accelerometer(true * swell[:, None], time_s)


def test_shapes_are_refused():
    with pytest.raises(ValueError, match=r"shape \(n_samples, 3\), got \(5, 2\)"):
        calibrate_accelerometer(np.ones((5, 2)), np.arange(5))
    with pytest.raises(ValueError, match=r"one of 4 stamps a row, got \(5, 3\)"):
        calibrate_accelerometer(np.ones((5, 3)), np.arange(4))
    with pytest.raises(ValueError, match=r"temperature must have shape \(5,\)"):
        calibrate_accelerometer(np.ones((5, 3)), np.arange(5), temperature=[1.0])
    with pytest.raises(ValueError, match="length_s must be a finite number above 0"):
        calibrate_accelerometer(np.ones((5, 3)), np.arange(5), window_s=0)
