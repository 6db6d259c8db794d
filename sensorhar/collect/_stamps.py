"""Times of a sender's stamps on the host's time line."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.signal.clock_map import CausalClockMap

__all__ = ["StampClock", "as_ns"]

#: Stamps that go back by more, or ahead by more than time has passed, were made by a
#: clock that was set. Ahead, as much may have been lost from what a phone kept for us.
BACK_S, AHEAD_S = 1.0, 5.0

#: No message holds more.
MAX_MESSAGE_S = 60.0

#: Stamps beyond are no stamps: 146 years in ns, and exact as int64.
MAX_NS = 2**62


def as_ns(value: Any, ns_per_unit: float = 1) -> int | None:
    """Return a stamp as whole nanoseconds, or None where it is none."""
    if isinstance(value, str):
        try:
            value = int(value) if len(value) < 30 else math.nan
        except ValueError:
            try:
                value = float(value)
            except ValueError:
                return None
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    if not -MAX_NS < value < MAX_NS:  # leaves out NaN too
        return None
    if isinstance(value, int) and float(ns_per_unit).is_integer():
        stamp = value * int(ns_per_unit)  # exact, where a float has no room
    else:
        stamp = round(value * ns_per_unit)
    return stamp if -MAX_NS < stamp < MAX_NS else None


class StampClock:
    """Follow the clock that one sender stamps with.

    Attributes
    ----------
    segment : int
        How often the sender's clock was set, or its counter started anew.
    """

    def __init__(self) -> None:
        self.segment = 0
        self._zero_ns: int | None = None
        self._newest_s = self._arrival_s = -math.inf
        self._follow = CausalClockMap()

    @property
    def is_known(self) -> bool:
        """Whether a stamp has been seen."""
        return self._zero_ns is not None

    def would_be_set(self, oldest_ns: int, newest_ns: int, arrival_s: float) -> bool:
        """Return whether stamps can only come from a clock that was set meanwhile.

        What a phone has kept for a while and sends at once is no such thing: its
        stamps go on where the last message ended.
        """
        if self._zero_ns is None:
            return False
        oldest_s = (oldest_ns - self._zero_ns) / 1e9
        newest_s = (newest_ns - self._zero_ns) / 1e9
        pause_s = max(oldest_s, newest_s - MAX_MESSAGE_S) - self._newest_s
        passed_s = arrival_s - self._arrival_s
        return newest_s < self._newest_s - BACK_S or pause_s > passed_s + AHEAD_S

    def see(self, oldest_ns: int, newest_ns: int, arrival_s: float) -> None:
        """Take in the stamps of a message that has come in order."""
        if self.would_be_set(oldest_ns, newest_ns, arrival_s):
            self.segment += 1
            self._zero_ns = None
            # The quartz is the same, so its drift is.
            self._follow = CausalClockMap(skew_ppm=self._follow.line.skew_ppm)
            self._newest_s = -math.inf
        if self._zero_ns is None:
            self._zero_ns = newest_ns
        stamp_s = (newest_ns - self._zero_ns) / 1e9
        self._newest_s = max(self._newest_s, stamp_s)
        self._arrival_s = arrival_s
        self._follow.update(stamp_s, arrival_s)

    def seconds(self, stamps_ns: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return stamps in s since the first of this segment."""
        return (stamps_ns - (self._zero_ns or 0)) / 1e9

    def times(self, stamps_s: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return host times of stamps in s since the first of this segment."""
        return self._follow.line.apply(stamps_s)
