"""Phones in a browser: nothing twice, nothing lost, strangers stay outside."""

import asyncio
import io
import re
from importlib.resources import files
from time import monotonic

import numpy as np
import pytest

from sensorhar.collect.phone import PhoneSource
from tests.collect._fake_page import FakePage, opened, page_ms

pytest.importorskip("aiohttp", reason="aiohttp is missing: install sensorhar[phone]")


def plain(**fields):
    """Return a source for this computer only, without https, so that tests are fast."""
    fields.setdefault("lifetime_s", 60)
    return PhoneSource(0, host="127.0.0.1", is_https=False, **fields)


def ramp(first, n=10, *, at_s=None, step_s=0.01):
    """Accelerometer rows whose x counts from first."""
    begin = monotonic() - n * step_s if at_s is None else at_s
    return [(begin + i * step_s, first + i, 0.0, 9.8) for i in range(n)]


async def until(condition):
    """Wait a moment for something that the event loop must do first."""
    for _ in range(500):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("it did not happen within 5 s")


def test_readings_come_in_si_on_the_clock_of_this_computer():
    async def run():
        source = plain()
        async with opened(source) as (http, taker):
            page = FakePage(source.address)
            await page.connect(http)
            at_s = monotonic()
            fix = [46.5, 6.6, 400.0, None, None, 4.5]
            half = np.sqrt(0.5)
            rows = {
                "accelerometer": [(at_s, 1.0, 2.0, 9.0)],
                "rotation_rate": [(at_s, 180.0, 0.0, -90.0)],
                "magnetometer": [(at_s, 20.0, 0.0, -40.0)],
                "orientation": [(at_s, 0.0, 0.0, half, half)],
                "gps": [(at_s, *fix)],
            }
            await page.put(rows, battery=0.5)
            await page.drain()
            streams = {chunk.kind: chunk for chunk in taker.chunks}
            assert {c.channel_names[0] for c in taker.chunks} == {
                "acc_x",
                "gyr_x",
                "mag_x",
                "quat_w",
                "lat_deg",
            }
            for stream in streams.values():
                assert stream.time_s[0] == pytest.approx(
                    at_s - source._zero_s, abs=0.02
                )
                assert stream.place == "pocket"
            acc = streams["accelerometer"]
            assert acc.channels[0].has_gravity is True
            assert acc.values.tolist() == [[1, 2, 9]]
            turn = streams["gyroscope"].values
            np.testing.assert_allclose(turn, [[np.pi, 0, -np.pi / 2]])
            quarter = streams["orientation"].values
            np.testing.assert_allclose(quarter, [[half, 0, 0, half]])
            np.testing.assert_array_equal(
                streams["gps"].values, [[46.5, 6.6, 400, np.nan, np.nan, 4.5]]
            )
            state = source.state()
            assert state.is_connected
            assert state.battery_percent == 50
            assert [s.n_samples for s in state.streams] == [1] * 5

    asyncio.run(run())


def test_signs_of_ios_are_turned_and_said():
    async def run():
        source = plain()
        async with opened(source) as (http, taker):
            page = FakePage(source.address, platform="ios")
            await page.connect(http)
            await page.put({"accelerometer": [(monotonic(), 0.5, 0.0, -9.81)]})
            await page.drain()
            assert taker.chunks[0].values.tolist() == [[-0.5, 0, 9.81]]
            told = source.metadata
            assert told["phone1_axes"] == "android (accelerations of iOS times -1)"
            assert told["phone1_platform"] == "ios"
            assert told["phone1_sensors"] == "accelerometer"

    asyncio.run(run())


def test_strangers_are_refused():
    async def run():
        import aiohttp

        source = plain()
        async with opened(source) as (http, taker):
            root = source.address.removesuffix(f"{source.token}/")
            tries = ["", "index.html", "x/", f"{source.token[:-1]}/page.js", "%2e%2e/"]
            for path in [*tries, "socket", "a/b/c"]:
                async with http.get(root + path) as answer:
                    text = await answer.text()
                    assert answer.status == 403, path
                assert "not the whole address" in text
                assert source.token not in text
            with pytest.raises(aiohttp.WSServerHandshakeError) as refused:
                await http.ws_connect(root + "wrong/socket")
            assert refused.value.status == 403
            async with http.post(root + "wrong/exchange", data="{}") as answer:
                assert answer.status == 403
            assert source._server.n_refused == 9
            assert not source.state().is_connected
            assert not taker.chunks

    asyncio.run(run())


