"""From packets to chunks of streams, with everything counted."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from sensorhar.collect._sample_clock import SampleClock
from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.profile import Decoder
from sensorhar.collect.profiles.reading import Reading
from sensorhar.collect.sequence import SequenceCounter
from sensorhar.collect.source import StreamState
from sensorhar.data.channel import Channel
from sensorhar.data.stream import Stream
from sensorhar.sensors import SENSORS

__all__ = ["Inlet", "PacketStreams"]

#: The rate shown is that of the last seconds.
RATE_S = 5.0

#: After a pause a counter may be ahead by what the sensor would have sent meanwhile,
#: this many times and so many packets more; else it was set anew.
LENIENT = 1.5
SPARE_PACKETS = 10


@dataclass(frozen=True)
class Inlet:
    """One characteristic on one link, with the decoder that this link needs."""

    uuid: str
    decoder: Decoder
    link: int


@dataclass
class _Track:
    """What is known of one stream."""

    channels: tuple[Channel, ...]
    counter: SequenceCounter
    clock: SampleClock = field(default_factory=SampleClock)
    link: int = 0
    sequence: int | None = None
    arrival_s: float = 0.0
    interval_s: float | None = None
    rate_hz: float | None = None
    n_samples: int = 0
    n_missing: int = 0
    values: list[NDArray[np.float64]] = field(default_factory=list)
    times: list[NDArray[np.float64]] = field(default_factory=list)
    recent: deque[tuple[float, int]] = field(default_factory=deque)


class PacketStreams:
    """Decode packets, leave out what came twice or late, and time the rest.

    A packet that comes late (Bluetooth itself keeps the order, programs on a sensor may
    not) is counted and left out: a stream's times only increase.

    Parameters
    ----------
    place : str
        Where the sensor is worn; of readings that do not say it themselves.
    prefix_place : bool
        Whether channel names begin with it.
    """

    def __init__(self, place: str, prefix_place: bool) -> None:
        self._place, self._prefix_place = place, prefix_place
        self._tracks: dict[object, _Track] = {}
        self._homes: dict[str, _Track] = {}
        self._n_bad: dict[str, int] = {}

    def take(self, arrival_s: float, inlet: Inlet, packet: bytes) -> None:
        """Take in one packet."""
        try:
            readings = inlet.decoder.decode(packet)
        except BadPacketError:
            self._n_bad[inlet.uuid] = self._n_bad.get(inlet.uuid, 0) + 1
            return
        verdicts: dict[int, int | None] = {}
        for reading in readings:
            if reading.n_samples:
                self._take_reading(arrival_s, inlet, reading, verdicts)

    def chunks(self) -> Iterator[Stream]:
        """Yield what came since the last call, one chunk a stream."""
        for track in self._tracks.values():
            if track.times:
                values, times = (
                    np.concatenate(track.values),
                    np.concatenate(track.times),
                )
                track.values, track.times = [], []
                yield Stream(values, times, track.channels, rate_hz=track.rate_hz)

    def states(self, now_s: float) -> tuple[StreamState, ...]:
        """Return the counts of all streams."""
        states = [
            StreamState(
                name=track.channels[0].name,
                rate_hz=_rate_hz(track.recent, now_s),
                n_samples=track.n_samples,
                n_lost=track.counter.n_lost + track.n_missing,
                n_duplicates=track.counter.n_duplicates,
                n_reordered=track.counter.n_reordered,
                # A packet that cannot be read belongs to the first stream that its
                # characteristic has brought.
                n_bad=sum(
                    n
                    for uuid, n in self._n_bad.items()
                    if self._homes.get(uuid) is track
                ),
            )
            for track in self._tracks.values()
        ]
        states += [
            StreamState(name=uuid, rate_hz=0.0, n_samples=0, n_bad=n)
            for uuid, n in self._n_bad.items()
            if uuid not in self._homes
        ]
        return tuple(states)

    def _take_reading(
        self,
        arrival_s: float,
        inlet: Inlet,
        reading: Reading,
        verdicts: dict[int, int | None],
    ) -> None:
        key = (reading.kind, reading.channels, reading.place, reading.has_gravity)
        track = self._tracks.get(key)
        if track is None:
            counter = SequenceCounter(reading.n_sequence_bits)
            track = _Track(self._channels(reading), counter, link=inlet.link)
            self._tracks[key] = track
        self._homes.setdefault(inlet.uuid, track)
        # A packet may bring two parts of one stream; its number counts once.
        if id(track) not in verdicts:
            verdicts[id(track)] = _count(track, reading, inlet.link, arrival_s)
            n_lost = verdicts[id(track)]
        else:
            n_lost = None if verdicts[id(track)] is None else 0
        if n_lost is None:
            return
        timed = track.clock.place(reading, arrival_s, n_lost)
        track.n_missing += timed.n_missing
        track.values.append(np.asarray(reading.values, dtype=np.float64))
        track.times.append(timed.time_s)
        track.rate_hz = reading.rate_hz
        track.n_samples += reading.n_samples
        track.recent.append((arrival_s, reading.n_samples))
        while track.recent[0][0] < arrival_s - RATE_S:
            track.recent.popleft()

    def _channels(self, reading: Reading) -> tuple[Channel, ...]:
        place = reading.place or self._place
        channels = reading.channels
        if channels is None:
            sensor = SENSORS[reading.kind]
            channels = tuple(
                Channel(name, unit, reading.kind, place, reading.has_gravity)
                for name, unit in zip(sensor.channels, sensor.units, strict=True)
            )
        prefix = f"{place}_" if self._prefix_place and place else ""
        return tuple(
            Channel(
                prefix + old.name,
                old.unit,
                old.kind,
                old.place or place,
                old.has_gravity,
            )
            for old in channels
        )


def _count(track: _Track, reading: Reading, link: int, arrival_s: float) -> int | None:
    """Return the samples lost before a reading; None where it is to be left out."""
    pause_s, track.arrival_s = arrival_s - track.arrival_s, arrival_s
    is_first_of_link, track.link = link != track.link, link
    if reading.sequence is None:
        return 0
    if is_first_of_link and not _may_continue(track, reading, pause_s):
        track.counter.reset()
    arrival = track.counter.update(reading.sequence, reading.n_samples)
    if arrival.is_duplicate or arrival.is_late:
        return None
    if not is_first_of_link and track.sequence is not None:
        past_s = track.interval_s or pause_s
        track.interval_s = past_s + 0.1 * (pause_s - past_s)
    track.sequence = reading.sequence
    return arrival.n_lost


def _may_continue(track: _Track, reading: Reading, pause_s: float) -> bool:
    """Return whether a number on a new link may belong to the count of the old one."""
    if track.sequence is None or track.interval_s is None:
        return False
    possible = LENIENT * pause_s / max(track.interval_s, 1e-4) + SPARE_PACKETS
    ahead = reading.sequence - track.sequence if reading.sequence is not None else 0
    if reading.n_sequence_bits is not None:
        range_ = 2**reading.n_sequence_bits
        if possible >= range_ / 2:
            return False  # it may have gone round
        ahead %= range_
    return 0 < ahead <= possible


def _rate_hz(recent: deque[tuple[float, int]], now_s: float) -> float:
    within = [(at_s, n) for at_s, n in recent if at_s >= now_s - RATE_S]
    if len(within) < 2:
        return 0.0
    # From the first arrival on, whose own samples were taken before it.
    span_s = max(within[-1][0], now_s - 1.0) - within[0][0]
    return sum(n for _, n in within[1:]) / span_s if span_s > 0 else 0.0
