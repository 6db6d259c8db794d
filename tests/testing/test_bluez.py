"""The pretended BlueZ, through bleak itself."""

import asyncio
import os
import signal
import struct
import subprocess
import sys
from pathlib import Path
from time import monotonic

import pytest

from sensorhar.testing import _fake_bluez, bluez
from sensorhar.testing._bluez_packets import Faults, PacketMaker, unpack
from sensorhar.testing.bluez import CHARACTERISTIC, COMMAND, FakeBluez, FakeSensor

BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"


async def found(name="IMU-1", limit_s=10.0):
    from bleak import BleakScanner

    return await BleakScanner.find_device_by_name(name, timeout=limit_s)


async def heard(n_packets, **fields):
    """Connect with plain bleak and return the packets."""
    from bleak import BleakClient

    packets = []
    async with asyncio.timeout(15), BleakClient(await found(), **fields) as client:
        await client.start_notify(
            CHARACTERISTIC, lambda _, value: packets.append(bytes(value))
        )
        while len(packets) < n_packets:
            await asyncio.sleep(0.01)
        await client.stop_notify(CHARACTERISTIC)
    return packets


def test_packets_are_numbered(fake_bluez):
    sensor = fake_bluez.add(FakeSensor(rate_hz=500, n_packets=200))
    packets = asyncio.run(heard(200))
    rows = [unpack(packet) for packet in packets]
    assert [sequence for sequence, _, _ in rows] == list(range(200))
    assert rows[7][2] == (7, -7, 1000)
    times_us = [time_us for _, time_us, _ in rows]
    assert times_us == sorted(times_us)
    assert monotonic() * 1e6 > times_us[-1] > (monotonic() - 20) * 1e6
    assert fake_bluez.counts(sensor) == {
        "n_sent": 200,
        "n_lost": 0,
        "n_duplicates": 0,
        "n_reordered": 0,
        "n_bad": 0,
    }


def test_one_s_own_packets_in_bursts(fake_bluez):
    fake_bluez.add(FakeSensor(packets=(b"one", b"two"), burst=4, n_packets=8))
    assert asyncio.run(heard(8)) == [b"one", b"two"] * 4


def test_reading_writing_and_the_log_of_calls(fake_bluez):
    from bleak import BleakClient

    sensor = fake_bluez.add(FakeSensor(battery_percent=42))

    async def main():
        async with BleakClient(await found()) as client:
            await client.write_gatt_char(COMMAND, b"\x01\x02", response=True)
            return await client.read_gatt_char(BATTERY_LEVEL)

    assert asyncio.run(main()) == bytes([42])
    assert fake_bluez.written(sensor) == [(COMMAND, b"\x01\x02")]
    methods = [method for method, _ in fake_bluez.calls()]
    assert methods[-4:] == ["Connect", "WriteValue", "ReadValue", "Disconnect"]


def test_refusals(fake_bluez):
    from bleak import BleakClient
    from bleak.exc import BleakError

    fake_bluez.add(FakeSensor(n_refused_connects=1, n_refused_notifies=1))

    async def main():
        device = await found()
        with pytest.raises(BleakError, match="le-connection-abort-by-peer"):
            await BleakClient(device).connect()
        async with BleakClient(device) as client:
            with pytest.raises(BleakError, match="ATT error: 0x0e|Unlikely"):
                await client.start_notify(CHARACTERISTIC, lambda *_: None)
            await client.start_notify(CHARACTERISTIC, lambda *_: None)

    asyncio.run(main())


def test_a_lost_link_is_told(fake_bluez):
    from bleak import BleakClient

    sensor = fake_bluez.add(FakeSensor(n_drops=1, drop_after=10))

    async def main():
        lost = asyncio.Event()
        device = await found()
        async with asyncio.timeout(10):
            client = BleakClient(device, lambda _: lost.set())
            await client.connect()
            await client.start_notify(CHARACTERISTIC, lambda *_: None)
            await lost.wait()
            assert not client.is_connected
            await client.disconnect()  # else bleak keeps its connection to the bus
            lost.clear()
            client = BleakClient(device, lambda _: lost.set())
            await client.connect()
            fake_bluez.drop(sensor)
            await lost.wait()
            await client.disconnect()

    asyncio.run(main())
    assert fake_bluez.counts(sensor)["n_sent"] == 10


