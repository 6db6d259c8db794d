"""How much a Bluetooth source loses, how late it is, how soon it is back."""

import asyncio
import os
import shutil
from time import monotonic, perf_counter

import numpy as np

from sensorhar.collect import _ble_connection
from sensorhar.collect.ble import BleSource
from sensorhar.collect.ble_sources import BleSources
from sensorhar.testing.bluez import CHARACTERISTIC, FakeBluez, FakeSensor
from tests.benchmarks.row import Row
from tests.collect._counting import LAYOUT, profile

RATE_HZ, LENGTH_S = 1000, 10


def on_a_bus(sensors, work):
    """Run the work, given the pretended BlueZ, on a bus of its own."""
    before = os.environ.get("DBUS_SYSTEM_BUS_ADDRESS")
    with FakeBluez() as bluez:
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bluez.address
        for sensor in sensors:
            bluez.add(sensor)
        try:
            return asyncio.run(work(bluez))
        finally:
            if before is None:
                del os.environ["DBUS_SYSTEM_BUS_ADDRESS"]
            else:
                os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = before


async def take(source, n_samples, limit_s=60.0):
    """Take so many samples, or as many as come within the limit."""
    n = 0
    try:
        async with asyncio.timeout(limit_s):
            while n < n_samples:
                n += (await anext(source)).n_samples
    except TimeoutError:
        pass
    return n


def measured(connection_class):
    """Return a connection that notes delays and durations of its callbacks."""
    delays_s, durations_s = [], []

    class Measured(connection_class):
        def _receiver(self, number):
            receive = super()._receiver(number)

            def timed(characteristic, packet):
                begin_s = perf_counter()
                receive(characteristic, packet)
                durations_s.append(perf_counter() - begin_s)
                delays_s.append(monotonic() - LAYOUT.unpack(packet)[1] * 1e-6)

            return timed

    return Measured, delays_s, durations_s


async def plain_bleak(n_packets):
    """Return the delays of an empty callback: what the machine itself adds."""
    from bleak import BleakClient, BleakScanner

    delays_s = []

    def receive(_, packet):
        delays_s.append(monotonic() - LAYOUT.unpack(packet)[1] * 1e-6)

    device = await BleakScanner.find_device_by_name("IMU-1")
    async with asyncio.timeout(60), BleakClient(device) as client:
        await client.start_notify(CHARACTERISTIC, receive)
        while len(delays_s) < n_packets:
            await asyncio.sleep(0.1)
        await client.stop_notify(CHARACTERISTIC)
    return delays_s


def a_fast_sensor() -> list[Row]:
    """1,000 notifications a second for 10 s: lost, delay, time in the callback."""
    if shutil.which("dbus-daemon") is None:
        return []
    from sensorhar.collect import _ble_keeper

    plain = _ble_connection.BleConnection
    timed, delays_s, durations_s = measured(plain)
    n = RATE_HZ * LENGTH_S

    async def work(bluez):
        async with BleSource(name="IMU", profile=profile()) as source:
            return await take(source, n)

    sensor = FakeSensor(rate_hz=RATE_HZ, n_packets=n)
    _ble_keeper.BleConnection = timed
    try:
        n_taken = on_a_bus([sensor], work)
    finally:
        _ble_keeper.BleConnection = plain
    empty_ms = np.array(on_a_bus([sensor], lambda _: plain_bleak(n))) * 1e3
    delay_ms, duration_ms = np.array(delays_s) * 1e3, np.array(durations_s) * 1e3

    def beside(percent):
        value = float(np.percentile(empty_ms, percent))
        return {"name": "bleak, empty callback", "value": value}

    return [
        Row.at_most("1,000 notifications/s, lost", n - n_taken, "", 0),
        Row.at_most(
            "... sent to callback, p50", np.median(delay_ms), "ms", None, beside(50)
        ),
        Row.at_most(
            "... sent to callback, p99",
            np.percentile(delay_ms, 99),
            "ms",
            5,
            beside(99),
        ),
        Row.at_most(
            "... time in the callback, p99", np.percentile(duration_ms, 99), "ms", 5
        ),
    ]


def eight_sensors() -> list[Row]:
    """Eight sensors of 100 notifications a second for 10 s."""
    if shutil.which("dbus-daemon") is None:
        return []
    n = 100 * LENGTH_S
    sensors = [
        FakeSensor(name=f"IMU-{i}", address=f"F1:F1:F1:F1:F1:{i:02X}", n_packets=n)
        for i in range(8)
    ]

    async def work(bluez):
        sources = [
            BleSource(address=s.address, profile=profile(), place=s.name)
            for s in sensors
        ]
        async with BleSources(sources) as group:
            await take(group, 8 * n)
            return sum(stream.n_samples for stream in group.state().streams)

    n_taken = on_a_bus(sensors, work)
    return [
        Row.at_most("8 sensors x 100 notifications/s, lost", 8 * n - n_taken, "", 0)
    ]


async def back_for_good(source, watch_s=7.0):
    """Return after how many s the link stands that then lasts, and samples come.

    The first samples would flatter: a daemon that goes on sends what it had to send,
    and then does what it was asked meanwhile: to stop, and to disconnect.
    """
    source.take_markers()
    begin_s = source.now_s()
    # Short outages may end before they are noticed.
    connected_s = begin_s if source.state().is_connected else float("inf")
    samples_s = float("inf")
    while source.now_s() < begin_s + watch_s:
        n = await take(source, 1, limit_s=0.1)
        for marker in source.take_markers():
            if marker.text == "connected":
                connected_s, samples_s = marker.time_s, float("inf")
        if n and samples_s == float("inf") and source.now_s() > connected_s:
            samples_s = source.now_s()
    return samples_s - begin_s


def back_again() -> list[Row]:
    """Seconds from the return of a killed or stopped daemon to new samples."""
    if shutil.which("dbus-daemon") is None:
        return []

    def work_of(begin, end, outage_s):
        async def work(bluez):
            async with BleSource(name="IMU", profile=profile()) as source:
                await take(source, 50)
                getattr(bluez, begin)()
                await asyncio.sleep(outage_s)
                source._queue.clear()
                getattr(bluez, end)()
                return await back_for_good(source)

        return work

    ways = {
        "killed": ("kill_daemon", "start_daemon"),
        "stopped": ("stop_daemon", "continue_daemon"),
    }
    # Of many lengths, so that it comes back at any step of the attempts.
    outages_s = np.arange(3.0, 11.0)
    return [
        Row.at_most(
            f"a {how} Bluetooth daemon is back: samples after, worst of 8",
            max(on_a_bus([FakeSensor()], work_of(*calls, s)) for s in outages_s),
            "s",
            5,
        )
        for how, calls in ways.items()
    ]


MEASUREMENTS = (a_fast_sensor, eight_sensors, back_again)
