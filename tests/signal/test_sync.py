"""Known offsets and drifts are recovered; what does not tell is refused."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.signal.sync import ClockOffset, find_offset


def body(time_s, seed=0, claps=(20.0, 21.0, 22.3)):
    """Return walking in three bouts, and claps, as a function of time."""
    rng = np.random.default_rng(seed)
    frequency = rng.uniform(0.3, 15, 40)
    phase = rng.uniform(0, 6, 40)
    waves = np.sin(2 * np.pi * np.outer(time_s, frequency) + phase) @ rng.normal(
        size=(40, 3)
    )
    level = 0.02 + 0.3 * (np.sin(time_s / 7 + seed) > 0.3)
    result = waves * level[:, None]
    for clap in claps:
        knock = 40 * np.exp(-(((time_s - clap) / 0.03) ** 2))
        result += knock[:, None] * np.array([1.0, 0.3, -0.5])
    return result + np.array([0, 0, 9.81])


@settings(max_examples=12, deadline=None)
@given(st.floats(-30, 30), st.sampled_from([25.0, 50.0, 102.5]), st.integers(0, 50))
def test_offset_is_recovered_within_a_sample(offset_s, rate_hz, seed):
    rng = np.random.default_rng(seed)
    fixed_s = np.arange(0, 90, 1 / 100)
    moved_s = np.arange(3, 85, 1 / rate_hz) + rng.uniform(0, 1 / rate_hz)
    fixed = body(fixed_s, seed) + 0.05 * rng.normal(size=(len(fixed_s), 3))
    turn, _ = np.linalg.qr(rng.normal(size=(3, 3)))
    moved = body(moved_s, seed) @ turn + 0.05 * rng.normal(size=(len(moved_s), 3))
    result = find_offset(moved, moved_s - offset_s, fixed, fixed_s)
    assert abs(result.offset_s - offset_s) < 0.01
    assert result.correlation > 0.8
    assert result.apply(moved_s - offset_s) == pytest.approx(moved_s, abs=0.01)


def test_a_video_hears_the_claps_too():
    """1.37 s between a watch at 50 Hz and the motion energy of a 30 Hz video."""
    rng = np.random.default_rng(0)
    frames_s = np.arange(0, 60, 1 / 30)
    energy = 0.2 * np.abs(rng.normal(size=len(frames_s)))
    for clap in (20.0, 21.0, 22.3):
        energy += 5 * np.exp(-(((frames_s - clap) / 0.04) ** 2))
    watch_s = np.arange(0, 60, 1 / 50)
    result = find_offset(body(watch_s), watch_s - 1.37, energy, frames_s)
    assert abs(result.offset_s - 1.37) < 1 / 30
    assert result.confidence > 0.8


@pytest.mark.parametrize("drift", [3e-4, -1e-4])
def test_drift_is_measured_where_enough_tells(drift):
    true_s = np.arange(0, 900, 1 / 50)
    claps = np.arange(10, 890, 23.7)
    rng = np.random.default_rng(0)
    claps += rng.uniform(0, 8, len(claps))
    values = body(true_s, claps=claps)
    stamps = (true_s - 1.37) / (1 + drift)
    result = find_offset(values, stamps, values, true_s, with_drift=True)
    assert result.drift == pytest.approx(drift, abs=1e-5)
    assert np.abs(result.apply(stamps) - true_s).max() < 0.02
    short = find_offset(
        values[:4000], stamps[:4000], values[:5000], true_s[:5000], with_drift=True
    )
    assert short.drift == 0


def test_an_expected_offset_narrows_the_search():
    time_s = np.arange(0, 120, 1 / 50)
    step = np.sin(2 * np.pi * 1.0 * time_s) ** 8  # as alike after each second
    late = find_offset(
        step, time_s + 100.2, step, time_s, expected_s=-100, max_offset_s=0.25
    )
    assert late.offset_s == pytest.approx(-100.2, abs=0.01)


def test_gaps_and_lost_readings_are_rest():
    time_s = np.arange(0, 60, 1 / 50)
    values = body(time_s)
    values[100:150] = np.nan
    there = (time_s < 30) | (time_s > 40)
    result = find_offset(values[there], time_s[there] + 2.5, body(time_s), time_s)
    assert result.offset_s == pytest.approx(-2.5, abs=0.01)


def test_strangers_are_refused():
    time_s = np.arange(0, 60, 1 / 50)
    rng = np.random.default_rng(0)
    one, other = rng.normal(size=(2, 3000, 3))
    with pytest.raises(ValueError, match=r"one offset must stand out.*Shake or clap"):
        find_offset(one, time_s, other, time_s)
    step = np.sin(2 * np.pi * 1.0 * time_s) ** 8
    with pytest.raises(ValueError, match=r"confidence 0\.1"):
        find_offset(step, time_s, step, time_s)


def test_other_refusals():
    time_s = np.arange(0, 60, 1 / 50)
    values = body(time_s)
    with pytest.raises(ValueError, match="reference must hold some movement"):
        find_offset(values, time_s, np.ones_like(values), time_s)
    with pytest.raises(ValueError, match=r"must overlap by 2 s.*other expected_s"):
        find_offset(values, time_s, values, time_s, expected_s=500, max_offset_s=1)
    with pytest.raises(ValueError, match="max_offset_s must be a finite number"):
        find_offset(values, time_s, values, time_s, max_offset_s=0)
    assert ClockOffset(2.0, 0.5).apply([0.0, 2.0]).tolist() == [2.0, 5.0]
