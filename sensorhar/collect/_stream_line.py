"""One stream on the time line of a recording: gaps told, jumps of its clock mended."""

from collections import deque

import numpy as np

from sensorhar.collect.source import Marker
from sensorhar.data.stream import Stream

__all__ = ["StreamLine"]

#: They report when they have something to say; silence is no gap.
EVENT_LIKE = ("gps", "heart_rate", "barometer")
#: A gap is this many usual steps, and at least so long: phones and Bluetooth stamp in
#: bursts of some 50 ms.
GAP_STEPS = 3.0
GAP_S = 0.1
#: Readings may come this much late, and out of order; their order is that of times.
LATE_S = 10.0
#: No reading comes this long before it was taken, and none begins a stream so old.
AHEAD_S = 10.0
OLD_S = 3600.0
#: Steps of the last samples that say what is usual.
N_STEPS = 200


class StreamLine:
    """Follow the times of one stream.

    Attributes
    ----------
    n_samples, n_gaps, n_jumps : int
        Samples so far, gaps between them, jumps of the clock.
    gap_s : float
        Length of all gaps in s.
    last_s : float
        Latest time so far.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self.n_samples = self.n_gaps = self.n_jumps = 0
        self.gap_s = 0.0
        self.last_s = -np.inf
        self.step_s = 0.0
        self._shift_s = 0.0
        self._steps: deque[float] = deque(maxlen=N_STEPS)
        self._n_chunks = 0

    def place(self, chunk: Stream, now_s: float) -> tuple[list[Stream], list[Marker]]:
        """Return a chunk as it belongs on the line, and what there is to remark.

        Parameters
        ----------
        chunk : Stream
            As it came; unchanged unless its clock has jumped.
        now_s : float
            The present moment on the line.

        Returns
        -------
        chunks : list of Stream
            One, or two when the clock jumped within it.
        markers : list of Marker
            Gaps and jumps.
        """
        times = chunk.time_s + self._shift_s
        is_ahead = times > now_s + AHEAD_S
        if is_ahead.any() and not is_ahead[0]:
            at = int(np.argmax(is_ahead))
            chunks, markers = self.place(_rows(chunk, 0, at), now_s)
            rest, more = self.place(_rows(chunk, at, len(times)), now_s)
            return chunks + rest, markers + more
        markers = []
        is_first = self.last_s == -np.inf
        is_old = times[-1] < (now_s - OLD_S if is_first else self.last_s - LATE_S)
        if is_ahead[0] or is_old:
            markers.append(self._mend(chunk, now_s))
            times = chunk.time_s + self._shift_s
        if self._shift_s:
            rate_hz = chunk.rate_hz or None
            chunk = Stream(chunk.values, times, chunk.channels, rate_hz=rate_hz)
        if chunk.kind not in EVENT_LIKE:
            markers += self._gaps(chunk)
        self.n_samples += chunk.n_samples
        self.last_s = max(self.last_s, chunk.stop_s)
        return [chunk], markers

    def gap_until(self, end_s: float) -> list[Marker]:
        """Return a marker if the stream fell silent well before the end."""
        length_s = end_s - self.last_s
        if not self.step_s or length_s <= max(GAP_STEPS * self.step_s, 1.0):
            return []
        return [self._gap(self.last_s, length_s, " until the end")]

    def _mend(self, chunk: Stream, now_s: float) -> Marker:
        """Let times go on from the arrival, as the clock no longer tells them."""
        before_s = self._shift_s
        # Its last sample is now; the line goes on behind what was there already.
        shift_s = now_s - chunk.stop_s
        first_s = chunk.start_s + shift_s
        if first_s <= self.last_s:
            shift_s += self.last_s - first_s + max(self.step_s, 1e-6)
        self._shift_s = shift_s
        self.n_jumps += 1
        return Marker(
            now_s,
            f"clock of {self.name} jumped by {before_s - shift_s:.6g} s; its times go "
            "on from the arrival",
        )

    def _gaps(self, chunk: Stream) -> list[Marker]:
        """Return a marker for each gap, and learn what steps are usual."""
        known_s = self.last_s if np.isfinite(self.last_s) else chunk.start_s
        times = np.concatenate([[known_s], chunk.time_s])
        steps = np.diff(times)
        forward = steps[steps > 0]
        self._steps.extend(forward[-N_STEPS:].tolist())
        self._n_chunks += 1
        if self._n_chunks < 20 or self._n_chunks % 20 == 0:
            enough = len(self._steps) >= 5
            self.step_s = float(np.median(self._steps)) if enough else 0.0
        limit_s = max(GAP_STEPS * self.step_s, GAP_S)
        if not self.step_s or not len(forward) or forward.max() <= limit_s:
            return []
        return [
            self._gap(float(times[i]), float(steps[i]))
            for i in np.flatnonzero(steps > limit_s)
        ]

    def _gap(self, at_s: float, length_s: float, until: str = "") -> Marker:
        self.n_gaps += 1
        self.gap_s += length_s
        return Marker(at_s, f"gap {self.name} {length_s:.3f} s{until}")


def _rows(chunk: Stream, first: int, last: int) -> Stream:
    rate_hz = chunk.rate_hz or None
    return Stream(
        chunk.values[first:last],
        chunk.time_s[first:last],
        chunk.channels,
        rate_hz=rate_hz,
    )
