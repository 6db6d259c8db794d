"""The small https server behind the phone page: its files, a socket, and posts."""

import asyncio
import hmac
import json
import logging
import ssl
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from importlib.resources import files
from time import monotonic
from typing import TYPE_CHECKING, Any

from sensorhar._soft import require
from sensorhar.collect._phone_messages import BadMessageError, decode
from sensorhar.collect._phone_session import PhoneSession

if TYPE_CHECKING:
    from aiohttp import web

__all__ = ["MAX_MESSAGE", "PageServer"]

logger = logging.getLogger(__name__)

#: Bytes of one message; a batch of the page has 3 to 30 kB.
MAX_MESSAGE = 2**20
#: Messages that make no sense before a connection is closed.
MAX_BAD = 20
#: Time for the first message of a connection, and for a connection to close, in s.
HELLO_S = 10.0
CLOSE_S = 2.0
#: A connection whose page was silent for this long is closed, in s.
DEAD_S = 30.0
#: Pages that post which are remembered; one that is forgotten says hello again.
MAX_POSTING = 100
#: Close codes of our own, above those of RFC 6455; the page knows them.
OPENED_AGAIN, ENDED, REFUSED = 4000, 4001, 4003

TYPES = {
    "index.html": "text/html",
    "page.css": "text/css",
    "page.js": "text/javascript",
    "link.js": "text/javascript",
    "sensors.js": "text/javascript",
}
HEADERS = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src "
    "'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}
STRANGER = (
    "This is not the whole address. Scan the code in the terminal again: each run of "
    "the collector has an address of its own.\n"
)

#: (message) -> session of a page that says hello; raises BadMessageError.
Greet = Callable[[dict[str, Any]], PhoneSession]
#: (session, message): take what a page says; raises BadMessageError.
Receive = Callable[[PhoneSession, dict[str, Any]], None]


