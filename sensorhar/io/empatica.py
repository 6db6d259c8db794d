"""Empatica E4 sessions: a zip or folder of ``ACC.csv``, ``HR.csv`` and others."""

from __future__ import annotations

import io
import json
import math
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.recording import Recording
from sensorhar.errors import DataError
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._named_channels import derived_stream
from sensorhar.io._source import Source
from sensorhar.io._times import EPOCH

if TYPE_CHECKING:
    from sensorhar.data.stream import Stream

__all__ = ["is_empatica", "read_empatica"]

#: The accelerometer counts 64 per g (info.txt of the sessions).
ACC_COUNTS_PER_G = 64

#: Other signals, as derived channels. Units of electricity and degrees Celsius have
#: no place in the library, so that they stand in the name.
_DERIVED = {"BVP.csv": "bvp", "EDA.csv": "eda_usiemens", "TEMP.csv": "skin_temp_degc"}

#: 1973 to 2255, which nanoseconds in 64 bits can count.
UNIX_S = (1e8, 9e9)

_FILES = ("ACC.csv", "HR.csv", "IBI.csv", *_DERIVED)


def is_empatica(source: Source) -> bool:
    """Return whether a zip or folder is an E4 session, by the files in it.

    Parameters
    ----------
    source : Source
        The archive or folder, or one of its files.

    Returns
    -------
    bool
        Whether it holds at least two of the files of a session side by side, or is
        one, with start and rate in its first lines.
    """
    if not source.is_folder and not source.is_zip:
        return source.name in _FILES and _begins_with_start(source.lines[:2])
    try:
        members = source.members
    except DataError:
        return False
    folders = [
        member.rpartition("/")[0]
        for member in members
        if member.rpartition("/")[2] in _FILES
    ]
    return len(folders) > 1 and len(set(folders)) == 1


def _begins_with_start(lines: list[str]) -> bool:
    """Return whether all fields of the first line are one start, and then one rate."""
    fields = [{field.strip() for field in line.split(",")} for line in lines]
    if len(fields) < 2 or any(len(words) > 1 for words in fields):
        return False
    start, rate_hz = (_first_number(line.encode()) for line in lines)
    return start is not None and UNIX_S[0] < start < UNIX_S[1] and rate_hz is not None


