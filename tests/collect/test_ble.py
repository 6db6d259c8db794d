"""A Bluetooth source against a pretended BlueZ: found, kept, lost, found again."""

import asyncio
import json
from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from sensorhar.collect import ble
from sensorhar.collect._ble_keeper import _waits
from sensorhar.collect._ble_streams import Inlet
from sensorhar.collect.ble import BleSource
from sensorhar.collect.ble_scan import scan
from sensorhar.collect.ble_sources import BleSources
from sensorhar.collect.recorder import record
from sensorhar.testing.bluez import CHARACTERISTIC, SERVICE, FakeSensor
from sensorhar.units import STANDARD_GRAVITY
from tests.collect._counting import LIMIT_S, SECOND, profile, sequence_of, take, texts


@pytest.mark.parametrize(
    "by",
    [
        {"name": "imu"},
        {"address": "f1:f1:f1:f1:f1:01"},
        {"service": SERVICE},
        {},
    ],
)
def test_a_sensor_is_found(fake_bluez, by):
    fake_bluez.add(
        FakeSensor(name="Other", address="F1:F1:F1:F1:F1:99", service=SECOND)
    )
    fake_bluez.add(FakeSensor(name="IMU-1"))

    async def main():
        async with BleSource(**by, profile=profile(), place="wrist") as source:
            return await take(source, 20)

    chunks = asyncio.run(main())
    assert chunks[0].channel_names == ("acc_x", "acc_y", "acc_z")
    assert chunks[0].place == "wrist"
    assert chunks[0].channels[0].has_gravity is True
    assert (np.diff(sequence_of(chunks)) == 1).all()
    time_s = np.concatenate([chunk.time_s for chunk in chunks])
    assert np.diff(time_s).min() > 0
    np.testing.assert_allclose(np.diff(time_s).mean(), 0.01, rtol=0.1)
    up = np.concatenate([chunk.values[:, 2] for chunk in chunks])
    np.testing.assert_allclose(up, STANDARD_GRAVITY, rtol=1e-6)


def test_1000_packets_a_second_are_all_there(fake_bluez):
    sensor = fake_bluez.add(FakeSensor(rate_hz=1000, n_packets=1000))

    async def main():
        async with BleSource(name="IMU", profile=profile()) as source:
            chunks = await take(source, 1000)
            return chunks, source.state()

    chunks, state = asyncio.run(main())
    assert (sequence_of(chunks) == np.arange(1000)).all()
    (stream,) = state.streams
    assert (stream.n_samples, stream.n_lost, stream.n_duplicates) == (1000, 0, 0)
    assert state.n_dropped == 0
    assert fake_bluez.counts(sensor)["n_sent"] == 1000


def test_counts_are_those_injected(fake_bluez):
    faults = {"loss": 0.05, "duplicates": 0.03, "reordered": 0.02, "bad": 0.01}
    sensor = fake_bluez.add(FakeSensor(rate_hz=1000, n_packets=1000, **faults))

    async def main():
        async with BleSource(name="IMU", profile=profile()) as source:
            numbers = []
            async with asyncio.timeout(LIMIT_S):
                while not numbers or numbers[-1] != 999:
                    numbers.extend(sequence_of([await anext(source)]))
            return numbers, source.state().streams[0]

    numbers, stream = asyncio.run(main())
    counts = fake_bluez.counts(sensor)
    assert min(counts.values()) > 5
    told = {key: getattr(stream, key) for key in counts if key != "n_sent"}
    assert told == {key: n for key, n in counts.items() if key != "n_sent"}
    assert stream.n_samples == counts["n_sent"] - counts["n_reordered"]
    assert (np.diff(numbers) > 0).all()


