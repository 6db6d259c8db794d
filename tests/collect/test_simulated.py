"""A simulated person over a bad radio: what is counted is what was injected."""

import asyncio
import math

import numpy as np
import pytest

from sensorhar.collect.simulated import SimulatedSource


def play(source):
    """Return the chunks of a source by stream."""

    async def take():
        found = {}
        async with source:
            async for chunk in source:
                found.setdefault(chunk.channel_names[0], []).append(chunk)
        return found

    return asyncio.run(take())


def simulated(**options):
    return SimulatedSource(
        "walk 10 s, sit 10 s", speed=math.inf, random_state=0, **options
    )


def test_a_good_radio_loses_nothing():
    source = simulated()
    found = play(source)
    for stream in source.recording.streams:
        chunks = found[stream.channel_names[0]]
        times = np.concatenate([chunk.time_s for chunk in chunks])
        np.testing.assert_array_equal(times, stream.time_s)
    assert [s.n_lost + s.n_duplicates for s in source.state().streams] == [0, 0]
    assert source.events.labels.tolist()[0] == "walking"


def test_counts_are_those_injected():
    source = simulated(loss=0.1, duplicates=0.1)
    found = play(source)
    state = source.state()
    assert sum(s.n_duplicates for s in state.streams) == source.n_double_packets > 10
    assert source.n_lost_packets > 10
    for stream, true in zip(state.streams, source.recording.streams, strict=True):
        times = np.concatenate([chunk.time_s for chunk in found[stream.name]])
        assert (np.diff(times) > 0).all()
        first, last = np.searchsorted(true.time_s, [times[0], times[-1]])
        # A lost packet is taken to have held as many samples as the next.
        assert stream.n_lost == pytest.approx(last - first + 1 - len(times), abs=3)
        assert stream.n_samples == len(times)


def test_packets_that_overtake_each_other_all_come():
    source = simulated(jitter_s=0.5)
    found = play(source)
    for stream, true in zip(
        source.state().streams, source.recording.streams, strict=True
    ):
        times = np.concatenate([chunk.time_s for chunk in found[stream.name]])
        np.testing.assert_array_equal(np.sort(times), true.time_s)
        assert stream.n_reordered > 0
        assert stream.n_lost == 0


def test_wrong_arguments():
    with pytest.raises(ValueError, match=r"loss must be a share in \[0, 1\); got 1"):
        SimulatedSource(loss=1)
    with pytest.raises(ValueError, match="jitter_s must be a number of s above 0"):
        SimulatedSource(jitter_s=-1)
    with pytest.raises(ValueError, match="got 'swim'"):
        SimulatedSource("swim 5 s")
