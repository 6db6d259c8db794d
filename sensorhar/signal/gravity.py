"""Gravity apart from motion: split, magnitude and tilt."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._inputs import as_float
from sensorhar.signal.filters import low_pass

__all__ = ["magnitude", "split_gravity", "tilt_rad"]


def split_gravity(
    acc: ArrayLike, *, rate_hz: float, cutoff_hz: float = 0.3, causal: bool = False
) -> tuple[NDArray[np.floating], NDArray[np.floating]]:
    """Split total acceleration into gravity and linear acceleration.

    Gravity is what a Butterworth low-pass of third order leaves, linear acceleration
    is the rest: ``linear = acc - gravity``. A turn of the device within a second or
    two therefore shows in both parts; only a gyroscope could tell.

    Parameters
    ----------
    acc : array of shape (n_samples, 3) or (n_samples,), in m/s^2
        Acceleration that includes gravity, regularly sampled, without NaN.
    rate_hz : float
        Sampling rate.
    cutoff_hz : float, default=0.3
        Where gravity ends. The default is the one of the UCI HAR data set.
    causal : bool, default=False
        Whether the future may not be used; gravity then lags by about
        ``1 / (3 * cutoff_hz)`` seconds.

    Returns
    -------
    gravity : array of the shape of acc, in m/s^2
        The slow part.
    linear : array of the shape of acc, in m/s^2
        The rest.

    Raises
    ------
    ValueError
        If the cutoff is not between 0 and half the rate, or acc holds NaN.

    Notes
    -----
    The authors of UCI HAR take gravity to be what a Butterworth low-pass with a corner
    at 0.3 Hz leaves [1]_; the order of three is that of their 20 Hz noise filter.

    References
    ----------
    .. [1] Anguita, Ghio, Oneto, Parra, Reyes-Ortiz, "A public domain dataset for
       human activity recognition using smartphones", ESANN 2013; the data set's
       ``features_info.txt``.

    Examples
    --------
    >>> time_s = np.arange(500) / 50
    >>> acc = 9.81 + np.sin(2 * np.pi * 2 * time_s)
    >>> gravity, linear = split_gravity(acc, rate_hz=50)
    >>> bool(np.abs(gravity - 9.81).max() < 0.02)
    True
    """
    array = as_float(acc, "acc")
    gravity = low_pass(array, rate_hz=rate_hz, cutoff_hz=cutoff_hz, causal=causal)
    return gravity, array - gravity


def magnitude(values: ArrayLike) -> NDArray[np.floating]:
    r"""Return the length of each vector, which no turn of the device changes.

    .. math:: m_t = \sqrt{x_t^2 + y_t^2 + z_t^2}

    Parameters
    ----------
    values : array of shape (..., n_axes)
        The axes of one sensor last; windows and recordings alike.

    Returns
    -------
    array of shape (...), in the unit of values

    Raises
    ------
    ValueError
        If values are a single number.

    Examples
    --------
    >>> magnitude([[3.0, 4.0, 0.0], [0.0, 0.0, 9.81]]).tolist()
    [5.0, 9.81]
    """
    array = as_float(values)
    if array.ndim == 0:
        raise ValueError(
            f"values must have the axes of a sensor last, got the single number "
            f"{array.item()!r}; pass an array of shape (n_samples, 3)."
        )
    return np.asarray(np.sqrt(np.einsum("...i,...i->...", array, array)))


def tilt_rad(
    gravity: ArrayLike, *, axis: tuple[float, float, float] = (0.0, 0.0, 1.0)
) -> NDArray[np.floating]:
    r"""Return the angle between gravity and an axis of the device.

    .. math:: \theta = \operatorname{atan2}(|g \times a|,\ g \cdot a)

    ::

           g   a (device axis)
           |  /
           |θ/       0 = along the axis, pi/2 = across, pi = against it
           |/

    Parameters
    ----------
    gravity : array of shape (..., 3)
        The slow part of `split_gravity`, in any unit.
    axis : tuple of three floats, default=(0, 0, 1)
        Direction in the device's own axes; its length does not matter.

    Returns
    -------
    array of shape (...), in rad, from 0 to pi
        0 where gravity is a null vector.

    Raises
    ------
    ValueError
        If gravity has not three axes or the axis has no length.

    Examples
    --------
    >>> tilt_rad([[0, 0, 9.81], [9.81, 0, 0], [0, 0, -9.81]]).round(4).tolist()
    [0.0, 1.5708, 3.1416]
    """
    array = as_float(gravity, "gravity")
    if array.ndim == 0 or array.shape[-1] != 3:
        raise ValueError(
            f"gravity must have shape (..., 3), got {array.shape!r}; pick the three "
            f"axes of one accelerometer."
        )
    direction = np.asarray(axis, dtype=np.float64)
    if direction.shape != (3,) or not np.linalg.norm(direction) > 0:
        raise ValueError(
            f"axis must be three numbers of which one is not zero, got {axis!r}; "
            f"(0, 0, 1) is the z axis."
        )
    across = magnitude(np.cross(array, direction))
    return np.asarray(np.arctan2(across, array @ direction))
