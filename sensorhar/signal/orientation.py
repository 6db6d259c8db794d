"""Which way is up, and north: gravity-aligned channels, heading and a filter."""

from __future__ import annotations

import math
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._soft import require
from sensorhar.signal._butterworth import design, ringing_samples
from sensorhar.signal._inputs import as_float, check_finite, check_positive
from sensorhar.signal.filters import low_pass
from sensorhar.signal.gravity import magnitude
from sensorhar.signal.quaternion import quaternion_from_axes
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["align_to_gravity", "estimate_orientation", "heading_rad"]

START_S = 0.5  # in which the attitude is that of the mean acceleration so far
#: Shocks count as no more than this many g.
MAX_SHARE = 2.0

Array = NDArray[np.float64]


def align_to_gravity(
    acc: ArrayLike,
    *,
    rate_hz: float,
    cutoff_hz: float = 0.3,
    causal: bool = False,
) -> Array:
    r"""Return vertical and horizontal acceleration, however the sensor is mounted.

    .. math:: a_v = (a - g) \cdot \hat g, \qquad
              a_h = |(a - g) - a_v \hat g|

    with gravity g the slow part of the acceleration (:func:`split_gravity`). Neither
    changes when the sensor is turned: no axes are left, only up and not up. Which way
    the horizontal part points is lost.

    Parameters
    ----------
    acc : array-like of shape (n_samples, 3), in m/s^2
        Acceleration that includes gravity, regularly sampled, without NaN.
    rate_hz : float
        Sampling rate.
    cutoff_hz : float, default=0.3
        Where gravity ends.
    causal : bool, default=False
        Whether the future may not be used.

    Returns
    -------
    array of shape (n_samples, 2), in m/s^2
        Vertical, upwards positive and 0 at rest, and the size of the horizontal part.

    Raises
    ------
    ValueError
        When there are not three axes, a value is NaN, or the cutoff is not between 0
        and half the rate.

    References
    ----------
    D. Mizell, "Using gravity to estimate accelerometer orientation", ISWC 2003; there
    gravity is the mean over some seconds.

    Examples
    --------
    >>> acc = np.tile([0.0, 9.81, 0.0], (100, 1))
    >>> np.abs(align_to_gravity(acc, rate_hz=50)).max() < 1e-9
    np.True_
    """
    table = _triple(acc, "acc").astype(np.float64)
    check_finite(table, "acc")
    if causal:
        gravity = low_pass(table, rate_hz=rate_hz, cutoff_hz=cutoff_hz, causal=True)
    else:
        gravity = _turnable_low_pass(table, rate_hz, cutoff_hz)
    linear = table - gravity
    # In free fall there is no up; take what is left as horizontal.
    up = gravity / np.maximum(magnitude(gravity), 1e-9)[:, None]
    vertical = np.einsum("ij,ij->i", linear, up)
    horizontal = magnitude(linear - vertical[:, None] * up)
    return np.stack([vertical, horizontal], axis=1).astype(np.float64, copy=False)


def heading_rad(
    gravity: ArrayLike,
    mag: ArrayLike,
    *,
    axis: tuple[float, float, float] = (0.0, 1.0, 0.0),
) -> Array:
    r"""Return where an axis of the sensor points, clockwise from magnetic north.

    The tilt is taken out first: ``east = mag × up`` and ``north = up × east`` lie in
    the plane, whatever the field's dip.

    ::

              north
                |  / axis
                |θ/            0 = north, pi/2 = east
                |/

    Parameters
    ----------
    gravity : array-like of shape (..., 3)
        What an accelerometer reads at rest (it points up), in any unit; the slow part
        of :func:`split_gravity`.
    mag : array-like of shape (..., 3)
        Magnetic field in the same axes, calibrated, in any unit.
    axis : tuple of three float, default=(0, 1, 0)
        Which axis of the device; y is the top of a phone.

    Returns
    -------
    array of shape (...), in rad
        In [0, 2 pi). Without meaning where the axis points straight up. Add the
        place's declination for true north.

    Raises
    ------
    ValueError
        When there are not three axes.

    Examples
    --------
    >>> flat, field = [0, 0, 9.8], [[0, 20, -43], [-20, 0, -43]]
    >>> heading_rad(flat, field).round(4).tolist()
    [0.0, 1.5708]
    """
    up = _triple(gravity, "gravity").astype(np.float64)
    east, north, _ = _compass(up, _triple(mag, "mag").astype(np.float64))
    forward = np.asarray(axis, dtype=np.float64)
    angle = np.arctan2(east @ forward, north @ forward)
    return np.asarray(np.mod(angle, 2 * np.pi))


