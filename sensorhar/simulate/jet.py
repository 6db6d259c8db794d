"""A quantity over time that carries its first and second derivative with it.

Positions and angles are composed from sines, polynomials and products. Each of these
has a closed derivative, so the velocity, acceleration and angular rate that come out
belong to the position and orientation exactly: no difference quotient, no grid.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["Jet", "bilinear", "bump", "oscillation", "smooth_step"]

Array = NDArray[Any]


@dataclass(frozen=True)
class Jet:
    """Value, first and second time derivative of one quantity at many times.

    Parameters
    ----------
    value, first, second : arrays of one shape (n_times, ...)
        The quantity in its unit, and its derivatives in that unit per s and per s².

    Examples
    --------
    >>> import numpy as np
    >>> t = Jet.time(np.array([0.0, 1.0]))
    >>> (t * t).first
    array([0., 2.])
    """

    value: Array
    first: Array
    second: Array

    @classmethod
    def time(cls, time_s: Array) -> Self:
        """Return time itself: slope 1, no curvature."""
        return cls(time_s, np.ones_like(time_s), np.zeros_like(time_s))

    @classmethod
    def zeros(cls, shape: tuple[int, ...]) -> Self:
        """Return a quantity that is 0 and stays 0."""
        return cls(np.zeros(shape), np.zeros(shape), np.zeros(shape))

    def map(self, function: Callable[[Array], Array]) -> "Jet":
        """Return a fixed linear function of the quantity, such as picking columns."""
        return Jet(function(self.value), function(self.first), function(self.second))

    def column(self, index: int) -> "Jet":
        """Return one column of an (n_times, n_columns) quantity."""
        return self.map(lambda array: array[:, index])

    def chain(self, value: Array, slope: Array, curvature: Array) -> "Jet":
        """Return a function of this quantity, given it and its derivatives here."""
        return Jet(
            value, slope * self.first, curvature * self.first**2 + slope * self.second
        )

    def cos(self) -> "Jet":
        """Return the cosine of an angle in rad."""
        cosine, sine = np.cos(self.value), np.sin(self.value)
        return self.chain(cosine, -sine, -cosine)

    def sin(self) -> "Jet":
        """Return the sine of an angle in rad."""
        cosine, sine = np.cos(self.value), np.sin(self.value)
        return self.chain(sine, cosine, -sine)

    def __add__(self, other: "Jet | ArrayLike") -> "Jet":
        if isinstance(other, Jet):
            return Jet(
                self.value + other.value,
                self.first + other.first,
                self.second + other.second,
            )
        return Jet(self.value + np.asarray(other), self.first, self.second)

    def __neg__(self) -> "Jet":
        return self.map(np.negative)

    def __sub__(self, other: "Jet | ArrayLike") -> "Jet":
        if isinstance(other, Jet):
            return self + -other
        return self + -np.asarray(other)

    def __mul__(self, other: "Jet | ArrayLike") -> "Jet":
        if isinstance(other, Jet):
            return bilinear(np.multiply, self, other)
        factor = np.asarray(other)
        return self.map(lambda array: array * factor)


def bilinear(
    product: Callable[[Any, Any], Array], left: Jet, right: "Jet | Array"
) -> Jet:
    """Return a product of two quantities by Leibniz' rule.

    Parameters
    ----------
    product : callable
        Linear in each argument, such as a quaternion product.
    left : Jet
        The left factor.
    right : Jet or array
        The right factor; an array is constant in time.

    Returns
    -------
    Jet
        ``(u v)'' = u'' v + 2 u' v' + u v''``, and so on.
    """
    if not isinstance(right, Jet):
        return left.map(lambda array: product(array, right))
    return Jet(
        product(left.value, right.value),
        product(left.first, right.value) + product(left.value, right.first),
        product(left.second, right.value)
        + 2 * product(left.first, right.first)
        + product(left.value, right.second),
    )


def smooth_step(progress: Jet) -> Jet:
    """Rise from 0 to 1 while progress goes from 0 to 1, as a person would move.

    Parameters
    ----------
    progress : Jet
        Clipped to [0, 1]; linear in time within.

    Returns
    -------
    Jet
        ``10 u^3 - 15 u^4 + 6 u^5``: speed and acceleration vanish at both ends.

    References
    ----------
    T. Flash and N. Hogan, "The coordination of arm movements: an experimentally
    confirmed mathematical model", J. Neurosci. 5 (1985): reaching movements minimise
    jerk, which gives this polynomial.
    """
    u = np.clip(progress.value, 0.0, 1.0)
    return progress.chain(
        u**3 * (10 - 15 * u + 6 * u**2),
        30 * u**2 * (1 - u) ** 2,
        60 * u * (1 - u) * (1 - 2 * u),
    )


def bump(progress: Jet) -> Jet:
    """Rise from 0 to 1 and fall back while progress goes from 0 to 1.

    Parameters
    ----------
    progress : Jet
        Clipped to [0, 1]; linear in time within.

    Returns
    -------
    Jet
        ``64 u^3 (1 - u)^3``: smooth to the second derivative at both ends.
    """
    u = np.clip(progress.value, 0.0, 1.0)
    w = u * (1 - u)
    return progress.chain(
        64 * w**3, 192 * w**2 * (1 - 2 * u), 384 * w * ((1 - 2 * u) ** 2 - w)
    )


def oscillation(phase: Jet, turns: Array, coefficients: Array) -> Jet:
    """Sum sinusoids: ``sum over k of Re(coefficients[k] exp(i turns[k] phase))``.

    Parameters
    ----------
    phase : Jet of shape (n_times,)
        An angle in rad with harmonics as turns, or time in s with rad/s as turns.
    turns : array of shape (n_lines,)
        How fast each line turns with the phase.
    coefficients : complex array of shape (n_lines, n_columns)
        Amplitude and phase offset of each line in each column.

    Returns
    -------
    Jet of shape (n_times, n_columns)
        The sums.
    """
    angle = phase.value[:, None] * turns
    waves = np.hstack([np.cos(angle), np.sin(angle)])
    turning = 1j * turns[:, None]
    orders = np.hstack(
        [coefficients, turning * coefficients, turning**2 * coefficients]
    )
    # Re(c exp(ia)) = Re(c) cos(a) - Im(c) sin(a): one real product for all orders.
    value, slope, curvature = np.split(
        waves @ np.vstack([orders.real, -orders.imag]), 3, axis=1
    )
    return phase.map(lambda array: array[:, None]).chain(value, slope, curvature)
