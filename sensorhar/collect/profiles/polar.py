"""Polar's measurement data (PMD): raw and compressed frames of H10, OH1, Verity."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from sensorhar.collect.profiles._pmd_delta import read_delta, write_delta
from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.heart_rate import beat_offsets
from sensorhar.collect.profiles.reading import Reading
from sensorhar.data.channel import Channel
from sensorhar.units import factor

__all__ = ["PMD_FACTORS", "PMD_KINDS", "PolarDecoder"]

#: Measurement types of the frames that are decoded, and what they are. Polar BLE SDK,
#: technical_documentation/online_measurement.pdf.
PMD_KINDS: Mapping[int, str] = {
    2: "accelerometer",
    3: "beats",
    5: "gyroscope",
    6: "magnetometer",
}
_TYPES = {kind: number for number, kind in PMD_KINDS.items()}
_UNITS = {"accelerometer": "g", "gyroscope": "deg/s", "magnetometer": "gauss"}

#: What one count of a compressed frame of type 0 is worth, in g, deg/s and gauss: the
#: range over 2^15, at the ranges that our profiles ask for (8 g, 2000 deg/s, 50 G).
#: 2.44E-4 for 8 g is in the SDK's AccDataTest.kt.
PMD_FACTORS: Mapping[str, float] = {
    "accelerometer": 8 / 32768,
    "gyroscope": 2000 / 32768,
    "magnetometer": 50 / 32768,
}

#: Time is counted in ns.
_TICK_S = 1e-9
_N_TIME_BITS = 64
_N_HEADER = 10
_COMPRESSED = 0x80

#: Frames in thousandths: mg, and milligauss.
_THOUSANDTH = 1e-3


class PolarDecoder:
    """Decode frames of accelerometer, gyroscope, magnetometer and beat intervals.

    ::

        | type 8 | time of the last sample 64, ns | compressed 1, frame type 7 | samples

    Parameters
    ----------
    rates_hz : mapping of str to float, default={}
        Nominal rate of each sensor, as asked for by the start command.
    factors : mapping of str to float or None, default=None
        Worth of one count of compressed frames of type 0; None takes
        :data:`PMD_FACTORS`.
    place : str, default=""
        Where on the body.

    Notes
    -----
    The time counts from 2000 on devices that were set, and starts anew when an H10 is
    taken off its strap (Polar BLE SDK, TimeSystemExplained.md).

    Examples
    --------
    >>> frame = bytes.fromhex("02 0094357700000000 01 F7FF FFFF E703")
    >>> (reading,) = PolarDecoder().decode(frame)
    >>> reading.ticks, (reading.values / 9.80665).round(3).tolist()
    (2000000000, [[-0.009, -0.001, 0.999]])
    """

    def __init__(
        self,
        rates_hz: Mapping[str, float] | None = None,
        *,
        factors: Mapping[str, float] | None = None,
        place: str = "",
    ) -> None:
        self.rates_hz = dict(rates_hz or {})
        self.factors = {**PMD_FACTORS, **(factors or {})}
        self.place = place
        self._beats = (
            Channel("beat_interval_s", "s", place=place),
            Channel("beat_error_s", "s", place=place),
        )

    def decode(self, packet: bytes) -> list[Reading]:
        """Return the reading of a frame; of beats, rate and intervals.

        Parameters
        ----------
        packet : bytes
            As it came.

        Returns
        -------
        list of Reading
            One or two.

        Raises
        ------
        BadPacketError
            When the frame is cut short, or of a kind that is not known.
        """
        packet = bytes(packet)
        if len(packet) <= _N_HEADER:
            raise BadPacketError(
                f"a frame must have more than {_N_HEADER} bytes; got {len(packet)}."
            )
        number, ticks, form = struct.unpack_from("<BQB", packet)
        kind, content = PMD_KINDS.get(number & 0x3F), packet[_N_HEADER:]
        if kind is None:
            raise BadPacketError(
                "a frame must be of type 2 (accelerometer), 3 (beats), 5 (gyroscope) "
                f"or 6 (magnetometer); got {number & 0x3F}."
            )
        if kind == "beats":
            return self._read_beats(content, form, ticks)
        values = self._read_samples(kind, form, content) * factor(
            _UNITS[kind], {"g": "m/s^2", "deg/s": "rad/s", "gauss": "uT"}[_UNITS[kind]]
        )
        if np.isinf(values).any():
            raise BadPacketError(f"{kind} must be finite; got an infinite reading.")
        return [
            Reading(
                kind, None, values, ticks, _TICK_S, _N_TIME_BITS,
                rate_hz=self.rates_hz.get(kind), place=self.place,
                has_gravity=True if kind == "accelerometer" else None,
            )
        ]  # fmt: skip

    def encode(self, readings: Sequence[Reading]) -> list[bytes]:
        """Return a frame for each sensor, as the devices send them.

        Parameters
        ----------
        readings : sequence of Reading
            Acceleration in whole mg becomes a raw frame, all else a compressed one.
            A rate stands before its beat intervals.

        Returns
        -------
        list of bytes
            Frames.
        """
        frames = []
        for reading in readings:
            if reading.kind == "heart_rate":
                continue  # within the frame of its beats
            if reading.kind == "derived":
                frames.append(self._write_beats(readings[0], reading))
                continue
            unit = {
                "accelerometer": "m/s^2", "gyroscope": "rad/s", "magnetometer": "uT"
            }[reading.kind]  # fmt: skip
            values = reading.values * factor(unit, _UNITS[reading.kind])
            thousandths = values / _THOUSANDTH
            is_whole = np.abs(thousandths - np.rint(thousandths)).max() < 1e-6
            if reading.kind == "accelerometer" and is_whole:
                form, content = 1, np.rint(thousandths).astype("<i2").tobytes()
            else:
                counts = np.rint(values / self.factors[reading.kind]).astype(np.int64)
                form, content = _COMPRESSED, write_delta(counts)
            frames.append(_head(_TYPES[reading.kind], reading, form) + content)
        return frames

    def _read_samples(
        self, kind: str, form: int, content: bytes
    ) -> NDArray[np.float64]:
        """Return samples in g, deg/s or gauss."""
        scale = self.factors[kind]
        if form == _COMPRESSED:
            return read_delta(content, 3).astype(np.float64) * scale
        if kind == "accelerometer" and form in (0, 1, 2):
            return _read_raw(content, form + 1) * _THOUSANDTH
        if kind == "accelerometer" and form == _COMPRESSED | 1:
            return read_delta(content, 3).astype(np.float64) * _THOUSANDTH
        if kind == "gyroscope" and form == 0:
            return _read_raw(content, 2) * scale
        if kind == "gyroscope" and form == _COMPRESSED | 1:  # bits of floats
            bits = read_delta(content, 3, 4).astype(np.uint64).astype(np.uint32)
            with np.errstate(invalid="ignore"):
                return bits.view(np.float32).astype(np.float64)
        if kind == "magnetometer" and form == 0:
            return _read_raw(content, 2) * scale
        if kind == "magnetometer" and form == _COMPRESSED | 1:  # last: its calibration
            return read_delta(content, 4)[:, :3].astype(np.float64) * _THOUSANDTH
        raise BadPacketError(f"frames of the {kind} of form {form:#04x} are not known.")

    def _read_beats(self, content: bytes, form: int, ticks: int) -> list[Reading]:
        if form or len(content) % 6:
            raise BadPacketError(
                "beats must come in 6 bytes each, of form 0; got "
                f"{len(content)} bytes of form {form:#04x}."
            )
        layout = np.dtype(
            [("rate", "u1"), ("beat", "<u2"), ("error", "<u2"), ("f", "u1")]
        )
        rows = np.frombuffer(content, layout)
        rate_bpm = np.where(rows["rate"] == 0, np.nan, rows["rate"].astype(np.float64))
        beats_s = np.stack([rows["beat"], rows["error"]], axis=1) * 1e-3
        offsets_s = beat_offsets(beats_s[:, 0])
        beats_s[rows["f"] & 1 == 1] = np.nan  # blocked: the device moved too much
        return [
            Reading(
                kind,
                channels,
                values,
                ticks or None,
                _TICK_S if ticks else None,
                _N_TIME_BITS if ticks else None,
                place=self.place,
                offsets_s=offsets_s,
            )
            for kind, channels, values in (
                ("heart_rate", None, rate_bpm[:, np.newaxis]),
                ("derived", self._beats, beats_s),
            )
        ]

    def _write_beats(self, rate: Reading, beats: Reading) -> bytes:
        frame = _head(_TYPES["beats"], beats, 0)
        offsets_s = beats.offsets_s if beats.offsets_s is not None else np.zeros(1)
        gaps_s = np.diff(offsets_s, prepend=offsets_s[0])  # tell blocked intervals
        for rate_bpm, (beat_s, error_s), gap_s in zip(
            rate.values[:, 0], beats.values, gaps_s, strict=True
        ):
            is_blocked = math.isnan(beat_s)
            numbers = (gap_s, 0.0) if is_blocked else (beat_s, error_s)
            frame += struct.pack(
                "<BHHB",
                0 if math.isnan(rate_bpm) else round(rate_bpm),
                *(round(number * 1e3) for number in numbers),
                is_blocked,
            )
        return frame


def _head(number: int, reading: Reading, form: int) -> bytes:
    return struct.pack("<BQB", number, reading.ticks or 0, form)


def _read_raw(content: bytes, n_bytes: int) -> NDArray[np.float64]:
    """Return samples of three signed numbers of 1 to 3 bytes."""
    if len(content) % (3 * n_bytes):
        raise BadPacketError(
            f"samples must have {3 * n_bytes} bytes each; got {len(content)} bytes."
        )
    parts = np.frombuffer(content, np.uint8).reshape(-1, 3, n_bytes).astype(np.int64)
    numbers = parts @ (1 << 8 * np.arange(n_bytes))
    high = 1 << (8 * n_bytes - 1)
    return ((numbers ^ high) - high).astype(np.float64)