def test_the_page_needs_no_other_server():
    async def run():
        source = plain()
        async with opened(source) as (http, _):
            for name in ("", "page.css", "page.js", "link.js", "sensors.js"):
                async with http.get(source.address + name) as answer:
                    assert answer.status == 200
                    assert (
                        "default-src 'none'"
                        in answer.headers["Content-Security-Policy"]
                    )
                    text = await answer.text()
                assert not re.findall(r"https?://|//cdn|@import|<style|style=", text)
            async with http.get(source.address.rstrip("/")) as answer:
                assert "<h1>" in await answer.text()
            async with http.get(source.address + "other.js") as answer:
                assert answer.status == 404

    asyncio.run(run())
    names = {
        path.name for path in (files("sensorhar.collect") / "phone_page").iterdir()
    }
    assert names == {"index.html", "page.css", "page.js", "link.js", "sensors.js"}


def test_what_comes_twice_is_counted_and_left_out():
    async def run():
        source = plain()
        async with opened(source) as (http, taker):
            page = FakePage(source.address)
            await page.connect(http)
            body = page.batch({"accelerometer": ramp(0)})
            for _ in range(3):
                await page.send(body)
            await page.put({"accelerometer": ramp(10)})
            await page.drain()
            assert taker.column("acc_x") == list(range(20))
            assert source.state().streams[0].n_duplicates == 20
            assert source.state().streams[0].n_lost == 0

    asyncio.run(run())


def test_a_torn_connection_loses_nothing():
    async def run():
        source = plain()
        async with opened(source) as (http, taker):
            page = FakePage(source.address)
            for turn in range(4):
                page.batch({"accelerometer": ramp(30 * turn)})  # while it is away
                await page.connect(http)
                await page.put({"accelerometer": ramp(30 * turn + 10)})
                await page.put({"accelerometer": ramp(30 * turn + 20)})
                page.tear()
            await page.connect(http)
            await page.drain()
            assert taker.column("acc_x") == list(range(120))
            assert np.all(np.diff(taker.times("acc_x")) > 0)
            assert source.state().streams[0].n_lost == 0

    asyncio.run(run())


def test_acknowledged_is_what_the_consumer_has_done_with():
    async def run():
        import aiohttp

        source = plain()
        async with aiohttp.ClientSession() as http, source:
            page = FakePage(source.address)
            await page.connect(http)
            for i in range(3):
                await page.put({"accelerometer": ramp(10 * i)})
            await until(lambda: len(source._queue) == 3)
            assert len(page.kept) == 3
            await anext(source)
            await anext(source)  # asks for more: the first is done with
            await until(lambda: len(page.kept) == 2)
            page.tear()
        async with source:  # the same object again: the second was done with too
            page.address = source.address
            await page.connect(http := aiohttp.ClientSession())
            chunk = await anext(source)
            assert chunk.values[0, 0] == 20
            page.tear()
            await http.close()

    asyncio.run(run())


def test_a_page_goes_on_with_a_new_server():
    async def run():
        first = plain(token="kitchen")
        async with opened(first) as (http, taker):
            page = FakePage(first.address)
            await page.connect(http)
            await page.put({"accelerometer": ramp(0)})
            await page.drain()
            assert taker.column("acc_x") == list(range(10))
        page.batch({"accelerometer": ramp(10)})  # nobody is there
        second = plain(token="kitchen")
        async with opened(second) as (http, taker):
            page.address = second.address
            await page.connect(http)
            await page.put({"accelerometer": ramp(20)})
            await page.drain()
            assert taker.column("acc_x") == list(range(10, 30))
            assert second.state().streams[0].n_lost == 0

    asyncio.run(run())


