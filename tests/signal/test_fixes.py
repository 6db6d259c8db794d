"""Bad fixes are found, good ones are left, and the first may be the bad one."""

import numpy as np
import pytest

from sensorhar.signal.fixes import FAULTS, find_bad_fixes
from sensorhar.signal.local_metres import from_local_m


def faults(local, time_s=None, **more):
    local = np.asarray(local, dtype=float)
    lat, lon = from_local_m(local, origin=(47, 8, 0))
    times = np.arange(len(lat), dtype=float) if time_s is None else time_s
    return find_bad_fixes(lat, lon, times, **more).tolist()


def line(n_fixes, speed_mps):
    return np.stack([speed_mps * np.arange(n_fixes), np.zeros(n_fixes)], axis=1)


def test_a_clean_track_is_left_alone():
    assert set(faults(line(50, 30.0))) == {""}
    assert faults(np.zeros((0, 2))) == []
    assert faults([[0, 0]]) == [""]


@pytest.mark.parametrize("n_stale", [1, 3])
def test_a_cached_first_fix_falls_not_all_others(n_stale):
    track = line(40, 2.0)
    track[:n_stale] = [4000, 4000]
    found = faults(track)
    assert found[:n_stale] == ["speed"] * n_stale
    assert set(found[n_stale:]) == {""}


def test_reflections_fall():
    track = line(60, 5.0)
    track[20] += [0, 300]
    track[40:43] += [0, 500]
    found = faults(track)
    assert [i for i, fault in enumerate(found) if fault] == [20, 40, 41, 42]


def test_a_fix_aside_that_could_be_reached_falls_by_its_acceleration():
    track = line(60, 5.0)
    track[20] += [0, 60]
    found = faults(track)
    assert found[20] == "acceleration"
    assert sum(fault != "" for fault in found) == 1
    honest = np.full(60, 5.0)
    honest[20] = 40  # it says itself that it is that bad
    assert set(faults(track, accuracy_m=honest)) == {""}


def test_wrong_but_near_does_not_cut_the_chain():
    """Reached in 1 s, but the way back to the true track would take more."""
    track = line(200, 40.0)
    track[100] += [-90, 40]
    track[101:] += [60, 0]
    found = faults(track)
    assert sum(fault != "" for fault in found) <= 3


def test_gaps_may_be_crossed_at_any_possible_speed():
    time_s = np.array([0.0, 1, 2, 62, 63, 64])
    track = np.array([[0, 0], [30, 0], [60, 0], [1800, 0], [1830, 0], [1860, 0]])
    assert set(faults(track, time_s)) == {""}


def test_accuracy_missing_and_stale():
    track = line(8, 10.0)
    lat, lon = from_local_m(track, origin=(47, 8, 0))
    lat[1], lon[2] = np.nan, 400
    lat[3] = lon[3] = 0
    lat[7], lon[7] = lat[6], lon[6]
    accuracy = np.array([5, 5, 5, 5, 80, -1, 5, 5.0])
    speed = np.array([10, 10, 10, 10, 10, 10, 10, 10.0])
    found = find_bad_fixes(
        lat, lon, np.arange(8.0), speed_mps=speed, accuracy_m=accuracy
    )
    assert found.tolist() == [
        "", "missing", "missing", "missing", "accuracy", "missing", "", "stale",
    ]  # fmt: skip
    assert set(found) <= {"", *FAULTS}
    # Who stands still repeats the place rightly; who says nothing may stand.
    speed[:] = 0.2
    assert find_bad_fixes(lat, lon, np.arange(8.0), speed_mps=speed)[7] == ""
    assert find_bad_fixes(lat, lon, np.arange(8.0))[7] == ""


def test_a_reported_speed_beyond_the_limit_falls():
    speed = np.full(10, 5.0)
    speed[4] = 500
    assert faults(line(10, 5.0), speed_mps=speed)[4] == "speed"


def test_noise_ends_in_time():
    """Places at random: every step is impossible, and it still ends."""
    rng = np.random.default_rng(0)
    found = faults(rng.normal(0, 2e4, (500, 2)))
    assert 0 < sum(fault == "" for fault in found) < 500


def test_refusals():
    with pytest.raises(ValueError, match=r"one shape \(n_fixes,\); got"):
        find_bad_fixes([1.0, 2.0], [1.0, 2.0], [0.0])
    with pytest.raises(ValueError, match="max_speed_mps must be a finite number above"):
        find_bad_fixes([1.0], [1.0], [0.0], max_speed_mps=-1)
