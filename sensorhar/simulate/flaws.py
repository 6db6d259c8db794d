"""How real sensors fall short: bias, scale, noise, resolution, range, lost fixes."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.simulate.jet import Jet
from sensorhar.simulate.lines import Lines
from sensorhar.simulate.read_out import ORIGIN

__all__ = ["FLAWS", "Flaws", "flawed", "flawed_gps"]


@dataclass(frozen=True)
class Flaws:
    """The flaws of one kind of sensor, in its SI unit.

    Attributes
    ----------
    bias : float
        Spread of the constant offset of each axis.
    drift : float
        RMS of the offset's slow change.
    scale : float
        Spread of the factor of each axis around 1.
    noise : float
        RMS of the white noise.
    resolution : float
        Smallest step.
    limit : float
        Readings are clipped to plus or minus this.
    """

    bias: float
    drift: float
    scale: float
    noise: float
    resolution: float
    limit: float


#: Typical of phones: 16 bits over 8 g, 2000 deg/s; the magnetometer feels the phone's
#: own iron, which its calibration removes but for some µT.
FLAWS = {
    "accelerometer": Flaws(0.04, 0.008, 0.003, 0.025, 8 * 9.80665 / 2**15, 8 * 9.80665),
    "gyroscope": Flaws(0.008, 0.001, 0.005, 0.004, 0.00107, 34.9),
    "magnetometer": Flaws(4.0, 0.2, 0.01, 0.4, 0.15, 2000.0),
}

GPS_ERROR_M = 3.5  # horizontal, as phones state under open sky
GPS_LOST_SHARE = 0.03


def flawed(
    readings: NDArray[Any], time_s: NDArray[Any], flaws: Flaws, rng: np.random.Generator
) -> NDArray[Any]:
    """Add the flaws of an inertial or magnetic sensor.

    Parameters
    ----------
    readings : array of shape (n_times, 3)
        Perfect readings in SI.
    time_s : array of shape (n_times,), in s
        Their times.
    flaws : Flaws
        How bad the sensor is.
    rng : Generator
        Draws the flaws.

    Returns
    -------
    array of shape (n_times, 3)
        What the sensor says.
    """
    n_axes = readings.shape[1]
    scale = 1 + flaws.scale * rng.normal(size=n_axes)
    offset = flaws.drift * _slow(time_s, (0.001, 0.02), n_axes, rng)
    offset += flaws.bias * rng.normal(size=n_axes)
    noisy = scale * readings + offset + flaws.noise * rng.normal(size=readings.shape)
    steps = np.round(noisy / flaws.resolution) * flaws.resolution
    return np.clip(steps, -flaws.limit, flaws.limit)


def flawed_gps(
    fixes: NDArray[Any], time_s: NDArray[Any], rng: np.random.Generator
) -> tuple[NDArray[Any], NDArray[np.bool_]]:
    """Add the errors of a GPS receiver.

    Parameters
    ----------
    fixes : array of shape (n_times, 6)
        Perfect latitude, longitude, altitude, speed, bearing and accuracy.
    time_s : array of shape (n_times,), in s
        Their times.
    rng : Generator
        Draws the errors.

    Returns
    -------
    fixes : array of shape (n_times, 6)
        What the receiver says. The position's error wanders over a minute, so speed
        is known far better than the position would allow.
    is_kept : bool array of shape (n_times,)
        False where the fix was lost; the first is always kept.
    """
    error_m = GPS_ERROR_M * np.exp(0.3 * rng.normal())
    east, north, up = (
        error_m * _slow(time_s, (0.002, 0.03), 3, rng) * [0.7, 0.7, 1.5]
        + 0.2 * rng.normal(size=(len(time_s), 3))
    ).T
    noisy = fixes.copy()
    metres = 111_200.0  # a degree of latitude; precise enough for an error
    noisy[:, 0] += north / metres
    noisy[:, 1] += east / (metres * np.cos(np.deg2rad(ORIGIN[0])))
    noisy[:, 2] += up
    speed = fixes[:, 3]
    noisy[:, 3] = np.maximum(speed + 0.12 * rng.normal(size=len(time_s)), 0.0)
    wild_deg = np.rad2deg(0.12 / np.maximum(speed, 0.15))
    noisy[:, 4] = np.mod(fixes[:, 4] + wild_deg * rng.normal(size=len(time_s)), 360.0)
    noisy[:, 5] = np.round(error_m * np.exp(0.15 * rng.normal(size=len(time_s))), 1)
    is_kept = rng.uniform(size=len(time_s)) >= GPS_LOST_SHARE
    is_kept[0] = True
    return noisy, is_kept


def _slow(
    time_s: NDArray[Any],
    band_hz: tuple[float, float],
    n_columns: int,
    rng: np.random.Generator,
) -> NDArray[Any]:
    """Return slow wandering with an RMS of about 1."""
    lines = Lines.draw(band_hz, 8, np.ones(n_columns), rng)
    return lines.at(Jet.time(time_s)).value