def test_a_hundred_megabytes_are_refused_and_nothing_is_lost():
    async def run():
        source = plain()
        async with opened(source) as (http, taker):
            page = FakePage(source.address)
            await page.connect(http)
            await page.put({"accelerometer": ramp(0)})
            await page.drain()
            with pytest.raises(ConnectionError):
                await page.socket.send_str("[" + "1," * 50_000_000)
            await until(lambda: page.socket.closed)
            await page.connect(http)
            await page.put({"accelerometer": ramp(10)})
            await page.drain()
            assert taker.column("acc_x") == list(range(20))
            big = io.BytesIO(b"[" + b"1," * 1_000_000)
            async with http.post(source.address + "exchange", data=big) as answer:
                assert answer.status == 413

    asyncio.run(run())


def test_nonsense_is_counted_and_ends_the_connection_only():
    async def run():
        source = plain()
        async with opened(source) as (http, taker):
            page = FakePage(source.address)
            await page.connect(http)
            broken = page.batch({"accelerometer": ramp(0)})
            broken["streams"]["accelerometer"]["rows"][3] = "nine"
            await page.send(broken)  # cannot be read, and is not asked for again
            await page.put({"accelerometer": ramp(10)})
            await page.drain()
            assert taker.column("acc_x") == list(range(10, 20))
            assert source.state().streams[0].n_lost == 10
            for text in ("", "{", "[]", '{"type": 7}', "NaN", '{"type": "batch"}') * 4:
                await page.socket.send_str(text)
            await until(lambda: page.socket.closed)
            assert page.socket.close_code == 1008
            await page.connect(http)
            await page.put({"accelerometer": ramp(20)})
            await page.drain()
            assert taker.column("acc_x") == list(range(10, 30))

    asyncio.run(run())


@pytest.mark.parametrize(
    "first",
    ['{"type": "pong"}', "{", '{"type": "hello", "phone": "../x"}', b"\x00\x01"],
)
def test_who_does_not_say_hello_is_sent_away(first):
    async def run():
        source = plain()
        async with opened(source) as (http, _):
            socket = await http.ws_connect(source.address + "socket")
            if isinstance(first, bytes):
                await socket.send_bytes(first)
            else:
                await socket.send_str(first)
            await socket.receive()
            assert socket.close_code == 4003

    asyncio.run(run())


def test_several_phones_have_streams_of_their_own():
    async def run(places, names):
        source = plain(place=places)
        async with opened(source) as (http, taker):
            pages = [FakePage(source.address, phone=phone) for phone in "abc"]
            for i, page in enumerate(pages):
                await page.connect(http)
                await page.put({"accelerometer": ramp(100 * i)})
                await page.drain()
            for i, name in enumerate(names):
                assert taker.column(name) == list(range(100 * i, 100 * i + 10))
            return taker.chunks

    asyncio.run(run("pocket", ["acc_x", "phone2_acc_x", "phone3_acc_x"]))
    chunks = asyncio.run(
        run(["pocket", "wrist"], ["pocket_acc_x", "wrist_acc_x", "phone3_acc_x"])
    )
    assert [chunk.place for chunk in chunks] == ["pocket", "wrist", "phone3"]


def test_a_page_that_is_opened_again_goes_on_with_its_streams():
    async def run():
        source = plain()
        async with opened(source) as (http, taker):
            old = FakePage(source.address, session="one")
            await old.connect(http)
            await old.put({"accelerometer": ramp(0)})
            await old.drain()
            new = FakePage(source.address, session="two")
            await new.connect(http)
            await new.put({"accelerometer": ramp(10)})
            await new.drain()
            await until(lambda: old.close_code is not None)
            assert old.close_code == 4000
            assert taker.column("acc_x") == list(range(20))
            assert len(source._phones) == 1

    asyncio.run(run())


def test_too_many_phones_are_sent_away():
    async def run():
        source = plain()
        async with opened(source) as (http, _):
            hello = FakePage("").hello()
            for i in range(32):
                source._greet({**hello, "phone": f"p{i}"})
            socket = await http.ws_connect(source.address + "socket")
            await socket.send_json({**hello, "phone": "one-more"})
            message = await socket.receive()
            assert socket.close_code == 4003
            assert message.extra == "32 phones are here already."

    asyncio.run(run())


