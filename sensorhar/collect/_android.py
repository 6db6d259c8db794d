"""Sensors as Android names and orders them."""

from __future__ import annotations

import math
from typing import Any

from sensorhar.units import factor

__all__ = ["ANDROID_TYPES", "KINDS", "android_row"]

#: Android's names of what we call otherwise; each reading has three values, or more.
ANDROID_TYPES = {
    "accelerometer": "android.sensor.accelerometer",
    "linear_acceleration": "android.sensor.linear_acceleration",
    "gravity": "android.sensor.gravity",
    "gyroscope": "android.sensor.gyroscope",
    "magnetometer": "android.sensor.magnetic_field",
    "orientation": "android.sensor.rotation_vector",
    "barometer": "android.sensor.pressure",
    "heart_rate": "android.sensor.heart_rate",
}
KINDS = {android: kind for kind, android in ANDROID_TYPES.items()}


def android_row(kind: str, values: Any) -> list[float] | None:
    """Return the values of an Android sensor as we order them, in SI.

    Parameters
    ----------
    kind : str
        A key of :data:`ANDROID_TYPES`.
    values : Any
        What the message said; a list of numbers, where it was good.

    Returns
    -------
    list of float or None
        None where it was not.

    Examples
    --------
    >>> android_row("orientation", [0.0, 0.6, 0.0])
    [0.8, 0.0, 0.6, 0.0]
    """
    if not isinstance(values, list) or not 0 < len(values) < 20:
        return None
    if not all(
        isinstance(one, (int, float)) and not isinstance(one, bool) and abs(one) < 1e12
        for one in values
    ):
        return None
    row = [float(one) for one in values]
    if kind == "orientation":
        if len(row) < 3:
            return None
        rest = 1 - sum(one * one for one in row[:3])
        return [row[3] if len(row) > 3 else math.sqrt(max(rest, 0.0)), *row[:3]]
    if kind == "barometer":
        return [row[0] * factor("hPa", "Pa")]
    if kind == "heart_rate":
        return row[:1]
    return row[:3] if len(row) >= 3 else None