def estimate_orientation(
    acc: ArrayLike,
    gyr: ArrayLike,
    mag: ArrayLike | None = None,
    *,
    rate_hz: float,
    method: Literal["mahony", "vqf"] = "mahony",
    gain: float = 0.3,
    bias_gain: float = 0.01,
) -> Array:
    r"""Estimate the orientation of a sensor from its motion.

    The turning rate is added up, and pulled towards what the accelerometer says is up
    and the magnetometer says is north:

    .. math:: \dot q = \tfrac12 q \otimes (\omega - b + k_P e), \qquad
              \dot b = -k_I e, \qquad
              e = \tfrac{a}{g} \times \hat u + \psi\, \hat u

    with u "up" as the estimate has it. North turns the estimate about "up" alone, by
    the angle psi to the measured one, so that iron nearby never tilts it. Mahony
    divides a by its own length; here it is divided by g, so that the accelerations of
    a stride, which add up to nothing, pull to no side. On a simulated wrist that makes
    1.4 degrees of tilt error out of 8.4.

    Parameters
    ----------
    acc : array-like of shape (n_samples, 3), in m/s^2
        Acceleration that includes gravity, without NaN.
    gyr : array-like of shape (n_samples, 3), in rad/s
        Turning rate at the same times.
    mag : array-like of shape (n_samples, 3), in uT, or None, default=None
        Magnetic field at the same times. Without it the heading starts with the
        sensor's x axis in the east and drifts.
    rate_hz : float
        Sampling rate.
    method : {"mahony", "vqf"}, default="mahony"
        The filter above, or VQF, which finds the bias while moving too and rejects
        magnetic disturbances. VQF needs the package ``vqf``
        (``pip install "sensorhar[orientation]"``) and is some ten times as fast.
    gain : float, default=0.3
        :math:`k_P` in 1/s; after its inverse an error has mostly gone. More follows
        the accelerometer into every step.
    bias_gain : float, default=0.01
        :math:`k_I` in 1/s².

    Returns
    -------
    array of shape (n_samples, 4)
        Quaternions w, x, y, z that turn sensor axes into (magnetic) east, north, up.
        No sample depends on a later one. The first half second shows the mean
        attitude so far.

    Raises
    ------
    ValueError
        When shapes differ, a value is NaN, the rate is not above 0 or the method is
        unknown.
    MissingPackageError
        When VQF is asked for and not installed.

    Notes
    -----
    Mahony's filter is worked out number by number, as a step needs the one before it;
    an hour at 100 Hz takes about 5 s. Two simulated minutes of standing, walking and
    sitting with the flaws of a phone, RMS of tilt and of the whole orientation in
    degrees (half of the latter is the magnetometer's offset):

    ======  ==========  ==========  ==========
    method  waist       pocket      wrist
    ======  ==========  ==========  ==========
    mahony  0.8 / 3.4   1.1 / 5.2   1.4 / 2.1
    vqf     1.1 / 4.0   0.9 / 4.3   0.8 / 2.0
    ======  ==========  ==========  ==========

    References
    ----------
    R. Mahony, T. Hamel, J.-M. Pflimlin, "Nonlinear complementary filters on the
    special orthogonal group", IEEE Trans. Automatic Control 53 (2008), section IV.C.
    D. Laidig, T. Seel, "VQF: Highly accurate IMU orientation estimation with bias
    estimation and magnetic disturbance rejection", Information Fusion 91 (2023).

    Examples
    --------
    >>> acc, gyr = np.tile([0.0, 0.0, 9.81], (50, 1)), np.zeros((50, 3))
    >>> estimate_orientation(acc, gyr, rate_hz=50)[-1].round(3).tolist()
    [1.0, 0.0, 0.0, 0.0]
    """
    rate_hz = check_positive(rate_hz, "rate_hz", "Hz")
    if method not in ("mahony", "vqf"):
        raise ValueError(f"method must be 'mahony' or 'vqf'; got {method!r}.")
    given = {"acc": acc, "gyr": gyr} | ({} if mag is None else {"mag": mag})
    tables = {
        name: np.ascontiguousarray(_triple(values, name), dtype=np.float64)
        for name, values in given.items()
    }
    for name, table in tables.items():
        if table.ndim != 2 or table.shape != tables["acc"].shape:
            raise ValueError(
                f"{name} must have shape (n_samples, 3) as acc has; got "
                f"{table.shape!r} beside {tables['acc'].shape!r}. Bring the sensors "
                "to one clock first: sensorhar.preprocess.Align."
            )
        check_finite(table, name)
    if not len(tables["acc"]):
        return np.zeros((0, 4))
    if method == "vqf":
        return _vqf(tables, rate_hz)
    return _mahony(tables, rate_hz, gain, bias_gain)


def _turnable_low_pass(table: Array, rate_hz: float, cutoff_hz: float) -> Array:
    """Filter so that turning before or after comes to the same, at the ends too.

    `low_pass` predicts how each axis goes on by itself, which depends on the axes;
    here the ends are mirrored.
    """
    from scipy.signal import sosfiltfilt

    sos = design("low_pass", rate_hz, cutoff_hz, 3)
    n_pad = min(len(table) - 1, ringing_samples(sos))
    if n_pad < 1:
        return table.copy()
    return np.asarray(sosfiltfilt(sos, table, axis=0, padtype="even", padlen=n_pad))


