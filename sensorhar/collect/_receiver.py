"""What all receivers of phone apps share: senders, streams, counts, time."""

from __future__ import annotations

import asyncio
import json
import logging
from abc import abstractmethod
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.collect._stamps import StampClock
from sensorhar.collect._track import Track
from sensorhar.collect.source import Source, SourceState, StreamState
from sensorhar.sensors import SENSORS

__all__ = [
    "Receiver",
    "Sender",
    "as_object",
    "check_address",
    "check_port",
    "gps_row",
    "rows_to_table",
]

logger = logging.getLogger(__name__)

#: Rows that come one by one are handed on together after this.
CHUNK_S = 0.1
#: More senders at once are somebody's mistake.
MAX_SENDERS = 32
#: Rows held for a chunk; a second of 20 sensors at 500 Hz.
MAX_HELD_ROWS = 10_000
CLOSE_S = 5.0


@dataclass
class Sender:
    """One phone that sends, with its clock."""

    place: str
    is_prefixed: bool
    clock: StampClock = field(default_factory=StampClock)


@dataclass
class _Held:
    """Rows of one stream that wait to become a chunk."""

    sender: Sender
    clock: StampClock
    rows: list[Sequence[float]] = field(default_factory=list)
    stamps_ns: list[int] = field(default_factory=list)


class Receiver(Source):
    """A source whose readings come as messages of apps, good or bad.

    ``_run`` is what a subclass does while it is open. ``_row`` and ``_rows`` take
    readings, ``_bad`` counts a message that was none.
    """

    def __init__(self, *, place: str = "", name: str) -> None:
        super().__init__()
        self.name = name
        self._place = place
        self._forget()

    def _forget(self) -> None:
        self._senders: dict[str, Sender] = {}
        self._tracks: dict[tuple[str, str], Track] = {}
        self._held: dict[tuple[str, str], _Held] = {}
        self._tasks: list[asyncio.Task[None]] = []
        self.n_bad = 0
        self.n_lost = self.n_duplicates = self.n_reordered = 0
        self._is_connected = False

    async def _open(self) -> None:
        self._forget()
        is_open = False
        try:
            await self._start()
            is_open = True
        finally:
            if not is_open:
                await self._stop()
        self._tasks.append(asyncio.create_task(self._hand_on()))

    async def _close(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=CLOSE_S)
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stop(), CLOSE_S)
        self._finish()
        self._flush()
        self._is_connected = False

    @abstractmethod
    async def _start(self) -> None:
        """Begin to listen, or start the tasks that fetch."""

    @abstractmethod
    async def _stop(self) -> None:
        """Let go of sockets."""

    def _tick(self) -> None:
        """Do what is to be done ten times a second."""

    def _finish(self) -> None:
        """Take what still waits for something, as nothing more will come."""

    def stop(self) -> None:
        """End the iteration after what has come already."""
        self._finish()
        self._flush()
        super().stop()

    def state(self) -> SourceState:
        """Return how the source does.

        Returns
        -------
        SourceState
            The stream called ``"messages"`` is what came over the wire and could not
            be told apart by sensor.
        """
        now_s = self.now_s()
        streams = [t.state(now_s) for t in self._tracks.values() if t.name]
        counts = self.n_lost, self.n_duplicates, self.n_reordered, self.n_bad
        if any(counts):
            streams.append(StreamState("messages", 0.0, 0, *counts))
        return SourceState(
            self.name, self._is_connected, tuple(streams), n_dropped=self._n_dropped
        )

    async def _hand_on(self) -> None:
        while True:
            await asyncio.sleep(CHUNK_S)
            self._tick()
            self._flush()

    def _sender(self, key: str, place: str | None = None) -> Sender | None:
        """Return who sends; None where there are too many."""
        if key not in self._senders:
            number = len(self._senders) + 1
            if number > MAX_SENDERS:
                return None
            if place:
                self._senders[key] = Sender(place, True)
            else:
                others = f"{self._place}{number}" if self._place else f"phone{number}"
                place = self._place if number == 1 else others
                self._senders[key] = Sender(place, number > 1)
            self._mark(f"{key} sends")
        return self._senders[key]

    def _see(
        self, clock: StampClock, oldest_ns: int, newest_ns: int, arrival_s: float
    ) -> None:
        """Take in the stamps of a message that has come in order."""
        if clock.would_be_set(oldest_ns, newest_ns, arrival_s):
            self._flush()  # what is held was stamped before
            self._mark("the sender's clock was set")
        clock.see(oldest_ns, newest_ns, arrival_s)

    def _row(
        self,
        kind: str,
        row: Sequence[float],
        stamp_ns: int,
        sender: Sender,
        *,
        clock: StampClock | None = None,
    ) -> None:
        """Take one row, to be handed on with others."""
        held = self._held.get((kind, sender.place))
        if held is None:
            held = _Held(sender, clock or sender.clock)
            self._held[kind, sender.place] = held
        held.rows.append(row)
        held.stamps_ns.append(stamp_ns)
        if len(held.rows) >= MAX_HELD_ROWS:
            self._flush()

    def _rows(
        self,
        kind: str,
        table: NDArray[np.float64],
        stamps_ns: NDArray[np.int64],
        sender: Sender,
        *,
        clock: StampClock | None = None,
        place: str | None = None,
    ) -> None:
        """Take a table in SI and hand it on at once."""
        where = sender.place if place is None else place
        key = (kind, where)
        if key not in self._tracks:
            self._tracks[key] = Track(
                kind, where, sender.is_prefixed or place is not None
            )
        track = self._tracks[key]
        chunk, gap_s = track.take(table, stamps_ns, clock or sender.clock, self.now_s())
        if chunk is not None:
            self._put(chunk)
        if gap_s:
            self._mark(f"gap {gap_s:.2f} s in {track.name}")

    def _flush(self) -> None:
        held_all, self._held = self._held, {}
        for (kind, _), held in held_all.items():
            table, is_good = rows_to_table(held.rows, len(SENSORS[kind].channels))
            self.n_bad += int((~is_good).sum())
            if is_good.any():
                stamps_ns = np.array(held.stamps_ns, dtype=np.int64)[is_good]
                good = table[is_good]
                self._rows(kind, good, stamps_ns, held.sender, clock=held.clock)

    def _bad(self, why: str) -> None:
        self.n_bad += 1
        logger.debug("%s left out a message: %s", self.name, why)


