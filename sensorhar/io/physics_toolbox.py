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
from sensorhar.io._apple import Times
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._held import fixes_once, only_new, since_begin
from sensorhar.io._source import Source
from sensorhar.units import STANDARD_GRAVITY, factor

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_physics_toolbox", "read_physics_toolbox"]

_UNIT = r"(\s*\([^)]*\))?"
_CLOCK = re.compile(r"(?:(\d{1,2}):)?(\d{1,2}):(\d{1,2})(?:[:.,](\d{1,6}))?")
_DATE = re.compile(r"\d{4}-\d\d-\d\d ")
_FORMATS = ("%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S", "ISO8601")

#: Parts of the table: g-force, acceleration, turn and magnetic field.
_PARTS = ("gF", "a", "w", "B")

#: What only the app for iOS calls a norm; on Android it is TgF or aT.
_IOS_TOTAL = "(?-i:gF|a|w|B)(?-i:Total)"


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
    line = next((line for line in source.lines if line.strip()), "")
    headers = [
        re.sub(r"\s*\(.*", "", header.strip().strip('"'))
        for header in re.split("[,;\t]", line)
    ]
    if headers[0].lower() != "time":
        return False
    # Case counts: generic tables have ax, but seldom gFx, wx or Bx.
    found = {what for what in _PARTS if {f"{what}{a}" for a in "xyz"} <= set(headers)}
    return bool(found - {"a"}) or ("a" in found and "aT" in headers)


def read_physics_toolbox(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
    platform: Platform | None = None,
) -> Recording:
    r"""Read a table of the app Physics Toolbox Sensor Suite.

    ::

        time   gFx gFy gFz   ax ay az     wx wy wz   Bx By Bz   p     Latitude ...
        s      g             m/s^2        rad/s      uT         hPa   deg, Speed m/s
        acc_*  with gravity  as readings  gyr_*      mag_*

    Sensors that have not reported yet, or are missing, stand as 0 in the table, and
    are left out. What ``ax`` is differs between versions of the app: the readings
    tell whether gravity is in it; beside ``gFx`` it is without. Some versions write a
    row whenever any sensor reports, and the last reading of the others again; each
    sensor then keeps the rows that are its own, and so its own rate.

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
    platform : {"android", "ios"} or None, default=None
        System of the phone. None is "ios" where the norm is called ``gFTotal`` and
        "android" where it is ``TgF`` or missing. Accelerations of "ios" are turned to
        the Android frame: a published table has gFz = -0.82 of a phone held up.

    Returns
    -------
    Recording
        In SI and the Android frame. Times of day start at 0; dates are the phone's
        local time, read as UTC.

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
    source = Source(Path(path))
    if platform is not None:
        check_choice(platform, "platform", ("android", "ios"))
    table = AppTable.read(source)
    builder = RecordingBuilder(source.name)
    notes: dict[str, str | int | float | bool] = {}
    if table is not None and len(table):
        if platform is None and table.find(_IOS_TOTAL) is not None:
            platform = "ios"
        _add(builder, table, _times(table), place, -1.0 if platform == "ios" else 1.0)
        notes |= table.notes()
    return builder.build(
        name=source.stem if name is None else name,
        subject=subject,
        metadata={
            "app": "Physics Toolbox",
            "platform": platform or "android",
            "frame": FRAME,
            "axes turned": platform == "ios",
            **notes,
        },
    )


def _add(
    builder: RecordingBuilder, table: AppTable, times: Times, place: str, sign: float
) -> None:
    found = {what: _triple(table, what) for what in _PARTS}
    parts = {what: part for what, part in found.items() if part is not None}
    parts = dict(zip(parts, only_new(list(parts.values())), strict=True))
    force, acceleration = parts.get("gF"), parts.get("a")
    if force is not None:
        total = sign * STANDARD_GRAVITY * force
        builder.add("accelerometer", total, times, has_gravity=True, place=place)
    if acceleration is not None:
        values = sign * acceleration
        is_total = force is None and holds_gravity(values, _since(times)) is True
        kind = "accelerometer" if is_total else "linear_acceleration"
        gravity = True if is_total else None
        builder.add(kind, values, times, has_gravity=gravity, place=place)
    for kind, what in (("gyroscope", "w"), ("magnetometer", "B")):
        if what in parts:
            builder.add(kind, parts[what], times, place=place)
    pressure = table.find(rf"p{_UNIT}|pressure{_UNIT}")
    if pressure is not None:
        values = table.values([pressure])
        values[values <= 0] = np.nan
        builder.add("barometer", values, times, unit="hPa", place=place)
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
        builder.add("gps", fixes_once(fixes, times), times, place=place)


def _triple(table: AppTable, what: str) -> NDArray[np.float64] | None:
    """Return three axes; NaN before the first that is not 0."""
    headers = table.axes(rf"(?-i:{what}){{axis}}{_UNIT}")
    if headers is None:
        return None
    values = table.values(headers)
    unit = re.search(r"\(([^)]*)\)", headers[0])
    if unit is not None and what != "gF":
        values *= _scale(unit[1], "rad/s" if what == "w" else None)
    return since_begin(values)


def _scale(unit: str, to: str | None) -> float:
    """Return what turns a stated unit into the one it should be in."""
    if to is None:
        return 1.0
    try:
        return factor(unit, to)
    except ValueError:
        return 1.0


def _since(times: Times) -> NDArray[np.float64]:
    return np.asarray((times - times[0]) / (1e9 if times.dtype.kind == "i" else 1.0))


def _times(table: AppTable) -> Times:
    """Return seconds, or ns since 1970 where the table has dates."""
    time = table.need(table.find(rf"time{_UNIT}"), "time")
    if table.frame[time].dtype.kind in "iuf":
        return table.seconds(time)
    texts = table.text(time)
    if texts and _DATE.match(texts[0]):
        return table.dates_ns(time, _FORMATS)
    found = [_CLOCK.fullmatch(text) for text in texts]
    if not all(found):
        try:
            return table.seconds(time)
        except DataError as error:
            row = found.index(None)
            raise DataError(
                f"column {time!r} of {table.name} must hold seconds or times of day "
                f"such as 13:05:22:123; got {texts[row][:40]!r} in row {row + 1}. "
                "Remove that row, or export the file again."
            ) from error
    seconds = np.array([_of_day(match) for match in found if match is not None])
    since: NDArray[np.float64] = seconds - seconds[0]
    return since


def _of_day(match: re.Match[str]) -> float:
    hour, minute, second, rest = match.groups()
    share = int(rest) / 10 ** len(rest) if rest else 0.0
    return 3600.0 * int(hour or 0) + 60.0 * int(minute) + int(second) + share
