"""The one error that a packet of bytes can raise."""

from sensorhar.errors import SensorharError

__all__ = ["BadPacketError"]


class BadPacketError(SensorharError, ValueError):
    """A packet does not hold what its device's profile says; count it and go on."""
