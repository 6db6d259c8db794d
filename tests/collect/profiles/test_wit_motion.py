"""WitMotion's frames, by the formulas of datasheet v20-0707; no capture was found."""

import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorhar.collect.profiles import BadPacketError, load_profile
from sensorhar.collect.profiles.wit_motion import WitMotionDecoder

FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def motion(*numbers):
    return b"\x55\x61" + struct.pack("<9h", *(numbers or range(9)))


def test_motion():
    """1 g along z, 1000 deg/s about z, a yaw of 90 degrees."""
    frame = motion(0, 0, 2048, 0, 0, 16384, 0, 0, 16384)
    acc, gyr, angles = WitMotionDecoder(50.0, place="wrist").decode(frame)
    np.testing.assert_allclose(acc.values, [[0, 0, 9.80665]])
    np.testing.assert_allclose(np.degrees(gyr.values), [[0, 0, 1000]])
    np.testing.assert_allclose(np.degrees(angles.values), [[0, 0, 90]])
    assert [channel.name for channel in angles.channels] == [
        "roll_rad",
        "pitch_rad",
        "yaw_rad",
    ]
    assert (acc.rate_hz, acc.ticks, acc.place, acc.has_gravity) == (
        50,
        None,
        "wrist",
        True,
    )


def test_replies_with_field_and_orientation():
    field = b"\x55\x71\x3a\x00" + struct.pack("<8h", 1200, -2400, 120, 0, 0, 0, 0, 0)
    (mag,) = WitMotionDecoder().decode(field)
    np.testing.assert_allclose(mag.values, [[10, -20, 1]])
    turned = b"\x55\x71\x51\x00" + struct.pack("<8h", 16384, 0, -16384, 0, 0, 0, 0, 0)
    (quat,) = WitMotionDecoder().decode(turned)
    np.testing.assert_allclose(quat.values, [[0.5, 0, -0.5, 0]])
    assert WitMotionDecoder().decode(b"\x55\x71\x40\x00" + bytes(16)) == []


@pytest.mark.parametrize("size", [1, 7, 20, 33, 244])
def test_frames_in_any_pieces(size):
    data = b"".join(motion(i, *range(8)) for i in range(10))
    decoder = WitMotionDecoder()
    readings = []
    for start in range(0, len(data), size):
        readings += decoder.decode(data[start : start + size])
    found = [each.values[0, 0] for each in readings if each.kind == "accelerometer"]
    np.testing.assert_allclose(found, np.arange(10) * 16 / 32768 * 9.80665)
    assert decoder.n_skipped == 0


@pytest.mark.parametrize("lost", [1, 5, 19])
def test_frames_are_found_again(lost):
    """Bytes lost from the second of five frames cost that one alone."""
    frames = [motion(i, *range(8)) for i in range(5)]
    data = frames[0] + frames[1][lost:] + b"".join(frames[2:])
    decoder = WitMotionDecoder()
    readings = decoder.decode(data)
    found = [each.values[0, 0] for each in readings if each.kind == "accelerometer"]
    np.testing.assert_allclose(
        found, np.array([0, 2, 3, 4])[-len(found) :] * 16 / 32768 * 9.80665
    )
    assert len(found) >= 3
    assert decoder.n_skipped > 0


def test_numbers_that_look_like_a_frame():
    """55 61 is the number 24917; in the middle of a frame it begins none."""
    decoder = WitMotionDecoder()
    tricky = motion(1, 24917, 24917, 0, 0, 0, 0, 0, 0)
    assert len(decoder.decode(tricky + tricky)) == 6
    assert decoder.n_skipped == 0


def test_bytes_of_no_frame():
    with pytest.raises(
        BadPacketError, match="start with 55 61 or 55 71; passed over 5"
    ):
        WitMotionDecoder().decode(b"hello")


def test_profile():
    """The UUIDs end in 9a34fb, unlike those of Bluetooth."""
    profile = load_profile("wit_motion", place="ankle")
    assert profile.characteristics[0].uuid.endswith("00805f9a34fb")
    readings = profile.characteristics[0].make_decoder().decode(motion())
    assert [reading.place for reading in readings] == ["ankle"] * 3


@given(st.lists(st.integers(-32768, 32767), min_size=9, max_size=9))
@FEW
def test_what_is_read_is_encoded_to_the_same(checks, numbers):
    checks.round_trip(WitMotionDecoder, [motion(*numbers)])


@pytest.mark.parametrize("register", [0x3A, 0x51])
def test_replies_are_encoded_to_the_same(checks, register):
    frame = (
        b"\x55\x71"
        + bytes([register, 0])
        + struct.pack("<8h", 1, -2, 3, -4, 0, 0, 0, 0)
    )
    checks.round_trip(WitMotionDecoder, [frame])


@given(
    st.lists(
        st.binary(max_size=50) | st.sampled_from([motion(), b"\x55", b"\x55\x71"]),
        min_size=1,
        max_size=8,
    )
)  # fmt: skip
@FEW
def test_any_bytes(checks, packets):
    checks.survives(WitMotionDecoder(), packets)
