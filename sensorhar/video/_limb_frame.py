"""The axes of a limb over time, from the joints that are seen."""

from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar.simulate.jet import Jet, bilinear

__all__ = ["Rest", "body_axes", "limb_axes", "turning_rate", "up_vector"]

#: Where a limb points in body axes when its swing begins.
Rest = Literal["forward", "down"]

_UP = {"x": (1, 0, 0), "y": (0, 1, 0), "z": (0, 0, 1)}
_UP |= {f"-{axis}": (-x, -y, -z) for axis, (x, y, z) in _UP.items()}

Axes = tuple[Jet, Jet, Jet]


def body_axes(along: Jet, across: Jet) -> Axes:
    """Return where forward, left and up of the trunk point in the world.

    Parameters
    ----------
    along : Jet of shape (n_times, 3)
        From the hips to the shoulders, of any length.
    across : Jet of shape (n_times, 3)
        From the right side to the left, of any length.

    Returns
    -------
    tuple of three Jet of shape (n_times, 3)
        Unit vectors at right angles; up is along, left is what of across is at a right
        angle to it.
    """
    up = _unit(along)
    forward = _unit(_cross(across, up))
    return forward, _cross(up, forward), up


def limb_axes(bone: Jet, body: Axes, rest: Rest) -> Axes:
    r"""Return where x, y and z of a limb point in the world.

    Joints do not tell how a bone is turned about itself. The limb is taken to swing
    from its rest the shortest way, without a twist: with r the rest and b the bone as
    unit vectors, :math:`w = r \times b` and :math:`c = r \cdot b`,

    .. math:: S v = v + w \times v + \frac{w \times (w \times v)}{1 + c}

    turns r into b, smoothly wherever the bone does not point against its rest.

    Parameters
    ----------
    bone : Jet of shape (n_times, 3), in m
        From its beginning to its end.
    body : tuple of three Jet
        What ``body_axes`` returns.
    rest : {"forward", "down"}
        Arms point backward, and legs upward, more rarely than anywhere else.

    Returns
    -------
    tuple of three Jet of shape (n_times, 3)
        x along the bone; y to the left of the body while the limb is at rest, or
        anywhere between forward and down; z completes them.
    """
    forward, left, up = body
    start = forward if rest == "forward" else -up
    x = _unit(bone)
    turn = _cross(start, x)
    across = _cross(turn, left)
    share = _dot(start, x) + 1.0
    # Straight against its rest the way is any; stay finite there.
    safe = np.maximum(share.value, 1e-6)
    share = Jet(safe, share.first, share.second)
    inverse = share.chain(1 / safe, -1 / safe**2, 2 / safe**3)
    y = left + across + _scaled(_cross(turn, across), inverse)
    return x, y, _cross(x, y)


def turning_rate(axes: Axes) -> NDArray[np.float64]:
    """Return the angular velocity of axes in those axes, (n_times, 3), in rad/s.

    Each axis moves as ``x' = w x x``; so ``w . x = y' . z`` and so on around.
    """
    x, y, z = axes
    pairs = ((y, z), (z, x), (x, y))
    return np.stack([np.sum(u.first * v.value, axis=1) for u, v in pairs], axis=1)


def up_vector(up: str | tuple[float, float, float], body: Axes) -> NDArray[np.float64]:
    """Return the unit vector that points up, in the coordinates of the skeleton.

    Raises
    ------
    ValueError
        When it is no axis, no vector and not ``"fitted"``.
    """
    if isinstance(up, str):
        check_choice(up, "up", [*_UP, "fitted"])
    fitted = np.median(body[2].value, axis=0)
    vector = fitted if up == "fitted" else np.array(_UP.get(str(up), up), dtype=float)
    length = np.linalg.norm(vector) if vector.shape == (3,) else np.nan
    if not 0 < length < np.inf:
        raise ValueError(
            "up must be an axis, such as 'y', a vector of three numbers, or 'fitted'; "
            f"got {up!r}."
        )
    return np.asarray(vector / length)


def _cross(left: Jet, right: Jet) -> Jet:
    return bilinear(np.cross, left, right)


def _dot(left: Jet, right: Jet) -> Jet:
    return bilinear(lambda u, v: np.sum(u * v, axis=1), left, right)


def _scaled(vector: Jet, factor: Jet) -> Jet:
    return vector * factor.map(lambda array: array[:, None])


def _unit(vector: Jet) -> Jet:
    """Return the direction; a vector without length has none, and gives NaN."""
    square = _dot(vector, vector)
    length = np.sqrt(square.value)
    with np.errstate(divide="ignore", invalid="ignore"):
        inverse = square.chain(1 / length, -0.5 / length**3, 0.75 / length**5)
        return _scaled(vector, inverse)
