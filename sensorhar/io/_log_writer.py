"""The writer of logs; :mod:`sensorhar.io.log` tells the format."""

import errno
import math
import os
from collections import deque
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from threading import Lock
from time import monotonic
from types import TracebackType
from typing import Any, Self

import numpy as np

from sensorhar.data.stream import Stream
from sensorhar.io._log_contents import Plain, RateWatch
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
    as_json,
    pack,
)

__all__ = ["LogWriter"]

#: How often headers are repeated; a kilobyte each time.
REPEAT_S = 10.0
#: Readings that wait in memory for room on a full disk: some ten minutes of a phone.
MAX_WAITING_BYTES = 64 << 20
#: What systems say when there is no room (disk, quota, limit of the process).
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}


class LogWriter:
    """Write a log: chunks as they come, labels and markers between them.

    When ``write`` returns, the chunk survives the end of this process. When the disk is
    full, ``problem`` says so; up to 64 MiB wait in memory, and are written as soon as
    there is room.

    Parameters
    ----------
    path : str or Path
        Where. Its ending does not matter; ``.sensorlog`` is usual.
    start : datetime or None, default=None
        When 0 s was, with a time zone; None is now.
    name : str or None, default=None
        What to call the recording; None takes the name of the file.
    subject : str or None, default=None
        Who wears the sensors.
    metadata : mapping of str to str, int, float or bool, or None, default=None
        Anything else worth keeping.
    sync_s : float or None, default=1.0
        How often ``write`` makes sure that data survive the end of the power, in s.
        None leaves that to calls of ``sync``.
    overwrite : bool, default=False
        Whether a file of that name may be replaced.

    Attributes
    ----------
    path : Path
        Where it lies.
    problem : str
        Why readings wait in memory; empty while all is well.
    n_samples : int
        Samples written, those that wait among them.

    Raises
    ------
    FileExistsError
        When the file exists and must not be replaced.
    ValueError
        When the start has no time zone.

    See Also
    --------
    read_log : Read it, whatever happened to it.

    Examples
    --------
    >>> from sensorhar.io.log import read_log
    >>> from tempfile import TemporaryDirectory
    >>> chunk = Stream.of_sensor("gyroscope", [[0, 0, 1.0]], [0.0], rate_hz=50)
    >>> with TemporaryDirectory() as folder:
    ...     with LogWriter(Path(folder) / "anna.sensorlog", subject="anna") as log:
    ...         log.write(chunk)
    ...         log.label(0.0, 0.02, "walking")
    ...     read_log(log.path)
    <Recording 'anna' of anna | 0 s | gyr_x gyr_y gyr_z 50 Hz | 1 events>
    """

    def __init__(
        self,
        path: str | Path,
        *,
        start: datetime | None = None,
        name: str | None = None,
        subject: str | None = None,
        metadata: Mapping[str, Plain] | None = None,
        sync_s: float | None = 1.0,
        overwrite: bool = False,
    ) -> None:
        self.path = Path(path)
        if start is not None and start.tzinfo is None:
            raise ValueError(
                f"start of a log must have a time zone; got {start!r}. Use "
                "datetime.now(UTC)."
            )
        self.problem = ""
        self.n_samples = 0
        self._header: dict[str, Any] = {
            "format": "sensorhar log",
            "version": VERSION,
            "name": self.path.stem if name is None else name,
            "subject": subject,
            "start": (start or datetime.now(UTC)).astimezone(UTC).isoformat(),
            "metadata": dict(metadata or {}),
        }
        self._sync_s = math.inf if sync_s is None else sync_s
        self._streams: dict[tuple[Any, ...], tuple[int, RateWatch]] = {}
        self._waiting: deque[bytes] = deque()
        self._n_waiting_bytes = 0
        self._number = 0
        self._salt = os.urandom(4)
        self._synced_s = self._repeated_s = monotonic()
        self._is_dirty = False
        self._lock = Lock()  # sync may run in a thread beside write
        self._file: int | None = self._open(overwrite)
        self._queue(MAGIC)
        self._send(HEADER, self._header)

    def write(self, chunk: Stream) -> None:
        """Append a chunk.

        Parameters
        ----------
        chunk : Stream
            Readings; times and values come back bit for bit.

        Raises
        ------
        OSError
            When the disk fails, or is full and no more can wait in memory.
        """
        number = self._declare(chunk)
        content = b"".join(
            (
                DATA_HEAD.pack(number, chunk.n_samples),
                chunk.time_s.astype("<f8").tobytes(),
                np.ascontiguousarray(chunk.values).astype(_dtype(chunk)).tobytes(),
            )
        )
        self._send(DATA, content)
        self.n_samples += chunk.n_samples
        self._now_and_then()

    def mark(self, time_s: float, text: str) -> None:
        """Append a remark at a time in s.

        Raises
        ------
        ValueError
            When the time is not finite.
        """
        _check_times(time_s)
        self._send(MARKER, {"time_s": float(time_s), "text": text})

    def label(self, start_s: float, stop_s: float, label: str) -> None:
        """Append what happened from when to when, in s.

        A label that goes on is written again with a later stop, and again when it
        turns out to have ended before; what was written last counts.

        Raises
        ------
        ValueError
            When a time is not finite, the stop is not after the start, or the label is
            empty.
        """
        _check_times(start_s, stop_s)
        if not stop_s > start_s or not label:
            raise ValueError(
                "a label must have a word and stop after it starts; got "
                f"{label!r} from {start_s!r} to {stop_s!r} s."
            )
        content = {"start_s": float(start_s), "stop_s": float(stop_s), "label": label}
        self._send(LABEL, content)

    def note(self, metadata: Mapping[str, Plain], subject: str | None = None) -> None:
        """Add to the metadata what was learned only now."""
        known = self._header["metadata"]
        is_known = all(known.get(key) == value for key, value in metadata.items())
        if is_known and subject is None:
            return
        known.update(metadata)
        if subject is not None:
            self._header["subject"] = subject
        self._send(HEADER, self._header)

    def sync(self) -> None:
        """Make sure that all that was written survives the end of the power.

        It may take long on a slow disk, and may run in another thread than ``write``.

        Raises
        ------
        OSError
            When the disk fails.
        """
        self._drain_alone()
        file = self._file
        if file is None or not self._is_dirty:
            return
        self._is_dirty = False
        # Windows and macOS have no fdatasync.
        getattr(os, "fdatasync", os.fsync)(file)
        self._synced_s = monotonic()

    def close(self) -> None:
        """Append the end, and close the file.

        Raises
        ------
        OSError
            When something that waited for room could not be written.
        """
        if self._file is None:
            return
        try:
            self._repeat()
            self._send(END, {})
            self.sync()
        finally:
            os.close(self._file)
            self._file = None
        if self._waiting:
            raise OSError(
                errno.ENOSPC,
                f"{self.path.name} must be written whole; {self._n_waiting_bytes} "
                "bytes at its end found no room. What is in the file stays readable. "
                "Free some space before the next recording",
            )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _open(self, overwrite: bool) -> int:
        flags = os.O_WRONLY | os.O_CREAT | getattr(os, "O_BINARY", 0)
        try:
            file = os.open(
                self.path, flags | (os.O_TRUNC if overwrite else os.O_EXCL), 0o644
            )
        except FileExistsError:
            raise FileExistsError(
                f"{self.path} exists. Choose another name, or pass overwrite=True."
            ) from None
        if hasattr(os, "O_DIRECTORY"):  # the name must survive as well
            folder = os.open(self.path.parent, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)
        return file

    def _declare(self, chunk: Stream) -> int:
        """Return the number of the chunk's stream; write what it is when it is new."""
        key = (chunk.channels, _dtype(chunk))
        is_new = key not in self._streams
        if is_new:
            self._streams[key] = (len(self._streams), RateWatch())
        number, watch = self._streams[key]
        if watch.update(chunk) or is_new:
            self._send(STREAM, self._stream_of(key))
        return number

    def _stream_of(self, key: tuple[Any, ...]) -> dict[str, Any]:
        number, watch = self._streams[key]
        channels, dtype = key
        return {
            "id": number,
            "dtype": dtype,
            "rate_hz": watch.rate_hz,
            "channels": [channel.to_dict() for channel in channels],
        }

    def _repeat(self) -> None:
        self._send(HEADER, self._header)
        for key in self._streams:
            self._send(STREAM, self._stream_of(key))

    def _now_and_then(self) -> None:
        now_s = monotonic()
        if now_s - self._repeated_s >= REPEAT_S:
            self._repeated_s = now_s
            self._repeat()
        if now_s - self._synced_s >= self._sync_s:
            self.sync()

    def _send(self, kind: bytes, content: bytes | Mapping[str, Any]) -> None:
        if self._file is None:
            raise ValueError(
                f"{self.path.name} must be open to be written; it is closed. Open "
                "another LogWriter."
            )
        body = content if isinstance(content, bytes) else as_json(content)
        if self._waiting and self._n_waiting_bytes + len(body) > MAX_WAITING_BYTES:
            self._drain_alone()
            if self._waiting:
                raise OSError(
                    errno.ENOSPC,
                    f"{self.path.name} must have room to grow; the disk is full, and "
                    f"{self._n_waiting_bytes} bytes wait already. Free some space",
                )
        self._queue(pack(kind, self._number, body, self._salt))
        self._number += 1

    def _queue(self, content: bytes) -> None:
        with self._lock:
            self._waiting.append(content)
            self._n_waiting_bytes += len(content)
            self._drain()

    def _drain_alone(self) -> None:
        with self._lock:
            self._drain()

    def _drain(self) -> None:
        """Write what waits, as far as there is room; in one go, mostly."""
        while self._waiting and self._file is not None:
            first = self._waiting[0]
            try:
                n_written = os.write(self._file, first)
            except OSError as error:
                if error.errno not in FULL:
                    raise
                self.problem = (
                    f"no room on the disk for {self.path.name}; "
                    f"{self._n_waiting_bytes} bytes wait in memory"
                )
                return
            self._is_dirty = True
            self._n_waiting_bytes -= n_written
            if n_written < len(first):  # the rest follows when there is room
                self._waiting[0] = first[n_written:]
            else:
                self._waiting.popleft()
        self.problem = ""


def _check_times(*times: float) -> None:
    if not all(math.isfinite(time_s) for time_s in times):
        raise ValueError(
            f"times in a log must be finite numbers of s; got {list(times)!r}."
        )


def _dtype(chunk: Stream) -> str:
    return "<f4" if chunk.values.dtype == np.float32 else "<f8"
