"""What a pretended sensor is, and what goes wrong with it."""

from dataclasses import dataclass

__all__ = ["CHARACTERISTIC", "COMMAND", "SERVICE", "FakeSensor"]

#: Where a :class:`FakeSensor` sends, unless told otherwise: the Nordic UART service.
SERVICE = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
COMMAND = "6e400002-b5a3-f393-e0a9-e50e24dcca9e"
CHARACTERISTIC = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"


@dataclass(frozen=True)
class FakeSensor:
    """A sensor to be pretended by ``FakeBluez``, and what goes wrong with it.

    Each packet of 20 bytes holds, lowest byte first, a sequence number (u32), the
    microseconds of the monotonic clock (u64), three axes in mg and a spare (i16):
    ``struct.Struct("<IQ4h")``.

    Parameters
    ----------
    name, address : str
        What it is called.
    service : str
        Service that it has.
    characteristics : tuple of str
        Where it sends; each counts its packets for itself.
    commands : tuple of str
        What can be written to.
    rate_hz : float, default=100.0
        Packets a second, on each characteristic.
    n_packets : int or None, default=None
        After so many it is silent, and still connected.
    packets : tuple of bytes, default=()
        What to send instead, in turn.
    burst : int, default=1
        Packets sent at once, as in one connection interval.
    loss, duplicates, reordered, bad : float, default=0.0
        Share of packets that are lost, come twice, come after the next one, come
        after three bytes of junk. The first and the last are whole.
    n_refused_connects, n_refused_notifies : int, default=0
        So many calls fail first.
    drop_after, n_drops : int, default=0
        The link is lost after so many packets, so many times. The sequence goes on.
    battery_percent : int or None, default=None
        Of the battery service; None for no such service.
    is_held : bool, default=False
        It is connected already, as after a crash of the collector: it does not
        advertise.
    is_silent : bool, default=False
        Out of reach: it does not advertise, and connecting fails.
    seed : int, default=0
        Of the faults.
    """

    name: str = "IMU-1"
    address: str = "F1:F1:F1:F1:F1:01"
    service: str = SERVICE
    characteristics: tuple[str, ...] = (CHARACTERISTIC,)
    commands: tuple[str, ...] = (COMMAND,)
    rate_hz: float = 100.0
    n_packets: int | None = None
    packets: tuple[bytes, ...] = ()
    burst: int = 1
    loss: float = 0.0
    duplicates: float = 0.0
    reordered: float = 0.0
    bad: float = 0.0
    n_refused_connects: int = 0
    n_refused_notifies: int = 0
    drop_after: int = 0
    n_drops: int = 0
    battery_percent: int | None = None
    is_held: bool = False
    is_silent: bool = False
    seed: int = 0
