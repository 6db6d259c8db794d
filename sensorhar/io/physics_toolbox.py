"""Physics Toolbox Sensor Suite: a table of g-force, acceleration, turn and field."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar.errors import DataError
from sensorhar.io._app_table import FRAME, AppTable, Platform, holds_gravity
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._source import Source
from sensorhar.units import STANDARD_GRAVITY, factor

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_physics_toolbox", "read_physics_toolbox"]

_UNIT = r"(\s*\([^)]*\))?"
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{1,2})(?:[:.,](\d{1,6}))?")


def is_physics_toolbox(source: Source) -> bool:
    """Return whether a file is a table of Physics Toolbox, by its column names.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether ``time`` stands before columns such as ``gFx``, ``ax``, ``wx``, ``Bx``.
    """
    line = source.text.split("\n", 1)[0]
    headers = [
        re.sub(r"\s*\(.*", "", header.strip().strip('"'))
        for header in re.split("[,;\t]", line)
    ]
    if not headers or headers[0].lower() != "time":
        return False
    # Case counts: generic tables have ax, but seldom gFx, wx or Bx.
    if any({f"{what}{axis}" for axis in "xyz"} <= set(headers) for what in ("gF", "B")):
        return True
    return {"ax", "ay", "az"} <= set(headers) and bool({"aT", "wx"} & set(headers))


def read_physics_toolbox(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
    platform: Platform = "android",
) -> Recording:
    r"""Read a table of the app Physics Toolbox Sensor Suite.

    ::

        time   gFx gFy gFz   ax ay az     wx wy wz   Bx By Bz   p     Latitude ...
        s      g             m/s^2        rad/s      uT         hPa   deg, Speed m/s
        acc_*  with gravity  as readings  gyr_*      mag_*

    Sensors that have not reported yet, or are missing, stand as 0 in the table, and
    are left out. What ``ax`` is differs between versions of the app: the readings
    tell whether gravity is in it; beside ``gFx`` it is without.

    Parameters
    ----------
    path : str or Path
        The file.
    subject : str or None, default=None
        Who carried the phone.
    name : str or None, default=None
        Name of the recording. None takes the file's.
    place : str, default=""
        Where the phone was.
    platform : {"android", "ios"}, default="android"
        System of the phone, which the file does not say. "ios" turns accelerations
        to the Android frame; that the app leaves Apple's sign was not verified.

    Returns
    -------
    Recording
        In SI and the Android frame. Times of day start at 0.

    Raises
    ------
    DataError
        When the table is broken or has no readings.

    Warns
    -----
    ClockWarning
        When stamps were repaired.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> rows = [f"{i / 100},0.0,0.0,1.0" for i in range(300)]
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "walk.csv"
    ...     _ = path.write_text("\n".join(["time,gFx,gFy,gFz", *rows]))
    ...     recording = read_physics_toolbox(path)
    >>> recording
    <Recording 'walk' | 2.99 s | acc_x acc_y acc_z 100 Hz | no events>
    """
    check_choice(platform, "platform", ("android", "ios"))
    source = Source(Path(path))
    table = AppTable.read(source)
    builder = RecordingBuilder(source.name)
    if table is not None and len(table):
        seconds = _seconds(table)
        _add(builder, table, seconds, place, -1.0 if platform == "ios" else 1.0)
    return builder.build(
        name=source.stem if name is None else name,
        subject=subject,
        metadata={
            "app": "Physics Toolbox",
            "platform": platform,
            "frame": FRAME,
            "axes turned": platform == "ios",
        },
    )


def _add(
    builder: RecordingBuilder,
    table: AppTable,
    seconds: NDArray[np.float64],
    place: str,
    sign: float,
) -> None:
    force = _triple(table, "gF")
    if force is not None:
        total = sign * STANDARD_GRAVITY * force
        builder.add("accelerometer", total, seconds, has_gravity=True, place=place)
    acceleration = _triple(table, "a")
    if acceleration is not None:
        values = sign * acceleration
        is_total = force is None and holds_gravity(values, seconds) is True
        kind = "accelerometer" if is_total else "linear_acceleration"
        gravity = True if is_total else None
        builder.add(kind, values, seconds, has_gravity=gravity, place=place)
    for kind, what in (("gyroscope", "w"), ("magnetometer", "B")):
        readings = _triple(table, what)
        if readings is not None:
            builder.add(kind, readings, seconds, place=place)
    pressure = table.find(rf"p{_UNIT}|pressure{_UNIT}")
    if pressure is not None:
        values = table.values([pressure])
        values[values <= 0] = np.nan
        builder.add("barometer", values, seconds, unit="hPa", place=place)
    latitude, longitude = table.find(rf"lat(itude)?{_UNIT}"), table.find(r"lon.*")
    if latitude is not None and longitude is not None:
        fixes = table.fixes(
            {
                "lat_deg": latitude,
                "lon_deg": longitude,
                "alt_m": table.find(rf"altitude{_UNIT}"),
                "speed_mps": table.find(rf"speed{_UNIT}"),
            }
        )
        builder.add("gps", fixes, seconds, place=place)


def _triple(table: AppTable, what: str) -> NDArray[np.float64] | None:
    """Return three axes; NaN before the first that is not 0."""
    headers = table.axes(rf"(?-i:{what}){{axis}}{_UNIT}")
    if headers is None:
        return None
    values = table.values(headers)
    unit = re.search(r"\(([^)]*)\)", headers[0])
    if unit is not None and what != "gF":
        values *= _scale(unit[1], "rad/s" if what == "w" else None)
    has_begun = np.logical_or.accumulate((np.nan_to_num(values) != 0).any(axis=1))
    values[~has_begun] = np.nan
    return values


def _scale(unit: str, to: str | None) -> float:
    """Return what turns a stated unit into the one it should be in."""
    if to is None:
        return 1.0
    try:
        return factor(unit, to)
    except ValueError:
        return 1.0


def _seconds(table: AppTable) -> NDArray[np.float64]:
    time = table.need(table.find(rf"time{_UNIT}"), "time")
    if table.frame[time].dtype.kind in "iuf":
        return table.seconds(time)
    found = [_CLOCK.fullmatch(text) for text in table.text(time)]
    if not all(found):
        try:
            return table.seconds(time)
        except DataError as error:
            row = found.index(None)
            raise DataError(
                f"column {time!r} of {table.name} must hold seconds or times of day "
                f"such as 13:05:22:123; got {table.text(time)[row][:40]!r} in row "
                f"{row + 1}. Remove that row, or export the file again."
            ) from error
    seconds = np.array([_of_day(match) for match in found if match is not None])
    since: NDArray[np.float64] = seconds - seconds[0]
    return since


def _of_day(match: re.Match[str]) -> float:
    hour, minute, second, rest = match.groups()
    share = int(rest) / 10 ** len(rest) if rest else 0.0
    return 3600.0 * int(hour or 0) + 60.0 * int(minute) + int(second) + share
