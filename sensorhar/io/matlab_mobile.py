"""MATLAB Mobile: its timetables, written as CSV, one file a sensor."""

from __future__ import annotations

import re
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from sensorhar.errors import DataError
from sensorhar.io._app_table import FRAME, AppTable
from sensorhar.io._apple import Times
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._source import Source

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_matlab_mobile", "read_matlab_mobile"]

#: Variables of the app's .mat files that are read; Orientation is in angles, and is
#: left out.
_SENSORS = {
    "acceleration": "accelerometer",
    "angularvelocity": "gyroscope",
    "magneticfield": "magnetometer",
    "position": "gps",
}
_TIME = "timestamp|time"
_FORMATS = (
    "%d-%b-%Y %H:%M:%S.%f",
    "%d-%b-%Y %H:%M:%S",
    "ISO8601",
    "%d-%b-%Y %I:%M:%S.%f %p",
    "%m/%d/%Y %H:%M:%S.%f",
    "%m/%d/%Y %H:%M:%S",
)
_DURATION = re.compile(r"([\d.]+)\s*(s|sec|seconds)")


def is_matlab_mobile(source: Source) -> bool:
    """Return whether a file holds MATLAB Mobile's timetables as CSV.

    Parameters
    ----------
    source : Source
        A folder or zip archive of them, or a single one.

    Returns
    -------
    bool
        Whether a file called after one of its variables (``Acceleration.csv``) has
        the columns ``Timestamp``, ``X``, ``Y`` and ``Z``.
    """
    try:
        for member, key in _members(source).items():
            content = source.read(member) if member else source.head
            if _has_header(content[:200].decode("utf-8", "replace"), key):
                return True
    except (DataError, OSError):
        return False
    return False


def read_matlab_mobile(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
) -> Recording:
    r"""Read what MATLAB Mobile recorded, exported as CSV.

    The app saves ``.mat`` files with timetables, which only MATLAB reads. There, one
    line for each makes a table of it, with all digits of the times kept if the format
    is set first::

        Acceleration.Timestamp.Format = "uuuu-MM-dd HH:mm:ss.SSS";
        writetimetable(Acceleration, "Acceleration.csv")

    Known are Acceleration (m/s^2), AngularVelocity (rad/s), MagneticField (uT) and
    Position. Times are the phone's local time, and are read as UTC. MATLAB Mobile
    documents one frame for both systems, with +9.8 on z when the phone lies screen
    up; files were not seen here, so check ``acc_z`` of a phone at rest.

    Parameters
    ----------
    path : str or Path
        The folder, ``.zip``, or a single ``.csv`` whose name says which sensor it is.
    subject : str or None, default=None
        Who carried the phone.
    name : str or None, default=None
        Name of the recording. None takes the file's.
    place : str, default=""
        Where the phone was.

    Returns
    -------
    Recording
        In SI.

    Raises
    ------
    DataError
        When a table is broken, or none holds readings.

    Warns
    -----
    ClockWarning
        When stamps were repaired: without milliseconds, many are the same.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> rows = [f"01-Sep-2026 12:00:0{i // 10}.{i % 10}00,0,0,9.81" for i in range(50)]
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "Acceleration.csv"
    ...     _ = path.write_text("\n".join(["Timestamp,X,Y,Z", *rows]))
    ...     recording = read_matlab_mobile(folder, name="walk")
    >>> recording
    <Recording 'walk' | 4.9 s | acc_x acc_y acc_z 10 Hz | no events>
    """
    source = Source(Path(path))
    builder = RecordingBuilder(source.name)
    members = _members(source)
    if len(set(members.values())) < len(members):
        raise DataError(
            f"{source.name} must hold one recording; it holds several files of one "
            "sensor. Read their folders one by one."
        )
    for member, key in members.items():
        table = AppTable.read(source, member or None)
        if table is None or not len(table):
            continue
        times = _times(table)
        if key == "position":
            _add_position(builder, table, times, place)
            continue
        headers = table.axes("{axis}|" + key + "_{axis}")
        if headers is None:
            headers = [table.need(None, "X, Y and Z")]
        kind = _SENSORS[key]
        has_gravity = True if kind == "accelerometer" else None
        values = table.values(headers)
        builder.add(kind, values, times, has_gravity=has_gravity, place=place)
    return builder.build(
        name=source.stem if name is None else name,
        subject=subject,
        metadata={
            "app": "MATLAB Mobile",
            "frame": FRAME,
            "start": "the phone's local time, read as UTC",
        },
    )


def _add_position(
    builder: RecordingBuilder, table: AppTable, times: Times, place: str
) -> None:
    fixes = table.fixes(
        {
            "lat_deg": table.need(table.find("lat(itude)?"), "latitude"),
            "lon_deg": table.need(table.find("lon(gitude)?"), "longitude"),
            "alt_m": table.find("alt(itude)?"),
            "speed_mps": table.find("speed"),
            "bearing_deg": table.find("course"),
            "accuracy_m": table.find("hacc|horizontalaccuracy"),
        }
    )
    builder.add("gps", fixes, times, place=place)


def _times(table: AppTable) -> Times:
    header = table.need(table.find(_TIME), "Timestamp")
    if table.frame[header].dtype.kind in "iuf":
        seconds = table.numbers(header)
        return table.unix_ns(header, 1) if seconds[0] > 1e9 else table.seconds(header)
    texts = table.text(header)
    spans = [_DURATION.fullmatch(text) for text in texts]
    if all(spans):
        import pandas as pd

        numbers = pd.DataFrame({header: [span[1] for span in spans if span]})
        return AppTable(table.name, numbers).seconds(header)
    return table.dates_ns(header, _FORMATS)


def _members(source: Source) -> dict[str, str]:
    """Return the files of known sensors; "" is the path itself."""
    if not source.is_folder and not source.is_zip:
        key = _key(source.name)
        return {} if key is None else {"": key}
    return {
        member: key
        for member in source.members
        if member.lower().endswith((".csv", ".txt")) and (key := _key(member))
    }


def _key(member: str) -> str | None:
    name = re.sub(r"[^a-z]", "", PurePosixPath(member).stem.lower())
    return next((key for key in _SENSORS if name.endswith(key)), None)


def _has_header(text: str, key: str) -> bool:
    line = text.lstrip("\ufeff").split("\n", 1)[0].lower()
    names = [name.strip().strip('"') for name in re.split("[,;\t]", line)]
    if not re.fullmatch(_TIME, names[0]):
        return False
    others = {name.removeprefix(f"{key}_") for name in names[1:]}
    if key == "position":
        return {"latitude", "longitude"} <= others and "seconds_elapsed" not in others
    return others == {"x", "y", "z"}
