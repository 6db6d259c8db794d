"""The body moves as mechanics demands, whatever it does and wherever one looks."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from sensorhar.simulate.activities import ACTIVITIES
from sensorhar.simulate.motion import PLACES, Motion
from sensorhar.simulate.person import Person, random_people
from sensorhar.simulate.schedule import plan

STEP_S = 1e-3
EVERYTHING = [
    ("standing", 3),
    ("sitting", 3),
    ("lying", 3),
    ("walking", 4),
    ("walking_upstairs", 4),
    ("walking_downstairs", 4),
    ("running", 4),
    ("cycling", 4),
]


def move(schedule, person=None, seed=0):
    rng = np.random.default_rng(seed)
    return Motion(person or Person(), plan(schedule, rng), rng)


@pytest.fixture(scope="module", params=sorted(PLACES))
def trajectory(request):
    """Everything, transitions included, in fine steps."""
    motion = move(EVERYTHING, random_people(1, random_state=3)[0])
    time_s = np.arange(0, motion.timeline.duration_s, STEP_S)
    return motion.at(time_s, place=request.param)


def difference(values):
    """Differentiate by differences of fourth order; two samples at each end go."""
    return (values[:-4] - 8 * values[1:-3] + 8 * values[3:-1] - values[4:]) / (
        12 * STEP_S
    )


def test_velocity_is_the_derivative_of_position(trajectory):
    np.testing.assert_allclose(
        trajectory.velocity_mps[2:-2], difference(trajectory.position_m), atol=1e-4
    )


def test_acceleration_is_the_derivative_of_velocity(trajectory):
    np.testing.assert_allclose(
        trajectory.acceleration_mps2[2:-2],
        difference(trajectory.velocity_mps),
        atol=2e-3,
    )


def test_course_velocity_is_the_derivative_of_course_position(trajectory):
    np.testing.assert_allclose(
        trajectory.course_velocity_mps[2:-2],
        difference(trajectory.course_position_m),
        atol=1e-4,
    )


def test_angular_rate_is_the_derivative_of_orientation(trajectory):
    turns = Rotation.from_quat(trajectory.quaternion, scalar_first=True)
    # The turn from one sample to the next, in sensor axes, belongs to the middle.
    by_difference = (turns[:-1].inv() * turns[1:]).as_rotvec() / STEP_S
    middle = (
        trajectory.angular_rate_radps[:-1] + trajectory.angular_rate_radps[1:]
    ) / 2
    np.testing.assert_allclose(by_difference, middle, atol=5e-3)


def test_integrated_angular_rate_gives_the_orientation_back(trajectory):
    # Four seconds of walking and stairs.
    begin = int(np.searchsorted(trajectory.time_s, 24.0))
    rate = trajectory.angular_rate_radps[begin : begin + 4001]
    steps = Rotation.from_rotvec((rate[:-1] + rate[1:]) / 2 * STEP_S)
    now = Rotation.from_quat(trajectory.quaternion[begin], scalar_first=True)
    for step in steps:
        now = now * step
    there = Rotation.from_quat(trajectory.quaternion[begin + 4000], scalar_first=True)
    assert np.rad2deg((now.inv() * there).magnitude()) < 0.05


def test_quaternions_have_length_one_and_no_jumps(trajectory):
    norm = np.linalg.norm(trajectory.quaternion, axis=1)
    np.testing.assert_allclose(norm, 1, atol=1e-12)
    assert np.abs(np.diff(trajectory.quaternion, axis=0)).max() < 0.05


def test_speed_and_climb_of_the_activities():
    person = Person(height_m=1.72)
    for label, low, high in (
        ("standing", 0, 0.01),
        ("walking", 1.0, 1.5),
        ("running", 2.3, 3.6),
        ("cycling", 3.5, 6.5),
    ):
        motion = move([(label, 20)], person)
        velocity = motion.at(np.arange(2, 18, 0.1), place="waist").course_velocity_mps
        assert low <= np.mean(np.hypot(*velocity[:, :2].T)) <= high
    for label, sign in (("walking_upstairs", 1), ("walking_downstairs", -1)):
        motion = move([(label, 30)], person)
        position = motion.at(np.array([0.0, 30.0]), place="waist").course_position_m
        assert 3 < sign * (position[1, 2] - position[0, 2]) < 9


def test_running_flies():
    motion = move([("running", 10)])
    running = motion.at(np.arange(2, 8, 0.005), place="waist")
    weight = 1 + running.acceleration_mps2[:, 2] / 9.80665
    assert 0.1 < np.mean(np.abs(weight) < 0.25) < 0.5
    assert weight.max() > 1.8


def test_sensor_axes_are_as_documented_when_upright():
    for place, axes in PLACES.items():
        motion = move([("standing", 5)])
        trajectory = motion.at(np.array([2.0]), place=place)
        up = trajectory.to_sensor(np.array([0.0, 0.0, 1.0]))[0]
        expected = np.array(axes, dtype=float)[:, 2]
        # A hanging arm is bent at the elbow, which tilts the wrist most.
        assert up @ expected > 0.75


def test_two_places_move_on_one_body():
    motion = move([("walking", 10)])
    time_s = np.arange(1, 9, 0.1)
    waist = motion.at(time_s, place="waist")
    wrist = motion.at(time_s, place="wrist")
    np.testing.assert_array_equal(waist.course_position_m, wrist.course_position_m)
    apart_m = np.linalg.norm(waist.position_m - wrist.position_m, axis=1)
    assert apart_m.min() > 0.05
    assert apart_m.max() < 1.0


def test_motion_does_not_depend_on_when_one_looks():
    motion = move([("walking", 5), ("sitting", 5)])
    time_s = np.arange(0, 10, 0.01)
    fine = motion.at(time_s, place="waist")
    coarse = motion.at(time_s[::7], place="waist")
    np.testing.assert_allclose(fine.position_m[::7], coarse.position_m, atol=1e-9)


@pytest.mark.parametrize("label", sorted(ACTIVITIES))
def test_every_activity_alone_is_finite(label):
    trajectory = move([(label, 3)]).at(np.arange(0, 3, 0.05), place="wrist")
    for name, values in vars(trajectory).items():
        assert np.isfinite(values).all(), name


def test_unknown_place():
    with pytest.raises(ValueError, match=r"place must be one of 'pocket', 'waist'"):
        move([("walking", 3)]).at(np.array([1.0]), place="nose")
