"""What a collector must know of a device: where it sends, and how to read it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, Protocol

from sensorhar.collect.profiles.reading import Reading

__all__ = ["Characteristic", "Command", "Decoder", "Profile"]


class Decoder(Protocol):
    """Turn the packets of one characteristic of one device into readings.

    A decoder may keep the rest of a packet until the next one, so each connection
    needs its own.
    """

    def decode(self, packet: bytes) -> list[Reading]:
        """Return what a packet says; raise BadPacketError, and nothing else."""

    def encode(self, readings: Sequence[Reading]) -> list[bytes]:
        """Return packets that decode to these readings, for simulated devices."""


class Command(NamedTuple):
    """Bytes to write to a device.

    Parameters
    ----------
    uuid : str
        Of the characteristic to write to.
    payload : bytes
        What to write, in one piece.
    """

    uuid: str
    payload: bytes


@dataclass(frozen=True)
class Characteristic:
    """One characteristic to subscribe to.

    Parameters
    ----------
    uuid : str
        All 36 characters, in lower case.
    decoder : callable
        Called without arguments, it makes a new decoder.
    """

    uuid: str
    decoder: Callable[[], Decoder]

    def make_decoder(self) -> Decoder:
        """Return a new decoder, for one connection."""
        return self.decoder()


@dataclass(frozen=True)
class Profile:
    """What a collector must know of a device.

    Parameters
    ----------
    name : str
        Of the profile, such as ``"thingy52"``.
    service_uuids : tuple of str
        Services that the device has, to find it by.
    characteristics : tuple of Characteristic
        What to subscribe to, before the first command.
    start_commands : tuple of Command, default=()
        What to write so that it sends.
    stop_commands : tuple of Command, default=()
        What to write when done; a device left on empties its battery.
    battery_uuid : str or None, default=None
        Characteristic that reads the charge in percent, one byte.
    description : str, default=""
        One sentence for people.
    """

    name: str
    service_uuids: tuple[str, ...]
    characteristics: tuple[Characteristic, ...]
    start_commands: tuple[Command, ...] = ()
    stop_commands: tuple[Command, ...] = ()
    battery_uuid: str | None = None
    description: str = ""
