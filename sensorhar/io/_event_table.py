"""Tables of labels: start, stop and label in each row, whatever they are called."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.events import Events
from sensorhar.errors import DataError
from sensorhar.io._columns import plain_name, say_columns, stated_unit
from sensorhar.io._source import Source
from sensorhar.io._table import TextTable, is_number, split_line
from sensorhar.io._times import TIME_UNITS, Stamps, unit_of_column

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["DEFAULTS", "read_event_table"]

#: Columns that are looked for unless others are named, and what else they are called.
DEFAULTS = ("start_s", "stop_s", "label")
_CALLED = {
    "start_s": ("start", "begin", "onset", "from", "start_time", "begin_time"),
    "stop_s": ("stop", "end", "offset", "to", "stop_time", "end_time"),
    "label": (
        "label",
        "activity",
        "event",
        "class",
        "annotation",
        "behavior",
        "behaviour",
    ),
}
_LENGTH = ("duration", "length")


def read_event_table(
    path: Path, origin: datetime | None, wanted: Sequence[str], time_unit: str
) -> Events:
    """Read a text table; times count from ``origin``, or from the recording's start."""
    columns = list(DEFAULTS) if _has_no_names(path) else None
    table = TextTable.open(path, columns=columns, is_exact=True)
    start, stop, label = (_find(table, name) for name in wanted)
    length = None
    if stop is None:
        length = stop = _called(table, _LENGTH)
    if start is None or stop is None or label is None:
        raise DataError(
            f"{path.name} must have columns {say_columns(tuple(wanted))}; it has "
            f"{say_columns(table.columns)}. Name them with start_column=..., "
            "stop_column=... and label_column=..."
        )
    score = ["score"] * ("score" in table.columns and "score" not in wanted)
    frame = table.read([start, stop, *score])
    # Labels are read as text, else one called "null" or "NA" would count as missing.
    labels = table.read([label], as_text=True)[label]
    if not len(frame):
        return Events.empty()
    begin = _seconds(frame[start], path.name, time_unit, origin)
    end = _seconds(frame[stop], path.name, time_unit, None if length else origin)
    try:
        return Events(
            begin,
            begin + end if length else end,
            [str(label).strip() for label in labels],
            frame["score"].to_numpy(dtype=np.float64) if score else None,
        )
    except ValueError as error:
        raise DataError(f"{path.name}: {error}") from error


def _has_no_names(path: Path) -> bool:
    """Return whether the first line is an event already, as in 0,6.5,walking."""
    lines = (line for line in Source(path).lines if line.strip())
    fields = split_line(next(lines, ""))
    return len(fields) == 3 and all(is_number(field) for field in fields[:2])


def _find(table: TextTable, name: str) -> str | None:
    """Return a column of that name; of a default one also by what it means."""
    if name in table.columns:
        return name
    return _called(table, _CALLED[name]) if name in _CALLED else None


def _called(table: TextTable, names: Sequence[str]) -> str | None:
    found = [header for header in table.columns if _without_unit(header) in names]
    if len(found) > 1:
        raise DataError(
            f"{table.name} must have one column for each of start, stop and label; "
            f"{say_columns(tuple(found))} look like the same. Choose with "
            "start_column=..., stop_column=... and label_column=..."
        )
    return found[0] if found else None


def _without_unit(header: str) -> str:
    name = plain_name(header)
    first, _, last = name.rpartition("_")
    return first if first and last in (*TIME_UNITS, "sec", "seconds") else name


def _seconds(
    column: pd.Series[Any], named: str, unit: str, origin: datetime | None
) -> NDArray[np.float64]:
    """Return a column of times in s from the start of the recording."""
    header = str(column.name)
    source = f"column {header!r} of {named}"
    if unit == "s":  # unless the column says another one
        said = unit_of_column(f"{plain_name(header)}_{stated_unit(header) or ''}")
        said = unit_of_column(plain_name(header)) if said == "auto" else said
        unit = unit if said == "auto" else said
    stamps = Stamps.of_column(column, unit, source)
    if origin is None:
        return stamps.seconds()
    if not stamps.is_unix:
        raise DataError(
            f"{source} must hold Unix times, as time_base='unix' says; got "
            f"{column.iloc[0]!r} with time_unit={unit!r}. Pass the unit the file is "
            "in, or time_base='recording' if times count from its start."
        )
    return stamps.seconds_since(origin)
