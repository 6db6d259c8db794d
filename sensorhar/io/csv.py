"""Tables of comma-separated values as recordings, columns chosen by name."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_positive
from sensorhar._words import listing
from sensorhar.data.recording import Recording
from sensorhar.errors import DataError
from sensorhar.io._columns import (
    Column,
    choose_columns,
    plain_name,
    say_columns,
    scale_of,
    stated_unit,
)
from sensorhar.io._streams import sensor_stream
from sensorhar.io._table import TextTable
from sensorhar.io._times import Stamps, is_time_column, unit_of_column
from sensorhar.io._write import refuse_to_replace, write_whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_csv", "write_csv"]

TimeUnit = Literal["s", "ms", "us", "ns", "iso", "auto"]


def read_csv(
    path: str | Path,
    *,
    time: str | None = None,
    time_unit: TimeUnit = "auto",
    channels: Mapping[str, str] | None = None,
    units: Mapping[str, str] | None = None,
    place: str = "",
    has_gravity: bool | None = None,
    subject: str | None = None,
    name: str | None = None,
    rate_hz: float | None = None,
    delimiter: str | None = None,
    decimal: str | None = None,
) -> Recording:
    r"""Read one recording from a table with a line of column names.

    Columns are found by name, never by position. Delimiter, decimal comma, encoding
    and gzip are found out. Each sensor becomes a Stream; rows where all its columns
    are empty are left out, so that each stream keeps its own clock::

        t_ms  acc_x  acc_y  acc_z  lat_deg  lon_deg
        0     0.01   0.02   1.00   49.01    8.40        accelerometer  0, 10, 20 ms
        10    0.02   0.01   0.99                   -->  gps            0 ms
        20    0.01   0.03   1.01

    Parameters
    ----------
    path : str or Path
        A text file, gzipped or not.
    time : str or None, default=None
        Name of the time column. None takes the one that is called time, timestamp,
        t or the like, with or without a unit: ``t_ms``, ``time (ns)``.
    time_unit : {"s", "ms", "us", "ns", "iso", "auto"}, default="auto"
        Unit of the times. "iso" is dates such as ``2026-09-01T12:00:00Z``; those
        without a zone count as UTC. "auto" asks the column's name, then the numbers.
    channels : mapping of str to str, or None, default=None
        Column in the file to channel name, such as ``{"ax": "acc_x"}``, with the
        place before it if there are several: ``"wrist_acc_x"``. None takes the
        columns named so already, also as ``Accelerometer.X`` or ``gyroX``.
    units : mapping of str to str, or None, default=None
        Unit of a sensor (``{"acc": "g"}``) or a single channel (``{"speed_mps":
        "km/h"}``); converted to SI. Where nothing is said, the unit in brackets in
        the column's name counts, and else SI.
    place : str, default=""
        Where on the body, for channels whose names do not say so.
    has_gravity : bool or None, default=None
        Whether accelerometers include gravity. None tells it from the readings.
    subject : str or None, default=None
        Who wore the sensors.
    name : str or None, default=None
        Name of the recording. None takes the file's name without its ending.
    rate_hz : float or None, default=None
        Nominal rate in Hz of all sensors in the file. Without a time column the
        rows are numbered with it.
    delimiter, decimal : str or None, default=None
        Sign between fields and before fractions. None finds out.

    Returns
    -------
    Recording
        In SI. Times that count from 1970 start at 0, and ``start`` says when that was;
        other times stay as they are.

    Raises
    ------
    DataError
        When the file is no such table, a column is missing, numbers are not numbers,
        times repeat or go backwards, or nothing is left.
    ValueError
        When a channel or unit is unknown.

    Warns
    -----
    UnitWarning
        When readings look like another unit than the one stated.
    SensorharWarning
        When it stays open whether gravity is included; then it counts as included.

    See Also
    --------
    sensorhar.read_events : labels beside a recording.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> rows = "".join(f"{20 * i},0.0,0.0,1.0\n" for i in range(100))
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "anna.csv"
    ...     _ = path.write_text("t_ms,ax,ay,az\n" + rows)
    ...     recording = read_csv(path, time="t_ms", time_unit="ms", units={"acc": "g"},
    ...         channels={"ax": "acc_x", "ay": "acc_y", "az": "acc_z"})
    >>> recording
    <Recording 'anna' | 1.98 s | acc_x acc_y acc_z 50 Hz | no events>
    """
    path = Path(path)
    if rate_hz is not None:
        check_positive(rate_hz, "rate_hz", "Hz")
    table = TextTable.open(path, delimiter, decimal)
    time = _find_time(table, time, rate_hz)
    columns = choose_columns(table.columns, channels, path.name, time)
    scales = _scales(columns, units or {}, path.name)
    wanted = [column.header for column in columns]
    frame = table.read(wanted if time is None else list(dict.fromkeys([time, *wanted])))
    if not len(frame):
        raise DataError(
            f"{path.name} must hold rows below its column names; it holds none. "
            "Export it again."
        )
    start = None
    if time is None:
        assert rate_hz is not None  # _find_time has seen to it
        times: NDArray[np.float64] = np.arange(len(frame)) / rate_hz
    else:
        times, start = _times(frame[time], time, time_unit, path.name)
    groups: dict[tuple[str, str], list[tuple[Column, float]]] = {}
    for column, scale in zip(columns, scales, strict=True):
        key = (column.place, column.sensor.kind)
        groups.setdefault(key, []).append((column, scale))
    streams = [
        sensor_stream(frame, times, group, place, has_gravity, rate_hz, path.name)
        for group in groups.values()
    ]
    found = [stream for stream in streams if stream is not None]
    if not found:
        raise DataError(
            f"{path.name} must hold readings; columns {say_columns(tuple(wanted))} are "
            "empty in every row. Choose others with channels={...}."
        )
    return Recording(
        found, name=_stem(path) if name is None else name, subject=subject, start=start
    )


def write_csv(
    recording: Recording, path: str | Path, *, overwrite: bool = False
) -> Path:
    """Write the readings of a recording as a table that ``read_csv`` reads again.

    Times and readings come back bit for bit, in SI. Events, subject, places that the
    channel names do not say, and the gravity flag are not in the table: use
    :meth:`sensorhar.Recording.save` to keep everything.

    Parameters
    ----------
    recording : Recording
        What to write.
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
    >>> import sensorhar as sh
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> recording = sh.simulate_recordings(1, random_state=0)[0]
    >>> with TemporaryDirectory() as folder:
    ...     same = read_csv(write_csv(recording, Path(folder) / "anna.csv"))
    >>> same.channel_names == recording.channel_names
    True
    """
    path = Path(path)
    refuse_to_replace(path, overwrite)
    write_whole(path, recording.to_frame().to_csv(lineterminator="\n"))
    return path


def _stem(path: Path) -> str:
    """Return the file's name without .csv or .csv.gz."""
    stem = path.name
    while Path(stem).suffix.lower() in (".csv", ".tsv", ".txt", ".gz"):
        stem = Path(stem).stem
    return stem


