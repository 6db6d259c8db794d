"""Still hours are found as a plain loop finds them; short recordings tell nothing."""

import numpy as np
import pytest

from sensorhar.signal.non_wear import find_non_wear

G = 9.80665


def reference_non_wear(values, time_s):
    """Mark 15-minute blocks of each still hour, the slow and plain way."""
    starts = np.arange(time_s[0], time_s[-1], 900.0)
    is_off = np.zeros(len(starts), bool)
    for i, start in enumerate(starts[:-3]):
        hour = values[(time_s >= start) & (time_s < start + 3600)] / G
        is_still = (hour.std(axis=0) < 0.013) & (np.ptp(hour, axis=0) < 0.05)
        if is_still.sum() >= 2 and len(hour) > 3000:
            is_off[i : i + 4] = True
    return starts[is_off]


def test_non_wear_agrees_with_a_plain_loop():
    rng = np.random.default_rng(0)
    time_s = np.arange(10 * 3600.0) + 12.5
    values = rng.normal(0, 0.8, (len(time_s), 3))
    for first, last in ((3000, 8000), (12_000, 14_000), (20_000, 32_000)):
        values[first:last] = rng.normal([0, 0, G], 0.02, (last - first, 3))
    values[22_000:23_000, 0] += rng.normal(0, 1, 1000)  # one axis may be noisy
    values[26_000, :2] += 3  # somebody knocked at the table
    found = find_non_wear(values, time_s)
    assert len(found) == 3
    blocks = [np.arange(a, b, 900.0) for a, b in found]
    assert np.concatenate(blocks) == pytest.approx(reference_non_wear(values, time_s))


def test_non_wear_needs_an_hour_and_the_samples_of_it():
    still = np.tile([0.0, 0.0, G], (7200, 1))
    time_s = np.arange(7200.0)
    assert find_non_wear(still, time_s).tolist() == [[0.0, 7200.0]]
    assert len(find_non_wear(still[:3000], time_s[:3000])) == 0
    there = (time_s < 1000) | (time_s > 6000)
    assert len(find_non_wear(still[there], time_s[there])) == 0
    short = find_non_wear(still[:300], time_s[:300], window_s=60, step_s=30)
    assert short.tolist() == [[0.0, 300.0]]
    assert find_non_wear(np.empty((0, 3)), []).shape == (0, 2)


def test_refusals():
    with pytest.raises(ValueError, match=r"whole number of steps.*step_s=900"):
        find_non_wear(np.ones((3, 3)), [0, 1, 2], step_s=1000)
