"""The standard running speed and cadence service, as foot pods have it."""

from __future__ import annotations

import struct
from collections.abc import Sequence

import numpy as np

from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.reading import Reading
from sensorhar.data.channel import Channel

__all__ = ["RunningDecoder"]

_HAS_STRIDE, _HAS_DISTANCE, _IS_RUNNING = 0x01, 0x02, 0x04
_SPEED_MPS, _STRIDE_M, _DISTANCE_M = 1 / 256, 0.01, 0.1


class RunningDecoder:
    """Decode RSC Measurement (0x2A53).

    ::

        | flags | speed 16 | cadence 8 | [stride 16] | [distance 32] |

    It has the channels ``running_speed_mps``, ``cadence_hz`` (steps a second),
    ``stride_m``, ``running_distance_m`` and ``is_running`` (0 for walking), NaN where
    the device sends none.

    Parameters
    ----------
    place : str, default=""
        Where on the body.

    References
    ----------
    Bluetooth SIG, GATT Specification Supplement, RSC Measurement.

    Examples
    --------
    >>> (reading,) = RunningDecoder().decode(bytes.fromhex("07 8002 aa 9100 39300000"))
    >>> reading.values.round(3).tolist()
    [[2.5, 2.833, 1.45, 1234.5, 1.0]]
    """

    def __init__(self, place: str = "") -> None:
        self.place = place
        columns = (
            ("running_speed_mps", "m/s"),
            ("cadence_hz", "1"),
            ("stride_m", "m"),
            ("running_distance_m", "m"),
            ("is_running", "1"),
        )
        self._channels = tuple(
            Channel(name, unit, place=place) for name, unit in columns
        )

    def decode(self, packet: bytes) -> list[Reading]:
        """Return the reading of a packet.

        Parameters
        ----------
        packet : bytes
            As it came.

        Returns
        -------
        list of Reading
            One.

        Raises
        ------
        BadPacketError
            When its length does not fit its flags.
        """
        packet = bytes(packet)
        flags = packet[0] if packet else 0
        layout = _layout(flags)
        if len(packet) != struct.calcsize(layout):
            raise BadPacketError(
                f"running speed with flags {flags:#04x} must have "
                f"{struct.calcsize(layout)} bytes; got {len(packet)}."
            )
        _, speed, cadence, *rest = struct.unpack(layout, packet)
        stride_m = rest.pop(0) * _STRIDE_M if flags & _HAS_STRIDE else np.nan
        distance_m = rest.pop(0) * _DISTANCE_M if flags & _HAS_DISTANCE else np.nan
        is_running = float(bool(flags & _IS_RUNNING))
        row = (speed * _SPEED_MPS, cadence / 60, stride_m, distance_m, is_running)
        return [Reading("derived", self._channels, np.array([row]), place=self.place)]

    def encode(self, readings: Sequence[Reading]) -> list[bytes]:
        """Return a packet for each sample of the reading.

        Parameters
        ----------
        readings : sequence of Reading
            One, as ``decode`` returns it.

        Returns
        -------
        list of bytes
            One packet a sample.
        """
        packets = []
        for speed_mps, cadence_hz, stride_m, distance_m, running in readings[0].values:
            flags = _IS_RUNNING if running else 0
            numbers = [round(speed_mps / _SPEED_MPS), round(cadence_hz * 60)]
            if not np.isnan(stride_m):
                flags |= _HAS_STRIDE
                numbers.append(round(stride_m / _STRIDE_M))
            if not np.isnan(distance_m):
                flags |= _HAS_DISTANCE
                numbers.append(round(distance_m / _DISTANCE_M))
            packets.append(struct.pack(_layout(flags), flags, *numbers))
        return packets


def _layout(flags: int) -> str:
    """Return the layout of a packet with these flags."""
    return "<BHB" + "H" * bool(flags & _HAS_STRIDE) + "I" * bool(flags & _HAS_DISTANCE)
