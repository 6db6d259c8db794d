"""Columns of numbers as the stream of one sensor."""

import warnings
from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.channel import Channel
from sensorhar.data.plausible import (
    guess_gravity,
    steady_magnitude,
    warn_if_implausible,
)
from sensorhar.data.stream import Stream
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._columns import Column

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["sensor_stream"]


def sensor_stream(
    frame: "pd.DataFrame",
    times: NDArray[np.float64],
    group: Sequence[tuple[Column, float]],
    place: str,
    has_gravity: bool | None,
    rate_hz: float | None,
    named: str,
) -> Stream | None:
    """Build the stream of one sensor at one place; None when it is empty."""
    sensor = group[0][0].sensor
    group = sorted(group, key=lambda pair: sensor.channels.index(pair[0].channel))
    values = np.stack(
        [_numbers(frame[column.header], named) * scale for column, scale in group],
        axis=1,
    )
    is_there = ~np.isnan(values).all(axis=1)
    if not is_there.any():
        return None
    if not is_there.all():
        values, times = values[is_there], times[is_there]
    is_acc = sensor.kind == "accelerometer"
    channels = [
        Channel(
            column.name,
            column.si_unit,
            sensor.kind,
            column.place or place,
            has_gravity is not False if is_acc else None,
        )
        for column, _ in group
    ]
    try:
        stream = Stream(values, times, channels, rate_hz=rate_hz)
    except ValueError as error:
        raise DataError(f"{named}: {error}") from error
    if is_acc and has_gravity is None:
        stream = _with_guessed_gravity(stream, named)
    warn_if_implausible(stream, named)
    return stream


def _numbers(column: "pd.Series[Any]", named: str) -> NDArray[np.float64]:
    if column.dtype.kind in "iuf":
        return column.to_numpy(dtype=np.float64)
    import pandas as pd

    is_bad = (pd.to_numeric(column, errors="coerce").isna() & column.notna()).to_numpy()
    first = int(is_bad.argmax())
    raise DataError(
        f"column {column.name!r} of {named} must hold numbers; got "
        f"{column.iloc[first]!r} in row {first + 1}. If it is a number, pass "
        "decimal=... or delimiter=...; mark lost readings by empty fields."
    )


def _with_guessed_gravity(stream: Stream, named: str) -> Stream:
    """Return the stream with the gravity flag its readings tell of."""
    is_whole = stream.n_channels == 3
    guess = guess_gravity(stream) if is_whole else None
    if guess is None:
        seen = f"{steady_magnitude(stream):.3g} m/s^2" if is_whole else "not known"
        warnings.warn(
            f"the accelerometer of {named!r} may or may not include gravity: its mean "
            f"over 2 s is {seen} where 9.8 (with) or 0 (without) is expected. It "
            "counts as included; pass has_gravity=True or False.",
            SensorharWarning,
            stacklevel=5,
        )
        return stream
    channels = [replace(channel, has_gravity=guess) for channel in stream.channels]
    return stream.with_values(stream.values, channels)
