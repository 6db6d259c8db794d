"""Turns in space as quaternions, fixed or changing over time.

A quaternion is (w, x, y, z) on the last axis; ``q v q*`` turns the vector v.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.simulate.jet import Jet, bilinear

__all__ = ["body_turn", "conjugate", "product", "pure", "rotate", "still_turn", "turn"]

_X, _Y, _Z = np.eye(3)


def still_turn(angle_rad: float, axis: NDArray[Any]) -> NDArray[Any]:
    """Return the quaternion of a fixed turn.

    Parameters
    ----------
    angle_rad : float
        Counter-clockwise when the axis points at the onlooker.
    axis : array of shape (3,)
        Of length 1.

    Returns
    -------
    array of shape (4,)
        A unit quaternion.
    """
    return np.concatenate([[np.cos(angle_rad / 2)], np.sin(angle_rad / 2) * axis])


def turn(angle: Jet, axis: NDArray[Any]) -> Jet:
    """Return the quaternion of a turn about a fixed axis, over time.

    Parameters
    ----------
    angle : Jet of shape (n_times,), in rad
        Counter-clockwise when the axis points at the onlooker.
    axis : array of shape (3,)
        Of length 1.

    Returns
    -------
    Jet of shape (n_times, 4)
        Unit quaternions.
    """
    half = angle * 0.5
    cosine, sine = half.cos(), half.sin()
    with_axis = np.concatenate([[0.0], axis])
    return cosine.map(lambda array: array[:, None] * np.eye(4)[0]) + sine.map(
        lambda array: array[:, None] * with_axis
    )


def body_turn(yaw: Jet, pitch: Jet, roll: Jet) -> Jet:
    """Return the quaternion of a part of the body: yaw, then pitch, then roll.

    Parameters
    ----------
    yaw, pitch, roll : Jet of shape (n_times,), in rad
        About the axes up, left (forward lean is positive) and forward.

    Returns
    -------
    Jet of shape (n_times, 4)
        Turns body axes (forward, left, up) into the axes around.
    """
    level = bilinear(product, turn(yaw, _Z), turn(pitch, _Y))
    return bilinear(product, level, turn(roll, _X))


def rotate(quaternion: Jet, vector: Jet | NDArray[Any]) -> Jet:
    """Turn a vector: ``q v q*``.

    Parameters
    ----------
    quaternion : Jet of shape (n_times, 4)
        Unit quaternions.
    vector : Jet of shape (n_times, 3) or array of shape (3,)
        What to turn; an array is fixed in the turning frame.

    Returns
    -------
    Jet of shape (n_times, 3)
        The vector in the axes around.
    """
    scalar_free = vector.map(pure) if isinstance(vector, Jet) else pure(vector)
    half = bilinear(product, quaternion, scalar_free)
    return bilinear(product, half, quaternion.map(conjugate)).map(
        lambda array: array[:, 1:]
    )


def pure(vector: NDArray[Any]) -> NDArray[Any]:
    """Return vectors as quaternions without a scalar part.

    Parameters
    ----------
    vector : array of shape (..., 3)
        Vectors.

    Returns
    -------
    array of shape (..., 4)
        The same after a 0.
    """
    return np.concatenate([np.zeros((*vector.shape[:-1], 1)), vector], axis=-1)


def conjugate(quaternion: NDArray[Any]) -> NDArray[Any]:
    """Return the inverse of unit quaternions.

    Parameters
    ----------
    quaternion : array of shape (..., 4)
        Unit quaternions.

    Returns
    -------
    array of shape (..., 4)
        The turns back.
    """
    return np.asarray(quaternion * np.array([1.0, -1.0, -1.0, -1.0]))


def product(left: NDArray[Any], right: NDArray[Any]) -> NDArray[Any]:
    """Multiply quaternions (Hamilton's product).

    Parameters
    ----------
    left, right : array of shape (..., 4)
        Factors; the right turn comes first.

    Returns
    -------
    array of shape (..., 4)
        The turn of both.

    Examples
    --------
    >>> product(np.array([0, 1, 0, 0]), np.array([0, 0, 1, 0]))  # i j = k
    array([0, 0, 0, 1])
    """
    a, b, c, d = (left[..., i] for i in range(4))
    e, f, g, h = (right[..., i] for i in range(4))
    both = np.empty(np.broadcast_shapes(left.shape, right.shape), np.result_type(a, e))
    both[..., 0] = a * e - b * f - c * g - d * h
    both[..., 1] = a * f + b * e + c * h - d * g
    both[..., 2] = a * g - b * h + c * e + d * f
    both[..., 3] = a * h + b * g - c * f + d * e
    return both
