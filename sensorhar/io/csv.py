"""Tables of comma-separated values as recordings, columns chosen by name."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_positive
from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.errors import DataError
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._columns import (
    Column,
    choose_columns,
    plain_name,
    say_columns,
    scale_of,
    stated_unit,
)
from sensorhar.io._marks import label_stretches
from sensorhar.io._table import N_CHUNK_ROWS, NOTHING, TextTable
from sensorhar.io._times import Stamps, is_time_column, unit_of_column
from sensorhar.io._write import refuse_to_replace, write_whole

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["read_csv", "write_csv"]

#: Rows that room is made for before any is read; a week at 100 Hz is 60 million.
MAX_ROWS_AT_FIRST = 100_000_000

TimeUnit = Literal["s", "ms", "us", "ns", "iso", "auto"]


@dataclass(frozen=True)
class _Scale:
    """What turns a column into SI, and whether anybody said so."""

    factor: float
    is_known: bool


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
    columns: Sequence[str] | None = None,
    label: str | None = None,
    repair: bool = True,
    exact: bool = False,
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
        columns named so already, also as ``Accelerometer.X`` or ``gyroX``, or else
        those of ``ax ay az gx gy gz mx my mz``.
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
    columns : sequence of str or None, default=None
        Names of all columns in order, for a file without a line of names.
    label : str or None, default=None
        Name of a column that says in each row what is being done; each stretch of
        rows with one word becomes an event.
    repair : bool, default=True
        Whether stamps that repeat, go backwards or come in bursts are repaired (see
        :func:`sensorhar.signal.repair_clock`); otherwise such a file is refused.
    exact : bool, default=False
        Whether numbers with more than 15 places are read to the last bit, at a third
        of the speed; otherwise what lies beyond the 16th place may be off.

    Returns
    -------
    Recording
        In SI. Times that count from 1970 start at 0, and ``start`` says when that was;
        other times stay as they are. ``metadata`` names the columns that were left
        out, and holds a report of each clock that was repaired.

    Raises
    ------
    DataError
        When the file is no such table, a column is missing, numbers are not numbers,
        a clock is beyond repair, or nothing is left.
    ValueError
        When a channel or unit is unknown.

    Warns
    -----
    UnitWarning
        When readings look like another unit than the one stated; where none is stated
        they are converted.
    ClockWarning
        When stamps were repaired.
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
    table = TextTable.open(path, delimiter, decimal, columns, is_exact=exact)
    time = _find_time(table, time, rate_hz)
    chosen = choose_columns(table.columns, channels, path.name, time)
    scales = _scales(chosen, units or {}, path.name)
    groups: dict[tuple[str, str], list[tuple[Column, _Scale]]] = {}
    for column, scale in zip(chosen, scales, strict=True):
        groups.setdefault((column.place, column.sensor.kind), []).append(
            (column, scale)
        )
    for group in groups.values():
        group.sort(key=lambda pair: pair[0].sensor.channels.index(pair[0].channel))
    stamps, values = _read_rows(table, time, time_unit, list(groups.values()))
    builder = RecordingBuilder(path.name, repair=repair)
    times, start = _times(stamps, rate_hz, len(next(iter(values))))
    for ((own_place, kind), group), numbers in zip(groups.items(), values, strict=True):
        builder.add(
            kind,
            numbers,
            times,
            is_unit_known=all(scale.is_known for _, scale in group),
            place=own_place or place,
            prefix_place=bool(own_place),
            has_gravity=has_gravity,
            rate_hz=rate_hz,
            channels=[column.channel for column, _ in group],
        )
    wanted = tuple(column.header for column in chosen)
    if not len(builder):
        raise DataError(
            f"{path.name} must hold readings; columns {say_columns(wanted)} are "
            "empty in every row. Choose others with channels={...}."
        )
    left_out = [c for c in table.columns if c not in (time, label, *wanted)]
    return builder.build(
        name=_stem(path) if name is None else name,
        subject=subject,
        start=start,
        events=None if label is None else _events(table, label, times),
        metadata={"columns left out": ", ".join(left_out)} if left_out else None,
    )


def write_csv(
    recording: Recording, path: str | Path, *, overwrite: bool = False
) -> Path:
    """Write the readings of a recording as a table that ``read_csv`` reads again.

    With ``read_csv(..., exact=True)`` times and readings come back bit for bit, in SI.
    Events, subject, places that the channel names do not say, and the gravity flag are
    not in the table: use :meth:`sensorhar.Recording.save` to keep everything.

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


def _events(table: TextTable, label: str, times: NDArray[np.float64]) -> Events:
    """Return the stretches of rows that have one label."""
    if label not in table.columns:
        raise DataError(
            f"label must be a column of {table.name}, which are "
            f"{say_columns(table.columns)}; got {label!r}."
        )
    words = [str(w).strip() for w in table.read([label], as_text=True)[label]]
    words = ["" if word.lower() in NOTHING else word for word in words]
    starts, stops, names = label_stretches(words, times)
    return Events(times[starts], times[stops], names)


