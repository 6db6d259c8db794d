"""Readings sent as lines of text, cut into packets anywhere."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.reading import Reading
from sensorhar.collect.profiles.sensor_map import SensorMap, Stamp

__all__ = ["LineDecoder", "LineLayout"]

#: A line without an end must not fill the memory.
MAX_LINE = 1024

#: Ticks are counted in ns where the time is written with decimals.
NANOSECOND = 1e-9
MAX_TICKS = 2**63


@dataclass(frozen=True)
class LineLayout:
    """What stands in a line.

    ::

        H,1712.250,-0.01,0.02,0.99      prefix, then columns
        {"t":1712.25,"x":-0.01,...}     or an object of JSON: columns are its keys
        [1712.25,-0.01,0.02,0.99]       or an array of JSON

    Parameters
    ----------
    columns : tuple of str
        Names of the columns in their order, or of the keys. More columns than that
        are passed over.
    sensors : tuple of SensorMap
        What the columns are.
    prefix : str, default=""
        What lines of readings start with; others are passed over, as the echo and the
        prompt of a console are. Empty takes every line that is not blank.
    separator : str, default=","
        Between columns.
    time, sequence : str or None, default=None
        Columns that hold the device's time and the number of the line.
    tick_s : float, default=1e-3
        Unit of the time in s.
    n_time_bits, n_sequence_bits : int or None, default=None
        Where they start over; None means that they do not.
    rate_hz : float or None, default=None
        Nominal rate.
    """

    columns: tuple[str, ...]
    sensors: tuple[SensorMap, ...]
    prefix: str = ""
    separator: str = ","
    time: str | None = None
    tick_s: float = 1e-3
    n_time_bits: int | None = None
    sequence: str | None = None
    n_sequence_bits: int | None = None
    rate_hz: float | None = None

    def decode(self, line: str) -> list[Reading]:
        """Return the readings of the sensors in a line; raise BadPacketError."""
        text = line.removeprefix(self.prefix).strip()
        numbers = self._numbers(text)
        row = np.array([numbers.get(name, math.nan) for name in self.columns])
        stamp = self._stamp(numbers)
        readings = [
            sensor.read(row[np.newaxis], stamp)
            for sensor in self.sensors
            if any(self.columns[i] in numbers for i in sensor.columns if i >= 0)
        ]
        if not readings:
            raise BadPacketError(
                "a line must have a number of at least one sensor, out of "
                f"{', '.join(self.columns)}; got {line[:60]!r}."
            )
        return readings

    def encode(self, readings: Sequence[Reading]) -> list[str]:
        """Return a line for each sample of the readings."""
        rows = np.full((readings[0].n_samples, len(self.columns)), math.nan)
        for sensor, reading in zip(self.sensors, readings, strict=True):
            sensor.write(reading, rows)
        lines = []
        for row in rows.tolist():
            texts = ["" if math.isnan(number) else repr(number) for number in row]
            self._write_stamp(readings[0], texts)
            lines.append(self.prefix + self.separator.join(texts) + "\n")
        return lines

    def _numbers(self, text: str) -> dict[str, float]:
        """Return the numbers of a line by column; those that are empty are left out."""
        if text[:1] in ("{", "["):
            try:
                found = json.loads(text)
            except (ValueError, RecursionError) as error:
                raise BadPacketError(
                    f"a line must be JSON as it starts so; got {text[:60]!r}."
                ) from error
            pairs = found.items() if isinstance(found, dict) else self._pair(found)
        else:
            pairs = self._pair([part.strip() for part in text.split(self.separator)])
        return {
            name: _number(value, name)
            for name, value in pairs
            if name in self.columns and value not in ("", None)
        }

    def _pair(self, parts: list[object]) -> list[tuple[str, object]]:
        if len(parts) < len(self.columns):
            raise BadPacketError(
                f"a line must have {len(self.columns)} columns "
                f"({', '.join(self.columns)}); got {len(parts)}."
            )
        return list(zip(self.columns, parts, strict=False))

    def _stamp(self, numbers: dict[str, float]) -> Stamp:
        ticks = tick_s = sequence = None
        if self.time is not None and self.time in numbers:
            time = numbers[self.time]
            tick_s = self.tick_s
            if self.n_time_bits is None:  # decimals are kept
                time, tick_s = time * (self.tick_s / NANOSECOND), NANOSECOND
            ticks = _whole(time, self.time, self.n_time_bits)
        if self.sequence is not None and self.sequence in numbers:
            number = numbers[self.sequence]
            sequence = _whole(number, self.sequence, self.n_sequence_bits)
        return Stamp(
            ticks,
            tick_s,
            self.n_time_bits if ticks is not None else None,
            sequence,
            self.n_sequence_bits if sequence is not None else None,
            self.rate_hz,
        )

    def _write_stamp(self, reading: Reading, texts: list[str]) -> None:
        if self.time is not None and reading.ticks is not None:
            time = float(reading.ticks)
            if self.n_time_bits is None:
                time *= NANOSECOND / self.tick_s
            texts[self.columns.index(self.time)] = repr(time)
        if self.sequence is not None and reading.sequence is not None:
            texts[self.columns.index(self.sequence)] = str(reading.sequence)


class LineDecoder:
    r"""Put lines together from packets and read them.

    Parameters
    ----------
    layout : LineLayout
        What stands in a line.

    Attributes
    ----------
    n_bad : int
        Lines that could not be read. Where the packet held good ones too, these are
        returned and nothing is raised.

    Examples
    --------
    >>> acc = SensorMap("accelerometer", (0, 1, 2), (9.80665,) * 3, has_gravity=True)
    >>> decoder = LineDecoder(LineLayout(("x", "y", "z"), (acc,)))
    >>> decoder.decode(b"0,0,")
    []
    >>> decoder.decode(b"1\r\n")[0].values.tolist()
    [[0.0, 0.0, 9.80665]]
    """

    def __init__(self, layout: LineLayout) -> None:
        self.layout = layout
        self.n_bad = 0
        self._rest = b""
        self._is_lost = False  # in the middle of a line that is too long

    def decode(self, packet: bytes) -> list[Reading]:
        """Return the readings of the lines that end in a packet.

        Parameters
        ----------
        packet : bytes
            As it came.

        Returns
        -------
        list of Reading
            One for each sensor and line.

        Raises
        ------
        BadPacketError
            When lines ended or grew too long, and none of them could be read.
        """
        *lines, self._rest = (self._rest + bytes(packet)).split(b"\n")
        readings: list[Reading] = []
        problem: BadPacketError | None = None
        for line in lines:
            if self._is_lost:
                self._is_lost = False  # here it ends
                continue
            try:
                readings += self._read(line)
            except BadPacketError as error:
                self.n_bad += 1
                problem = error
        if len(self._rest) > MAX_LINE:
            self.n_bad += not self._is_lost
            self._rest, self._is_lost = b"", True
            problem = BadPacketError(
                f"a line must end within {MAX_LINE} bytes; got more without an end."
            )
        if problem is not None and not readings:
            raise problem
        return readings

    def encode(self, readings: Sequence[Reading]) -> list[bytes]:
        """Return lines that decode to the readings, in packets of 20 bytes.

        Parameters
        ----------
        readings : sequence of Reading
            All sensors of the layout, with equally many samples; device time and
            number are repeated.

        Returns
        -------
        list of bytes
            As a device sends that was not granted longer packets.
        """
        data = "".join(self.layout.encode(readings)).encode()
        return [data[start : start + 20] for start in range(0, len(data), 20)]

    def _read(self, line: bytes) -> list[Reading]:
        if len(line) > MAX_LINE:
            raise BadPacketError(
                f"a line must have at most {MAX_LINE} bytes; got {len(line)}."
            )
        try:
            text = line.decode()
        except UnicodeDecodeError as error:
            raise BadPacketError(
                f"a line must be text in UTF-8; got {line[:20].hex(' ')!r}."
            ) from error
        text = text.strip()
        if not text or not text.startswith(self.layout.prefix):
            return []
        return self.layout.decode(text)


def _number(value: object, name: str) -> float:
    """Return a finite number or NaN."""
    is_number = isinstance(value, (str, int, float)) and not isinstance(value, bool)
    try:
        if is_number:
            number = float(value)  # type: ignore[arg-type]
            if not math.isinf(number):
                return number
    except (ValueError, OverflowError):
        pass
    raise BadPacketError(
        f"column {name!r} must be a finite number; got {str(value)[:40]!r}."
    )


def _whole(number: float, name: str, n_bits: int | None) -> int:
    """Return a count, wrapped to its width."""
    if math.isnan(number) or abs(number) >= MAX_TICKS:
        raise BadPacketError(f"column {name!r} must be a count; got {number!r}.")
    return round(number) if n_bits is None else round(number) % 2**n_bits
