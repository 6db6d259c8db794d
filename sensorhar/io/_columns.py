"""What a column's name says: which sensor, axis, place and unit."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from sensorhar._words import listing
from sensorhar.errors import DataError
from sensorhar.sensors import SENSORS, Sensor
from sensorhar.units import factor

__all__ = ["Column", "choose_columns", "plain_name", "say_columns", "stated_unit"]

N_COLUMNS_SAID = 30

#: Other words for a three-axis sensor, as loggers write them.
ALIASES = {
    "acc": "acc", "accel": "acc", "accelerometer": "acc", "acceleration": "acc",
    "lin": "lin", "lin_acc": "lin", "linacc": "lin", "lin_accel": "lin",
    "linear_acc": "lin", "linear_accel": "lin", "linear_acceleration": "lin",
    "linearacceleration": "lin", "user_accel": "lin", "useraccel": "lin",
    "user_acceleration": "lin", "useracceleration": "lin",
    "grav": "grav", "gravity": "grav",
    "gyr": "gyr", "gyro": "gyr", "gyroscope": "gyr", "rotation_rate": "gyr",
    "rotationrate": "gyr", "angular_rate": "gyr", "angular_velocity": "gyr",
    "angularvelocity": "gyr",
    "mag": "mag", "magnetometer": "mag", "magnetic_field": "mag",
    "magneticfield": "mag",
}  # fmt: skip

#: What single letters mean beside an axis, in tables that also have ax, ay and az. Of
#: two for one sensor the first counts.
SHORT = {"a": "acc", "g": "gyr", "m": "mag", "w": "gyr", "b": "mag"}

#: Units at the end of a name without brackets, as in ``acc_x_g``; an axis or a speed
#: stands before them, which tells them from words.
SUFFIXES = {
    "g": "g", "mg": "mg", "ms2": "m/s^2", "m_s2": "m/s^2", "m_s_2": "m/s^2",
    "mps2": "m/s^2", "mss": "m/s^2", "dps": "deg/s", "deg_s": "deg/s",
    "deg_per_s": "deg/s", "degps": "deg/s", "mdps": "mdeg/s", "rad_s": "rad/s",
    "rads": "rad/s", "radps": "rad/s", "rad_per_s": "rad/s", "ut": "uT", "nt": "nT",
    "microtesla": "uT", "gauss": "gauss", "mgauss": "mgauss", "mps": "m/s",
    "kmh": "km/h", "kph": "km/h", "km_h": "km/h",
}  # fmt: skip

#: What GPS loggers call the columns of a fix, beside a latitude and a longitude.
FIX = {
    "lat": "lat_deg", "latitude": "lat_deg",
    "lon": "lon_deg", "lng": "lon_deg", "long": "lon_deg", "longitude": "lon_deg",
    "alt": "alt_m", "altitude": "alt_m", "ele": "alt_m", "elevation": "alt_m",
    "speed": "speed_mps", "velocity": "speed_mps",
    "bearing": "bearing_deg", "course": "bearing_deg", "heading": "bearing_deg",
    "accuracy": "accuracy_m", "horizontal_accuracy": "accuracy_m",
    "horizontalaccuracy": "accuracy_m", "hacc": "accuracy_m",
}  # fmt: skip

#: A g is one of acceleration, unless the sensor measures magnetic fields.
_GAUSS = {"g": "gauss", "mg": "mgauss", "G": "gauss", "mG": "mgauss"}

_STATED = re.compile(r"(?P<name>.*\S)\s*[\[(](?P<unit>[^\])]*)[\])]\s*")
_SUFFIXED = re.compile(
    rf"(?P<name>.*[xyz]|speed|velocity)_(?P<unit>{'|'.join(SUFFIXES)})"
)
_SENSOR_OF = {name: sensor for sensor in SENSORS.values() for name in sensor.channels}


@dataclass(frozen=True)
class Column:
    """One column of a file and the channel it becomes.

    Attributes
    ----------
    header : str
        Its name in the file.
    place : str
        Place on the body that the channel's name starts with, or empty.
    channel : str
        Channel name without the place, such as ``"acc_x"``.
    """

    header: str
    place: str
    channel: str

    @property
    def name(self) -> str:
        """Full channel name."""
        return f"{self.place}_{self.channel}" if self.place else self.channel

    @property
    def sensor(self) -> Sensor:
        """The sensor that has such a channel."""
        return _SENSOR_OF[self.channel]

    @property
    def si_unit(self) -> str:
        """SI unit of the channel."""
        return self.sensor.units[self.sensor.channels.index(self.channel)]


def plain_name(header: str) -> str:
    """Return a header in lower-case words joined by ``_``, without unit in brackets."""
    found = _STATED.fullmatch(header)
    name = found["name"] if found else header
    return re.sub(r"[\W_]+", "_", name.lower()).strip("_")


def stated_unit(header: str) -> str | None:
    """Return the unit at the end of a header: in brackets, or after an axis."""
    found = _STATED.fullmatch(header)
    if found:
        return found["unit"].strip()
    suffixed = _SUFFIXED.fullmatch(plain_name(header))
    return SUFFIXES[suffixed["unit"]] if suffixed else None


def say_columns(headers: tuple[str, ...]) -> str:
    """Say all columns of a file in its order."""
    shown = ", ".join(repr(header) for header in headers[:N_COLUMNS_SAID])
    more = len(headers) - N_COLUMNS_SAID
    return shown + (f" and {more} more" if more > 0 else "")


def choose_columns(
    headers: tuple[str, ...],
    channels: Mapping[str, str] | None,
    source: str,
    time: str | None,
) -> list[Column]:
    """Return the columns to read, from a mapping or from what their names say."""
    if channels is not None:
        chosen = [_mapped(headers, *pair, source) for pair in channels.items()]
        if not chosen:
            raise ValueError(
                "channels must name at least one column; got an empty mapping. "
                "Leave it out to take the columns whose names speak for themselves."
            )
    else:
        named = [_recognised(header) for header in headers if header != time]
        chosen = [column for column in named if column is not None]
        chosen += _fix(headers, {column.name for column in chosen})
        chosen = chosen or _short_names(headers)
        if not chosen:
            raise DataError(
                f"{source} must have columns named like channels, such as acc_x, "
                f"gyr_y or wrist_acc_z; it has {say_columns(headers)}. Say what they "
                'are: read_csv(..., channels={"column": "acc_x"}).'
            )
    names = [column.name for column in chosen]
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise (DataError if channels is None else ValueError)(
            f"each channel must come from one column of {source}; got {listing(twice)} "
            "more than once. Choose the columns with channels={...}."
        )
    return chosen


def scale_of(
    column: Column, units: Mapping[str, str], source: str
) -> tuple[float, str | None]:
    """Return what turns a column into SI, and the key of units that said so."""
    prefix = column.sensor.prefix
    keys = [column.name, column.channel, prefix]
    if column.place:
        keys.insert(2, f"{column.place}_{prefix}")
    key = next((key for key in keys if key in units), None)
    unit = units[key] if key is not None else stated_unit(column.header)
    if unit is None:
        return 1.0, None
    if column.sensor.kind == "magnetometer":
        unit = _GAUSS.get(unit, unit)
    try:
        return factor(unit, column.si_unit), key
    except ValueError as error:
        said = f"units[{key!r}]" if key is not None else f"column {column.header!r}"
        raise (DataError if key is None else ValueError)(
            f"{said} of {source} must be a unit of {column.sensor.kind} channel "
            f"{column.name!r}; got {unit!r}: {error} State the unit with "
            f'units={{"{prefix}": ...}}.'
        ) from error


def _mapped(headers: tuple[str, ...], header: str, name: str, source: str) -> Column:
    if header not in headers:
        raise DataError(
            f"channels must name columns of {source}, which are "
            f"{say_columns(headers)}; got {header!r}."
        )
    for channel in _SENSOR_OF:
        if name == channel:
            return Column(header, "", channel)
        if name.endswith(f"_{channel}"):
            return Column(header, name.removesuffix(f"_{channel}"), channel)
    nearest = get_close_matches(str(name), _SENSOR_OF, n=5, cutoff=0.0)
    raise ValueError(
        f"column {header!r} must become a channel such as {listing(nearest)}, with a "
        f"place before it if need be (wrist_{nearest[0]}); got {name!r}. All are in "
        "sensorhar.sensors.SENSORS."
    )


def _short_names(headers: tuple[str, ...]) -> list[Column]:
    """Return the sensors of columns called ax ay az gx gy gz mx my mz, and no others.

    A letter alone could mean anything; three of them beside ax, ay and az do not.
    """
    plain = {_without_suffix(plain_name(header)): header for header in headers}
    if not all(f"a{axis}" in plain for axis in "xyz"):
        return []
    columns: list[Column] = []
    for letter, prefix in SHORT.items():
        is_there = all(f"{letter}{axis}" in plain for axis in "xyz")
        if is_there and f"{prefix}_x" not in {column.channel for column in columns}:
            columns += [
                Column(plain[f"{letter}{axis}"], "", f"{prefix}_{axis}")
                for axis in "xyz"
            ]
    return columns


def _fix(headers: tuple[str, ...], chosen: set[str]) -> list[Column]:
    """Return the columns of satellite fixes, if there is a latitude and longitude."""
    found: dict[str, Column] = {}
    for header in headers:
        channel = FIX.get(_without_suffix(plain_name(header)))
        if channel is not None and channel not in chosen:
            found.setdefault(channel, Column(header, "", channel))
    is_place = {"lat_deg", "lon_deg"} <= {*found, *chosen}
    return list(found.values()) if is_place else []


def _without_suffix(plain: str) -> str:
    suffixed = _SUFFIXED.fullmatch(plain)
    return suffixed["name"] if suffixed else plain


def _recognised(header: str) -> Column | None:
    """Return the channel a header speaks of, if it does."""
    plain = plain_name(header)
    found = _axis_of(plain) or _channel_of(plain) or _axis_of(_without_suffix(plain))
    return None if found is None else Column(header, *found)


def _channel_of(plain: str) -> tuple[str, str] | None:
    """Return place and channel of a column called as ours are."""
    for channel in _SENSOR_OF:
        if plain == channel or plain.endswith(f"_{channel}"):
            return plain.removesuffix(channel).rstrip("_"), channel
    return None


def _axis_of(plain: str) -> tuple[str, str] | None:
    """Return place and channel of a three-axis sensor's column."""
    for alias in sorted(ALIASES, key=len, reverse=True):  # lin_acc_x is not acc_x
        found = re.fullmatch(rf"(?:(.+)_)?{alias}_?([xyz])", plain)
        if found:
            return found[1] or "", f"{ALIASES[alias]}_{found[2]}"
        found = re.fullmatch(rf"(?:(.+)_)?([xyz])_?{alias}", plain)  # x_acc
        if found:
            return found[1] or "", f"{ALIASES[alias]}_{found[2]}"
    return None
