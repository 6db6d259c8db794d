"""Columns with a name and a unit as sensors where they are some, else as derived."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.channel import Channel
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.errors import DataError
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._columns import Column, choose_columns, plain_name
from sensorhar.units import factor, si_unit_of

__all__ = ["add_named", "build_with", "derived_stream", "sensor_channels"]

#: Words for a unit that files of other fields use.
_UNITS = {
    "G": "g",  # of an accelerometer; of a magnetometer it stays gauss
    "meters per second squared": "m/s^2",
    "degrees per second": "deg/s",
    "radians per second": "rad/s",
    "deg/sec": "deg/s",
    "d/s": "deg/s",
}

#: What three columns called just x, y and z are, by their SI unit.
_BY_UNIT = {"m/s^2": "acc", "rad/s": "gyr", "uT": "mag"}


def add_named(
    builder: RecordingBuilder,
    names: Sequence[str],
    units: Sequence[str],
    values: NDArray[Any],
    times: NDArray[np.float64],
    *,
    hint: str = "",
    place: str = "",
    prefix_place: bool = False,
    has_gravity: bool | None = None,
    rate_hz: float | None = None,
) -> list[int]:
    """Add the columns that are sensors; return the indices of the others.

    ``hint`` says what columns named just x, y and z are, or else their unit does.
    Columns called ax ay az gx gy gz are an accelerometer and a gyroscope. Units that
    are unknown leave it to the size of the readings.
    """
    groups: dict[tuple[str, str], list[tuple[int, Column]]] = {}
    rest = []
    for i, column in enumerate(_sensor_columns(names, units, hint)):
        if column is None:
            rest.append(i)
            continue
        group = groups.setdefault((column.place, column.sensor.kind), [])
        if any(other.channel == column.channel for _, other in group):
            rest.append(i)
        else:
            group.append((i, column))
    for (own_place, kind), group in groups.items():
        group = sorted(
            group, key=lambda pair: pair[1].sensor.channels.index(pair[1].channel)
        )
        table = np.empty((len(values), len(group)))
        is_known = True
        for j, (i, column) in enumerate(group):
            scale = _scale(units[i], column)
            is_known &= scale is not None
            table[:, j] = values[:, i] * (1.0 if scale is None else scale)
        builder.add(
            kind,
            table,
            times,
            is_unit_known=is_known,
            place=own_place or place,
            has_gravity=has_gravity if kind == "accelerometer" else None,
            prefix_place=prefix_place or bool(own_place),
            rate_hz=rate_hz,
            channels=[column.channel for _, column in group],
        )
    return rest


def sensor_channels(
    names: Sequence[str], units: Sequence[str], hint: str = ""
) -> set[str]:
    """Return the channels of sensors that columns would become."""
    columns = _sensor_columns(names, units, hint)
    return {column.name for column in columns if column is not None}


def derived_stream(
    names: Sequence[str],
    units: Sequence[str],
    values: NDArray[Any],
    times: NDArray[np.float64],
    named: str,
    *,
    place: str = "",
    rate_hz: float | None = None,
) -> Stream:
    """Return columns that are no sensor of ours; unknown units become "1"."""
    channels: list[Channel] = []
    table = np.array(values, dtype=np.float64)
    for i, (name, unit) in enumerate(zip(names, units, strict=True)):
        try:
            si_unit = si_unit_of(unit)
            table[:, i] *= factor(unit, si_unit)
        except ValueError:
            si_unit = "1"
        used = {channel.name for channel in channels}
        plain = plain_name(name) or f"channel_{i + 1}"
        if plain in used:
            plain = f"{plain}_{i + 1}"
        channels.append(Channel(plain, si_unit, "derived", place))
    try:
        return Stream(table, times, channels, rate_hz=rate_hz)
    except ValueError as error:
        raise DataError(f"{named}: {error}") from error


def build_with(
    builder: RecordingBuilder,
    derived: Sequence[Stream],
    *,
    name: str,
    subject: str | None,
    metadata: dict[str, str | int | float | bool],
) -> Recording:
    """Return the recording of sensors and derived streams on the same seconds."""
    if not derived:
        return builder.build(name=name, subject=subject, metadata=metadata)
    streams = list(derived)
    try:
        if not len(builder):
            return Recording(streams, name=name, subject=subject, metadata=metadata)
        recording = builder.build(name=name, subject=subject, metadata=metadata)
        return recording.with_streams([*recording.streams, *streams])
    except DataError:
        raise
    except ValueError as error:
        raise DataError(f"{builder.named}: {error}") from error


def _sensor_columns(
    names: Sequence[str], units: Sequence[str], hint: str
) -> list[Column | None]:
    """Return the sensor channel that each column is, if it is one."""
    columns = [
        _sensor_column(name, hint or _prefix_of(unit))
        for name, unit in zip(names, units, strict=True)
    ]
    if any(columns):
        return columns
    try:
        short = choose_columns(tuple(names), None, "", None)
    except DataError:
        return columns
    by_name = {column.header: column for column in short}
    return [by_name.get(name) for name in names]


def _prefix_of(unit: str) -> str:
    try:
        return _BY_UNIT.get(si_unit_of(_UNITS.get(unit.strip(), unit.strip())), "")
    except ValueError:
        return ""


def _sensor_column(name: str, hint: str) -> Column | None:
    plain = plain_name(name)
    if plain in ("x", "y", "z") and hint:
        name = f"{plain_name(hint)}_{plain}"
    try:
        return choose_columns((name,), None, "", None)[0]
    except DataError:
        return None


def _scale(unit: str, column: Column) -> float | None:
    """Return what turns a column into SI; None when the unit is not known."""
    text = unit.strip()
    if text != "G" or column.sensor.kind == "accelerometer":
        text = _UNITS.get(text, text)
    if not text:
        return None
    try:
        return factor(text, column.si_unit)
    except ValueError:
        return None
