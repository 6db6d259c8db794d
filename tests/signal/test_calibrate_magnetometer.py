"""Hard and soft iron are undone; flat turns and rubbish are refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.signal.calibrate_magnetometer import (
    MagnetometerCalibration,
    calibrate_magnetometer,
)

FIELD_UT = 48.0


def turned(n=3000, seed=0, noise=0.3):
    rng = np.random.default_rng(seed)
    true = rng.normal(size=(n, 3))
    true *= FIELD_UT / np.linalg.norm(true, axis=1, keepdims=True)
    return true, true + noise * rng.normal(size=true.shape)


def iron(seed, stretch=0.15):
    """Return a symmetric matrix of determinant one near the unit matrix."""
    rng = np.random.default_rng(seed)
    noise = stretch * rng.uniform(-1, 1, (3, 3))
    values, vectors = np.linalg.eigh(noise + noise.T)
    values = np.exp(values - values.mean())
    return vectors @ np.diag(values) @ vectors.T


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 1000), st.tuples(*[st.floats(-300, 300)] * 3))
def test_hard_and_soft_iron_are_undone(seed, offset):
    true, noisy = turned(seed=seed)
    matrix = iron(seed)
    seen = noisy @ np.linalg.inv(matrix).T + offset
    result = calibrate_magnetometer(seen)
    assert result.offset == pytest.approx(offset, abs=0.3)
    assert np.asarray(result.matrix) == pytest.approx(matrix, abs=0.01)
    assert result.field_ut == pytest.approx(FIELD_UT, rel=0.01)
    assert np.abs(result.apply(seen) - true).mean() < 0.4
    assert result.residual_after_ut < 0.5


def test_exact_readings_give_exact_numbers():
    true, _ = turned()
    result = calibrate_magnetometer(true @ np.linalg.inv(iron(3)) + [10, -200, 40])
    assert result.offset == pytest.approx([10, -200, 40], abs=1e-6)
    assert np.asarray(result.matrix) == pytest.approx(iron(3), abs=1e-7)
    assert result.residual_after_ut < 1e-6


def test_a_long_rest_and_a_radiator_hardly_matter():
    _, noisy = turned()
    rest = np.tile(noisy[7], (40_000, 1)) + 0.2
    radiator = noisy[:100] * 1.6
    seen = np.concatenate([noisy, rest, radiator]) + np.array([30, 20, 10])
    seen[4] = np.nan
    result = calibrate_magnetometer(seen.astype(np.float32))
    assert result.offset == pytest.approx([30, 20, 10], abs=0.8)
    assert result.apply(seen.astype(np.float32)).dtype == np.float32


def test_hard_iron_alone_needs_no_matrix():
    _, noisy = turned()
    result = calibrate_magnetometer(noisy + np.array([5, 6, 7]), soft_iron=False)
    assert result.offset == pytest.approx([5, 6, 7], abs=0.1)
    assert np.asarray(result.matrix) == pytest.approx(np.eye(3))
    fixed = MagnetometerCalibration(offset=(1.0, 2.0, 3.0))
    assert fixed.apply([[1.0, 2.0, 4.0]]).tolist() == [[0.0, 0.0, 1.0]]


def test_turning_about_one_axis_is_refused():
    angle = np.linspace(0, 40, 3000)
    rng = np.random.default_rng(0)
    flat = np.column_stack([20 * np.cos(angle), 20 * np.sin(angle), 0 * angle - 42])
    flat += 0.3 * rng.normal(size=flat.shape)
    for soft_iron in (True, False):
        with pytest.raises(ValueError, match="about all its axes"):
            calibrate_magnetometer(flat, soft_iron=soft_iron)


def test_half_a_ball_is_refused():
    _, noisy = turned()
    with pytest.raises(ValueError, match=r"turned through all directions.*are bare"):
        calibrate_magnetometer(noisy[noisy[:, 2] > 12] + [10, 0, 0])


def test_other_refusals():
    true, _ = turned()
    with pytest.raises(ValueError, match="at least 20 readings, got 3"):
        calibrate_magnetometer(true[:3])
    with pytest.raises(ValueError, match=r"shape \(n_samples, 3\), got \(9,\)"):
        calibrate_magnetometer(np.ones(9))
    with pytest.raises(ValueError, match="axes must differ by less than 3 times"):
        calibrate_magnetometer(true * [4, 1, 1])
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="less than 15% of the field"):
        calibrate_magnetometer(true * rng.uniform(0.4, 1.6, (3000, 1)))
    with pytest.raises(ValueError, match=r"between 12 and 130 uT; got 0.48"):
        calibrate_magnetometer(true / 100)  # in gauss
    saddle = rng.normal(size=(3000, 3))
    saddle[:, 2] = np.sign(saddle[:, 2]) * np.sqrt(1 + (saddle[:, :2] ** 2).sum(1))
    with pytest.raises(ValueError, match=r"lie on an ellipsoid; they fit none"):
        calibrate_magnetometer(saddle * 20)
