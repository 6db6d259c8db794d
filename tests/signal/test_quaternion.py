"""Quaternions against rotation matrices, SciPy and the algebra's laws."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from sensorhar.signal.quaternion import (
    quaternion_angle_rad,
    quaternion_conjugate,
    quaternion_from_axes,
    quaternion_product,
    quaternion_rotate,
    quaternion_to_matrix,
)


@pytest.fixture
def turns():
    """Return a hundred random turns, ours and SciPy's (which writes w last)."""
    theirs = Rotation.random(100, random_state=np.random.default_rng(0))
    return np.roll(theirs.as_quat(), 1, axis=1), theirs


def test_agrees_with_scipy(turns):
    ours, theirs = turns
    vectors = np.random.default_rng(1).normal(size=(100, 3))
    assert quaternion_rotate(ours, vectors) == pytest.approx(theirs.apply(vectors))
    assert quaternion_to_matrix(ours) == pytest.approx(theirs.as_matrix())
    both = quaternion_product(ours[:50], ours[50:])
    expected = (theirs[:50] * theirs[50:]).as_matrix()
    assert quaternion_to_matrix(both) == pytest.approx(expected)
    expected = (theirs[:50].inv() * theirs[50:]).magnitude()
    assert quaternion_angle_rad(ours[:50], ours[50:]) == pytest.approx(expected)


def test_the_turn_back(turns):
    ours, _ = turns
    one = quaternion_product(ours, quaternion_conjugate(ours))
    assert one == pytest.approx(np.tile([1.0, 0, 0, 0], (100, 1)), abs=1e-12)
    assert quaternion_angle_rad(ours, -ours) == pytest.approx(0, abs=1e-7)


def test_from_axes_is_the_way_back(turns):
    theirs = turns[1]
    matrix = theirs.as_matrix()
    found = quaternion_from_axes(matrix[:, 0], matrix[:, 1], matrix[:, 2])
    assert quaternion_to_matrix(found) == pytest.approx(matrix)
    assert (found[:, 0] >= 0).all()


@pytest.mark.parametrize("axis", [0, 1, 2])
def test_from_axes_of_half_turns(axis):
    """There w is 0, and a division by it would fail."""
    matrix = -np.eye(3)
    matrix[axis, axis] = 1
    found = quaternion_from_axes(*matrix)
    assert np.abs(found) == pytest.approx(np.eye(4)[axis + 1])


def test_refusals():
    with pytest.raises(ValueError, match=r"left must have 4 numbers .*got shape \(3,"):
        quaternion_product([1.0, 0, 0], [1.0, 0, 0, 0])
    with pytest.raises(ValueError, match="vector must have 3 numbers"):
        quaternion_rotate([1.0, 0, 0, 0], [1.0, 0])
