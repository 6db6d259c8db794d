"""Each flaw is put in on purpose, found where it is, and nowhere else."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.signal.quality import (
    count_duplicates,
    find_clipped,
    find_repeated,
    find_stale_fixes,
    find_stuck,
    jitter_s,
)

G = 9.80665


def walk(n=5000, seed=0):
    rng = np.random.default_rng(seed)
    t = np.arange(n) / 50
    values = 4 * np.sin(2 * np.pi * 2 * t)[:, None] * [1, 0.5, 1.5]
    return values + rng.normal(0, 0.5, (n, 3)) + np.array([0, 0, G]), t


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.5, 0.9))
def test_clipping_is_found_exactly_without_knowing_the_limit(seed, share):
    values, _ = walk(seed=seed)
    assert not find_clipped(values).any()
    limit = share * np.abs(values[:, 2]).max()
    clipped = np.clip(values, -limit, limit)
    expected = np.abs(clipped) == limit
    at_limit = np.abs(clipped) >= 0.999 * limit
    assert np.array_equal(find_clipped(clipped, limit=limit), at_limit)
    assert np.array_equal(find_clipped(clipped)[:, 2], expected[:, 2])


def test_rest_rough_digits_and_switches_are_not_clipped():
    rng = np.random.default_rng(0)
    rough = np.round(rng.normal(0, 3, (5000, 1)))  # whole numbers only
    fine = np.round(rng.normal(0, 3, (5000, 1)), 1)
    switch = rng.integers(0, 2, (5000, 1)).astype(float)
    rest = np.full((5000, 1), 9.81)
    for values in (rough, fine, switch, rest, np.full((50, 1), np.nan)):
        assert not find_clipped(values).any()
    assert find_clipped([[np.nan], [5.0]], limit=5.0).tolist() == [[False], [True]]


def test_a_held_reading_is_not_clipped():
    values, _ = walk(n=300)
    assert not find_clipped(np.repeat(values, 12, axis=0)).any()


def test_stuck_axes_are_found_and_rest_is_not():
    values, time_s = walk()
    values[1000:2000, 0] = values[1000, 0]
    values[3000:3100, 1] = 0.0  # 2 s only
    values[4000:4600] = values[4000]  # all of them: a log that stopped
    x, y, z = find_stuck(values, time_s)
    assert x == pytest.approx(np.array([[20.0, 39.98]]))
    assert len(y) == len(z) == 0
    assert len(find_stuck(values, time_s, min_s=1.0)[1]) == 1
    assert find_repeated(values).sum() == 599


def test_empty_and_single_rows():
    assert find_repeated(np.empty((0, 3))).shape == (0,)
    assert [len(s) for s in find_stuck(np.ones((1, 2)), [0.0])] == [0, 0]
    assert find_clipped(np.empty((0, 2))).shape == (0, 2)


def test_a_sensor_asked_too_often_repeats_itself():
    values, _ = walk()
    assert not find_repeated(values).any()
    assert find_repeated(np.repeat(values, 2, axis=0)).mean() == 0.5


def test_stale_fixes_and_duplicates():
    fixes = np.array([[48.0, 11.0], [48.0, 11.0], [np.nan, 11.0], [np.nan, 11.0]])
    assert find_stale_fixes(fixes).tolist() == [False, True, False, False]
    assert count_duplicates(np.repeat(np.arange(10) / 10, 3)) == 20


def test_jitter_leaves_gaps_out():
    rng = np.random.default_rng(0)
    time_s = np.arange(5000) / 50
    assert jitter_s(time_s) == (0.0, 0.0)
    time_s[2500:] += 60
    assert jitter_s(time_s) == (0.0, 0.0)
    late = time_s + rng.uniform(0, 0.005, 5000)
    p50, p99 = jitter_s(late)
    assert 0.001 < p50 < 0.002
    assert 0.0035 < p99 < 0.005
    assert np.isnan(jitter_s([1.0])).all()
    assert np.isnan(jitter_s([])).all()


def test_refusals():
    with pytest.raises(ValueError, match="limit must be a finite number above 0"):
        find_clipped(np.ones((3, 1)), limit=0)
    with pytest.raises(ValueError, match=r"shape \(n_samples, n_channels\), got \(3,"):
        find_clipped(np.ones(3))
    with pytest.raises(ValueError, match="must have one length, got 3 and 2"):
        find_stuck(np.ones((3, 1)), [0, 1])
    with pytest.raises(ValueError, match="min_s must be a finite number above 0"):
        find_stuck(np.ones((2, 1)), [0, 1], min_s=-1)
    with pytest.raises(ValueError, match="positions must have shape"):
        find_stale_fixes([48.0, 11.0])
