"""Polar's frames, by the vectors of Polar's own tests.

Vectors: polarofficial/polar-ble-sdk, AccDataTest.kt, GyrDataTest.kt, MagDataTest.kt,
PpiDataTest.kt; the start command was captured in issue 360 of that repository.
"""

import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorhar.collect.profiles import BadPacketError, load_profile
from sensorhar.collect.profiles._pmd_delta import read_delta, write_delta
from sensorhar.collect.profiles.polar import PolarDecoder
from sensorhar.collect.profiles.polar_control import PolarControlDecoder
from sensorhar.units import STANDARD_GRAVITY

FEW = settings(
    max_examples=100,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
STAMP = "0094357700000000"  # 2,000,000,000 ns

#: AccDataTest.kt, compressed type 0: 57 samples, 8 g, factor 2.44E-4.
ACC_TYPE_0 = (
    "71 07 F0 6A 9E 8D 0A 38 BE 5C BE BA 2F 96 B3 EE 4B E5 AD FB 42 B9 EB BE 4C FE BA"
    "2F 92 BF EE 4B E4 B1 FB 12 B9 EC BD 3C 3E BB 2F 8F D3 DE 4B E3 B5 F7 D2 B8 ED BD"
    "30 7E 7B 2F 8B E3 CE 8B E2 BA F7 A2 B8 EE BC 20 BE 7B 2F 88 F3 CE CB E1 BD EF 52"
    "F8 EF BC 18 FE 3B 2F 84 03 BF CB E0 C2 EF 32 B8 F0 BB 04 4E BC 2E 81 13 AF 0B E0"
    "C6 EF F2 F7 F1 B9 FC 7D BC 2E 7D 27 9F 4B DF CA EB C2 F7 F2 B8 EC CD 7C 2E 7B 37"
    "8F 4B DE CE E3 92 F7 F3 B8 E0 0D FD 2D 77 4B 7F CB DD D2 DF 62 37 F5 B7 D4 4D BD"
    "2D 74 5B 6F CB DC D7 D7 32 37 F6 B5 C8 8D 7D 2D 71 6B 4F 4B DC DC D3 F2 36 F7 B4"
    "BC DD FD 2C 6F 7B 3F 4B DB E0 CF D2 36 F8 B2 B0 2D BE 2C 6C 8F 1F CB DA E3 C7 A2"
    "76 F9"
)


def frame(number, form, content, stamp=STAMP):
    return bytes.fromhex(f"{number:02x}{stamp}{form:02x}{content}")


def test_raw_acceleration():
    packet = frame(2, 0x01, "F7FF FFFF E703 F8FF FEFF E503")
    (reading,) = PolarDecoder({"accelerometer": 200.0}, place="chest").decode(packet)
    assert reading.ticks == 2_000_000_000
    assert (reading.tick_s, reading.n_time_bits, reading.rate_hz) == (1e-9, 64, 200)
    assert (reading.place, reading.has_gravity) == ("chest", True)
    np.testing.assert_allclose(
        reading.values / STANDARD_GRAVITY * 1000, [[-9, -1, 999], [-8, -2, 997]]
    )


@pytest.mark.parametrize(
    ("form", "content", "expected"),
    [
        (0, "F7 01 7F", [-9, 1, 127]),
        (2, "F7FFFF 000080 FFFF7F", [-9, -(2**23), 2**23 - 1]),
    ],
)
def test_raw_acceleration_of_other_widths(form, content, expected):
    (reading,) = PolarDecoder().decode(frame(2, form, content))
    np.testing.assert_allclose(reading.values[0] / STANDARD_GRAVITY * 1000, expected)


def test_compressed_acceleration_in_mg():
    (reading,) = PolarDecoder().decode(frame(2, 0x81, "F1FF 1400 F003 06 01 7B 0F 08"))
    np.testing.assert_allclose(
        reading.values / STANDARD_GRAVITY * 1000, [[-15, 20, 1008], [-20, 17, 1008]]
    )


def test_compressed_acceleration_in_counts():
    (reading,) = PolarDecoder(factors={"accelerometer": 2.44e-4}).decode(
        frame(2, 0x80, ACC_TYPE_0)
    )
    counts = reading.values / STANDARD_GRAVITY / 2.44e-4
    assert counts.shape == (57, 3)
    np.testing.assert_allclose(counts[0], [1905, 27376, -29282])
    np.testing.assert_allclose(counts[1], [1905 + 190, 27376 - 105, -29282 - 85])
    assert np.abs(reading.values).max() <= 8 * STANDARD_GRAVITY


def test_gyroscope():
    """The first reference of GyrDataTest.kt, with one block."""
    packet = frame(5, 0x80, "EAFF 0800 0D00 03 01 DF 00", "ff" * 7 + "7f")
    (reading,) = PolarDecoder(factors={"gyroscope": 1.0}).decode(packet)
    assert reading.ticks == 2**63 - 1
    np.testing.assert_allclose(
        np.degrees(reading.values), [[-22, 8, 13], [-23, 11, 16]]
    )


def test_gyroscope_of_floats():
    """Differences are of the bits of the floats, as in GyrData.kt of the SDK."""
    first, second = np.array([[1.5, -2.25, 100.0], [1.75, 2.25, -0.125]], "<f4")
    bits = np.stack([first.view("<i4"), second.view("<i4")]).astype(np.int64)
    steps = (np.diff(bits, axis=0) + 2**31) % 2**32 - 2**31
    content = (
        bits[:1].astype("<i4").tobytes()
        + bytes([32, 1])
        + steps.astype("<i4").tobytes()
    )
    (reading,) = PolarDecoder().decode(frame(5, 0x81, content.hex()))
    np.testing.assert_allclose(np.degrees(reading.values), [first, second])


def test_magnetometer():
    packet = frame(6, 0x80, "E2E6 FA15 490A 06 01 7F 20 FC")
    (reading,) = PolarDecoder(factors={"magnetometer": 1.0}).decode(packet)
    np.testing.assert_allclose(
        reading.values / 100, [[-6430, 5626, 2633], [-6431, 5627, 2635]]
    )


def test_magnetometer_with_calibration_status():
    packet = frame(6, 0x81, "37FF 51FD 6CF6 0000 03 01 F8 02")
    (reading,) = PolarDecoder().decode(packet)
    np.testing.assert_allclose(
        reading.values * 10, [[-201, -687, -2452], [-201, -688, -2449]]
    )


def test_beats():
    content = "80 8080 8080 FF 00 0100 0100 00"
    rate, beats = PolarDecoder().decode(frame(3, 0, content, "00" * 8))
    assert rate.ticks is None  # a time of 0 is none
    np.testing.assert_array_equal(rate.values, [[128], [np.nan]])
    np.testing.assert_array_equal(beats.values, [[np.nan, np.nan], [0.001, 0.001]])
    np.testing.assert_allclose(beats.offsets_s, [-0.001, 0.0])


def test_the_start_command_is_the_captured_one():
    profile = load_profile("polar_h10")
    captured = bytes.fromhex("02 02 02 01 08 00 00 01 c8 00 01 01 10 00")
    assert [each.payload for each in profile.start_commands] == [captured]
    assert [each.payload for each in profile.stop_commands] == [b"\x03\x02"]


@pytest.mark.parametrize("name", ["polar_h10", "polar_oh1", "polar_verity"])
def test_what_is_started_is_stopped(name):
    profile = load_profile(name)
    started = {each.payload[1] for each in profile.start_commands}
    stopped = {each.payload[1] for each in profile.stop_commands}
    assert started == stopped
    assert all(each.payload[0] == 2 for each in profile.start_commands)


@pytest.mark.parametrize(
    ("packet", "message"),
    [
        (b"", "more than 10 bytes; got 0"),
        (frame(2, 1, ""), "more than 10 bytes; got 10"),
        (frame(0, 0, "000000"), "must be of type 2 .*; got 0"),
        (frame(2, 3, "000000"), "accelerometer of form 0x03 are not known"),
        (frame(6, 1, "000000"), "magnetometer of form 0x01 are not known"),
        (frame(2, 1, "0000000000"), "must have 6 bytes each; got 5"),
        (frame(3, 0, "0000"), "6 bytes each, of form 0; got 2 bytes of form 0x00"),
        (frame(3, 0x80, "00" * 6), "of form 0; got 6 bytes of form 0x80"),
        (frame(2, 0x81, "0000"), "start with a sample of 6 bytes; got 2"),
        (frame(2, 0x81, "00" * 6 + "01 01 00"), "2 to 32 bits wide.*; got '01 01'"),
        (frame(2, 0x81, "00" * 6 + "21 01 00"), "2 to 32 bits wide.*; got '21 01'"),
        (frame(2, 0x81, "00" * 6 + "06"), "2 to 32 bits wide, and counted; got '06'"),
        (frame(2, 0x81, "00" * 6 + "06 02 7B0F08"), "13 bytes of .*; got 11, so"),
        (frame(5, 0x81, "0000807f" * 3), "gyroscope must be finite"),
    ],
)  # fmt: skip
def test_bad_frames(packet, message):
    with pytest.raises(BadPacketError, match=message):
        PolarDecoder().decode(packet)


def test_a_block_of_no_samples_adds_none():
    assert read_delta(bytes.fromhex("010002000300 0500"), 3).tolist() == [[1, 2, 3]]


def loop_delta(content, n_channels):
    """Read a delta frame bit by bit, as an independent check."""
    samples = [list(struct.unpack_from(f"<{n_channels}h", content))]
    start = 2 * n_channels
    while start < len(content):
        width, count = content[start : start + 2]
        n_bytes = -(-width * count * n_channels // 8)
        block = content[start + 2 : start + 2 + n_bytes]
        bits = "".join(f"{byte:08b}"[::-1] for byte in block)
        for i in range(count):
            row = []
            for j in range(n_channels):
                at = (i * n_channels + j) * width
                number = int(bits[at : at + width][::-1], 2)
                row.append(number - (number >> (width - 1) << width))
            samples.append([a + b for a, b in zip(samples[-1], row, strict=True)])
        start += 2 + n_bytes
    return samples


@st.composite
def delta_frames(draw):
    content = draw(st.binary(min_size=6, max_size=6))
    for _ in range(draw(st.integers(0, 3))):
        width, count = draw(st.integers(2, 32)), draw(st.integers(1, 9))
        n_bytes = -(-width * count * 3 // 8)
        content += bytes([width, count]) + draw(
            st.binary(min_size=n_bytes, max_size=n_bytes)
        )
    return content


@given(delta_frames())
@FEW
def test_delta_frames_as_read_bit_by_bit(content):
    assert read_delta(content, 3).tolist() == loop_delta(content, 3)


@given(st.lists(st.tuples(*[st.integers(-32768, 32767)] * 3), min_size=1, max_size=300))
@FEW
def test_delta_frames_are_written_as_they_are_read(samples):
    table = np.array(samples, dtype=np.int64)
    assert read_delta(write_delta(table), 3).tolist() == table.tolist()


@given(
    st.sampled_from([(2, 1), (2, 0x80), (2, 0x81), (5, 0x80), (6, 0x80), (3, 0)]),
    st.lists(st.tuples(*[st.integers(-32768, 32767)] * 3), min_size=1, max_size=20),
    st.integers(1, 2**64 - 1),
)
@FEW
def test_what_is_read_is_encoded_to_the_same(checks, kind, samples, ticks):
    table = np.array(samples, dtype=np.int64)
    content = write_delta(table) if kind[1] & 0x80 else table.astype("<i2").tobytes()
    packet = struct.pack("<BQB", kind[0], ticks, kind[1]) + content
    checks.round_trip(PolarDecoder, [packet])


@given(st.lists(st.binary(max_size=80), min_size=1, max_size=4))
@FEW
def test_any_bytes(checks, packets):
    checks.survives(PolarDecoder(), packets)
    checks.survives(PolarControlDecoder(), packets)


@given(
    st.sampled_from([2, 3, 5, 6, 0x42]),
    st.sampled_from([0, 1, 2, 0x80, 0x81, 0x82]),
    st.binary(max_size=80),
)
@FEW
def test_any_content(checks, number, form, content):
    checks.survives(PolarDecoder(), [frame(number, form, content.hex())])


@pytest.mark.parametrize(
    "packet",
    [
        "f0 02 02 00 00",
        "f0 02 02 06",  # it sends already
        "0f 05 00",  # features, as read after a write (issue 360)
        "f0 02 02 00 00 05 01 0000803f",  # a factor of 1: frames in mg
        "f0 01 02 00 00 00 01 3400 01 01 1000 02 01 0800 04 01 03 05 01 00008039",
        "f0 02 05 00 00 07 01",  # a setting that is not known
    ],
)
def test_replies_that_are_fine(packet):
    assert PolarControlDecoder().decode(bytes.fromhex(packet)) == []


@pytest.mark.parametrize(
    ("packet", "message"),
    [
        ("f0 02 02 08", "accept command 02 for accelerometer; it said: invalid rate"),
        ("f0 02 05 0d", "for gyroscope; it said: is charging"),
        ("f0 02 00 63", "for measurement 0; it said: error 99"),
        ("f0 02", "start with f0 and have at least 4 bytes; got 'f0 02'"),
        (
            "f0 02 05 00 00 05 01 0000803d",
            "counts of 0.0610352; the device says 0.0625",
        ),
    ],
)
def test_replies_that_are_not(packet, message):
    with pytest.raises(BadPacketError, match=message):
        PolarControlDecoder().decode(bytes.fromhex(packet))
    assert PolarControlDecoder().encode([]) == []
