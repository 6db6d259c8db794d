"""Sensors keep their own time."""

import numpy as np
import pytest

from sensorhar.simulate.clock import sample_times


def test_perfect_clock():
    true_s, stamp_s = sample_times(2.0, 50.0, None)
    assert true_s is stamp_s
    np.testing.assert_allclose(true_s, np.arange(100) / 50)


@pytest.mark.parametrize("rate_hz", [1.0, 50.0, 100.0])
def test_real_clock(rate_hz):
    duration_s = 2000.0
    drifts = []
    for seed in range(20):
        true_s, stamp_s = sample_times(duration_s, rate_hz, np.random.default_rng(seed))
        assert stamp_s[0] >= 0
        assert stamp_s[-1] <= duration_s
        assert np.all(np.diff(stamp_s) > 0)
        jitter = (stamp_s - true_s) * rate_hz
        assert np.std(jitter) == pytest.approx(0.02, rel=0.15)
        assert abs(np.mean(jitter)) < 0.005
        np.testing.assert_allclose(np.diff(true_s), np.diff(true_s)[0])
        drifts.append(1 / np.diff(true_s)[0] / rate_hz - 1)
        assert len(true_s) / duration_s == pytest.approx(rate_hz, rel=3e-3)
    assert 1e-4 < np.std(drifts) < 6e-4


def test_shortest_recordings_have_a_sample():
    for rng in (None, np.random.default_rng(0)):
        true_s, stamp_s = sample_times(0.3, 1.0, rng)
        assert len(true_s) == 1
        assert 0 <= stamp_s[0] < 0.3