def test_who_is_connected_or_out_of_reach_does_not_advertise(fake_bluez):
    held = fake_bluez.add(FakeSensor(name="Held", is_held=True))
    gone = fake_bluez.add(FakeSensor(name="Gone", address="F1:F1:F1:F1:F1:02"))
    fake_bluez.change(gone, is_silent=True)

    async def main():
        from bleak import BleakAdapter

        assert await found("Held", 0.3) is None
        assert await found("Gone", 0.3) is None
        devices = await (await BleakAdapter.get()).get_connected_devices([held.service])
        assert [device.name for device in devices] == ["Held"]
        fake_bluez.change(gone, is_silent=False)
        assert (await found("Gone", 5)).address == gone.address

    asyncio.run(main())


def test_one_scan_for_each_program(fake_bluez):
    from bleak import BleakScanner
    from bleak.exc import BleakError

    async def main():
        async with BleakScanner():
            with pytest.raises(BleakError, match="InProgress"):
                await BleakScanner().start()

    asyncio.run(main())


def test_bleak_believes_in_a_killed_daemon(fake_bluez):
    """Why a collector needs a watchdog of its own."""
    from bleak import BleakClient
    from bleak.exc import BleakError

    fake_bluez.add(FakeSensor())

    async def main():
        client = BleakClient(await found())
        await client.connect()
        fake_bluez.kill_daemon()
        await asyncio.sleep(0.3)
        assert client.is_connected
        with pytest.raises(BleakError):
            await client.disconnect()
        fake_bluez.start_daemon()
        assert await found() is not None

    asyncio.run(main())


def test_a_stopped_daemon_answers_nobody(fake_bluez):
    from bleak import BleakClient

    fake_bluez.add(FakeSensor())

    async def main():
        client = BleakClient(await found())
        await client.connect()
        fake_bluez.stop_daemon()
        asking = asyncio.create_task(
            client.start_notify(CHARACTERISTIC, lambda *_: None)
        )
        done, _ = await asyncio.wait({asking}, timeout=0.3)
        assert not done
        fake_bluez.continue_daemon()
        await asyncio.wait_for(asking, 5)
        await client.disconnect()

    asyncio.run(main())


def test_one_begins_with_no_sensor_however_many_there_were(fake_bluez):
    first = fake_bluez.add(FakeSensor(n_packets=5))
    asyncio.run(heard(5))
    assert fake_bluez.reset()
    assert fake_bluez.calls() == []
    assert asyncio.run(found(limit_s=0.2)) is None
    fake_bluez.add(first)
    assert len(asyncio.run(heard(5))) == 5
    fake_bluez.stop_daemon()
    assert not fake_bluez.reset()


def test_addresses_must_differ(fake_bluez):
    sensor = fake_bluez.add(FakeSensor())
    with pytest.raises(
        ValueError, match="its own address; got 'F1:F1:F1:F1:F1:01' again"
    ):
        fake_bluez.add(sensor)


def test_a_killed_daemon_cannot_be_asked(fake_bluez):
    fake_bluez.kill_daemon()
    with pytest.raises(RuntimeError, match=r"it was killed. Call start_daemon\(\)"):
        fake_bluez.calls()


def test_what_does_not_answer_is_told_with_its_own_words(fake_bluez):
    process = fake_bluez._spawn([sys.executable, "-c", "raise SystemExit('no bus')"])
    with pytest.raises(RuntimeError, match=r"must answer within .*no bus\\n'\.$"):
        fake_bluez._line(process)
    _fake_bluez._end(process, signal.SIGKILL)


