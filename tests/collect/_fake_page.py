"""A page without a browser: speaks the protocol of the phone page, on demand badly."""

import asyncio
import json
import typing
from contextlib import asynccontextmanager
from time import monotonic

#: The page's clock began so long after the host's.
OFFSET_S = 12.5


def page_ms(host_s=None):
    """Time of the page's clock, in ms."""
    return 1000 * ((monotonic() if host_s is None else host_s) - OFFSET_S)


class FakePage:
    """Keep batches until they are acknowledged; send them again from ``welcome``."""

    #: Pages that hold a connection; `opened` closes what a test leaves open.
    alive: typing.ClassVar[list] = []

    def __init__(self, address, *, phone="a", session=None, platform="android"):
        self.address = address
        self.phone = phone
        self.session = session or f"{phone}-session"
        self.platform = platform
        self.number = 0
        self.kept = {}
        self.counts = {}
        self.welcome = None
        self.labels = []
        self.n_acks = 0
        self.close_code = None
        self.socket = None
        self.shift_ms = 0.0
        self.is_ready = asyncio.Event()
        self.heard_ack = asyncio.Event()
        self._task = None

    def batch(self, streams=None, labels=(), **more):
        """Make the next batch; streams as {wire: rows of (host_s, numbers...)}."""
        parts = {}
        for wire, rows in (streams or {}).items():
            first = self.counts.get(wire, 0)
            self.counts[wire] = first + len(rows)
            flat = [x for at_s, *v in rows for x in (page_ms(at_s) + self.shift_ms, *v)]
            parts[wire] = {"first": first, "rows": flat}
        presses = [[page_ms(at_s) + self.shift_ms, word] for at_s, word in labels]
        body = {"number": self.number, "streams": parts, "labels": presses, **more}
        self.kept[self.number] = body
        self.number += 1
        return body

    def hello(self):
        return {
            "type": "hello",
            "phone": self.phone,
            "session": self.session,
            "first": min(self.kept, default=self.number),
            "platform": self.platform,
            "agent": "a fake of a page",
        }

    def now_ms(self):
        return page_ms() + self.shift_ms

    async def connect(self, http):
        """Open a socket, and wait for the welcome; then send what is kept."""
        self.is_ready.clear()
        self.socket = await http.ws_connect(self.address + "socket", ssl=False)
        self.alive.append(self)
        await self.socket.send_json(self.hello())
        self._task = asyncio.create_task(self._listen(self.socket))
        await asyncio.wait_for(self.is_ready.wait(), 5)
        for number in sorted(n for n in self.kept if n >= self.welcome["next"]):
            await self.send(self.kept[number])

    async def send(self, body):
        """Send a batch."""
        message = {"type": "batch", "now_ms": self.now_ms(), **body}
        await self.socket.send_str(json.dumps(message))

    async def put(self, streams=None, labels=(), **more):
        """Make a batch and send it."""
        await self.send(self.batch(streams, labels, **more))

    async def drain(self):
        """Wait until all is acknowledged."""
        while self.kept:
            self.heard_ack.clear()
            await asyncio.wait_for(self.heard_ack.wait(), 5)

    def tear(self):
        """Break the connection as a phone does that leaves the room."""
        self._task.cancel()
        response = self.socket._response
        if response.connection is not None:
            response.connection.transport.abort()
            response.close()

    def take(self, message):
        """Return the answer to a message, if it needs one."""
        kind = message["type"]
        if kind == "ping":
            number = message["number"]
            return {"type": "pong", "number": number, "now_ms": self.now_ms()}
        if kind == "welcome":
            self.welcome = message
            self.is_ready.set()
        elif kind == "ack":
            self.n_acks += 1
            for number in [n for n in self.kept if n < message["next"]]:
                del self.kept[number]
            self.heard_ack.set()
        elif kind == "label":
            self.labels.append(message["label"])
            self.heard_ack.set()
        return None

    async def _listen(self, socket):
        async for message in socket:
            answer = self.take(json.loads(message.data))
            if answer:
                await socket.send_json(answer)
        self.close_code = socket.close_code


class Taker:
    """Consumes a source beside the test, as a recorder does."""

    def __init__(self, source):
        self.source = source
        self.chunks = []
        self.markers = []

    async def run(self):
        async for chunk in self.source:
            self.chunks.append(chunk)

    def of(self, name):
        """Chunks of the stream whose first channel is called so."""
        return [c for c in self.chunks if c.channel_names[0] == name]

    def column(self, name):
        """First channel of a stream, over all chunks."""
        return [float(v) for chunk in self.of(name) for v in chunk.values[:, 0]]

    def times(self, name):
        return [float(t) for chunk in self.of(name) for t in chunk.time_s]


@asynccontextmanager
async def opened(source):
    """Open a source, consume it, and have an http client beside it."""
    import aiohttp

    taker = Taker(source)
    async with aiohttp.ClientSession() as http, source:
        task = asyncio.create_task(taker.run())
        try:
            yield http, taker
        finally:
            while FakePage.alive:
                FakePage.alive.pop().tear()
            source.stop()
            await task
