"""Keep a link to one Bluetooth sensor: find it, connect, and begin again."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from sensorhar.collect._ble_connection import BleConnection
from sensorhar.collect._ble_radio import Wanted, radio
from sensorhar.collect._ble_streams import Inlet
from sensorhar.collect._within import RadioError, see_through
from sensorhar.collect.profiles.profile import Profile

if TYPE_CHECKING:
    from bleak.backends.device import BLEDevice

__all__ = ["BleKeeper"]

#: One look around for a sensor; most advertise each 0.1 to 1 s.
SCAN_S = 5.0

#: First wait before the next attempt; it doubles up to the cap.
FIRST_WAIT_S = 0.2


class BleKeeper:
    """Stay with one sensor until cancelled.

    Parameters
    ----------
    wanted : Wanted
        Which sensor.
    profile : Profile
        What to subscribe to.
    take : callable
        Called with (inlet, bytes) as they come; it must only put them aside.
    mark : callable
        Called with what happens, in words.
    max_wait_s : float
        Longest wait between two attempts.
    max_silence_s : float or None
        As for BleConnection.

    Attributes
    ----------
    opened : Future
        Done when the first link stands; ConnectionError where there is no Bluetooth.
    is_connected : bool
        Whether a link stands.
    battery_percent : float or None
        As last told.
    last_failure : str or None
        Since the last link.
    """

    def __init__(
        self,
        wanted: Wanted,
        profile: Profile,
        *,
        take: Callable[[Inlet, bytearray], None],
        mark: Callable[[str], None],
        max_wait_s: float,
        max_silence_s: float | None,
    ) -> None:
        self.wanted = wanted
        self._profile, self._take, self._mark = profile, take, mark
        self._max_wait_s, self._max_silence_s = max_wait_s, max_silence_s
        self._connection: BleConnection | None = None
        self._battery_percent: float | None = None
        self._n_links = 0
        self._said: set[str] = set()
        self.last_failure: str | None = None
        self.opened: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    @property
    def is_connected(self) -> bool:
        """Whether a link stands."""
        return self._connection is not None

    @property
    def battery_percent(self) -> float | None:
        """As last told."""
        connection = self._connection
        if connection is not None and connection.battery_percent is not None:
            self._battery_percent = connection.battery_percent
        return self._battery_percent

    async def run(self) -> None:
        """Connect, and connect again, until cancelled."""
        waits = _waits(self._max_wait_s)
        while True:
            n_before = self._n_links
            try:
                await self._live_once()
            except RadioError as error:
                self._note_failure(error)
                if not self.opened.done() and _is_hopeless(error):
                    words = (
                        f"Bluetooth must be there and switched on; {error}. Check the "
                        "adapter and the bluetooth service."
                    )
                    self.opened.set_exception(ConnectionError(words))
                    return
            if self._n_links > n_before:
                waits = _waits(self._max_wait_s)
            await asyncio.sleep(next(waits))

    async def _live_once(self) -> None:
        """Find the sensor and stay with it until the link is lost."""
        shared, wanted = radio(), self.wanted
        services = frozenset(uuid.lower() for uuid in self._profile.service_uuids)
        device = await shared.held(wanted, services | wanted.services)
        if device is not None:
            self._mark_once(f"held by the system: {device.address}")
            try:
                await self._stay(device)
                return
            except RadioError as error:
                # So says bleak's memory too after a Bluetooth service has died.
                self._note_failure(error)
        self._mark_once("searching")
        device = await shared.find(
            lambda device, advertisement: wanted.fits(
                device.address,
                advertisement.local_name or device.name,
                advertisement.service_uuids,
            ),
            SCAN_S,
        )
        if device is None:
            raise RadioError(f"no sensor {wanted.words} was seen in {SCAN_S:g} s")
        await self._stay(device)

    async def _stay(self, device: BLEDevice) -> None:
        """Connect to a sensor and stay until the link is lost."""
        link = self._n_links + 1
        inlets = [
            Inlet(characteristic.uuid, characteristic.make_decoder(), link)
            for characteristic in self._profile.characteristics
        ]
        connection = BleConnection(
            device,
            self._profile,
            lambda number, packet: self._take(inlets[number], packet),
            max_silence_s=self._max_silence_s,
        )
        try:
            self._mark_once(f"connecting to {device.address}")
            await connection.open()
            self._n_links = link
            # From now on this very sensor: another of its name must not take its place.
            self.wanted = replace(self.wanted, address=device.address, name=None)
            self._connection, self.last_failure = connection, None
            self._said.clear()
            self._mark("connected")
            for uuid in connection.missing:
                self._mark(f"the sensor has no characteristic {uuid}")
            if not self.opened.done():
                self.opened.set_result(None)
            self._mark(await connection.until_lost())
        finally:
            self._battery_percent = self.battery_percent
            self._connection = None
            try:
                await see_through(connection.close())
            finally:
                radio().taken.discard(device.address)

    def _note_failure(self, error: RadioError) -> None:
        self.last_failure = str(error)
        self._mark_once(self.last_failure)

    def _mark_once(self, text: str) -> None:
        """Mark what was not said since the last link: the search may last for hours."""
        if text not in self._said:
            self._said.add(text)
            self._mark(text)


def _waits(max_wait_s: float) -> Iterator[float]:
    """Yield waits that double up to the cap, each shortened at random by up to half.

    So several sources do not call all at once when Bluetooth is back.
    """
    wait_s = FIRST_WAIT_S
    while True:
        yield min(wait_s, max_wait_s) * random.uniform(0.5, 1.0)
        wait_s = min(2 * wait_s, max_wait_s)


def _is_hopeless(error: RadioError) -> bool:
    """Return whether there is no Bluetooth at all, so that waiting is no use."""
    from bleak.exc import BleakBluetoothNotAvailableError

    hopeless = (BleakBluetoothNotAvailableError, FileNotFoundError)
    return isinstance(error.__cause__, hopeless)
