r"""The log: a recording that grows on disk, and survives whatever ends the program.

A log is a file that is only ever appended to. After a first line for people it is a row
of frames, each of which stands for itself::

    "sensorhar log 1\n"  frame  frame  frame ...

    frame:  sync   salt   kind   number  length  content   CRC-32
            4 B    4 B    1 B    u32     u32     length B  u32       (little-endian)
            D7 9A
            4C 47  \______________ the checksum is of these _______/

========  ==========================================================================
kind      content
========  ==========================================================================
``H``     header, JSON: format, version, name, subject, start (ISO 8601), metadata
``S``     stream, JSON: id, dtype (``<f4`` or ``<f8``), rate_hz, channels
``D``     readings: stream id u32, n u32, n times in s as f8, n rows of values
``M``     marker, JSON: time_s, text
``L``     label, JSON: start_s, stop_s, label; of those with one start the last counts
``E``     end, JSON: nothing; the file was closed on purpose
========  ==========================================================================

All frames of a file share one random salt, and count up. Headers and streams are
repeated every 10 s, so that no single damaged place makes the rest unreadable. A reader
takes every frame whose checksum is right, and after a damaged one searches for the next
sync: a cut or a flipped bit costs the frame it hits, never an exception, never a wrong
value. What ``write`` has returned from survives the end of the process; what is older
than a second survives the end of the power (fdatasync).
"""

import gzip
import io
import json
import mmap
import struct
import warnings
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from sensorhar.data.channel import Channel
from sensorhar.data.recording import Recording
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._log_contents import LogContents, Part
from sensorhar.io._log_frames import (
    DATA,
    DATA_HEAD,
    END,
    HEADER,
    LABEL,
    MAGIC,
    MARKER,
    STREAM,
    VERSION,
    find_frames,
    has_frame,
)
from sensorhar.io._log_writer import LogWriter
from sensorhar.io._source import GZIP_MAGIC, Source

__all__ = ["LogWriter", "is_log", "read_log", "scan_log"]


def is_log(source: Source) -> bool:
    """Return whether a file is a log, by its first line or any whole frame.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether :func:`read_log` can read it.
    """
    return source.head.startswith(MAGIC) or has_frame(source.head)


def read_log(
    path: str | Path, *, subject: str | None = None, name: str | None = None
) -> Recording:
    """Read a log, whatever happened to it.

    All whole batches are read; nothing is filled in where others are missing. Samples
    that came late are put in order; of samples with one time the first is kept, and
    ``n_repeated_times`` in the metadata counts the others. Markers are in the metadata
    as ``markers``, a JSON list of [s, text].

    Parameters
    ----------
    path : str or Path
        What a :class:`LogWriter` wrote.
    subject : str or None, default=None
        Who it was; None takes what the log says.
    name : str or None, default=None
        What to call the recording; None takes what the log says.

    Returns
    -------
    Recording
        Bit for bit what was written, with labels as events.

    Raises
    ------
    DataError
        When there is not one whole batch of readings, or a newer version wrote it.

    Warns
    -----
    SensorharWarning
        When something is damaged or missing.

    See Also
    --------
    scan_log : Look at a log in which there may be nothing.
    """
    source = Source(Path(path))
    contents = scan_log(path)
    damage = contents.say_damage()
    if damage:
        warnings.warn(
            f"{source.name} must be a whole log; {damage}. What is whole is read.",
            SensorharWarning,
            stacklevel=2,
        )
    if subject is not None:
        contents.subject = subject
    if name is not None:
        contents.name = name
    return contents.recording(source.name)


def scan_log(path: str | Path) -> LogContents:
    """Take from a log all that is whole; never fail because of what it holds.

    Parameters
    ----------
    path : str or Path
        A log, or what is left of one.

    Returns
    -------
    LogContents
        With counts of what is missing; ``recording`` builds the recording.

    Raises
    ------
    DataError
        When a newer version of this library wrote it.
    """
    source = Source(Path(path))
    contents = LogContents(name=source.stem)
    if source.path.stat().st_size == 0:
        return contents
    with source.path.open("rb") as file:
        if file.read(2) == GZIP_MAGIC:
            _scan(_unpacked(source.path), contents, source.name)
        else:
            with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
                _scan(content, contents, source.name)
    return contents


def _scan(content: Any, contents: LogContents, named: str) -> None:
    """Fill in what the frames of a file say."""
    scan = find_frames(content)
    contents.n_frames = len(scan.frames)
    contents.n_lost_frames = scan.n_lost_frames
    contents.n_skipped_bytes = scan.n_skipped_bytes
    dtypes: dict[int, str] = {}
    # Streams first: that of a batch may have been damaged, and repeated later.
    for frame in sorted(scan.frames, key=lambda frame: frame.kind == DATA):
        body = content[frame.begin : frame.stop]
        try:
            if frame.kind == DATA:
                _take_readings(body, contents, dtypes)
            else:
                _take_words(frame.kind, body, contents, dtypes, named)
        except (KeyError, TypeError, ValueError, struct.error) as error:
            if isinstance(error, DataError):
                raise
            contents.n_lost_frames += 1  # whole, but of no writer of ours


def _take_words(
    kind: bytes,
    body: bytes,
    contents: LogContents,
    dtypes: dict[int, str],
    named: str,
) -> None:
    """Take in a frame of JSON; kinds of later versions are passed over."""
    said = json.loads(body)
    if kind == HEADER:
        _check_version(said, named)
        contents.set_header(said)
    elif kind == STREAM:
        _take_stream(said, contents, dtypes)
    elif kind == MARKER:
        contents.markers.append((float(said["time_s"]), str(said["text"])))
    elif kind == LABEL:
        contents.add_label(said["start_s"], said["stop_s"], said["label"])
    elif kind == END:
        contents.is_closed = True


def _check_version(header: Mapping[str, Any], named: str) -> None:
    if header["version"] > VERSION:
        raise DataError(
            f"{named} must be a log of version {VERSION} or before; it is of version "
            f"{header['version']}. Upgrade sensorhar."
        )


def _take_stream(
    said: Mapping[str, Any], contents: LogContents, dtypes: dict[int, str]
) -> None:
    number = said["id"]
    channels = tuple(Channel.from_dict(channel) for channel in said["channels"])
    part = contents.parts.setdefault(number, Part(channels))
    part.rate_hz = said["rate_hz"]
    dtypes[number] = said["dtype"]


def _take_readings(body: bytes, contents: LogContents, dtypes: dict[int, str]) -> None:
    """Add a batch to its stream."""
    number, n_samples = DATA_HEAD.unpack_from(body)
    part = contents.parts[number]
    values_at = DATA_HEAD.size + 8 * n_samples
    times = np.frombuffer(body, "<f8", n_samples, DATA_HEAD.size)
    table = np.frombuffer(body, dtypes[number], offset=values_at)
    part.values.append(table.reshape(n_samples, len(part.channels)))
    part.times.append(times)


def _unpacked(path: Path) -> bytes:
    """Return the content of a gzipped log, up to where it is damaged."""
    whole = io.BytesIO()
    try:
        with gzip.open(path, "rb") as file:
            while piece := file.read1(1 << 20):
                whole.write(piece)
    except (OSError, EOFError, zlib.error):
        pass  # the frames say what is whole
    return whole.getvalue()
