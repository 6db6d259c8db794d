"""A recording played again is the recording, in its time or faster."""

import asyncio
import math
from datetime import UTC, datetime
from time import monotonic

import numpy as np
import pytest

from sensorhar import Events, Recording, Stream
from sensorhar.collect.replay import ReplaySource
from sensorhar.data.windows import Windows


@pytest.fixture
def recording():
    """Two clocks and a gap of 2 s; starts at 100 s."""
    acc = np.delete(100 + np.arange(500) / 50, slice(100, 200))
    fixes = np.tile([48.0, 11, 500, 1, 0, 5], (10, 1))
    return Recording(
        [
            Stream.of_sensor(
                "accelerometer",
                np.random.default_rng(0).normal(size=(400, 3)),
                acc,
                has_gravity=True,
                rate_hz=50,
            ),
            Stream.of_sensor("gps", fixes, 100.5 + np.arange(10)),
        ],
        name="anna",
        subject="anna",
        events=Events([100, 104], [104, 109], ["walking", "sitting"]),
        start=datetime(2026, 9, 1, tzinfo=UTC),
        metadata={"phone": "x"},
    )


def play(source):
    """Return the chunks of a source by stream."""

    async def take():
        found = {}
        async with source:
            async for chunk in source:
                found.setdefault(chunk.channel_names[0], []).append(chunk)
        return found

    return asyncio.run(asyncio.wait_for(take(), 20))


@pytest.mark.parametrize("chunk_s", [0.001, 0.1, 0.37, 1000])
def test_everything_comes_bit_for_bit(recording, chunk_s):
    source = ReplaySource(recording, speed=math.inf, chunk_s=chunk_s)
    found = play(source)
    for stream in recording.streams:
        chunks = found[stream.channel_names[0]]
        times = np.concatenate([chunk.time_s for chunk in chunks])
        values = np.concatenate([chunk.values for chunk in chunks])
        np.testing.assert_array_equal(times, stream.time_s)
        np.testing.assert_array_equal(values, stream.values)
        assert all(chunk.channels == stream.channels for chunk in chunks)
        assert all(chunk.rate_hz == stream.rate_hz for chunk in chunks)
        assert all(chunk.duration_s <= chunk_s for chunk in chunks)
    assert source.start == recording.start
    assert [s.n_samples for s in source.state().streams] == [400, 10]
    assert source.events == recording.events
    assert source.metadata == {"phone": "x", "replayed": "anna"}
    assert not source.state().is_connected


def test_it_takes_its_time(recording):
    """10 s at speed 20 take 0.5 s, and no chunk comes before it was read."""

    async def take():
        source = ReplaySource(recording, speed=20)
        async with source:
            assert source.state().is_connected
            return [source.now_s() - chunk.stop_s async for chunk in source]

    begin_s = monotonic()
    early_s = asyncio.run(take())
    assert 0.45 < monotonic() - begin_s < 5
    assert min(early_s) >= -1e-6


def test_new_stamps_begin_at_0(recording):
    source = ReplaySource(recording, speed=50, stamps="now")
    acc = play(source)["acc_x"]
    times = np.concatenate([chunk.time_s for chunk in acc])
    np.testing.assert_allclose(
        times, (recording.streams[0].time_s - 100) / 50, atol=1e-12
    )
    assert acc[0].rate_hz == 2500
    assert source.start.year >= 2026
    assert source.start != recording.start
    np.testing.assert_allclose(source.events.start_s, [0, 0.08])


def test_stop_ends_a_wait(recording):
    async def take():
        source = ReplaySource(recording, speed=0.001)
        async with source:
            asyncio.get_running_loop().call_later(0.02, source.stop)
            return [chunk async for chunk in source]

    begin_s = monotonic()
    assert asyncio.run(take()) == []
    assert monotonic() - begin_s < 5


def test_it_can_be_played_again(recording):
    source = ReplaySource(recording, speed=math.inf)
    assert len(play(source)["acc_x"]) == len(play(source)["acc_x"])


def test_files(recording, tmp_path):
    found = play(ReplaySource(recording.save(tmp_path / "a.npz"), speed=math.inf))
    assert set(found) == {"acc_x", "lat_deg"}


def test_wrong_arguments(recording, tmp_path, monkeypatch):
    with pytest.raises(ValueError, match="chunk_s must be a number of s above 0; got"):
        ReplaySource(recording, chunk_s=0)
    with pytest.raises(ValueError, match="speed must be a number above 0; got -1"):
        ReplaySource(recording, speed=-1)
    with pytest.raises(ValueError, match="stamps must be one of 'now', 'original'"):
        ReplaySource(recording, stamps="old")
    with pytest.raises(ValueError, match='stamps="now" must have a finite speed'):
        ReplaySource(recording, speed=math.inf, stamps="now")
    windows = object.__new__(Windows)
    monkeypatch.setattr("sensorhar.collect.replay.read", lambda path: windows)
    with pytest.raises(ValueError, match=r"a\.npz must hold a recording to be played"):
        ReplaySource(tmp_path / "a.npz")
