"""GPS positions as metres east and north on a local plane, and back."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._inputs import as_float
from sensorhar.signal.geo import as_track

__all__ = ["from_local_m", "to_local_m"]

# The ellipsoid of WGS 84 (NIMA TR8350.2, 3rd ed., table 3.1): half the longer axis
# in m, flattening, and the square of the first eccentricity.
AXIS_M = 6_378_137.0
FLATTENING = 1 / 298.257223563
SQUARED = FLATTENING * (2 - FLATTENING)

#: Near enough to stop, some ten times what rounding leaves.
CLOSE_M = 1e-7

MAX_ROUNDS = 50

Array = NDArray[np.float64]


def to_local_m(
    lat_deg: ArrayLike,
    lon_deg: ArrayLike,
    *,
    origin: tuple[float, float, float] | None = None,
) -> Array:
    """Return fixes as metres east and north of an origin.

    Parameters
    ----------
    lat_deg, lon_deg : array-like of shape (n_fixes,), in deg
        On WGS 84. NaN stays NaN.
    origin : tuple of three float or None, default=None
        Latitude, longitude in degrees and height in m. None takes the first fix that
        is known, at height 0. All fixes are taken to lie at the origin's height.

    Returns
    -------
    array of shape (n_fixes, 2), in m
        Along the plane that touches the ellipsoid at the origin. 100 km away, lengths
        are 4 m too short, for the Earth bends away.

    Raises
    ------
    ValueError
        When shapes differ or no fix is known.

    References
    ----------
    Geodetic to Earth-centred coordinates as in NIMA TR8350.2, "World Geodetic System
    1984", 3rd ed. (2000); the plane is spanned by their east and north there.

    Examples
    --------
    >>> to_local_m([47.0, 47.001], [8.0, 8.001]).round(1).tolist()[1]
    [76.1, 111.2]
    """
    lat, lon = as_track(lat_deg, lon_deg)
    if origin is None:
        known = np.flatnonzero(~np.isnan(lat) & ~np.isnan(lon))
        if not len(known):
            raise ValueError(
                f"to_local_m needs a known fix for its origin; got {len(lat)} unknown. "
                "Pass origin=(latitude, longitude, height)."
            )
        origin = (float(lat[known[0]]), float(lon[known[0]]), 0.0)
    there = _centred(lat, lon, origin[2])
    here = _centred(np.array([origin[0]]), np.array([origin[1]]), origin[2])
    away = there - here
    east, north, _ = _axes(origin)
    return np.stack([away @ east, away @ north], axis=1)


def from_local_m(
    local_m: ArrayLike, *, origin: tuple[float, float, float]
) -> tuple[Array, Array]:
    """Return latitude and longitude of metres east and north of an origin.

    The other way round than :func:`to_local_m`, to a micrometre within 100 km.

    Parameters
    ----------
    local_m : array-like of shape (n_fixes, 2), in m
        East and north.
    origin : tuple of three float
        Latitude, longitude in degrees and height in m.

    Returns
    -------
    lat_deg, lon_deg : arrays of shape (n_fixes,), in deg
        On WGS 84.

    Raises
    ------
    ValueError
        When the shape is another.

    Examples
    --------
    >>> lat, lon = from_local_m([[0.0, 111.2]], origin=(47.0, 8.0, 0.0))
    >>> lat.round(3).tolist(), lon.round(3).tolist()
    ([47.001], [8.0])
    """
    wanted = as_float(local_m, "local_m").astype(np.float64)
    if wanted.ndim != 2 or wanted.shape[1] != 2:
        raise ValueError(
            f"local_m must have shape (n_fixes, 2), east and north; got shape "
            f"{wanted.shape!r}."
        )
    phi, bend = np.deg2rad(origin[0]), 1 - SQUARED * np.sin(np.deg2rad(origin[0])) ** 2
    along_m = AXIS_M * (1 - SQUARED) / bend**1.5 + origin[2]
    across_m = (AXIS_M / np.sqrt(bend) + origin[2]) * np.cos(phi)
    guess = np.tile(np.asarray(origin[:2], dtype=np.float64), (len(wanted), 1))
    # Newton with the slopes at the origin: each round gains the ratio of the distance
    # to the Earth's radius, over the cosine of the latitude. Six are plenty but near
    # the poles.
    for _ in range(MAX_ROUNDS):
        missing = wanted - to_local_m(guess[:, 0], guess[:, 1], origin=origin)
        guess += np.rad2deg(missing[:, ::-1] / [along_m, across_m])
        if not (np.abs(missing) > CLOSE_M).any():
            break
    return guess[:, 0], guess[:, 1]


def _centred(lat: Array, lon: Array, height_m: float) -> Array:
    """Return Earth-centred coordinates in m."""
    phi, lam = np.deg2rad(lat), np.deg2rad(lon)
    normal_m = AXIS_M / np.sqrt(1 - SQUARED * np.sin(phi) ** 2)
    flat_m = (normal_m + height_m) * np.cos(phi)
    up_m = (normal_m * (1 - SQUARED) + height_m) * np.sin(phi)
    return np.stack([flat_m * np.cos(lam), flat_m * np.sin(lam), up_m], axis=1)


def _axes(origin: tuple[float, float, float]) -> tuple[Array, Array, Array]:
    """Return the directions east, north and up in Earth-centred coordinates."""
    phi, lam = np.deg2rad(origin[0]), np.deg2rad(origin[1])
    east = np.array([-np.sin(lam), np.cos(lam), 0.0])
    up = np.array([np.cos(phi) * np.cos(lam), np.cos(phi) * np.sin(lam), np.sin(phi)])
    return east, np.cross(up, east), up
