"""Lines of text as readings: CSV by columns, and the JSON of several apps."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sensorhar._checks import check_choice
from sensorhar.collect._android import KINDS, android_row
from sensorhar.collect._receiver import as_object, rows_to_table
from sensorhar.collect._stamps import as_ns
from sensorhar.sensors import SENSORS
from sensorhar.units import factor

__all__ = ["HYPER_IMU", "LineFormat", "Row"]

#: Columns of HyperIMU with accelerometer, gyroscope and magnetometer chosen, in the
#: order of its manual.
HYPER_IMU = (
    "time_ms",
    *(f"{sensor}_{axis}" for sensor in ("acc", "gyr", "mag") for axis in "xyz"),
)

_NS = {"time_s": 10**9, "time_ms": 10**6, "time_us": 10**3, "time_ns": 1}
_CHANNELS = {
    channel: (kind, number)
    for kind, sensor in SENSORS.items()
    for number, channel in enumerate(sensor.channels)
}

#: Names of sensors in JSON, in lower-case letters only; the first that fits is taken.
_JSON_SENSORS = (
    ("linear_acceleration", re.compile(r"linear")),
    ("gravity", re.compile(r"gravity")),
    ("accelerometer", re.compile(r"acc(?!uracy)(?!.*uncal)")),
    ("gyroscope", re.compile(r"gyro(?!.*uncal)")),
    ("magnetometer", re.compile(r"magn(?!.*uncal)")),
    ("orientation", re.compile(r"^rotationvector$")),
    ("barometer", re.compile(r"press|baro")),
    ("gps", re.compile(r"^gps$")),
)


@dataclass(frozen=True)
class Row:
    """One reading of one sensor; without a stamp where the line had none."""

    kind: str
    values: Sequence[Any]
    stamp_ns: int | None


class LineFormat:
    """What the columns or keys of a line mean.

    Parameters
    ----------
    columns : sequence or mapping of str
        As of :class:`sensorhar.collect.lines.LinesSource`.
    units : mapping of str to str
        Units by sensor kind.
    json_time : str
        Unit of stamps in JSON: "s", "ms", "us" or "ns".
    """

    def __init__(
        self,
        columns: Sequence[str] | Mapping[str, str],
        units: Mapping[str, str],
        json_time: str | None,
    ) -> None:
        self._names: dict[str, str] | None = None
        if isinstance(columns, Mapping):
            self._names = dict(columns)
            self._columns = tuple(columns.values())
        else:
            self._columns = tuple(columns)
        for name in self._columns:
            if name:
                check_choice(name, "columns", (*_NS, *_CHANNELS))
        if len(set(filter(None, self._columns))) < len(
            list(filter(None, self._columns))
        ):
            raise ValueError(f"columns must differ; got {self._columns!r}.")
        self._factors = {}
        for kind, unit in units.items():
            check_choice(kind, "units", SENSORS)
            self._factors[kind] = factor(unit, SENSORS[kind].units[0])
        if json_time is not None:
            check_choice(json_time, "json_time", ("s", "ms", "us", "ns"))
        self._json_ns = None if json_time is None else _NS[f"time_{json_time}"]
        self._place_columns(self._columns)

    def _place_columns(self, columns: Sequence[str]) -> None:
        """Note where in a line each sensor's numbers stand."""
        self._n_columns = len(columns)
        self._time: tuple[int, int] | None = None
        self._where: dict[str, list[int | None]] = {}
        for i, name in enumerate(columns):
            if name in _NS:
                self._time = (i, _NS[name])
            elif name:
                kind, number = _CHANNELS[name]
                n_channels = len(SENSORS[kind].channels)
                self._where.setdefault(kind, [None] * n_channels)[number] = i

    def read(self, line: bytes) -> list[Row] | None:
        """Return what a line holds, [] where it is only a header; None if broken."""
        text = line.decode("utf-8", "replace").strip()
        if not text or text.startswith(("@", "#")):  # HyperIMU's remarks
            return []
        return self._read_json(text) if text[0] == "{" else self._read_csv(text)

    def _read_csv(self, text: str) -> list[Row] | None:
        fields = [field.strip() for field in re.split(r"[,;\t]", text)]
        if self._names and set(self._names) <= set(fields):
            self._place_columns([self._names.get(field, "") for field in fields])
            return []
        if len(fields) < self._n_columns:
            return None
        if not any(re.match(r"[-+.\d]", field) for field in fields):
            return []  # a header: words only
        stamp_ns = None
        if self._time is not None:
            stamp_ns = as_ns(fields[self._time[0]], self._time[1])
            if stamp_ns is None:
                return None
        rows = []
        for kind, where in self._where.items():
            found = [None if i is None else (fields[i] or None) for i in where]
            if any(value is not None for value in found):
                row = self._row(kind, found, stamp_ns)
                if row is None:
                    return None
                rows.append(row)
        return rows

    def _read_json(self, text: str) -> list[Row] | None:
        message = as_object(text)
        if message is None:
            return None
        if self._names is not None:
            return self._read_named(message)
        if "values" in message and message.get("type") in KINDS:  # SensaGram
            kind = KINDS[message["type"]]
            stamp_ns = as_ns(message.get("timestamp"), self._json_ns or 1)
            values = android_row(kind, message["values"])
            if values is None or stamp_ns is None:
                return None
            return [Row(kind, values, stamp_ns)]
        keys = {re.sub(r"[^a-z]", "", str(key).lower()): key for key in message}
        # One stamp for all is in ms (HyperIMU), one for each in ns (SensorStreamer).
        common = message.get(keys.get("timestamp", ""))
        common_ns = as_ns(common, self._json_ns or 10**6)
        if common is not None and common_ns is None:
            return None
        rows: dict[str, Row] = {}
        for words, key in keys.items():
            found = [kind for kind, name in _JSON_SENSORS if name.search(words)]
            if not found or found[0] in rows:
                continue
            kind = found[0]
            row = self._read_part(kind, message[key], common_ns)
            if row is None:
                return None
            rows[kind] = row
        return list(rows.values()) or None

    def _read_part(self, kind: str, part: Any, stamp_ns: int | None) -> Row | None:
        """Read what belongs to one sensor."""
        if isinstance(part, dict):
            own_ns = as_ns(part.get("timestamp"), self._json_ns or 1)
            stamp_ns = stamp_ns if own_ns is None else own_ns
            axes = [part.get(axis) for axis in "xyz"]
            part = part.get("value", axes)
        values = part if isinstance(part, list) else [part]
        if kind in ("barometer", "orientation"):
            found = android_row(kind, values)
            return None if found is None else Row(kind, found, stamp_ns)
        if kind == "gps":
            values = [*values[:3], None, None, None]
        return self._row(kind, values, stamp_ns)

    def _read_named(self, message: dict[str, Any]) -> list[Row] | None:
        """Read an object whose keys were told."""
        assert self._names is not None
        found: dict[str, list[Any]] = {}
        stamp_ns = None
        for key, name in self._names.items():
            value = message.get(key)
            if value is None:
                continue
            if name in _NS:
                stamp_ns = as_ns(value, _NS[name])
                if stamp_ns is None:
                    return None
            elif name:
                kind, number = _CHANNELS[name]
                n_channels = len(SENSORS[kind].channels)
                found.setdefault(kind, [None] * n_channels)[number] = value
        rows = [self._row(kind, values, stamp_ns) for kind, values in found.items()]
        good = [row for row in rows if row is not None]
        return good if good and len(good) == len(rows) else None

    def _row(
        self, kind: str, values: Sequence[Any], stamp_ns: int | None
    ) -> Row | None:
        table, is_good = rows_to_table([values], len(SENSORS[kind].channels))
        if not is_good[0]:
            return None
        if kind in self._factors:
            table = table * self._factors[kind]
        return Row(kind, table[0].tolist(), stamp_ns)
