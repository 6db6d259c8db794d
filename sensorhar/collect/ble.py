"""A Bluetooth sensor as a source that finds it, and finds it again."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import monotonic

from sensorhar._checks import check_positive
from sensorhar._words import listing
from sensorhar.collect._ble_keeper import BleKeeper
from sensorhar.collect._ble_radio import Wanted, radio
from sensorhar.collect._ble_streams import Inlet, PacketStreams
from sensorhar.collect.profiles.profile import Profile
from sensorhar.collect.source import Source, SourceState
from sensorhar.data.stream import Stream

__all__ = ["BleSource"]

#: Packets not yet decoded, beyond which the oldest are left out and counted: 20 s of
#: 1,000 a second.
MAX_PACKETS = 20_000

#: Packets are decoded together so often, which is cheaper than one by one, and of no
#: account beside Bluetooth's own delay of 10 to 50 ms.
PACE_S = 0.01
N_AT_ONCE = 10


class BleSource(Source):
    """Yield the readings of one Bluetooth sensor, and keep to it.

    ::

        held by the system? ─┐
        search ── found ─────┴─ connect ── subscribe ── readings ── lost or silent
          ↑                                                              │
          └──────────── wait 0.2 s, 0.4 s, ... with jitter ←─────────────┘

    Each change is a marker. What goes wrong after the first connection is tried again
    until the source is closed: a lost link, a sensor out of reach, a Bluetooth service
    that was restarted or hangs. Nothing that the sensor sent while there was no link
    comes later, and the gap stays in the times.

    Parameters
    ----------
    name : str or None, default=None
        What its advertised name begins with; case does not matter.
    address : str or None, default=None
        Its address (on macOS: its identifier).
    service : str or None, default=None
        UUID of a service that it advertises. Without name, address and service, those
        of the profile.
    profile : str, Path or Profile
        What it sends: a name such as ``"thingy52"``, a TOML file, or the thing itself.
    place : str, default=""
        Where it is worn.
    prefix_place : bool, default=False
        Name channels ``wrist_acc_x`` instead of ``acc_x``, for several sensors.
    patience_s : float, default=30.0
        On entry, how long to look for it.
    max_wait_s : float, default=2.0
        Longest wait between two attempts.
    max_silence_s : float or None, default=None
        Renew the link when nothing came for so long. None means 2 s, or five times the
        interval between packets where that is more.

    Raises
    ------
    ValueError
        On entry, when a time is not above 0 or the profile does not tell what to
        subscribe to, or there is nothing to find the sensor by.
    ConnectionError
        On entry, when there is no Bluetooth, or no such sensor within the patience.

    Notes
    -----
    Once found by name or service, the source keeps to that address: two sensors of the
    same name never change places in a recording.

    StartNotify is used on Linux, as with AcquireNotify packets were lost and
    bluetoothd 5.66 crashed. Callbacks only put packets aside.

    Examples
    --------
    ::

        async with BleSource(name="Thingy", profile="thingy52") as source:
            async for chunk in source:
                print(chunk)
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        address: str | None = None,
        service: str | None = None,
        profile: str | Path | Profile,
        place: str = "",
        prefix_place: bool = False,
        patience_s: float = 30.0,
        max_wait_s: float = 2.0,
        max_silence_s: float | None = None,
    ) -> None:
        super().__init__()
        self.name = name or address or service or str(getattr(profile, "name", profile))
        self.place, self.prefix_place = place, prefix_place
        self.profile = profile
        self.patience_s, self.max_wait_s = patience_s, max_wait_s
        self.max_silence_s = max_silence_s
        services = frozenset() if service is None else frozenset({service.lower()})
        self._wanted = Wanted(name, address, services)
        self._packets: deque[tuple[float, Inlet, bytearray]] = deque()
        self._came = asyncio.Event()
        self._streams = PacketStreams(place, prefix_place)
        self._tasks: list[asyncio.Task[None]] = []
        self._keeper: BleKeeper | None = None
        self._n_overflows = 0
        self._link, self._arrival_s = 0, 0.0  # of the last packet

    def state(self) -> SourceState:
        """Return how the source does.

        Returns
        -------
        SourceState
            Counts since entry; the battery as last told.
        """
        keeper = self._keeper
        return SourceState(
            name=self.name,
            is_connected=keeper is not None and keeper.is_connected,
            streams=self._streams.states(self.now_s()),
            battery_percent=None if keeper is None else keeper.battery_percent,
            n_dropped=self._n_dropped + self._n_overflows,
        )

    def stop(self) -> None:
        """End the iteration after what has come already."""
        self._decode(len(self._packets))
        super().stop()

    async def _join(self, zero_s: float, start: datetime) -> None:
        """Open on the time line of another source."""
        self._queue.clear()
        self._is_ended = False
        self._zero_s, self.start = zero_s, start
        await self._open()

    async def _leave(self) -> None:
        self._end()
        await self._close()

    async def _open(self) -> None:
        profile = self._checked_profile()
        # numpy loads a part of itself at the first uneven clock: 20 to 100 ms that
        # packets would have to wait.
        Stream.of_sensor("heart_rate", [[0.0]] * 3, [0.0, 1.0, 3.0])
        self._packets.clear()
        self._link = 0
        self._streams = PacketStreams(self.place, self.prefix_place)
        self._keeper = keeper = BleKeeper(
            self._wanted,
            profile,
            take=self._put_aside,
            mark=self._mark,
            max_wait_s=self.max_wait_s,
            max_silence_s=self.max_silence_s,
        )
        work = (keeper.run(), self._keep_decoding())
        self._tasks = [asyncio.create_task(part) for part in work]
        for task in self._tasks:
            task.add_done_callback(lambda _: self._end())
        is_open = False
        try:
            await asyncio.wait(
                {keeper.opened, *self._tasks},
                timeout=self.patience_s,
                return_when=asyncio.FIRST_COMPLETED,
            )
            if not keeper.opened.done():
                raise ConnectionError(self._not_found(keeper))
            keeper.opened.result()
            is_open = True
        finally:
            if not is_open:
                keeper.opened.cancel()
                await self._close()

    async def _close(self) -> None:
        tasks, self._tasks = self._tasks, []
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        self._decode(len(self._packets))
        for task in tasks:
            if not task.cancelled():
                task.result()

    def _checked_profile(self) -> Profile:
        check_positive(self.patience_s, "patience_s", "s")
        check_positive(self.max_wait_s, "max_wait_s", "s")
        if self.max_silence_s is not None:
            check_positive(self.max_silence_s, "max_silence_s", "s")
        profile = self.profile
        if not isinstance(profile, Profile):
            from sensorhar.collect.profiles import load_profile

            profile = load_profile(profile)
        if not profile.characteristics:
            raise ValueError(
                f"profile {profile.name!r} must tell at least one characteristic to "
                "subscribe to; got none."
            )
        wanted = self._wanted
        if wanted.name is None and wanted.address is None and not wanted.services:
            services = frozenset(uuid.lower() for uuid in profile.service_uuids)
            if not services:
                raise ValueError(
                    f"there must be something to find the sensor by: profile "
                    f"{profile.name!r} names no service. Pass name= or address=; "
                    "sensorhar.collect.scan() lists what is in reach."
                )
            self._wanted = replace(wanted, services=services)
        return profile

    def _not_found(self, keeper: BleKeeper) -> str:
        seen = radio().names
        around = f"seen: {listing(seen)}" if seen else "no sensor was seen at all"
        failure = keeper.last_failure
        why = "" if failure is None else f" The last failure: {failure}."
        return (
            f"a Bluetooth sensor {self._wanted.words} must be in reach; within "
            f"{self.patience_s:g} s there was none that could be used; {around}.{why} "
            "Switch it on, and close other programs (and phones) that are connected "
            "to it."
        )

    def _put_aside(self, inlet: Inlet, packet: bytearray) -> None:
        """Keep a packet for later; all that is done in Bluetooth's callback."""
        if len(self._packets) >= MAX_PACKETS:
            self._packets.popleft()
            self._n_overflows += 1
        self._packets.append((monotonic() - self._zero_s, inlet, packet))
        self._came.set()

    async def _keep_decoding(self) -> None:
        """Turn packets into chunks, off the callbacks."""
        while True:
            await self._came.wait()
            self._came.clear()
            while self._packets:
                self._decode(N_AT_ONCE)
                await asyncio.sleep(0)
            await asyncio.sleep(PACE_S)

    def _decode(self, n_packets: int) -> None:
        for _ in range(min(n_packets, len(self._packets))):
            arrival_s, inlet, packet = self._packets.popleft()
            if inlet.link != self._link and self._link:
                self._mark(f"gap of {arrival_s - self._arrival_s:.2f} s")
            self._link, self._arrival_s = inlet.link, arrival_s
            self._streams.take(arrival_s, inlet, bytes(packet))
        for chunk in self._streams.chunks():
            self._put(chunk)
