"""Edge Impulse samples in JSON and CBOR."""

import json
import sys

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError, MissingPackageError
from sensorhar.io._source import Source
from sensorhar.io.edge_impulse import is_edge_impulse, read_edge_impulse

N = 300
AXES = [("accX", "m/s2"), ("accY", "m/s2"), ("accZ", "m/s2")]
GYRO = [("gyrX", "dps"), ("gyrY", "dps"), ("gyrZ", "dps")]


def sample(values=None, sensors=AXES, interval_ms=10, **changed):
    if values is None:
        values = [[0.01 * i, 0, 9.8][: len(sensors)] for i in range(N)]
        values = [row + [1.0] * (len(sensors) - len(row)) for row in values]
    payload = {
        "device_name": "ac:87:a3:0a:2d:1b",
        "device_type": "DISCO-L475VG-IOT01A",
        "interval_ms": interval_ms,
        "sensors": [{"name": name, "units": unit} for name, unit in sensors],
        "values": values,
    }
    return {
        "protected": {"ver": "v1", "alg": "HS256", "iat": 1_564_128_599},
        "signature": "0" * 64,
        "payload": {**payload, **changed},
    }


def write(folder, content, name="walking.1a2b.json"):
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_accelerometer_and_gyroscope(tmp_path):
    path = write(tmp_path, sample(sensors=[*AXES, *GYRO]))
    recording = read_edge_impulse(path, label="walking", place="wrist")
    acc, gyr = recording.streams
    np.testing.assert_allclose(acc.values[:, 0], 0.01 * np.arange(N))
    np.testing.assert_allclose(gyr.values, np.deg2rad(1.0))
    np.testing.assert_allclose(acc.time_s, np.arange(N) / 100)
    assert (acc.rate_hz, acc.place) == (100, "wrist")
    assert acc.channels[0].has_gravity
    (event,) = recording.events
    assert (event.start_s, event.stop_s, event.label) == (0, 3.0, "walking")


def test_writers_that_sort_the_entries(tmp_path):
    """Sorted, the readings come first, and the header behind 64 KiB of them."""
    values = [[0.25, 0.5, 9.75]] * 5000
    content = json.dumps(sample(values=values), sort_keys=True)
    content = content.replace('{"payload"', '{ "payload"', 1)
    path = write(tmp_path, content[:-1] + ', "protected2": 1}')
    assert is_edge_impulse(Source(path))
    assert read_edge_impulse(path).streams[0].n_samples == 5000
    cbor2 = pytest.importorskip("cbor2")
    path.write_bytes(cbor2.dumps(sample(values=values), canonical=True))
    assert is_edge_impulse(Source(path))
    assert read_edge_impulse(path).streams[0].n_samples == 5000
    assert not is_edge_impulse(Source(write(tmp_path, '{"a": {"payload": 1}}')))


def test_bare_axes_and_single_letters(tmp_path):
    axes = [(axis, "m/s2") for axis in "xyz"]
    assert read_edge_impulse(write(tmp_path, sample(sensors=axes))).channel_names == (
        "acc_x",
        "acc_y",
        "acc_z",
    )
    letters = [(f"{letter}{axis}", "N/A") for letter in "ag" for axis in "xyz"]
    values = [[0, 0, 9.8, 0, 0, 0.1]] * N
    recording = read_edge_impulse(
        write(tmp_path, sample(sensors=letters, values=values))
    )
    assert recording.channel_names[3] == "gyr_x"


def test_units_in_g_and_a_lost_reading(tmp_path):
    values = [[0, 0, 1.0]] * N
    values[250] = [None, 0, 1]
    units = [(name, "g") for name, _ in AXES]
    acc = read_edge_impulse(write(tmp_path, sample(values, units))).streams[0]
    assert acc.values[0, 2] == pytest.approx(9.80665)
    assert np.isnan(acc.values[250, 0])


def test_audio_is_derived(tmp_path):
    path = write(
        tmp_path, sample(list(range(50)), [("audio", "wav")], interval_ms=0.0625)
    )
    stream = read_edge_impulse(path).streams[0]
    assert stream.channel_names == ("audio",)
    assert stream.rate_hz == 16_000
    np.testing.assert_array_equal(stream.values[:, 0], np.arange(50))


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ('{"protected": 1, "payload": {', r"it breaks in line 1, column \d+"),
        ('{"protected": 1, "payload": ' + "[" * 99_999, "must be (plain|whole) JSON"),
        ({"protected": 1, "payload": []}, "must have an entry 'payload'"),
        (sample(interval_ms="10"), "must have an entry 'interval_ms'"),
        (sample(interval_ms=0), "'interval_ms' of walking.1a2b.json must be above 0"),
        (sample(sensors=[], values=[[1]]), "'sensors' of .* must name at least one"),
        (sample([[1, 2, 3], [1, 2]]), r"row 2 of 'values' .* 3 numbers.* got \[1, 2\]"),
        (sample([[1, 2, 3], [1, "x", 3]]), r"row 2 of 'values'"),
        (sample([]), "row 1 of 'values' .* got no rows"),
        (sample([[1, 2, float("inf")]] * N), "must not be infinite"),
        ("a,b\n1,2\n", "must be JSON or CBOR with 'protected'"),
    ],
)
def test_messages(tmp_path, content, match):
    with pytest.raises(DataError, match=match):
        read_edge_impulse(write(tmp_path, content))


def test_cbor_without_the_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "cbor2", None)
    path = tmp_path / "a.cbor"
    path.write_bytes(b"\xa3\x69protected\xa0\x67payload\xa0")
    assert is_edge_impulse(Source(path))
    with pytest.raises(MissingPackageError, match=r"CBOR needs cbor2.*\[devices\]"):
        read_edge_impulse(path)


def test_cbor_equals_json(tmp_path):
    cbor2 = pytest.importorskip("cbor2", reason="the extra cbor is not installed")
    path = tmp_path / "walking.1a2b.cbor"
    path.write_bytes(cbor2.dumps(sample()) + b"\xff\xff")
    one = read_edge_impulse(path).streams[0]
    other = read_edge_impulse(write(tmp_path, sample())).streams[0]
    np.testing.assert_array_equal(one.values, other.values)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_files(takes_broken, seed):
    takes_broken(read_edge_impulse, json.dumps(sample()).encode(), seed)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_cbor(takes_broken, seed):
    cbor2 = pytest.importorskip("cbor2", reason="the extra cbor is not installed")
    takes_broken(read_edge_impulse, cbor2.dumps(sample()), seed)
