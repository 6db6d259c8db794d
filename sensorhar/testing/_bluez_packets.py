"""Packets of a pretended sensor, with faults that are counted."""

import struct
from dataclasses import dataclass
from random import Random

__all__ = ["Faults", "PacketMaker", "unpack"]

#: Sequence number, microseconds of the monotonic clock, three axes in mg, a spare.
LAYOUT = struct.Struct("<IQ4h")

#: Shorter than the layout, so no decoder of it can take it for a packet.
JUNK = b"\xff\x00\xff"


@dataclass(frozen=True)
class Faults:
    """Share of packets lost, sent twice, overtaken by the next, preceded by junk."""

    loss: float = 0.0
    duplicates: float = 0.0
    reordered: float = 0.0
    bad: float = 0.0


def unpack(packet: bytes) -> tuple[int, int, tuple[int, int, int]]:
    """Return the sequence number, the time in us and the axes in mg."""
    sequence, time_us, x, y, z, _ = LAYOUT.unpack(packet)
    return sequence, time_us, (x, y, z)


class PacketMaker:
    """Number packets and spoil some of them.

    The first and the last packet are always whole, and a loss is counted once a later
    packet goes out: so a receiver that hears all can count exactly as many.
    """

    def __init__(
        self, faults: Faults, *, seed: int, n_packets: int | None, packets: list[bytes]
    ) -> None:
        self._faults = faults
        self._random = Random(seed)
        self._n_packets = n_packets
        self._packets = packets
        self._number = 0
        self._held: bytes | None = None
        self._n_not_sent = 0
        self.counts = dict.fromkeys(
            ("n_sent", "n_lost", "n_duplicates", "n_reordered", "n_bad"), 0
        )

    @property
    def is_done(self) -> bool:
        """Whether all packets went out."""
        return self._n_packets is not None and self._number >= self._n_packets

    def next_packets(self, time_us: int) -> list[bytes]:
        """Return what goes out for the next sample: none, one or more packets."""
        packet = self._made(time_us)
        is_first = self._number == 0
        self._number += 1
        sent = self._spoilt(packet, is_whole=is_first or self.is_done)
        if sent and self._held is not None:
            sent.append(self._held)
            self._held = None
            self._count("n_reordered")
            self._count("n_sent")
        if sent:
            self._count("n_lost", self._n_not_sent)
            self._n_not_sent = 0
        return sent

    def _made(self, time_us: int) -> bytes:
        if self._packets:
            return self._packets[self._number % len(self._packets)]
        step = self._number % 1000
        return LAYOUT.pack(self._number & 0xFFFFFFFF, time_us, step, -step, 1000, 0)

    def _spoilt(self, packet: bytes, *, is_whole: bool) -> list[bytes]:
        chance = 1.0 if is_whole else self._random.random()
        faults = self._faults
        if (chance := chance - faults.loss) < 0:
            self._n_not_sent += 1
            return []
        if (chance := chance - faults.reordered) < 0 and self._held is None:
            self._held = packet
            return []
        self._count("n_sent")
        if 0 <= chance < faults.duplicates:
            self._count("n_duplicates")
            return [packet, packet]
        if 0 <= chance - faults.duplicates < faults.bad:
            self._count("n_bad")
            return [JUNK, packet]
        return [packet]

    def _count(self, what: str, n: int = 1) -> None:
        self.counts[what] += n
