"""The radio that all Bluetooth sources of a process share: one scan at a time."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sensorhar._words import listing
from sensorhar.collect._within import RadioError, within

if TYPE_CHECKING:
    from bleak.backends.device import BLEDevice
    from bleak.backends.scanner import AdvertisementData

    Match = Callable[[BLEDevice, AdvertisementData], bool]

__all__ = ["Radio", "Wanted", "radio"]

HELD_S = 2.0

#: Generic Attribute, which all sensors have.
ANY_SERVICE = "1801"

#: So long one waits for a scan to end before connecting, which some adapters refuse
#: while they scan.
STOP_S = 1.0


@dataclass(frozen=True)
class Wanted:
    """Which sensor is meant: all that is given must fit.

    Parameters
    ----------
    name : str or None
        What the advertised name begins with; case does not matter.
    address : str or None
        Its address (on macOS: its identifier).
    services : frozenset of str
        It advertises at least one of them. Left out where a name or an address is
        given, as many sensors advertise no service.
    """

    name: str | None = None
    address: str | None = None
    services: frozenset[str] = frozenset()

    def fits(self, address: str, name: str | None, services: list[str]) -> bool:
        """Return whether a sensor is the one."""
        if self.address is not None and address.lower() != self.address.lower():
            return False
        if self.name is not None:
            return (name or "").lower().startswith(self.name.lower())
        if self.address is not None or not self.services:
            return True
        return bool(self.services & {service.lower() for service in services})

    @property
    def words(self) -> str:
        """For messages."""
        if self.address is not None:
            return f"at {self.address!r}"
        if self.name is not None:
            return f"named {self.name!r}"
        return f"with service {listing(self.services)}"


class Radio:
    """Find sensors; each is given to one source at a time.

    Attributes
    ----------
    taken : set of str
        Addresses in use.
    names : set of str
        Names (or addresses) seen by all scans, for messages.
    """

    def __init__(self) -> None:
        self.taken: set[str] = set()
        self.names: set[str] = set()
        self._waiting: dict[asyncio.Future[BLEDevice], Match] = {}
        self._scan: asyncio.Task[None] | None = None
        self._nobody = asyncio.Event()

    async def held(self, wanted: Wanted, services: frozenset[str]) -> BLEDevice | None:
        """Return a sensor that the operating system is connected to, as after a crash.

        It does not advertise, so no scan finds it.
        """
        for device in await self.all_held(services):
            is_free = device.address not in self.taken
            # The services were asked for already.
            if is_free and wanted.fits(device.address, device.name, list(services)):
                self.taken.add(device.address)
                return device
        return None

    async def all_held(self, services: frozenset[str]) -> list[BLEDevice]:
        """Return all sensors with a service that the system is connected to."""
        return await within(HELD_S, "asking for held devices", _held(services))

    async def find(self, match: Match, limit_s: float) -> BLEDevice | None:
        """Return the first sensor that matches and is free, or None after the limit.

        As with ``held``, its address is then in ``taken``, and to be taken out again.
        """
        found: asyncio.Future[BLEDevice] = asyncio.get_running_loop().create_future()
        self._waiting[found] = match
        self._nobody.clear()
        if self._scan is None or self._scan.done():
            self._scan = asyncio.create_task(self._keep_scanning(), name="scan")
        try:
            await asyncio.wait({found}, timeout=limit_s)
        finally:
            del self._waiting[found]
            if not self._waiting:
                self._nobody.set()
        if not found.done():
            return None
        device = found.result()
        if not self._waiting:
            await self._until_scan_ends(device)
        return device

    async def _until_scan_ends(self, device: BLEDevice) -> None:
        assert self._scan is not None
        try:
            await asyncio.wait({self._scan}, timeout=STOP_S)
        except asyncio.CancelledError:
            self.taken.discard(device.address)
            raise

    async def _keep_scanning(self) -> None:
        """Scan while anyone waits.

        No time limit here: a scan that was cancelled while BlueZ hangs begins when it
        goes on, belongs to nobody, and has all later ones refused as "in progress".
        Those who wait have limits of their own.
        """
        from bleak import BleakScanner

        while self._waiting:
            task = asyncio.create_task(_scan(BleakScanner(self._see), self._nobody))
            await asyncio.wait({task})
            if task.cancelled() or (error := task.exception()) is None:
                continue
            refusal = RadioError(f"scanning failed: {error or type(error).__name__}")
            refusal.__cause__ = error
            for found in self._waiting:
                if not found.done():
                    found.set_exception(refusal)
            return

    def _see(self, device: BLEDevice, advertisement: AdvertisementData) -> None:
        name = advertisement.local_name
        self.names.add(name or device.address)
        for found, match in self._waiting.items():
            is_free = device.address not in self.taken
            if is_free and not found.done() and match(device, advertisement):
                self.taken.add(device.address)  # before another waits for it too
                found.set_result(device)


#: The adapter is one for the whole process: BlueZ refuses a second scan of a program
#: ("in progress"), and two sources must not take the same sensor.
_RADIOS: WeakKeyDictionary[asyncio.AbstractEventLoop, Radio] = WeakKeyDictionary()


def radio() -> Radio:
    """Return the radio of the running event loop."""
    return _RADIOS.setdefault(asyncio.get_running_loop(), Radio())


async def _held(services: frozenset[str]) -> list[BLEDevice]:
    from bleak import BleakAdapter

    try:
        adapter = await BleakAdapter.get()
        return await adapter.get_connected_devices(sorted(services) or [ANY_SERVICE])
    except NotImplementedError:  # this operating system does not tell
        return []


async def _scan(scanner: object, nobody: asyncio.Event) -> None:
    from bleak import BleakScanner

    assert isinstance(scanner, BleakScanner)
    await scanner.start()
    try:
        await nobody.wait()
    finally:
        await scanner.stop()
