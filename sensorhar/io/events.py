"""Labelled time intervals: text tables, and the files of annotation tools."""

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Literal

import numpy as np

from sensorhar._checks import check_choice
from sensorhar.data.events import Events
from sensorhar.io._event_table import read_event_table
from sensorhar.io._source import Source
from sensorhar.io._write import refuse_to_replace, write_whole
from sensorhar.io.geolife_plt import is_geolife_labels, read_geolife_labels
from sensorhar.io.labels_audacity import is_audacity, read_audacity
from sensorhar.io.labels_elan import is_elan, read_elan
from sensorhar.io.labels_label_studio import is_label_studio, read_label_studio

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
    track: str | None = None,
) -> Events:
    r"""Read events from a table, or from the file of an annotation tool.

    The format is told from the content: a table with a start, a stop and a label in
    each row, ELAN (``.eaf``), an Audacity label track, a Label Studio export, or the
    ``labels.txt`` of Geolife.

    Parameters
    ----------
    path : str or Path
        The file. In a table with a line of column names, a column ``score`` is read
        if there.
    time_base : {"recording", "unix"}, default="recording"
        Whether times count from the start of the recording or from 1970.
    start : datetime or None, default=None
        When the recording started, with a time zone; needed for Unix times. Pass
        ``recording.start``.
    start_column, stop_column, label_column : str
        Names of the columns; ``"start_s"``, ``"stop_s"`` and ``"label"`` by default,
        for which others that mean the same are taken where they are missing (``begin``
        or ``onset_ms``, ``end``, ``activity``; ``duration`` in place of a stop). A
        table of three columns needs no names.
    time_unit : {"s", "ms", "us", "ns", "iso"}, default="s"
        Unit of both columns, unless their names say one; "iso" is dates such as
        ``2026-09-01T12:00:00Z``, which count as Unix times.
    track : str or None, default=None
        Which labels of a file with several: the tier of an ELAN file, the id of a
        Label Studio task. None takes the only one.

    Returns
    -------
    Events
        In s from the start of the recording; none when the file has no rows.

    Raises
    ------
    DataError
        When a column is missing, or a row is no event.
    ValueError
        When Unix times come without the start of the recording, or the track must be
        chosen.

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
    source = Source(path)
    if is_elan(source) or is_audacity(source):
        if time_base == "unix":
            raise ValueError(
                f"times of {path.name} count from the start of its media; got "
                f"time_base={time_base!r}, time_unit={time_unit!r}. Leave both out, "
                "and move the events with events.shift(by_s)."
            )
        return read_elan(path, track=track) if is_elan(source) else read_audacity(path)
    if is_label_studio(source):
        return read_label_studio(path, track=track, start=start, time_unit=time_unit)
    if track is not None:
        raise ValueError(
            f"track chooses labels of an ELAN or Label Studio file; {path.name} is "
            f"neither, and got track={track!r}. Leave it out."
        )
    if is_geolife_labels(source):
        if start is None:
            raise ValueError(
                f"read_events needs the start of the recording to place the dates of "
                f"{path.name}; got start=None. Pass start=recording.start."
            )
        return read_geolife_labels(path, start=start)
    wanted = (start_column, stop_column, label_column)
    origin = start if time_base == "unix" else None
    return read_event_table(path, origin, wanted, time_unit)


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
