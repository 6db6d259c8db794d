"""What a phyphox experiment measures, and what its answers hold."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.collect._receiver import rows_to_table
from sensorhar.sensors import SENSORS
from sensorhar.units import factor

__all__ = ["Input", "Pauses", "Seen", "find_inputs", "spread"]

#: Sensors as phyphox names them (its SensorInput.java), and their outputs.
_AXES = ("x", "y", "z")
_SOURCES = {
    "accelerometer": ("accelerometer", _AXES),
    "linear_acceleration": ("linear_acceleration", _AXES),
    "gravity": ("gravity", _AXES),
    "gyroscope": ("gyroscope", _AXES),
    "magnetic_field": ("magnetometer", _AXES),
    "pressure": ("barometer", ("x",)),
    "location": ("gps", ("lat", "lon", "z", "v", "dir", "accuracy")),
}
_NEEDED = {"location": ("lat", "lon")}

#: No experiment has more sensors.
MAX_INPUTS = 20


@dataclass(frozen=True)
class Input:
    """One sensor of an experiment: names of its buffers ("" where it has none)."""

    kind: str
    time: str
    columns: tuple[str, ...]

    @property
    def buffers(self) -> tuple[str, ...]:
        """Names of all its buffers, time first."""
        return (self.time, *(column for column in self.columns if column))

    def rows(
        self, answer: Mapping[str, Any]
    ) -> tuple[NDArray[np.float64], NDArray[np.float64]] | None:
        """Return (times, values) that an answer of ``/get`` holds; None if broken."""
        columns: dict[str, list[Any]] = {}
        for name in self.buffers:
            buffer = answer.get(name)
            found = buffer.get("buffer") if isinstance(buffer, dict) else None
            if not isinstance(found, list):
                return None
            columns[name] = found
        n_rows = min(len(column) for column in columns.values())
        nothing = [None] * n_rows
        # A moment of several buffers: a longer one has only values more at its end.
        raw = zip(
            columns[self.time][:n_rows],
            *(columns[c][:n_rows] if c else nothing for c in self.columns),
            strict=True,
        )
        table, is_good = rows_to_table(list(raw), 1 + len(self.columns))
        table = table[is_good & np.isfinite(table[:, 0])]
        times, values = table[:, 0], table[:, 1:]
        if self.kind == "barometer":
            values = values * factor("hPa", "Pa")
        if self.kind == "gps":
            values[:, 3:][values[:, 3:] < 0] = np.nan
        return times, values


@dataclass(frozen=True)
class Seen:
    """What has come of one sensor: the last time, and how many values had it."""

    time_s: float
    n_values: int

    @property
    def since_s(self) -> float:
        """What to ask for, so that none of the last time is left out.

        The app adds one of the last of eight digits to what it is asked.
        """
        return self.time_s - 2 * resolution(self.time_s)

    def is_new(self, times_s: NDArray[np.float64]) -> NDArray[np.bool_]:
        """Return which values, in the order in which they were taken, are new."""
        is_last = times_s == self.time_s
        is_more = is_last & (is_last.cumsum() > self.n_values)
        return np.asarray((times_s > self.time_s) | is_more)

    def and_then(self, times_s: NDArray[np.float64]) -> Seen:
        """Return what has been seen with some more."""
        last_s = float(times_s[-1])
        n_values = int((times_s == last_s).sum())
        return Seen(last_s, n_values + self.n_values * (last_s == self.time_s))


@dataclass(frozen=True)
class Pauses:
    """When the stretches of an experiment began, in its own and in real time.

    ``/time`` tells it; the experiment's time stands still between them.
    """

    begins_s: tuple[float, ...] = (0.0,)
    real_s: tuple[float, ...] = (0.0,)

    @classmethod
    def of(cls, answer: Any) -> Pauses | None:
        """Return what an answer of ``/time`` says; None if it is broken."""
        if not isinstance(answer, list):
            return None
        starts = []
        for event in answer:
            if not isinstance(event, dict) or event.get("event") != "START":
                continue
            pair = event.get("experimentTime"), event.get("systemTime")
            table, is_good = rows_to_table([pair], 2)
            if not is_good[0] or not (np.abs(table) < 1e12).all():
                return None
            starts.append((float(table[0, 0]), float(table[0, 1])))
        if not starts or starts != sorted(starts):
            return None
        begins, real = zip(*starts, strict=True)
        return cls(begins, real)

    def real_ns(self, times_s: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return moments of the experiment in ns since 1970 by the phone's clock."""
        begins = np.array(self.begins_s)
        part = np.clip(np.searchsorted(begins, times_s, side="right") - 1, 0, None)
        # Whole numbers keep what a float since 1970 has no room for.
        base_ns = np.round(np.array(self.real_s) * 1e9).astype(np.int64)
        since_ns = np.round((times_s - begins[part]) * 1e9).astype(np.int64)
        return np.asarray(base_ns[part] + since_ns)


def find_inputs(config: Any) -> list[Input] | None:
    """Return the sensors that an answer of ``/config`` names; None if broken."""
    inputs = config.get("inputs") if isinstance(config, dict) else None
    if not isinstance(inputs, list):
        return None
    found: list[Input] = []
    for one in inputs[:MAX_INPUTS]:
        source = one.get("source") if isinstance(one, dict) else None
        outputs = one.get("outputs") if isinstance(one, dict) else None
        if not isinstance(source, str) or not isinstance(outputs, list):
            continue
        if source not in _SOURCES:
            continue
        names: dict[str, str] = {}
        for output in outputs:
            if isinstance(output, dict):
                names |= {k: v for k, v in output.items() if isinstance(v, str)}
        kind, wanted = _SOURCES[source]
        needed = (*_NEEDED.get(source, wanted), "t")
        if all(names.get(key) for key in needed):
            columns = tuple(names.get(key, "") for key in wanted)
            assert len(columns) == len(SENSORS[kind].channels)
            if kind not in {other.kind for other in found}:
                found.append(Input(kind, names["t"], columns))
    return found


def resolution(time_s: float) -> float:
    """Return the last of the eight digits in which phyphox tells a time, in s."""
    return float(10.0 ** (math.floor(math.log10(abs(time_s))) - 7)) if time_s else 0.0


def spread(times_s: NDArray[np.float64], n_before: int = 0) -> NDArray[np.float64]:
    """Put samples whose times were rounded to one side by side, in their order.

    ``n_before`` of the first time have come before; the k-th of a time is put k / (k +
    1) of the last digit further, whatever is still to come.
    """
    _, first, counts = np.unique(times_s, return_index=True, return_counts=True)
    if not n_before and counts.max() == 1:
        return times_s
    number = np.arange(len(times_s)) - np.repeat(first, counts)
    number[: counts[0]] += n_before
    step = np.repeat([resolution(time_s) for time_s in times_s[first]], counts)
    return np.asarray(times_s + step * number / (number + 1))
