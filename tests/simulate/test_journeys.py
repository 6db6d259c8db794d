"""Journeys obey physics, overlap in speed, and are recorded with real errors."""

import numpy as np
import pytest

from sensorhar.signal.fixes import find_bad_fixes
from sensorhar.signal.local_metres import to_local_m
from sensorhar.simulate.journeys import MODES, simulate_journeys
from sensorhar.simulate.ride import GRID_HZ, RIDES, drive
from sensorhar.simulate.shaking import SHAKES, shake_mps2

STYLE = {"own": 1.0, "vigour": 1.0, "cadence": 1.0, "stride": 1.0}


@pytest.fixture(scope="module")
def clean():
    return simulate_journeys(2, minutes_per_mode=3, clean=True, random_state=1)


@pytest.fixture(scope="module")
def real():
    return simulate_journeys(2, minutes_per_mode=3, random_state=1)


def local(stream, origin):
    fixes = stream.values
    return to_local_m(fixes[:, 0], fixes[:, 1], origin=(*origin, 450.0))


def test_everyone_goes_by_everything(real):
    assert set(real[0].events.labels) == set(MODES) == set(RIDES) == set(SHAKES)
    for journey in real:
        assert not journey.events.overlapping()
        for mode in MODES:
            total_s = journey.events.select([mode]).duration_s.sum()
            assert 0.7 * 180 - 1 <= total_s <= 1.3 * 180 + 1
    assert [journey.subject for journey in real] == ["person01", "person02"]


def test_same_seed_same_journey_and_parts_do_not_disturb(real):
    again = simulate_journeys(2, minutes_per_mode=3, sensors=["gps"], random_state=1)
    for one, other in zip(real, again, strict=True):
        np.testing.assert_array_equal(one.streams[0].values, other.streams[0].values)
        assert one.events == other.events
    other = simulate_journeys(1, minutes_per_mode=3, random_state=2)[0]
    assert other.events != real[0].events


def test_speed_is_the_derivative_of_position(clean):
    for journey in clean:
        gps = journey.streams[0]
        way = np.diff(local(gps, gps.values[0, :2]), axis=0)
        speed = gps.values[:, 3]
        # A mean over 1 s against the mean of its ends: half of a jerk of some m/s³.
        assert np.linalg.norm(way, axis=1) == pytest.approx(
            (speed[1:] + speed[:-1]) / 2, abs=0.35
        )
        is_moving = np.minimum(speed[1:], speed[:-1]) > 3
        gone = np.rad2deg(np.arctan2(way[:, 0], way[:, 1]))
        off = gone - (gps.values[1:, 4] + gps.values[:-1, 4]) / 2
        off = np.abs((off + 90) % 180 - 90)  # the mean of 350 and 10 is 180
        assert np.percentile(off[is_moving], 95) < 8


def test_the_accelerometer_feels_gravity_and_braking(clean):
    for journey in clean:
        acc = journey.streams[1]
        assert np.median(np.linalg.norm(acc.values, axis=1)) == pytest.approx(
            9.81, abs=0.2
        )
    course = drive("car", 300, STYLE, np.random.default_rng(0))
    change = np.diff(course.speed_mps) * GRID_HZ
    assert change.min() > -4
    assert change.max() < 2


@pytest.mark.parametrize("mode", MODES)
def test_rides_begin_and_end_at_rest_within_limits(mode):
    for seed in range(3):
        course = drive(mode, 240, STYLE, np.random.default_rng(seed))
        speed = course.speed_mps
        assert len(speed) == 2400
        assert speed[0] < 0.2
        assert speed[-1] < 0.5
        fastest = max(max(road.limits_mps) for road in RIDES[mode].roads)
        assert speed.max() < 1.3 * fastest
        sideways = np.abs(course.turn_radps * speed)
        assert np.percentile(sideways, 99) <= 1.05 * RIDES[mode].sideways_mps2


def test_speeds_overlap_as_in_towns():
    """A bus is as slow as a bicycle, a car may be as slow as a bus."""
    means = {
        mode: np.array(
            [
                drive(mode, 240, STYLE, np.random.default_rng(seed)).speed_mps.mean()
                for seed in range(10)
            ]
        )
        for mode in ("bike", "bus", "car", "train")
    }
    assert np.median(means["bus"]) == pytest.approx(np.median(means["bike"]), rel=0.5)
    assert (means["car"] < means["bus"].max()).mean() > 0.2
    assert (means["train"] < np.percentile(means["car"], 80)).mean() > 0.1
    # Levinson (1983): 15 to 23 km/h, and 25 to 52 % of the time not moving.
    assert 12 < 3.6 * means["bus"].mean() < 24


def test_fixes_have_the_errors_of_a_phone(clean, real):
    n_bad = n_lost = n_fixes = 0
    for truth, journey in zip(clean, real, strict=True):
        gps, exact = journey.streams[0], truth.streams[0]
        origin = exact.values[0, :2]
        true = np.stack(
            [
                np.interp(gps.time_s, exact.time_s, column)
                for column in local(exact, origin).T
            ],
            axis=1,
        )
        off = np.linalg.norm(local(gps, origin) - true, axis=1)
        assert 2 < np.median(off) < 12
        # Errors wander: neighbours are far more alike than two a minute apart.
        error = (local(gps, origin) - true)[10:]
        step = np.linalg.norm(np.diff(error, axis=0), axis=1)
        assert np.median(step) < 0.4 * np.median(off)
        fault = find_bad_fixes(
            *gps.values[:, :2].T,
            gps.time_s,
            speed_mps=gps.values[:, 3],
            accuracy_m=gps.values[:, 5],
        )
        assert off[fault == ""].max() < 120
        n_bad += (fault != "").sum()
        n_fixes += len(fault)
        n_lost += len(exact) - len(gps)
    assert 0 < n_bad < 0.05 * n_fixes
    assert 0 < n_lost < 0.3 * n_fixes


@pytest.mark.parametrize("mode", MODES)
def test_shaking_grows_with_speed(mode):
    time_s = np.arange(0, 60, 0.04)
    size = []
    for speed in (0.0, SHAKES[mode].reference_mps):
        shaken = [
            shake_mps2(
                mode, np.full(1500, speed), time_s, STYLE, np.random.default_rng(seed)
            ).std()
            for seed in range(5)
        ]
        size.append(np.mean(shaken))
    assert size[1] > 1.3 * size[0]


def test_refusals():
    with pytest.raises(ValueError, match="mode must be one of 'bike', 'bus'.*'boat'"):
        simulate_journeys(1, modes=["boat"])
    with pytest.raises(ValueError, match="sensor must be one of .*'gyroscope'"):
        simulate_journeys(1, sensors=["gyroscope"])
    with pytest.raises(ValueError, match="must each name at least one; got"):
        simulate_journeys(1, sensors=[])
    with pytest.raises(ValueError, match="n_people must be a number above 0"):
        simulate_journeys(0)
