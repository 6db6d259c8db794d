"""Sensor Logger (Android, iOS, watches): zip, folder, JSON and SQLite exports."""

from __future__ import annotations

import json
import re
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._app_table import FRAME, AppTable, Platform, after
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._marks import marks_until_next
from sensorhar.io._sensor_logger_tables import (
    KNOWN,
    has_header,
    is_axes,
    read_tables,
    table_name,
)
from sensorhar.io._source import Source
from sensorhar.units import STANDARD_GRAVITY

if TYPE_CHECKING:
    from sensorhar.data.recording import Recording

__all__ = ["is_sensor_logger", "read_sensor_logger"]

#: Tables that only one system writes (UNITS.md).
_ANDROID_ONLY = {"totalacceleration", "locationgps", "locationnetwork"}
_IOS_ONLY = {"wristmotion", "watchlocation", "headphone"}

#: From this version on "Standardise Units & Frames" turns the watch's axes too.
WATCH_VERSION = (1, 63)

#: Median size of an accelerometer that is in g, at most; in m/s^2 it is near 9.8.
MAX_G = 3.0

#: Share of samples that two tables must have at the same moment to be added up.
SHARED = 0.9


def is_sensor_logger(source: Source) -> bool:
    """Return whether a file is an export of Sensor Logger, by what is in it.

    Parameters
    ----------
    source : Source
        A zip archive, folder, JSON or SQLite file, or one of its ``.csv`` files.

    Returns
    -------
    bool
        Whether its tables have columns ``time`` and ``seconds_elapsed``.
    """
    try:
        if source.is_folder or source.is_zip:
            return any(
                has_header(source.read(member)[:4096].decode("utf-8", "replace"))
                for member in source.members
                if table_name(member) in KNOWN - {"metadata"}
                and member.lower().endswith(".csv")
            )
    except (DataError, OSError):
        return False
    if source.head.startswith(b"SQLite format 3\0"):
        return b"seconds_elapsed" in source.head
    text = source.text.lstrip()
    if text.startswith("["):
        return '"sensor"' in text and '"seconds_elapsed"' in text
    return is_axes(text) or (table_name(source.name) in KNOWN and has_header(text))


def read_sensor_logger(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "",
    platform: Platform | None = None,
    annotations: Literal["events", "metadata"] = "events",
) -> Recording:
    r"""Read an export of the app Sensor Logger.

    The app writes one table a sensor, each with its own clock::

        walk.zip                        becomes
        ├── Metadata.csv                platform, "Standardise Units & Frames"
        ├── Accelerometer.csv           lin_x ..   without gravity
        ├── Gravity.csv                 grav_x ..
        ├── TotalAcceleration.csv       acc_x ..   Android; else the sum of these two
        ├── Gyroscope.csv  Magnetometer.csv  Orientation.csv  Barometer.csv
        ├── Location.csv                gps, negative numbers are "not known"
        ├── WristMotion.csv             wrist_acc_x .. of a watch
        └── Annotation.csv              events, each until the next one

    All streams are in the Android frame (flat on the table, screen up, ``acc_z`` is
    +9.81). An iPhone's accelerations have the opposite sign, and are turned unless
    the app's "Standardise Units & Frames" was on.

    Parameters
    ----------
    path : str or Path
        The archive, folder, ``.json``, SQLite file or a single ``.csv``.
    subject : str or None, default=None
        Who carried the phone.
    name : str or None, default=None
        Name of the recording. None takes the file's.
    place : str, default=""
        Where the phone was. A watch is at ``"wrist"``.
    platform : {"android", "ios"} or None, default=None
        System of the phone. None takes what the metadata, or else the tables, say.
    annotations : {"events", "metadata"}, default="events"
        Whether an annotation's text names what happens from it to the next one (one
        without text ends it), or is only kept in the metadata.

    Returns
    -------
    Recording
        With ``metadata`` of the phone, frame, annotations and tables left out.

    Raises
    ------
    DataError
        When a table is broken, or no table holds readings.

    Warns
    -----
    SensorharWarning
        When nothing tells the platform; it then counts as Android.
    ClockWarning
        When stamps were repaired.

    References
    ----------
    tszheichoi/awesome-sensor-logger: UNITS.md, COORDINATES.md, CROSSPLATFORM.md.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> rows = [f"{1764585664000000000 + i * 10**7},{i / 100},9.81,0,0"
    ...         for i in range(300)]
    >>> with TemporaryDirectory() as folder:
    ...     _ = (Path(folder) / "TotalAcceleration.csv").write_text(
    ...         "\n".join(["time,seconds_elapsed,z,y,x", *rows]))
    ...     recording = read_sensor_logger(folder, name="walk")
    >>> recording
    <Recording 'walk' | 2.99 s | acc_x acc_y acc_z 100 Hz | no events>
    """
    source = Source(Path(path))
    export = _Export.of(source, platform)
    builder = RecordingBuilder(source.name)
    _add_phone(builder, export, place)
    _add_watch(builder, export)
    notes = export.notes()
    marks = export.marks()
    if marks:
        notes["annotations"] = json.dumps([[ns, text] for ns, text in marks])
    return builder.build(
        name=source.stem if name is None else name,
        subject=subject,
        metadata=notes,
        unix_events=(
            marks_until_next(marks, export.last_ns())
            if annotations == "events"
            else None
        ),
    )


