"""Apple's motion data in a table: userAcceleration and gravity in g, Apple's sign."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from sensorhar.io._app_table import AppTable
from sensorhar.io._builder import RecordingBuilder
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["GRAVITY", "RAW", "TURN", "USER", "Times", "add_apple"]

Times = NDArray[np.int64] | NDArray[np.float64]

#: Names in lower-case letters; apps put the framework's part in front, or not, and the
#: unit behind.
USER = "(motion|devicemotion)?useraccel(eration)?{axis}g?s?"
GRAVITY = "(motion|devicemotion)?grav(ity)?{axis}g?s?"
RAW = "(accelerometer)?accel(eration|erometer)?{axis}g?s?"
TURN = "(motion|devicemotion)?rotationrate{axis}(rads|radps|radpers)?"
RAW_TURN = "(gyro|gyroscope)(rotation|rotationrate)?{axis}(rads|radps|radpers)?"
FIELD = "(motion|devicemotion)?magneticfield(field)?{axis}(ut|microtesla)?"
RAW_FIELD = "(magnetometer|mag){axis}(ut|microtesla)?"


def add_apple(
    builder: RecordingBuilder,
    table: AppTable,
    *,
    place: str,
    motion: Times,
    accelerometer: Times | None = None,
    gyroscope: Times | None = None,
    magnetometer: Times | None = None,
) -> None:
    """Add what columns named after CoreMotion hold, turned to the Android frame.

    ``android = -9.80665 * (userAcceleration + gravity)``: both parts have Apple's
    sign, since they are two parts of what one accelerometer measures. The raw
    accelerometer is used where the parts are missing, the raw gyroscope and
    magnetometer likewise.
    """
    user, gravity = _values(table, USER), _values(table, GRAVITY)
    unit = STANDARD_GRAVITY
    if gravity is not None and _size(gravity) > 3:
        unit = 1.0  # an app has converted it to m/s^2; gravity is never 3 g
    has_total = user is not None and gravity is not None
    if user is not None and gravity is not None:
        total = -unit * (user + gravity)
        builder.add("accelerometer", total, motion, has_gravity=True, place=place)
    for kind, part in (("linear_acceleration", user), ("gravity", gravity)):
        if part is not None:
            builder.add(kind, -unit * part, motion, place=place)
    raw = None if has_total else _values(table, RAW)
    if raw is not None:
        unit = STANDARD_GRAVITY if _size(raw) < 3 else 1.0
        times = motion if accelerometer is None else accelerometer
        builder.add("accelerometer", -unit * raw, times, has_gravity=True, place=place)
    for kind, fused, bare, own in (
        ("gyroscope", TURN, RAW_TURN, gyroscope),
        ("magnetometer", FIELD, RAW_FIELD, magnetometer),
    ):
        values = _values(table, fused)
        times = motion
        if values is None or not np.nan_to_num(values).any():
            values = _values(table, bare)
            times = motion if own is None else own
        if values is not None and np.nan_to_num(values).any():
            builder.add(kind, values, times, place=place)


def _values(table: AppTable, pattern: str) -> NDArray[np.float64] | None:
    headers = table.axes(pattern, by_words=True)
    return None if headers is None else table.values(headers)


def _size(values: NDArray[np.float64]) -> float:
    size = np.linalg.norm(values, axis=1)
    size = size[np.isfinite(size)]
    return float(np.median(size)) if len(size) else 1.0
