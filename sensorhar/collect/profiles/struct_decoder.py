"""Packets of a fixed layout, as the fields of Python's struct module."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.fields import Fields, as_field
from sensorhar.collect.profiles.reading import Reading
from sensorhar.collect.profiles.sensor_map import SensorMap, Stamp

__all__ = ["StructDecoder", "StructLayout"]


@dataclass(frozen=True)
class StructLayout:
    """One kind of packet.

    ::

        | tag | header: sequence, time, ... | sample | sample | ... |

    Parameters
    ----------
    samples : Fields
        One sample.
    sensors : tuple of SensorMap
        What the numbers of a sample are.
    tag : bytes, default=b""
        What such packets start with, where a characteristic sends several kinds.
    header : Fields, default=empty
        What comes once a packet.
    n_samples : int or None, default=1
        Samples a packet; None means as many as there are.
    has_trailing : bool, default=False
        Whether more bytes may follow, which mean nothing.
    time : str or None, default=None
        Name of the field that holds the device's time, an integer.
    tick_s : float, default=1e-3
        Its unit in s.
    n_time_bits : int or None, default=None
        Where it starts over; None means at the width of the field.
    time_of : {"last", "first"}, default="last"
        Which sample of the packet it belongs to.
    sequence : str or None, default=None
        Name of the field that counts packets, an integer.
    rate_hz : float or None, default=None
        Nominal rate; needed when the time is that of the first of several samples.
    """

    samples: Fields
    sensors: tuple[SensorMap, ...]
    tag: bytes = b""
    header: Fields = Fields("", ())  # noqa: RUF009 - never changed
    n_samples: int | None = 1
    has_trailing: bool = False
    time: str | None = None
    tick_s: float = 1e-3
    n_time_bits: int | None = None
    time_of: Literal["last", "first"] = "last"
    sequence: str | None = None
    rate_hz: float | None = None

    def decode(self, packet: bytes) -> list[Reading]:
        """Return one reading for each sensor; raise BadPacketError."""
        start = len(self.tag) + self.header.n_bytes
        n_samples = self._count(len(packet) - start, len(packet))
        stop = start + n_samples * self.samples.n_bytes
        head = self.header.read(packet[len(self.tag) : start])
        rows = self.samples.read(packet[start:stop])
        stamp = self._stamp(head[0] if head else (), rows)
        table = np.array(rows, dtype=np.float64)
        return [sensor.read(table, stamp) for sensor in self.sensors]

    def encode(self, readings: Sequence[Reading]) -> bytes:
        """Return the packet that decodes to the readings; fields of none are 0."""
        table = np.zeros((readings[0].n_samples, len(self.samples.names)))
        for sensor, reading in zip(self.sensors, readings, strict=True):
            sensor.write(reading, table)
        rows: list[list[float]] = table.tolist()
        head: list[float] = [0.0] * len(self.header.names)
        self._write_stamp(readings[0], head, rows)
        body = b"".join(self.samples.write(row) for row in rows)
        return self.tag + self.header.write(head) + body

    def _count(self, n_left: int, n_bytes: int) -> int:
        """Return how many samples a packet holds."""
        size = self.samples.n_bytes
        n_samples = self.n_samples if self.n_samples is not None else n_left // size
        rest = n_left - n_samples * size
        if n_samples < 1 or rest < 0 or (rest and not self.has_trailing):
            least = n_bytes - n_left + (self.n_samples or 1) * size
            more = f" or {size} more for each further sample" * (self.n_samples is None)
            raise BadPacketError(
                f"a packet must have {least} bytes{more}; got {n_bytes}."
            )
        return n_samples

    def _stamp(self, head: tuple[float, ...], rows: list[tuple[float, ...]]) -> Stamp:
        ticks = tick_s = n_time_bits = sequence = n_sequence_bits = None
        if self.time is not None:
            n_time_bits = self._time_bits()
            ticks = self._find(self.time, head, rows)
            if self.time in self.header.names:
                ticks += self._ticks_to_last(len(rows))
            ticks %= 2**n_time_bits
            tick_s = self.tick_s
        if self.sequence is not None:
            n_sequence_bits = self._fields(self.sequence).n_bits(self.sequence) or 64
            sequence = self._find(self.sequence, head, rows) % 2**n_sequence_bits
        return Stamp(
            ticks, tick_s, n_time_bits, sequence, n_sequence_bits, self.rate_hz
        )

    def _fields(self, name: str) -> Fields:
        """Return the fields among which a name stands."""
        return self.header if name in self.header.names else self.samples

    def _find(
        self, name: str, head: tuple[float, ...], rows: list[tuple[float, ...]]
    ) -> int:
        """Return the count in a field; among samples, of the last."""
        row = head if name in self.header.names else rows[-1]
        return int(row[self._fields(name).names.index(name)])

    def _write_stamp(
        self, reading: Reading, head: list[float], rows: list[list[float]]
    ) -> None:
        if self.time is not None and reading.ticks is not None:
            ticks = reading.ticks
            if self.time in self.header.names:
                ticks -= self._ticks_to_last(len(rows))
            self._put(self.time, ticks % 2 ** self._time_bits(), head, rows)
        if self.sequence is not None and reading.sequence is not None:
            self._put(self.sequence, reading.sequence, head, rows)

    def _put(
        self, name: str, count: int, head: list[float], rows: list[list[float]]
    ) -> None:
        """Set the field of that name."""
        fields = self._fields(name)
        place = fields.names.index(name)
        number = as_field(fields.codes[place], count)
        for row in [head] if fields is self.header else rows:
            row[place] = number

    def _time_bits(self) -> int:
        assert self.time is not None
        return self.n_time_bits or self._fields(self.time).n_bits(self.time) or 64

    def _ticks_to_last(self, n_samples: int) -> int:
        if self.time_of == "last" or n_samples == 1 or self.rate_hz is None:
            return 0
        return round((n_samples - 1) / self.rate_hz / self.tick_s)


class StructDecoder:
    """Decode packets of one or several fixed layouts.

    Parameters
    ----------
    layouts : sequence of StructLayout
        Told apart by their tags.

    Examples
    --------
    >>> acc = SensorMap("accelerometer", (0, 1, 2), (0.001,) * 3, has_gravity=True)
    >>> layout = StructLayout(Fields("<3h", ["x", "y", "z"]), (acc,))
    >>> (reading,) = StructDecoder([layout]).decode(bytes.fromhex("0000 0000 4c26"))
    >>> reading.values.tolist()
    [[0.0, 0.0, 9.804]]
    """

    def __init__(self, layouts: Sequence[StructLayout]) -> None:
        self.layouts = tuple(sorted(layouts, key=lambda each: -len(each.tag)))

    def decode(self, packet: bytes) -> list[Reading]:
        """Return one reading for each sensor of a packet.

        Parameters
        ----------
        packet : bytes
            As it came.

        Returns
        -------
        list of Reading
            In the order of the layout.

        Raises
        ------
        BadPacketError
            When the packet fits no layout, or holds an infinite number.
        """
        packet = bytes(packet)
        for layout in self.layouts:
            if packet.startswith(layout.tag):
                return layout.decode(packet)
        tags = ", ".join(layout.tag.hex(" ") for layout in self.layouts)
        raise BadPacketError(
            f"a packet must start with one of {tags}; got {packet[:4].hex(' ')!r}."
        )

    def encode(self, readings: Sequence[Reading]) -> list[bytes]:
        """Return the packet that decodes to the readings.

        Parameters
        ----------
        readings : sequence of Reading
            All sensors of one layout, in its order, with equally many samples.

        Returns
        -------
        list of bytes
            One packet.

        Raises
        ------
        ValueError
            When no layout has these sensors, or a number does not fit its field.
        """
        kinds = [reading.kind for reading in readings]
        for layout in self.layouts:
            if [sensor.kind for sensor in layout.sensors] == kinds:
                return [layout.encode(readings)]
        known = "; ".join(
            ", ".join(sensor.kind for sensor in layout.sensors)
            for layout in self.layouts
        )
        raise ValueError(f"readings must be of {known}; got {', '.join(kinds)}.")
