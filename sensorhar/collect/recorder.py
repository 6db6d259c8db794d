"""Record sources to disk, several at once on one time line, and label what happens."""

import asyncio
import contextlib
import logging
import warnings
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import Any

from sensorhar._checks import check_positive
from sensorhar.collect._book import Book
from sensorhar.collect._join import JoinedNames
from sensorhar.collect._stream_line import StreamLine
from sensorhar.collect.protocol import Protocol, parse_protocol
from sensorhar.collect.recorder_state import RecorderState
from sensorhar.collect.source import Source
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._memory_log import MemoryLog
from sensorhar.io.log import LogWriter, read_log

__all__ = ["Recorder", "record"]

#: How often it is looked whether time is over, and how often the state is told.
TICK_S = 0.1
TELL_S = 1.0
#: What was read before the end may come this long after it.
GRACE_S = 0.5
#: An event is shown for so long after its end: what a source plays comes in chunks.
FRESH_S = 0.5
#: A source that does not close in this time is left alone.
CLOSE_S = 20.0

_log = logging.getLogger(__name__)


class Recorder:
    """Record sources; labels, markers and the end may come from elsewhere meanwhile.

    See :func:`record`, which is this in one call.

    Parameters
    ----------
    sources : Source or sequence of Source
        What to record. The first gives the time line, and the start.
    path : str, Path or None, default=None
        Log to write. None keeps all in memory.
    duration_s : float or None, default=None
        From the first sample on. None: as long as the protocol, the sources, or until
        ``stop``.
    label : str or None, default=None
        What happens from the first sample on.
    subject : str or None, default=None
        Who wears the sensors; None takes what a source knows.
    protocol : str, Protocol or None, default=None
        Script of what happens, from the first sample on.
    on_second : callable or None, default=None
        Called about each second with a :class:`RecorderState`, also while sources are
        still being opened.
    on_open : callable or None, default=None
        Called without arguments when all sources are open.
    overwrite : bool, default=False
        Whether a file at the path may be replaced.

    Raises
    ------
    ValueError
        When there is no source, the duration is not above 0, or both a label and a
        protocol are given.
    """

    def __init__(
        self,
        sources: Source | Sequence[Source],
        *,
        path: str | Path | None = None,
        duration_s: float | None = None,
        label: str | None = None,
        subject: str | None = None,
        protocol: str | Protocol | None = None,
        on_second: Callable[[RecorderState], object] | None = None,
        on_open: Callable[[], object] | None = None,
        overwrite: bool = False,
    ) -> None:
        self.sources = [sources] if isinstance(sources, Source) else list(sources)
        if not self.sources:
            raise ValueError("record needs at least one source; got none.")
        if duration_s is not None:
            check_positive(duration_s, "duration_s", "s")
        if label is not None and protocol is not None:
            raise ValueError(
                f"what happens must be said once; got label={label!r} and a protocol. "
                "Leave one of them out."
            )
        self.protocol = (
            parse_protocol(protocol) if isinstance(protocol, str) else protocol
        )
        self.path = None if path is None else Path(path)
        self.duration_s = duration_s
        self.subject = subject
        self.on_second = on_second
        self.on_open = on_open
        self.overwrite = overwrite
        self.problem = ""
        self._label = label or ""
        self._begin_s: float | None = None
        self._offsets = [0.0] * len(self.sources)
        self._names = JoinedNames(self.sources)
        self._lines: dict[str, StreamLine] = {}
        self._book: Book | None = None
        self._over = asyncio.Event()
        self._errors: list[BaseException] = []

    def stop(self) -> None:
        """End the recording; what has come already is still written."""
        self._over.set()

    @property
    def is_stopping(self) -> bool:
        """Whether the end has been asked for, or has come."""
        return self._over.is_set()

    def mark(self, text: str) -> None:
        """Note that something happened now."""
        if self._book is not None:
            self._book.mark(self._book.now_s, text)

    def label(self, label: str | None) -> None:
        """Say what happens from now on; None or an empty word ends a label."""
        self._label = label or ""
        if self._book is not None and self._begin_s is not None:
            self._book.begin_label(self._label, self._book.now_s)

    def state(self) -> RecorderState:
        """Return how the recording does."""
        book, begin_s = self._book, self._begin_s
        elapsed_s = 0.0 if book is None or begin_s is None else book.now_s - begin_s
        moment = self.protocol.at(elapsed_s) if self.protocol else None
        lines = self._lines.values()
        return RecorderState(
            max(elapsed_s, 0.0),
            moment.label if moment and begin_s is not None else self._label_now(),
            moment,
            tuple(source.state() for source in self.sources),
            sum(line.n_samples for line in lines),
            sum(line.n_gaps for line in lines),
            sum(line.gap_s for line in lines),
            self.problem or (book.sink.problem if book else ""),
        )

    def _label_now(self) -> str:
        """Return what was said here, or else what a source says: a tap on a page."""
        for source in self.sources if not self._label else ():
            now_s, events = source.now_s(), getattr(source, "events", None)
            for event in reversed(list(events or ())):
                if event.start_s <= now_s <= event.stop_s + FRESH_S:
                    return str(event.label)
        return self._label

    async def run(self) -> Recording:
        """Record until time is over, all sources have ended, or ``stop``.

        Returns
        -------
        Recording
            What was recorded.

        Raises
        ------
        DataError
            When no reading came.
        OSError
            When the log cannot be made.

        Warns
        -----
        SensorharWarning
            When the disk filled up and the recording had to end early.
        """
        opened: list[Source] = []
        sink: LogWriter | MemoryLog | None = None
        try:
            if await self._open_all(opened):
                sink = self._make_sink(self.sources[0].start)
                book = self._book = Book(sink, self.sources, self._offsets)
                if self.on_open is not None:
                    self.on_open()
                await self._record(book)
        finally:
            await self._close_all(opened)
            if self._book is not None:
                self._finish(self._book)
        if self._errors and len(self._errors) == len(self.sources):
            raise self._errors[0]
        if self.problem:
            warnings.warn(
                f"the recording ended early: {self.problem}. What was recorded before "
                "stays.",
                SensorharWarning,
                stacklevel=2,
            )
        if self._begin_s is None or sink is None:
            if isinstance(sink, LogWriter):
                sink.path.unlink()  # so that the next try may take its name
            raise DataError(
                f"{', '.join(source.name for source in self.sources)} must send "
                "readings; none came. Check that the device is on and near."
            )
        if isinstance(sink, LogWriter):
            return read_log(sink.path)
        return sink.recording()

    async def _open_all(self, opened: list[Source]) -> bool:
        """Open all sources; return False if the recording was ended meanwhile."""
        over = asyncio.create_task(self._over.wait())
        try:
            for source in self.sources:
                entry = asyncio.create_task(source.__aenter__())
                opened.append(source)
                try:
                    await self._wait_telling({entry, over})
                finally:
                    if not entry.done():
                        entry.cancel()
                        await asyncio.wait({entry})
                if entry.cancelled():
                    return False
                entry.result()  # raises what the source raised
        finally:
            over.cancel()
        first = self.sources[0]
        for i, source in enumerate(self.sources[1:], 1):
            self._offsets[i] = first.now_s() - source.now_s()
        return not self._over.is_set()

    async def _wait_telling(self, tasks: set[asyncio.Task[Any]]) -> None:
        """Wait for the first of some tasks, and tell the state meanwhile."""
        while True:
            first = asyncio.FIRST_COMPLETED
            done, _ = await asyncio.wait(tasks, timeout=TELL_S, return_when=first)
            if done:
                return
            if self.on_second is not None:
                self.on_second(self.state())

    def _make_sink(self, start: datetime) -> LogWriter | MemoryLog:
        known = (getattr(source, "subject", None) for source in self.sources)
        subject = self.subject or next(filter(None, known), None)
        if self.path is None:
            return MemoryLog(start=start, name=self.sources[0].name, subject=subject)
        # Synced each second from a thread, so that a slow disk stops nothing.
        return LogWriter(
            self.path,
            start=start,
            subject=subject,
            sync_s=None,
            overwrite=self.overwrite,
        )

    async def _record(self, book: Book) -> None:
        drains = [
            asyncio.create_task(self._drain(book, i, source))
            for i, source in enumerate(self.sources)
        ]
        ticker = asyncio.create_task(self._tick(book))
        over = asyncio.create_task(self._over.wait())
        try:
            pending: set[asyncio.Task[object]] = {*drains}
            while pending and not over.done() and not ticker.done():
                await asyncio.wait(
                    {*pending, over, ticker}, return_when="FIRST_COMPLETED"
                )
                pending = {task for task in pending if not task.done()}
            for source in self.sources:
                source.stop()
            if pending:
                await asyncio.wait(pending, timeout=5.0)
        finally:
            self._over.set()
            for task in (*drains, over):
                task.cancel()
            await asyncio.wait({*drains, over, ticker})
        for source, task in zip(self.sources, drains, strict=True):
            error = None if task.cancelled() else task.exception()
            if error is not None:
                self._errors.append(error)
                self.mark(f"{source.name} failed: {error}")
                _log.warning("%s failed: %s", source.name, error)
        ticker.result()  # raises what on_second raised

    async def _drain(self, book: Book, number: int, source: Source) -> None:
        """Write what a source yields."""
        async for chunk in source:
            self._take(book, number, chunk)
            if self.problem:
                return

    def _take(self, book: Book, number: int, chunk: Stream) -> None:
        chunk = self._names.rename(number, chunk)
        offset_s = self._offsets[number]
        if offset_s:
            times = chunk.time_s + offset_s
            rate_hz = chunk.rate_hz or None
            chunk = Stream(chunk.values, times, chunk.channels, rate_hz=rate_hz)
        name = chunk.channel_names[0]
        line = self._lines.setdefault(name, StreamLine(name))
        now_s = self.sources[number].now_s() + offset_s
        placed, markers = line.place(chunk, now_s)
        try:
            if self._begin_s is None:
                self._begin(book, placed[0].start_s)
            for marker in markers:
                book.mark(marker.time_s, marker.text)
            for one in placed:
                self._write(book, one)
        except OSError as error:
            self._give_up(error)

    def _begin(self, book: Book, begin_s: float) -> None:
        """Let time run from the first sample on."""
        self._begin_s = begin_s
        length_s = self.duration_s
        if self.protocol is not None:
            book.write_protocol(self.protocol, begin_s)
            if length_s is None:
                length_s = self.protocol.length_s
        if length_s is not None:
            book.stop_s = begin_s + length_s
        book.begin_label(self._label, begin_s)

    def _write(self, book: Book, chunk: Stream) -> None:
        if chunk.stop_s < book.stop_s:
            book.sink.write(chunk)
            return
        if chunk.start_s < book.stop_s:
            book.sink.write(chunk.crop(chunk.start_s, book.stop_s))
        if chunk.start_s >= book.stop_s + GRACE_S:
            self._over.set()

    async def _tick(self, book: Book) -> None:
        """Look after time: the end, labels, markers, the disk, the screen."""
        told_s = monotonic()
        while not self._over.is_set():
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._over.wait(), TICK_S)
            if book.now_s >= book.stop_s + GRACE_S:
                self._over.set()
            if monotonic() - told_s < TELL_S:
                continue
            told_s = monotonic()
            try:
                book.look_after()
                await asyncio.to_thread(book.sink.sync)
            except OSError as error:
                self._give_up(error)
            if self.on_second is not None:
                self.on_second(self.state())

    def _give_up(self, error: OSError) -> None:
        self.problem = self.problem or error.strerror or str(error)
        _log.warning("the recording ends: %s", self.problem)
        self._over.set()

    async def _close_all(self, opened: list[Source]) -> None:
        for source in reversed(opened):
            try:
                await asyncio.wait_for(source.__aexit__(None, None, None), CLOSE_S)
            except (OSError, TimeoutError) as error:
                _log.warning("%s did not close: %r", source.name, error)

    def _finish(self, book: Book) -> None:
        """Write the last words, and close."""
        try:
            book.finish(self._lines)
        except OSError as error:
            self._give_up(error)
        try:
            book.sink.close()
        except OSError as error:
            self._give_up(error)