def _find_time(table: TextTable, time: str | None, rate_hz: float | None) -> str | None:
    """Return the time column; None when rows are numbered by their rate."""
    named = table.path.name
    if time is not None:
        if time not in table.columns:
            raise DataError(
                f"time must be a column of {named}, which are "
                f"{say_columns(table.columns)}; got {time!r}."
            )
        return time
    found = [header for header in table.columns if is_time_column(plain_name(header))]
    if len(found) == 1:
        return found[0]
    if found:
        raise DataError(
            f"{named} must have one column of times; {say_columns(tuple(found))} look "
            "like it. Choose one with time=..."
        )
    if rate_hz is not None:
        return None
    raise DataError(
        f"{named} must have a column of times, such as time_s; it has "
        f"{say_columns(table.columns)}. Name it with time=..., or pass rate_hz=... if "
        "rows follow each other regularly."
    )


def _times(
    column: "pd.Series[Any]", header: str, unit: str, named: str
) -> tuple[NDArray[np.float64], datetime | None]:
    """Return seconds, and the moment of 0 when times count from 1970."""
    source = f"time column {header!r} of {named}"
    if unit == "auto":
        said = stated_unit(header)
        unit = unit_of_column(plain_name(header) + (f"_{said}" if said else ""))
    stamps = Stamps.of_column(column, unit, source)
    if stamps.is_unix:
        return stamps.seconds_since_first(), stamps.start
    return stamps.seconds(), None


def _scales(
    columns: Sequence[Column], units: Mapping[str, str], named: str
) -> list[float]:
    pairs = [scale_of(column, units, named) for column in columns]
    unused = set(units) - {key for _, key in pairs}
    if unused:
        prefixes = {column.sensor.prefix for column in columns}
        raise ValueError(
            f"units must name sensors or channels of {named}, which has "
            f"{listing(prefixes)}; got {listing(unused)}, which say nothing more."
        )
    return [scale for scale, _ in pairs]
