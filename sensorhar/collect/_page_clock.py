"""Map the clock of a page in a browser to the clock of this computer."""

from bisect import bisect_left, bisect_right
from collections import deque

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["PageClock"]

#: Pings older than this say too little about now, because crystals drift.
WINDOW_S = 60.0
#: How fast two crystals may part: phones and boards are specified within 50 ppm.
DRIFT = 100e-6
#: How fast a better offset is taken over. Ten times the drift, and slow enough that
#: times still increase, whatever the rate of the sensor.
SLEW = 500e-6
#: Ramps kept for batches that come late: some hours of them.
MAX_KNOTS = 10_000
#: An offset this far outside what a ping allows is another clock, not drift.
JUMP_S = 0.25


class PageClock:
    """Host time of what a page stamped with ``performance.now()``.

    The host sends a ping at ``sent_s``, the page answers with its own time, the answer
    comes at ``got_s``::

        host  ──sent──────────────got──▶     sent - page <= offset <= got - page
        page  ────────page──────────────▶     middle is off by at most half the trip

    Each ping of the last minute bounds the offset, a little wider the longer ago,
    because clocks drift; the middle of what all allow is believed. That is at least as
    good as the ping with the shortest round trip, and better when the ways there and
    back were short at different times. The offset in use moves there slowly, on ramps
    that are kept, so that times never run backwards and a batch that was held back for
    an hour gets the offset of its own time.

    All times are seconds; the host's are those of ``time.monotonic()``.

    Attributes
    ----------
    n_jumps : int
        How often the page's clock jumped, so that the map began anew.
    uncertainty_s : float
        The offset was off by at most this at the last ping; NaN before the first.

    Examples
    --------
    >>> clock = PageClock()
    >>> clock.pong(100.00, 5.01, 100.02)
    False
    >>> clock.to_host([5.01, 6.01]).tolist()
    [100.01, 101.01]
    """

    def __init__(self) -> None:
        self.n_jumps = 0
        self._pings: deque[tuple[float, float, float]] = deque()
        self._at_s: list[float] = []  # knots of the map: page times, increasing,
        self._offset_s: list[float] = []  # and the offset in use there
        self._is_used = False
        self._last_page_s = -np.inf
        self.uncertainty_s = float("nan")

    @property
    def is_known(self) -> bool:
        """Whether any ping came back."""
        return bool(self._at_s)

    def pong(self, sent_s: float, page_s: float, got_s: float) -> bool:
        """Learn from an answered ping; return whether the page's clock jumped."""
        low, high = sent_s - page_s, got_s - page_s
        has_jumped = False
        if self.is_known:
            now = self._offset(page_s)
            has_jumped = not low - JUMP_S <= now <= high + JUMP_S
        if has_jumped:
            self._begin_anew()
        self._last_page_s = max(self._last_page_s, page_s)
        self._pings.append((got_s, low, high))
        while self._pings[0][0] < got_s - WINDOW_S:
            self._pings.popleft()
        low, high = self._bounds(got_s)
        if low > high:  # a step too small for a jump: believe the newest alone
            self._pings = deque([self._pings[-1]])
            low, high = self._bounds(got_s)
        self.uncertainty_s = (high - low) / 2
        self._move_to((low + high) / 2, page_s)
        return has_jumped

    def heard(self, page_s: float, got_s: float) -> bool:
        """Check the page's time in a message; return whether its clock jumped.

        A message cannot come before it was sent, and a page's clock cannot go
        backwards: either means that the clock was set, or slept.
        """
        is_back = page_s < self._last_page_s - 1e-3
        is_ahead = self.is_known and got_s - page_s < self._offset(page_s) - JUMP_S
        if is_back or is_ahead:
            self._begin_anew()
            self._put_knot(page_s, got_s - page_s)
        self._last_page_s = page_s if is_back else max(self._last_page_s, page_s)
        return is_back or is_ahead

    def to_host(self, page_s: ArrayLike) -> NDArray[np.float64]:
        """Return the host's times of times of the page.

        Raises
        ------
        RuntimeError
            Before the first ping came back.
        """
        if not self.is_known:
            raise RuntimeError(
                "the page's clock is not known before a ping came back; send pings, "
                "and hand their answers to pong(...), before the first batch."
            )
        self._is_used = True
        times = np.asarray(page_s, dtype=np.float64)
        if not times.size:
            return times
        # Most of hours of knots are far away: look at those around these times only.
        begin = max(0, bisect_right(self._at_s, float(times.min())) - 1)
        end = bisect_left(self._at_s, float(times.max()), lo=begin) + 1
        near = slice(begin, end)
        offsets = np.interp(times, self._at_s[near], self._offset_s[near])
        host_s: NDArray[np.float64] = times + offsets
        return host_s

    def _bounds(self, now_s: float) -> tuple[float, float]:
        """Return between which offsets all pings agree now."""
        low = max(low - (now_s - at_s) * DRIFT for at_s, low, _ in self._pings)
        high = min(high + (now_s - at_s) * DRIFT for at_s, _, high in self._pings)
        return low, high

    def _offset(self, page_s: float) -> float:
        """Return the offset in use at a time of the page."""
        end = bisect_left(self._at_s, page_s) + 1
        near = slice(max(0, end - 2), end)
        return float(np.interp(page_s, self._at_s[near], self._offset_s[near]))

    def _move_to(self, offset: float, page_s: float) -> None:
        """Begin a ramp at a page time from the offset in use to a better one."""
        if not self._is_used:  # nothing was stamped yet, so there is nothing to smooth
            self._at_s.clear()
            self._offset_s.clear()
            self._put_knot(page_s, offset)
            return
        begin = self._offset(page_s)
        keep = bisect_left(self._at_s, page_s)
        del self._at_s[keep:], self._offset_s[keep:]
        self._put_knot(page_s, begin)
        if offset != begin:
            self._put_knot(page_s + abs(offset - begin) / SLEW, offset)

    def _put_knot(self, page_s: float, offset: float) -> None:
        self._at_s.append(page_s)
        self._offset_s.append(offset)
        if len(self._at_s) > MAX_KNOTS:
            del self._at_s[: MAX_KNOTS // 2], self._offset_s[: MAX_KNOTS // 2]

    def _begin_anew(self) -> None:
        """Forget a clock that is no more."""
        self.n_jumps += 1
        self._pings.clear()
        self._at_s.clear()
        self._offset_s.clear()
        self._is_used = False
        self._last_page_s = -np.inf
