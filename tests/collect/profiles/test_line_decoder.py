"""Lines of text in packets cut anywhere."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sensorhar.collect.profiles import BadPacketError, LineDecoder, LineLayout, Reading
from sensorhar.collect.profiles.sensor_map import SensorMap

ACC = SensorMap("accelerometer", (2, 3, 4), (9.80665,) * 3, has_gravity=True)
LAYOUT = LineLayout(
    ("t", "n", "x", "y", "z"),
    (ACC,),
    time="t",
    tick_s=1.0,
    sequence="n",
    n_sequence_bits=8,
)
FEW = settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)


@pytest.mark.parametrize(
    "line",
    [
        b"12.5,7,0,0,1\n",
        b"12.5, 7, 0, 0, 1.0 \r\n",
        b'{"n":7,"t":12.5,"x":0,"y":0,"z":1,"other":[true]}\n',
        b"[12.5,7,0,0,1]\n",
        b"12.5,7,0,0,1,and,more\n",
    ],
)
def test_csv_and_json(line):
    (reading,) = LineDecoder(LAYOUT).decode(line)
    assert reading.values.tolist() == [[0.0, 0.0, 9.80665]]
    assert (reading.ticks, reading.tick_s) == (12_500_000_000, 1e-9)
    assert (reading.sequence, reading.n_sequence_bits) == (7, 8)
    assert reading.n_time_bits is None


def test_lines_are_put_together_from_any_pieces():
    text = b"1,0,1,2,3\r\n2,1,4,5,6\n\n3,2,7,8,9\n4,3,"
    for size in (1, 3, 20, 100):
        decoder = LineDecoder(LAYOUT)
        readings = []
        for start in range(0, len(text), size):
            readings += decoder.decode(text[start : start + size])
        assert [reading.sequence for reading in readings] == [0, 1, 2]


def test_a_counter_of_known_width_is_kept_as_it_is():
    layout = LineLayout(
        ("t", "x"), (SensorMap("derived", (1,), (1.0,)),), time="t", n_time_bits=16
    )
    (reading,) = LineDecoder(layout).decode(b"65537,1\n")
    assert (reading.ticks, reading.tick_s, reading.n_time_bits) == (1, 1e-3, 16)


def test_echo_and_prompt_of_a_console_are_passed_over():
    mag = SensorMap("magnetometer", (0, 1, 2), (1.0,) * 3)
    decoder = LineDecoder(LineLayout(("x", "y", "z"), (mag,), prefix="H,"))
    (reading,) = decoder.decode(b">Puck.on('accel')\r\n=undefined\r\nH,1,2,3\r\n>")
    assert reading.values.tolist() == [[1.0, 2.0, 3.0]]
    assert decoder.n_bad == 0


def test_sensors_of_which_nothing_came_are_left_out():
    gyr = SensorMap("gyroscope", (0, 1, 2), (1.0,) * 3)
    mag = SensorMap("magnetometer", (3, 4, 5), (1.0,) * 3)
    decoder = LineDecoder(LineLayout(tuple("abcxyz"), (gyr, mag)))
    (reading,) = decoder.decode(b'{"x":1,"y":2}\n')
    assert reading.kind == "magnetometer"
    np.testing.assert_array_equal(reading.values, [[1, 2, np.nan]])
    assert [each.kind for each in decoder.decode(b",,,,,3\n")] == ["magnetometer"]


@pytest.mark.parametrize(
    ("line", "message"),
    [
        (b"1,2,3\n", r"must have 5 columns \(t, n, x, y, z\); got 3"),
        (b"1,2,3,4,five\n", "column 'z' must be a finite number; got 'five'"),
        (b"1,2,3,4,inf\n", "column 'z' must be a finite number; got 'inf'"),
        (b"1e300,2,3,4,5\n", "column 't' must be a count; got"),
        (b"nan,2,3,4,5\n", "column 't' must be a count; got nan"),
        (b"1,1e30,3,4,5\n", "column 'n' must be a count; got 1e"),
        (b'{"x":1,\n', "must be JSON as it starts so; got '{\"x\":1,'"),
        (b'{"x":true}\n', "column 'x' must be a finite number; got 'True'"),
        (b'{"x":[1]}\n', "column 'x' must be a finite number"),
        (b'{"x":1e999}\n', "column 'x' must be a finite number; got 'inf'"),
        (b'{"x":' + b"9" * 400 + b"}\n", "column 'x' must be a finite number"),
        (b'{"q":1}\n', "at least one sensor, out of t, n, x, y, z; got"),
        (b"[" * 1000 + b"\n", "must be JSON"),
        (b"\xff\xfe,1\n", "text in UTF-8; got 'ff fe 2c 31'"),
        (b"1" * 1025, "must end within 1024 bytes"),
        (b"1" * 1025 + b"\n", "at most 1024 bytes; got 1025"),
    ],
)
def test_bad_lines(line, message):
    decoder = LineDecoder(LAYOUT)
    with pytest.raises(BadPacketError, match=message):
        decoder.decode(line)
    assert decoder.n_bad == 1
    (reading,) = decoder.decode(b"\n1,2,3,4,5\n")  # and on it goes
    assert reading.sequence == 2


def test_good_lines_beside_a_bad_one_are_kept():
    decoder = LineDecoder(LAYOUT)
    readings = decoder.decode(b"1,1,0,0,1\noops\n2,2,0,0,1\n")
    assert [reading.sequence for reading in readings] == [1, 2]
    assert decoder.n_bad == 1


def test_a_line_without_end_does_not_fill_the_memory():
    decoder = LineDecoder(LAYOUT)
    for _ in range(100):
        try:
            decoder.decode(b"1" * 1000)
        except BadPacketError as error:
            assert "must end within" in str(error)  # noqa: PT017
    assert len(decoder._rest) <= 1024
    assert decoder.n_bad == 1
    assert decoder.decode(b"1\n") == []


@given(
    st.lists(
        st.tuples(*[st.floats(-1e6, 1e6)] * 3, st.integers(0, 2**53 - 1)),
        min_size=1,
        max_size=3,
    ),
    st.integers(1, 40),
)
@FEW
def test_what_is_encoded_is_read_again(checks, rows, size):
    """Whatever the pieces; a time in ns below 2^53 to the tick."""
    readings = [
        Reading(
            "accelerometer", None, np.array([row[:3]]), row[3], 1e-9, None, i, 8,
            has_gravity=True,
        )
        for i, row in enumerate(rows)
    ]  # fmt: skip
    data = b"".join(b"".join(LineDecoder(LAYOUT).encode([each])) for each in readings)
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    found = checks.all(LineDecoder(LAYOUT), pieces)
    assert all(
        abs(a.ticks - b.ticks) <= 1 for a, b in zip(readings, found, strict=True)
    )
    for a, b in zip(readings, found, strict=True):
        np.testing.assert_allclose(a.values, b.values, rtol=1e-12, atol=1e-9)
        assert a.sequence == b.sequence


@given(st.lists(st.binary(max_size=300), min_size=1, max_size=8))
@FEW
def test_any_bytes(checks, packets):
    checks.survives(LineDecoder(LAYOUT), packets)


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=6) | st.dictionaries(st.sampled_from("tnxyzq"), inner)
    ),
    max_leaves=12,
)


@given(st.lists(JSON, min_size=1, max_size=4))
@FEW
def test_any_json(checks, values):
    lines = [json.dumps(value).encode() + b"\n" for value in values]
    checks.survives(LineDecoder(LAYOUT), lines)


@given(st.lists(st.text('0123456789.,-+eE{}[]":naif \r\n_', max_size=60), max_size=5))
@FEW
def test_any_text_of_numbers(checks, texts):
    checks.survives(LineDecoder(LAYOUT), [text.encode() for text in texts])
