"""What Polar devices reply to the commands of their measurement service."""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping, Sequence

from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.polar import PMD_FACTORS, PMD_KINDS
from sensorhar.collect.profiles.reading import Reading

__all__ = ["PolarControlDecoder"]

_REPLY, _FEATURES = 0xF0, 0x0F
_ALREADY_ON = 6
_FACTOR_ID = 5
#: Bytes of each value of a setting, by its number.
_SETTING_BYTES = {0: 2, 1: 2, 2: 2, 3: 2, 4: 1, 5: 4}
_ERRORS = (
    "success", "invalid command", "invalid measurement", "not supported",
    "invalid length", "invalid parameter", "already in this state",
    "invalid resolution", "invalid rate", "invalid range", "packets too short",
    "invalid number of channels", "invalid state", "is charging", "memory is full",
)  # fmt: skip


class PolarControlDecoder:
    """Read what a device replies to commands; replies hold no readings.

    Subscribe to the control point: without that the device takes no commands.

    Parameters
    ----------
    factors : mapping of str to float or None, default=None
        What the decoder of its frames goes by; None takes :data:`PMD_FACTORS`.

    Examples
    --------
    >>> PolarControlDecoder().decode(bytes.fromhex("f0 02 02 00 00"))
    []
    """

    def __init__(self, factors: Mapping[str, float] | None = None) -> None:
        self.factors = {**PMD_FACTORS, **(factors or {})}

    def decode(self, packet: bytes) -> list[Reading]:
        """Return nothing, or say what the device refused.

        Parameters
        ----------
        packet : bytes
            As it came.

        Returns
        -------
        list of Reading
            Empty.

        Raises
        ------
        BadPacketError
            When the device refused a command, or starts to send in another unit than
            its frames are decoded by.
        """
        packet = bytes(packet)
        if packet[:1] == bytes([_FEATURES]):
            return []
        if len(packet) < 4 or packet[0] != _REPLY:
            raise BadPacketError(
                "a reply must start with f0 and have at least 4 bytes; got "
                f"{packet[:8].hex(' ')!r}."
            )
        _, command, number, status = packet[:4]
        kind = PMD_KINDS.get(number & 0x3F, f"measurement {number & 0x3F}")
        if status not in (0, _ALREADY_ON):
            reason = _ERRORS[status] if status < len(_ERRORS) else f"error {status}"
            raise BadPacketError(
                f"the device must accept command {command:02x} for {kind}; it said: "
                f"{reason}. Other rates and ranges are in the profile's start commands."
            )
        sent = _find_factor(packet[5:])
        assumed = self.factors.get(kind)
        # Acceleration of type 1 comes in mg already, and its factor is 1.
        is_other = sent is not None and assumed is not None and sent != 1.0
        if is_other and not math.isclose(sent or 0, assumed or 0, rel_tol=0.01):
            raise BadPacketError(
                f"the {kind} must send counts of {assumed:.6g}; the device says "
                f"{sent:.6g}. Set factors in the profile."
            )
        return []

    def encode(self, readings: Sequence[Reading]) -> list[bytes]:
        """Return no packets, as there are no readings.

        Parameters
        ----------
        readings : sequence of Reading
            Passed over.

        Returns
        -------
        list of bytes
            Empty.
        """
        return []


def _find_factor(settings: bytes) -> float | None:
    """Return the factor among the settings of a reply, if it is there and whole."""
    start = 0
    while start + 2 <= len(settings):
        number, count = settings[start], settings[start + 1]
        size = _SETTING_BYTES.get(number)
        if size is None:
            return None
        if number == _FACTOR_ID and count and start + 6 <= len(settings):
            value = struct.unpack_from("<f", settings, start + 2)[0]
            return float(value) if math.isfinite(value) else None
        start += 2 + size * count
    return None
