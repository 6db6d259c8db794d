"""The table of sensor kinds: their channels, SI units and plausible ranges."""

from dataclasses import dataclass

__all__ = ["SENSORS", "Sensor"]


@dataclass(frozen=True)
class Sensor:
    """What one kind of sensor measures.

    Attributes
    ----------
    kind : str
        The name used everywhere, such as ``"accelerometer"``.
    prefix : str
        Start of its channel names.
    channels : tuple of str
        Channel names without a place.
    units : tuple of str
        SI unit of each channel.
    limit : float
        No body-worn sensor reads beyond plus or minus this, in its SI unit; more
        means another unit or a broken file. Infinite where no such bound holds.
    """

    kind: str
    prefix: str
    channels: tuple[str, ...]
    units: tuple[str, ...]
    limit: float = float("inf")


def _triple(kind: str, prefix: str, unit: str, limit: float) -> Sensor:
    names = tuple(f"{prefix}_{axis}" for axis in "xyz")
    return Sensor(kind, prefix, names, (unit,) * 3, limit)


_ROWS = (
    # Ranges: the widest common parts are ±32 g, ±4000 deg/s and ±8 gauss; twice
    # that leaves room for scale errors.
    _triple("accelerometer", "acc", "m/s^2", 640.0),
    _triple("linear_acceleration", "lin", "m/s^2", 640.0),
    _triple("gravity", "grav", "m/s^2", 20.0),
    _triple("gyroscope", "gyr", "rad/s", 140.0),
    _triple("magnetometer", "mag", "uT", 1600.0),
    Sensor(
        "orientation",
        "quat",
        ("quat_w", "quat_x", "quat_y", "quat_z"),
        ("1",) * 4,
        1.01,
    ),
    Sensor(
        "gps",
        "gps",
        ("lat_deg", "lon_deg", "alt_m", "speed_mps", "bearing_deg", "accuracy_m"),
        ("deg", "deg", "m", "m/s", "deg", "m"),
    ),
    Sensor("barometer", "pressure", ("pressure_pa",), ("Pa",), 120_000.0),
    Sensor("heart_rate", "hr", ("hr_bpm",), ("bpm",), 400.0),
)

#: Sensor kinds by name. A new kind of sensor is one row above.
SENSORS: dict[str, Sensor] = {sensor.kind: sensor for sensor in _ROWS}
