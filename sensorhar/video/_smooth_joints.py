"""The ways of joints as smooth functions of time, with exact derivatives."""

import numpy as np
from numpy.typing import NDArray

from sensorhar.simulate.jet import Jet

__all__ = ["MIN_FRAMES", "smooth_joints"]

#: Fewest frames in which a joint must be seen.
MIN_FRAMES = 6

DEGREE = 5  # of the pieces, for a penalty on the third derivative
N_LOCAL = DEGREE + 1  # B-splines that differ from 0 at a place
#: A cutoff of this many frame rates leaves 0.9998 of all that frames can hold.
ALL_RATES = 2.0
#: A frame this far off the curve is astray. The fastest true motion of UTD-MHAD, a
#: tennis swing seen 20 times a second, is off by 0.27 m at 3 Hz.
ASTRAY_M = 0.3

Array = NDArray[np.float64]


def smooth_joints(
    positions_m: Array, frames_s: Array, at_s: Array, cutoff_hz: float | None
) -> Jet:
    r"""Return position, velocity and acceleration of joints at any times.

    The smoothing spline f of fifth degree through the frames minimises

    .. math:: \sum_i |p_i - f(t_i)|^2 + \lambda \int |f'''|^2 dt, \qquad
              \lambda = \frac{1}{h \, (2 \pi f_c)^6}

    with h the time between frames. Away from the ends it multiplies a motion of
    frequency f by :math:`1 / (1 + (f / f_c)^6)`: by a half at the cutoff, without
    delay. A constant acceleration is kept exactly. Frames astray are left out, the
    worst first, until none is.

    Parameters
    ----------
    positions_m : array of shape (n_frames, n_joints, 3), in m
        NaN where a joint was not seen; each is in ``MIN_FRAMES`` at least.
    frames_s : array of shape (n_frames,), in s
        When, strictly increasing.
    at_s : array of shape (n_times,), in s
        Where to evaluate.
    cutoff_hz : float or None
        Where half of a motion is left; None smooths nothing away.

    Returns
    -------
    Jet of shape (n_times, n_joints, 3)
        Positions in m, with their derivatives.

    References
    ----------
    C. H. Reinsch, Smoothing by spline functions II, Numerische Mathematik 16 (1971).
    The gain follows from the minimum of each sine by itself:
    ``1 - gain = h * lambda * (2 pi f)^6 * gain``.
    """
    from scipy.interpolate import BSpline

    step_s = float(np.median(np.diff(frames_s)))
    ticks = (frames_s - frames_s[0]) / step_s
    cutoff = ALL_RATES if cutoff_hz is None else min(cutoff_hz * step_s, ALL_RATES)
    knots = np.pad(ticks, DEGREE, mode="edge")
    first = np.minimum(np.arange(len(ticks)), len(ticks) - 2)
    basis = _local_values(knots, ticks, first, 0)
    roughness = _roughness(knots, ticks) / (2 * np.pi * cutoff) ** 6
    is_kept = np.asarray(np.isfinite(positions_m).all(axis=2))
    coefficients = np.empty((len(ticks) + DEGREE - 1, *positions_m.shape[1:]))
    waiting = np.arange(positions_m.shape[1])
    while len(waiting):
        # Joints seen in the same frames share their equations.
        _, kind = np.unique(is_kept[:, waiting], axis=1, return_inverse=True)
        for number in range(kind.max() + 1):
            joints = waiting[kind == number]
            weight = is_kept[:, joints[0]].astype(float)
            coefficients[:, joints] = _solve(
                basis, first, roughness, positions_m[:, joints], weight
            )
        fit = np.einsum("il,iljd->ijd", basis, coefficients[_columns(first)])
        off_m = np.where(is_kept, np.linalg.norm(positions_m - fit, axis=2), 0.0)
        # A frame astray drags the curve and makes its neighbours look bad as well.
        is_astray = off_m > np.maximum(ASTRAY_M, 0.5 * off_m.max(axis=0))
        is_astray &= (is_kept & ~is_astray).sum(axis=0) >= MIN_FRAMES
        is_kept &= ~is_astray
        waiting = np.flatnonzero(is_astray.any(axis=0))
    spline = BSpline(knots, coefficients, DEGREE)
    places = (at_s - frames_s[0]) / step_s
    return Jet(*(spline(places, order) / step_s**order for order in range(3)))


def _columns(first: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return which B-splines differ from 0 in pieces of these numbers."""
    return first[:, None] + np.arange(N_LOCAL)


def _local_values(
    knots: Array, places: Array, first: NDArray[np.intp], order: int
) -> Array:
    """Return derivatives of the B-splines that differ from 0, (n_places, N_LOCAL)."""
    from scipy.interpolate import BSpline

    # They are local, so that every sixth one can be evaluated at once.
    every = np.zeros((len(knots) - N_LOCAL, N_LOCAL))
    every[np.arange(len(every)), np.arange(len(every)) % N_LOCAL] = 1.0
    values = BSpline(knots, every, DEGREE)(places, order)
    found: Array = np.take_along_axis(values, _columns(first) % N_LOCAL, axis=1)
    return found


def _roughness(knots: Array, ticks: Array) -> Array:
    """Return the integrals of products of third derivatives, as bands."""
    # Third derivatives are of second degree: three points are exact for products.
    nodes, shares = np.polynomial.legendre.leggauss(3)
    half = np.diff(ticks)[:, None] / 2
    places = (ticks[:-1, None] + half + half * nodes).ravel()
    first = np.repeat(np.arange(len(ticks) - 1), len(nodes))
    third = _local_values(knots, places, first, 3)
    return _bands(third, first, (half * shares).ravel(), len(ticks) + DEGREE - 1)


def _bands(values: Array, first: NDArray[np.intp], weight: Array, size: int) -> Array:
    """Return ``values.T @ diag(weight) @ values`` as upper bands, (N_LOCAL, size)."""
    bands = np.zeros((N_LOCAL, size))
    for above in range(N_LOCAL):
        for column in range(above, N_LOCAL):
            product = weight * values[:, column - above] * values[:, column]
            bands[DEGREE - above] += np.bincount(first + column, product, size)
    return bands


def _solve(
    basis: Array,
    first: NDArray[np.intp],
    roughness: Array,
    positions_m: Array,
    weight: Array,
) -> Array:
    """Return the coefficients of the minimum for joints seen in the same frames."""
    from scipy.linalg import solveh_banded
    from scipy.sparse import csr_array

    size = roughness.shape[1]
    bands = _bands(basis, first, weight, size) + roughness
    starts = np.arange(0, basis.size + 1, N_LOCAL)
    table = csr_array((basis.ravel(), _columns(first).ravel(), starts))
    seen = np.where(weight[:, None, None] > 0, positions_m, 0.0)
    solved = solveh_banded(bands, table.T @ seen.reshape(len(basis), -1))
    return np.asarray(solved.reshape(size, *positions_m.shape[1:]), dtype=np.float64)
