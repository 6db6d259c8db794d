"""Packets of a fixed layout: times, numbers, several samples, fuzz."""

import struct

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorhar.collect.profiles import BadPacketError
from sensorhar.collect.profiles.fields import Fields
from sensorhar.collect.profiles.sensor_map import SensorMap
from sensorhar.collect.profiles.struct_decoder import StructDecoder, StructLayout

ACC = SensorMap("accelerometer", (0, 1, 2), (0.5,) * 3, has_gravity=True)
XYZ = Fields("<3h", ["x", "y", "z"])
HEADER = Fields("<HI", ["number", "micros"])
FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


def packed(**fields):
    """Return a layout with a header, and any number of samples."""
    fields = {"n_samples": None, "time": "micros", "tick_s": 1e-6, **fields}
    return StructLayout(XYZ, (ACC,), header=HEADER, sequence="number", **fields)


def test_time_and_number_are_those_of_the_header():
    packet = struct.pack("<HI6h", 7, 4_000_000_000, 1, 2, 3, 4, 5, 6)
    (reading,) = StructDecoder([packed()]).decode(packet)
    assert reading.values.tolist() == [[0.5, 1.0, 1.5], [2.0, 2.5, 3.0]]
    assert (reading.ticks, reading.tick_s, reading.n_time_bits) == (
        4_000_000_000,
        1e-6,
        32,
    )
    assert (reading.sequence, reading.n_sequence_bits) == (7, 16)
    assert reading.has_gravity is True
    assert reading.rate_hz is None


def test_time_of_the_first_sample_is_moved_to_the_last_over_a_wrap():
    layout = packed(time_of="first", rate_hz=100.0)
    packet = struct.pack("<HI9h", 0, 2**32 - 5_000, *range(9))
    (reading,) = StructDecoder([layout]).decode(packet)
    assert reading.ticks == 15_000  # 2 samples of 10 ms later
    assert StructDecoder([layout]).encode([reading]) == [packet]


def test_time_and_number_may_stand_in_the_sample():
    fields = Fields(">qbH3h", ["t", "n", "", "x", "y", "z"])
    acc = SensorMap("accelerometer", (3, 4, 5), (1.0,) * 3, has_gravity=False)
    layout = StructLayout(fields, (acc,), time="t", sequence="n", n_time_bits=48)
    packet = struct.pack(">qbH3h", 2**40, -1, 0, 1, 2, 3)
    (reading,) = StructDecoder([layout]).decode(packet)
    assert (reading.ticks, reading.n_time_bits) == (2**40, 48)
    assert (reading.sequence, reading.n_sequence_bits) == (255, 8)
    assert StructDecoder([layout]).encode([reading]) == [packet]


def test_axes_of_none_are_missing():
    gps = SensorMap("gps", (0, 1, -1, 2, -1, -1), (1e-3, 1e-3, 1, 1, 1, 1))
    (reading,) = StructDecoder([StructLayout(XYZ, (gps,))]).decode(
        struct.pack("<3h", 5000, 6000, 7)
    )
    np.testing.assert_allclose(reading.values[0], [5, 6, np.nan, 7, np.nan, np.nan])


def test_tags_tell_layouts_apart_the_longest_first():
    gyr = SensorMap("gyroscope", (0, 1, 2), (1.0,) * 3)
    decoder = StructDecoder(
        [
            StructLayout(XYZ, (ACC,), tag=b"\x03"),
            StructLayout(XYZ, (gyr,), tag=b"\x03\x09"),
        ]
    )
    (short,) = decoder.decode(b"\x03" + struct.pack("<3h", 1, 2, 3))
    (long,) = decoder.decode(b"\x03\x09" + struct.pack("<3h", 1, 2, 3))
    assert (short.kind, long.kind) == ("accelerometer", "gyroscope")
    assert decoder.encode([long]) == [b"\x03\x09" + struct.pack("<3h", 1, 2, 3)]


