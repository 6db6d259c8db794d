"""What Sensor Logger's readings mean: sensors, axes and signs of phone and watch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar.collect._receiver import gps_row, rows_to_table
from sensorhar.collect._stamps import MAX_NS, as_ns
from sensorhar.io._sensor_logger_tables import KNOWN
from sensorhar.units import STANDARD_GRAVITY, factor

__all__ = ["Converter", "Readings", "Table", "by_sensor"]

_XYZ = ("x", "y", "z")
_FIX = ("latitude", "longitude", "altitude", "speed", "bearing", "horizontalAccuracy")
_WATCH_FIX = (*_FIX[:2], "ellipsoidalAltitude", *_FIX[3:])

#: Only one system sends these (UNITS.md); only Android tells an accuracy with a sensor.
_ANDROID_ONLY = {"totalacceleration", "locationgps", "locationnetwork"}
_IOS_ONLY = {"wristmotion", "watchlocation", "headphone"}
_MOTION = {"accelerometer", "gravity", "gyroscope", "magnetometer"}
_LOCATIONS = ("location", "locationgps", "locationfused", "locationnetwork")

#: Rows of one of two sensors that wait for the other's.
MAX_WAITING = 4000
#: After so many rows, fewer of them with a partner than this are not added up.
ENOUGH, SHARED = 200, 0.9

#: Readings by sensor: stamp, fields, and whether an accuracy stands beside them.
Readings = dict[str, list[tuple[int, dict[str, Any], bool]]]


def by_sensor(payload: list[Any]) -> tuple[Readings, int]:
    """Return the readings of known sensors, and how many are none."""
    readings: Readings = {}
    n_bad = 0
    for reading in payload:
        try:
            name, time, values = reading["name"], reading["time"], reading["values"]
            rows = readings.get(name)
        except (KeyError, TypeError):  # no object, no field, a name that is none
            n_bad += 1
            continue
        if rows is None:
            is_word = isinstance(name, str)
            if is_word and name.lower() not in KNOWN:
                continue
            rows = readings.setdefault(name, []) if is_word else None
        # Most stamps are whole numbers, and there are hundreds of thousands.
        stamp_ns = time if type(time) is int and 0 < time < MAX_NS else as_ns(time)
        if rows is None or type(values) is not dict or not stamp_ns:
            n_bad += 1
            continue
        rows.append((stamp_ns, values, "accuracy" in reading))
    found: Readings = {}
    for name, rows in readings.items():
        if rows:
            found.setdefault(name.lower(), []).extend(rows)
    return found, n_bad


@dataclass(frozen=True)
class Table:
    """Rows of one sensor in SI, in the Android frame."""

    kind: str
    values: NDArray[np.float64]
    stamps_ns: NDArray[np.int64]
    place: str | None = None  # None: where the phone is


@dataclass
class Converter:
    """Turn the readings of one session into tables, message by message.

    What is read instead of what (the sum of two sensors where there is no total, raw
    readings where there are no others) is as in
    :func:`sensorhar.io.read_sensor_logger`.
    """

    platform: Literal["android", "ios"] | None
    is_standardised: bool
    n_bad: int = 0
    is_guessed: bool = False
    _seen: set[str] = field(default_factory=set)
    _waiting: dict[str, dict[int, NDArray[np.float64]]] = field(
        default_factory=lambda: {"accelerometer": {}, "gravity": {}}
    )
    _n_alone: int = 0
    _n_added: int = 0

    def tables(self, readings: Readings) -> list[Table]:
        """Return what (stamp, values, has an accuracy) by sensor name hold."""
        self._seen |= set(readings)
        if self.platform is None:
            self._guess(readings)
        return [
            table
            for name, rows in readings.items()
            for table in self._one(name, [row[0] for row in rows], [r[1] for r in rows])
            if len(table.values)
        ] + list(self._sums())

    @property
    def _is_turned(self) -> bool:
        return self.platform == "ios" and not self.is_standardised

    @property
    def _sign(self) -> float:
        return -1.0 if self._is_turned else 1.0

    def _guess(self, readings: Readings) -> None:
        motion = [row for name in _MOTION & set(readings) for row in readings[name]]
        if self._seen & _ANDROID_ONLY or any(row[2] for row in motion):
            self.platform = "android"
        elif self._seen & _IOS_ONLY:
            self.platform = "ios"
        elif motion:
            self.platform, self.is_guessed = "android", True

    def _one(
        self, name: str, stamps: list[int], rows: Sequence[dict[str, Any]]
    ) -> Iterator[Table]:
        if name in ("accelerometer", "gravity"):
            kind = "linear_acceleration" if name == "accelerometer" else name
            values, times = self._columns(rows, stamps, _XYZ)
            values = values * self._sign
            yield Table(kind, values, times)
            if "totalacceleration" not in self._seen:
                waiting = self._waiting[name]
                waiting.update(zip(times.tolist(), values, strict=True))
        elif name == "totalacceleration":
            yield Table("accelerometer", *self._columns(rows, stamps, _XYZ))
        elif name == "accelerometeruncalibrated":
            if not ({"totalacceleration"} & self._seen or self._has_parts):
                scale = -STANDARD_GRAVITY if self._is_turned else 1.0
                values, times = self._columns(rows, stamps, _XYZ)
                yield Table("accelerometer", scale * values, times)
        elif name.removesuffix("uncalibrated") in ("gyroscope", "magnetometer"):
            kind = name.removesuffix("uncalibrated")
            if name == kind or kind not in self._seen:
                yield Table(kind, *self._columns(rows, stamps, _XYZ))
        elif name == "orientation":
            if not self._is_turned:  # Apple's angles count from another direction
                columns = ("qw", "qx", "qy", "qz")
                yield Table(name, *self._columns(rows, stamps, columns))
        elif name == "barometer":
            values, times = self._columns(rows, stamps, ("pressure",))
            yield Table(name, values * factor("hPa", "Pa"), times)
        elif name == "heartrate":
            yield Table("heart_rate", *self._columns(rows, stamps, ("bpm",)))
        elif name in _LOCATIONS:
            if name == next(n for n in _LOCATIONS if n in self._seen):
                yield Table("gps", *self._fixes(rows, stamps, _FIX))
        elif name == "watchlocation":
            yield Table("gps", *self._fixes(rows, stamps, _WATCH_FIX), "wrist")
        elif name == "wristmotion":
            yield from self._wrist(rows, stamps)

    @property
    def _has_parts(self) -> bool:
        return {"accelerometer", "gravity"} <= self._seen

    def _sums(self) -> Iterator[Table]:
        """Add acceleration and gravity of the same moment where there is no total."""
        lin, grav = self._waiting["accelerometer"], self._waiting["gravity"]
        if "totalacceleration" in self._seen:
            lin.clear()
            grav.clear()
        shared = sorted(lin.keys() & grav.keys())
        self._n_added += len(shared)
        if shared:
            total = np.array([lin.pop(at) + grav.pop(at) for at in shared])
            n_rows = self._n_added + self._n_alone
            if self._n_alone < ENOUGH or self._n_added > SHARED * n_rows:
                yield Table("accelerometer", total, np.array(shared, dtype=np.int64))
        for waiting in (lin, grav):
            while len(waiting) > MAX_WAITING:
                del waiting[next(iter(waiting))]
                self._n_alone += 1

    def _wrist(
        self, rows: Sequence[dict[str, Any]], stamps: list[int]
    ) -> Iterator[Table]:
        names = [f"{p}{a}" for p in ("acceleration", "gravity") for a in "XYZ"]
        values, times = self._columns(rows, stamps, names)
        if len(values):
            # The unit depends on a setting and the app's version; gravity tells it.
            size = np.linalg.norm(values[:, 3:], axis=1)
            size = size[np.isfinite(size)]
            in_g = len(size) > 0 and float(np.median(size)) < 3
            values = self._sign * (STANDARD_GRAVITY if in_g else 1.0) * values
            lin, grav = values[:, :3], values[:, 3:]
            yield Table("accelerometer", lin + grav, times, "wrist")
            yield Table("linear_acceleration", lin, times, "wrist")
            yield Table("gravity", grav, times, "wrist")
        names = [f"rotationRate{axis}" for axis in "XYZ"]
        if rows and names[0] in rows[0]:
            yield Table("gyroscope", *self._columns(rows, stamps, names), "wrist")

    def _columns(
        self, rows: Sequence[dict[str, Any]], stamps: list[int], names: Sequence[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        """Return some fields of all rows; those that are no numbers are counted."""
        raw = [[row.get(name) for name in names] for row in rows]
        table, is_good = rows_to_table(raw, len(names))
        is_good &= ~np.isnan(table).all(axis=1)
        self.n_bad += int((~is_good).sum())
        return table[is_good], np.array(stamps, dtype=np.int64)[is_good]

    def _fixes(
        self, rows: Sequence[dict[str, Any]], stamps: list[int], keys: Sequence[str]
    ) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
        fixes = [(gps_row(row, keys), at) for row, at in zip(rows, stamps, strict=True)]
        good = [(fix, at) for fix, at in fixes if fix is not None]
        self.n_bad += len(fixes) - len(good)
        table = np.array([fix for fix, _ in good], dtype=np.float64).reshape(-1, 6)
        return table, np.array([at for _, at in good], dtype=np.int64)
