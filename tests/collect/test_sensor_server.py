"""SensorServer's messages from a fake phone that drops, stalls and lies."""

import asyncio
import json
import time

import numpy as np
import pytest

import sensorhar.collect.sensor_server as module
from sensorhar.collect._android import android_row
from sensorhar.collect.sensor_server import SensorServerSource

web = pytest.importorskip("aiohttp.web", reason="the extra 'phone' is not installed")


@pytest.fixture(autouse=True)
def impatient(monkeypatch):
    monkeypatch.setattr("sensorhar.collect._reconnect.FIRST_S", 0.02)


BOOT_NS = 3_925_657_519_043_709


class FakePhone:
    """A WebSocket server that sends what a script says."""

    def __init__(self, sensors=(), fixes=()):
        self.scripts = {"/sensors/connect": list(sensors), "/gps": list(fixes)}
        self.asked = []
        self.zero = time.monotonic()

    def stamp(self, ahead_s=0.0):
        return BOOT_NS + round((time.monotonic() - self.zero + ahead_s) * 1e9)

    async def __aenter__(self):
        app = web.Application()
        app.router.add_get("/{tail:.*}", self.answer)
        self.runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self.runner.setup()
        site = web.TCPSite(self.runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"127.0.0.1:{self.runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *_):
        await self.runner.cleanup()

    async def answer(self, request):
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        self.asked.append((request.path, request.query.get("types")))
        scripts = self.scripts[request.path]
        script = scripts.pop(0) if scripts else []
        for step in script:
            if callable(step):
                step = step(self)
            if step == "drop":
                await socket.close()
                return socket
            if isinstance(step, float):
                await asyncio.sleep(step)
            elif isinstance(step, bytes):
                await socket.send_bytes(step)
            else:
                await socket.send_str(
                    step if isinstance(step, str) else json.dumps(step)
                )
        await asyncio.sleep(20)  # ended with the runner
        return socket


def reading(i, kind="accelerometer", period_s=0.01, values=None):
    return lambda phone: {
        "type": f"android.sensor.{kind}",
        "accuracy": 2,
        "timestamp": BOOT_NS + round(i * period_s * 1e9),
        "values": [float(i), 0.0, 9.8] if values is None else values,
    }


def fetch(phone, is_enough, *, timeout_s=5.0, **settings):
    """Collect until the chunks are enough; return chunks, markers, state, source."""

    async def run():
        chunks = []
        async with phone:
            source = SensorServerSource(phone.address, **settings)
            async with source, asyncio.timeout(timeout_s):
                async for chunk in source:
                    chunks.append(chunk)
                    if is_enough(chunks, source):
                        break
                return chunks, source.take_markers(), source.state(), source

    return asyncio.run(run())


def n_samples(name, n):
    return lambda chunks, _: (
        n <= sum(chunk.n_samples for chunk in chunks if chunk.channel_names[0] == name)
    )


def joined(chunks, name="acc_x"):
    parts = [chunk for chunk in chunks if chunk.channel_names[0] == name]
    return (
        np.concatenate([part.time_s for part in parts]),
        np.concatenate([part.values for part in parts]),
    )


def test_all_sensors():
    script = []
    for i in range(60):
        script.append(reading(i))
        script.append(reading(i, "gyroscope", values=[0.1, 0.2, 0.3]))
        script.append(reading(i, "magnetic_field", values=[20, -5, -40]))
        script.append(reading(i, "pressure", values=[1013.25]))
        script.append(reading(i, "rotation_vector", values=[0.0, 0.6, 0.0, 0.8, 0.1]))
    sensors = ["accelerometer", "gyroscope", "magnetometer", "barometer", "orientation"]
    phone = FakePhone([script])
    chunks, markers, state, _ = fetch(phone, n_samples("quat_w", 60), sensors=sensors)
    assert phone.asked[0][0] == "/sensors/connect"
    assert json.loads(phone.asked[0][1])[2] == "android.sensor.magnetic_field"
    time_s, values = joined(chunks)
    assert values[:, 0].tolist() == list(range(60))
    assert np.diff(time_s) == pytest.approx(0.01, abs=0.006)
    assert joined(chunks, "pressure_pa")[1] == pytest.approx(np.full((60, 1), 101_325))
    assert joined(chunks, "quat_w")[1][0] == pytest.approx([0.8, 0, 0.6, 0])
    assert joined(chunks, "mag_x")[1][0].tolist() == [20, -5, -40]
    assert [one.n_lost for one in state.streams] == [0] * 5
    assert markers[0].text == "connected to /sensors/connect"
    assert state.is_connected


def test_it_connects_again_and_counts_what_was_lost():
    first = [reading(i) for i in range(50)]
    second = [reading(i) for i in range(200, 250)]
    phone = FakePhone([[*first, "drop"], [*second]])
    chunks, markers, state, _ = fetch(phone, n_samples("acc_x", 100))
    assert state.streams[0].n_lost == 150
    texts = [marker.text for marker in markers]
    assert "lost /sensors/connect: closed" in texts
    assert texts.count("connected to /sensors/connect") == 2
    assert any(text.startswith("gap 1.51 s in acc_x") for text in texts)
    assert len(joined(chunks)[0]) == 100


def test_a_connection_on_which_nothing_comes_is_made_anew():
    phone = FakePhone([[reading(0)], [reading(10)]])
    _, markers, _, _ = fetch(phone, n_samples("acc_x", 2), silent_s=0.2)
    assert "lost /sensors/connect: nothing came" in [m.text for m in markers]


def test_a_phone_that_is_not_there():
    async def run():
        source = SensorServerSource("127.0.0.1:9", silent_s=1)
        async with source:
            await asyncio.sleep(0.2)
            assert not source.state().is_connected
            texts = [marker.text for marker in source.take_markers()]
            assert len(texts) == 1  # said once
            assert texts[0].startswith("no connection to /sensors/connect")

    asyncio.run(run())


BAD = [
    "",
    "no json",
    "[1, 2]",
    "{" * 50_000,
    b"bytes",
    {"type": "android.sensor.accelerometer"},
    {"timestamp": 1, "values": [1, 2, 3], "type": "android.sensor.light"},
    {"type": "android.sensor.accelerometer", "timestamp": "x", "values": [1, 2, 3]},
    {"type": "android.sensor.accelerometer", "timestamp": 1, "values": [1, 2]},
    {"type": "android.sensor.accelerometer", "timestamp": 1, "values": [1, 2, "a"]},
    {"type": "android.sensor.accelerometer", "timestamp": 1, "values": {"x": 1}},
    '{"type":"android.sensor.accelerometer","timestamp":1,"values":[NaN,1e999,1]}',
]


def test_bad_messages_are_counted():
    phone = FakePhone([[*BAD, *(reading(i) for i in range(30))]])
    chunks, _, state, source = fetch(
        phone, n_samples("acc_x", 30), sensors=["accelerometer", "gyroscope"]
    )
    assert source.n_bad == len(BAD)
    assert state.streams[-1].n_bad == len(BAD)
    assert len(joined(chunks)[0]) == 30


def test_a_message_too_large(monkeypatch):
    monkeypatch.setattr(module, "MAX_MESSAGE_BYTES", 1000)
    phone = FakePhone([["x" * 5000], [reading(0)]])
    _, markers, _, source = fetch(phone, n_samples("acc_x", 1))
    assert source.n_bad == 1
    assert "lost /sensors/connect: bad message" in [m.text for m in markers]


def fix(ahead_s=0.0, utc_ahead_s=0.0, **more):
    def make(phone):
        return {
            "latitude": 52.5,
            "longitude": 13.4,
            "altitude": 34.0,
            "speed": 1.5,
            "bearing": 90.0,
            "accuracy": 5.0,
            "lastKnowLocation": False,
            "time": round((time.time() + utc_ahead_s) * 1000),
            "elapsedRealtimeNanos": phone.stamp(ahead_s),
        } | more

    return make


def live(n, period_s=0.01):
    """Return readings stamped when they are sent."""

    def make(phone):
        return {
            "type": "android.sensor.accelerometer",
            "timestamp": phone.stamp(),
            "values": [0, 0, 9.8],
        }

    return [part for _ in range(n) for part in (make, period_s)]


def test_the_fix_is_the_bridge_to_utc():
    old = fix(lastKnowLocation=True)
    phone = FakePhone([live(60)], [[0.2, old, fix(utc_ahead_s=-7.5)]])
    chunks, markers, _, source = fetch(phone, n_samples("lat_deg", 1), has_gps=True)
    time_s, values = joined(chunks, "lat_deg")
    assert values[0].tolist() == [52.5, 13.4, 34.0, 1.5, 90.0, 5.0]
    assert time_s[0] == pytest.approx(0.25, abs=0.2)
    assert source.utc_error_s == pytest.approx(7.5, abs=0.1)
    said = "this computer's clock is +7.5"
    assert any(marker.text.startswith(said) for marker in markers)
    assert source.n_bad == 0


def test_a_fix_without_time_since_boot_has_a_clock_of_its_own():
    bare = [fix(elapsedRealtimeNanos=None), 0.05, fix(elapsedRealtimeNanos=None)]
    phone = FakePhone([live(60)], [bare])
    chunks, _, _, source = fetch(phone, n_samples("lat_deg", 2), has_gps=True)
    time_s, _ = joined(chunks, "lat_deg")
    assert time_s[1] - time_s[0] == pytest.approx(0.05, abs=0.03)
    assert source.utc_error_s is None


def test_places_only():
    phone = FakePhone([], [[fix(), fix(latitude=500), "x", fix(time=None)]])
    phone.scripts["/gps"][0][-1] = fix(time=None, elapsedRealtimeNanos=None)
    _, _, state, source = fetch(
        phone, n_samples("lat_deg", 1), sensors=[], has_gps=True
    )
    assert source.n_bad == 3
    assert [one.name for one in state.streams] == ["lat_deg", "messages"]


def test_an_old_android_leaves_out_the_scalar_part():
    assert android_row("orientation", [0.6, 0.0, 0.0]) == pytest.approx(
        [0.8, 0.6, 0, 0]
    )
    assert android_row("orientation", [0.6, 0.0]) is None
    assert android_row("heart_rate", [70, 1]) == [70]


def test_bad_settings_are_refused():
    for address in ("192.168.1.5", "host:0", "host:x", ":80", "a/b:80"):
        with pytest.raises(ValueError, match="address must be host:port.*got"):
            SensorServerSource(address)
    with pytest.raises(ValueError, match="sensors must be one of.*got 'light'"):
        SensorServerSource("a:80", sensors=["light"])
    with pytest.raises(ValueError, match="sensors must name at least one; got none"):
        SensorServerSource("a:80", sensors=[])
    with pytest.raises(ValueError, match="silent_s must be a number of s above 0"):
        SensorServerSource("a:80", silent_s=0)
