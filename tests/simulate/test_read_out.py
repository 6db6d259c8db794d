"""Perfect sensors read what physics says."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from sensorhar.simulate.motion import Motion
from sensorhar.simulate.person import Person
from sensorhar.simulate.read_out import FIELD_UT, ORIGIN, READERS
from sensorhar.simulate.schedule import plan
from sensorhar.simulate.trajectory import Trajectory

TIME_S = np.arange(0, 20, 0.01)


@pytest.fixture(scope="module")
def walk():
    rng = np.random.default_rng(0)
    motion = Motion(Person(), plan([("walking", 20)], rng), rng)
    return motion.at(TIME_S, place="pocket")


def at_rest(quaternion):
    n_times = 5
    zeros = np.zeros((n_times, 3))
    return Trajectory(
        np.arange(n_times), zeros, zeros, zeros, np.tile(quaternion, (n_times, 1)),
        zeros, zeros, zeros, np.zeros(n_times),
    )  # fmt: skip


def test_rest_reads_one_g_upwards_whatever_the_orientation():
    for turn in Rotation.random(10, rng=np.random.default_rng(0)):
        still = at_rest(turn.as_quat(scalar_first=True))
        force = READERS["accelerometer"](still)
        np.testing.assert_allclose(np.linalg.norm(force, axis=1), 9.80665, atol=1e-9)
        np.testing.assert_allclose(turn.apply(force[0]), [0, 0, 9.80665], atol=1e-9)
        np.testing.assert_array_equal(READERS["gyroscope"](still), 0)


def test_free_fall_reads_nothing():
    falling = replace(
        at_rest([1, 0, 0, 0]), acceleration_mps2=np.tile([0, 0, -9.80665], (5, 1))
    )
    np.testing.assert_allclose(READERS["accelerometer"](falling), 0, atol=1e-12)


def test_force_turned_to_the_world_is_acceleration_plus_gravity(walk):
    turns = Rotation.from_quat(walk.quaternion, scalar_first=True)
    world = turns.apply(READERS["accelerometer"](walk)) - [0, 0, 9.80665]
    second = np.diff(walk.position_m, 2, axis=0) / 0.01**2
    np.testing.assert_allclose(world, walk.acceleration_mps2, atol=1e-9)
    # Second differences at 100 Hz are themselves off by some percent at 10 Hz.
    error = world[1:-1] - second
    assert np.sqrt(np.mean(error**2)) < 0.03 * np.sqrt(np.mean(second**2))


def test_magnetometer_sees_a_field_of_constant_strength(walk):
    field = READERS["magnetometer"](walk)
    np.testing.assert_allclose(np.linalg.norm(field, axis=1), 48.0, atol=1e-9)
    turns = Rotation.from_quat(walk.quaternion, scalar_first=True)
    np.testing.assert_allclose(
        turns.apply(field), np.tile(FIELD_UT, (len(field), 1)), atol=1e-9
    )
    dip_deg = np.rad2deg(np.arctan2(-FIELD_UT[2], np.hypot(*FIELD_UT[:2])))
    assert dip_deg == pytest.approx(64)


def test_gps_speed_and_bearing_are_the_derivative_of_its_position(walk):
    latitude, longitude, altitude, speed, bearing, _ = READERS["gps"](walk).T
    # One arc on the ellipsoid of WGS 84, from its own radii of curvature.
    a, e2 = 6378137.0, 0.00669437999014
    bend = 1 - e2 * np.sin(np.deg2rad(ORIGIN[0])) ** 2
    meridian_m = a * (1 - e2) / bend**1.5 + ORIGIN[2]
    parallel_m = (a / np.sqrt(bend) + ORIGIN[2]) * np.cos(np.deg2rad(ORIGIN[0]))
    north = np.gradient(np.deg2rad(latitude) * meridian_m, TIME_S)[5:-5]
    east = np.gradient(np.deg2rad(longitude) * parallel_m, TIME_S)[5:-5]
    np.testing.assert_allclose(np.hypot(north, east), speed[5:-5], atol=1e-3)
    off_deg = np.rad2deg(np.arctan2(east, north)) - bearing[5:-5]
    assert np.abs(np.mod(off_deg + 180, 360) - 180).max() < 0.1
    assert np.all((bearing >= 0) & (bearing < 360))
    assert np.abs(altitude - ORIGIN[2]).max() < 2
