"""Quaternions (w, x, y, z) on the last axis: products, turns, matrices, angles."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "quaternion_angle_rad",
    "quaternion_conjugate",
    "quaternion_from_axes",
    "quaternion_product",
    "quaternion_rotate",
    "quaternion_to_matrix",
]

Array = NDArray[np.float64]


def quaternion_product(left: ArrayLike, right: ArrayLike) -> Array:
    """Multiply quaternions (Hamilton's product); the right turn comes first.

    Parameters
    ----------
    left, right : array-like of shape (..., 4)
        Factors; shapes broadcast.

    Returns
    -------
    array of shape (..., 4)
        The turn of both.

    Raises
    ------
    ValueError
        When the last axis has not four numbers.

    Examples
    --------
    >>> quaternion_product([0, 1, 0, 0], [0, 0, 1, 0]).tolist()  # i j = k
    [0.0, 0.0, 0.0, 1.0]
    """
    p, q = _checked(left, 4, "left"), _checked(right, 4, "right")
    w = p[..., 0] * q[..., 0] - np.sum(p[..., 1:] * q[..., 1:], axis=-1)
    vector = (
        p[..., :1] * q[..., 1:]
        + q[..., :1] * p[..., 1:]
        + np.cross(p[..., 1:], q[..., 1:])
    )
    return np.concatenate([w[..., None], vector], axis=-1)


def quaternion_conjugate(quaternion: ArrayLike) -> Array:
    """Return the turns back.

    Parameters
    ----------
    quaternion : array-like of shape (..., 4)
        Unit quaternions.

    Returns
    -------
    array of shape (..., 4)
        Their inverses.

    Raises
    ------
    ValueError
        When the last axis has not four numbers.

    Examples
    --------
    >>> quaternion_conjugate([0.0, 1.0, 0.0, 0.0]).tolist()
    [0.0, -1.0, -0.0, -0.0]
    """
    q = _checked(quaternion, 4, "quaternion")
    return np.asarray(q * np.array([1.0, -1.0, -1.0, -1.0]))


def quaternion_rotate(quaternion: ArrayLike, vector: ArrayLike) -> Array:
    """Turn vectors: ``q v q*``.

    Parameters
    ----------
    quaternion : array-like of shape (..., 4)
        Unit quaternions; those of this library turn sensor axes into east, north, up.
    vector : array-like of shape (..., 3)
        What to turn; shapes broadcast.

    Returns
    -------
    array of shape (..., 3)
        The turned vectors.

    Raises
    ------
    ValueError
        When a last axis has not four or three numbers.

    Examples
    --------
    >>> half = 0.5**0.5  # a quarter turn about z
    >>> quaternion_rotate([half, 0, 0, half], [1, 0, 0]).round(6) + 0.0
    array([0., 1., 0.])
    """
    q, v = _checked(quaternion, 4, "quaternion"), _checked(vector, 3, "vector")
    across = 2 * np.cross(q[..., 1:], v)
    return np.asarray(v + q[..., :1] * across + np.cross(q[..., 1:], across))


def quaternion_angle_rad(one: ArrayLike, other: ArrayLike) -> Array:
    """Return by how much two orientations differ: the angle of the turn between.

    Parameters
    ----------
    one, other : array-like of shape (..., 4)
        Unit quaternions; q and -q are the same orientation.

    Returns
    -------
    array of shape (...), in rad
        From 0 to pi.

    Raises
    ------
    ValueError
        When the last axis has not four numbers.

    Examples
    --------
    >>> half = 0.5**0.5
    >>> round(float(quaternion_angle_rad([1, 0, 0, 0], [half, half, 0, 0])), 4)
    1.5708
    """
    between = quaternion_product(quaternion_conjugate(one), other)
    sine = np.linalg.norm(between[..., 1:], axis=-1)
    return np.asarray(2 * np.arctan2(sine, np.abs(between[..., 0])))


def quaternion_to_matrix(quaternion: ArrayLike) -> Array:
    """Return rotation matrices whose columns are the turned axes.

    Parameters
    ----------
    quaternion : array-like of shape (..., 4)
        Unit quaternions.

    Returns
    -------
    array of shape (..., 3, 3)
        ``matrix @ v`` turns v.

    Raises
    ------
    ValueError
        When the last axis has not four numbers.

    Examples
    --------
    >>> quaternion_to_matrix([1, 0, 0, 0]).tolist()
    [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
    """
    q = _checked(quaternion, 4, "quaternion")
    columns = [quaternion_rotate(q, axis) for axis in np.eye(3)]
    return np.stack(columns, axis=-1)


def quaternion_from_axes(east: ArrayLike, north: ArrayLike, up: ArrayLike) -> Array:
    """Return the orientation of a sensor that sees these directions.

    Parameters
    ----------
    east, north, up : array-like of shape (..., 3)
        Unit vectors in sensor axes, each at a right angle to the others.

    Returns
    -------
    array of shape (..., 4)
        Turn sensor axes into east, north, up; w is not negative.

    Raises
    ------
    ValueError
        When a last axis has not three numbers.

    Notes
    -----
    With east, north and up as its rows, the rotation matrix R gives
    ``4 w^2 = 1 + R11 + R22 + R33`` and likewise ``x^2``, ``y^2`` and ``z^2``; the
    largest of them is taken by its root, the others from it, so that nothing is
    divided by a small number (S. W. Shepperd, J. Guidance and Control 1, 1978).

    Examples
    --------
    >>> quaternion_from_axes([1, 0, 0], [0, 1, 0], [0, 0, 1]).tolist()
    [1.0, 0.0, 0.0, 0.0]
    """
    rows = [_checked(axis, 3, "axis") for axis in (east, north, up)]
    r = np.stack(np.broadcast_arrays(*rows), axis=-2)
    d = [r[..., i, i] for i in range(3)]
    # Four times the products of each pair of w, x, y and z.
    table = np.empty((*r.shape[:-2], 4, 4))
    table[..., 0, 0] = 1 + d[0] + d[1] + d[2]
    for i, j, k in ((0, 1, 2), (1, 2, 0), (2, 0, 1)):
        table[..., i + 1, i + 1] = 1 + d[i] - d[j] - d[k]
        table[..., 0, i + 1] = table[..., i + 1, 0] = r[..., k, j] - r[..., j, k]
        table[..., i + 1, j + 1] = r[..., j, i] + r[..., i, j]
        table[..., j + 1, i + 1] = table[..., i + 1, j + 1]
    best = np.argmax(np.diagonal(table, axis1=-2, axis2=-1), axis=-1)
    q = np.take_along_axis(table, best[..., None, None], axis=-2)[..., 0, :]
    q = q / np.linalg.norm(q, axis=-1, keepdims=True)
    return np.asarray(np.where(q[..., :1] < 0, -q, q))


def _checked(values: ArrayLike, size: int, name: str) -> Array:
    array = np.asarray(values, dtype=np.float64)
    if array.ndim == 0 or array.shape[-1] != size:
        raise ValueError(
            f"{name} must have {size} numbers on its last axis; got shape "
            f"{array.shape!r}."
        )
    return array
