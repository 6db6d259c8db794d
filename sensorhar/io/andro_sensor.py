"""AndroSensor (Android): one table with all sensors in each row."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sensorhar.errors import DataError
from sensorhar.io._app_table import FRAME, AppTable, after
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._held import fixes_once
from sensorhar.io._source import Source

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_andro_sensor", "read_andro_sensor"]

_SENSORS = {
    "accelerometer": r"accelerometer {axis}\b.*",
    "linear_acceleration": r"linear acceleration {axis}\b.*",
    "gravity": r"gravity {axis}\b.*",
    "gyroscope": r"gyroscope {axis}\b.*",
    "magnetometer": r"magnetic field {axis}\b.*",
}
_ELAPSED = r"time since start.*"
_DATE = r".*yyyy-mo-dd hh-mi-ss_sss.*"
_GPS = r"(location|gps) "


def is_andro_sensor(source: Source) -> bool:
    """Return whether a file is a table of AndroSensor, by its column names.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether it has the app's spelling of the date, or its clock beside sensors.
    """
    for line in source.text.splitlines()[:3]:
        low = line.lower()
        if "hh-mi-ss_sss" in low:
            return True
        if "time since start" in low and re.search(r"accelerometer x|gyroscope x", low):
            return True
    return False


def read_andro_sensor(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
) -> Recording:
    r"""Read a table of the app AndroSensor.

    All sensors and the place stand in one row, sampled by one timer, so every stream
    has the same clock. The date ends in ``:`` and milliseconds, and is the phone's
    local time; it is read as UTC. Speed is in km/h in the file.

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

    Returns
    -------
    Recording
        In SI and the Android frame. Where rows come faster than twice a second, a
        fix that repeats the one before counts once a second.

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
    >>> head = ";".join([*(f"ACCELEROMETER {a} (m/s²)" for a in "XYZ"),
    ...     "Time since start in ms ", "YYYY-MO-DD HH-MI-SS_SSS"])
    >>> rows = [f"0;0;9.81;{500 * i};2026-09-01 12:00:{i // 2:02d}:{i % 2 * 500}"
    ...         for i in range(20)]
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "walk.csv"
    ...     _ = path.write_text("\n".join([head, *rows]), encoding="utf-8")
    ...     recording = read_andro_sensor(path)
    >>> recording, recording.start.isoformat()
    (<Recording 'walk' | 9.5 s | acc_x acc_y acc_z 2 Hz | no events>, '2026-09-01T12:00:00+00:00')
    """  # noqa: E501
    source = Source(Path(path))
    table = AppTable.read(source)
    builder = RecordingBuilder(source.name)
    notes: dict[str, str | int | float | bool] = {"app": "AndroSensor", "frame": FRAME}
    if table is not None and len(table):
        times = _times(table, notes)
        for kind, pattern in _SENSORS.items():
            headers = table.axes(pattern)
            if headers is not None:
                builder.add(
                    kind,
                    table.values(headers),
                    times,
                    place=place,
                    has_gravity=True if kind == "accelerometer" else None,
                )
        pressure = table.find(r"atmospheric pressure.*")
        if pressure is not None:
            values = table.values([pressure])
            values[values <= 0] = np.nan
            builder.add("barometer", values, times, unit="hPa", place=place)
        fixes = _fixes(table)
        if fixes is not None:
            builder.add("gps", fixes_once(fixes, times), times, place=place)
        notes |= table.notes()
    return builder.build(
        name=source.stem if name is None else name, subject=subject, metadata=notes
    )


def _times(
    table: AppTable, notes: dict[str, str | int | float | bool]
) -> NDArray[np.int64] | NDArray[np.float64]:
    elapsed, date = table.find(_ELAPSED), table.find(_DATE)
    if elapsed is None:
        return _dates(table, table.need(date, "'Time since start in ms'"))
    seconds = table.seconds(elapsed, "ms")
    if date is None:
        return seconds
    try:
        first = int(_dates(table.where(np.arange(len(table)) == 0), date)[0])
    except DataError:  # a spreadsheet has rewritten it; the other clock is enough
        notes["start"] = "not known: the file's dates cannot be read"
        return seconds
    notes["start"] = "the phone's local time, read as UTC"
    return after(first - round(float(seconds[0]) * 1e9), seconds)


def _dates(table: AppTable, header: str) -> NDArray[np.int64]:
    import pandas as pd

    texts = [
        re.sub(r"[:._](\d{1,3})$", lambda ms: f".{int(ms[1]):03d}", text)
        for text in table.text(header)
    ]
    plain = AppTable(table.name, pd.DataFrame({header: texts}))
    return plain.dates_ns(header, ["%Y-%m-%d %H:%M:%S.%f"])


def _fixes(table: AppTable) -> NDArray[np.float64] | None:
    latitude = table.find(_GPS + r"latitude.*")
    longitude = table.find(_GPS + r"longitude.*")
    if latitude is None or longitude is None:
        return None
    speed = table.find(_GPS + r"speed.*")
    is_kmh = speed is not None and "km" in speed.lower()
    return table.fixes(
        {
            "lat_deg": latitude,
            "lon_deg": longitude,
            "alt_m": table.find(_GPS + r"altitude\s*(\(.*)?:?"),
            "speed_mps": speed,
            "bearing_deg": table.find(_GPS + r"orientation.*"),
            "accuracy_m": table.find(_GPS + r"accuracy.*"),
        },
        speed_unit="km/h" if is_kmh else "m/s",
    )
