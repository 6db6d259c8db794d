"""When the samples of a packet were taken, on the clock of the source."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhar.collect.device_clock import DeviceClock
from sensorhar.collect.profiles.reading import Reading

__all__ = ["SampleClock", "Timed"]

#: Step between the samples of the first packet where nothing tells the rate.
UNKNOWN_STEP_S = 0.01

#: Least step, as times must increase.
MIN_STEP_S = 1e-6

#: Where there is no device time, samples follow their nominal rate along the earliest
#: arrivals, as a packet can only be late: earlier ones draw the samples by this share
#: of the difference, later ones by this share of the step at most.
EARLY, LATE = 0.2, 0.05

#: Samples that stay so late for so long are late for good: something was lost, and the
#: rest of a stall would have come by now.
LATE_S, LATE_FOR_S = 0.1, 0.5

#: A difference above this is a gap, and the samples start anew at the arrival.
GAP_S = 1.0


@dataclass(frozen=True)
class Timed:
    """Times of one packet's samples in s, and how many its device time leaves out."""

    time_s: NDArray[np.float64]
    n_missing: int = 0


class SampleClock:
    """Time the packets of one stream; all times increase.

    ::

        device time      by DeviceClock, which follows the least delay
        a rate only      arrivals, smoothed; known losses leave their gap
        neither          arrivals
    """

    def __init__(self) -> None:
        self._clock: DeviceClock | None = None
        self._last_s: float | None = None
        self._late_from_s: float | None = None
        self._least_late_s = math.inf

    def place(self, reading: Reading, arrival_s: float, n_lost: int) -> Timed:
        """Return the times of a reading that came now, after so many lost samples."""
        before_s, n = self._last_s, reading.n_samples
        if reading.ticks is not None and reading.tick_s is not None:
            last_s, is_anew = self._by_device(reading, arrival_s)
        else:
            last_s, is_anew = self._by_arrival(reading, arrival_s, n_lost), False
        if before_s is not None:
            last_s = max(last_s, before_s + n * MIN_STEP_S)
        self._last_s = last_s
        n_missing = 0
        if reading.sequence is None and reading.ticks is not None and not is_anew:
            n_missing = _missing(reading, before_s, last_s)
        is_whole = not (n_lost or n_missing or is_anew)
        return Timed(_spread(reading, before_s, last_s, is_whole), n_missing)

    def _by_device(self, reading: Reading, arrival_s: float) -> tuple[float, bool]:
        assert reading.ticks is not None
        assert reading.tick_s is not None
        if self._clock is None:
            rate_hz = reading.rate_hz
            packet_hz = None if rate_hz is None else rate_hz / reading.n_samples
            self._clock = DeviceClock(reading.tick_s, reading.n_time_bits, packet_hz)
        n_resets = self._clock.n_resets
        last_s = self._clock.update(reading.ticks, arrival_s)
        return last_s, self._clock.n_resets > n_resets

    def _by_arrival(self, reading: Reading, arrival_s: float, n_lost: int) -> float:
        if reading.rate_hz is None or reading.offsets_s is not None:
            return arrival_s
        if self._last_s is None:
            return arrival_s
        step_s = (reading.n_samples + n_lost) / reading.rate_hz
        expected_s = self._last_s + step_s
        late_s = arrival_s - expected_s
        if abs(late_s) > GAP_S:
            return arrival_s
        if late_s <= 0:  # never less than half a step, or bursts would clump
            shift_s = max(EARLY * late_s, -step_s / 2)
        else:
            shift_s = max(min(late_s, LATE * step_s), self._lost_s(late_s, arrival_s))
        return expected_s + shift_s

    def _lost_s(self, late_s: float, arrival_s: float) -> float:
        """Return by how much samples are late for good; 0 while it may be a stall."""
        if late_s < LATE_S:
            self._late_from_s, self._least_late_s = None, math.inf
            return 0.0
        if self._late_from_s is None:
            self._late_from_s = arrival_s
        self._least_late_s = min(self._least_late_s, late_s)
        if arrival_s - self._late_from_s < LATE_FOR_S:
            return 0.0
        lost_s, self._late_from_s, self._least_late_s = (
            self._least_late_s,
            None,
            math.inf,
        )
        return lost_s


def _missing(reading: Reading, before_s: float | None, last_s: float) -> int:
    """Return how many samples the device took and did not bring, by its own time.

    Half a packet too much is jitter or a rate that is not quite the nominal one.
    """
    if before_s is None or reading.rate_hz is None or reading.offsets_s is not None:
        return 0
    n_missing = (last_s - before_s) * reading.rate_hz - reading.n_samples
    return round(n_missing) if n_missing > max(0.75, reading.n_samples / 2) else 0


def _spread(
    reading: Reading, before_s: float | None, last_s: float, is_whole: bool
) -> NDArray[np.float64]:
    n = reading.n_samples
    if n == 1:
        return np.array([last_s])
    if reading.offsets_s is not None:
        time_s = last_s + np.asarray(reading.offsets_s, dtype=np.float64)
        if (before_s is None or time_s[0] > before_s) and (np.diff(time_s) > 0).all():
            return time_s
    step_s = UNKNOWN_STEP_S if reading.rate_hz is None else 1 / reading.rate_hz
    if before_s is not None:
        share_s = (last_s - before_s) / n
        is_likely = reading.rate_hz is None or 0.5 < share_s / step_s < 1.5
        step_s = share_s if is_whole and is_likely else min(step_s, share_s)
    return last_s - step_s * np.arange(n - 1.0, -1.0, -1.0)
