"""What a phone page may say, checked: JSON text becomes small frozen objects."""

import json
import math
import re
from dataclasses import dataclass
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray

from sensorhar.signal.quaternion import quaternion_product

__all__ = [
    "WIRE",
    "BadMessageError",
    "Batch",
    "Hello",
    "Pong",
    "Rows",
    "decode",
    "parse",
    "snake_word",
    "to_sensor",
]

#: Sensors as the page names them: the kind they become, and numbers a row.
WIRE = {
    "accelerometer": ("accelerometer", 3),  # m/s^2, with gravity
    "gyroscope": ("gyroscope", 3),  # rad/s: Generic Sensor API
    "rotation_rate": ("gyroscope", 3),  # deg/s: devicemotion
    "magnetometer": ("magnetometer", 3),  # uT
    "orientation": ("orientation", 4),  # x y z w: Generic Sensor API
    "euler": ("orientation", 3),  # alpha beta gamma, deg: deviceorientation
    "gps": ("gps", 6),  # in the order of SENSORS["gps"]
}
#: A batch of the page holds 0.2 s; ten seconds of four sensors at 1 kHz is far above.
MAX_ROWS = 40_000
#: Seconds of readings that a page may have kept for us: a day.
MAX_AGE_S = 86_400.0
#: Readings stamped later than their own message, in s: browsers round their clocks.
MAX_AHEAD_S = 0.2
#: Bigger numbers are no readings; they also keep float32 files finite.
MAX_NUMBER = 1e12
MAX_WORD = 40


class BadMessageError(ValueError):
    """A message that no page of ours sends."""


@dataclass(frozen=True)
class Hello:
    """The first message of a connection."""

    phone: str
    session: str
    first: int
    platform: str
    agent: str


@dataclass(frozen=True)
class Pong:
    """The answer to a ping."""

    number: int
    page_s: float


@dataclass(frozen=True)
class Rows:
    """Readings of one sensor: the number of the first since the page was opened."""

    wire: str
    first: int
    time_s: NDArray[np.float64]
    values: NDArray[np.float64]
    n_bad: int


@dataclass(frozen=True)
class Batch:
    """What a page collected since its last batch."""

    number: int
    page_s: float
    rows: tuple[Rows, ...]
    labels: tuple[tuple[float, str], ...]
    battery_percent: float | None