class PageServer:
    """Serve the page to those who know the token, and carry its messages.

    The page uses a WebSocket. Where a browser lets it open the page but no socket, as
    happens with certificates that nobody signed, it posts the same messages instead.

    Parameters
    ----------
    token : str
        First part of every path.
    greet, receive : callable
        What to do with the first message of a page, and with the others.
    """

    def __init__(self, token: str, greet: Greet, receive: Receive) -> None:
        self.n_refused = 0
        self._token = token
        self._greet = greet
        self._receive = receive
        self._runner: web.AppRunner | None = None
        self._sockets: dict[PhoneSession, web.WebSocketResponse] = {}
        self._posting: dict[str, PhoneSession] = {}

    async def open(self, host: str, port: int, context: ssl.SSLContext | None) -> int:
        """Listen; return the port, which the system chooses when it is 0."""
        web = require("aiohttp.web", extra="phone", purpose="the phone page")
        app = web.Application(client_max_size=MAX_MESSAGE)
        app.router.add_get("/{token}/socket", self._on_socket)
        app.router.add_post("/{token}/exchange", self._on_exchange)
        app.router.add_get("/{token}", self._on_bare)
        app.router.add_get("/{token}/{file:.*}", self._on_file)
        app.router.add_route("*", "/{tail:.*}", self._on_stranger)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=CLOSE_S)
        await self._runner.setup()
        site = web.TCPSite(self._runner, host, port, ssl_context=context)
        await site.start()
        address: tuple[str, int] = self._runner.addresses[0]
        return int(address[1])

    async def close(self) -> None:
        """Say goodbye and let go of the port."""
        goodbye = b"the recording has ended"
        closing = [
            asyncio.wait_for(socket.close(code=ENDED, message=goodbye), CLOSE_S)
            for socket in self._sockets.values()
        ]
        await asyncio.gather(*closing, return_exceptions=True)
        self._sockets.clear()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def _on_file(self, request: "web.Request") -> "web.Response":
        from aiohttp import web

        self._admit(request)
        name = request.match_info["file"] or "index.html"
        if name not in TYPES:
            raise web.HTTPNotFound(text=f"There is no file {name!r}.\n")
        text = (files("sensorhar.collect") / "phone_page" / name).read_text("utf-8")
        return web.Response(text=text, content_type=TYPES[name], headers=HEADERS)

    async def _on_bare(self, request: "web.Request") -> "web.Response":
        from aiohttp import web

        self._admit(request)
        raise web.HTTPFound(f"/{self._token}/")

    async def _on_stranger(self, request: "web.Request") -> "web.Response":
        self._refuse(request)
        raise AssertionError("unreachable")

    async def _on_exchange(self, request: "web.Request") -> "web.Response":
        """Take the messages of a post, and answer with those for the page."""
        from aiohttp import web

        self._admit(request)
        session = None
        try:
            body = decode(await request.text())
            messages = body.get("messages")
            if not isinstance(messages, list):
                raise BadMessageError("messages must be a list.")
            session = self._posting.get(str(body.get("session")))
            for message in messages:
                if not isinstance(message, dict):
                    raise BadMessageError("a message must be an object.")
                if message.get("type") == "hello":
                    session = self._greet(message)
                    self._posting[session.hello.session] = session
                    if len(self._posting) > MAX_POSTING:
                        self._posting.pop(next(iter(self._posting)))
                elif session is None:
                    raise web.HTTPConflict(text="Say hello first.\n", headers=HEADERS)
                else:
                    self._take(session, message)
        except (BadMessageError, UnicodeDecodeError) as error:
            raise web.HTTPBadRequest(text=f"{error}\n", headers=HEADERS) from error
        outgoing = session.take_outgoing(monotonic()) if session else []
        return web.json_response({"messages": outgoing}, headers=HEADERS)

    async def _on_socket(self, request: "web.Request") -> "web.WebSocketResponse":
        from aiohttp import WSMsgType, web

        self._admit(request)
        socket = web.WebSocketResponse(
            max_msg_size=MAX_MESSAGE, compress=False, timeout=CLOSE_S
        )
        await socket.prepare(request)
        try:
            first = await socket.receive(timeout=HELLO_S)
            if first.type is not WSMsgType.TEXT:
                raise BadMessageError("a page must say hello first.")
            session = self._greet(decode(first.data))
        except (BadMessageError, TimeoutError) as error:
            await socket.close(code=REFUSED, message=str(error).encode()[:120])
            return socket
        mine = session.connection
        await self._replace(session, socket)
        n_bad = 0
        async with self._sending(socket, session):
            async for message in socket:
                if session.connection != mine:
                    break
                if message.type is not WSMsgType.TEXT:
                    n_bad += 1
                else:
                    n_bad += self._take_text(session, message.data)
                if n_bad > MAX_BAD:
                    await socket.close(code=1008, message=b"too many bad messages")
                    break
        if self._sockets.get(session) is socket:
            del self._sockets[session]
        return socket

    async def _replace(
        self, session: PhoneSession, socket: "web.WebSocketResponse"
    ) -> None:
        """Close the connections that an older page of the same phone holds."""
        phone = session.hello.phone
        old = {s: k for s, k in self._sockets.items() if s.hello.phone == phone}
        self._sockets = {s: k for s, k in self._sockets.items() if s not in old}
        self._sockets[session] = socket
        for other, connection in old.items():
            code = OPENED_AGAIN if other is not session else 1001
            closing = connection.close(code=code, message=b"opened again", drain=False)
            await asyncio.gather(
                asyncio.wait_for(closing, CLOSE_S), return_exceptions=True
            )

    @asynccontextmanager
    async def _sending(
        self, socket: "web.WebSocketResponse", session: PhoneSession
    ) -> AsyncIterator[None]:
        """Send what a session has to say, beside the loop that listens."""
        task = asyncio.create_task(_send(socket, session))
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    def _take_text(self, session: PhoneSession, text: str) -> int:
        try:
            message = decode(text)
        except BadMessageError as error:
            logger.info("bad message: %s", error)
            return 1
        return self._take(session, message)

    def _take(self, session: PhoneSession, message: dict[str, Any]) -> int:
        """Hand a message on; return 1 when it was bad, else 0."""
        try:
            self._receive(session, message)
        except BadMessageError as error:
            logger.info("bad message: %s", error)
            return 1
        return 0

    def _admit(self, request: "web.Request") -> None:
        given = request.match_info["token"].encode()
        if not hmac.compare_digest(given, self._token.encode()):
            self._refuse(request)

    def _refuse(self, request: "web.Request") -> None:
        from aiohttp import web

        self.n_refused += 1
        logger.info("refused %s without the token", request.remote)
        raise web.HTTPForbidden(text=STRANGER, headers=HEADERS)


async def _send(socket: "web.WebSocketResponse", session: PhoneSession) -> None:
    mine = session.connection
    while session.connection == mine and not socket.closed:
        now_s = monotonic()
        if now_s - session.heard_s > DEAD_S:
            await socket.close(code=1001, message=b"silent")
            return
        for message in session.take_outgoing(now_s):
            await socket.send_str(json.dumps(message))
        try:
            await asyncio.wait_for(session.news.wait(), 0.5)
        except TimeoutError:
            continue
