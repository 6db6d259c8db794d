"""The standard location and navigation service, as Bluetooth GPS receivers have it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.reading import Reading

__all__ = ["LocationDecoder"]

#: Fields by their bit in the flags: name, bytes, whether signed, worth of one unit.
#: Two numbers stand under one bit for the position. Rolling time and UTC have no
#: channel: the one starts over each 4 minutes, the other has no more than seconds.
_FIELDS = (
    (0x01, "speed_mps", 2, False, 0.01),
    (0x02, "distance_m", 3, False, 0.1),
    (0x04, "lat_deg", 4, True, 1e-7),
    (0x04, "lon_deg", 4, True, 1e-7),
    (0x08, "alt_m", 3, True, 0.01),
    (0x10, "bearing_deg", 2, False, 0.01),
    (0x20, "rolling_time", 1, False, 1.0),
    (0x40, "utc", 7, False, 1.0),
)
_COLUMNS = ("lat_deg", "lon_deg", "alt_m", "speed_mps", "bearing_deg", "accuracy_m")


class LocationDecoder:
    """Decode Location and Speed (0x2A67) as the sensor kind ``"gps"``.

    ::

        | flags 16 | [speed 16] | [distance 24] | [lat 32, lon 32] | [elevation 24]
          | [heading 16] | [rolling time 8] | [UTC 56] |

    What is not sent is NaN; the accuracy never is. Distance and times are passed over.

    Parameters
    ----------
    place : str, default=""
        Where on the body.

    References
    ----------
    Bluetooth SIG, GATT Specification Supplement, Location and Speed.

    Examples
    --------
    >>> packet = bytes.fromhex("0500 8c00 5840ba1b a003ea03")
    >>> (reading,) = LocationDecoder().decode(packet)
    >>> reading.values[0, [0, 1, 3]].round(4).tolist()
    [46.5191, 6.5668, 1.4]
    """

    def __init__(self, place: str = "") -> None:
        self.place = place

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
            When its length does not fit its flags, or the place is not on Earth.
        """
        packet = bytes(packet)
        flags = int.from_bytes(packet[:2], "little")
        fields = [field for field in _FIELDS if flags & field[0]]
        n_bytes = 2 + sum(size for _, _, size, _, _ in fields)
        if len(packet) != n_bytes:
            raise BadPacketError(
                f"a location with flags {flags:#06x} must have {n_bytes} bytes; got "
                f"{len(packet)}."
            )
        found = dict.fromkeys(_COLUMNS, np.nan)
        start = 2
        for _, name, size, is_signed, unit in fields:
            part = packet[start : start + size]
            if name in found:
                found[name] = int.from_bytes(part, "little", signed=is_signed) * unit
            start += size
        if abs(found["lat_deg"]) > 90 or abs(found["lon_deg"]) > 180:
            raise BadPacketError(
                "a place must lie within 90 and 180 degrees; got "
                f"{found['lat_deg']:.4f}, {found['lon_deg']:.4f}."
            )
        row = np.array([[found[name] for name in _COLUMNS]])
        return [Reading("gps", None, row, place=self.place)]

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
        for row in readings[0].values:
            values = dict(zip(_COLUMNS, row, strict=True))
            flags, body = 0, b""
            for bit, name, size, is_signed, unit in _FIELDS:
                value = values.get(name, np.nan)
                if not np.isnan(value):
                    flags |= bit
                    ticks = round(value / unit)
                    body += ticks.to_bytes(size, "little", signed=is_signed)
            packets.append(flags.to_bytes(2, "little") + body)
        return packets
