"""Real sensors are off by as much as they are said to be."""

import numpy as np
import pytest

from sensorhar.simulate.flaws import FLAWS, Flaws, flawed, flawed_gps

TIME_S = np.arange(0, 100, 0.02)


@pytest.mark.parametrize("kind", sorted(FLAWS))
def test_noise_bias_and_resolution(kind):
    flaws = FLAWS[kind]
    errors = np.array(
        [
            flawed(np.zeros((len(TIME_S), 3)), TIME_S, flaws, np.random.default_rng(i))
            for i in range(20)
        ]
    )
    white = np.diff(errors, axis=1).std() / np.sqrt(2)
    rounding = flaws.resolution / np.sqrt(12)
    assert white == pytest.approx(np.hypot(flaws.noise, rounding), rel=0.05)
    assert errors.mean(axis=1).std() == pytest.approx(flaws.bias, rel=0.35)
    steps = errors / flaws.resolution
    np.testing.assert_allclose(steps, np.round(steps), atol=1e-6)


def test_range_clips():
    flaws = Flaws(0, 0, 0, 0, 0.1, 5.0)
    loud = np.tile([10.0, -10.0, 1.0], (len(TIME_S), 1))
    clipped = flawed(loud, TIME_S, flaws, np.random.default_rng(0))
    np.testing.assert_allclose(clipped[0], [5.0, -5.0, 1.0])


def test_gps_errors_and_lost_fixes():
    time_s = np.arange(3000.0)
    fixes = np.tile([47.0, 8.0, 450.0, 1.3, 90.0, 1.0], (3000, 1))
    noisy, is_kept = flawed_gps(fixes, time_s, np.random.default_rng(0))
    assert np.mean(~is_kept) == pytest.approx(0.03, abs=0.01)
    assert is_kept[0]
    north_m = (noisy[:, 0] - 47.0) * 111_200
    assert 1 < np.std(north_m) < 8
    # The error wanders: from fix to fix it changes by far less than its size.
    assert np.std(np.diff(north_m)) < 0.3 * np.std(north_m)
    assert np.mean(noisy[:, 3]) == pytest.approx(1.3, abs=0.02)
    assert np.all(noisy[:, 3] >= 0)
    assert np.all((noisy[:, 4] >= 0) & (noisy[:, 4] < 360))
    assert np.all(noisy[:, 5] > 0.5)
