"""The one protocol of everything that yields readings as they come."""

import asyncio
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from time import monotonic
from types import TracebackType
from typing import Self

from sensorhar.data.stream import Stream

__all__ = ["Marker", "Source", "SourceState", "StreamState"]

#: Chunks kept for a consumer that is slow, before the oldest are dropped and counted.
MAX_QUEUED = 10_000


@dataclass(frozen=True)
class Marker:
    """A remark on a source's time line, such as ``"connected"`` or ``"gap 1.2 s"``.

    Parameters
    ----------
    time_s : float
        On the source's time line.
    text : str
        What happened.
    """

    time_s: float
    text: str


@dataclass(frozen=True)
class StreamState:
    """How one stream does.

    Attributes
    ----------
    name : str
        First channel of the stream, such as ``"acc_x"``.
    rate_hz : float
        Samples per second, measured over the last seconds.
    n_samples, n_lost, n_duplicates, n_reordered, n_bad : int
        Samples yielded; samples missing by sequence number or device time; packets
        that came twice, late, or could not be decoded.
    """

    name: str
    rate_hz: float
    n_samples: int
    n_lost: int = 0
    n_duplicates: int = 0
    n_reordered: int = 0
    n_bad: int = 0


@dataclass(frozen=True)
class SourceState:
    """How a source does.

    Attributes
    ----------
    name : str
        What the source is called.
    is_connected : bool
        Whether readings may come.
    streams : tuple of StreamState
        In the order in which they first came.
    battery_percent : float or None
        Of the device, where it tells.
    n_dropped : int
        Chunks that nobody took before the queue was full.
    """

    name: str
    is_connected: bool
    streams: tuple[StreamState, ...] = ()
    battery_percent: float | None = None
    n_dropped: int = 0


class Source(ABC):
    """Base of all sources: an async context manager that yields Stream chunks.

    ::

        async with source:              # connects, or begins to listen
            async for chunk in source:  # a short Stream, times in s since source.start
                ...

    A subclass gives ``_open`` and ``_close`` and calls ``_put`` and ``_mark`` as
    readings come; ``_end`` ends the iteration. Nothing is ever done in a callback but
    ``_put``.

    Attributes
    ----------
    name : str
        What it is called in logs.
    start : datetime
        When 0 s was, in UTC; set on entry.
    """

    name: str = "source"
    start: datetime

    def __init__(self) -> None:
        self._queue: deque[Stream] = deque()
        self._markers: list[Marker] = []
        self._news = asyncio.Event()
        self._is_ended = False
        self._n_dropped = 0
        self._zero_s = 0.0

    @abstractmethod
    async def _open(self) -> None:
        """Connect, or begin to listen; return when readings may come."""

    @abstractmethod
    async def _close(self) -> None:
        """Let go of everything; each await with a time-out."""

    @abstractmethod
    def state(self) -> SourceState:
        """Return how the source does; cheap, called each second."""

    async def __aenter__(self) -> Self:
        self._queue.clear()
        self._is_ended = False
        self._zero_s = monotonic()
        self.start = datetime.now(UTC)
        await self._open()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()
        await self._close()

    def __aiter__(self) -> AsyncIterator[Stream]:
        return self

    async def __anext__(self) -> Stream:
        while not self._queue:
            if self._is_ended:
                raise StopAsyncIteration
            self._news.clear()
            await self._news.wait()
        return self._queue.popleft()

    def now_s(self) -> float:
        """Return the present moment on the source's time line, in s."""
        return monotonic() - self._zero_s

    def stop(self) -> None:
        """End the iteration after what has come already."""
        self._end()

    def take_markers(self) -> list[Marker]:
        """Return the markers since the last call."""
        taken, self._markers = self._markers, []
        return taken

    def _put(self, chunk: Stream) -> None:
        """Hand a chunk on; from the event loop's thread."""
        if len(self._queue) >= MAX_QUEUED:
            self._queue.popleft()
            self._n_dropped += 1
        self._queue.append(chunk)
        self._news.set()

    def _mark(self, text: str) -> None:
        """Note what happened now."""
        self._markers.append(Marker(self.now_s(), text))
        self._news.set()

    def _end(self) -> None:
        self._is_ended = True
        self._news.set()
