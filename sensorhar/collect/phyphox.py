"""Readings of the app phyphox, fetched through its remote access."""

from __future__ import annotations

import asyncio
import json
import math
from typing import Any
from urllib.parse import quote

import numpy as np

from sensorhar._checks import check_positive
from sensorhar._soft import require
from sensorhar.collect._phyphox_buffers import (
    Input,
    Pauses,
    Seen,
    find_inputs,
    spread,
)
from sensorhar.collect._receiver import Receiver, check_address
from sensorhar.collect._reconnect import BackOff

__all__ = ["PhyphoxSource"]

#: A minute of three sensors at 500 Hz; more is fetched only once, with from_start.
MAX_ANSWER_BYTES = 32 * 2**20
ANSWER_S = 10.0

#: How often the pauses are looked up again.
TIME_EVERY_S = 5.0


class _BadAnswerError(ValueError):
    """An answer that phyphox does not give."""


class PhyphoxSource(Receiver):
    """Fetch readings from phyphox on a phone, again and again.

    In the app: menu of an experiment, "Allow remote access"; it then shows an address.
    ``/config`` tells which sensors the experiment has and the names of their buffers,
    ``/time`` when it was paused, and ``/get`` the values since the last time::

        /get?acc_time=12.3&accX=12.3|acc_time&...   all where acc_time > 12.3
        {"buffer": {"acc_time": {"buffer": [12.31, ..]}, ..},
         "status": {"session": "a1b2c3", "measuring": true, ..}}

    Times have eight digits, so that some values may come twice; they are left out.
    Where the experiment is begun anew or another one is opened, this goes on with it.

    Parameters
    ----------
    address : str
        Host and port that the app shows, such as ``"192.168.1.5:8080"``.
    poll_s : float, default=0.1
        Time between two requests in s.
    begin : bool, default=True
        Whether to begin the measurement, if it does not run.
    from_start : bool, default=False
        Whether to fetch too what was measured before.
    place : str, default=""
        Where the phone is.

    Attributes
    ----------
    n_bad : int
        Answers left out since they were none.

    Raises
    ------
    ValueError
        When the address or the time is not one.
    MissingPackageError
        On entry, when aiohttp is not installed.

    Notes
    -----
    phyphox turns an iPhone's accelerations to the Android frame by itself, so nothing
    is turned here. At more than 1000 s from the start, times are told to 0.1 ms; after
    three hours, to 1 ms.

    References
    ----------
    phyphox wiki, "Remote-interface communication"; RemoteServer.java of
    phyphox/phyphox-android.

    Examples
    --------
    >>> PhyphoxSource("192.168.1.5:8080").state().is_connected
    False
    """

    def __init__(
        self,
        address: str,
        *,
        poll_s: float = 0.1,
        begin: bool = True,
        from_start: bool = False,
        place: str = "",
    ) -> None:
        self._host = check_address(address)
        check_positive(poll_s, "poll_s", "s")
        self._poll_s = poll_s
        self._begin = begin
        self._from_start = from_start
        self._session: Any = None
        super().__init__(place=place, name="phyphox")

    def _forget(self) -> None:
        super()._forget()
        self._forget_experiment()
        self._is_first = True

    def _forget_experiment(self) -> None:
        self._inputs: list[Input] = []
        self._pauses: Pauses | None = None
        self._seen: dict[str, Seen] = {}
        self._asked: dict[str, Seen] = {}
        self._id: str | None = None
        self._is_measuring = False
        self._pauses_due_s = 0.0

    async def _start(self) -> None:
        aiohttp = require(
            "aiohttp", extra="phone", purpose="fetching phyphox's measurements"
        )
        self._session = aiohttp.ClientSession(
            # The app's server does not keep connections.
            connector=aiohttp.TCPConnector(force_close=True),
            timeout=aiohttp.ClientTimeout(total=ANSWER_S),
        )
        self._tasks.append(asyncio.create_task(self._poll()))

    async def _stop(self) -> None:
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _poll(self) -> None:
        import aiohttp

        back_off = BackOff()
        while True:
            try:
                await self._once()
                back_off.reset()
                wait_s = self._poll_s
            except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as error:
                if isinstance(error, ValueError):
                    self._bad(str(error))
                if self._is_connected:
                    self._mark(f"lost {self._host}: {type(error).__name__}")
                self._is_connected = False
                self._inputs = []  # it may come back with another experiment
                wait_s = back_off.next_s()
            await asyncio.sleep(wait_s)

    async def _once(self) -> None:
        """Fetch what is new."""
        if not self._inputs:
            await self._look_at_experiment()
        if self.now_s() >= self._pauses_due_s:
            await self._look_at_pauses()
        answer = await self._ask(f"/get?{self._query()}")
        arrival_s = self.now_s()
        if not isinstance(answer, dict):
            raise _BadAnswerError("/get is no object")
        buffers, status = answer.get("buffer"), answer.get("status")
        if not isinstance(buffers, dict) or not isinstance(status, dict):
            raise _BadAnswerError("/get has no buffers or status")
        if not self._is_same(status) or any(
            name not in buffers for one in self._inputs for name in one.buffers
        ):
            self._mark("another experiment, or it was begun anew")
            self._forget_experiment()
            return
        if not self._is_connected:
            self._mark(f"connected to {self._host}")
        self._is_connected = True
        was_measuring = self._is_measuring
        self._is_measuring = status.get("measuring") is True
        if self._is_measuring and not was_measuring:  # a pause has ended
            await self._look_at_pauses()
        if self._pauses is not None and self._asked == self._seen:
            self._take(buffers, self._pauses, arrival_s)

    def _is_same(self, status: dict[str, Any]) -> bool:
        """Return whether it is still the same session."""
        session = str(status.get("session", ""))[:100]
        if self._id is None:
            self._id = session
        return session == self._id

    async def _look_at_experiment(self) -> None:
        inputs = find_inputs(await self._ask("/config"))
        if inputs is None:
            raise _BadAnswerError("/config names no inputs")
        if not inputs:
            raise _BadAnswerError("the experiment has no sensor that is known")
        self._inputs = inputs
        self._pauses_due_s = 0.0
        if self._begin and self._is_first:
            await self._ask("/control?cmd=start")
        if self._is_first and not self._from_start:
            await self._skip_old()
        self._is_first = False

    async def _skip_old(self) -> None:
        """Begin at the last values of now."""
        names = [one.time for one in self._inputs]
        answer = await self._ask("/get?" + "&".join(quote(name) for name in names))
        buffers = answer.get("buffer") if isinstance(answer, dict) else None
        for name in names:
            buffer = buffers.get(name) if isinstance(buffers, dict) else None
            last = buffer.get("buffer") if isinstance(buffer, dict) else None
            if isinstance(last, list) and last and isinstance(last[-1], (int, float)):
                self._seen[name] = Seen(float(last[-1]), 10**9)

    async def _look_at_pauses(self) -> None:
        try:
            pauses = Pauses.of(await self._ask("/time"))
        except _BadAnswerError:
            pauses = Pauses()  # an old version does not know it
        self._pauses_due_s = self.now_s() + TIME_EVERY_S
        if pauses is None:  # it has not begun
            self._pauses_due_s = self.now_s() + 2 * self._poll_s
            return
        if self._pauses is not None and pauses.real_s[0] != self._pauses.real_s[0]:
            self._mark("the experiment was begun anew")
            self._seen.clear()
        self._pauses = pauses

    def _query(self) -> str:
        self._asked = dict(self._seen)
        parts = []
        for one in self._inputs:
            seen = self._seen.get(one.time)
            for name in one.buffers:
                since = "full"
                if seen is not None:
                    on = "" if name == one.time else f"|{one.time}"
                    since = f"{seen.since_s!r}{on}"
                parts.append(f"{quote(name)}={quote(since)}")
        return "&".join(dict.fromkeys(parts))

    def _take(self, buffers: dict[str, Any], pauses: Pauses, arrival_s: float) -> None:
        sender = self._sender(self._host)
        assert sender is not None  # there is but one
        found = []
        for one in self._inputs:
            rows = one.rows(buffers)
            if rows is None:
                self._bad(f"buffers of {one.kind}")
                continue
            times_s, values = rows
            seen = self._seen.get(one.time, Seen(-math.inf, 0))
            # A value of long ago among the new ones would be no time of a sensor.
            is_new = seen.is_new(times_s) & (times_s == np.maximum.accumulate(times_s))
            if not is_new.any():
                continue
            times_s, values = times_s[is_new], values[is_new]
            self._seen[one.time] = seen.and_then(times_s)
            n_before = seen.n_values * int(times_s[0] == seen.time_s)
            stamps_ns = pauses.real_ns(spread(times_s, n_before))
            found.append((one.kind, values, stamps_ns))
        if not found:
            return
        # Fixes carry the satellites' time, and come late.
        steady = [rows for rows in found if rows[0] != "gps"]
        if steady or not sender.clock.is_known:
            stamps = [stamps_ns for _, _, stamps_ns in steady or found]
            oldest = min(int(stamps_ns[0]) for stamps_ns in stamps)
            newest = max(int(stamps_ns[-1]) for stamps_ns in stamps)
            self._see(sender.clock, oldest, newest, arrival_s)
        for kind, values, stamps_ns in found:
            self._rows(kind, values, stamps_ns, sender)

    async def _ask(self, path: str) -> Any:
        """Return the JSON of an answer."""
        from yarl import URL  # comes with aiohttp

        address = URL(f"http://{self._host}{path}", encoded=True)
        async with self._session.get(address) as answer:
            if answer.status != 200:
                raise _BadAnswerError(f"{path[:40]} answers {answer.status}")
            content = bytearray()
            async for part in answer.content.iter_chunked(2**16):
                content += part
                if len(content) > MAX_ANSWER_BYTES:
                    raise _BadAnswerError(f"{path[:40]} answers too much")
        try:
            return json.loads(content)
        except (ValueError, RecursionError) as error:
            raise _BadAnswerError(f"{path[:40]} answers no JSON") from error
