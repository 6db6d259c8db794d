"""Packets to chunks, without a radio: counts, times, what a new link means."""

import numpy as np
import pytest

from sensorhar.collect._ble_streams import Inlet, PacketStreams
from sensorhar.collect._sample_clock import SampleClock
from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.reading import Reading
from sensorhar.data.channel import Channel


class Given:
    """A decoder whose packets are readings already."""

    def decode(self, packet):
        if packet is None:
            raise BadPacketError("not a packet")
        return packet if isinstance(packet, list) else [packet]

    def encode(self, readings):
        raise NotImplementedError


def reading(sequence=None, n=1, kind="gyroscope", **fields):
    return Reading(kind, None, np.full((n, 3), 1.0), sequence=sequence, **fields)


def fed(streams, numbers, *, link=1, start_s=0.0, step_s=0.01, **fields):
    inlet = Inlet("uuid", Given(), link)
    for i, number in enumerate(numbers):
        streams.take(start_s + i * step_s, inlet, reading(number, **fields))
    return streams.states(start_s + len(numbers) * step_s)[0]


def test_a_counter_that_goes_on_after_a_pause_shows_the_loss():
    streams = PacketStreams("", False)
    fed(streams, range(100), n_sequence_bits=16)
    state = fed(
        streams, range(150, 200), link=2, start_s=1.5, n_sequence_bits=16
    )  # half of what the pause had room for
    assert (state.n_lost, state.n_duplicates) == (50, 0)


@pytest.mark.parametrize("bits", [8, 16, 32, None])
def test_a_counter_that_starts_anew_on_a_new_link_is_no_loss(bits):
    streams = PacketStreams("", False)
    fed(streams, range(100), n_sequence_bits=bits)
    state = fed(streams, range(50), link=2, start_s=1.2, n_sequence_bits=bits)
    assert (state.n_lost, state.n_duplicates, state.n_reordered) == (0, 0, 0)
    assert state.n_samples == 150


def test_a_small_counter_may_have_gone_round_in_a_long_pause():
    streams = PacketStreams("", False)
    fed(streams, range(100), n_sequence_bits=8)
    state = fed(streams, range(110, 150), link=2, start_s=60.0, n_sequence_bits=8)
    assert state.n_lost == 0


def test_a_counter_that_wraps():
    streams = PacketStreams("", False)
    numbers = [i % 256 for i in range(600) if i % 50]
    state = fed(streams, numbers, n_sequence_bits=8)
    assert state.n_lost == 600 - len(numbers) - 1  # the first was never heard of


def test_duplicates_and_late_packets_are_left_out():
    streams = PacketStreams("", False)
    state = fed(streams, [0, 1, 1, 3, 2, 4])
    assert (state.n_samples, state.n_duplicates, state.n_reordered) == (4, 1, 1)
    assert state.n_lost == 0  # it did come
    (chunk,) = streams.chunks()
    assert chunk.n_samples == 4
    assert not list(streams.chunks())


def test_two_parts_of_one_stream_in_one_packet_have_one_number():
    streams = PacketStreams("", False)
    inlet = Inlet("uuid", Given(), 1)
    for i in range(10):
        streams.take(i * 0.1, inlet, [reading(i, n=3), reading(i, n=2)])
        streams.take(i * 0.1, inlet, [reading(i, n=3), reading(i, n=2)])  # twice
    (state,) = streams.states(1.0)
    assert (state.n_samples, state.n_lost, state.n_duplicates) == (50, 0, 10)


def test_bad_packets_belong_to_the_first_stream_of_their_characteristic():
    streams = PacketStreams("", False)
    good, other = Inlet("one", Given(), 1), Inlet("two", Given(), 1)
    streams.take(0.0, good, None)
    assert [(s.name, s.n_bad) for s in streams.states(0.0)] == [("one", 1)]
    streams.take(0.1, good, [reading(), reading(kind="magnetometer")])
    streams.take(0.2, other, None)
    states = [(s.name, s.n_bad) for s in streams.states(0.2)]
    assert states == [("gyr_x", 1), ("mag_x", 0), ("two", 1)]


def test_an_empty_reading_is_no_stream():
    streams = PacketStreams("", False)
    streams.take(0.0, Inlet("uuid", Given(), 1), reading(n=0))
    assert streams.states(0.0) == ()


@pytest.mark.parametrize(
    ("place", "prefix", "name"),
    [("", True, "gyr_x"), ("wrist", False, "gyr_x"), ("wrist", True, "wrist_gyr_x")],
)
def test_names_and_places(place, prefix, name):
    streams = PacketStreams(place, prefix)
    streams.take(0.0, Inlet("uuid", Given(), 1), reading())
    (chunk,) = streams.chunks()
    assert (chunk.channel_names[0], chunk.place) == (name, place)


def test_a_place_of_the_readings_own_and_channels_of_their_own():
    streams = PacketStreams("wrist", True)
    channels = (Channel("beat_interval_s", "s", place="chest"),)
    own = Reading("derived", channels, np.array([[0.8]]), place="chest")
    streams.take(0.0, Inlet("uuid", Given(), 1), own)
    (chunk,) = streams.chunks()
    assert (chunk.channel_names, chunk.place) == (("chest_beat_interval_s",), "chest")


def test_rate_over_the_last_seconds():
    streams = PacketStreams("", False)
    fed(streams, range(1000), step_s=0.02)
    (state,) = streams.states(20.0)
    np.testing.assert_allclose(state.rate_hz, 50, rtol=0.01)
    (state,) = streams.states(60.0)
    assert state.rate_hz == 0


