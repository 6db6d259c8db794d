"""What is written beside the readings: labels, markers, and what sources tell."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Protocol as Shape

import numpy as np

from sensorhar.collect._stream_line import StreamLine
from sensorhar.collect.protocol import Protocol
from sensorhar.collect.source import Source
from sensorhar.data.events import Events
from sensorhar.data.stream import Stream

__all__ = ["Book", "Sink"]

#: The wall clock was set, or the computer slept, when it moves so far by itself.
WALL_S = 2.0


class Sink(Shape):
    """What takes readings and words: a log on disk, or one in memory."""

    @property
    def problem(self) -> str:
        """Why readings wait; empty while all is well."""

    def write(self, chunk: Stream) -> None:
        """Append a chunk."""

    def mark(self, time_s: float, text: str) -> None:
        """Append a remark."""

    def label(self, start_s: float, stop_s: float, label: str) -> None:
        """Append what happened from when to when."""

    def note(self, metadata: Mapping[str, str | int | float | bool]) -> None:
        """Add to the metadata."""

    def sync(self) -> None:
        """Make sure that all survives."""

    def close(self) -> None:
        """Write the end."""


class Book:
    """Keep the book of a recording, on the time line of its first source.

    Parameters
    ----------
    sink : Sink
        Where it is written.
    sources : sequence of Source
        All, open.
    offsets_s : sequence of float
        What their times are behind the line, in s.
    """

    def __init__(
        self, sink: Sink, sources: Sequence[Source], offsets_s: Sequence[float]
    ) -> None:
        self.sink = sink
        self.stop_s = np.inf
        self._sources = sources
        self._offsets_s = offsets_s
        self._label = ""
        self._since_s = 0.0
        self._said: dict[tuple[float, str], float] = {}
        self._wall_s = self._ahead_s()

    @property
    def now_s(self) -> float:
        """The present moment on the line."""
        return self._sources[0].now_s()

    @property
    def is_live(self) -> bool:
        """Whether the line follows the clock of this computer."""
        return type(self._sources[0]).now_s is Source.now_s

    def mark(self, time_s: float, text: str) -> None:
        """Write a remark, unless it comes after the end."""
        if time_s < self.stop_s:
            self.sink.mark(time_s, text)

    def begin_label(self, label: str, since_s: float) -> None:
        """Say what happens from a time on; an empty word ends a label."""
        self.write_label(since_s)
        self._label, self._since_s = label, since_s

    def write_label(self, until_s: float) -> None:
        """Write the label up to a time; what is written last of a start counts."""
        stop_s = min(until_s, self.stop_s)
        if self._label and stop_s > self._since_s:
            self.sink.label(self._since_s, stop_s, self._label)

    def write_protocol(self, protocol: Protocol, begin_s: float) -> None:
        """Write all labels at once; a reader leaves out what nobody recorded."""
        for event in protocol.events(begin_s):
            self.sink.label(event.start_s, event.stop_s, event.label)

    def look_after(self) -> None:
        """Write what is known by now of labels, markers and devices."""
        self.write_label(self.now_s)
        for source, offset_s in zip(self._sources, self._offsets_s, strict=True):
            for marker in source.take_markers():
                self.mark(marker.time_s + offset_s, marker.text)
            self._write_events(getattr(source, "events", None), offset_s)
            self.sink.note(dict(getattr(source, "metadata", {})))
        moved_s = self._ahead_s() - self._wall_s
        if self.is_live and abs(moved_s) > WALL_S:
            self.mark(
                self.now_s, f"wall clock moved by {moved_s:.3f} s; times here did not"
            )
            self._wall_s += moved_s

    def finish(self, lines: Mapping[str, StreamLine]) -> None:
        """Write the last words."""
        end_s = max((line.last_s for line in lines.values()), default=-np.inf)
        if self.is_live:
            end_s = max(end_s, min(self.now_s, self.stop_s))
        for line in lines.values():
            for marker in line.gap_until(min(end_s, self.stop_s)):
                self.mark(marker.time_s, marker.text)
        self.look_after()
        # The last sample belongs to what was happening when it was read.
        self.write_label(float(np.nextafter(end_s, np.inf)))
        self.sink.note(self._counts(lines))

    def _ahead_s(self) -> float:
        """Return by how much the wall clock is ahead of the line, in s."""
        wall = datetime.now(UTC) - self._sources[0].start
        return (wall - timedelta(seconds=self.now_s)).total_seconds()

    def _write_events(self, events: Events | None, offset_s: float) -> None:
        """Write what a source says that happened, as far as it is news.

        An event may end earlier than was said: who goes on to something else out of
        reach is heard of later.
        """
        for event in events if isinstance(events, Events) else ():
            start_s = event.start_s + offset_s
            stop_s = min(event.stop_s + offset_s, self.stop_s)
            if start_s < stop_s != self._said.get((start_s, event.label)):
                self._said[start_s, event.label] = stop_s
                self.sink.label(start_s, stop_s, event.label)

    def _counts(self, lines: Mapping[str, StreamLine]) -> dict[str, int | float]:
        """Return what was lost, as far as it is not 0."""
        found: dict[str, int | float] = {}
        for source in self._sources:
            state = source.state()
            if state.n_dropped:
                found[f"{source.name} n_dropped_chunks"] = state.n_dropped
            for stream in state.streams:
                for what in ("lost", "duplicates", "reordered", "bad"):
                    if n := getattr(stream, f"n_{what}"):
                        found[f"{stream.name} n_{what}"] = n
        for name, line in lines.items():
            if line.n_gaps:
                found[f"{name} n_gaps"] = line.n_gaps
                found[f"{name} gap_s"] = round(line.gap_s, 6)
            if line.n_jumps:
                found[f"{name} n_clock_jumps"] = line.n_jumps
        return found
