"""What a log holds, put together as a recording."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.channel import Channel
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.errors import DataError

__all__ = ["LogContents", "Part", "Plain", "RateWatch"]

Plain = str | int | float | bool
#: More would make the metadata larger than many a recording; the log keeps all.
MAX_MARKERS = 10_000


class RateWatch:
    """Tell a nominal rate from one that was measured chunk by chunk.

    A Stream without a nominal rate measures one, which differs from chunk to chunk.
    """

    def __init__(self) -> None:
        self._first: float | None = None
        self._is_new = True
        self.rate_hz: float | None = None

    def update(self, chunk: Stream) -> bool:
        """Take in a chunk; return whether the belief has changed."""
        rate_hz = chunk.rate_hz or None
        before = self.rate_hz
        if self._is_new:
            self._first = self.rate_hz = rate_hz
            self._is_new = False
        elif rate_hz != self._first:
            self.rate_hz = None
        return before != self.rate_hz


@dataclass
class Part:
    """Chunks of one stream, in the order in which they came."""

    channels: tuple[Channel, ...]
    rate_hz: float | None = None
    times: list[NDArray[np.float64]] = field(default_factory=list)
    values: list[NDArray[Any]] = field(default_factory=list)


@dataclass
class LogContents:
    """What a log holds.

    Attributes
    ----------
    name : str
        Of the recording.
    subject : str or None
        Who wore the sensors.
    start : datetime or None
        When 0 s was.
    metadata : dict
        Anything else.
    parts : dict of int to Part
        Streams by their number in the file.
    markers : list of (float, str)
        Time in s and text.
    labels : dict of (float, str) to float
        Start and label to stop, in s.
    is_closed : bool
        Whether the writer ended the file on purpose.
    n_frames, n_lost_frames, n_skipped_bytes : int
        Whole frames read, frames missing between them, bytes of no whole frame.
    """

    name: str = ""
    subject: str | None = None
    start: datetime | None = None
    metadata: dict[str, Plain] = field(default_factory=dict)
    parts: dict[int, Part] = field(default_factory=dict)
    markers: list[tuple[float, str]] = field(default_factory=list)
    labels: dict[tuple[float, str], float] = field(default_factory=dict)
    is_closed: bool = False
    n_frames: int = 0
    n_lost_frames: int = 0
    n_skipped_bytes: int = 0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is missing."""
        return self.is_closed and not self.n_lost_frames and not self.n_skipped_bytes

    @property
    def n_samples(self) -> int:
        """Samples of all streams."""
        return sum(len(times) for part in self.parts.values() for times in part.times)

    def set_header(self, header: Mapping[str, Any]) -> None:
        """Take over name, subject, start and metadata as a header states them."""
        self.name = header["name"]
        self.subject = header["subject"]
        start = header["start"]
        self.start = None if start is None else datetime.fromisoformat(start)
        self.metadata.update(header["metadata"])

    def add_label(self, start_s: float, stop_s: float, label: str) -> None:
        """Add a label, or let one that began there end elsewhere."""
        self.labels[start_s, label] = stop_s

    def say_damage(self) -> str:
        """Say what is missing; empty when nothing is."""
        said = []
        if self.n_lost_frames:
            said.append(f"{self.n_lost_frames} batches are damaged or missing")
        if self.n_skipped_bytes:
            said.append(f"{self.n_skipped_bytes} bytes belong to no whole batch")
        if not self.is_closed:
            said.append("it was not closed, as after a crash")
        return "; ".join(said)

    def recording(self, named: str) -> Recording:
        """Return the recording.

        Parameters
        ----------
        named : str
            What messages call it.

        Raises
        ------
        DataError
            When there is not one sample.
        """
        notes = dict(self.metadata)
        streams, n_repeats = self._streams()
        if not streams:
            raise DataError(
                f"{named} must hold at least one whole batch of readings; it holds "
                "none. It ended before the first one was written."
            )
        if n_repeats:
            notes["n_repeated_times"] = n_repeats
        if self.markers:
            kept = [[time_s, text] for time_s, text in sorted(self.markers)]
            notes["markers"] = json.dumps(kept[:MAX_MARKERS], ensure_ascii=False)
        recording = Recording(
            streams,
            name=self.name,
            subject=self.subject,
            start=self.start,
            metadata=notes,
        )
        spans = [(a, b, label) for (a, label), b in self.labels.items() if b > a]
        if not spans:
            return recording
        starts, stops, labels = zip(*spans, strict=True)
        # An event may cover the last sample, so it must end after it.
        end_s = float(np.nextafter(recording.stop_s, np.inf))
        events = Events(starts, stops, labels).crop(recording.start_s, end_s)
        return recording.with_events(events)

    def _streams(self) -> tuple[list[Stream], int]:
        """Return the streams, and how many samples repeated a time."""
        joined: dict[tuple[Channel, ...], Part] = {}
        for part in self.parts.values():
            if not part.times:
                continue
            same = joined.setdefault(part.channels, Part(part.channels, part.rate_hz))
            same.times += part.times
            same.values += part.values
            if part.rate_hz != same.rate_hz:
                same.rate_hz = None
        streams: list[Stream] = []
        taken: set[str] = set()
        n_repeats = 0
        for part in joined.values():
            time_s = np.concatenate(part.times)
            values = np.concatenate(part.values)
            if len(time_s) > 1 and not (np.diff(time_s) > 0).all():
                order = np.argsort(time_s, kind="stable")  # what came late
                is_new = np.diff(time_s[order], prepend=-np.inf) > 0
                n_repeats += int((~is_new).sum())
                time_s, values = time_s[order[is_new]], values[order[is_new]]
            channels = _free_names(part.channels, taken)
            taken.update(channel.name for channel in channels)
            streams.append(Stream(values, time_s, channels, rate_hz=part.rate_hz))
        return streams, n_repeats


def _free_names(channels: tuple[Channel, ...], taken: set[str]) -> list[Channel]:
    """Return channels none of whose names is taken; a number is added to those."""
    number, suffix = 1, ""
    while any(channel.name + suffix in taken for channel in channels):
        number += 1
        suffix = f"_{number}"
    return [replace(channel, name=channel.name + suffix) for channel in channels]