@dataclass(frozen=True)
class _Export:
    """All tables, and what they say about axes and units."""

    tables: dict[str, AppTable]
    meta: dict[str, str]
    platform: Platform
    is_standard: bool
    left_out: tuple[str, ...]

    @classmethod
    def of(cls, source: Source, platform: Platform | None) -> _Export:
        tables, left_out = read_tables(source)
        meta = _metadata(tables.pop("metadata", None))
        if platform is None:
            platform = _platform(meta, tables, left_out, source.name)
        elif platform not in ("android", "ios"):
            raise ValueError(
                f"platform must be 'android', 'ios' or None; got {platform!r}."
            )
        is_standard = meta.get("standardisation", "").lower() == "true"
        return cls(tables, meta, platform, is_standard, left_out)

    @property
    def is_turned(self) -> bool:
        """Whether the phone's accelerations have Apple's sign."""
        return self.platform == "ios" and not self.is_standard

    @property
    def is_watch_turned(self) -> bool:
        """Whether the watch's do."""
        version = tuple(
            int(n) for n in re.findall(r"\d+", self.meta.get("appVersion", ""))
        )
        is_new = not version or version[:2] >= WATCH_VERSION
        return self.platform == "ios" and not (self.is_standard and is_new)

    def times(self, table: AppTable) -> NDArray[np.int64]:
        """Return the stamps in ns since 1970."""
        header = table.find("time")
        if header is not None:
            return table.unix_ns(header, 10**9)
        elapsed = table.find("seconds_elapsed")
        epoch = self.meta.get("recording epoch time", "")
        if elapsed is None or not re.fullmatch(r"\d{12,13}", epoch):
            elapsed = table.need(None, "time, in ns since 1970")
        return after(int(epoch) * 10**6, table.seconds(elapsed))

    def get(
        self, *keys: str, axes: str = "{axis}", is_needed: bool = True
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]] | None:
        """Return axes and stamps of the first of some tables that is there."""
        for key in keys:
            table = self.tables.get(key)
            if table is None or not len(table):
                continue
            headers = table.axes(axes)
            if headers is not None:
                return table.values(headers), self.times(table)
            if is_needed:
                table.need(None, " ".join(axes.format(axis=axis) for axis in "xyz"))
        return None

    def marks(self) -> list[tuple[int, str]]:
        """Return the annotations as stamps and texts."""
        table = self.tables.get("annotation") or self.tables.get("annotations")
        if table is None or not len(table):
            return []
        texts = table.text(table.need(table.find("text"), "text"))
        return sorted(zip(self.times(table).tolist(), texts, strict=True))

    def last_ns(self) -> int:
        """Return when the last sensor stopped."""
        stops = [
            int(self.times(table).max())
            for key, table in self.tables.items()
            if len(table) and not key.startswith("annotation")
        ]
        return max(stops, default=0)

    def notes(self) -> dict[str, str | int | float | bool]:
        """Return what is worth keeping besides the readings."""
        notes: dict[str, str | int | float | bool] = {
            "app": "Sensor Logger",
            "platform": self.platform,
            "standardised by the app": self.is_standard,
            "frame": FRAME,
            "axes turned": self.is_turned,
        }
        for key in ("device name", "appVersion", "recording timezone"):
            if self.meta.get(key):
                notes[key] = self.meta[key]
        if self.left_out:
            notes["tables left out"] = ", ".join(self.left_out)
        return notes


