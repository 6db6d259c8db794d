"""Quaternions against rotation matrices of SciPy."""

import numpy as np
from scipy.spatial.transform import Rotation

from sensorhar.simulate.jet import Jet
from sensorhar.simulate.turns import (
    body_turn,
    conjugate,
    product,
    rotate,
    still_turn,
    turn,
)

TIME_S = np.arange(0.0, 1.0, 1e-3)
TIME = Jet.time(TIME_S)


def as_scipy(quaternion):
    return Rotation.from_quat(quaternion, scalar_first=True)


def test_body_turn_is_yaw_pitch_roll():
    yaw, pitch, roll = TIME * 2.0, TIME.sin(), TIME * -0.7 + 1.0
    ours = as_scipy(body_turn(yaw, pitch, roll).value)
    angles = np.stack([yaw.value, pitch.value, roll.value], axis=1)
    theirs = Rotation.from_euler("ZYX", angles)
    assert (ours * theirs.inv()).magnitude().max() < 1e-12


def test_product_and_conjugate_follow_scipy():
    first, second = Rotation.random(2, rng=np.random.default_rng(0))
    q, p = first.as_quat(scalar_first=True), second.as_quat(scalar_first=True)
    assert (as_scipy(product(q, p)) * (first * second).inv()).magnitude() < 1e-12
    assert (as_scipy(conjugate(q)) * first).magnitude() < 1e-12


def test_rotate_turns_forward_down_when_leaning():
    lean = turn(Jet.time(np.array([np.pi / 2])), np.array([0.0, 1.0, 0.0]))
    forward = rotate(lean, np.array([1.0, 0.0, 0.0]))
    np.testing.assert_allclose(forward.value, [[0, 0, -1]], atol=1e-12)


def test_circle_has_its_centripetal_acceleration():
    spin = turn(TIME * 4.0, np.array([0.0, 0.0, 1.0]))
    point = rotate(spin, np.array([2.0, 0.0, 0.0]))
    np.testing.assert_allclose(point.second, -16 * point.value, atol=1e-10)


def test_moving_vector_obeys_the_product_rule():
    spin = turn(TIME * 4.0, np.array([0.0, 0.0, 1.0]))
    outwards = TIME.map(lambda array: array[:, None] * np.array([1.0, 0.0, 0.0]))
    point = rotate(spin, outwards)
    expected = np.stack([TIME_S * np.cos(4 * TIME_S), TIME_S * np.sin(4 * TIME_S)], 1)
    np.testing.assert_allclose(point.value[:, :2], expected, atol=1e-12)
    speed = np.hypot(*point.first[:, :2].T)
    np.testing.assert_allclose(speed, np.sqrt(1 + (4 * TIME_S) ** 2), atol=1e-10)


def test_still_turn_is_a_turn_that_stays():
    axis = np.array([0.0, 1.0, 0.0])
    moving = turn(Jet.time(np.array([0.3])), axis).value[0]
    np.testing.assert_allclose(still_turn(0.3, axis), moving)
