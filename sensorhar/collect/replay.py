"""A recording played again, as if it came from a device now."""

import asyncio
import math
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive
from sensorhar.collect.source import Source, SourceState, StreamState
from sensorhar.data.events import Events
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.io.read import read

__all__ = ["ReplaySource"]


class ReplaySource(Source):
    """Yield a recording in chunks, in its own time or faster.

    ::

        recording   |---------|---------|---------|      pieces of chunk_s
        speed 1               ^         ^         ^      each comes when it is over
        speed 2          ^    ^    ^                     twice as fast
        speed inf   ^^^                                  as fast as they are taken

    A consumer that is slow gets everything later; nothing is dropped.

    Parameters
    ----------
    recording : Recording, str or Path
        What to play, or a file that :func:`sensorhar.read` reads.
    speed : float, default=1.0
        Seconds of the recording in a second; ``math.inf`` does not wait at all.
    chunk_s : float, default=0.1
        Time that one chunk of a stream covers, in s.
    stamps : {"original", "now"}, default="original"
        "original" keeps times and start of the recording, so that what comes out is
        what went in, bit for bit. "now" lets it begin at 0 s now; at another speed the
        times shrink or grow with it.

    Raises
    ------
    ValueError
        When a number is not above 0, or ``stamps`` is "now" at infinite speed.
    DataError
        When the file holds no recording.

    Examples
    --------
    >>> import asyncio, math, sensorhar as sh
    >>> recording = sh.simulate_recordings(1, minutes_per_activity=0.1)[0]
    >>> async def count():
    ...     async with ReplaySource(recording, speed=math.inf) as source:
    ...         return sum([chunk.n_samples async for chunk in source])
    >>> asyncio.run(count()) == sum(s.n_samples for s in recording.streams)
    True
    """

    def __init__(
        self,
        recording: Recording | str | Path,
        *,
        speed: float = 1.0,
        chunk_s: float = 0.1,
        stamps: Literal["original", "now"] = "original",
    ) -> None:
        super().__init__()
        check_choice(stamps, "stamps", ("original", "now"))
        check_positive(chunk_s, "chunk_s", "s")
        if speed != math.inf:
            check_positive(speed, "speed")
        elif stamps == "now":
            raise ValueError(
                'stamps="now" must have a finite speed; got inf. Keep the original '
                "stamps to play without waiting."
            )
        if not isinstance(recording, Recording):
            found = read(recording)
            if not isinstance(found, Recording):
                raise ValueError(
                    f"{Path(recording).name} must hold a recording to be played; it "
                    "holds windows, which have no common time."
                )
            recording = found
        self.recording = recording
        self.name = "replay"
        self.subject = recording.subject
        self.speed = speed
        self.chunk_s = chunk_s
        self.stamps = stamps
        self._pieces: Iterator[tuple[float, Stream]] = iter(())
        self._taken: dict[str, int] = {}
        self._played_s = recording.start_s
        self._is_open = False

    @property
    def events(self) -> Events:
        """What happened in the part that was played, on the source's time line."""
        events = self.recording.events
        if events is None or self._played_s <= self.recording.start_s:
            return Events.empty()
        cut = events.crop(self.recording.start_s, self._played_s)
        if self.stamps == "original" or not len(cut):
            return cut
        starts, stops = self._on_line(cut.start_s), self._on_line(cut.stop_s)
        return Events(starts, stops, cut.labels)

    @property
    def metadata(self) -> dict[str, str | int | float | bool]:
        """That of the recording, and its name as ``replayed``."""
        return {**self.recording.metadata, "replayed": self.recording.name}

    async def _open(self) -> None:
        if self.stamps == "original" and self.recording.start is not None:
            self.start = self.recording.start
        self._zero_s = monotonic()
        self._pieces = self._cut()
        self._taken = {}
        self._played_s = self.recording.start_s
        self._is_open = True

    async def _close(self) -> None:
        self._pieces = iter(())
        self._is_open = False

    def now_s(self) -> float:
        """Return the present moment on the source's time line, in s."""
        if self.stamps == "now":
            return super().now_s()
        if self.speed == math.inf or not self._is_open:
            return self._played_s
        elapsed_s = super().now_s() * self.speed
        return min(self.recording.start_s + elapsed_s, self.recording.stop_s)

    def state(self) -> SourceState:
        """Return how the source does; rates are those of the recording."""
        rates = {s.channel_names[0]: s.rate_hz for s in self.recording.streams}
        streams = tuple(
            StreamState(name, rates[name], n) for name, n in self._taken.items()
        )
        is_on = self._is_open and not self._is_ended
        return SourceState(self.name, is_on, streams, n_dropped=self._n_dropped)

    async def __anext__(self) -> Stream:
        if not self._is_ended:
            for due_s, chunk in self._pieces:
                if not await self._is_due(due_s):
                    break
                self._played_s = max(self._played_s, chunk.stop_s)
                name = chunk.channel_names[0]
                self._taken[name] = self._taken.get(name, 0) + chunk.n_samples
                return self._moved(chunk)
            self._end()
            self._played_s = np.nextafter(self._played_s, np.inf)
        raise StopAsyncIteration

    async def _is_due(self, due_s: float) -> bool:
        """Wait for a moment of the recording; return False if the source ended."""
        begin_s = self.recording.start_s
        while not self._is_ended:
            wait_s = (due_s - begin_s) / self.speed - super().now_s()
            if self.speed == math.inf or wait_s <= 0:
                await asyncio.sleep(0)  # others must get their turn
                break
            self._news.clear()
            try:
                await asyncio.wait_for(self._news.wait(), wait_s)
            except TimeoutError:
                break
        return not self._is_ended

    def _cut(self) -> Iterator[tuple[float, Stream]]:
        """Yield pieces of all streams and when each is over, in s."""
        begin_s = self.recording.start_s
        n_pieces = math.floor(self.recording.duration_s / self.chunk_s) + 1
        ends = begin_s + self.chunk_s * np.arange(1, n_pieces + 1)
        cuts = [np.searchsorted(s.time_s, ends) for s in self.recording.streams]
        first = np.zeros(len(cuts), dtype=int)
        for i, end_s in enumerate(ends):
            for j, stream in enumerate(self.recording.streams):
                a, b = first[j], cuts[j][i]
                if a < b:
                    first[j] = b
                    due_s = float(stream.time_s[b - 1]) if i == n_pieces - 1 else end_s
                    yield due_s, _piece(stream, int(a), int(b))

    def _moved(self, chunk: Stream) -> Stream:
        """Return a chunk on the source's time line."""
        if self.stamps == "original":
            return chunk
        rate_hz = chunk.rate_hz * self.speed or None
        times = self._on_line(chunk.time_s)
        return Stream(chunk.values, times, chunk.channels, rate_hz=rate_hz)

    def _on_line(self, time_s: NDArray[np.float64]) -> NDArray[np.float64]:
        return (time_s - self.recording.start_s) / self.speed


def _piece(stream: Stream, first: int, last: int) -> Stream:
    """Return some samples; a single one must know the rate of the others."""
    return Stream(
        stream.values[first:last],
        stream.time_s[first:last],
        stream.channels,
        rate_hz=stream.rate_hz or None,
    )
