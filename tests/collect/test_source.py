"""What all sources have in common: the queue, the markers, the end."""

import asyncio

import pytest

from sensorhar import Stream
from sensorhar.collect import source as source_module
from sensorhar.collect.ble import BleSource
from sensorhar.collect.lines import LinesSource
from sensorhar.collect.phone import PhoneSource
from sensorhar.collect.phyphox import PhyphoxSource
from sensorhar.collect.sensor_logger import SensorLoggerSource
from sensorhar.collect.sensor_server import SensorServerSource
from sensorhar.collect.simulated import SimulatedSource
from sensorhar.collect.source import Source, SourceState


class Plain(Source):
    """As little as a source can be."""

    async def _open(self):
        pass

    async def _close(self):
        pass

    def state(self):
        return SourceState(self.name, True, n_dropped=self._n_dropped)


def beat(number):
    return Stream.of_sensor("heart_rate", [[number]], [number])


def test_who_is_slow_misses_the_oldest_and_is_told(monkeypatch):
    monkeypatch.setattr(source_module, "MAX_QUEUED", 10)

    async def main():
        async with Plain() as source:
            for number in range(15):
                source._put(beat(number))
            source.stop()
            taken = [chunk.values[0, 0] async for chunk in source]
            return taken, source.state().n_dropped

    assert asyncio.run(main()) == (list(range(5, 15)), 5)


def test_markers_are_taken_once():
    async def main():
        async with Plain() as source:
            source._mark("here")
            (marker,) = source.take_markers()
            assert source.take_markers() == []
            return marker

    marker = asyncio.run(main())
    assert marker.text == "here"
    assert 0 <= marker.time_s < 1


@pytest.mark.parametrize(
    "source",
    [
        BleSource(profile="thingy52"),
        LinesSource(columns=["acc_x", "acc_y", "acc_z"]),
        PhoneSource(),
        PhyphoxSource("127.0.0.1:1"),
        SensorLoggerSource(),
        SensorServerSource("127.0.0.1:1"),
        SimulatedSource("walk 1 s"),
    ],
    ids=lambda source: type(source).__name__,
)
def test_the_state_can_be_asked_before_it_is_open(source):
    state = source.state()
    assert state.name
    assert not state.n_dropped
    assert not any(stream.n_samples for stream in state.streams)