async def record(
    source: Source | Sequence[Source],
    *,
    path: str | Path | None = None,
    duration_s: float | None = None,
    label: str | None = None,
    subject: str | None = None,
    protocol: str | Protocol | None = None,
    on_second: Callable[[RecorderState], object] | None = None,
    on_open: Callable[[], object] | None = None,
) -> Recording:
    """Record a source, or several at once on one time line.

    What comes is written as it came: a gap stays a gap and gets a marker, nothing is
    interpolated, and a sensor that keeps still goes on being written. Losses, gaps and
    jumps of a clock are counted in the metadata; markers are there as JSON.

    Parameters
    ----------
    source : Source or sequence of Source
        What to record. The first gives the time line, and the start. Of several, the
        channels are named after place or source: ``wrist_acc_x``.
    path : str, Path or None, default=None
        Log to write, which survives a crash; see :func:`sensorhar.io.read_log`. None
        keeps all in memory.
    duration_s : float or None, default=None
        From the first sample on. None: as long as the protocol, or until the sources
        end.
    label : str or None, default=None
        What happens all the time.
    subject : str or None, default=None
        Who wears the sensors; None takes what a source knows.
    protocol : str, Protocol or None, default=None
        Script of what happens, such as ``"walk 60 s, sit 60 s"``; its labels become
        the events.
    on_second : callable or None, default=None
        Called about each second with a :class:`RecorderState`.
    on_open : callable or None, default=None
        Called without arguments when all sources are open: the time to tell how a
        phone connects, ``lambda: print(source.how_to_connect())``.

    Returns
    -------
    Recording
        What was recorded, with what happened as events.

    Raises
    ------
    DataError
        When no reading came.
    FileExistsError
        When the path exists.
    ValueError
        As the constructor of :class:`Recorder`.

    Warns
    -----
    SensorharWarning
        When the disk filled up and the recording had to end early.

    Examples
    --------
    >>> import math
    >>> from sensorhar.collect.simulated import SimulatedSource
    >>> source = SimulatedSource("walk 5 s, sit 5 s", speed=math.inf, random_state=0)
    >>> recording = asyncio.run(record(source, duration_s=4, label="walking"))
    >>> recording.events.labels.tolist()
    ['walking']
    """
    recorder = Recorder(
        source,
        path=path,
        duration_s=duration_s,
        label=label,
        subject=subject,
        protocol=protocol,
        on_second=on_second,
        on_open=on_open,
    )
    return await recorder.run()
