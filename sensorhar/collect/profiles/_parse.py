"""From the tables of a TOML file to a profile."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from sensorhar.collect.profiles._parse_layout import parse_layout, parse_lines
from sensorhar.collect.profiles._table import Table
from sensorhar.collect.profiles.heart_rate import HeartRateDecoder
from sensorhar.collect.profiles.line_decoder import LineDecoder
from sensorhar.collect.profiles.location import LocationDecoder
from sensorhar.collect.profiles.movesense import MovesenseDecoder
from sensorhar.collect.profiles.polar import PMD_FACTORS, PolarDecoder
from sensorhar.collect.profiles.polar_control import PolarControlDecoder
from sensorhar.collect.profiles.profile import (
    Characteristic,
    Command,
    Decoder,
    Profile,
)
from sensorhar.collect.profiles.running import RunningDecoder
from sensorhar.collect.profiles.struct_decoder import StructDecoder
from sensorhar.collect.profiles.wit_motion import WitMotionDecoder
from sensorhar.errors import DataError

#: What 16-bit UUIDs are short for (Bluetooth Core 5.4, volume 3, part B, 2.5.1).
_BASE = "0000{}-0000-1000-8000-00805f9b34fb"
_BATTERY_LEVEL = _BASE.format("2a19")

#: Scripts go to a serial port over Bluetooth in pieces that any connection takes.
_N_PIECE = 20

_UUID = "a UUID of 4 or 36 characters, such as '180d'"


def parse_profile(
    content: dict[str, Any], where: str, name: str, place: str
) -> Profile:
    """Return the profile that the content of a file describes."""
    top = Table(content, where)
    name = top.text("name", name)
    description = top.text("description", "")
    place = place or top.text("place", "")
    top.text("place", "")
    services = tuple(_uuid(top, "service", text) for text in top.one_or_many("service"))
    parts = top.tables("characteristic")
    by_uuid: dict[str, list[Table]] = {}
    for part in parts:
        by_uuid.setdefault(
            _uuid(part, "uuid", part.text("uuid", what=_UUID)), []
        ).append(part)
    characteristics = tuple(
        Characteristic(uuid, _decoder(group, place)) for uuid, group in by_uuid.items()
    )
    profile = Profile(
        name,
        services,
        characteristics,
        _commands(top, "start"),
        _commands(top, "stop"),
        _BATTERY_LEVEL if top.flag("battery", False) else None,
        description,
    )
    top.done()
    return profile


def _uuid(table: Table, key: str, text: str) -> str:
    text = text.lower()
    if re.fullmatch("[0-9a-f]{4}", text):
        return _BASE.format(text)
    if not re.fullmatch("[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", text):
        raise table.wrong(key, _UUID)
    return text


def _commands(top: Table, key: str) -> tuple[Command, ...]:
    commands = []
    for row in top.tables(key, is_needed=False):
        uuid = _uuid(row, "uuid", row.text("uuid", what=_UUID))
        given = [each for each in ("hex", "text", "script") if row.has(each)]
        if len(given) != 1:
            raise DataError(
                f"{row.where}: one of hex, text and script must say what to write; got "
                f"{', '.join(given) or 'none'}."
            )
        if given == ["hex"]:
            payloads = [row.bytes("hex")]
        elif given == ["text"]:
            payloads = [row.text("text").encode()]
        else:
            data = row.text("script").encode()
            pieces = range(0, len(data), _N_PIECE)
            payloads = [data[start : start + _N_PIECE] for start in pieces]
        row.done()
        commands += [Command(uuid, payload) for payload in payloads]
    return tuple(commands)


def _decoder(parts: list[Table], place: str) -> Callable[[], Decoder]:
    """Return what makes the decoder of one characteristic."""
    kind = parts[0].choice("decoder", ["struct", *_DECODERS], "struct")
    if kind == "struct":
        layouts = [parse_layout(part, place) for part in parts]
        tags = [layout.tag for layout in layouts]
        if len(set(tags)) < len(tags):
            got = ", ".join(repr(tag.hex(" ")) for tag in tags)
            raise DataError(
                f"{parts[-1].where}: characteristics of the same uuid must have a tag "
                f"each, and all different; got {got}."
            )
        return lambda: StructDecoder(layouts)
    if len(parts) > 1:
        raise DataError(
            f"{parts[1].where}: only characteristics of layouts may share a uuid; got "
            f"decoder {kind!r} in another."
        )
    maker = _DECODERS[kind](parts[0], place)
    parts[0].done()
    return maker


def _lines(part: Table, place: str) -> Callable[[], Decoder]:
    layout = parse_lines(part, place)
    return lambda: LineDecoder(layout)


def _polar(part: Table, place: str) -> Callable[[], Decoder]:
    rates_hz, factors = _by_sensor(part, "rates_hz"), _by_sensor(part, "factors")
    return lambda: PolarDecoder(rates_hz, factors=factors, place=place)


def _polar_control(part: Table, place: str) -> Callable[[], Decoder]:
    factors = _by_sensor(part, "factors")
    return lambda: PolarControlDecoder(factors)


def _by_sensor(part: Table, key: str) -> dict[str, float]:
    """Return numbers by the kinds of sensors that Polar has."""
    table = part.table(key)
    found = {} if table is None else {k: table.number(k) for k in PMD_FACTORS}
    if table is not None:
        table.done()
    return {kind: number for kind, number in found.items() if number is not None}


def _movesense(part: Table, place: str) -> Callable[[], Decoder]:
    known = ("accelerometer", "gyroscope", "magnetometer")
    sensors = part.texts("sensors")
    if not set(sensors) <= set(known) or len(set(sensors)) < len(sensors):
        raise part.wrong("sensors", f"different ones of {', '.join(known)}")
    n_samples = part.count("n_samples", None, 128)
    rate_hz = part.number("rate_hz")
    if n_samples is None or rate_hz is None:
        missing = "n_samples" if n_samples is None else "rate_hz"
        raise part.wrong(missing, "a number above 0")
    return lambda: MovesenseDecoder(
        sensors, n_samples=n_samples, rate_hz=rate_hz, place=place
    )


def _wit_motion(part: Table, place: str) -> Callable[[], Decoder]:
    rate_hz = part.number("rate_hz")
    return lambda: WitMotionDecoder(rate_hz, place=place)


def _heart_rate(part: Table, place: str) -> Callable[[], Decoder]:
    return lambda: HeartRateDecoder(place)


def _running(part: Table, place: str) -> Callable[[], Decoder]:
    return lambda: RunningDecoder(place)


def _location(part: Table, place: str) -> Callable[[], Decoder]:
    return lambda: LocationDecoder(place)


#: What ``decoder = "..."`` in a file stands for. A layout that no struct describes is a
#: file beside this one and a line here.
_DECODERS: Mapping[str, Callable[[Table, str], Callable[[], Decoder]]] = {
    "heart_rate": _heart_rate,
    "lines": _lines,
    "location": _location,
    "movesense": _movesense,
    "polar": _polar,
    "polar_control": _polar_control,
    "running": _running,
    "wit_motion": _wit_motion,
}
