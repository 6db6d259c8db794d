"""One link to one Bluetooth sensor, from connecting to letting go."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from sensorhar._words import listing
from sensorhar.collect._within import RadioError, within

if TYPE_CHECKING:
    from bleak.backends.characteristic import BleakGATTCharacteristic
    from bleak.backends.device import BLEDevice

    from sensorhar.collect.profiles.profile import Command, Profile

__all__ = ["BleConnection"]

#: Limits of single steps. BlueZ takes 0.3 to 1 s to connect; Polar chest straps are
#: known to need more than 10 s now and then.
CONNECT_S = 20.0
NOTIFY_S = 3.0
WRITE_S = 3.0
READ_S = 2.0
STOP_S = 1.0
DISCONNECT_S = 2.0

#: BlueZ 5.66 refuses the first subscription on a link that outlived its program.
N_NOTIFY_TRIES = 3
NOTIFY_PAUSE_S = 0.2

#: A link is renewed when nothing came for so long, or for so many intervals: bleak
#: keeps saying "connected" where BlueZ has died or hangs.
SILENCE_S = 2.0
SILENT_INTERVALS = 5
FIRST_PACKET_S = 5.0
CHECK_S = 0.25

#: Share of the newest interval in their running mean.
SHARE = 0.1

BATTERY_S = 60.0


class BleConnection:
    """Subscribe to a profile's characteristics on a client of its own.

    Parameters
    ----------
    device : BLEDevice
        As found; bleak needs it, an address alone would have it scan again.
    profile : Profile
        What to subscribe to.
    take : callable
        Called with (number of the characteristic, bytes) as they come; it must only
        put them aside.
    max_silence_s : float or None
        Instead of the limit above.
    """

    def __init__(
        self,
        device: BLEDevice,
        profile: Profile,
        take: Callable[[int, bytearray], None],
        *,
        max_silence_s: float | None = None,
    ) -> None:
        from bleak import BleakClient

        self._client = BleakClient(
            device, lambda _: self._lost.set(), timeout=CONNECT_S
        )
        self._profile, self._take = profile, take
        self._max_silence_s = max_silence_s
        self._lost = asyncio.Event()
        self._notifying: list[BleakGATTCharacteristic] = []
        self._last_s = monotonic()
        self._interval_s: float | None = None
        self.n_packets = 0
        self.battery_percent: float | None = None
        self.missing: list[str] = []

    async def open(self) -> None:
        """Connect, subscribe, and send the start commands."""
        await within(CONNECT_S + 1, "connecting", self._client.connect())
        for number, characteristic in enumerate(self._profile.characteristics):
            found = self._find(characteristic.uuid)
            if found is None:
                self.missing.append(characteristic.uuid)
                continue
            await self._subscribe(found, self._receiver(number))
        if not self._notifying:
            has = [c.uuid for c in self._client.services.characteristics.values()]
            raise RadioError(
                f"the sensor has none of the characteristics of profile "
                f"{self._profile.name!r}, but {listing(has)}"
            )
        await self._open_battery()
        for command in self._profile.start_commands:
            await self._write(command, WRITE_S)
        self._last_s = monotonic()

    async def until_lost(self) -> str:
        """Return why the link is to be renewed, when it is."""
        battery_due_s = monotonic() + BATTERY_S
        while True:
            limit_s = self._silence_limit_s()
            left_s = self._last_s + limit_s - monotonic()
            if left_s <= 0:
                return f"stalled: no packet for {limit_s:.1f} s"
            # Not the whole rest: the limit falls from that of the first packet.
            pause_s = min(left_s, CHECK_S, max(0.0, battery_due_s - monotonic()))
            try:
                async with asyncio.timeout(pause_s):
                    await self._lost.wait()
                return "the link was lost"
            except TimeoutError:
                pass
            if monotonic() >= battery_due_s:
                await self._read_battery()
                battery_due_s = monotonic() + BATTERY_S

    async def close(self) -> None:
        """Stop, unsubscribe and disconnect, in this order, each within its limit.

        bluetoothd 5.66 was seen to crash where a client left without unsubscribing.
        """
        with suppress(RadioError):  # it hangs or is gone: what is left is below
            if self._client.is_connected:
                for command in self._profile.stop_commands:
                    await self._write(command, STOP_S)
                while self._notifying:
                    work = self._client.stop_notify(self._notifying.pop())
                    await within(STOP_S, "unsubscribing", work)
        with suppress(RadioError):  # bleak has let go of the bus all the same
            await within(DISCONNECT_S, "disconnecting", self._client.disconnect())

    def _receiver(
        self, number: int
    ) -> Callable[[BleakGATTCharacteristic, bytearray], None]:
        def receive(_: BleakGATTCharacteristic, packet: bytearray) -> None:
            now_s = monotonic()
            gap_s = now_s - self._last_s
            if self._interval_s is None:
                self._interval_s = gap_s if self.n_packets else None
            else:
                self._interval_s += SHARE * (gap_s - self._interval_s)
            self._last_s = now_s
            self.n_packets += 1
            self._take(number, packet)

        return receive

    async def _subscribe(
        self,
        characteristic: BleakGATTCharacteristic,
        receive: Callable[[BleakGATTCharacteristic, bytearray], None],
    ) -> None:
        for left in reversed(range(N_NOTIFY_TRIES)):
            # By its own word, as bleak's default has changed twice: AcquireNotify
            # lost half the packets of a slow program, StartNotify none.
            work = self._client.start_notify(
                characteristic, receive, bluez={"use_start_notify": True}
            )
            try:
                await within(NOTIFY_S, f"subscribing to {characteristic.uuid}", work)
            except RadioError as error:
                if not left or error.__cause__ is None or not self._client.is_connected:
                    raise
                await asyncio.sleep(NOTIFY_PAUSE_S)
            else:
                self._notifying.append(characteristic)
                return

    async def _write(self, command: Command, limit_s: float) -> None:
        target = self._find(command.uuid)
        if target is None:
            raise RadioError(f"the sensor has no characteristic {command.uuid!r}")
        work = self._client.write_gatt_char(
            target, command.payload, response="write" in target.properties
        )
        await within(limit_s, f"writing to {command.uuid}", work)

    async def _open_battery(self) -> None:
        """Read the charge, and hear of its changes where the sensor tells them."""
        battery = self._battery()
        if battery is None:
            return
        await self._read_battery()
        if "notify" in battery.properties:
            with suppress(RadioError):  # then it is read now and then
                await self._subscribe(battery, lambda _, value: self._charge(value))

    async def _read_battery(self) -> None:
        battery = self._battery()
        if battery is None:
            return
        with suppress(RadioError):  # no reason to give up the readings
            work = self._client.read_gatt_char(battery)
            self._charge(await within(READ_S, "reading the battery", work))

    def _charge(self, value: bytearray) -> None:
        if len(value) == 1 and value[0] <= 100:
            self.battery_percent = float(value[0])

    def _battery(self) -> BleakGATTCharacteristic | None:
        uuid = self._profile.battery_uuid
        is_decoded = uuid in {c.uuid for c in self._profile.characteristics}
        return None if uuid is None or is_decoded else self._find(uuid)

    def _find(self, uuid: str) -> BleakGATTCharacteristic | None:
        from bleak.exc import BleakError

        try:
            return self._client.services.get_characteristic(uuid)
        except BleakError as error:  # the link was lost in between
            raise RadioError(f"looking for {uuid} failed: {error}") from error

    def _silence_limit_s(self) -> float:
        if self._max_silence_s is not None:
            return self._max_silence_s
        if self._interval_s is None:
            return FIRST_PACKET_S
        return max(SILENCE_S, SILENT_INTERVALS * self._interval_s)
