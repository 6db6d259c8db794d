"""The page in a real browser, Chromium, whose sensors are emulated."""

import asyncio
import importlib.util
import json
import shutil
import socket
import subprocess
import sys
from contextlib import asynccontextmanager
from time import monotonic

import numpy as np
import pytest

from sensorhar.collect.phone import PhoneSource
from tests.collect._fake_page import opened

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
MISSING = [
    *(["a browser: apt-get install chromium"] if CHROMIUM is None else []),
    *(
        f"{name}: pip install {name}"
        for name in ("playwright", "aiohttp", "cryptography")
        if importlib.util.find_spec(name) is None
    ),
]
pytestmark = pytest.mark.skipif(
    bool(MISSING), reason=f"the phone page was not tried, for want of {MISSING}"
)

OFFLINE = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ALLOWED = [
    "accelerometer",
    "gyroscope",
    "magnetometer",
    "geolocation",
    "screen-wake-lock",
]
SENSORS = [
    "accelerometer",
    "gyroscope",
    "magnetometer",
    "linear-acceleration",
    "gravity",
    "absolute-orientation",
]
#: What the browser itself saw of the motion, beside the page.
WITNESS = """
window.seen = [];
addEventListener("devicemotion", (e) => window.seen.push(e.timeStamp));
"""
#: Chromium rounds accelerations to 0.1 m/s^2 and turns to 0.1 deg/s (measured).
ACC_STEP, TURN_STEP = 0.1, np.radians(0.1)


class Phone:
    """An emulated phone with the page open."""

    def __init__(self, page, devtools):
        self.page = page
        self.devtools = devtools
        self.errors = []
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    async def feel(self, acc=(0.0, 0.0, 9.80665), turn=(0.0, 0.0, 0.0)):
        """Set what the sensors read."""
        triples = {
            "accelerometer": acc,
            "gyroscope": turn,
            "magnetometer": (22.3, -5.4, -42.4),
            "linear-acceleration": (0.0, 0.0, 0.0),
            "gravity": (0.0, 0.0, 9.8),
        }
        for kind, values in triples.items():
            reading = {"xyz": dict(zip("xyz", values, strict=True))}
            await self._read(kind, reading)
        half = np.sqrt(0.5)
        quarter = {"x": 0.0, "y": 0.0, "z": half, "w": half}
        await self._read("absolute-orientation", {"quaternion": quarter})

    async def _read(self, kind, reading):
        await self.devtools.send(
            "Emulation.setSensorOverrideReadings", {"type": kind, "reading": reading}
        )

    async def stand(self, lat_deg, lon_deg):
        await self.devtools.send(
            "Emulation.setGeolocationOverride",
            {"latitude": lat_deg, "longitude": lon_deg, "accuracy": 4.5}
            | {"altitude": 400.5, "speed": 1.4, "heading": 90},
        )


class Lab:
    """One event loop and one browser for all tests of this file."""

    def __init__(self, runner):
        self.run = runner.run
        self.browser = None

    async def open(self, playwright):
        self.browser = await playwright.chromium.launch(
            executable_path=CHROMIUM, headless=True, args=OFFLINE
        )

    @asynccontextmanager
    async def phone_at(self, address, *, script=WITNESS, width=390, height=844, **more):
        """Open the page as a phone does."""
        context = await self.browser.new_context(
            ignore_https_errors=True,
            permissions=ALLOWED,
            viewport={"width": width, "height": height},
            is_mobile=True,
            has_touch=True,
            **more,
        )
        page = await context.new_page()
        devtools = await context.new_cdp_session(page)
        phone = Phone(page, devtools)
        await page.add_init_script(script)
        for kind in SENSORS:
            await devtools.send(
                "Emulation.setSensorOverrideEnabled",
                {"enabled": True, "type": kind, "metadata": {"available": True}},
            )
        try:
            await page.goto(address)
            yield phone
        finally:
            await context.close()


@pytest.fixture(scope="module")
def lab():
    from playwright.async_api import async_playwright

    with asyncio.Runner() as runner:
        lab = Lab(runner)
        playwright = async_playwright()
        lab.run(lab.open(lab.run(playwright.__aenter__())))
        yield lab
        lab.run(lab.browser.close())
        lab.run(playwright.__aexit__(None, None, None))