def placed(clock, readings_and_arrivals):
    return [clock.place(r, at_s, lost) for r, at_s, lost in readings_and_arrivals]


def test_samples_of_a_packet_lie_between_device_times():
    """Polar's way: a time for the last of many samples."""
    clock = SampleClock()
    rate_hz = 130.0
    timed = [
        clock.place(
            reading(
                n=73, ticks=int((i + 1) * 73 / 130.4 * 1e9), tick_s=1e-9, rate_hz=130
            ),
            0.03 + (i + 1) * 73 / 130.4,
            0,
        )
        for i in range(20)
    ]
    times = np.concatenate([t.time_s for t in timed])
    assert [t.n_missing for t in timed] == [0] * 20
    # The device runs at 130.4 Hz, whatever its name says; known from packet two on.
    steps = np.diff(times[73:])
    np.testing.assert_allclose(steps, 1 / 130.4, rtol=1e-3)
    assert rate_hz == 130


def test_device_time_shows_a_lost_packet():
    clock = SampleClock()
    timed = [
        clock.place(
            reading(n=10, ticks=i * 100, tick_s=1e-3, rate_hz=100), 0.02 + i * 0.1, 0
        )
        for i in (0, 1, 2, 5, 6)
    ]
    assert [t.n_missing for t in timed] == [0, 0, 0, 20, 0]
    times = np.concatenate([t.time_s for t in timed])
    np.testing.assert_allclose(np.diff(times)[29], 0.21, atol=1e-3)
    np.testing.assert_allclose(np.delete(np.diff(times), 29), 0.01, atol=1e-3)


def test_a_device_that_starts_anew_is_no_loss():
    clock = SampleClock()
    args = [(i * 100, i * 0.1) for i in range(60)] + [
        (i * 100, 20 + i * 0.1) for i in range(10)
    ]
    timed = [
        clock.place(reading(n=10, ticks=k, tick_s=1e-3, rate_hz=100), at_s, 0)
        for k, at_s in args
    ]
    assert sum(t.n_missing for t in timed) == 0
    assert np.diff(np.concatenate([t.time_s for t in timed])).min() > 0


@pytest.mark.parametrize("error", [0.98, 1.0, 1.02])
def test_without_device_time_arrivals_are_smoothed(error):
    """A rate that is 2 % off and 20 ms of jitter: times lie within 15 ms."""
    rng = np.random.default_rng(0)
    true_s = np.arange(3000) / (100 * error)
    arrival_s = np.maximum.accumulate(true_s + rng.uniform(0.005, 0.025, 3000))
    clock = SampleClock()
    times = np.array(
        [clock.place(reading(rate_hz=100), at_s, 0).time_s[0] for at_s in arrival_s]
    )
    assert np.diff(times).min() > 0.004
    off = (times - true_s)[1000:]
    assert np.ptp(off) < 0.015
    assert np.std(np.diff(times[1000:])) < 0.12 * np.std(np.diff(arrival_s[1000:]))


def test_without_device_time_a_known_loss_and_a_gap_stay():
    clock = SampleClock()
    times = [
        clock.place(reading(rate_hz=100), i * 0.01, 0).time_s[0] for i in range(50)
    ]
    after_loss = clock.place(reading(rate_hz=100), 0.55, 5).time_s[0]
    np.testing.assert_allclose(after_loss - times[-1], 0.06, atol=1e-3)
    after_gap = clock.place(reading(rate_hz=100), 9.0, 0).time_s[0]
    assert after_gap == 9.0


def test_without_device_time_a_loss_shows_when_it_stays():
    clock = SampleClock()
    arrivals = [i * 0.01 for i in range(50)] + [
        0.5 + 0.4 + i * 0.01 for i in range(200)
    ]
    times = np.array(
        [clock.place(reading(rate_hz=100), at_s, 0).time_s[0] for at_s in arrivals]
    )
    np.testing.assert_allclose(times[120:], arrivals[120:], atol=0.03)


def test_a_burst_after_a_stall_does_not_run_backwards():
    clock = SampleClock()
    arrivals = [i * 0.01 for i in range(50)] + [0.9] * 40
    times = np.array(
        [clock.place(reading(rate_hz=100), at_s, 0).time_s[0] for at_s in arrivals]
    )
    assert np.diff(times).min() > 0.004
    assert abs(times[-1] - 0.89) < 0.06


def test_beats_of_a_heart_keep_their_offsets():
    clock = SampleClock()
    offsets_s = np.array([-0.9, 0.0])
    first = clock.place(reading(n=2, offsets_s=offsets_s), 10.0, 0)
    np.testing.assert_allclose(first.time_s, [9.1, 10.0])
    # Would reach behind what was said already: drawn in.
    second = clock.place(reading(n=2, offsets_s=offsets_s), 10.5, 0)
    assert 10.0 < second.time_s[0] < second.time_s[1] == 10.5


def test_nothing_known_at_all():
    clock = SampleClock()
    first = clock.place(reading(n=3), 1.0, 0).time_s
    second = clock.place(reading(n=3), 1.3, 0).time_s
    np.testing.assert_allclose(first, [0.98, 0.99, 1.0])
    np.testing.assert_allclose(second, [1.1, 1.2, 1.3])
    third = clock.place(reading(n=3), 1.3, 0).time_s
    assert third[0] > 1.3
    assert np.diff(third).min() > 0