def _add_phone(builder: RecordingBuilder, export: _Export, place: str) -> None:
    sign = -1.0 if export.is_turned else 1.0
    lin, grav = export.get("accelerometer"), export.get("gravity")
    if lin is not None and grav is not None and _is_in_g(grav[0]):
        # Two parts of what one sensor measures: the size of gravity tells the unit.
        lin, grav = (
            (STANDARD_GRAVITY * lin[0], lin[1]),
            (STANDARD_GRAVITY * grav[0], grav[1]),
        )
    total = export.get("totalacceleration")
    if total is None and lin is not None and grav is not None:
        added = _added(lin, grav)
        total = None if added is None else (sign * added[0], added[1])
    if total is None:
        raw = export.get("accelerometeruncalibrated")
        if raw is not None:
            scale = sign * (STANDARD_GRAVITY if _is_in_g(raw[0]) else 1.0)
            total = scale * raw[0], raw[1]
    if total is not None:
        builder.add("accelerometer", *total, has_gravity=True, place=place)
    for kind, part in (("linear_acceleration", lin), ("gravity", grav)):
        if part is not None:
            builder.add(kind, sign * part[0], part[1], place=place)
    for kind in ("gyroscope", "magnetometer"):
        part = export.get(kind, f"{kind}uncalibrated")
        if part is not None:
            builder.add(kind, *part, place=place)
    if not export.is_turned:  # Apple's angles count from another direction
        _add_column(builder, export, "orientation", ("qw", "qx", "qy", "qz"), place)
    _add_column(builder, export, "barometer", ("pressure",), place, unit="hPa")
    _add_column(builder, export, "heart_rate", ("bpm",), place)
    for key in ("location", "locationgps", "locationfused", "locationnetwork"):
        table = export.tables.get(key)
        if table is not None and len(table):
            _add_fixes(builder, export, table, place, is_watch=False)
            break


def _add_watch(builder: RecordingBuilder, export: _Export) -> None:
    sign = -1.0 if export.is_watch_turned else 1.0
    wrist: dict[str, Any] = {"place": "wrist", "prefix_place": True}
    lin = export.get("wristmotion", axes="acceleration{axis}")
    grav = export.get("wristmotion", axes="gravity{axis}")
    if lin is not None and grav is not None:
        # Which unit it is depends on a setting and the app's version; gravity tells.
        scale = sign * (STANDARD_GRAVITY if _is_in_g(grav[0]) else 1.0)
        total = scale * (lin[0] + grav[0])
        builder.add("accelerometer", total, lin[1], has_gravity=True, **wrist)
        builder.add("linear_acceleration", scale * lin[0], lin[1], **wrist)
        builder.add("gravity", scale * grav[0], lin[1], **wrist)
    else:
        raw = export.get("watchaccelerometeruncalibrated")
        if raw is not None:
            scale = sign * (STANDARD_GRAVITY if _is_in_g(raw[0]) else 1.0)
            total = scale * raw[0]
            builder.add("accelerometer", total, raw[1], has_gravity=True, **wrist)
    turn = export.get("wristmotion", axes="rotationRate{axis}", is_needed=False)
    if turn is not None:
        builder.add("gyroscope", *turn, **wrist)
    field = export.get("watchmagnetometer")
    if field is not None:
        builder.add("magnetometer", *field, **wrist)
    table = export.tables.get("watchlocation")
    if table is not None and len(table):
        _add_fixes(builder, export, table, "wrist", is_watch=True)