def check_port(port: int) -> None:
    """Raise a ValueError unless a number is a port; 0 lets the system choose."""
    if isinstance(port, bool) or not isinstance(port, int) or not 0 <= port < 65536:
        raise ValueError(
            f"port must be a whole number from 0 to 65535; got {port!r}. 0 takes any "
            "that is free."
        )


def check_address(address: str) -> str:
    """Return host and port of an address, or raise a ValueError."""
    host = address.strip().removeprefix("ws://").removeprefix("http://").rstrip("/")
    name, _, port = host.rpartition(":")
    if not name or not port.isdigit() or not 0 < int(port) < 65536 or "/" in host:
        raise ValueError(
            "address must be host:port as the app shows it, such as "
            f"'192.168.1.5:8080'; got {address!r}."
        )
    return host


def as_object(content: bytes | str) -> dict[str, Any] | None:
    """Return a JSON object, or None where it is none."""
    try:
        found = json.loads(content)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def rows_to_table(
    rows: Sequence[Any], n_columns: int
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Return rows as numbers, NaN where there is none, and which rows are rows."""
    try:
        table = np.array(rows, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        table = np.zeros(0)
    if table.shape == (len(rows), n_columns):
        return table, np.ones(len(rows), dtype=np.bool_)
    table = np.full((len(rows), n_columns), np.nan)
    is_good = np.zeros(len(rows), dtype=np.bool_)
    for i, row in enumerate(rows):
        try:
            one = np.array(row, dtype=np.float64)
        except (TypeError, ValueError, OverflowError):
            continue
        if one.shape == (n_columns,):
            table[i], is_good[i] = one, True
    return table, is_good


def gps_row(fix: dict[str, Any], keys: Sequence[str | None]) -> list[float] | None:
    """Return latitude, longitude, ... of a fix; None where it is no place on earth.

    Phones write negative numbers for a speed, bearing or accuracy they do not know.
    """
    raw = [[fix.get(key) if key else None for key in keys]]
    table, is_good = rows_to_table(raw, 6)
    row = table[0]
    if not is_good[0] or not (abs(row[0]) <= 90 and abs(row[1]) <= 180):
        return None
    if row[0] == 0 and row[1] == 0:  # what a receiver says before it has a fix
        return None
    row[3:][row[3:] < 0] = np.nan
    return [float(number) for number in row]