def _stem(path: Path) -> str:
    """Return the file's name without .csv or .csv.gz."""
    stem = path.name
    while Path(stem).suffix.lower() in (".csv", ".tsv", ".txt", ".gz"):
        stem = Path(stem).stem
    return stem


def _find_time(table: TextTable, time: str | None, rate_hz: float | None) -> str | None:
    """Return the time column; None when rows are numbered by their rate."""
    named = table.name
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


def _read_rows(
    table: TextTable,
    time: str | None,
    time_unit: str,
    groups: Sequence[Sequence[tuple[Column, _Scale]]],
) -> tuple[Stamps | None, list[NDArray[np.float64]]]:
    """Return the stamps, and the readings of each sensor in SI.

    Rows go straight into arrays of the final size, so that a week of readings needs
    little more memory than they do.
    """
    headers = [column.header for group in groups for column, _ in group]
    wanted = list(dict.fromkeys([*([time] if time is not None else []), *headers]))
    if table.n_bytes is not None:
        n_rows = int(1.02 * table.n_bytes / max(1.0, table.n_bytes_per_row)) + 1
    else:
        n_rows = N_CHUNK_ROWS
    n_rows = min(n_rows, MAX_ROWS_AT_FIRST)
    values = [np.empty((n_rows, len(group))) for group in groups]
    stamps = []
    row = 0
    for chunk in table.chunks(wanted):
        stop = row + len(chunk)
        for i, group in enumerate(groups):
            if stop > len(values[i]):
                values[i].resize((stop + stop // 4, len(group)), refcheck=False)
            for j, (column, scale) in enumerate(group):
                numbers = _numbers(chunk[column.header], table.name, row)
                if scale.factor == 1.0:
                    values[i][row:stop, j] = numbers
                else:
                    np.multiply(numbers, scale.factor, out=values[i][row:stop, j])
        if time is not None:
            stamps.append(chunk[time])
        row = stop
    if not row:
        raise DataError(
            f"{table.name} must hold rows below its column names; it holds none. "
            "Export it again."
        )
    for i, group in enumerate(groups):
        values[i].resize((row, len(group)), refcheck=False)
    if time is None:
        return None, values
    return _stamps(_join(stamps), time, time_unit, table.name), values


def _join(parts: "Sequence[pd.Series[Any]]") -> "pd.Series[Any]":
    import pandas as pd

    return parts[0] if len(parts) == 1 else pd.concat(parts)


def _numbers(column: "pd.Series[Any]", named: str, row: int) -> NDArray[Any]:
    if column.dtype.kind in "iuf":
        return column.to_numpy()
    import pandas as pd

    numbers = pd.to_numeric(column, errors="coerce")
    is_bad = (numbers.isna() & column.notna()).to_numpy()
    if not is_bad.any():  # such as True and False
        return numbers.to_numpy(dtype=np.float64)
    first = int(is_bad.argmax())
    raise DataError(
        f"column {column.name!r} of {named} must hold numbers; got "
        f"{_short(column.iloc[first])} in row {row + first + 1}. If it is a number, "
        "pass decimal=... or delimiter=...; mark lost readings by empty fields."
    )


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."


def _stamps(column: "pd.Series[Any]", header: str, unit: str, named: str) -> Stamps:
    source = f"time column {header!r} of {named}"
    if unit == "auto":
        said = stated_unit(header)
        unit = unit_of_column(plain_name(header) + (f"_{said}" if said else ""))
    return Stamps.of_column(column, unit, source)


def _times(
    stamps: Stamps | None, rate_hz: float | None, n_rows: int
) -> tuple[NDArray[np.float64], datetime | None]:
    """Return seconds, and the moment of 0 when times count from 1970."""
    if stamps is None:
        assert rate_hz is not None  # _find_time has seen to it
        return np.arange(n_rows) / rate_hz, None
    if stamps.is_unix:
        return stamps.seconds_since_first(), stamps.start
    return stamps.seconds(), None


def _scales(
    columns: Sequence[Column], units: Mapping[str, str], named: str
) -> list[_Scale]:
    found = [scale_of(column, units, named) for column in columns]
    unused = set(units) - {key for _, key in found}
    if unused:
        prefixes = {column.sensor.prefix for column in columns}
        raise ValueError(
            f"units must name sensors or channels of {named}, which has "
            f"{listing(prefixes)}; got {listing(unused)}, which say nothing more."
        )
    return [
        _Scale(scale, key is not None or stated_unit(column.header) is not None)
        for column, (scale, key) in zip(columns, found, strict=True)
    ]