def test_labels_become_events_and_are_shown_on_all_phones():
    async def run():
        source = plain(labels=["Walking", "sit down"])
        async with opened(source) as (http, _):
            one, other = (FakePage(source.address, phone=p) for p in "ab")
            await one.connect(http)
            await other.connect(http)
            assert one.welcome["labels"] == ["walking", "sit_down"]
            now_s = monotonic()
            zero_s = now_s - source.now_s()
            await one.put(labels=[(now_s - 3, "walking")])
            await one.put(labels=[(now_s - 2, "Sit  down!")])
            await one.drain()
            await other.put(labels=[(now_s - 1, "")])
            await other.drain()
            await until(lambda: len(one.labels) == 3)
            assert one.labels == other.labels == ["walking", "sit_down", ""]
            events = source.events
            assert list(events.labels) == ["walking", "sit_down"]
            expected = np.array([-3, -2, -1]) + now_s - zero_s
            np.testing.assert_allclose(events.start_s, expected[:2], atol=0.02)
            np.testing.assert_allclose(events.stop_s, expected[1:], atol=0.02)
            texts = [m.text for m in source.take_markers() if "label" in m.text]
            assert texts == ["label walking", "label sit_down", "label ends"]
            late = FakePage(source.address, phone="c")
            await late.connect(http)
            assert late.welcome["label"] == ""

    asyncio.run(run())


def test_no_label_is_no_event():
    assert len(plain().events) == 0


def test_where_no_socket_opens_the_page_posts():
    async def run():
        source = plain()
        async with opened(source) as (http, taker):
            page = FakePage(source.address)
            messages = [page.hello()]
            for turn in range(30):
                body = {"session": page.session, "messages": messages}
                async with http.post(page.address + "exchange", json=body) as answer:
                    assert answer.status == 200
                    heard = (await answer.json())["messages"]
                messages = [a for a in map(page.take, heard) if a]
                if page.welcome and turn < 15:
                    batch = page.batch({"accelerometer": ramp(10 * page.number)})
                    now = {"type": "batch", "now_ms": page.now_ms()}
                    messages += [now | batch] * (1 + turn % 2)
                await asyncio.sleep(0.005)
            assert page.number > 5
            assert not page.kept
            assert taker.column("acc_x") == list(range(10 * page.number))
            assert source.state().is_connected
            for bad in ('{"session": "x"}', "[", '{"messages": [1]}'):
                async with http.post(page.address + "exchange", data=bad) as answer:
                    assert answer.status == 400
            bad = '{"session": "x", "messages": [{"type": "pong"}]}'
            async with http.post(page.address + "exchange", data=bad) as answer:
                assert answer.status == 409

    asyncio.run(run())


@pytest.mark.parametrize("years", [-1, 1])
def test_a_clock_that_jumps_by_years_is_noticed(years):
    async def run():
        source = plain()
        async with opened(source) as (http, taker):
            page = FakePage(source.address)
            await page.connect(http)
            await page.put({"accelerometer": ramp(0)})
            await page.drain()
            page.shift_ms = years * 365 * 86_400_000
            await page.put({"accelerometer": ramp(10)})
            await page.put({"accelerometer": ramp(20)})
            await page.drain()
            assert taker.column("acc_x") == list(range(30))
            times = np.array(taker.times("acc_x"))
            assert np.all(np.diff(times) > 0)
            assert abs(times[-1] - source.now_s()) < 0.5
            texts = [marker.text for marker in source.take_markers()]
            assert texts.count("clock of phone 1 jumped") == 1

    asyncio.run(run())


def test_what_a_page_had_to_forget_is_counted_and_said():
    async def run():
        source = plain()
        async with opened(source) as (http, taker):
            page = FakePage(source.address)
            await page.connect(http)
            await page.put({"accelerometer": ramp(0)})
            await page.drain()
            page.tear()
            for i in range(1, 6):
                page.batch({"accelerometer": ramp(10 * i)})
            del page.kept[1], page.kept[2]  # its memory was full
            await page.connect(http)
            await page.drain()
            assert taker.column("acc_x") == [*range(10), *range(30, 60)]
            assert source.state().streams[0].n_lost == 20
            texts = [marker.text for marker in source.take_markers()]
            assert "phone 1 lost 2 batches" in texts
            assert "20 samples of acc_x lost" in texts

    asyncio.run(run())


