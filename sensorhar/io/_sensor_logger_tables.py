"""The tables of a Sensor Logger export: from CSV files, JSON or SQLite."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

from sensorhar.errors import DataError
from sensorhar.io._app_table import AppTable, json_list

if TYPE_CHECKING:
    from sensorhar.io._source import Source

__all__ = ["KNOWN", "has_header", "is_axes", "read_tables", "table_name"]

#: Tables by their names in lower-case letters; others (Light, Network, ...) are left
#: out and named in the metadata.
KNOWN = {
    "accelerometer", "accelerometeruncalibrated", "totalacceleration", "gravity",
    "gyroscope", "gyroscopeuncalibrated", "magnetometer", "magnetometeruncalibrated",
    "orientation", "barometer", "heartrate", "location", "locationgps",
    "locationfused", "locationnetwork", "wristmotion", "watchlocation",
    "watchbarometer", "watchmagnetometer", "watchaccelerometeruncalibrated",
    "annotation", "annotations", "metadata",
}  # fmt: skip

#: Tables that are only read when another is missing.
_INSTEAD = {
    "accelerometeruncalibrated": "totalacceleration",
    "gyroscopeuncalibrated": "gyroscope",
    "magnetometeruncalibrated": "magnetometer",
}

#: Columns that say nothing more where ``time`` stands.
_UNUSED = ("seconds_elapsed", "pitch", "roll", "yaw", "relativeAltitude")

#: What SQLite files start with.
MAGIC = b"SQLite format 3\0"


def table_name(member: str) -> str:
    """Return a file's or table's name in lower-case letters.

    People put something before the app's name (``Walk_0626WristMotion.csv``), and
    browsers a number behind it.
    """
    stem = re.sub(r"\.(csv|gz)$", "", PurePosixPath(member).name, flags=re.IGNORECASE)
    name = re.sub(r"[^a-z]", "", stem.lower())
    if name in KNOWN:
        return name
    last = re.search(r"[^a-z]([a-z]+)[^a-z]*$", stem.lower())
    return last[1] if last and last[1] in KNOWN else name


def has_header(text: str) -> bool:
    """Return whether a table's first line names the app's two columns of time."""
    return "seconds_elapsed" in _names(text)


def is_axes(text: str) -> bool:
    """Return whether it is a table of three axes, whichever the sensor."""
    return {"time", "seconds_elapsed", "x", "y", "z"} <= _names(text)


def _names(text: str) -> set[str]:
    line = text.lstrip("\ufeff").split("\n", 1)[0].lower()
    return {name.strip().strip('"') for name in re.split("[,;\t]", line)}


def read_tables(source: Source) -> tuple[dict[str, AppTable], tuple[str, ...]]:
    """Return the tables whose names are known, and the names of the others."""
    tables, others = _all_tables(source)
    known = {key: table for key, table in tables.items() if key in KNOWN}
    return known, tuple(sorted({*others, *(set(tables) - set(known))}))


def _all_tables(source: Source) -> tuple[dict[str, AppTable], set[str]]:
    if source.is_folder or source.is_zip:
        return _csv_tables(source)
    if source.head.startswith(MAGIC):
        return _lowered(_sqlite_tables(source)), set()
    if source.text.lstrip().startswith("["):
        return _lowered(_json_tables(source)), set()
    key = table_name(source.name)
    if key not in KNOWN and is_axes(source.text):
        raise DataError(
            f"{source.name} must be named after its sensor, as the app does "
            "(Accelerometer.csv, TotalAcceleration.csv, Gyroscope.csv, ...), for "
            "nothing in it says which one it is. Rename it, or read it with "
            "sensorhar.read_csv(..., time='time', time_unit='ns', "
            "channels={'x': 'acc_x', ...})."
        )
    table = AppTable.read(source)
    return ({} if table is None else {key: table}), set()


def _csv_tables(source: Source) -> tuple[dict[str, AppTable], set[str]]:
    members: dict[str, str] = {}
    for member in source.members:
        key = table_name(member)
        if not member.lower().endswith(".csv"):
            continue
        if key in members and key in KNOWN:
            raise DataError(
                f"{source.name} must hold one recording; it holds {members[key]!r} and "
                f"{member!r}. Read their folders one by one."
            )
        members[key] = member
    tables: dict[str, AppTable] = {}
    others = set(members) - KNOWN
    for key in sorted(set(members) & KNOWN, key=lambda key: key in _INSTEAD):
        if len(tables.get(_INSTEAD.get(key, ""), ())):
            others.add(key)
            continue
        head = source.read(members[key])[:4096].decode("utf-8", "replace")
        has_time = "time" in re.split(r"\W+", head.split("\n", 1)[0])
        table = AppTable.read(
            source,
            members[key],
            as_text=key == "metadata",
            unused=_UNUSED if has_time else (),
        )
        if table is not None:
            tables[key] = table
    return tables, others


def _json_tables(source: Source) -> dict[str, AppTable]:
    import pandas as pd

    entries = json_list(source)
    rows: dict[str, list[dict[str, Any]]] = {}
    for i, entry in enumerate(entries):
        sensor = entry.get("sensor") if isinstance(entry, dict) else None
        if not isinstance(sensor, str):
            raise DataError(
                f"{source.name} must be a list of readings with a 'sensor' each; got "
                f"{str(entry)[:60]!r} as number {i + 1}. Export it again."
            )
        rows.setdefault(sensor, []).append(entry)
    return {
        sensor: AppTable(f"{sensor} in {source.name}", pd.DataFrame(entries))
        for sensor, entries in rows.items()
    }


def _lowered(tables: dict[str, AppTable]) -> dict[str, AppTable]:
    return {table_name(key): table for key, table in tables.items()}


def _sqlite_tables(source: Source) -> dict[str, AppTable]:
    import pandas as pd

    tables = {}
    address = f"{source.path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        with closing(sqlite3.connect(address, uri=True)) as base:
            base.execute("PRAGMA trusted_schema = OFF")
            base.text_factory = lambda raw: raw.decode("utf-8", "replace")
            names = base.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            for (name,) in names.fetchall():
                quoted = str(name).replace('"', '""')
                rows = base.execute(f'SELECT * FROM "{quoted}"')
                headers = [column[0] for column in rows.description]
                tables[str(name)] = AppTable(
                    f"table {name} of {source.name}",
                    pd.DataFrame(rows.fetchall(), columns=headers),
                )
    except (sqlite3.Error, OverflowError, MemoryError) as error:
        raise DataError(
            f"{source.name} must be a whole SQLite file; it is damaged ({error}). "
            "Export it again."
        ) from error
    return tables
