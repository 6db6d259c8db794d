"""Readings that the app Sensor Logger pushes over HTTP."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from sensorhar._checks import check_choice, check_positive
from sensorhar._soft import require
from sensorhar.collect._receiver import Receiver, Sender, as_object, check_port
from sensorhar.collect._sensor_logger_rows import Converter, by_sensor
from sensorhar.collect.sequence import SequenceCounter
from sensorhar.collect.source import Marker

__all__ = ["SensorLoggerSource"]

#: Ten sensors at 500 Hz for a few seconds; more in one message is no batch.
MAX_MESSAGE_BYTES = 8 * 2**20

#: Sessions and messages kept, however many come.
MAX_SESSIONS = 64
MAX_WAITING_MESSAGES = 32

#: What comes from a watch, a satellite or a person is stamped by another clock, or
#: comes late.
_OTHER_CLOCKS = ("annotation", "headphone", "heartrate", "location", "watch", "wrist")

#: A first message with this number or less was overtaken by others.
MAX_OVERTAKEN = 3


@dataclass
class _Session:
    """One recording of one phone."""

    sender: Sender
    converter: Converter
    counter: SequenceCounter = field(default_factory=SequenceCounter)
    next: int = 0
    waiting: dict[int, tuple[list[Any], float]] = field(default_factory=dict)


class SensorLoggerSource(Receiver):
    """Listen to what Sensor Logger (Android, iOS) pushes.

    In the app, settings, "HTTP Push": the address of this computer and the port, such
    as ``http://192.168.1.20:8000/data``. Each message is a batch::

        {"messageId": 7, "sessionId": "..", "deviceId": "..", "payload": [
            {"name": "gravity", "time": 1698501144401773000,
             "values": {"x": 0.1, "y": 0.2, "z": 9.8}}, ...]}

    Messages may come twice, out of order, or late: they are put in order by their
    number. One that does not come within ``wait_s`` is taken as lost; it is left out
    if it comes after that. Streams are named, turned and converted as by
    :func:`sensorhar.io.read_sensor_logger`: all in the Android frame.

    Parameters
    ----------
    host : str, default="0.0.0.0"
        Address to listen at; the default is all, so that a phone can reach it.
    port : int, default=8000
        Port to listen at; 0 takes any that is free.
    platform : {"android", "ios"} or None, default=None
        System of the phones. None takes what their messages tell: only Android sends
        an accuracy with each reading. An iPhone that tells nothing is taken for an
        Android phone, and a marker says so; pass the platform where you know it.
    is_standardised : bool, default=False
        Whether "Standardise Units & Frames" is on in the app; it does not say so.
    place : str, default=""
        Where the first phone is. Others are ``phone2``, ``phone3``, in the names too.
    places : mapping of str to str or None, default=None
        Places by ``deviceId``, for several phones.
    token : str or None, default=None
        What the address must end in, such as ``"x7Qk2"``; others are refused.
    wait_s : float, default=2.0
        How long to wait for a message that was overtaken, in s.

    Attributes
    ----------
    port : int
        Where it listens, while it is open.
    n_bad : int
        Messages and readings left out since they were none.

    Raises
    ------
    ValueError
        When the port, platform or wait is not one.
    MissingPackageError
        On entry, when aiohttp is not installed.
    OSError
        On entry, when the port is taken.

    Notes
    -----
    Times are those of the phone's clock brought to this computer's by when messages
    came, so that phones and other sensors share one time line.

    References
    ----------
    tszheichoi/awesome-sensor-logger: PUSHING.md, UNITS.md, COORDINATES.md.

    Examples
    --------
    >>> import asyncio
    >>> async def listen():
    ...     async with SensorLoggerSource(host="127.0.0.1", port=0) as source:
    ...         return source.state().is_connected
    >>> asyncio.run(listen())
    True
    """

    def __init__(
        self,
        *,
        host: str = "0.0.0.0",
        port: int = 8000,
        platform: Literal["android", "ios"] | None = None,
        is_standardised: bool = False,
        place: str = "",
        places: Mapping[str, str] | None = None,
        token: str | None = None,
        wait_s: float = 2.0,
    ) -> None:
        check_port(port)
        if platform is not None:
            check_choice(platform, "platform", ("android", "ios"))
        check_positive(wait_s, "wait_s", "s")
        self._host, self._wanted_port, self.port = host, port, port
        self._platform = platform
        self._is_standardised = is_standardised
        self._places = dict(places or {})
        self._token = token
        self._wait_s = wait_s
        self._runner: Any = None
        super().__init__(place=place, name="sensor-logger")

    def _forget(self) -> None:
        super()._forget()
        self._sessions: OrderedDict[tuple[str, str], _Session] = OrderedDict()
        self._n_lost_before = 0

    async def _start(self) -> None:
        require("aiohttp", extra="phone", purpose="receiving Sensor Logger's messages")
        from aiohttp import web

        app = web.Application(client_max_size=MAX_MESSAGE_BYTES)
        app.router.add_post("/{tail:.*}", self._answer)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, self._host, self._wanted_port)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self._is_connected = True

    async def _stop(self) -> None:
        runner, self._runner = self._runner, None
        if runner is not None:
            await runner.cleanup()

    async def _answer(self, request: Any) -> Any:
        from aiohttp import web

        if self._token is not None and not request.path.endswith(f"/{self._token}"):
            self._bad("a stranger without the token")
            return web.Response(status=403, text="The address must end in the token.")
        try:
            content = await request.read()
        except web.HTTPRequestEntityTooLarge:
            self._bad("a message that is too large")
            return web.Response(status=413, text="Push in shorter batches.")
        message = as_object(content)
        if message is None or not self._take(message):
            self._bad("no message of Sensor Logger")
            return web.Response(status=400, text="This is no message of Sensor Logger.")
        return web.Response(text="ok")

    def _take(self, message: dict[str, Any]) -> bool:
        """Take in one message; return whether it was one."""
        number, payload = message.get("messageId"), message.get("payload")
        if not isinstance(number, int) or isinstance(number, bool):
            return False
        if not isinstance(payload, list) or not 0 <= number < 2**53:
            return False
        session = self._session(
            str(message.get("deviceId", ""))[:100],
            str(message.get("sessionId", ""))[:100],
            number,
        )
        if session is None:
            return False
        if session.counter.update(number).is_duplicate:
            self._count()
            return True
        if session.counter.n_restarts:  # a number far from all before
            session.counter.n_restarts = 0
            session.next = number
            session.waiting.clear()
        session.waiting[number] = (payload, self.now_s())
        self._hand_on_in_order(session)
        self._count()
        return True

    def _session(self, device: str, key: str, number: int) -> _Session | None:
        found = self._sessions.get((device, key))
        if found is None:
            name = device or "a phone"
            sender = self._sender(name, self._places.get(device))
            if sender is None:
                return None
            converter = Converter(self._platform, self._is_standardised)
            found = _Session(sender, converter)
            found.next = 0 if number <= MAX_OVERTAKEN else number
            self._sessions[device, key] = found
            if len(self._sessions) > MAX_SESSIONS:
                _, oldest = self._sessions.popitem(last=False)
                self._n_lost_before += oldest.counter.n_lost
        return found

    def _tick(self) -> None:
        for session in self._sessions.values():
            self._hand_on_in_order(session)

    def _finish(self) -> None:
        for session in self._sessions.values():
            self._hand_on_in_order(session, is_last=True)

    def _hand_on_in_order(self, session: _Session, *, is_last: bool = False) -> None:
        waiting = session.waiting
        while waiting:
            first = min(waiting)
            came_s = min(at for _, at in waiting.values())
            is_overdue = self.now_s() - came_s > self._wait_s
            is_full = len(waiting) > MAX_WAITING_MESSAGES
            if first > session.next and not (is_overdue or is_full or is_last):
                return
            payload, arrival_s = waiting.pop(first)
            self._read(session, payload, arrival_s, is_late=first < session.next)
            session.next = max(session.next, first + 1)

    def _read(
        self, session: _Session, payload: list[Any], arrival_s: float, *, is_late: bool
    ) -> None:
        """Hand on what one message holds."""
        readings, n_bad = by_sensor(payload)
        self.n_bad += n_bad
        if not readings:
            return
        stamps_ns = [
            row[0]
            for name, rows in readings.items()
            if not name.startswith(_OTHER_CLOCKS)
            for row in rows
        ]
        clock = session.sender.clock
        if not stamps_ns and not clock.is_known:
            stamps_ns = [row[0] for rows in readings.values() for row in rows]
        if stamps_ns and not is_late:
            self._see(clock, min(stamps_ns), max(stamps_ns), arrival_s)
        for stamp_ns, values, _ in readings.pop("annotation", []):
            self._note(session, stamp_ns, values)
        converter = session.converter
        was_guessed = converter.is_guessed
        for table in converter.tables(readings):
            self._rows(
                table.kind,
                table.values,
                table.stamps_ns,
                session.sender,
                place=table.place,
            )
        self.n_bad += converter.n_bad
        converter.n_bad = 0
        if converter.is_guessed and not was_guessed:
            self._mark("nothing tells the platform: taken for android")

    def _note(self, session: _Session, stamp_ns: int, values: dict[str, Any]) -> None:
        """Keep what a person wrote in the app, at its time."""
        import numpy as np

        clock = session.sender.clock
        stamps_s = clock.seconds(np.array([stamp_ns], dtype=np.int64))
        text = str(values.get("text", values.get("note", "")))[:200]
        self._markers.append(Marker(float(clock.times(stamps_s)[0]), text))

    def _count(self) -> None:
        counters = [session.counter for session in self._sessions.values()]
        self.n_lost = self._n_lost_before + sum(c.n_lost for c in counters)
        self.n_duplicates = sum(c.n_duplicates for c in counters)
        self.n_reordered = sum(c.n_reordered for c in counters)