def test_all_processes_and_files_are_gone_at_the_end():
    if reason := FakeBluez.missing():
        pytest.skip(reason)
    with FakeBluez() as fake:
        bus, daemon, folder = fake._bus, fake._daemon, fake._folder
        fake.stop_daemon()  # even then
    assert bus.returncode is not None
    assert daemon.returncode is not None
    assert not folder.exists()


def test_the_daemon_ends_when_its_parent_dies(fake_bluez):
    code = (
        "from subprocess import PIPE, Popen; import sys;"
        "command = [sys.executable, '-m', 'sensorhar.testing._bluez_service'];"
        f"command += [{fake_bluez.address!r}, '60'];"
        "process = Popen(command, stdin=PIPE, stdout=PIPE);"
        "process.stdout.readline(); print(process.pid, flush=True)"
    )
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code], capture_output=True, check=True
    )
    pid = int(run.stdout)

    async def until_gone():
        async with asyncio.timeout(10):
            while _is_alive(pid):
                await asyncio.sleep(0.02)

    asyncio.run(until_gone())


def _is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    with open(f"/proc/{pid}/stat") as stat:  # noqa: PTH123
        return stat.read().split()[2] != "Z"


def test_a_bus_that_falls_behind_loses_nothing(fake_bluez):
    """A full socket is waited for; dbus-fast by itself would leave the bus."""
    fake_bluez.add(FakeSensor(rate_hz=3000, n_packets=3000))
    bus = Path(f"/proc/{fake_bluez._bus.pid}/task/{fake_bluez._bus.pid}/children")
    pid = int((bus.read_text().split() or [fake_bluez._bus.pid])[0])

    async def main():
        from bleak import BleakClient

        numbers = []
        async with asyncio.timeout(30), BleakClient(await found()) as client:
            await client.start_notify(
                CHARACTERISTIC, lambda _, value: numbers.append(unpack(value)[0])
            )
            os.kill(pid, signal.SIGSTOP)
            await asyncio.sleep(0.5)
            os.kill(pid, signal.SIGCONT)
            while len(numbers) < 3000:
                await asyncio.sleep(0.01)
            await client.stop_notify(CHARACTERISTIC)
        return numbers

    assert asyncio.run(main()) == list(range(3000))


def test_shares_of_faults_and_no_fault_at_the_ends():
    faults = Faults(loss=0.05, duplicates=0.03, reordered=0.02, bad=0.01)
    maker = PacketMaker(faults, seed=1, n_packets=20_000, packets=[])
    sent = []
    while not maker.is_done:
        sent += maker.next_packets(0)
    counts = maker.counts
    for key, share in (("n_lost", 0.05), ("n_duplicates", 0.03), ("n_reordered", 0.02)):
        assert counts[key] / 20_000 == pytest.approx(share, rel=0.1)
    assert counts["n_sent"] + counts["n_lost"] == 20_000
    good = [packet for packet in sent if len(packet) == struct.calcsize("<IQ4h")]
    numbers = [unpack(packet)[0] for packet in good]
    assert (numbers[0], max(numbers)) == (0, 19_999)
    assert len(set(numbers)) == counts["n_sent"]
    assert len(numbers) - len(set(numbers)) == counts["n_duplicates"]
    assert len(sent) - len(good) == counts["n_bad"]


@pytest.mark.parametrize(
    ("place", "value", "reason"),
    [
        ("sys.platform", "darwin", "needs Linux"),
        ("shutil.which", lambda name: None, "dbus-daemon is not installed"),
        ("importlib.util.find_spec", lambda name: None, "dbus-fast is missing"),
    ],
)
def test_the_fixture_says_why_it_is_skipped(request, monkeypatch, place, value, reason):
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("shutil.which", lambda name: f"/usr/bin/{name}")
    monkeypatch.setattr(place, value)
    with pytest.raises(pytest.skip.Exception, match=reason):
        next(bluez.fake_bluez.__wrapped__(request, monkeypatch))
