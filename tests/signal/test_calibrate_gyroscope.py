"""The bias is what still moments read; turns and wrong units are told apart."""

import numpy as np
import pytest

from sensorhar.signal.calibrate_gyroscope import GyroscopeBias, gyroscope_bias

TIME_S = np.arange(3000) / 50
BIAS = np.array([0.012, -0.03, 0.004])


def readings():
    rng = np.random.default_rng(0)
    values = BIAS + 0.004 * rng.normal(size=(3000, 3))
    values[:1500] += rng.normal(0, 1, (1500, 3))  # walking for 30 s, then put down
    return values


def test_bias_is_found_among_movement():
    values = readings()
    result = gyroscope_bias(values.astype(np.float32), TIME_S)
    assert result.bias == pytest.approx(BIAS, abs=3e-4)
    assert result.n_windows == 15
    assert result.spread_radps < 1e-3
    corrected = result.apply(values.astype(np.float32))
    assert corrected.dtype == np.float32
    assert np.abs(corrected[1500:].mean(axis=0)).max() < 3e-4


def test_a_steady_turn_is_no_bias():
    values = readings()
    values[1500:2100, 2] += 1.5  # 12 s on a turntable
    assert gyroscope_bias(values, TIME_S).bias == pytest.approx(BIAS, abs=5e-4)


def test_fixed_bias_is_applied():
    fixed = GyroscopeBias((1.0, 0.0, -1.0))
    assert fixed.apply([[1.0, 1.0, 1.0]]).tolist() == [[0.0, 1.0, 2.0]]


def test_refusals():
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match=r"at least 3 still windows of 2 s.*got 0"):
        gyroscope_bias(rng.normal(size=(3000, 3)), TIME_S)
    with pytest.raises(ValueError, match=r"may be in deg/s: state its unit"):
        gyroscope_bias(np.full((3000, 3), 0.9), TIME_S)
    with pytest.raises(ValueError, match=r"shape \(n_samples, 3\), got \(5,\)"):
        gyroscope_bias(np.ones(5), np.arange(5))