def test_several_characteristics_the_battery_and_a_clean_end(fake_bluez):
    sensor = fake_bluez.add(
        FakeSensor(characteristics=(CHARACTERISTIC, SECOND), battery_percent=87)
    )

    async def main():
        async with BleSource(name="IMU", profile=profile(SECOND)) as source:
            chunks = await take(source, 60)
            return chunks, source.state()

    chunks, state = asyncio.run(main())
    assert {chunk.kind for chunk in chunks} == {"accelerometer", "gyroscope"}
    assert [stream.name for stream in state.streams] == ["acc_x", "gyr_x"]
    assert state.battery_percent == 87
    assert state.is_connected
    assert 70 < state.streams[0].rate_hz < 130
    assert [value for _, value in fake_bluez.written(sensor)] == [b"on", b"off"]
    methods = [method for method, _ in fake_bluez.calls()]
    assert "AcquireNotify" not in methods
    end = ["WriteValue", "StopNotify", "StopNotify", "StopNotify", "Disconnect"]
    assert methods[-5:] == end


def test_eight_sensors_at_once(fake_bluez):
    sensors = [
        fake_bluez.add(
            FakeSensor(
                name=f"IMU-{i}",
                address=f"F1:F1:F1:F1:F1:{i:02X}",
                n_packets=100,
                seed=i,
            )
        )
        for i in range(8)
    ]

    async def main():
        group = BleSources(
            BleSource(address=sensor.address, profile=profile(), place=sensor.name)
            for sensor in sensors
        )
        async with group as source:
            await take(source, 8 * 100)
            return source.state(), source.take_markers()

    state, markers = asyncio.run(main())
    assert state.is_connected
    assert sorted(stream.name for stream in state.streams) == [
        f"IMU-{i}_acc_x" for i in range(8)
    ]
    for stream in state.streams:
        assert (stream.n_samples, stream.n_lost) == (100, 0)
    assert [m.text for m in markers].count("IMU-3: connected") == 1


def test_two_sources_of_one_name_take_two_sensors(fake_bluez):
    fake_bluez.add(FakeSensor(address="F1:F1:F1:F1:F1:01"))
    fake_bluez.add(FakeSensor(address="F1:F1:F1:F1:F1:02"))

    async def main():
        one, two = (BleSource(name="IMU", profile=profile()) for _ in "12")
        async with one, two:
            await take(one, 5)
            await take(two, 5)

    asyncio.run(main())
    connected = [path for method, path in fake_bluez.calls() if method == "Connect"]
    assert len(set(connected)) == 2


def test_refusals_and_lost_links_are_tried_again(fake_bluez):
    sensor = fake_bluez.add(
        FakeSensor(
            n_refused_connects=2,
            n_refused_notifies=1,
            drop_after=40,
            n_drops=2,
            n_packets=120,
        )
    )

    async def main():
        async with BleSource(name="IMU", profile=profile()) as source:
            chunks = await take(source, 120)
            return chunks, texts(source), source.state().streams[0]

    chunks, said, stream = asyncio.run(main())
    assert (sequence_of(chunks) == np.arange(120)).all()
    assert stream.n_lost == stream.n_duplicates == 0
    assert said.count("connected") == 3
    assert said.count("the link was lost") == 2
    assert sum(text.startswith("gap of ") for text in said) == 2
    assert any("le-connection-abort-by-peer" in text for text in said)
    time_s = np.concatenate([chunk.time_s for chunk in chunks])
    steps = np.diff(time_s)
    # The pauses are in the times, not drawn over.
    assert set(np.flatnonzero(steps > 0.05)) >= {39, 79}
    assert fake_bluez.counts(sensor)["n_sent"] == 120


def test_losses_on_either_side_of_a_lost_link_are_counted(fake_bluez):
    sensor = fake_bluez.add(
        FakeSensor(rate_hz=400, loss=0.2, drop_after=60, n_drops=2, n_packets=180)
    )

    async def main():
        async with BleSource(name="IMU", profile=profile()) as source:
            numbers = []
            async with asyncio.timeout(LIMIT_S):
                while not numbers or numbers[-1] != 179:
                    numbers.extend(sequence_of([await anext(source)]))
            return source.state().streams[0]

    stream = asyncio.run(main())
    counts = fake_bluez.counts(sensor)
    assert stream.n_lost == counts["n_lost"] > 10