def decode(text: str) -> dict[str, Any]:
    """Read JSON strictly: one object, no NaN, no infinity.

    Raises
    ------
    BadMessageError
        When the text is anything else.
    """
    try:
        found = json.loads(text, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise BadMessageError(f"a message must be JSON; got {text[:40]!r}.") from error
    if not isinstance(found, dict):
        raise BadMessageError(f"a message must be an object; got {text[:40]!r}.")
    return found


def parse(message: dict[str, Any]) -> Hello | Pong | Batch:
    """Check a decoded message.

    Raises
    ------
    BadMessageError
        When a field is missing or is not what the protocol says.
    """
    kind = message.get("type")
    if kind == "hello":
        return Hello(
            phone=_word(message, "phone"),
            session=_word(message, "session"),
            first=_count(message.get("first"), "first"),
            platform=_word(message, "platform"),
            agent=_text(message.get("agent", ""), "agent", 300),
        )
    page_s = _number(message.get("now_ms"), "now_ms") / 1000
    if kind == "pong":
        return Pong(_count(message.get("number"), "number"), page_s)
    if kind == "batch":
        return _batch(message, page_s)
    raise BadMessageError(f"type must be hello, pong or batch; got {kind!r}.")


def to_sensor(rows: Rows, platform: str) -> tuple[str, NDArray[np.float64]]:
    """Return the sensor kind and the readings in SI, in the axes of Android.

    iOS gives accelerations with the opposite sign on all three axes, its rotation
    rates and angles as everyone does (dorukeker/gyronorm.js, issue 54).
    """
    kind, _ = WIRE[rows.wire]
    values = rows.values
    if rows.wire == "accelerometer" and platform == "ios":
        values = -values
    elif rows.wire == "rotation_rate":
        values = np.radians(values)
    elif rows.wire == "orientation":
        values = values[:, [3, 0, 1, 2]]
    elif rows.wire == "euler":
        values = _quaternion_of(np.radians(values))
    if kind == "orientation":
        length = np.linalg.norm(values, axis=1, keepdims=True)
        is_turn = (length > 0.5) & (length < 2)
        safe = np.where(is_turn, length, 1)  # all zeros: the sensor has no idea yet
        values = np.where(is_turn, values / safe, np.nan)
    return kind, values


def snake_word(text: str) -> str:
    """Return a label as the library writes them, such as ``"walking_upstairs"``.

    Examples
    --------
    >>> snake_word("  Walking upstairs! ")
    'walking_upstairs'
    """
    return "_".join(re.findall(r"\w+", text.lower()))[:MAX_WORD]


def _quaternion_of(angles_rad: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn alpha, beta, gamma about z, then x', then y'' (W3C DeviceOrientation)."""
    turned: NDArray[np.float64] | None = None
    for column, axis in ((0, 3), (1, 1), (2, 2)):
        one = np.zeros((len(angles_rad), 4))
        one[:, 0] = np.cos(angles_rad[:, column] / 2)
        one[:, axis] = np.sin(angles_rad[:, column] / 2)
        turned = one if turned is None else quaternion_product(turned, one)
    assert turned is not None
    return turned


def _batch(message: dict[str, Any], page_s: float) -> Batch:
    number = _count(message.get("number"), "number")
    streams = message.get("streams", {})
    if not isinstance(streams, dict):
        raise BadMessageError("streams must be an object.")
    rows = tuple(_rows(wire, part, page_s) for wire, part in streams.items())
    presses = message.get("labels", [])
    if not isinstance(presses, list) or len(presses) > 1000:
        raise BadMessageError("labels must be a list of at most 1000.")
    labels = []
    for press in presses:
        if not isinstance(press, list) or len(press) != 2:
            raise BadMessageError("a label must be [time in ms, word].")
        time_s = _number(press[0], "time of a label") / 1000
        if not page_s - MAX_AGE_S <= time_s <= page_s + MAX_AHEAD_S:
            raise BadMessageError(f"a label's time is {time_s - page_s:g} s off.")
        labels.append((time_s, snake_word(_text(press[1], "label", 200))))
    battery = message.get("battery")
    percent = None if battery is None else 100 * _number(battery, "battery")
    if percent is not None and not 0 <= percent <= 100:
        raise BadMessageError(f"battery must lie in 0 to 1; got {battery!r}.")
    return Batch(number, page_s, rows, tuple(labels), percent)


def _rows(wire: str, part: Any, page_s: float) -> Rows:
    """Check the readings of one sensor; leave out rows whose time cannot be."""
    if wire not in WIRE:
        raise BadMessageError(f"no sensor is called {wire[:40]!r}.")
    if not isinstance(part, dict) or not isinstance(part.get("rows"), list):
        raise BadMessageError(f"{wire} must be an object with rows.")
    flat, width = part["rows"], 1 + WIRE[wire][1]
    if len(flat) % width or len(flat) > MAX_ROWS * width:
        raise BadMessageError(f"{wire} must have rows of {width} numbers.")
    if not set(map(type, flat)) <= {int, float, type(None)}:
        raise BadMessageError(f"{wire} must have numbers or null only.")
    try:
        table = np.array(flat, dtype=np.float64).reshape(-1, width)
    except OverflowError as error:  # an int of a thousand digits is valid JSON
        raise BadMessageError(f"{wire} has a number out of range.") from error
    time_s, values = table[:, 0] / 1000, table[:, 1:]
    with np.errstate(invalid="ignore"):
        is_good = (time_s >= page_s - MAX_AGE_S) & (time_s <= page_s + MAX_AHEAD_S)
        is_good &= ~(np.abs(values) > MAX_NUMBER).any(axis=1)
    is_good &= ~np.isnan(values).all(axis=1)
    return Rows(
        wire,
        _count(part.get("first"), "first"),
        time_s[is_good],
        values[is_good],
        int((~is_good).sum()),
    )


def _number(value: Any, name: str) -> float:
    is_number = type(value) in (int, float) and abs(value) <= 1e15
    if not is_number or not math.isfinite(value):
        raise BadMessageError(f"{name} must be a number; got {repr(value)[:40]}.")
    return float(value)


def _count(value: Any, name: str) -> int:
    if type(value) is not int or not 0 <= value < 2**53:
        raise BadMessageError(f"{name} must be a count; got {repr(value)[:40]}.")
    return int(value)


def _text(value: Any, name: str, n_max: int) -> str:
    if not isinstance(value, str):
        raise BadMessageError(f"{name} must be text; got {repr(value)[:40]}.")
    return "".join(c for c in value[:n_max] if c.isprintable())


def _word(message: dict[str, Any], name: str) -> str:
    value = message.get(name)
    if not isinstance(value, str) or not re.fullmatch(r"[A-Za-z0-9_-]{1,40}", value):
        raise BadMessageError(f"{name} must be one word; got {repr(value)[:40]}.")
    return value


def _refuse_constant(word: str) -> NoReturn:
    raise ValueError(f"{word} is not JSON")
