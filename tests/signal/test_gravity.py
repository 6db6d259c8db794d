"""Gravity and motion come apart and add up again."""

import numpy as np
import pytest

from sensorhar.signal.gravity import magnitude, split_gravity, tilt_rad
from sensorhar.units import STANDARD_GRAVITY


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_the_parts_add_up(causal, dtype):
    acc = np.random.default_rng(0).normal(3, 2, size=(400, 3)).astype(dtype)
    gravity, linear = split_gravity(acc, rate_hz=50, causal=causal)
    assert gravity.dtype == linear.dtype == dtype
    np.testing.assert_array_equal(linear, acc - gravity)
    np.testing.assert_allclose(
        gravity + linear, acc, rtol=0, atol=8 * np.finfo(dtype).eps
    )


def test_walking_is_motion_and_leaning_is_gravity():
    time_s = np.arange(3000) / 50
    lean = STANDARD_GRAVITY * np.cos(0.2 * np.sin(2 * np.pi * 0.02 * time_s))
    step = 2 * np.sin(2 * np.pi * 1.8 * time_s)
    gravity, linear = split_gravity(lean + step, rate_hz=50)
    np.testing.assert_allclose(gravity, lean, atol=0.02)
    np.testing.assert_allclose(linear, step, atol=0.02)


def test_rest_has_no_motion_from_the_first_sample_on():
    acc = np.tile([0.0, 6.0, 7.75], (100, 1))
    gravity, linear = split_gravity(acc, rate_hz=50, causal=True)
    np.testing.assert_allclose(linear, 0, atol=1e-9)
    np.testing.assert_allclose(gravity, acc)


def test_magnitude_of_vectors():
    vectors = np.random.default_rng(0).normal(size=(4, 5, 3))
    np.testing.assert_allclose(magnitude(vectors), np.linalg.norm(vectors, axis=-1))
    assert magnitude(vectors.astype(np.float32)).dtype == np.float32
    with pytest.raises(ValueError, match=r"axes of a sensor last, got .* 3\.0"):
        magnitude(3.0)


def test_tilt_of_known_angles():
    angles_rad = np.array([0, 1e-6, 0.5, np.pi / 2, 3, np.pi])
    gravity = 9.81 * np.stack(
        [np.sin(angles_rad), np.zeros(6), np.cos(angles_rad)], axis=1
    )
    np.testing.assert_allclose(tilt_rad(gravity), angles_rad, atol=1e-12)
    np.testing.assert_allclose(
        tilt_rad(gravity[[2]], axis=(5, 0, 0)), np.pi / 2 - 0.5, atol=1e-12
    )
    assert tilt_rad([0, 0, 0]) == 0


def test_tilt_needs_three_axes():
    with pytest.raises(ValueError, match=r"gravity must have shape .* got \(4, 2\)"):
        tilt_rad(np.zeros((4, 2)))
    with pytest.raises(ValueError, match=r"axis must be .* got \(0, 0, 0\)"):
        tilt_rad([0, 0, 1], axis=(0, 0, 0))
