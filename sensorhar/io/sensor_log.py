"""SensorLog (iOS and Apple Watch): one wide table with a clock for each sensor."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sensorhar.data.events import Events
from sensorhar.io._app_table import FRAME, AppTable, after
from sensorhar.io._apple import Times, add_apple
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._held import fixes_once
from sensorhar.io._marks import label_stretches
from sensorhar.io._source import Source

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_sensor_log", "read_sensor_log"]

_LOGGED = r"loggingTime\(txt\)"
_SINCE_BOOT = r"{sensor}Timestamp_sinceReboot\(s\)"

#: The first entry of a JSON list, with some hundred columns, is shorter.
N_JSON_CHARS = 8192

_FORMATS = (
    "ISO8601",
    "%Y-%m-%d %H:%M:%S.%f %z",
    "%Y-%m-%d %H:%M:%S %z",
    "%Y-%m-%d %H:%M:%S.%f",
)


def is_sensor_log(source: Source) -> bool:
    """Return whether a file is a table of SensorLog, by its column names.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether they are spelled as the app does: ``loggingTime(txt)``,
        ``motionTimestamp_sinceReboot(s)``, ``accelerometerAccelerationX(G)``.
    """
    text = source.text.lstrip()
    start = text[:N_JSON_CHARS] if text.startswith("[") else text.split("\n", 1)[0]
    return "loggingTime(txt)" in start or "Timestamp_sinceReboot(s)" in start


def read_sensor_log(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
) -> Recording:
    r"""Read a table of the app SensorLog, as CSV or JSON.

    A timer writes the newest value of each sensor into a row. Where the table tells
    when a sensor measured (``..Timestamp_sinceReboot(s)``), values that were written
    twice count once and lie at their own moment; else the row's time counts::

        loggingTime   accelerometerTimestamp_sinceReboot  X
        10:00:00.011  9000.00                             0.1    at .. 0.00
        10:00:00.021  9000.01                             0.2    at .. 0.01
        10:00:00.031  9000.01                             0.2    the same, left out

    Parameters
    ----------
    path : str or Path
        The file.
    subject : str or None, default=None
        Who carried the device.
    name : str or None, default=None
        Name of the recording. None takes the file's.
    place : str, default=""
        Where the device was.

    Returns
    -------
    Recording
        In SI and the Android frame (Apple's accelerations are turned). Numbers in
        the column ``label(N)`` other than 0, which the app writes until somebody
        sets one, are events.

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
    >>> head = ",".join(["loggingTime(txt)",
    ...     *(f"accelerometerAcceleration{a}(G)" for a in "XYZ"), "label(N)"])
    >>> rows = [f"2026-09-01T12:00:0{i // 50}.{i % 50 * 20:03d}+02:00,0,0,-1,{i // 100}"
    ...         for i in range(200)]
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "walk.csv"
    ...     _ = path.write_text("\n".join([head, *rows]))
    ...     recording = read_sensor_log(path)
    >>> float(recording.channel("acc_z")[1][0]), recording.events
    (9.80665, <Events 1 in 1.98 s | 1 1>)
    """
    source = Source(Path(path))
    is_json = source.text.lstrip().startswith("[")
    table = AppTable.of_json(source) if is_json else AppTable.read(source)
    builder = RecordingBuilder(source.name)
    notes: dict[str, str | int | float | bool] = {
        "app": "SensorLog",
        "platform": "ios",
        "frame": FRAME,
        "axes turned": True,
    }
    events = unix_events = None
    if table is not None and len(table):
        rows = _row_times(table)
        clocks = {
            sensor: _own_times(table, sensor, rows)
            for sensor in ("motion", "accelerometer", "gyro", "magnetometer")
        }
        _add_by_clock(builder, table, rows, clocks, place)
        _add_location(builder, table, rows, place)
        pressure = table.find(r"altimeterPressure\(kPa\)")
        if pressure is not None:
            values = table.values([pressure])
            builder.add("barometer", values, rows, unit="kPa", place=place)
        labels = _labels(table)
        if labels:
            notes["labels"] = json.dumps(sorted(set(labels) - {""}))
        starts, stops, names = label_stretches(labels, rows)
        notes |= table.notes()
        if names:
            if rows.dtype.kind == "f":
                events = Events(rows[starts], rows[stops], names)
            else:
                unix_events = rows[starts], rows[stops], names
    return builder.build(
        name=source.stem if name is None else name,
        subject=subject,
        metadata=notes,
        events=events,
        unix_events=unix_events,
    )


def _row_times(table: AppTable) -> Times:
    """Return when the rows were written, or else their numbers' clock."""
    logged = table.find(_LOGGED)
    if logged is not None:
        return table.dates_ns(logged, _FORMATS)
    for sensor in ("motion", "accelerometer", "gyro", "magnetometer"):
        header = table.find(_SINCE_BOOT.format(sensor=sensor))
        if header is not None:
            seconds = table.seconds(header)
            return np.asarray(seconds - seconds[0])
    table.need(None, "loggingTime(txt)")
    raise AssertionError("need has raised")


def _own_times(table: AppTable, sensor: str, rows: Times) -> Times | None:
    """Return when a sensor measured, on the clock of the rows.

    A row is never written before its value is measured, so the smallest delay is
    closest to the true offset of the two clocks.
    """
    header = table.find(_SINCE_BOOT.format(sensor=sensor))
    if header is None:
        return None
    seconds = table.numbers(header)
    is_good = np.isfinite(seconds) & (seconds > 0)
    if not is_good.all() or (np.diff(seconds) < 0).any() or seconds[-1] == seconds[0]:
        return None  # the phone was started anew, or the app has left it out
    since = seconds - seconds[0]
    if rows.dtype.kind == "f":
        return np.asarray(since)
    written = (rows - rows[0]) / 1e9
    if abs(since[-1] - written[-1]) > 0.01 * written[-1] + 1.0:
        return None  # these are not the same moments
    first = int(rows[0]) + round(float((written - since).min()) * 1e9)
    return after(first, since)


def _add_by_clock(
    builder: RecordingBuilder,
    table: AppTable,
    rows: Times,
    clocks: dict[str, Times | None],
    place: str,
) -> None:
    """Add motion sensors, each with the rows in which its clock went on."""
    motion = clocks["motion"]
    main = rows if motion is None else motion
    parts = {
        sensor: main if times is None and sensor == "motion" else times
        for sensor, times in clocks.items()
    }
    frame = table.frame.copy()
    for sensor, times in parts.items():
        if times is None:
            continue
        is_again = np.append(False, np.diff(times) <= 0)
        if times is rows or not is_again.any():
            continue
        prefix = {"gyro": "gyrorotation"}.get(sensor, sensor)
        for header in table.headers:
            if header.lower().startswith(prefix) and "timestamp" not in header.lower():
                frame[header] = frame[header].mask(is_again)
    add_apple(
        builder,
        table.of_frame(frame),
        place=place,
        motion=main,
        accelerometer=rows
        if clocks["accelerometer"] is None
        else parts["accelerometer"],
        gyroscope=rows if clocks["gyro"] is None else parts["gyro"],
        magnetometer=rows if clocks["magnetometer"] is None else parts["magnetometer"],
    )


def _add_location(
    builder: RecordingBuilder, table: AppTable, rows: Times, place: str
) -> None:
    latitude = table.find(r"locationLatitude\(WGS84\)")
    longitude = table.find(r"locationLongitude\(WGS84\)")
    if latitude is None or longitude is None:
        return
    fixes = table.fixes(
        {
            "lat_deg": latitude,
            "lon_deg": longitude,
            "alt_m": table.find(r"locationAltitude\(m\)"),
            "speed_mps": table.find(r"locationSpeed\(m/s\)"),
            "bearing_deg": table.find(r"locationCourse\(.*"),
            "accuracy_m": table.find(r"locationHorizontalAccuracy\(m\)"),
        }
    )
    own = table.find(r"locationTimestamp_since1970\(s\)")
    if own is None or rows.dtype.kind == "f":
        builder.add("gps", fixes_once(fixes, rows), rows, place=place)
        return
    stamps = table.numbers(own)
    # The same fix stands in all rows until the next; its own stamp tells them apart.
    is_fix = np.isfinite(stamps) & (stamps > 0) & ~np.isnan(fixes[:, 0])
    at = np.flatnonzero(is_fix)
    at = np.sort(at[np.unique(stamps[at], return_index=True)[1]])
    is_new = np.zeros(len(table), dtype=np.bool_)
    is_new[at] = True
    times = table.where(is_new).unix_ns(own, 1)
    builder.add("gps", fixes[is_new], times, place=place)


def _labels(table: AppTable) -> list[str]:
    """Return the label of each row; empty where there is none."""
    header = table.find(r"(label|state)\((N|txt)\)")
    if header is None:
        return []
    texts = (text.removesuffix(".0") for text in table.text(header))
    return ["" if text in ("0", "nan", "null") else text for text in texts]
