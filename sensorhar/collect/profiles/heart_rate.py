"""The standard heart rate service: beats per minute and times between beats."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.reading import Reading
from sensorhar.data.channel import Channel

__all__ = ["HeartRateDecoder", "beat_offsets"]

#: Times between beats are sent in this unit.
BEAT_TICK_S = 1 / 1024

_IS_WIDE, _HAS_ENERGY, _HAS_BEATS = 0x01, 0x08, 0x10
#: No contact with the skin where the device can tell: what it says then is no pulse.
_CONTACT, _NO_CONTACT = 0x06, 0x04


class HeartRateDecoder:
    """Decode Heart Rate Measurement (0x2A37).

    ::

        | flags | rate 8 or 16 bits | [energy 16] | [time between beats 16] ... |

    The rate is the sensor kind ``"heart_rate"``, NaN where the device has none or no
    contact with the skin; times between beats are the channel ``beat_interval_s``.

    Parameters
    ----------
    place : str, default=""
        Where on the body.

    References
    ----------
    Bluetooth SIG, GATT Specification Supplement, Heart Rate Measurement.

    Examples
    --------
    >>> rate, beats = HeartRateDecoder().decode(bytes.fromhex("10 48 0004 3303"))
    >>> rate.values.item(), beats.values[0].item()
    (72.0, 1.0)
    """

    def __init__(self, place: str = "") -> None:
        self.place = place
        self._beats = (Channel("beat_interval_s", "s", place=place),)

    def decode(self, packet: bytes) -> list[Reading]:
        """Return the rate, and the times between beats where they were sent.

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
            When its length does not fit its flags.
        """
        packet = bytes(packet)
        flags = packet[0] if packet else 0
        start = 3 if flags & _IS_WIDE else 2
        first_beat = start + (2 if flags & _HAS_ENERGY else 0)
        n_left = len(packet) - first_beat
        has_beats = bool(flags & _HAS_BEATS)
        if n_left < 0 or n_left % 2 or (n_left and not has_beats):
            raise BadPacketError(
                f"a heart rate with flags {flags:#04x} must have {first_beat} bytes"
                f"{' and 2 for each beat' * has_beats}; got {len(packet)}."
            )
        rate_bpm = float(int.from_bytes(packet[1:start], "little"))
        if rate_bpm == 0 or flags & _CONTACT == _NO_CONTACT:
            rate_bpm = np.nan
        rate = Reading("heart_rate", None, np.array([[rate_bpm]]), place=self.place)
        if not n_left:
            return [rate]
        beats_s = np.frombuffer(packet, "<u2", offset=first_beat) * BEAT_TICK_S
        offsets_s = beat_offsets(beats_s)
        table = beats_s[:, np.newaxis]
        beats = Reading(
            "derived", self._beats, table, place=self.place, offsets_s=offsets_s
        )
        return [rate, beats]

    def encode(self, readings: Sequence[Reading]) -> list[bytes]:
        """Return the packet that decodes to the readings.

        Parameters
        ----------
        readings : sequence of Reading
            The rate, and the times between beats if any.

        Returns
        -------
        list of bytes
            One packet.
        """
        rate_bpm = readings[0].values[0, 0]
        rate = 0 if np.isnan(rate_bpm) else round(rate_bpm)
        flags = (_IS_WIDE if rate > 255 else 0) | (_HAS_BEATS if readings[1:] else 0)
        packet = bytes([flags]) + rate.to_bytes(2 if rate > 255 else 1, "little")
        for beats in readings[1:]:
            ticks = np.rint(beats.values[:, 0] / BEAT_TICK_S)
            packet += ticks.astype("<u2").tobytes()
        return [packet]


def beat_offsets(beats_s: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return when beats were, from the last one.

    Parameters
    ----------
    beats_s : array of shape (n_beats,), in s
        Time from the beat before to each.

    Returns
    -------
    array of shape (n_beats,), in s
        Not above 0; the last is 0.

    Examples
    --------
    >>> beat_offsets(np.array([0.9, 0.5, 0.25])).tolist()
    [-0.75, -0.25, 0.0]
    """
    return np.append(-np.cumsum(beats_s[:0:-1])[::-1], 0.0)
