"""One stream of a receiver: rows in any order become chunks with increasing times."""

from __future__ import annotations

from collections import deque

import numpy as np
from numpy.typing import NDArray

from sensorhar.collect._stamps import StampClock
from sensorhar.collect.source import StreamState
from sensorhar.data.stream import Stream

__all__ = ["Track"]

#: When a clock is corrected, time goes on at this share of its speed or faster.
SLOWEST = 0.5
MIN_STEP_S = 1e-6

#: A step of so many periods means lost samples; more than this, and a second, a gap.
LOST_PERIODS, GAP_PERIODS, GAP_S = 1.5, 5.0, 1.0
#: Steps known before a period is told, and looked at to tell it.
MIN_STEPS, N_STEPS = 20, 100
#: Kinds that come at a steady rate; the others only when there is something new.
STEADY = {
    "accelerometer",
    "linear_acceleration",
    "gravity",
    "gyroscope",
    "magnetometer",
}

#: The rate is that of the last seconds.
RATE_S = 5.0
#: Bigger numbers are no readings; this also keeps float32 files finite.
MAX_NUMBER = 1e12


class Track:
    """What is known of one stream.

    Parameters
    ----------
    kind, place : str
        As of a Stream.
    is_prefixed : bool
        Whether the place stands in the channel names.
    """

    def __init__(self, kind: str, place: str, is_prefixed: bool) -> None:
        self._kind, self._place, self._is_prefixed = kind, place, is_prefixed
        self.name = ""
        self.n_samples = self.n_lost = self.n_duplicates = 0
        self.n_reordered = self.n_bad = 0
        self._base: tuple[StampClock, int] | None = None
        self._last_s = self._last_stamp_s = -np.inf
        self._last_row: NDArray[np.float64] | None = None
        self._steps: deque[float] = deque(maxlen=N_STEPS)
        self._recent: deque[tuple[float, int]] = deque()

    def state(self, now_s: float) -> StreamState:
        """Return the counts, and the rate over the last seconds."""
        while self._recent and self._recent[0][0] < now_s - RATE_S:
            self._recent.popleft()
        rate_hz = 0.0
        if self._recent:
            since = max(now_s - self._recent[0][0], 1.0)
            rate_hz = sum(n for _, n in self._recent) / since
        return StreamState(
            self.name,
            rate_hz,
            self.n_samples,
            self.n_lost,
            self.n_duplicates,
            self.n_reordered,
            self.n_bad,
        )

    def take(
        self,
        values: NDArray[np.float64],
        stamps_ns: NDArray[np.int64],
        clock: StampClock,
        now_s: float,
    ) -> tuple[Stream | None, float]:
        """Return rows as a chunk, and how long the longest gap is (0: none)."""
        stamps_s = clock.seconds(stamps_ns)
        values = np.where(np.abs(values) < MAX_NUMBER, values, np.nan)
        base = clock, clock.segment
        if self._base != base:
            self._base, self._last_stamp_s = base, -np.inf
        is_kept = self._check(values, stamps_s)
        if not is_kept.any():
            return None, 0.0
        order = np.argsort(stamps_s[is_kept], kind="stable")
        rows, stamps_s = values[is_kept][order], stamps_s[is_kept][order]
        gap_s = self._look_for_gaps(stamps_s)
        time_s = self._times(stamps_s, clock)
        self._last_s, self._last_stamp_s = float(time_s[-1]), float(stamps_s[-1])
        self._last_row = rows[-1]
        self.n_samples += len(rows)
        self._recent.append((now_s, len(rows)))
        chunk = Stream.of_sensor(
            self._kind,
            rows,
            time_s,
            place=self._place,
            has_gravity=True if self._kind == "accelerometer" else None,
            prefix_place=self._is_prefixed,
        )
        self.name = chunk.channel_names[0]
        return chunk, gap_s

    def _check(
        self, values: NDArray[np.float64], stamps_s: NDArray[np.float64]
    ) -> NDArray[np.bool_]:
        """Count what is empty, late or came twice; return which rows are new."""
        is_empty = np.isnan(values).all(axis=1)
        is_late = ~is_empty & (stamps_s < self._last_stamp_s)
        is_same = np.zeros(len(values), dtype=np.bool_)
        if self._last_row is not None:
            is_equal = (values == self._last_row) | np.isnan(values)
            is_same |= (stamps_s == self._last_stamp_s) & is_equal.all(axis=1)
        is_equal = (values[1:] == values[:-1]) | np.isnan(values[1:])
        is_same[1:] |= (stamps_s[1:] == stamps_s[:-1]) & is_equal.all(axis=1)
        is_same &= ~is_empty
        self.n_bad += int(is_empty.sum())
        self.n_reordered += int((is_late & ~is_same).sum())
        self.n_duplicates += int(is_same.sum())
        return np.asarray(~(is_empty | is_late | is_same))

    def _look_for_gaps(self, stamps_s: NDArray[np.float64]) -> float:
        """Count samples that are missing by their stamps; return the longest gap."""
        steps = np.diff(stamps_s, prepend=self._last_stamp_s)
        steps = steps[np.isfinite(steps)]
        if self._kind not in STEADY or not len(steps):
            return 0.0
        gap_s = 0.0
        known = np.concatenate([self._steps, steps])
        if len(known) >= MIN_STEPS:
            period_s = float(np.median(known))
            long = steps[steps > LOST_PERIODS * period_s]
            if period_s > 0 and len(long):
                self.n_lost += int((np.round(long / period_s) - 1).sum())
                if long.max() > max(GAP_S, GAP_PERIODS * period_s):
                    gap_s = float(long.max())
        self._steps.extend(steps.tolist())
        return gap_s

    def _times(
        self, stamps_s: NDArray[np.float64], clock: StampClock
    ) -> NDArray[np.float64]:
        """Return increasing host times that keep at least half of each step."""
        slow = SLOWEST * stamps_s + MIN_STEP_S * np.arange(len(stamps_s))
        lead = clock.times(stamps_s) - slow
        least = self._last_s + MIN_STEP_S - slow[0]
        if np.isfinite(self._last_stamp_s):
            least += SLOWEST * (stamps_s[0] - self._last_stamp_s)
        return np.asarray(np.maximum.accumulate(np.maximum(lead, least)) + slow)