async def until(condition, limit_s=10.0):
    end_s = monotonic() + limit_s
    while not condition():
        assert monotonic() < end_s, "it did not happen in time"
        await asyncio.sleep(0.05)


async def until_text(page, selector, text):
    end_s = monotonic() + 10
    while (shown := (await page.inner_text(selector)).strip()) != text:
        assert monotonic() < end_s, f"{shown!r} did not become {text!r}"
        await asyncio.sleep(0.05)


def test_readings_of_a_browser_arrive_whole(lab):
    async def run():
        source = PhoneSource(0, host="127.0.0.1", lifetime_s=60)
        async with opened(source) as (_, taker), lab.phone_at(source.address) as phone:
            await phone.page.tap("#start")
            await phone.stand(46.5191, 6.5668)
            begin_s = monotonic()
            acc, turn = (3.21987, 1.23456, 9.80665), (1.11119, 0.012345, -0.5)
            while monotonic() < begin_s + 1.5:  # moving
                wave = np.sin(9 * monotonic())
                await phone.feel((acc[0] * wave, *acc[1:]), turn)
                await asyncio.sleep(0.01)
            await phone.feel(acc, turn)
            still_s = source.now_s() + 0.3
            await asyncio.sleep(1.5)
            await phone.page.tap("text=Walking >> nth=0")
            await until(lambda: len(source.events) == 1)
            seen = np.array(await phone.page.evaluate("window.seen")) / 1000
            assert phone.errors == []
            texts = await phone.page.inner_text("#sensors")
            wrong = await phone.page.locator("#note").is_visible()
            assert not wrong
        assert "Hz" in texts
        assert "±5 m" in texts
        assert list(source.events.labels) == ["walking"]

        times = np.array(taker.times("acc_x"))
        values = np.concatenate([c.values for c in taker.of("acc_x")])
        turns = np.concatenate([c.values for c in taker.of("gyr_x")])
        assert np.all(np.abs(values[:, 1:] - acc[1:]) <= ACC_STEP / 2 + 1e-6)
        assert np.ptp(values[:, 0]) > 4
        assert np.all(np.abs(values[times > still_s] - acc) <= ACC_STEP / 2 + 1e-6)
        late = np.array(taker.times("gyr_x")) > still_s
        assert np.all(np.abs(turns[late] - turn) <= TURN_STEP / 2 + 1e-6)

        # Each event of the browser once, at its time, moving or still.
        n_both = min(len(times), len(seen))  # some came while we asked the browser
        offsets = times[:n_both] - seen[:n_both]
        assert n_both > 0.8 * 60 * 3
        assert len(times) > len(seen) - 60
        assert np.ptp(offsets) < 0.015  # one reading more or less would be 0.017 s
        assert np.diff(times).max() < 0.25
        quaternions = np.concatenate([c.values for c in taker.of("quat_w")])
        half = np.sqrt(0.5)
        np.testing.assert_allclose(quaternions[-1], [half, 0, 0, half], atol=0.01)
        assert np.diff(taker.times("quat_w"))[-4:].max() < 0.5  # stillness is no gap
        (fix, *_) = taker.of("lat_deg")
        expected = [46.5191, 6.5668, 400.5, 1.4, 90, 4.5]
        np.testing.assert_allclose(fix.values[0], expected, atol=1e-6)
        assert all(s.n_lost == s.n_bad == 0 for s in source.state().streams)

    lab.run(run())


#: A recorder that writes what it gets and can be killed at any moment.
RECORDER = """
import asyncio, json, sys
from sensorhar.collect.phone import PhoneSource

async def main(port, certificate, path):
    source = PhoneSource(
        port, host="127.0.0.1", token="kitchen", certificate=certificate, lifetime_s=60
    )
    with open(path, "w") as file:
        async with source:
            zero = source.start.timestamp()
            async for chunk in source:
                if chunk.channel_names[0] == "acc_x":
                    times = (chunk.time_s + zero).tolist()
                    json.dump([times, chunk.values.tolist()], file)
                    file.write("\\n")
                    file.flush()

asyncio.run(main(int(sys.argv[1]), sys.argv[2], sys.argv[3]))
"""


