"""From the tables of a TOML file to layouts of packets and of lines."""

from __future__ import annotations

from typing import Literal, cast

from sensorhar.collect.profiles._table import Table
from sensorhar.collect.profiles.fields import MAX_BYTES, Fields
from sensorhar.collect.profiles.line_decoder import LineLayout
from sensorhar.collect.profiles.sensor_map import SensorMap
from sensorhar.collect.profiles.struct_decoder import StructLayout
from sensorhar.data.channel import Channel
from sensorhar.errors import DataError
from sensorhar.sensors import SENSORS
from sensorhar.units import factor, si_unit_of


def parse_layout(part: Table, place: str) -> StructLayout:
    """Return one layout; all that cannot be is refused here, not when packets come."""
    part.choice("decoder", ["struct"], "struct")
    samples = _fields(part, "layout", "fields")
    header = (
        _fields(part, "header", "header_fields")
        if part.has("header")
        else Fields("", ())
    )
    for name in header.names:
        if name and name in samples.names:
            raise part.wrong("header_fields", f"other names than fields, not {name!r}")
    time = _count_field(part, "time", header, samples)
    sequence = _count_field(part, "sequence", header, samples)
    n_samples = _n_samples(part)
    rate_hz = part.number("rate_hz")
    time_of = part.choice("time_of", ["last", "first"], "last")
    if n_samples != 1:
        if sequence in samples.names:
            raise part.wrong(
                "sequence", "among header_fields where samples are several"
            )
        if time_of == "first" and (rate_hz is None or time in samples.names):
            raise part.wrong(
                "time_of", "'last', unless time is in the header and rate_hz is given"
            )
    tick_s = _tick_s(part, time)
    layout = StructLayout(
        samples,
        tuple(_sensors(part, samples.names, place)),
        part.bytes("tag", b""),
        header,
        n_samples,
        part.flag("trailing", False),
        time,
        tick_s,
        part.count("time_bits", None, 64),
        cast(Literal["last", "first"], time_of),
        sequence,
        rate_hz,
    )
    part.done()
    return layout


def parse_lines(part: Table, place: str) -> LineLayout:
    """Return the layout of lines."""
    columns = tuple(part.texts("columns"))
    if len(set(columns)) < len(columns):
        raise part.wrong("columns", "different names")
    names = {key: part.text(key, "") or None for key in ("time", "sequence")}
    for key, name in names.items():
        if name is not None and name not in columns:
            raise part.wrong(key, f"one of the columns {', '.join(columns)}")
    tick_s = _tick_s(part, names["time"])
    return LineLayout(
        columns,
        tuple(_sensors(part, columns, place)),
        part.text("prefix", ""),
        part.text("separator", ","),
        names["time"],
        tick_s,
        part.count("time_bits", None, 64),
        names["sequence"],
        part.count("sequence_bits", None, 64),
        part.number("rate_hz"),
    )


def _fields(part: Table, key: str, names_key: str) -> Fields:
    text, names = part.text(key, what="a layout, such as '<3h'"), part.texts(names_key)
    named = [name for name in names if name]
    if len(set(named)) < len(named):
        raise part.wrong(names_key, "different names")
    try:
        fields = Fields(text, names)
    except ValueError as error:
        raise DataError(f"{part.where}, {key}: {error}") from None
    if not fields.n_bytes:
        raise part.wrong(key, "a layout of at least one number")
    return fields


def _count_field(part: Table, key: str, header: Fields, samples: Fields) -> str | None:
    """Return the name of an integer field, if the key is there."""
    if not part.has(key):
        return None
    name = part.text(key)
    for fields in (header, samples):
        if name in fields.names and fields.n_bits(name):
            return name
    raise part.wrong(key, "the name of an integer field")


def _tick_s(part: Table, time: str | None) -> float:
    tick_s = part.number("tick_s")
    if (tick_s is None) != (time is None):
        expected = "the unit of the time in s, such as 0.001" if time else "left out"
        raise part.wrong("tick_s", f"{expected}, as time is {time!r}")
    return tick_s or 1e-3


def _n_samples(part: Table) -> int | None:
    key = "samples_per_packet"
    what = f"a whole number from 1 to {MAX_BYTES}, or 'any'"
    try:
        return part.count(key, 1, MAX_BYTES)
    except DataError:
        if part.text(key, what=what) != "any":
            raise part.wrong(key, what) from None
        return None


def _sensors(part: Table, names: tuple[str, ...], place: str) -> list[SensorMap]:
    sensors = []
    for row in part.tables("sensor"):
        sensors.append(_sensor(row, names, place))
        row.done()
    return sensors


def _sensor(row: Table, names: tuple[str, ...], place: str) -> SensorMap:
    """Return which fields a sensor takes, and their worth."""
    kind = row.choice("kind", [*SENSORS, "derived"], None)
    fields = row.texts("fields")
    for field in fields:
        if field and field not in names:
            raise row.wrong("fields", f"names out of {', '.join(filter(None, names))}")
    n = len(fields)
    if kind in SENSORS and n != len(SENSORS[kind].channels):
        expected = ", ".join(SENSORS[kind].channels)
        raise row.wrong(
            "fields", f"{len(SENSORS[kind].channels)} names, for {expected}"
        )
    scales = row.numbers("scale", n, 1.0)
    units = _units(row, kind, n)
    channels = None
    if kind == "derived":
        own = row.texts("names")
        if len(own) != n or len(set(own)) < n:
            raise row.wrong("names", f"{n} different names, one for each field")
        channels = tuple(
            Channel(name, si_unit_of(unit), place=place)
            for name, unit in zip(own, units, strict=True)
        )
    worth = [
        scale * factor(unit, si_unit_of(unit))
        for scale, unit in zip(scales, units, strict=True)
    ]
    columns = [names.index(field) if field else -1 for field in fields]
    axes = _axes(row, n)
    columns = [columns[source] for source, _ in axes]
    worth = [sign * worth[source] for source, sign in axes]
    has_gravity = row.flag("has_gravity", True) if kind == "accelerometer" else None
    return SensorMap(kind, tuple(columns), tuple(worth), channels, place, has_gravity)


def _units(row: Table, kind: str, n: int) -> list[str]:
    """Return the unit of each field, checked against the sensor's."""
    expected = SENSORS[kind].units if kind in SENSORS else None
    if not row.has("unit") and expected is not None:
        return list(expected)
    units = row.one_or_many("unit")
    units = units * n if len(units) == 1 else units
    if len(units) != n:
        raise row.wrong("unit", f"one unit, or a list of {n}")
    for i, unit in enumerate(units):
        try:
            si = si_unit_of(unit)
        except ValueError as error:
            raise DataError(f"{row.where}: {error}") from None
        if expected is not None and si != expected[i]:
            raise row.wrong(
                "unit", f"a unit of the {kind}, which is kept in {expected[i]}"
            )
    return units


def _axes(row: Table, n: int) -> list[tuple[int, float]]:
    """Return which field is along x, y and z, and which way it points."""
    if not row.has("axes"):
        return [(i, 1.0) for i in range(n)]
    axes = row.texts("axes")
    letters = [axis.lstrip("+-") for axis in axes]
    if (
        n != 3
        or sorted(letters) != ["x", "y", "z"]
        or any(len(axis) > 2 for axis in axes)
    ):
        raise row.wrong(
            "axes", "x, y and z in the order sent, such as ['y', '-x', 'z']"
        )
    return [("xyz".index(each[-1]), -1.0 if each[0] == "-" else 1.0) for each in axes]