def test_what_happens_to_the_link_is_in_the_file(fake_bluez, tmp_path):
    fake_bluez.add(FakeSensor(drop_after=50, n_drops=1, battery_percent=87))

    async def main():
        source = BleSource(name="IMU", profile=profile(), place="wrist")
        async with asyncio.timeout(LIMIT_S):
            return await record(source, path=tmp_path / "log", duration_s=1.2)

    recording = asyncio.run(main())
    said = [text for _, text in json.loads(recording.metadata["markers"])]
    begin = said.index("connected")
    assert said[:begin] == ["searching", "connecting to F1:F1:F1:F1:F1:01"]
    after = [said.index(text, begin + 1) for text in ("the link was lost", "connected")]
    assert after == sorted(after)
    assert sum(text.startswith("gap of ") for text in said) == 1
    assert recording.streams[0].place == "wrist"
    assert recording.streams[0].n_samples > 60


def test_waits_double_up_to_the_longest_and_are_never_alike():
    waits_s = np.array([list(islice(_waits(2.0), 8)) for _ in range(50)])
    longest = np.minimum(0.2 * 2.0 ** np.arange(8), 2.0)
    assert (waits_s <= longest).all()
    assert (waits_s >= longest / 2).all()
    assert waits_s.std(axis=0).min() > 0.02


def test_packets_that_nobody_decodes_do_not_fill_the_memory(monkeypatch):
    monkeypatch.setattr(ble, "MAX_PACKETS", 10)
    source = BleSource(name="IMU", profile=profile())
    inlet = Inlet(CHARACTERISTIC, profile().characteristics[0].make_decoder(), 1)
    for number in range(15):
        source._put_aside(inlet, bytearray([number]))
    assert [packet[0] for *_, packet in source._packets] == list(range(5, 15))
    assert source.state().n_dropped == 5


def test_scan(fake_bluez):
    fake_bluez.add(FakeSensor(name="IMU-1"))
    fake_bluez.add(
        FakeSensor(name="Other", address="F1:F1:F1:F1:F1:02", service=SECOND)
    )

    async def main():
        both = await scan(duration_s=0.3)
        named = await scan(name="oth", duration_s=0.2)
        served = await scan(service=SERVICE.upper(), duration_s=0.2)
        return both, named, served

    both, named, served = asyncio.run(main())
    assert {found.name for found in both} == {"IMU-1", "Other"}
    assert both[0].services == (SERVICE,) or both[1].services == (SERVICE,)
    assert -60 < both[0].strength_dbm < -40
    assert [found.name for found in named] == ["Other"]
    assert [found.name for found in served] == ["IMU-1"]


def test_stop_ends_the_iteration(fake_bluez):
    fake_bluez.add(FakeSensor())

    async def main():
        n = 0
        async with asyncio.timeout(LIMIT_S):
            async with BleSource(name="IMU", profile=profile()) as source:
                async for chunk in source:
                    n += chunk.n_samples
                    if n > 20:
                        source.stop()
                return n, source.state().streams[0].n_samples

    n, n_samples = asyncio.run(main())
    assert n == n_samples


def test_a_source_can_be_entered_again(fake_bluez):
    fake_bluez.add(FakeSensor())

    async def main():
        source = BleSource(name="IMU", profile=profile())
        for _ in "12":
            async with source:
                (first, *_) = await take(source, 5)
                assert 0 < first.start_s < 5

    asyncio.run(main())


def test_no_bluetooth_is_said_at_once(monkeypatch, tmp_path):
    pytest.importorskip("dbus_fast", reason="dbus-fast is missing; bleak brings it")
    monkeypatch.setenv("DBUS_SYSTEM_BUS_ADDRESS", f"unix:path={tmp_path}/none")

    async def main():
        async with BleSource(name="IMU", profile=profile()):
            pass

    with pytest.raises(
        ConnectionError, match="Bluetooth must be there and switched on"
    ):
        asyncio.run(main())
    with pytest.raises(
        ConnectionError, match="Bluetooth must be there and switched on"
    ):
        asyncio.run(scan(duration_s=0.1))


