"""A log that is kept in memory, for recordings that need no file."""

from collections.abc import Mapping
from datetime import datetime

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.io._log_contents import LogContents, Part, Plain, RateWatch

__all__ = ["MemoryLog"]


class MemoryLog:
    """Take what a :class:`sensorhar.io.log.LogWriter` takes, and build the recording.

    Parameters
    ----------
    start : datetime
        When 0 s was.
    name : str, default=""
        What to call the recording.
    subject : str or None, default=None
        Who wears the sensors.
    """

    problem = ""

    def __init__(
        self, *, start: datetime, name: str = "", subject: str | None = None
    ) -> None:
        self._contents = LogContents(name, subject, start, is_closed=True)
        self._streams: dict[tuple[object, ...], tuple[Part, RateWatch]] = {}

    def write(self, chunk: Stream) -> None:
        """Append a chunk."""
        key = (chunk.channels, chunk.values.dtype)
        if key not in self._streams:
            part = Part(chunk.channels)
            self._streams[key] = (part, RateWatch())
            self._contents.parts[len(self._contents.parts)] = part
        part, watch = self._streams[key]
        watch.update(chunk)
        part.rate_hz = watch.rate_hz
        part.times.append(chunk.time_s)
        part.values.append(chunk.values)

    def mark(self, time_s: float, text: str) -> None:
        """Append a remark."""
        self._contents.markers.append((time_s, text))

    def label(self, start_s: float, stop_s: float, label: str) -> None:
        """Append what happened from when to when."""
        self._contents.add_label(start_s, stop_s, label)

    def note(self, metadata: Mapping[str, Plain], subject: str | None = None) -> None:
        """Add to the metadata."""
        self._contents.metadata.update(metadata)
        if subject is not None:
            self._contents.subject = subject

    def sync(self) -> None:
        """Do nothing; there is no disk."""

    def close(self) -> None:
        """Do nothing; there is no file."""

    def recording(self) -> Recording:
        """Return what was taken in."""
        return self._contents.recording("the recording")
