"""GPS fixes as motion: distances, speed, acceleration, bearings, climb and stops."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._inputs import as_float, check_positive

__all__ = [
    "acceleration_mps2",
    "bearing_deg",
    "climb_mps",
    "distance_m",
    "find_stops",
    "speed_mps",
    "wrap_deg",
]

#: Mean radius of the Earth in m, R1 of the IUGG: (2 a + b) / 3 of WGS 84
#: (H. Moritz, "Geodetic Reference System 1980", J. Geodesy 74, 2000).
EARTH_RADIUS_M = 6_371_008.8

Array = NDArray[np.float64]


def distance_m(
    lat_deg: ArrayLike, lon_deg: ArrayLike, to_lat_deg: ArrayLike, to_lon_deg: ArrayLike
) -> Array:
    r"""Return great-circle distances by the haversine formula.

    .. math:: d = 2 R \arcsin \sqrt{\sin^2 \tfrac{\Delta\varphi}{2} +
              \cos\varphi_1 \cos\varphi_2 \sin^2 \tfrac{\Delta\lambda}{2}}

    Parameters
    ----------
    lat_deg, lon_deg : array-like, in deg
        From where; shapes broadcast.
    to_lat_deg, to_lon_deg : array-like, in deg
        Where to.

    Returns
    -------
    array, in m
        On a sphere of the mean radius; up to 0.6 % off the ellipsoid. NaN stays NaN.

    References
    ----------
    R. W. Sinnott, "Virtues of the Haversine", Sky and Telescope 68 (1984).

    Examples
    --------
    >>> round(float(distance_m(0, 0, 0, 1)))  # a degree of the equator
    111195
    """
    phi, to_phi = np.deg2rad(lat_deg), np.deg2rad(to_lat_deg)
    turn = np.deg2rad(np.asarray(to_lon_deg) - np.asarray(lon_deg))
    square = np.sin((to_phi - phi) / 2) ** 2
    square = square + np.cos(phi) * np.cos(to_phi) * np.sin(turn / 2) ** 2
    # Rounding may leave a hair above 1 at the antipodes.
    return np.asarray(2 * EARTH_RADIUS_M * np.arcsin(np.sqrt(np.minimum(square, 1.0))))


def speed_mps(lat_deg: ArrayLike, lon_deg: ArrayLike, time_s: ArrayLike) -> Array:
    """Return the mean speed since the fix before; that of the first is unknown.

    Only earlier fixes are used, so a live stream can do the same. Errors of position
    count in full: 3 m of fresh error in each of two fixes 1 s apart are 4 m/s. Prefer
    the speed a receiver reports, which it measures from the Doppler shift.

    Parameters
    ----------
    lat_deg, lon_deg : array-like of shape (n_fixes,), in deg
        Positions.
    time_s : array-like of shape (n_fixes,), in s
        Strictly increasing.

    Returns
    -------
    array of shape (n_fixes,), in m/s
        NaN first.

    Raises
    ------
    ValueError
        When shapes differ or times do not increase.

    Examples
    --------
    >>> speed_mps([47.0, 47.0001], [8.0, 8.0], [0.0, 2.0]).round(2).tolist()
    [nan, 5.56]
    """
    lat, lon = as_track(lat_deg, lon_deg)
    steps_s = check_steps(time_s, len(lat))
    way = distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    return _after_unknown(way / steps_s, len(lat))


def acceleration_mps2(speed_mps: ArrayLike, time_s: ArrayLike) -> Array:
    """Return how much faster it went than at the fix before, per second.

    Parameters
    ----------
    speed_mps : array-like of shape (n_fixes,), in m/s
        Speeds.
    time_s : array-like of shape (n_fixes,), in s
        Strictly increasing.

    Returns
    -------
    array of shape (n_fixes,), in m/s^2
        NaN first, negative when braking.

    Raises
    ------
    ValueError
        When shapes differ or times do not increase.

    Examples
    --------
    >>> acceleration_mps2([0.0, 3.0, 2.0], [0.0, 2.0, 3.0]).tolist()
    [nan, 1.5, -1.0]
    """
    speed = as_float(speed_mps, "speed_mps").astype(np.float64)
    steps_s = check_steps(time_s, len(speed))
    return _after_unknown(np.diff(speed) / steps_s, len(speed))


def bearing_deg(
    lat_deg: ArrayLike, lon_deg: ArrayLike, to_lat_deg: ArrayLike, to_lon_deg: ArrayLike
) -> Array:
    r"""Return the direction in which a great circle sets out, clockwise from north.

    .. math:: \beta = \operatorname{atan2}(\sin\Delta\lambda \cos\varphi_2,\
              \cos\varphi_1 \sin\varphi_2 - \sin\varphi_1 \cos\varphi_2
              \cos\Delta\lambda)

    Parameters
    ----------
    lat_deg, lon_deg : array-like, in deg
        From where; shapes broadcast.
    to_lat_deg, to_lon_deg : array-like, in deg
        Where to.

    Returns
    -------
    array, in deg
        In [0, 360). NaN where both are one point, for then there is no direction.

    Examples
    --------
    >>> bearing_deg(0, 0, [1, 0, -1, 0], [0, 1, 0, -1]).tolist()
    [0.0, 90.0, 180.0, 270.0]
    """
    phi, to_phi = np.deg2rad(lat_deg), np.deg2rad(to_lat_deg)
    turn = np.deg2rad(np.asarray(to_lon_deg) - np.asarray(lon_deg))
    east = np.sin(turn) * np.cos(to_phi)
    north = np.cos(phi) * np.sin(to_phi) - np.sin(phi) * np.cos(to_phi) * np.cos(turn)
    is_same = (phi == to_phi) & (turn == 0)
    return np.asarray(
        np.where(is_same, np.nan, np.mod(np.rad2deg(np.arctan2(east, north)), 360.0))
    )


def wrap_deg(angle_deg: ArrayLike) -> Array:
    """Return angles the short way round: in [-180, 180).

    Parameters
    ----------
    angle_deg : array-like, in deg
        Any angles, such as differences of bearings.

    Returns
    -------
    array, in deg
        From 350 to 10 it is 20, not -340.

    Examples
    --------
    >>> wrap_deg([10 - 350, 350 - 10, 180]).tolist()
    [20.0, -20.0, -180.0]
    """
    return np.asarray(np.mod(np.asarray(angle_deg, dtype=np.float64) + 180, 360) - 180)


def climb_mps(alt_m: ArrayLike, time_s: ArrayLike, *, span_s: float = 10.0) -> Array:
    """Return the mean climb over the last seconds.

    GPS knows height worse than place, and its error wanders; a difference over one
    second would show nothing else.

    Parameters
    ----------
    alt_m : array-like of shape (n_fixes,), in m
        Heights; a NaN is taken as the last one known.
    time_s : array-like of shape (n_fixes,), in s
        Strictly increasing.
    span_s : float, default=10
        Over how long; the fix at least that far back is compared with, or the first.

    Returns
    -------
    array of shape (n_fixes,), in m/s
        NaN until two heights are known.

    Raises
    ------
    ValueError
        When shapes differ, times do not increase or the span is not above 0.

    Examples
    --------
    >>> climb_mps([450.0, 451.0, 454.0], [0.0, 1.0, 2.0], span_s=2).tolist()
    [nan, 1.0, 2.0]
    """
    check_positive(span_s, "span_s", "s")
    alt = as_float(alt_m, "alt_m").astype(np.float64)
    times = np.asarray(time_s, dtype=np.float64)
    check_steps(times, len(alt))
    if not len(alt):
        return alt
    is_known = ~np.isnan(alt)
    last = np.maximum.accumulate(np.where(is_known, np.arange(len(alt)), -1))
    held = np.where(last >= 0, alt[last], np.nan)
    first = int(np.argmax(is_known))
    # Tenths of a microsecond: stamps such as 0.1 + 10 are not exact.
    before = np.searchsorted(times, times - span_s + 1e-7, side="right") - 1
    before = np.maximum(before, first)
    passed = times - times[before]
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(passed > 0, (held - held[before]) / passed, np.nan)


def find_stops(
    lat_deg: ArrayLike,
    lon_deg: ArrayLike,
    time_s: ArrayLike,
    *,
    radius_m: float = 30.0,
    min_duration_s: float = 60.0,
) -> NDArray[np.int64]:
    """Find stay points: stretches that remain within a radius for some time.

    ::

        fixes    . . . . .:::::. . . . . .::::::. .
        stops            [     )         [      )

    Parameters
    ----------
    lat_deg, lon_deg : array-like of shape (n_fixes,), in deg
        Positions without NaN.
    time_s : array-like of shape (n_fixes,), in s
        Strictly increasing.
    radius_m : float, default=30
        A stop ends with the first fix farther than this from where it began. Take
        several times the error of a fix.
    min_duration_s : float, default=60
        Shorter ones are no stops. For traffic lights take 5 s, for visits 20 minutes.

    Returns
    -------
    array of int64 of shape (n_stops, 2)
        First fix of each stop, and the first one after it.

    Raises
    ------
    ValueError
        When shapes differ, a number is not above 0, or a position is unknown.

    References
    ----------
    Q. Li, Y. Zheng et al., "Mining user similarity based on location history", ACM
    GIS 2008, section 3: the algorithm; there 200 m and 30 min.

    Examples
    --------
    >>> find_stops([47, 47, 47, 47.01], [8, 8, 8, 8], [0, 60, 120, 180]).tolist()
    [[0, 3]]
    """
    check_positive(radius_m, "radius_m", "m")
    check_positive(min_duration_s, "min_duration_s", "s")
    lat, lon = as_track(lat_deg, lon_deg)
    times = np.asarray(time_s, dtype=np.float64)
    check_steps(times, len(lat))
    if np.isnan(lat).any() or np.isnan(lon).any():
        raise ValueError(
            "find_stops needs every position; got NaN. Leave unknown fixes out first."
        )
    stops = []
    start, n_fixes = 0, len(lat)
    while start < n_fixes:
        stop = _leaves(lat, lon, start, radius_m)
        if times[stop - 1] - times[start] >= min_duration_s:
            stops.append((start, stop))
            start = stop
        else:
            start += 1
    return np.array(stops, dtype=np.int64).reshape(-1, 2)


def _leaves(lat: Array, lon: Array, start: int, radius_m: float) -> int:
    """Return the first fix after start that lies beyond the radius, in blocks."""
    first, length = start + 1, 16
    while first < len(lat):
        part = slice(first, first + length)
        is_far = distance_m(lat[start], lon[start], lat[part], lon[part]) > radius_m
        if is_far.any():
            return first + int(np.argmax(is_far))
        first, length = first + length, length * 2
    return len(lat)


def _after_unknown(changes: Array, n_fixes: int) -> Array:
    """Put NaN before changes, for the first fix has none."""
    column = np.full(n_fixes, np.nan)
    column[1:] = changes
    return column


def as_track(lat_deg: ArrayLike, lon_deg: ArrayLike) -> tuple[Array, Array]:
    """Return latitudes and longitudes as float64 columns of one length."""
    lat = as_float(lat_deg, "lat_deg").astype(np.float64)
    lon = as_float(lon_deg, "lon_deg").astype(np.float64)
    if lat.ndim != 1 or lat.shape != lon.shape:
        raise ValueError(
            "lat_deg and lon_deg must have one shape (n_fixes,); got "
            f"{lat.shape!r} and {lon.shape!r}."
        )
    return lat, lon


def check_steps(time_s: ArrayLike, n_fixes: int) -> Array:
    """Return the times between fixes, all above 0."""
    times = np.asarray(time_s, dtype=np.float64)
    if times.shape != (n_fixes,):
        raise ValueError(
            f"time_s must have shape ({n_fixes},), one time for each fix; got shape "
            f"{times.shape!r}."
        )
    steps = np.diff(times)
    if not (steps > 0).all():
        raise ValueError(
            f"time_s must increase; got a step of {steps.min()!r} s. Repair the clock "
            "first: sensorhar.signal.clock.repair_clock."
        )
    return steps
