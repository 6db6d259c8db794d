"""Sensors of phones, through a page in their browsers: nothing to install."""

import asyncio
import errno
import secrets
from bisect import insort
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from time import monotonic
from typing import Any

from sensorhar._checks import check_positive
from sensorhar.collect._addresses import is_loopback, local_address, local_hosts
from sensorhar.collect._certificate import tls_context
from sensorhar.collect._connect_steps import connect_steps
from sensorhar.collect._phone import Phone
from sensorhar.collect._phone_messages import (
    BadMessageError,
    Batch,
    Hello,
    Pong,
    parse,
    snake_word,
)
from sensorhar.collect._phone_server import PageServer
from sensorhar.collect._phone_session import PhoneSession
from sensorhar.collect.source import Marker, Source, SourceState
from sensorhar.data.events import Events
from sensorhar.data.stream import Stream

__all__ = ["PhoneSource"]

#: Letters of a token: none that are mistaken for others when typed from a screen.
LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
TOKEN_LENGTH = 12
#: So many phones times so many unacknowledged batches stay below the queue's limit.
MAX_PHONES = 32
#: Pages that one phone may have opened and closed.
MAX_SESSIONS = 4
LABELS = (
    "walking",
    "running",
    "standing",
    "sitting",
    "lying",
    "walking_upstairs",
    "walking_downstairs",
    "cycling",
)


