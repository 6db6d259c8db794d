"""A pretended phone with the recording page open: no browser, no phone."""

import asyncio
import json
import math
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING, Any

from sensorhar._soft import require
from sensorhar.data.recording import Recording

if TYPE_CHECKING:
    from aiohttp import ClientWebSocketResponse

__all__ = ["FakePhone"]

#: The page puts so much into one message.
BATCH_S = 0.2

#: What the page can send, in SI as the browser's own sensor classes give it.
KINDS = ("accelerometer", "gyroscope", "magnetometer", "gps")


class FakePhone:
    """A phone with the page of a PhoneSource open, for tests and demonstrations.

    It does what the page does in a browser: answers questions for its clock, sends what
    its sensors read in numbered messages, in real time, and has done when all of them
    were acknowledged. What the person of the recording does is tapped on the page.

    Parameters
    ----------
    recording : Recording
        What its accelerometer, gyroscope, magnetometer and GPS read.
    name : str, default="fake"
        By which the source tells phones apart.

    See Also
    --------
    sensorhar.collect.PhoneSource : what serves the page.

    Examples
    --------
    >>> from sensorhar.collect import PhoneSource, record
    >>> from sensorhar.simulate import Person, simulate_recording
    >>> anna = simulate_recording(Person("anna"), [("walking", 2)], random_state=0)
    >>> async def main():
    ...     source = PhoneSource(0, host="127.0.0.1", is_https=False)
    ...     phone = FakePhone(anna)
    ...     return await record(
    ...         source, duration_s=1, on_open=lambda: phone.wear(source.address)
    ...     )
    >>> recording = asyncio.run(main())
    >>> recording.channel_names[:3], recording.events.labels.tolist()
    (('acc_x', 'acc_y', 'acc_z'), ['walking'])
    """

    def __init__(self, recording: Recording, *, name: str = "fake") -> None:
        self.recording = recording
        self.name = name
        self._streams = {stream.kind: stream for stream in reversed(recording.streams)}
        ends = {event.stop_s: "" for event in recording.events or ()}
        self._taps = (
            ends | {e.start_s: e.label for e in recording.events or ()}
        ).items()

    def wear(self, address: str) -> asyncio.Task[None]:
        """Open the page and begin to send, beside what else the event loop does.

        Parameters
        ----------
        address : str
            ``PhoneSource.address`` of an open source.

        Returns
        -------
        Task
            Done when all was taken, or the source has ended.

        Raises
        ------
        MissingPackageError
            When aiohttp is not installed.
        """
        require("aiohttp", extra="phone", purpose="a pretended phone")
        self._worn = asyncio.create_task(self._wear(address))
        return self._worn

    async def _wear(self, address: str) -> None:
        import aiohttp

        hello = {
            "type": "hello",
            "phone": self.name,
            "session": self.name,
            "first": 0,
            "platform": "android",
            "agent": "sensorhar.testing.FakePhone",
        }
        async with (
            aiohttp.ClientSession() as http,
            http.ws_connect(f"{address}socket", ssl=False) as page,
        ):
            await page.send_json(hello)
            await self._talk(page)

    async def _talk(self, page: "ClientWebSocketResponse") -> None:
        n_batches = math.ceil(self.recording.stop_s / BATCH_S)
        sending: asyncio.Task[None] | None = None
        try:
            async for message in page:
                said = json.loads(message.data)
                if said["type"] == "ping":
                    await _send(page, type="pong", number=said["number"])
                elif said["type"] == "welcome" and sending is None:
                    sending = asyncio.create_task(self._send_all(page, n_batches))
                elif said["type"] == "ack" and said["next"] >= n_batches:
                    return
        finally:
            if sending is not None:
                sending.cancel()
                await asyncio.wait({sending})

    async def _send_all(self, page: "ClientWebSocketResponse", n_batches: int) -> None:
        zero_s = monotonic()
        n_sent = dict.fromkeys(KINDS, 0)
        for number in range(n_batches):
            begin_s, end_s = number * BATCH_S, (number + 1) * BATCH_S
            await asyncio.sleep(zero_s + end_s - monotonic())
            streams = {}
            for kind in KINDS:
                rows = self._rows(kind, begin_s, end_s, zero_s)
                flat = [number for row in rows for number in row]
                streams[kind] = {"first": n_sent[kind], "rows": flat}
                n_sent[kind] += len(rows)
            taps = [
                [1000 * (zero_s + at_s), word]
                for at_s, word in self._taps
                if begin_s <= at_s < end_s
            ]
            await _send(page, type="batch", number=number, streams=streams, labels=taps)

    def _rows(
        self, kind: str, begin_s: float, end_s: float, zero_s: float
    ) -> list[list[float | None]]:
        """Return time in ms and numbers of each reading; None where there is none."""
        stream = self._streams.get(kind)
        if stream is None:
            return []
        first, last = stream.time_s.searchsorted([begin_s, end_s])
        times_ms = 1000 * (zero_s + stream.time_s[first:last])
        table = [times_ms, *stream.values[first:last].T.tolist()]
        return [
            [None if math.isnan(number) else number for number in row]
            for row in zip(*table, strict=True)
        ]


async def _send(page: "ClientWebSocketResponse", **message: Any) -> None:
    with suppress(ConnectionError):  # the source has ended; whoever listens sees it
        await page.send_json({**message, "now_ms": 1000 * monotonic()})