def test_a_sensor_out_of_reach_is_told_from_others(fake_bluez):
    fake_bluez.add(FakeSensor(name="Other"))

    async def main():
        async with BleSource(name="IMU", profile=profile(), patience_s=0.5):
            pass

    with pytest.raises(
        ConnectionError,
        match=r"named 'IMU' must be in reach; within 0.5 s .* seen: 'Other'.*Switch it",
    ):
        asyncio.run(main())


def test_a_sensor_of_another_kind(fake_bluez):
    fake_bluez.add(FakeSensor(characteristics=(SECOND,)))

    async def main():
        async with BleSource(name="IMU", profile=profile(), patience_s=0.5):
            pass

    with pytest.raises(
        ConnectionError,
        match="has none of the characteristics of profile 'counting', but",
    ):
        asyncio.run(main())


def test_a_characteristic_that_is_missing_is_marked(fake_bluez):
    fake_bluez.add(FakeSensor())

    async def main():
        async with BleSource(name="IMU", profile=profile(SECOND)) as source:
            await take(source, 5)
            return texts(source)

    assert f"the sensor has no characteristic {SECOND}" in asyncio.run(main())


def test_a_decoder_with_a_fault_of_its_own_ends_the_source(fake_bluez):
    fake_bluez.add(FakeSensor())
    plan = profile()

    class Broken:
        def decode(self, packet):
            raise ZeroDivisionError("a mistake in the decoder")

    broken = replace(plan.characteristics[0], decoder=Broken)

    async def main():
        async with asyncio.timeout(LIMIT_S):
            async with BleSource(
                name="IMU", profile=replace(plan, characteristics=(broken,))
            ) as source:
                async for _ in source:
                    pass

    with pytest.raises(ZeroDivisionError, match="a mistake in the decoder"):
        asyncio.run(main())


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"patience_s": 0}, "patience_s must be a number of s above 0; got 0"),
        ({"max_wait_s": -1}, "max_wait_s must be a number of s above 0; got -1"),
        ({"max_silence_s": 0}, "max_silence_s must be a number of s above 0; got 0"),
        (
            {"profile": replace(profile(), characteristics=())},
            "profile 'counting' must tell at least one characteristic",
        ),
        (
            {"profile": replace(profile(), service_uuids=()), "name": None},
            "something to find the sensor by: profile 'counting' names no service",
        ),
    ],
)
def test_arguments_are_checked_on_entry(fields, message):
    async def main():
        async with BleSource(**{"name": "IMU", "profile": profile()} | fields):
            pass

    with pytest.raises(ValueError, match=message):
        asyncio.run(main())


@pytest.mark.parametrize("places", [("wrist", "wrist"), ("", "wrist"), ()])
def test_places_must_differ(places):
    async def main():
        async with BleSources(BleSource(profile=profile(), place=p) for p in places):
            pass

    with pytest.raises(
        ValueError, match="several sensors must be worn at several places"
    ):
        asyncio.run(main())


def test_one_of_several_sensors_is_missing(fake_bluez):
    fake_bluez.add(FakeSensor())

    async def main():
        here, gone = (
            BleSource(name=name, profile=profile(), place=name, patience_s=0.6)
            for name in ("IMU", "Gone")
        )
        async with BleSources([here, gone]):
            pass

    with pytest.raises(ConnectionError, match="named 'Gone' must be in reach"):
        asyncio.run(main())
    assert [method for method, _ in fake_bluez.calls()][-1] == "Disconnect"


def test_scan_checks_its_duration():
    with pytest.raises(ValueError, match="duration_s must be a number of s above 0"):
        asyncio.run(scan(duration_s=0))