@pytest.mark.parametrize(
    ("layout", "packet", "message"),
    [
        (StructLayout(XYZ, (ACC,)), b"12345", "must have 6 bytes; got 5"),
        (StructLayout(XYZ, (ACC,)), b"1234567", "must have 6 bytes; got 7"),
        (StructLayout(XYZ, (ACC,)), b"", "must have 6 bytes; got 0"),
        (packed(), b"123456" * 2 + b"1", "12 bytes or 6 more for each.*; got 13"),
        (packed(), b"123456", "12 bytes or 6 more for each further sample; got 6"),
        (StructLayout(XYZ, (ACC,), tag=b"\x03\x04"), b"\x03\x05", "03 04; got '03 05'"),
        (
            StructLayout(Fields("<3f", "xyz"), (ACC,)),
            struct.pack("<3f", 0, float("-inf"), 0),
            "accelerometer must be finite; got an infinite",
        ),
        (
            StructLayout(
                Fields("<3d", "xyz"),
                (SensorMap("gyroscope", (0, 1, 2), (1e10,) * 3),),
            ),
            struct.pack("<3d", 0, 1e300, 0),
            "gyroscope must be finite",
        ),
    ],
)  # fmt: skip
def test_bad_packets(layout, packet, message):
    with pytest.raises(BadPacketError, match=message):
        StructDecoder([layout]).decode(packet)


def test_trailing_bytes_where_they_are_allowed():
    layout = StructLayout(XYZ, (ACC,), has_trailing=True)
    (reading,) = StructDecoder([layout]).decode(struct.pack("<3h", 1, 2, 3) + b"????")
    assert reading.values.tolist() == [[0.5, 1.0, 1.5]]


def test_nan_of_a_device_is_a_missing_reading():
    layout = StructLayout(Fields("<3f", "xyz"), (ACC,))
    (reading,) = StructDecoder([layout]).decode(struct.pack("<3f", 1, float("nan"), 2))
    np.testing.assert_array_equal(reading.values, [[0.5, np.nan, 1.0]])


@pytest.mark.parametrize(
    ("layout", "names", "message"),
    [
        ("<3z", ["a"], "characters of Python's struct out of .*; got '<3z'"),
        ("@3h", ["a"] * 3, "with '<' or '>' before them; got '@3h'"),
        ("<9999h", ["a"], "characters of Python's struct"),
        ("<999d", ["a"], "at most 512 bytes.*; got '<999d', which is 7992"),
        ("<3h", ["x", "y"], "has 3 numbers and must have as many names; got 2: x, y"),
    ],
)
def test_layouts_that_are_none(layout, names, message):
    with pytest.raises(ValueError, match=message):
        Fields(layout, names)


def test_numbers_that_do_not_fit_are_refused_when_encoding():
    decoder = StructDecoder([StructLayout(XYZ, (ACC,))])
    (reading,) = decoder.decode(b"123456")
    reading.values[:] = 1e6
    with pytest.raises(ValueError, match="must fit the fields x, y, z; got"):
        decoder.encode([reading])
    with pytest.raises(ValueError, match="readings must be of accelerometer; got"):
        decoder.encode([reading, reading])


NUMBERS = SensorMap("derived", (2, 3), (0.1, -3.0))
LAYOUTS = {
    "plain": StructLayout(XYZ, (ACC,)),
    "packed": packed(),
    "first": packed(time_of="first", rate_hz=119.0),
    "tag": StructLayout(XYZ, (ACC,), tag=b"\x03\x04", n_samples=2),
    "wide": StructLayout(
        Fields("<BxQ2i", ["n", "t", "x", "y"]), (NUMBERS,), time="t", sequence="n"
    ),
    "floats": StructLayout(Fields(">efd", "xyz"), (ACC,)),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@given(st.data())
@FEW
def test_what_is_read_is_encoded_to_the_same(checks, layout, data):
    n = layout.n_samples or data.draw(st.integers(1, 5))
    size = layout.header.n_bytes + n * layout.samples.n_bytes
    packet = layout.tag + data.draw(st.binary(min_size=size, max_size=size))
    try:
        StructDecoder([layout]).decode(packet)
    except BadPacketError:  # an infinite float
        return
    checks.round_trip(lambda: StructDecoder([layout]), [packet])


@pytest.mark.parametrize("layout", LAYOUTS.values(), ids=LAYOUTS)
@given(st.lists(st.binary(max_size=60), min_size=1, max_size=5))
@FEW
def test_any_bytes(checks, layout, packets):
    checks.survives(StructDecoder([layout]), packets)
