"""Random rotations of space, and the 24 that map the axes onto each other."""

from __future__ import annotations

from functools import lru_cache
from itertools import permutations, product

import numpy as np
from numpy.typing import NDArray

__all__ = ["axis_remaps", "random_rotations"]


def random_rotations(
    n_rotations: int, rng: np.random.Generator, max_angle_rad: float = np.pi
) -> NDArray[np.float64]:
    r"""Draw uniformly among the rotations that turn by at most an angle.

    Uniform is meant by the Haar measure of SO(3): the axis is uniform on the sphere
    and the angle has the density :math:`(1 - \cos\theta) / \pi` on 0 to pi [1]_, here
    cut off at the largest angle. Returns shape (n_rotations, 3, 3).

    References
    ----------
    .. [1] R. E. Miles, "On random rotations in R^3", Biometrika 52 (1965), 636-639.
    """
    axis = rng.standard_normal((n_rotations, 3))
    axis /= np.linalg.norm(axis, axis=1, keepdims=True)
    table_rad = np.linspace(0, max_angle_rad, 4097)
    share = table_rad - np.sin(table_rad)  # the integral of the density, not scaled
    angle_rad = np.interp(rng.uniform(0, share[-1], n_rotations), share, table_rad)
    # The unit quaternion of that axis and angle, then its rotation matrix.
    w = np.cos(angle_rad / 2)
    x, y, z = (axis * np.sin(angle_rad / 2)[:, None]).T
    matrix = [
        [1 - 2 * (y * y + z * z), 2 * (x * y - w * z), 2 * (x * z + w * y)],
        [2 * (x * y + w * z), 1 - 2 * (x * x + z * z), 2 * (y * z - w * x)],
        [2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)],
    ]
    return np.moveaxis(np.array(matrix), 2, 0)


@lru_cache(maxsize=1)
def axis_remaps() -> NDArray[np.float64]:
    """Return the 24 rotation matrices that only swap and turn round axes.

    Of the 48 ways to permute three axes and choose their signs, those with a
    determinant of 1; the others are mirror images, which no device can show.
    """
    ways = []
    for order, signs in product(permutations(range(3)), product((1, -1), repeat=3)):
        matrix = np.zeros((3, 3))
        matrix[range(3), order] = signs
        if np.linalg.det(matrix) > 0:
            ways.append(matrix)
    found = np.array(ways)
    found.setflags(write=False)  # shared by all callers through the cache
    return found
