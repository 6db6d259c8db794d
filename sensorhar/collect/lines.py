"""Readings that come as lines of text over UDP or TCP."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Literal

from sensorhar._checks import check_choice
from sensorhar.collect._line_formats import HYPER_IMU, LineFormat
from sensorhar.collect._receiver import Receiver, check_address, check_port
from sensorhar.collect._reconnect import BackOff

__all__ = ["HYPER_IMU", "LinesSource"]

#: A line of all sensors is 1 kB long.
MAX_LINE_BYTES = 2**16
MAX_CONNECTIONS = 16
CONNECT_S = 5.0


class LinesSource(Receiver):
    r"""Listen to lines of CSV or JSON, one reading of several sensors each.

    For HyperIMU, SensorStreamer, SensaGram, and whatever a board or a script can
    send::

        CSV             1518819953744,0.09,0.14,9.81,0.01,0.02,0.03,21.0,-4.1,-40.2
        HyperIMU        {"Timestamp": 1518819953744, "Accelerometer": [0.09, 0.1, 9.8]}
        SensorStreamer  {"accelerometer": {"timestamp": 39256575, "value": [0, 0, 9]}}
        SensaGram       {"type": "android.sensor.gravity", "timestamp": 5, "values": []}
        your own        {"t": 12.5, "ax": 0.01, "ay": 0.02, "az": 1.0}

    Lines that are none of these are counted and left out.

    Parameters
    ----------
    port : int, default=5555
        Port to listen at; 0 takes any that is free.
    host : str, default="0.0.0.0"
        Address to listen at; the default is all, so that a phone can reach it.
    transport : {"udp", "tcp"}, default="udp"
        How they come.
    connect_to : str or None, default=None
        Host and port of a sender that waits for us to connect, such as
        ``"192.168.1.5:3400"``; over TCP only.
    columns : sequence of str, mapping of str to str or None, default=None
        What stands in each column of CSV: names of channels such as ``"acc_x"``, or
        ``"time_s"``, ``"time_ms"``, ``"time_us"``, ``"time_ns"``; ``""`` for what is
        left out. A mapping names the columns of a header line, or keys of JSON. None
        takes :data:`HYPER_IMU`. Without a time, lines are stamped as they come.
    units : mapping of str to str or None, default=None
        Units by sensor kind where they are not SI, such as ``{"accelerometer": "g"}``.
    json_time : {"s", "ms", "us", "ns"} or None, default=None
        Unit of stamps in JSON. None takes ms where one stamp is for all sensors, and
        ns where each has its own, as the apps named above have it.
    place : str, default=""
        Where the first sender is. Others are ``phone2``, ``phone3``, in the names too.

    Attributes
    ----------
    port : int
        Where it listens, while it is open.
    n_bad : int
        Lines left out since they were none.

    Raises
    ------
    ValueError
        When a column, unit, port, address or transport is not one.
    OSError
        On entry, when the port is taken.

    Notes
    -----
    UDP loses packets, and lines have no number: losses are told by stamps only, where
    one is missing between others.

    References
    ----------
    HyperIMU's manual (ianovir.com), readmes of yaqwsx/SensorStreamer and
    umer0586/SensaGram. Names of the sensors in SensorStreamer's messages are not
    documented; whatever holds "acc", "gyro", "magn" is taken.

    Examples
    --------
    >>> columns = ["time_ms", "acc_x", "acc_y", "acc_z", ""]
    >>> source = LinesSource(columns=columns, units={"accelerometer": "g"})
    >>> source.state().is_connected
    False
    """

    def __init__(
        self,
        *,
        port: int = 5555,
        host: str = "0.0.0.0",
        transport: Literal["udp", "tcp"] = "udp",
        connect_to: str | None = None,
        columns: Sequence[str] | Mapping[str, str] | None = None,
        units: Mapping[str, str] | None = None,
        json_time: Literal["s", "ms", "us", "ns"] | None = None,
        place: str = "",
    ) -> None:
        check_port(port)
        check_choice(transport, "transport", ("udp", "tcp"))
        if connect_to is not None:
            connect_to = check_address(connect_to)
            if transport != "tcp":
                raise ValueError(
                    "transport must be 'tcp' with connect_to, since UDP has no "
                    f"connections; got {transport!r}."
                )
        self._settings = (
            HYPER_IMU if columns is None else columns,
            units or {},
            json_time,
        )
        LineFormat(*self._settings)  # says now what is wrong
        self._host, self._wanted_port, self.port = host, port, port
        self._transport = transport
        self._connect_to = connect_to
        super().__init__(place=place, name=f"{transport}-lines")

    def _forget(self) -> None:
        super()._forget()
        self._formats: dict[str, LineFormat] = {}
        self._socket: Any = None
        self._n_connections = 0

    async def _start(self) -> None:
        loop = asyncio.get_running_loop()
        if self._connect_to is not None:
            self._tasks.append(asyncio.create_task(self._keep(self._connect_to)))
            return
        if self._transport == "udp":
            self._socket, _ = await loop.create_datagram_endpoint(
                lambda: _Datagrams(self), local_addr=(self._host, self._wanted_port)
            )
            self.port = self._socket.get_extra_info("sockname")[1]
        else:
            self._socket = await asyncio.start_server(
                self._welcome, self._host, self._wanted_port, limit=MAX_LINE_BYTES
            )
            self.port = self._socket.sockets[0].getsockname()[1]
        self._is_connected = True

    async def _stop(self) -> None:
        socket, self._socket = self._socket, None
        if socket is not None:
            socket.close()

    async def _keep(self, address: str) -> None:
        """Connect to a sender again and again."""
        host, _, port = address.rpartition(":")
        back_off = BackOff()
        while True:
            try:
                async with asyncio.timeout(CONNECT_S):
                    reader, writer = await asyncio.open_connection(
                        host.strip("[]"), int(port), limit=MAX_LINE_BYTES
                    )
            except (OSError, TimeoutError) as error:
                text = f"no connection to {address}: {type(error).__name__}"
                if not self._markers or self._markers[-1].text != text:
                    self._mark(text)
            else:
                back_off.reset()
                self._is_connected = True
                self._mark(f"connected to {address}")
                try:
                    await self._read(reader, host)
                finally:
                    self._is_connected = False
                    writer.close()
                self._mark(f"lost {address}")
            await asyncio.sleep(back_off.next_s())

    async def _welcome(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        task = asyncio.current_task()
        assert task is not None
        if self._n_connections >= MAX_CONNECTIONS:
            self._bad("too many connections")
            writer.close()
            return
        self._n_connections += 1
        self._tasks.append(task)
        try:
            await self._read(reader, str(writer.get_extra_info("peername")[0]))
        except asyncio.CancelledError:
            pass  # the source was closed
        finally:
            self._n_connections -= 1
            if task in self._tasks:
                self._tasks.remove(task)
            writer.close()

    async def _read(self, reader: asyncio.StreamReader, who: str) -> None:
        """Take what one connection sends, until it ends."""
        rest = b""
        is_skipping = False
        with suppress(ConnectionError):
            while content := await reader.read(MAX_LINE_BYTES):
                *lines, rest = (rest + content).split(b"\n")
                for line in lines:
                    if not is_skipping:
                        self._take(line, who)
                    is_skipping = False
                if not is_skipping:
                    rest = self._take_objects(rest, who)
                if is_skipping or len(rest) > MAX_LINE_BYTES:
                    if not is_skipping:
                        self._bad("a line that is too long")
                    is_skipping, rest = True, b""
        if rest and not is_skipping:
            self._take(rest, who)

    def _take_objects(self, rest: bytes, who: str) -> bytes:
        """Take whole objects of a sender that ends none with a new line."""
        while rest.lstrip().startswith(b"{") and rest.rstrip().endswith(b"}"):
            try:
                text = rest.decode("utf-8", "strict").lstrip()
                _, end = json.JSONDecoder().raw_decode(text)
            except (ValueError, RecursionError):
                break
            self._take(text[:end].encode(), who)
            rest = text[end:].encode()
        return rest

    def _take(self, line: bytes, who: str) -> None:
        """Take one line."""
        if len(line) > MAX_LINE_BYTES:
            return self._bad("a line that is too long")
        sender = self._sender(who)
        if sender is None:
            return self._bad("too many senders")
        if who not in self._formats:
            self._formats[who] = LineFormat(*self._settings)
        rows = self._formats[who].read(line)
        if rows is None:
            if not self.n_bad:  # the first shows what is wrong, mostly the columns
                self._mark(f"left out {line[:80]!r}: no reading")
            return self._bad("no reading")
        arrival_s = self.now_s()
        for row in rows:
            stamp_ns = row.stamp_ns
            if stamp_ns is None:
                stamp_ns = round(arrival_s * 1e9)
            self._see(sender.clock, stamp_ns, stamp_ns, arrival_s)
            self._row(row.kind, row.values, stamp_ns, sender)
        return None


class _Datagrams(asyncio.DatagramProtocol):
    """Hands packets on."""

    def __init__(self, source: LinesSource) -> None:
        self._source = source

    def datagram_received(self, data: bytes, addr: tuple[Any, ...]) -> None:
        """Take the lines of one packet."""
        for line in data.splitlines():
            self._source._take(line, str(addr[0]))