def test_a_recorder_that_is_killed_and_started_again_misses_nothing(lab, tmp_path):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    script = tmp_path / "recorder.py"
    script.write_text(RECORDER)
    paths = [tmp_path / "first.jsonl", tmp_path / "second.jsonl"]

    def start(path):
        certificate = tmp_path / "phone.pem"
        return subprocess.Popen([sys.executable, script, str(port), certificate, path])

    async def listening():
        while True:
            try:
                _, writer = await asyncio.open_connection("127.0.0.1", port)
            except OSError:
                await asyncio.sleep(0.05)
                continue
            writer.close()
            return

    async def run():
        recorder = start(paths[0])
        try:
            await asyncio.wait_for(listening(), 20)
            async with lab.phone_at(f"https://127.0.0.1:{port}/kitchen/") as phone:
                await phone.feel()
                await phone.page.tap("#start")
                await asyncio.sleep(1.2)
                recorder.kill()
                recorder.wait()
                await until_text(phone.page, "#link", "Keeping data, reconnecting")
                recorder = start(paths[1])
                await until_text(phone.page, "#link", "Connected")
                await asyncio.sleep(1.0)
                seen = await phone.page.evaluate("window.seen")
                assert phone.errors == []
                return np.array(seen) / 1000
        finally:
            recorder.kill()
            recorder.wait()

    seen = lab.run(run())
    rows = [
        [json.loads(line) for line in path.read_text().splitlines() if line[-1] == "]"]
        for path in paths
    ]
    parts = [np.concatenate([times for times, _ in part]) for part in rows]
    assert len(parts[0]) > 30
    times = np.concatenate(parts)
    # What the browser saw between the first and the last reading is there, each once.
    n_both = min(len(times), len(seen))
    offsets = times[:n_both] - seen[:n_both]
    assert np.ptp(offsets) < 0.1  # one batch more or less would be 0.2 s
    assert np.diff(times).max() < 0.25
    assert seen[-1] - (times[-1] - np.median(offsets)) < 1.0


def test_motion_that_is_denied_is_said(lab):
    async def run():
        source = PhoneSource(0, host="127.0.0.1", is_https=False, lifetime_s=60)
        no = "DeviceMotionEvent.requestPermission = async () => 'denied';"
        async with opened(source), lab.phone_at(source.address, script=no) as phone:
            await phone.page.tap("#start")
            await phone.page.wait_for_selector("#note:visible")
            text = await phone.page.inner_text("#note")
            assert text.startswith("Motion is not allowed.")

    lab.run(run())


def test_the_page_says_that_the_recording_has_ended(lab):
    async def run():
        source = PhoneSource(0, host="127.0.0.1", is_https=False, lifetime_s=60)
        async with opened(source), lab.phone_at(source.address) as phone:
            await phone.page.tap("#start")
            await phone.page.focus("text=Running")
            await phone.page.keyboard.press("Enter")
            await until(lambda: list(source.events.labels) == ["running"])
            focus = await phone.page.evaluate("document.activeElement.textContent")
            assert focus == "Running"  # a keyboard goes on from there
            await source._shut()
            await until_text(phone.page, "#link", "The recording has ended")
            assert "You may close" in await phone.page.inner_text("#note")
            assert phone.errors == []

    lab.run(run())


def test_the_page_fits_the_smallest_phone(lab):
    async def run():
        source = PhoneSource(0, host="127.0.0.1", is_https=False, lifetime_s=60)
        small = {"width": 320, "height": 568}
        async with opened(source), lab.phone_at(source.address, **small) as phone:
            wide = "document.documentElement.scrollWidth"
            assert await phone.page.evaluate(wide) <= 320
            await phone.page.tap("#start")
            assert await phone.page.evaluate(wide) <= 320

    lab.run(run())


def test_a_browser_that_opens_no_socket_posts(lab):
    async def run():
        source = PhoneSource(0, host="127.0.0.1", is_https=False, lifetime_s=60)
        no = WITNESS + "window.WebSocket = class { constructor() { setTimeout(() => "
        no += "this.onclose({ code: 1006 }), 10); } };"
        async with (
            opened(source) as (_, taker),
            lab.phone_at(source.address, script=no) as phone,
        ):
            await phone.feel()
            await phone.page.tap("#start")
            await until(lambda: len(taker.times("acc_x")) > 60)
            seen = np.array(await phone.page.evaluate("window.seen")) / 1000
        times = np.array(taker.times("acc_x"))
        n_both = min(len(times), len(seen))
        assert np.ptp(times[:n_both] - seen[:n_both]) < 0.1
        assert source.state().streams[0].n_duplicates == 0

    lab.run(run())
