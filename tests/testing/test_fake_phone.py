"""The pretended phone: what it feels arrives, with the taps of its owner."""

import asyncio
import sys

import numpy as np
import pytest

from sensorhar import Events, Recording, Stream
from sensorhar.collect.phone import PhoneSource
from sensorhar.collect.recorder import record
from sensorhar.errors import MissingPackageError
from sensorhar.testing import FakePhone

pytest.importorskip("aiohttp", reason="aiohttp is missing: install sensorhar[phone]")


def worn(first=0.0, *, length_s=0.6):
    """Return 50 Hz of a phone whose x counts up, and one fix without a height."""
    number = np.arange(round(50 * length_s))
    values = np.column_stack([number + first, 0 * number, 0 * number + 9.8])
    acc = Stream.of_sensor("accelerometer", values, number / 50, has_gravity=True)
    fix = [[46.5, 6.6, np.nan, 1.0, 90.0, 4.5]]
    gps = Stream.of_sensor("gps", fix, [0.1])
    events = Events([0.1, 0.3], [0.3, 0.5], ["standing", "walking"])
    return Recording([acc, gps], events=events)


def served(**fields):
    return PhoneSource(0, host="127.0.0.1", is_https=False, lifetime_s=60, **fields)


def recorded(source, *phones):
    """Record until all phones have sent what they have."""

    async def run():
        async def end(tasks):
            await asyncio.wait(tasks)
            source.stop()

        ending = []

        def opened():
            tasks = [phone.wear(source.address) for phone in phones]
            ending.append(asyncio.create_task(end(tasks)))

        async with asyncio.timeout(20):
            recording = await record(source, on_open=opened)
            await ending[0]
        return recording

    return asyncio.run(run())


def test_what_it_feels_and_what_is_tapped_arrive():
    recording = recorded(served(), FakePhone(worn()))
    acc, gps = recording.streams
    assert acc.values[:, 0].tolist() == list(range(30))
    np.testing.assert_allclose(np.diff(acc.time_s), 0.02, atol=1e-6)
    fix = [[46.5, 6.6, np.nan, 1.0, 90.0, 4.5]]
    np.testing.assert_array_equal(gps.values, fix)
    assert gps.start_s - acc.start_s == pytest.approx(0.1, abs=1e-6)
    spans = [
        (e.start_s - acc.start_s, e.stop_s - acc.start_s) for e in recording.events
    ]
    np.testing.assert_allclose(spans, [(0.1, 0.3), (0.3, 0.5)], atol=0.001)
    assert recording.events.labels.tolist() == ["standing", "walking"]


def test_two_phones_have_two_names():
    phones = FakePhone(worn(), name="a"), FakePhone(worn(100), name="b")
    recording = recorded(served(place=["wrist", "pocket"]), *phones)
    firsts = {
        stream.channel_names[0]: stream.values[0, 0]
        for stream in recording.streams
        if stream.kind == "accelerometer"
    }
    assert firsts == {"wrist_acc_x": 0, "pocket_acc_x": 100}


def test_it_ends_when_the_source_does():
    async def run():
        source, phone = served(), FakePhone(worn(length_s=30))
        tasks = []
        await record(
            source,
            duration_s=0.3,
            on_open=lambda: tasks.append(phone.wear(source.address)),
        )
        await asyncio.wait_for(tasks[0], 10)

    asyncio.run(run())


def test_without_the_package(monkeypatch):
    monkeypatch.setitem(sys.modules, "aiohttp", None)
    with pytest.raises(MissingPackageError, match=r"needs aiohttp.*sensorhar\[phone\]"):
        FakePhone(worn()).wear("http://127.0.0.1:1/x/")
