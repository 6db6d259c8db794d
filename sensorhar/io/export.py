"""Write a recording for other programs: Parquet tables and XDF files."""

import json
import os
import struct
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import numpy as np
from numpy.typing import NDArray

from sensorhar._soft import require
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.io._write import refuse_to_replace
from sensorhar.io.csv import write_csv

__all__ = ["export", "write_parquet", "write_xdf"]

#: Key of the table's metadata under which Parquet files keep all but the numbers.
KEY = b"sensorhar"
#: Chunk tags of XDF 1.0.
FILE_HEADER, STREAM_HEADER, SAMPLES, CLOCK_OFFSET, FOOTER = 1, 2, 3, 4, 6
#: Samples in one chunk of an XDF file; a damaged one costs no more.
N_TOGETHER = 1000
#: What the Lab Streaming Layer calls units that it names otherwise.
LSL_UNITS = {"uT": "microtesla", "1": "normalized"}


def export(recording: Recording, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write a recording in the format that the file's ending names.

    Parameters
    ----------
    recording : Recording
        What to write.
    path : str or Path
        Ends in ``.npz`` (keeps everything), ``.csv``, ``.parquet`` or ``.xdf``.
    overwrite : bool, default=False
        Whether a file of that name may be replaced.

    Returns
    -------
    Path
        Where it lies.

    Raises
    ------
    ValueError
        When the ending is another.
    FileExistsError
        When the file exists and must not be replaced.

    Examples
    --------
    >>> import sensorhar as sh
    >>> from tempfile import TemporaryDirectory
    >>> recording = sh.simulate_recordings(1, minutes_per_activity=0.1)[0]
    >>> with TemporaryDirectory() as folder:
    ...     export(recording, Path(folder) / "anna.xdf").name
    'anna.xdf'
    """
    path = Path(path)
    writers: dict[str, Callable[..., Path]] = {
        ".npz": Recording.save,
        ".csv": write_csv,
        ".parquet": write_parquet,
        ".xdf": write_xdf,
    }
    if path.suffix not in writers:
        raise ValueError(
            f"path must end in {', '.join(writers)}; got {path.name!r}. The ending "
            "chooses the format."
        )
    return writers[path.suffix](recording, path, overwrite=overwrite)


def write_parquet(
    recording: Recording, path: str | Path, *, overwrite: bool = False
) -> Path:
    """Write a recording as one Parquet table: ``time_s`` and a column per channel.

    Streams on different clocks meet in one column of times. Where a channel has no
    sample the table is null; a lost reading is NaN. Times and values are kept bit for
    bit. Channels, rates, events, subject and the rest are JSON in the metadata of the
    schema, under ``sensorhar``.

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
    MissingPackageError
        When ``pyarrow`` is not installed.
    """
    path = Path(path)
    refuse_to_replace(path, overwrite)
    purpose = "writing Parquet files"
    arrow = require("pyarrow", extra="scale", purpose=purpose)
    parquet = require("pyarrow.parquet", extra="scale", purpose=purpose)
    time_s = np.unique(np.concatenate([s.time_s for s in recording.streams]))
    columns = {"time_s": arrow.array(time_s)}
    for stream in recording.streams:
        rows = np.searchsorted(time_s, stream.time_s)
        is_null = np.ones(len(time_s), dtype=bool)
        is_null[rows] = False
        for name, values in zip(stream.channel_names, stream.values.T, strict=True):
            column = np.zeros(len(time_s), dtype=values.dtype)
            column[rows] = values
            columns[name] = arrow.array(column, mask=is_null, from_pandas=False)
    table = arrow.table(columns)
    about = json.dumps(_about(recording), ensure_ascii=False).encode()
    table = table.replace_schema_metadata({KEY: about})
    _write_whole(path, lambda part: parquet.write_table(table, part))
    return path


def write_xdf(
    recording: Recording, path: str | Path, *, overwrite: bool = False
) -> Path:
    """Write a recording as an XDF 1.0 file, as the Lab Streaming Layer records.

    Each stream becomes a stream, with labels, units and types of its channels. Events
    become a stream of texts named "Labels" ("start walking", "stop walking"), markers
    of a recorder one named "Markers". Times count from the start of the recording;
    clock offsets are 0. Irregular clocks have a nominal rate of 0, so that readers do
    not straighten them.

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

    References
    ----------
    XDF 1.0 specification, sccn/xdf.
    """
    path = Path(path)
    refuse_to_replace(path, overwrite)
    when = recording.start.isoformat() if recording.start else ""
    pieces = [
        b"XDF:",
        _chunk(
            FILE_HEADER,
            f"<?xml version='1.0'?><info><version>1.0</version><datetime>{when}"
            f"</datetime></info>",
        ),
    ]
    number = 0
    for number, stream in enumerate(recording.streams, 1):
        pieces.append(_chunk(STREAM_HEADER, _stream_xml(stream, recording), number))
        pieces += _numbers(stream, number)
        pieces += _ending(stream.time_s, number)
    for name, rows in _texts(recording).items():
        number += 1
        xml = _header_xml(name, "Markers", 1, 0.0, "string", "")
        pieces.append(_chunk(STREAM_HEADER, xml, number))
        pieces.append(_text_chunk(rows, number))
        pieces += _ending(np.array([time_s for time_s, _ in rows]), number)
    _write_whole(path, lambda part: part.write_bytes(b"".join(pieces)))
    return path


def _about(recording: Recording) -> dict[str, Any]:
    """Return all that is not a number of a channel."""
    events = recording.events
    return {
        "format": "sensorhar recording",
        "version": 1,
        "name": recording.name,
        "subject": recording.subject,
        "start": recording.start.isoformat() if recording.start else None,
        "metadata": dict(recording.metadata),
        "streams": [
            {
                "rate_hz": stream.rate_hz,
                "channels": [channel.to_dict() for channel in stream.channels],
            }
            for stream in recording.streams
        ],
        "events": None
        if events is None
        else [[event.start_s, event.stop_s, event.label] for event in events],
    }


def _write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        write(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)


def _chunk(tag: int, content: str | bytes, number: int | None = None) -> bytes:
    """Return a chunk: its length, its tag, the stream's number, its content."""
    body = content.encode() if isinstance(content, str) else content
    who = b"" if number is None else struct.pack("<I", number)
    return (
        b"\x04"
        + struct.pack("<I", len(body) + len(who) + 2)
        + struct.pack("<H", tag)
        + who
        + body
    )


def _stream_xml(stream: Stream, recording: Recording) -> str:
    """Return what the header of a numeric stream says."""
    channels = "".join(
        f"<channel><label>{escape(channel.name)}</label>"
        f"<unit>{escape(LSL_UNITS.get(channel.unit, channel.unit))}</unit>"
        f"<type>{_type_of(channel.kind)}</type></channel>"
        for channel in stream.channels
    )
    gravity = stream.channels[0].has_gravity
    about = "".join(
        f"<{key}>{escape(str(value))}</{key}>"
        for key, value in (
            ("place", stream.place),
            ("has_gravity", "" if gravity is None else str(gravity).lower()),
            ("subject", recording.subject or ""),
        )
        if value
    )
    is_single = stream.values.dtype == np.float32
    return _header_xml(
        # Places tell two sensors of a kind apart.
        " ".join(filter(None, (stream.place, stream.kind))),
        _type_of(stream.kind),
        stream.n_channels,
        stream.rate_hz if stream.is_regular else 0.0,
        "float32" if is_single else "double64",
        f"<channels>{channels}</channels>{about}",
    )


def _header_xml(
    name: str, kind: str, n_channels: int, rate_hz: float, form: str, desc: str
) -> str:
    return (
        f"<?xml version='1.0'?><info><name>{escape(name)}</name><type>{kind}</type>"
        f"<channel_count>{n_channels}</channel_count><nominal_srate>{rate_hz!r}"
        f"</nominal_srate><channel_format>{form}</channel_format>"
        f"<desc>{desc}</desc></info>"
    )


def _type_of(kind: str) -> str:
    """Return a sensor's kind as streams of LSL write it, such as HeartRate."""
    return "".join(word.capitalize() for word in kind.split("_"))


def _numbers(stream: Stream, number: int) -> list[bytes]:
    """Return chunks of samples, each with its own time."""
    little = stream.values.astype(f"<f{stream.values.dtype.itemsize}")
    rows = np.empty(
        stream.n_samples,
        dtype=[
            ("n_time_bytes", "u1"),
            ("time_s", "<f8"),
            ("values", little.dtype, (stream.n_channels,)),
        ],
    )
    rows["n_time_bytes"], rows["time_s"], rows["values"] = 8, stream.time_s, little
    return [
        _chunk(SAMPLES, _count(len(part)) + part.tobytes(), number)
        for part in (rows[i : i + N_TOGETHER] for i in range(0, len(rows), N_TOGETHER))
    ]


def _text_chunk(rows: Sequence[tuple[float, str]], number: int) -> bytes:
    """Return one chunk of texts."""
    parts = [_count(len(rows))]
    for time_s, text in rows:
        word = text.encode()
        parts.append(b"\x08" + struct.pack("<d", time_s) + _count(len(word)) + word)
    return _chunk(SAMPLES, b"".join(parts), number)


def _ending(time_s: NDArray[np.float64], number: int) -> list[bytes]:
    """Return clock offsets of 0 and the footer of a stream."""
    first_s, last_s = float(time_s.min()), float(time_s.max())
    offsets = [
        _chunk(CLOCK_OFFSET, struct.pack("<dd", at, 0.0), number)
        for at in (first_s, last_s)
    ]
    xml = (
        f"<?xml version='1.0'?><info><first_timestamp>{first_s!r}</first_timestamp>"
        f"<last_timestamp>{last_s!r}</last_timestamp><sample_count>{len(time_s)}"
        f"</sample_count></info>"
    )
    return [*offsets, _chunk(FOOTER, xml, number)]


def _texts(recording: Recording) -> dict[str, list[tuple[float, str]]]:
    """Return streams of texts: labels as they begin and end, and markers."""
    streams: dict[str, list[tuple[float, str]]] = {}
    if recording.events is not None and len(recording.events):
        starts = [(event.start_s, f"start {event.label}") for event in recording.events]
        stops = [(event.stop_s, f"stop {event.label}") for event in recording.events]
        # What ends at a moment ends before the next begins.
        streams["Labels"] = sorted(stops + starts, key=lambda row: row[0])
    markers = recording.metadata.get("markers")
    if isinstance(markers, str):
        rows = [(float(time_s), str(text)) for time_s, text in json.loads(markers)]
        if rows:
            streams["Markers"] = rows
    return streams


def _count(number: int) -> bytes:
    """Return a number as XDF writes lengths: how many bytes, then the number."""
    return b"\x04" + struct.pack("<I", number)