def read_empatica(
    path: str | Path,
    *,
    subject: str | None = None,
    name: str | None = None,
    place: str = "wrist",
) -> Recording:
    """Read one session of an Empatica E4.

    Each file states its start in s since 1970 in the first line and its rate in the
    second; the heart rate starts 10 s late. Button presses (``tags.csv``) have no
    duration and are no events: they are in the metadata as ``tags_s``, a JSON list of
    s from the start.

    Parameters
    ----------
    path : str or Path
        The zip archive, a folder it was unpacked to, or a single file of it.
    subject : str or None, default=None
        Who wore it.
    name : str or None, default=None
        What to call the recording; None takes the name of the archive.
    place : str, default="wrist"
        Where on the body.

    Returns
    -------
    Recording
        Accelerometer in m/s^2 with gravity, heart_rate, and the derived channels
        ``bvp``, ``eda_usiemens``, ``skin_temp_degc`` and ``ibi_s``.

    Raises
    ------
    DataError
        When a file is broken; it names file and line.

    References
    ----------
    Empatica support, "Data export and formatting from E4 connect" and "E4 data -
    HR.csv explanation"; ``info.txt`` of the sessions.
    """
    source = Source(Path(path))
    if not is_empatica(source):
        raise DataError(
            f"{source.name} must hold the files of one E4 session, such as ACC.csv and "
            f"HR.csv; it holds {', '.join(source.members[:5]) or 'none'}. Choose the "
            "zip archive of one session."
        )
    builder = RecordingBuilder(source.name, repair=False)  # regular as stated
    begins = []
    for file, kind, unit in (
        ("ACC.csv", "accelerometer", "g"),
        ("HR.csv", "heart_rate", "bpm"),
    ):
        signal = _signal(source, file, 3 if kind == "accelerometer" else 1)
        if signal is None:
            continue
        start_ns, rate_hz, values = signal
        if kind == "accelerometer":
            values = values / ACC_COUNTS_PER_G
        builder.add(
            kind,
            values,
            start_ns + _grid_ns(len(values), rate_hz),
            unit=unit,
            place=place,
            has_gravity=True if kind == "accelerometer" else None,
            rate_hz=rate_hz,
        )
        begins.append(start_ns)
    rest = {
        channel: signal
        for file, channel in _DERIVED.items()
        if (signal := _signal(source, file, 1)) is not None
    }
    beats = _beats(source)
    begins += [start_ns for start_ns, _, _ in rest.values()]
    begins += [] if beats is None else [beats[0]]
    if not begins:
        raise DataError(
            f"{source.name} must hold readings; all its files are empty. Download the "
            "session again."
        )
    zero_ns = begins[0]
    streams: list[Stream] = []
    for channel, (start_ns, rate_hz, values) in rest.items():
        times = (start_ns - zero_ns + _grid_ns(len(values), rate_hz)) / 1e9
        streams.append(
            derived_stream(
                [channel],
                ["1"],
                values,
                times,
                source.name,
                place=place,
                rate_hz=rate_hz,
            )
        )
    if beats is not None:
        start_ns, times, intervals = beats
        times = times + (start_ns - zero_ns) / 1e9
        streams.append(
            derived_stream(["ibi_s"], ["s"], intervals, times, source.name, place=place)
        )
    metadata: dict[str, str | int | float | bool] = {"device": "Empatica E4"}
    tags = _tags(source, zero_ns)
    if tags:
        metadata["tags_s"] = json.dumps(tags)
    called = source.stem if name is None else name
    if not len(builder):
        return Recording(
            streams,
            name=called,
            subject=subject,
            start=EPOCH + timedelta(microseconds=zero_ns // 1000),
            metadata=metadata,
        )
    recording = builder.build(name=called, subject=subject, metadata=metadata)
    return recording.with_streams([*recording.streams, *streams])


def _content(source: Source, file: str) -> tuple[bytes, str]:
    """Return a file of the session, empty if it is not there, and its name."""
    if not source.is_folder and not source.is_zip:
        return (source.read() if source.name == file else b""), source.name
    member = source.find(file)
    content = b"" if member is None else source.read(member)
    return content, f"{member} in {source.name}"


def _grid_ns(n_samples: int, rate_hz: float) -> NDArray[np.int64]:
    return np.round(np.arange(n_samples) * (1e9 / rate_hz)).astype(np.int64)


def _signal(
    source: Source, file: str, n_columns: int
) -> tuple[int, float, NDArray[np.float64]] | None:
    """Return start in ns since 1970, rate and values; None when it is not there."""
    content, named = _content(source, file)
    if not content.strip():
        return None
    first, _, rest = content.partition(b"\n")
    second, _, rows = rest.partition(b"\n")
    start_ns = _start_ns(first, named)
    rate_hz = _first_number(second)
    if rate_hz is None or not 0 < rate_hz < 1e5:
        raise DataError(
            f"line 2 of {named} must be the rate in Hz; got {_shown(second)}. Download "
            "the session again."
        )
    if not rows.strip():
        return None
    return start_ns, rate_hz, _numbers(rows, n_columns, 3, named)


def _beats(
    source: Source,
) -> tuple[int, NDArray[np.float64], NDArray[np.float64]] | None:
    """Return start in ns, and time since then and length of each beat interval in s."""
    content, named = _content(source, "IBI.csv")
    first, _, rows = content.partition(b"\n")
    if not rows.strip():
        return None
    start_ns = _start_ns(first, named)
    table = _numbers(rows, 2, 2, named)
    return start_ns, table[:, 0], table[:, 1:]


def _tags(source: Source, zero_ns: int) -> list[float]:
    content, named = _content(source, "tags.csv")
    found = []
    for number, line in enumerate(content.splitlines(), start=1):
        if not line.strip():
            continue
        value = _first_number(line)
        if value is None:
            raise DataError(
                f"line {number} of {named} must be a time in s since 1970; got "
                f"{_shown(line)}. Correct or remove it."
            )
        found.append(round(value - zero_ns / 1e9, 3))
    return found


def _start_ns(line: bytes, named: str) -> int:
    value = _first_number(line)
    if value is None or not UNIX_S[0] < value < UNIX_S[1]:
        raise DataError(
            f"line 1 of {named} must be the start in s since 1970; got "
            f"{_shown(line)}. Download the session again."
        )
    return round(value * 1e6) * 1000


def _first_number(line: bytes) -> float | None:
    try:
        value = float(line.decode("ascii", errors="replace").split(",")[0])
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def _shown(line: bytes) -> str:
    return repr(line[:40].decode("utf-8", errors="replace").strip())


def _numbers(
    rows: bytes, n_columns: int, first_line: int, named: str
) -> NDArray[np.float64]:
    """Return a table of numbers, or raise for the first line that is none."""
    import pandas as pd

    try:
        frame = pd.read_csv(
            io.BytesIO(rows),
            header=None,
            names=list(range(n_columns)),
            index_col=False,
            encoding="latin-1",
            skip_blank_lines=False,
            float_precision="round_trip",
            on_bad_lines="error",
        )
        numbers: NDArray[np.float64] = frame.apply(
            pd.to_numeric, errors="coerce"
        ).to_numpy(dtype=np.float64)
    except (pd.errors.ParserError, ValueError, OverflowError) as error:
        raise DataError(
            f"{named} must hold {n_columns} numbers a line from line {first_line} on; "
            f"it cannot be read ({error}). Download the session again."
        ) from error
    while len(numbers) and np.isnan(numbers[-1]).all():  # blank lines at the end
        numbers = numbers[:-1]
    is_bad = ~np.isfinite(numbers).all(axis=1)
    if is_bad.any() or not len(numbers):
        row = int(is_bad.argmax()) if len(numbers) else 0
        line = rows.split(b"\n", row + 1)[row]
        raise DataError(
            f"line {row + first_line} of {named} must hold {n_columns} numbers; got "
            f"{_shown(line)}. Download the session again."
        )
    return numbers
