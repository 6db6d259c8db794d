"""Labelled time intervals as text tables."""

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar.data.events import Events
from sensorhar.errors import DataError
from sensorhar.io._columns import say_columns
from sensorhar.io._table import TextTable
from sensorhar.io._times import Stamps
from sensorhar.io._write import refuse_to_replace, write_whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_events", "write_events"]


def read_events(
    path: str | Path,
    *,
    time_base: Literal["recording", "unix"] = "recording",
    start: datetime | None = None,
    start_column: str = "start_s",
    stop_column: str = "stop_s",
    label_column: str = "label",
    time_unit: Literal["s", "ms", "us", "ns", "iso"] = "s",
) -> Events:
    r"""Read events from a table with a start, a stop and a label in each row.

    Parameters
    ----------
    path : str or Path
        A text file with a line of column names. A column ``score`` is read if there.
    time_base : {"recording", "unix"}, default="recording"
        Whether times count from the start of the recording or from 1970.
    start : datetime or None, default=None
        When the recording started, with a time zone; needed for Unix times. Pass
        ``recording.start``.
    start_column, stop_column, label_column : str
        Names of the columns; ``"start_s"``, ``"stop_s"`` and ``"label"`` by default.
    time_unit : {"s", "ms", "us", "ns", "iso"}, default="s"
        Unit of both columns; "iso" is dates such as ``2026-09-01T12:00:00Z``, which
        count as Unix times.

    Returns
    -------
    Events
        In s from the start of the recording; none when the file has no rows.

    Raises
    ------
    DataError
        When a column is missing, or a row is no event.
    ValueError
        When Unix times come without the start of the recording.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "anna_labels.csv"
    ...     _ = path.write_text("start_s,stop_s,label\n0,6,walking\n6,9,sitting\n")
    ...     read_events(path)
    <Events 2 in 9 s | sitting 1, walking 1>
    """
    path = Path(path)
    check_choice(time_base, "time_base", ["recording", "unix"])
    check_choice(time_unit, "time_unit", ["s", "ms", "us", "ns", "iso"])
    if time_unit == "iso":
        time_base = "unix"
    if time_base == "unix":
        if start is None:
            raise ValueError(
                "read_events needs the start of the recording to place Unix times; "
                "got start=None. Pass start=recording.start."
            )
        if start.tzinfo is None:
            raise ValueError(
                f"start must have a time zone; got {start!r}. Pass "
                "start=recording.start."
            )
    table = TextTable.open(path)
    wanted = [start_column, stop_column, label_column]
    missing = [name for name in wanted if name not in table.columns]
    if missing:
        raise DataError(
            f"{path.name} must have columns {say_columns(tuple(wanted))}; it has "
            f"{say_columns(table.columns)}. Name them with start_column=..., "
            "stop_column=... and label_column=..."
        )
    score = ["score"] * ("score" in table.columns and "score" not in wanted)
    frame = table.read(wanted[:2] + score)
    # Labels are read as text, else one called "null" or "NA" would count as missing.
    labels = table.read([label_column], as_text=True)[label_column]
    if not len(frame):
        return Events.empty()
    origin = start if time_base == "unix" else None
    begin, end = (
        _seconds(frame[name], f"column {name!r} of {path.name}", time_unit, origin)
        for name in wanted[:2]
    )
    try:
        return Events(
            begin,
            end,
            [str(label).strip() for label in labels],
            frame["score"].to_numpy(dtype=np.float64) if score else None,
        )
    except ValueError as error:
        raise DataError(f"{path.name}: {error}") from error


def write_events(events: Events, path: str | Path, *, overwrite: bool = False) -> Path:
    r"""Write events as a table with columns start_s, stop_s, label and score.

    Parameters
    ----------
    events : Events
        What to write; :func:`read_events` gives back the same, bit for bit.
    path : str or Path
        Where.
    overwrite : bool, default=False
        Whether a file of that name may be replaced.

    Returns
    -------
    Path
        Where it lies.

    Raises
    ------
    FileExistsError
        When the file exists and must not be replaced.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = write_events(Events([0], [1.5], ["walking"]), Path(folder) / "a.csv")
    ...     path.read_text()
    'start_s,stop_s,label,score\n0.0,1.5,walking,\n'
    """
    path = Path(path)
    refuse_to_replace(path, overwrite)
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["start_s", "stop_s", "label", "score"])
    for event in events:
        score = "" if np.isnan(event.score) else repr(event.score)
        rows.writerow([repr(event.start_s), repr(event.stop_s), event.label, score])
    write_whole(path, text.getvalue())
    return path


def _seconds(
    column: "pd.Series[Any]", source: str, unit: str, start: datetime | None
) -> NDArray[np.float64]:
    """Return a column of times in s from the start of the recording."""
    stamps = Stamps.of_column(column, unit, source)
    if start is None:
        return stamps.seconds()
    if not stamps.is_unix:
        raise DataError(
            f"{source} must hold Unix times, as time_base='unix' says; got "
            f"{column.iloc[0]!r} with time_unit={unit!r}. Pass the unit the file is "
            "in, or time_base='recording' if times count from its start."
        )
    return stamps.seconds_since(start)
