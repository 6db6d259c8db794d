"""The tables of strides."""

import numpy as np
import pytest

from sensorhar.simulate.gait import RUNNING, STAIRS_DOWN, WALKING, Gait


def test_displacement_differentiates_back_to_the_table():
    turning = 2j * np.pi * WALKING.stride_hz * np.arange(1, 9)[:, None]
    swing = WALKING.amplitude * np.exp(1j * WALKING.phase_rad)
    ways, angles = WALKING.displacement()[:, :3], WALKING.displacement()[:, 3:]
    np.testing.assert_allclose(ways * turning**2, swing[:, :3])
    np.testing.assert_allclose(angles * turning, swing[:, 3:])


def test_walkers_bounce_by_centimetres():
    up_m = np.abs(WALKING.displacement()[1, 0])
    assert 0.01 < up_m < 0.03
    assert STAIRS_DOWN.amplitude[1, 0] > WALKING.amplitude[1, 0]


def test_runner_is_pushed_by_half_a_sine_and_flies_for_the_rest():
    # The series of the even harmonics against the force it was made from.
    phase = np.linspace(0, 2 * np.pi, 2000, endpoint=False)
    even = np.arange(2, 9, 2)
    amplitude, angle = RUNNING.amplitude[even - 1, 0], RUNNING.phase_rad[even - 1, 0]
    series = (amplitude * np.cos(phase[:, None] * even + angle)).sum(axis=1)
    share = np.mod(2 * phase / (2 * np.pi) + 0.36, 1.0)  # of a step; contact is 0.72
    force = np.where(share < 0.72, np.pi / 1.44 * np.sin(np.pi * share / 0.72), 0)
    assert np.abs(series / 9.80665 + 1 - force).max() < 0.12
    assert force.mean() == pytest.approx(1, abs=1e-3)


def test_gait_has_eight_harmonics_of_six_columns():
    assert isinstance(WALKING, Gait)
    assert WALKING.amplitude.shape == WALKING.phase_rad.shape == (8, 6)
