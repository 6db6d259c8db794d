"""What perfect sensors read on a moving body."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.simulate.trajectory import Trajectory
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["FIELD_UT", "ORIGIN", "READERS"]

# Earth's field in central Europe: 48 µT, dipping 64 degrees below the horizon, 3
# degrees east of north (close to the IGRF-13 model for the place below).
_DIP_RAD, _DECLINATION_RAD, _STRENGTH_UT = np.deg2rad(64.0), np.deg2rad(3.0), 48.0

#: Earth's magnetic field in µT along east, north and up.
FIELD_UT = _STRENGTH_UT * np.array(
    [
        np.cos(_DIP_RAD) * np.sin(_DECLINATION_RAD),
        np.cos(_DIP_RAD) * np.cos(_DECLINATION_RAD),
        -np.sin(_DIP_RAD),
    ]
)

#: Latitude and longitude in degrees and altitude in m of the start of every course.
ORIGIN = (47.0, 8.0, 450.0)

# The ellipsoid of WGS 84: half the longer axis in m, and the flattening.
_AXIS_M, _FLATTENING = 6_378_137.0, 1 / 298.257223563


def _accelerometer(trajectory: Trajectory) -> NDArray[Any]:
    """Return the specific force in m/s²: acceleration minus gravity, sensor axes.

    A body at rest is pushed up by its support with 1 g, and that is what it feels.
    """
    upwards = np.array([0.0, 0.0, STANDARD_GRAVITY])
    return trajectory.to_sensor(trajectory.acceleration_mps2 + upwards)


def _gyroscope(trajectory: Trajectory) -> NDArray[Any]:
    """Return the turning rate in rad/s, sensor axes."""
    return trajectory.angular_rate_radps


def _magnetometer(trajectory: Trajectory) -> NDArray[Any]:
    """Return Earth's field in µT, sensor axes."""
    return trajectory.to_sensor(FIELD_UT)


def _gps(trajectory: Trajectory) -> NDArray[Any]:
    """Return latitude, longitude, altitude, speed, bearing and accuracy.

    A receiver follows the course of the body: it filters over about a second and
    knows nothing of steps. Near the origin degrees and metres are proportional, by
    the ellipsoid's radii of curvature there.
    """
    latitude_deg, longitude_deg, altitude_m = ORIGIN
    sine, cosine = np.sin(np.deg2rad(latitude_deg)), np.cos(np.deg2rad(latitude_deg))
    squared = _FLATTENING * (2 - _FLATTENING)  # eccentricity squared
    bend = 1 - squared * sine**2
    north_radius_m = _AXIS_M * (1 - squared) / bend**1.5 + altitude_m
    east_radius_m = (_AXIS_M / np.sqrt(bend) + altitude_m) * cosine
    east, north, up = trajectory.course_position_m.T
    speed = np.hypot(*trajectory.course_velocity_mps[:, :2].T)
    return np.stack(
        [
            latitude_deg + np.rad2deg(north / north_radius_m),
            longitude_deg + np.rad2deg(east / east_radius_m),
            altitude_m + up,
            speed,
            np.mod(90.0 - np.rad2deg(trajectory.heading_rad), 360.0),
            np.full(len(east), 1.0),
        ],
        axis=1,
    )


#: What each sensor makes of a trajectory: an array (n_times, n_channels) in SI.
READERS = {
    "accelerometer": _accelerometer,
    "gyroscope": _gyroscope,
    "magnetometer": _magnetometer,
    "gps": _gps,
}