def test_a_gap_is_marked_and_not_filled():
    async def run():
        source = plain()
        async with opened(source) as (http, taker):
            page = FakePage(source.address)
            await page.connect(http)
            now_s = monotonic()
            for first, at_s in ((0, now_s - 9), (10, now_s - 5), (20, now_s - 4.9)):
                await page.put({"accelerometer": ramp(first, at_s=at_s)})
            await page.drain()
            gaps = [m for m in source.take_markers() if "gap" in m.text]
            assert [m.text for m in gaps] == ["gap of 3.9 s in acc_x"]
            assert gaps[0].time_s == pytest.approx(taker.times("acc_x")[9])
            assert len(taker.times("acc_x")) == 30

    asyncio.run(run())


def test_coming_and_going_is_marked(monkeypatch):
    monkeypatch.setattr("sensorhar.collect._phone.SILENT_S", 0.3)

    async def run():
        source = plain()
        async with opened(source) as (http, _):
            page = FakePage(source.address)
            await page.connect(http)
            texts = []

            def has(text):
                texts.extend(marker.text for marker in source.take_markers())
                return text in texts

            await until(lambda: has("phone 1 connected"))
            page.tear()
            await until(lambda: has("phone 1 lost"))
            assert not source.state().is_connected

    asyncio.run(run())


def test_the_lifetime_ends_the_server():
    async def run():
        source = plain(lifetime_s=0.2)
        async with source:
            address = source.address
            assert [chunk async for chunk in source] == []
            assert [m.text for m in source.take_markers()] == ["lifetime over"]
            await until(lambda: source._server is None)
            import aiohttp

            async with aiohttp.ClientSession() as http:
                with pytest.raises(aiohttp.ClientConnectionError):
                    await http.get(address)

    asyncio.run(run())


def test_how_to_connect_tells_all_that_is_needed():
    pytest.importorskip("qrcode", reason="qrcode is missing: install sensorhar[phone]")

    async def run():
        source = plain(token="kitchen")
        async with source:
            text = source.how_to_connect()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+/kitchen/", source.address)
            assert f"type {source.address}\n" in text
            assert "Tap Start" in text
            assert "certificate" not in text
            drawing = [line for line in text.splitlines() if "█" in line]
            assert len(drawing) > 12
            assert len({len(line) for line in drawing}) == 1
            assert max(map(len, text.splitlines())) <= 90

    asyncio.run(run())


def test_tokens_are_hard_to_guess_and_new_each_time():
    tokens = {plain().token for _ in range(100)}
    assert len(tokens) == 100
    assert all(len(token) == 12 and token.isalnum() for token in tokens)


def test_messages_to_the_programmer():
    with pytest.raises(ValueError, match=r"token must be ASCII .* got 'a/b'"):
        PhoneSource(token="a/b")
    with pytest.raises(ValueError, match=r"is_https=False must stay .* host=None"):
        PhoneSource(is_https=False)
    with pytest.raises(
        ValueError, match=r"is_https=False must stay .* host='0\.0\.0\.0'"
    ):
        PhoneSource(is_https=False, host="0.0.0.0")
    with pytest.raises(ValueError, match="place must be one place, or one for each"):
        PhoneSource(place=["wrist", "wrist"])
    with pytest.raises(ValueError, match="lifetime_s must be a number of s above 0"):
        PhoneSource(lifetime_s=0)
    with pytest.raises(RuntimeError, match="known while the source is open"):
        _ = PhoneSource().address


def test_a_port_in_use_is_said():
    async def run():
        async with plain() as first:
            second = PhoneSource(first._open_port, host="127.0.0.1", is_https=False)
            with pytest.raises(
                OSError, match=r"port \d+ must be free; .* another port"
            ):
                await second.__aenter__()

    asyncio.run(run())


def test_page_clock_of_the_fake_is_not_that_of_the_host():
    assert abs(page_ms() / 1000 - monotonic()) > 1