def _vqf(tables: dict[str, Array], rate_hz: float) -> Array:
    """Let the package do it; its earth axes are east, north and up as well."""
    vqf: Any = require("vqf", extra="orientation", purpose="estimating by VQF")
    filter_ = vqf.VQF(1 / rate_hz)
    found = filter_.updateBatch(tables["gyr"], tables["acc"], tables.get("mag"))
    return np.asarray(found["quat9D" if "mag" in tables else "quat6D"])


def _mahony(
    tables: dict[str, Array], rate_hz: float, gain: float, bias_gain: float
) -> Array:
    acc, gyr, mag = tables["acc"], tables["gyr"], tables.get("mag")
    size = magnitude(acc)
    unit = acc / np.maximum(size / MAX_SHARE, STANDARD_GRAVITY)[:, None]
    first = _first(acc, mag, rate_hz)
    w, x, y, z = first[-1].tolist()
    bx = by = bz = 0.0
    step_s = 1 / rate_hz
    n_first = len(first)
    result = np.empty((len(acc), 4))
    result[:n_first] = first
    rows = zip(
        unit[n_first:].tolist(),
        gyr[n_first:].tolist(),
        [None] * (len(acc) - n_first) if mag is None else mag[n_first:].tolist(),
        strict=True,
    )
    for i, ((ax, ay, az), (gx, gy, gz), field) in enumerate(rows, n_first):
        # Up in sensor axes: the last row of the rotation matrix.
        ux, uy, uz = 2 * (x * z - w * y), 2 * (y * z + w * x), 1 - 2 * (x * x + y * y)
        ex = ay * uz - az * uy
        ey = az * ux - ax * uz
        ez = ax * uy - ay * ux
        if field is not None:
            turn = _off_north(w, x, y, z, field)
            ex, ey, ez = ex + turn * ux, ey + turn * uy, ez + turn * uz
        bx -= bias_gain * ex * step_s
        by -= bias_gain * ey * step_s
        bz -= bias_gain * ez * step_s
        rx, ry, rz = gx - bx, gy - by, gz - bz
        w, x, y, z = _turned(
            (w, x, y, z),
            (rx + gain * ex) * step_s,
            (ry + gain * ey) * step_s,
            (rz + gain * ez) * step_s,
        )
        result[i] = w, x, y, z
    return result


def _off_north(w: float, x: float, y: float, z: float, field: list[float]) -> float:
    """Return the turn about up, in rad, that brings the field into the north."""
    mx, my, mz = field
    east = (1 - 2 * (y * y + z * z)) * mx + 2 * ((x * y - w * z) * my)
    east += 2 * (x * z + w * y) * mz
    north = 2 * (x * y + w * z) * mx + (1 - 2 * (x * x + z * z)) * my
    north += 2 * (y * z - w * x) * mz
    return math.atan2(east, north)


def _turned(
    q: tuple[float, float, float, float], tx: float, ty: float, tz: float
) -> tuple[float, float, float, float]:
    """Turn a quaternion by a rotation vector in sensor axes; stay at length 1."""
    w, x, y, z = q
    angle = math.sqrt(tx * tx + ty * ty + tz * tz)
    scale = math.sin(angle / 2) / angle if angle > 1e-9 else 0.5
    c, i, j, k = math.cos(angle / 2), tx * scale, ty * scale, tz * scale
    w, x, y, z = (
        w * c - x * i - y * j - z * k,
        w * i + x * c + y * k - z * j,
        w * j - x * k + y * c + z * i,
        w * k + x * j - y * i + z * c,
    )
    length = math.sqrt(w * w + x * x + y * y + z * z)
    return w / length, x / length, y / length, z / length


def _first(acc: Array, mag: Array | None, rate_hz: float) -> Array:
    """Return the attitudes of the first half second, each by all samples so far."""
    n_first = min(len(acc), max(1, round(START_S * rate_hz)))
    up = np.cumsum(acc[:n_first], axis=0)
    if mag is None:
        # Any field that is not vertical: that of a sensor whose x axis looks east.
        east = np.array([1.0, 0.0, 0.0])
        if abs(up[0, 0]) > 0.9 * np.linalg.norm(up[0]):
            east = np.array([0.0, 1.0, 0.0])
        field = np.cross(up, east)
    else:
        field = np.cumsum(mag[:n_first], axis=0)
    return quaternion_from_axes(*_compass(up, field))


def _compass(up: Array, field: Array) -> tuple[Array, Array, Array]:
    """Return east, north and up in sensor axes, as unit vectors."""
    up = _unit(up)
    east = _unit(np.cross(field, up))
    return east, np.cross(up, east), up


def _unit(vector: Array) -> Array:
    length = np.linalg.norm(vector, axis=-1, keepdims=True)
    return np.asarray(vector / np.maximum(length, 1e-12))


def _triple(values: ArrayLike, name: str) -> NDArray[np.floating]:
    array = as_float(values, name)
    if array.ndim == 0 or array.shape[-1] != 3:
        raise ValueError(
            f"{name} must have three axes last, shape (..., 3); got shape "
            f"{array.shape!r}. Pick the x, y and z of one sensor."
        )
    return array
