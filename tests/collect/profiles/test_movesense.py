"""Movesense's packets, by the layout of its example client; no capture was found."""

import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorhar.collect.profiles import BadPacketError, load_profile
from sensorhar.collect.profiles.movesense import MovesenseDecoder

FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
NUMBERS = np.arange(72, dtype=np.float32)


def imu9():
    kinds = ["accelerometer", "gyroscope", "magnetometer"]
    return MovesenseDecoder(kinds, n_samples=8, rate_hz=104, place="chest")


def whole(ticks=1000, numbers=NUMBERS):
    return b"\x02\x63" + struct.pack("<I", ticks) + numbers.astype("<f4").tobytes()


@pytest.mark.parametrize("cut", [6, 100, 161, 280])
def test_two_parts(cut):
    decoder = imu9()
    assert decoder.decode(whole()[:cut]) == []
    acc, gyr, mag = decoder.decode(b"\x03\x63" + whole()[cut:])
    np.testing.assert_allclose(acc.values, NUMBERS[:24].reshape(8, 3))
    np.testing.assert_allclose(np.degrees(gyr.values), NUMBERS[24:48].reshape(8, 3))
    np.testing.assert_allclose(mag.values, NUMBERS[48:].reshape(8, 3))
    assert acc.ticks == 1000 + 67  # 7 / 104 s after the first
    assert (acc.tick_s, acc.n_time_bits, acc.rate_hz) == (1e-3, 32, 104)
    assert (acc.place, acc.has_gravity, gyr.has_gravity) == ("chest", True, None)


def test_one_part_and_a_wrap():
    acc, _, _ = imu9().decode(whole(2**32 - 7))
    assert acc.ticks == 60


def test_the_command_names_the_reference_of_the_packets():
    profile = load_profile("movesense")
    assert profile.start_commands[0].payload == bytes([1, 99]) + b"/Meas/IMU9/104"
    assert profile.stop_commands[0].payload == bytes([2, 99])
    assert profile.characteristics[0].make_decoder().decode(whole())[0].n_samples == 8


def test_replies():
    decoder = imu9()
    decoder.decode(whole()[:100])
    for status in (b"\x00\xc8", b"\xc8\x00", b""):
        assert decoder.decode(b"\x01\x63" + status) == []
    assert decoder.decode(b"\x03\x63" + whole()[100:])  # a reply between is no harm
    with pytest.raises(BadPacketError, match="accept the subscription; it replied 404"):
        decoder.decode(b"\x01\x63" + (404).to_bytes(2, "little"))


@pytest.mark.parametrize(
    ("packets", "message"),
    [
        ([b""], r"1 \(reply\), 2 \(data\) or 3 \(its rest\); got ''"),
        ([b"\x07\x00"], "got '07 00'"),
        ([b"\x03\x63123"], r"rest \(3\) must follow the data"),
        (
            [whole()[:99], b"\x03\x64" + whole()[99:]],
            r"rest \(3\) must follow the data",
        ),
        ([whole()[:99], whole()[:99]], "must be followed by their rest"),
        ([whole() + b"\0"], "8 samples must have 294 bytes; got 295. Set n_samples"),
        ([whole()[:99], b"\x03\x63" + whole()[100:]], "must have 294 bytes; got 293"),
    ],
)
def test_bad_packets(packets, message):
    decoder = imu9()
    for packet in packets[:-1]:
        decoder.decode(packet)
    with pytest.raises(BadPacketError, match=message):
        decoder.decode(packets[-1])


def test_it_goes_on_after_a_lost_part():
    decoder = imu9()
    decoder.decode(whole()[:100])
    with pytest.raises(BadPacketError, match="followed by their rest"):
        decoder.decode(whole(1077)[:100])
    acc, _, _ = decoder.decode(b"\x03\x63" + whole(1077)[100:])
    assert acc.ticks == 1077 + 67


@given(
    st.lists(st.floats(-1e4, 1e4, width=32), min_size=72, max_size=72),
    st.integers(0, 2**32 - 1),
)
@FEW
def test_what_is_read_is_encoded_to_the_same(checks, numbers, ticks):
    readings = imu9().decode(whole(ticks, np.array(numbers, np.float32)))
    packets = imu9().encode(readings)
    assert [packet[0] for packet in packets] == [2, 3]
    checks.same(readings, checks.all(imu9(), packets), rtol=1e-6)


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=6))
@FEW
def test_any_bytes(checks, packets):
    checks.survives(imu9(), packets)


@given(st.binary(min_size=288, max_size=288), st.integers(0, 288))
@FEW
def test_any_floats(checks, content, cut):
    packet = b"\x02\x63\0\0\0\0" + content
    checks.survives(imu9(), [packet[: cut + 6], b"\x03\x63" + packet[cut + 6 :]])
