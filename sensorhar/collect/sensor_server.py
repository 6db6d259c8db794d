"""Readings of the Android app SensorServer, over WebSockets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from contextlib import suppress
from typing import Any
from urllib.parse import quote

import numpy as np

from sensorhar._checks import check_choice, check_positive
from sensorhar._soft import require
from sensorhar.collect._android import ANDROID_TYPES, KINDS, android_row
from sensorhar.collect._receiver import Receiver, as_object, check_address, gps_row
from sensorhar.collect._reconnect import BackOff
from sensorhar.collect._stamps import StampClock, as_ns

__all__ = ["SensorServerSource"]

_FIX = ("latitude", "longitude", "altitude", "speed", "bearing", "accuracy")

#: One reading is 100 bytes long.
MAX_MESSAGE_BYTES = 2**16
CONNECT_S = 5.0

#: A fix further from the sensors' clock was stamped by another clock.
SAME_CLOCK_S = 60.0


class SensorServerSource(Receiver):
    """Fetch readings from SensorServer on an Android phone.

    The app shows its address when its server is started. This connects to it, twice
    (sensors, places), and again whenever the connection is lost or nothing comes::

        ws://192.168.1.5:8080/sensors/connect?types=["android.sensor.accelerometer"]
            {"type": .., "timestamp": ns since boot, "values": [x, y, z]}
        ws://192.168.1.5:8080/gps
            {"latitude": .., "time": ms since 1970, "elapsedRealtimeNanos": ..}

    Parameters
    ----------
    address : str
        Host and port that the app shows, such as ``"192.168.1.5:8080"``.
    sensors : sequence of str, default=("accelerometer", "gyroscope")
        Of "accelerometer", "linear_acceleration", "gravity", "gyroscope",
        "magnetometer", "orientation", "barometer" and "heart_rate".
    has_gps : bool, default=False
        Whether to fetch places too.
    place : str, default=""
        Where the phone is.
    silent_s : float, default=5.0
        A connection on which no reading comes for this long is made anew, in s.

    Attributes
    ----------
    utc_error_s : float or None
        How far this computer's clock is ahead of that of the satellites, by the last
        fix that said when it was in both clocks, to about 0.1 s. None without one.
    n_bad : int
        Messages left out since they were none.

    Raises
    ------
    ValueError
        When the address, the sensors or the wait is not one.
    MissingPackageError
        On entry, when aiohttp is not installed.

    Notes
    -----
    Messages have no number: losses are told by stamps, where one is missing between
    others.

    References
    ----------
    umer0586/SensorServer, README.

    Examples
    --------
    >>> SensorServerSource("192.168.1.5:8080", sensors=["gravity"]).state().is_connected
    False
    """

    def __init__(
        self,
        address: str,
        *,
        sensors: Sequence[str] = ("accelerometer", "gyroscope"),
        has_gps: bool = False,
        place: str = "",
        silent_s: float = 5.0,
    ) -> None:
        self._host = check_address(address)
        for sensor in sensors:
            check_choice(sensor, "sensors", ANDROID_TYPES)
        if not len(sensors) and not has_gps:
            raise ValueError(
                "sensors must name at least one; got none. Or pass has_gps=True."
            )
        check_positive(silent_s, "silent_s", "s")
        self._sensors = tuple(sensors)
        self._has_gps = has_gps
        self._silent_s = silent_s
        self._session: Any = None
        super().__init__(place=place, name="sensor-server")

    def _forget(self) -> None:
        super()._forget()
        self.utc_error_s: float | None = None
        self._gps_clock = StampClock()
        self._n_connected = 0

    async def _start(self) -> None:
        aiohttp = require(
            "aiohttp", extra="phone", purpose="receiving SensorServer's messages"
        )
        timeout = aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_S)
        self._session = aiohttp.ClientSession(timeout=timeout)
        if self._sensors:
            types = json.dumps([ANDROID_TYPES[kind] for kind in self._sensors])
            path = f"/sensors/connect?types={quote(types)}"
            self._fetch(path, self._silent_s, self._take_reading)
        if self._has_gps:
            # There may be no fix for hours; a dead connection is told by the sensors'.
            self._fetch("/gps", None, self._take_fix)

    def _fetch(self, path: str, silent_s: float | None, take: Any) -> None:
        self._tasks.append(asyncio.create_task(self._keep(path, silent_s, take)))

    async def _stop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _keep(self, path: str, silent_s: float | None, take: Any) -> None:
        """Connect again and again."""
        import aiohttp
        from yarl import URL  # comes with aiohttp

        back_off = BackOff()
        what = path.partition("?")[0]
        while True:
            try:
                async with asyncio.timeout(CONNECT_S):
                    socket = await self._session.ws_connect(
                        URL(f"ws://{self._host}{path}", encoded=True),
                        max_msg_size=MAX_MESSAGE_BYTES,
                        heartbeat=20.0,
                    )
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                self._say(f"no connection to {what}: {type(error).__name__}")
            else:
                self._count_connection(+1)
                self._mark(f"connected to {what}")
                try:
                    why = await self._listen(socket, silent_s, take, back_off)
                finally:
                    self._count_connection(-1)
                self._mark(f"lost {what}: {why}")
            await asyncio.sleep(back_off.next_s())

    async def _listen(
        self, socket: Any, silent_s: float | None, take: Any, back_off: BackOff
    ) -> str:
        """Take messages until the connection is lost; return why it was."""
        import aiohttp

        try:
            while True:
                try:
                    message = await socket.receive(timeout=silent_s)
                except TimeoutError:
                    return "nothing came"
                if message.type is aiohttp.WSMsgType.TEXT:
                    back_off.reset()
                    take(message.data)
                elif message.type is aiohttp.WSMsgType.BINARY:
                    self._bad("bytes instead of text")
                elif message.type is aiohttp.WSMsgType.ERROR:
                    self._bad("a message that is too large, or no text")
                    return "bad message"
                else:
                    return "closed"
        finally:
            with suppress(aiohttp.ClientError, OSError, TimeoutError):
                await asyncio.wait_for(socket.close(), 1.0)

    def _say(self, text: str) -> None:
        """Mark what happened, once while it goes on."""
        if not self._markers or self._markers[-1].text != text:
            self._mark(text)

    def _count_connection(self, step: int) -> None:
        self._n_connected += step
        self._is_connected = self._n_connected > 0

    def _take_reading(self, text: str) -> None:
        message = as_object(text)
        if message is None:
            return self._bad("no object")
        kind = KINDS.get(str(message.get("type", "")))
        if kind is None and len(self._sensors) == 1:
            kind = self._sensors[0]
        stamp_ns = as_ns(message.get("timestamp"))
        if kind is None or stamp_ns is None:
            return self._bad("a reading without type or timestamp")
        row = android_row(kind, message.get("values"))
        sender = self._sender(self._host)
        if row is None or sender is None:
            return self._bad("a reading without values")
        self._see(sender.clock, stamp_ns, stamp_ns, self.now_s())
        return self._row(kind, row, stamp_ns, sender)

    def _take_fix(self, text: str) -> None:
        message = as_object(text)
        if message is None:
            return self._bad("no object")
        if message.get("lastKnowLocation") is True:
            return None  # where the phone was some time ago
        row = gps_row(message, _FIX)
        utc_ns = as_ns(message.get("time"), 1e6)
        boot_ns = as_ns(message.get("elapsedRealtimeNanos"))
        sender = self._sender(self._host)
        if row is None or sender is None or (utc_ns is None and boot_ns is None):
            return self._bad("no place, or no time")
        arrival_s = self.now_s()
        if boot_ns is not None and sender.clock.is_known:
            time_s = self._time_of(sender.clock, boot_ns)
            if abs(time_s - arrival_s) < SAME_CLOCK_S:
                if utc_ns is not None:
                    host_utc_s = self.start.timestamp() + time_s
                    self._compare(host_utc_s - utc_ns / 1e9)
                # One clock a stream: it goes on with the one it began with.
                if not self._gps_clock.is_known:
                    return self._row("gps", row, boot_ns, sender)
        stamp_ns = boot_ns if utc_ns is None else utc_ns
        assert stamp_ns is not None
        self._see(self._gps_clock, stamp_ns, stamp_ns, arrival_s)
        return self._row("gps", row, stamp_ns, sender, clock=self._gps_clock)

    @staticmethod
    def _time_of(clock: StampClock, stamp_ns: int) -> float:
        stamps_s = clock.seconds(np.array([stamp_ns], dtype=np.int64))
        return float(clock.times(stamps_s)[0])

    def _compare(self, error_s: float) -> None:
        if self.utc_error_s is None:
            self._mark(f"this computer's clock is {error_s:+.3f} s off that of GPS")
        self.utc_error_s = error_s
