"""A Bluetooth source while things die, hang, fall silent or are held."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from sensorhar.collect import _ble_connection
from sensorhar.collect.ble import BleSource
from sensorhar.collect.ble_scan import scan
from sensorhar.testing.bluez import FakeSensor
from tests.collect._counting import LIMIT_S, profile, take, texts, until


def outage(fake_bluez, begin, end, pause_s=0.0, **fields):
    """Interrupt a stream; return the seconds from the end to new samples."""
    fake_bluez.add(FakeSensor())

    async def main():
        async with BleSource(name="IMU", profile=profile(), **fields) as source:
            await take(source, 50)
            begin()
            await until(lambda: not source.state().is_connected)
            await asyncio.sleep(pause_s)
            source._queue.clear()
            n_before = source.state().streams[0].n_samples
            end()
            since_s = monotonic()
            said = texts(source)
            # Not the first samples: a daemon that goes on sends what it had to send,
            # and then does what it was asked meanwhile, to disconnect.
            await until(
                lambda: said.extend(texts(source)) or said.count("connected") > 1, 5.0
            )
            source._queue.clear()
            await take(source, 20, limit_s=5.0)
            took_s = monotonic() - since_s
            assert source.state().streams[0].n_samples > n_before
            return took_s, said, source.state().streams[0]

    return asyncio.run(main())


def test_a_killed_daemon(fake_bluez):
    took_s, said, stream = outage(
        fake_bluez,
        fake_bluez.kill_daemon,
        fake_bluez.start_daemon,
        pause_s=0.3,
        max_silence_s=0.5,
    )
    assert took_s < 5
    assert "stalled: no packet for 0.5 s" in said
    # The sensor went down with it and counts from 0: nothing of that is a loss.
    assert stream.n_lost == stream.n_duplicates == 0


def test_a_stopped_daemon(fake_bluez):
    took_s, said, stream = outage(
        fake_bluez,
        fake_bluez.stop_daemon,
        fake_bluez.continue_daemon,
        pause_s=0.8,
        max_silence_s=0.5,
    )
    assert took_s < 5
    assert "stalled: no packet for 0.5 s" in said
    assert stream.n_duplicates == 0


def test_a_killed_bus(fake_bluez):
    def end():
        fake_bluez.kill_daemon()
        fake_bluez.start_bus()
        fake_bluez.start_daemon()

    took_s, said, _ = outage(fake_bluez, fake_bluez.kill_bus, end)
    # bleak 3.1 says so itself; the watchdog is not waited for.
    assert took_s < 5
    assert said.count("connected") == 2


def test_leaving_while_the_daemon_hangs(fake_bluez, monkeypatch):
    monkeypatch.setattr(_ble_connection, "STOP_S", 0.2)
    monkeypatch.setattr(_ble_connection, "DISCONNECT_S", 0.3)
    fake_bluez.add(FakeSensor())

    async def main():
        async with BleSource(name="IMU", profile=profile()) as source:
            await take(source, 10)
            fake_bluez.stop_daemon()
            since_s = monotonic()
        return monotonic() - since_s

    async def guarded():
        async with asyncio.timeout(LIMIT_S):
            return await main()

    assert asyncio.run(guarded()) < 5


@pytest.mark.parametrize(
    ("given_s", "interval_s", "limit_s"),
    [(None, None, 5), (None, 0.01, 2), (None, 1.0, 5), (0.3, 1.0, 0.3)],
)
def test_how_long_silence_may_last(given_s, interval_s, limit_s):
    connection = _ble_connection.BleConnection.__new__(_ble_connection.BleConnection)
    connection._max_silence_s, connection._interval_s = given_s, interval_s
    assert connection._silence_limit_s() == limit_s


def test_silence_right_after_the_first_packets_is_found_as_soon(
    fake_bluez, monkeypatch
):
    """The first packet may take longer; from then on the shorter limit holds."""
    monkeypatch.setattr(_ble_connection, "SILENCE_S", 0.4)
    fake_bluez.add(FakeSensor(n_packets=10))

    async def main():
        async with BleSource(name="IMU", profile=profile()) as source:
            await take(source, 10)
            await until(lambda: not source.state().is_connected, limit_s=2.5)
            return texts(source)

    assert "stalled: no packet for 0.4 s" in asyncio.run(main())


def test_a_sensor_that_falls_silent(fake_bluez):
    fake_bluez.add(FakeSensor(n_packets=30))

    async def main():
        source = BleSource(name="IMU", profile=profile(), max_silence_s=0.3)
        said = []
        async with source:
            await take(source, 30)
            await until(
                lambda: said.extend(texts(source)) or said.count("connected") > 1
            )
        return said

    said = asyncio.run(main())
    begin = said.index("connected")
    assert said[begin + 1] == "stalled: no packet for 0.3 s"


def test_a_held_sensor_that_does_not_advertise(fake_bluez):
    fake_bluez.add(FakeSensor(is_held=True, n_refused_notifies=1))

    async def main():
        (found,) = await scan(duration_s=0.3)
        assert found.is_held
        async with BleSource(name="IMU", profile=profile()) as source:
            await take(source, 20)
            return texts(source)

    assert "held by the system: F1:F1:F1:F1:F1:01" in asyncio.run(main())
    assert "Connect" not in [method for method, _ in fake_bluez.calls()]


COLLECTOR = """
import asyncio, sys
from sensorhar.collect.ble import BleSource
from tests.collect._counting import profile

async def main():
    async with BleSource(name="IMU", profile=profile()) as source:
        async for chunk in source:
            print(chunk.n_samples, flush=True)

asyncio.run(main())
"""


def test_after_kill_9_of_the_collector(fake_bluez):
    fake_bluez.add(FakeSensor())
    root = Path(__file__).parents[2]
    process = subprocess.Popen(
        [sys.executable, "-c", COLLECTOR],
        stdout=subprocess.PIPE,
        text=True,
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root)},
    )
    assert process.stdout.readline()
    process.send_signal(signal.SIGKILL)
    process.wait()
    process.stdout.close()

    async def main():
        async with BleSource(name="IMU", profile=profile()) as source:
            await take(source, 20, limit_s=5.0)
            return texts(source)

    assert any(text.startswith("held by the system") for text in asyncio.run(main()))
