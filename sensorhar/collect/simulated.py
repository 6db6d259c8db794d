"""A simulated person as a live source, with the losses of a radio."""

import heapq
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from sensorhar._checks import check_positive
from sensorhar.collect.protocol import Protocol, parse_protocol
from sensorhar.collect.replay import ReplaySource
from sensorhar.collect.sequence import SequenceCounter
from sensorhar.collect.source import SourceState
from sensorhar.data.stream import Stream
from sensorhar.simulate.person import Person
from sensorhar.simulate.recording import simulate_recording

__all__ = ["SimulatedSource"]

USUAL = "stand 10 s, walk 30 s, sit 20 s, walk upstairs 15 s, run 20 s"
#: Words of everyday for the activities that the simulator knows.
ACTIVITY = {
    "stand": "standing",
    "sit": "sitting",
    "lie": "lying",
    "walk": "walking",
    "run": "running",
    "cycle": "cycling",
    "walk_upstairs": "walking_upstairs",
    "walk_downstairs": "walking_downstairs",
}


class SimulatedSource(ReplaySource):
    """Let a simulated person wear a device that sends packets over a bad radio.

    Each chunk travels as a numbered packet: it may be lost, come twice, or come late.
    Numbers are followed as they are with real devices; what the source counts equals
    what was injected, save for packets lost before the first and after the last that
    came.

    Parameters
    ----------
    activities : str or Protocol, default=USUAL
        What the person does, such as ``"walk 30 s, sit 30 s"``.
    subject : str, default="simulated"
        Name of the person.
    place : {"waist", "pocket", "wrist"}, default="waist"
        Where the device is worn.
    rate_hz : float, default=50.0
        Samples per second of accelerometer and gyroscope.
    sensors : sequence of str, default=("accelerometer", "gyroscope")
        As :func:`sensorhar.simulate.simulate_recording` takes them.
    loss, duplicates : float, default=0.0
        Share of packets that are lost, and that come twice.
    jitter_s : float, default=0.0
        Packets come up to this much late, in s, and may overtake each other.
    speed, chunk_s
        As for :class:`ReplaySource`.
    random_state : int or None, default=None
        The same number gives the same readings and losses.

    Attributes
    ----------
    n_lost_packets, n_double_packets : int
        What was injected so far.

    Raises
    ------
    ValueError
        When a share is not in [0, 1), or an activity is unknown.

    Examples
    --------
    >>> import asyncio, math
    >>> async def watch():
    ...     source = SimulatedSource("walk 5 s", duplicates=0.2, speed=math.inf,
    ...                              random_state=0)
    ...     async with source:
    ...         n_samples = sum([chunk.n_samples async for chunk in source])
    ...     n_seen = sum(s.n_duplicates for s in source.state().streams)
    ...     return n_samples, n_seen == source.n_double_packets > 0
    >>> asyncio.run(watch())
    (500, True)
    """

    def __init__(
        self,
        activities: str | Protocol = USUAL,
        *,
        subject: str = "simulated",
        place: str = "waist",
        rate_hz: float = 50.0,
        sensors: Sequence[str] = ("accelerometer", "gyroscope"),
        loss: float = 0.0,
        duplicates: float = 0.0,
        jitter_s: float = 0.0,
        speed: float = 1.0,
        chunk_s: float = 0.1,
        random_state: int | None = None,
    ) -> None:
        for name, share in (("loss", loss), ("duplicates", duplicates)):
            if not 0 <= share < 1:
                raise ValueError(
                    f"{name} must be a share in [0, 1); got {share!r}. One packet in "
                    "twenty is 0.05."
                )
        if jitter_s:
            check_positive(jitter_s, "jitter_s", "s")
        protocol = (
            parse_protocol(activities) if isinstance(activities, str) else activities
        )
        schedule = [
            (ACTIVITY.get(step.label, step.label) or "standing", step.length_s)
            for step in protocol.steps
        ]
        recording = simulate_recording(
            Person(subject),
            schedule,
            place=place,
            rate_hz=rate_hz,
            sensors=sensors,
            random_state=random_state,
        )
        super().__init__(recording, speed=speed, chunk_s=chunk_s)
        self.name = "simulated"
        self.loss = loss
        self.duplicates = duplicates
        self.jitter_s = jitter_s
        self.random_state = random_state
        self.n_lost_packets = self.n_double_packets = 0
        self._counters: dict[str, SequenceCounter] = {}

    async def _open(self) -> None:
        self.n_lost_packets = self.n_double_packets = 0
        self._counters = {}
        await super()._open()

    def state(self) -> SourceState:
        """Return how the source does, with what the packets' numbers tell."""
        state = super().state()
        streams = []
        for stream in state.streams:
            counter = self._counters[stream.name]
            streams.append(
                replace(
                    stream,
                    n_lost=counter.n_lost,
                    n_duplicates=counter.n_duplicates,
                    n_reordered=counter.n_reordered,
                )
            )
        return replace(state, streams=tuple(streams))

    def _cut(self) -> Iterator[tuple[float, Stream]]:
        """Yield the packets that come through, in the order in which they come."""
        for due_s, number, chunk in self._over_the_air():
            name = chunk.channel_names[0]
            counter = self._counters.setdefault(name, SequenceCounter())
            if not counter.update(number, chunk.n_samples).is_duplicate:
                yield due_s, chunk

    def _over_the_air(self) -> Iterator[tuple[float, int, Stream]]:
        rng = np.random.default_rng(self.random_state)
        numbers: dict[str, Iterator[int]] = {}
        unique = itertools.count()  # so that packets themselves are never compared
        flying: list[tuple[float, int, int, Stream]] = []
        for due_s, chunk in super()._cut():
            while flying and flying[0][0] <= due_s:
                at_s, _, number, came = heapq.heappop(flying)
                yield at_s, number, came
            name = chunk.channel_names[0]
            number = next(numbers.setdefault(name, itertools.count()))
            is_lost, is_double = rng.random(2) < (self.loss, self.duplicates)
            if is_lost:
                self.n_lost_packets += 1
                continue
            self.n_double_packets += int(is_double)
            for _ in range(2 if is_double else 1):
                at_s = due_s + self.jitter_s * rng.random()
                heapq.heappush(flying, (at_s, next(unique), number, chunk))
        while flying:
            at_s, _, number, came = heapq.heappop(flying)
            yield at_s, number, came
