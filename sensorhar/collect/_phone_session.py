"""The talk with one opened page: nothing twice, nothing lost, both clocks known."""

import asyncio
from collections import deque
from typing import Any

from sensorhar.collect._page_clock import PageClock
from sensorhar.collect._phone_messages import (
    BadMessageError,
    Batch,
    Hello,
    Pong,
)

__all__ = ["PhoneSession"]

#: Batches a page may send ahead of the acknowledgement: ten seconds of them. Together
#: with the number of phones this keeps the source's queue below its limit.
WINDOW = 50
#: Pings before the first batch is asked for, and the time between later ones.
N_FIRST_PINGS = 5
PING_S = 2.0
#: A ping without an answer is given up after this.
PING_LOST_S = 8.0
#: A page that was not heard for this long counts as gone.
SILENT_S = 5.0


class PhoneSession:
    """State of one opened page, whatever carries its messages.

    ::

        page                                server
         │ hello {phone, session, first} ──▶ │
         │ ◀─────────────────────────── ping │  five times, to know the page's clock
         │ pong {now_ms} ──────────────────▶ │
         │ ◀───────── welcome {next, labels} │
         │ batch {number: next, ...} ──────▶ │  handed to the consumer
         │ ◀────────────────────── ack {next}│  the consumer came back for more

    Batches are numbered. The page keeps each until it is acknowledged, and after a
    broken connection sends again from the number that ``welcome`` names. One that
    comes again is counted and left out; it is acknowledged when its chunks were
    consumed, so that a recorder that is killed has lost nothing that the page forgot.

    Times are those of ``time.monotonic()``, in s.
    """

    def __init__(self, hello: Hello) -> None:
        self.hello = hello
        self.clock = PageClock()
        self.news = asyncio.Event()
        self.n_duplicates = 0
        self.n_missing = 0
        self.connection = 0  # number of the connection that may speak for the page
        self.heard_s = 0.0
        self.is_welcome = False
        self.next = hello.first
        self.acknowledged = hello.first
        #: Rows of each sensor that came so far, by the page's count. A page that comes
        #: with old batches was known to a server before this one: begin where it does.
        self.n_rows: dict[str, int] = {}
        self.is_known_from_start = hello.first == 0
        self._outbox: deque[dict[str, Any]] = deque()
        self._pending: deque[list[int]] = deque()  # [number of the batch, chunks left]
        self._ping: tuple[int, float] | None = None
        self._n_pings = 0
        self._n_pongs = 0
        self._ping_due_s = 0.0
        self._told = hello.first
        self._greeting: dict[str, Any] = {}

    @property
    def n_pending(self) -> int:
        """Batches that were handed on and are not consumed yet."""
        return len(self._pending)

    def connect(self, hello: Hello, greeting: dict[str, Any], now_s: float) -> None:
        """Begin a connection: measure the clock, then welcome."""
        self.connection += 1
        if hello.first > self.next:  # its memory was full, and it let the oldest go
            self.n_missing += hello.first - self.next
            self.next = hello.first
        self.hello = hello
        self.heard_s = now_s
        self.is_welcome = False
        self._greeting = greeting
        self._outbox.clear()
        self._ping = None
        self._n_pongs = 0
        self._ping_due_s = now_s
        self.news.set()

    def rewind(self) -> None:
        """Ask again for what was handed on but never consumed."""
        self._pending.clear()
        self.next = self.acknowledged
        self.n_rows.clear()
        self.is_known_from_start = self.next == 0
        self.is_welcome = False

    def tell(self, message: dict[str, Any]) -> None:
        """Queue a message to the page."""
        if self.is_welcome:
            self._outbox.append(message)
            self.news.set()

    def take_outgoing(self, now_s: float) -> list[dict[str, Any]]:
        """Return what is to be sent now."""
        self.news.clear()
        messages = list(self._outbox)
        self._outbox.clear()
        if self.is_welcome and self._told < self.acknowledged:
            messages.append({"type": "ack", "next": self.acknowledged})
            self._told = self.acknowledged
        is_lost = self._ping is not None and now_s - self._ping[1] > PING_LOST_S
        if now_s >= self._ping_due_s and (self._ping is None or is_lost):
            self._n_pings += 1
            self._ping = (self._n_pings, now_s)
            self._ping_due_s = now_s + PING_S
            messages.append({"type": "ping", "number": self._n_pings})
        return messages

    def pong(self, pong: Pong, now_s: float) -> bool:
        """Take the answer to a ping; return whether the page's clock jumped."""
        self.heard_s = now_s
        if self._ping is None or self._ping[0] != pong.number:
            return False
        has_jumped = self.clock.pong(self._ping[1], pong.page_s, now_s)
        self._ping = None
        self._n_pongs += 1
        if not self.is_welcome:
            self._ping_due_s = now_s
            if self._n_pongs >= N_FIRST_PINGS:
                self._ping_due_s = now_s + PING_S
                self.is_welcome = True
                self._told = -1  # what was told last may never have arrived
                self.tell({**self._greeting, "next": self.next, "window": WINDOW})
            self.news.set()
        return has_jumped

    def is_new(self, batch: Batch, now_s: float) -> bool:
        """Say whether a batch is the next one, and not one that came already.

        Raises
        ------
        BadMessageError
            When the page did not wait for the welcome, or sends far too much.
        """
        self.heard_s = now_s
        if not self.is_welcome:
            raise BadMessageError("a batch must wait for the welcome.")
        if len(self._pending) >= 4 * WINDOW:
            raise BadMessageError("a batch must wait for its acknowledgement.")
        if batch.number < self.next:
            self.n_duplicates += 1
            self._told = -1  # the acknowledgement was lost: say it again
            self.news.set()
            return False
        self.n_missing += batch.number - self.next
        return True

    def hand_on(self, number: int, n_chunks: int) -> None:
        """Note that the chunks of a batch now wait for the consumer."""
        self.next = number + 1
        self._pending.append([number, n_chunks])
        self._acknowledge()

    def consumed(self, number: int) -> None:
        """Note that one chunk of a batch was consumed."""
        for pending in self._pending:
            if pending[0] == number:
                pending[1] -= 1
                break
        self._acknowledge()

    def count_rows(self, wire: str, first: int, n_rows: int) -> int:
        """Return how many rows of a sensor went missing before these."""
        unknown = 0 if self.is_known_from_start else first
        expected = self.n_rows.get(wire, unknown)
        self.n_rows[wire] = first + n_rows
        return max(0, first - expected)

    def _acknowledge(self) -> None:
        while self._pending and self._pending[0][1] <= 0:
            self.acknowledged = self._pending.popleft()[0] + 1
            self.news.set()
