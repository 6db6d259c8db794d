"""One phone: its place, its streams, and the chunks that its batches become."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sensorhar.collect._phone_messages import WIRE, Batch, to_sensor
from sensorhar.collect._phone_session import SILENT_S, PhoneSession
from sensorhar.collect.source import StreamState
from sensorhar.data.stream import Stream

__all__ = ["Phone"]

#: Samples that a corrected clock puts before the last one are set this far after it.
LEAST_STEP_S = 1e-6
#: A row further back than this belongs to another clock, and is left out.
MAX_BACK_S = 1.0
#: A longer silence of a stream is remarked; location may take as long as it needs.
GAP_S = 1.0
#: The rate is that of the last seconds.
RATE_S = 5.0


@dataclass
class _Track:
    """What is known of one stream."""

    name: str
    last_s: float = -np.inf
    n_samples: int = 0
    n_lost: int = 0
    n_duplicates: int = 0
    n_bad: int = 0
    recent: deque[tuple[float, int]] = field(default_factory=deque)

    def count(self, now_s: float, n_samples: int) -> None:
        """Count samples that came now."""
        self.n_samples += n_samples
        self.recent.append((now_s, n_samples))
        self._forget(now_s)

    def rate_hz(self, now_s: float) -> float:
        """Return samples per second over the last seconds."""
        self._forget(now_s)
        if not self.recent:
            return 0.0
        n_samples = sum(n for _, n in self.recent)
        return n_samples / max(now_s - self.recent[0][0], 1.0)

    def _forget(self, now_s: float) -> None:
        while self.recent and self.recent[0][0] < now_s - RATE_S:
            self.recent.popleft()


class Phone:
    """A phone that opened the page; its streams go on when the page is opened anew.

    Parameters
    ----------
    number : int
        From 1, in the order in which the phones came.
    place : str
        Where it is worn.
    prefix : str
        Start of its channel names.
    """

    def __init__(self, number: int, place: str, prefix: str) -> None:
        self.number = number
        self.place = place
        self.prefix = prefix
        self.sessions: dict[str, PhoneSession] = {}
        self.current: PhoneSession | None = None
        self.battery_percent: float | None = None
        self.n_bad_messages = 0
        self.was_connected = False
        self.wires: dict[str, None] = {}  # sensors as the page names them, in order
        self._tracks: dict[str, _Track] = {}
        self._remarks: list[tuple[float, str]] = []

    @property
    def name(self) -> str:
        """What it is called in markers and metadata."""
        return f"phone {self.number}"

    def is_connected(self, now_s: float) -> bool:
        """Return whether the page was heard within the last seconds."""
        return self.current is not None and now_s - self.current.heard_s < SILENT_S

    def states(self, now_s: float) -> list[StreamState]:
        """Return how each stream does."""
        return [
            StreamState(
                track.name,
                track.rate_hz(now_s),
                track.n_samples,
                n_lost=track.n_lost,
                n_duplicates=track.n_duplicates,
                n_bad=track.n_bad,
            )
            for track in self._tracks.values()
        ]

    def begin(self) -> None:
        """Forget the streams of an earlier recording, and what it never consumed."""
        self._tracks.clear()
        self.was_connected = False
        for session in self.sessions.values():
            session.rewind()

    def count_duplicate(self, batch: Batch) -> None:
        """Count the samples of a batch that came twice."""
        for rows in batch.rows:
            kind, _ = WIRE[rows.wire]
            if kind in self._tracks:
                self._tracks[kind].n_duplicates += len(rows.time_s)

    def chunks(
        self, batch: Batch, session: PhoneSession, *, zero_s: float, now_s: float
    ) -> list[Stream]:
        """Return the readings of a new batch in SI, on the host's time line."""
        made = []
        for rows in batch.rows:
            self.wires[rows.wire] = None
            kind, values = to_sensor(rows, session.hello.platform)
            n_lost = session.count_rows(
                rows.wire, rows.first, len(rows.time_s) + rows.n_bad
            )
            track = self._track(kind)
            track.n_lost += n_lost
            track.n_bad += rows.n_bad
            time_s = session.clock.to_host(rows.time_s)
            keep = ~np.isnan(values).all(axis=1)
            keep &= time_s > track.last_s - MAX_BACK_S
            track.n_bad += int((~keep).sum())
            if not keep.any():
                continue
            time_s = _increasing(time_s[keep], track.last_s)
            self._remark(track, kind, n_lost, float(time_s[0]))
            track.last_s = float(time_s[-1])
            track.count(now_s, len(time_s))
            made.append(self._stream(kind, values[keep], time_s - zero_s))
        return made

    def take_remarks(self) -> list[tuple[float, str]]:
        """Return what is worth a marker since the last call: host time, words."""
        taken, self._remarks = self._remarks, []
        return taken

    def _remark(self, track: _Track, kind: str, n_lost: int, next_s: float) -> None:
        """Say where a stream has a hole; it is never filled."""
        if n_lost:
            self._remarks.append((next_s, f"{n_lost} samples of {track.name} lost"))
        elif kind != "gps" and GAP_S < next_s - track.last_s < np.inf:
            gap_s = next_s - track.last_s
            self._remarks.append(
                (track.last_s, f"gap of {gap_s:.1f} s in {track.name}")
            )

    def _track(self, kind: str) -> _Track:
        if kind not in self._tracks:
            one = np.zeros((1, {"orientation": 4, "gps": 6}.get(kind, 3)))
            name = self._stream(kind, one, np.zeros(1)).channel_names[0]
            self._tracks[kind] = _Track(name)
        return self._tracks[kind]

    def _stream(
        self, kind: str, values: NDArray[np.float64], time_s: NDArray[np.float64]
    ) -> Stream:
        return Stream.of_sensor(
            kind,
            values,
            time_s,
            place=self.prefix or self.place,
            has_gravity=True if kind == "accelerometer" else None,
            prefix_place=bool(self.prefix),
        )


def _increasing(time_s: NDArray[np.float64], last_s: float) -> NDArray[np.float64]:
    """Lift times that repeat or step back to just after the one before."""
    steps = LEAST_STEP_S * np.arange(len(time_s))
    raised = np.maximum.accumulate(time_s - steps)
    lifted: NDArray[np.float64] = np.maximum(raised, last_s + LEAST_STEP_S) + steps
    return lifted
