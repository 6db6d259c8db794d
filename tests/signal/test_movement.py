"""Movement is where it was, and claps stand out of it."""

import numpy as np
import pytest

from sensorhar.signal.movement import find_claps, movement_envelope

TIME_S = np.arange(0, 60, 1 / 100)


def steps(claps=(), seed=0):
    """Return walking at two steps a second, with claps."""
    rng = np.random.default_rng(seed)
    size = 3 * np.abs(np.sin(2 * np.pi * TIME_S)) ** 3
    values = size[:, None] * [0.3, 0.4, 1.0] + rng.normal(0, 0.3, (6000, 3))
    for clap in claps:
        values[:, 0] += 60 * np.exp(-(((TIME_S - clap) / 0.03) ** 2))
    return values + np.array([0, 0, 9.81])


def test_claps_are_found_and_steps_are_not():
    claps = (20.0, 21.0, 22.303)
    assert find_claps(steps(claps), TIME_S) == pytest.approx(claps, abs=0.005)
    assert len(find_claps(steps(), TIME_S)) == 0
    assert len(find_claps(np.zeros(500), np.arange(500) / 50)) == 0


def test_of_two_close_claps_the_stronger_counts():
    values = np.random.default_rng(0).normal(0, 0.1, 6000)
    values[[2000, 2020, 3000]] = 80, 90, 70
    assert find_claps(values, TIME_S) == pytest.approx([20.2, 30.0], abs=0.01)
    found = find_claps(values, TIME_S, min_distance_s=0.1)
    assert found == pytest.approx([20.0, 20.2, 30.0], abs=0.01)


def test_posture_turns_and_gaps_are_no_movement():
    values = np.tile([0.0, 0.0, 9.81], (6000, 1))
    values[:1000] = [9.81, 0.0, 0.0]
    values[100:150] = np.nan
    there = (TIME_S < 30) | (TIME_S > 40)
    envelope, grid_s = movement_envelope(values[there], TIME_S[there])
    assert np.isfinite(envelope).all()
    assert envelope.min() >= 0
    is_far = np.abs(grid_s - 10) > 1
    assert envelope[is_far].max() < 1e-3 * envelope.max()
    assert grid_s[-1] == pytest.approx(59.99)


def test_refusals():
    with pytest.raises(ValueError, match="at least two samples, got 1"):
        movement_envelope([1.0], [0.0])
    for name in ("min_ratio", "min_distance_s"):
        with pytest.raises(ValueError, match=f"{name} must be a finite number above"):
            find_claps(steps(), TIME_S, **{name: 0})