def _add_column(
    builder: RecordingBuilder,
    export: _Export,
    kind: str,
    columns: tuple[str, ...],
    place: str,
    unit: str | None = None,
) -> None:
    """Add a table of other columns than three axes."""
    table = export.tables.get(kind.replace("_", ""))
    if table is None or not len(table):
        return
    headers = [table.need(table.find(column), column) for column in columns]
    builder.add(
        kind, table.values(headers), export.times(table), unit=unit, place=place
    )


def _add_fixes(
    builder: RecordingBuilder,
    export: _Export,
    table: AppTable,
    place: str,
    *,
    is_watch: bool,
) -> None:
    """Add fixes; heights are above the ellipsoid on phone and watch."""
    altitude = table.find("ellipsoidalAltitude") if is_watch else table.find("altitude")
    fixes = table.fixes(
        {
            "lat_deg": table.need(table.find("latitude"), "latitude"),
            "lon_deg": table.need(table.find("longitude"), "longitude"),
            "alt_m": altitude,
            "speed_mps": table.find("speed"),
            "bearing_deg": table.find("bearing|course"),
            "accuracy_m": table.find("horizontalAccuracy"),
        }
    )
    builder.add("gps", fixes, export.times(table), place=place, prefix_place=is_watch)


def _added(
    one: tuple[NDArray[np.float64], NDArray[np.int64]],
    other: tuple[NDArray[np.float64], NDArray[np.int64]],
) -> tuple[NDArray[np.float64], NDArray[np.int64]] | None:
    """Return the sum of two tables where they have the same stamps."""
    if np.array_equal(one[1], other[1]):
        return one[0] + other[0], one[1]
    _, at, there = np.intersect1d(one[1], other[1], return_indices=True)
    if len(at) < SHARED * max(len(one[1]), len(other[1])):
        return None
    order = np.argsort(at)
    at, there = at[order], there[order]
    return one[0][at] + other[0][there], one[1][at]


def _platform(
    meta: dict[str, str],
    tables: dict[str, AppTable],
    left_out: tuple[str, ...],
    named: str,
) -> Platform:
    said = meta.get("platform", "").lower()
    if said == "android":
        return "android"
    if said == "ios":
        return "ios"
    names = {*tables, *left_out}
    if names & _ANDROID_ONLY:
        return "android"
    if names & _IOS_ONLY or _has_trait_of_ios(tables):
        return "ios"
    if names & {"accelerometer", "accelerometeruncalibrated", "gravity"}:
        warnings.warn(
            f"{named} must say whether it is of Android or iOS, whose accelerations "
            "differ in sign; it has no Metadata. It counts as Android; pass "
            "platform='ios' if it is not.",
            SensorharWarning,
            stacklevel=4,
        )
    return "android"


def _has_trait_of_ios(tables: dict[str, AppTable]) -> bool:
    """Return whether a table is as only iOS writes it (UNITS.md)."""
    location = tables.get("location")
    if location is not None and location.find("altitudeAboveMeanSeaLevel"):
        return True
    raw = tables.get("accelerometeruncalibrated")
    headers = None if raw is None else raw.axes("{axis}")
    return raw is not None and headers is not None and _is_in_g(raw.values(headers))


def _is_in_g(values: NDArray[np.float64]) -> bool:
    """Return whether readings with gravity are as small as they are in g."""
    size = np.linalg.norm(values, axis=1)
    size = size[np.isfinite(size)]
    return bool(len(size) and np.median(size) < MAX_G)


def _metadata(table: AppTable | None) -> dict[str, str]:
    """Return the first row as text."""
    if table is None or not len(table):
        return {}
    return {header: table.text(header)[0] for header in table.headers}