class PhoneSource(Source):
    """Serve a page that sends a phone's sensors here, and yield them as chunks.

    The phone needs a browser and the same network, no app. Its page asks for permission
    on a tap and sends accelerometer (with gravity), gyroscope, magnetometer where the
    browser gives it, orientation, and GPS, in numbered batches. It keeps each batch
    until this side has acknowledged it, and sends again after a broken connection; a
    batch is acknowledged when the consumer of this source asks for the next chunk.

    Several phones may open the page. Channels of the first are ``acc_x``, of the second
    ``phone2_acc_x``; when places are given, ``pocket_acc_x`` and ``wrist_acc_x`` in the
    order in which the phones come.

    Parameters
    ----------
    port : int, default=8765
        Where to listen; 0 lets the system choose.
    host : str or None, default=None
        Address to listen on. None: all addresses of this computer, so that phones in
        the same network reach it.
    token : str or None, default=None
        Part of the address that strangers do not know. None makes one for this object.
        State it, the port and a certificate to let pages go on after a restart of the
        program.
    place : str or sequence of str, default="pocket"
        Where the phone is worn; one place for each phone when there are several.
    labels : sequence of str
        Buttons of the page; words that are typed on the page are added there.
    certificate : str, Path or None, default=None
        File that keeps the certificate, so that a phone is asked once only to accept
        it. It is made when it is not there. None makes one for this object.
    is_https : bool, default=True
        False serves plain http, for this computer only: behind ``adb reverse`` or a
        tunnel of your own, which browsers count as secure.
    lifetime_s : float, default=43200
        The server ends by itself after this time: 12 hours.

    Attributes
    ----------
    address : str
        What the phone opens; known inside ``async with``.
    events : Events
        Labels chosen on the pages so far, the last one up to now.
    metadata : dict
        Browser, platform and sensors of each phone, for the recording.

    Raises
    ------
    ValueError
        When a token is no plain word, places repeat, or http would leave this computer.
    OSError
        On opening, when another program has the port.

    See Also
    --------
    sensorhar.read : files that an app on the phone has written.

    Notes
    -----
    Browsers round: 0.1 m/s^2 and 0.1 deg/s in Chromium, at most 60 samples a second
    (measured). For finer data use an app. Accelerations of iOS are turned into the axes
    of Android: at rest, face up, ``acc_z`` is +9.81. Times are those of the sensor
    events, mapped to this computer's clock by pings, to within half the shortest round
    trip. A label of one phone holds for all; each press is a marker too, and so are
    phones that come and go, clocks that jump, gaps, and samples that were lost.

    Examples
    --------
    >>> source = PhoneSource(token="kitchen", host="127.0.0.1", place="wrist")
    >>> source.state().is_connected
    False
    """

    def __init__(
        self,
        port: int = 8765,
        *,
        host: str | None = None,
        token: str | None = None,
        place: str | Sequence[str] = "pocket",
        labels: Sequence[str] = LABELS,
        certificate: str | Path | None = None,
        is_https: bool = True,
        lifetime_s: float = 12 * 3600.0,
    ) -> None:
        super().__init__()
        check_positive(lifetime_s, "lifetime_s", "s")
        if token is not None and not (token.isascii() and token.isalnum()):
            raise ValueError(
                f"token must be ASCII letters and digits; got {token!r}. Leave it out "
                "to have one made."
            )
        if not is_https and not (host is not None and is_loopback(host)):
            raise ValueError(
                f"is_https=False must stay on this computer; got host={host!r}. "
                'Browsers give no sensors over plain http: pass host="127.0.0.1", or '
                "leave https on."
            )
        self.places = (place,) if isinstance(place, str) else tuple(place)
        if len(set(self.places)) < len(self.places) or not self.places:
            raise ValueError(
                f"place must be one place, or one for each phone; got {place!r}."
            )
        self.name = "phone"
        self.port = port
        self.host = host
        self.token = token or "".join(
            secrets.choice(LETTERS) for _ in range(TOKEN_LENGTH)
        )
        self.labels = tuple(dict.fromkeys(map(snake_word, labels)))
        self.certificate = None if certificate is None else Path(certificate)
        self.is_https = is_https
        self.lifetime_s = lifetime_s
        self.fingerprint = ""
        self._shown_host = ""
        self._open_port: int | None = None
        self._server: PageServer | None = None
        self._watch: asyncio.Task[None] | None = None
        self._phones: dict[str, Phone] = {}
        self._presses: list[tuple[float, str]] = []
        self._tickets: deque[tuple[PhoneSession, int]] = deque()
        self._taken: tuple[PhoneSession, int] | None = None

    async def _open(self) -> None:
        self._tickets.clear()
        self._taken = None
        self._presses.clear()
        for phone in self._phones.values():
            phone.begin()
        is_everywhere = self.host in (None, "", "0.0.0.0", "::")
        self._shown_host = local_address() if is_everywhere else str(self.host)
        context = None
        if self.is_https:
            hosts = local_hosts(self._shown_host)
            context, self.fingerprint = tls_context(hosts, self.certificate)
        server = PageServer(self.token, self._greet, self._receive)
        listen = "0.0.0.0" if self.host is None else self.host
        try:
            self._open_port = await server.open(listen, self.port, context)
        except OSError as error:
            await server.close()
            if error.errno != errno.EADDRINUSE:
                raise
            raise OSError(
                errno.EADDRINUSE,
                f"port {self.port} must be free; another program listens on it. Stop "
                "that one, or pass another port (0: any free one)",
            ) from error
        self._server = server
        self._watch = asyncio.create_task(self._watch_over())

    async def _close(self) -> None:
        self._acknowledge_taken()
        if self._watch is not None:
            self._watch.cancel()
            await asyncio.gather(self._watch, return_exceptions=True)
            self._watch = None
        await self._shut()

    async def _shut(self) -> None:
        """Stop listening; readings that came already can still be taken."""
        server, self._server = self._server, None
        self._open_port = None
        if server is not None:
            await server.close()

    async def _watch_over(self) -> None:
        """Note which phones fall silent, and end when the lifetime is over."""
        while (left_s := self.lifetime_s - self.now_s()) > 0:
            now_s = monotonic()
            for phone in self._phones.values():
                if phone.was_connected and not phone.is_connected(now_s):
                    self._mark(f"{phone.name} lost")
                    phone.was_connected = False
            await asyncio.sleep(min(left_s, 0.5))
        self._mark("lifetime over")
        self._end()
        await self._shut()

    async def __anext__(self) -> Stream:
        self._acknowledge_taken()
        chunk = await super().__anext__()
        while len(self._tickets) > len(self._queue) + 1:  # a full queue dropped some
            session, number = self._tickets.popleft()
            session.consumed(number)
        self._taken = self._tickets.popleft()
        return chunk

    def _acknowledge_taken(self) -> None:
        """Whoever asks for more has done with what it had."""
        if self._taken is not None:
            session, number = self._taken
            session.consumed(number)
            self._taken = None

    @property
    def address(self) -> str:
        """What the phone opens."""
        if self._open_port is None:
            raise RuntimeError(
                "the address is known while the source is open; ask for it inside "
                "`async with source:`."
            )
        host = f"[{self._shown_host}]" if ":" in self._shown_host else self._shown_host
        scheme = "https" if self.is_https else "http"
        return f"{scheme}://{host}:{self._open_port}/{self.token}/"

    @property
    def events(self) -> Events:
        """Labels chosen on the pages, in s since ``start``."""
        ends = [at for at, _ in self._presses[1:]] + [self.now_s()]
        spans = [
            (at, end, label)
            for (at, label), end in zip(self._presses, ends, strict=False)
            if label and end > at
        ]
        if not spans:
            return Events.empty()
        return Events(*zip(*spans, strict=True))

    @property
    def metadata(self) -> dict[str, str]:
        """Browser, platform and sensors of each phone, for the recording."""
        found: dict[str, str] = {}
        for phone in self._phones.values():
            hello = phone.current.hello if phone.current else None
            if hello is None:
                continue
            turned = (
                "accelerations of iOS times -1" if hello.platform == "ios" else "as is"
            )
            found |= {
                f"phone{phone.number}_place": phone.place,
                f"phone{phone.number}_agent": hello.agent,
                f"phone{phone.number}_platform": hello.platform,
                f"phone{phone.number}_axes": f"android ({turned})",
                f"phone{phone.number}_sensors": " ".join(phone.wires),
            }
        return found

    def state(self) -> SourceState:
        """Return how the source does: streams of all phones, in the order they came."""
        now_s = monotonic()
        phones = self._phones.values()
        charges = [p.battery_percent for p in phones if p.battery_percent is not None]
        return SourceState(
            self.name,
            any(phone.is_connected(now_s) for phone in phones),
            tuple(state for phone in phones for state in phone.states(now_s)),
            battery_percent=min(charges, default=None),
            n_dropped=self._n_dropped,
        )

    def how_to_connect(self) -> str:
        """Return a QR code and plain steps, for a terminal."""
        return connect_steps(self.address, self.fingerprint)

    def _greet(self, message: dict[str, Any]) -> PhoneSession:
        """Take the first message of a page: whose it is, and from where it goes on."""
        hello = parse(message)
        if not isinstance(hello, Hello):
            raise BadMessageError("a page must say hello first.")
        phone = self._phones.get(hello.phone)
        if phone is None:
            if len(self._phones) >= MAX_PHONES:
                raise BadMessageError(f"{MAX_PHONES} phones are here already.")
            phone = self._phones[hello.phone] = self._new_phone()
        session = phone.sessions.get(hello.session)
        if session is None:
            session = phone.sessions[hello.session] = PhoneSession(hello)
            while len(phone.sessions) > MAX_SESSIONS:
                phone.sessions.pop(next(iter(phone.sessions)))
        phone.current = session
        before = session.n_missing
        greeting = {
            "type": "welcome",
            "phone": phone.number,
            "place": "" if phone.place == f"phone{phone.number}" else phone.place,
            "labels": list(self.labels),
            "label": self._presses[-1][1] if self._presses else "",
        }
        session.connect(hello, greeting, monotonic())
        if not phone.was_connected:
            self._mark(f"{phone.name} connected")
            phone.was_connected = True
        self._note_missing(phone, session.n_missing - before)
        return session

    def _new_phone(self) -> Phone:
        number = len(self._phones) + 1
        if number <= len(self.places):
            place = self.places[number - 1]
            return Phone(number, place, place if len(self.places) > 1 else "")
        return Phone(number, f"phone{number}", f"phone{number}")

    def _receive(self, session: PhoneSession, message: dict[str, Any]) -> None:
        """Take a message of a page that was greeted."""
        phone = self._phones[session.hello.phone]
        try:
            said = parse(message)
        except BadMessageError:
            phone.n_bad_messages += 1
            if message.get("type") == "batch" and message.get("number") == session.next:
                session.hand_on(session.next, 0)  # else the page sends it for ever
            raise
        now_s = monotonic()
        if isinstance(said, Pong):
            if session.pong(said, now_s):
                self._mark(f"clock of {phone.name} jumped")
        elif isinstance(said, Batch):
            self._take_batch(phone, session, said, now_s)
        else:
            raise BadMessageError("a page says hello once.")

    def _take_batch(
        self, phone: Phone, session: PhoneSession, batch: Batch, now_s: float
    ) -> None:
        if not session.is_new(batch, now_s):
            phone.count_duplicate(batch)
            return
        self._note_missing(phone, batch.number - session.next)
        if session.clock.heard(batch.page_s, now_s):
            self._mark(f"clock of {phone.name} jumped")
        if batch.battery_percent is not None:
            phone.battery_percent = batch.battery_percent
        chunks = phone.chunks(batch, session, zero_s=self._zero_s, now_s=now_s)
        for at_s, text in phone.take_remarks():
            self._markers.append(Marker(at_s - self._zero_s, text))
        session.hand_on(batch.number, len(chunks))
        for chunk in chunks:
            self._tickets.append((session, batch.number))
            self._put(chunk)
        for page_s, label in batch.labels:
            at_s = float(session.clock.to_host([page_s])[0]) - self._zero_s
            self._press(at_s, label)

    def _press(self, at_s: float, label: str) -> None:
        """Note a label from some time on, and show it on all pages."""
        insort(self._presses, (at_s, label))
        text = f"label {label}" if label else "label ends"
        self._markers.append(Marker(at_s, text))
        self._news.set()
        if self._presses[-1] == (at_s, label):
            for phone in self._phones.values():
                if phone.current is not None:
                    phone.current.tell({"type": "label", "label": label})

    def _note_missing(self, phone: Phone, n_batches: int) -> None:
        if n_batches > 0:
            self._mark(f"{phone.name} lost {n_batches} batches")
