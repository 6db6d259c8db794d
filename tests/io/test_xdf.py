"""XDF files written by hand, read through pyxdf or, without it, a stand-in."""

import json
import struct
import sys
import types

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError, MissingPackageError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io.xdf import is_xdf, read_xdf

RATE_HZ = 100


def number(value):
    return b"\x04" + struct.pack("<I", value)


def chunk(tag, body):
    return number(len(body) + 2) + struct.pack("<H", tag) + body


def stream_header(key, name, kind, labels, unit, rate_hz=RATE_HZ, form="float32"):
    channels = "".join(
        f"<channel><label>{label}</label><unit>{unit}</unit></channel>"
        for label in labels
    )
    xml = (
        f"<?xml version='1.0'?><info><name>{name}</name><type>{kind}</type>"
        f"<channel_count>{len(labels)}</channel_count><nominal_srate>{rate_hz}"
        f"</nominal_srate><channel_format>{form}</channel_format>"
        f"<desc><channels>{channels}</channels></desc></info>"
    )
    return chunk(2, struct.pack("<I", key) + xml.encode())


def samples(key, times, rows):
    body = struct.pack("<I", key) + number(len(times))
    for time, row in zip(times, rows, strict=True):
        body += b"\x08" + struct.pack("<d", time) + np.array(row, "<f4").tobytes()
    return chunk(3, body)


def texts(key, times, words):
    body = struct.pack("<I", key) + number(len(times))
    for time, word in zip(times, words, strict=True):
        body += b"\x08" + struct.pack("<d", time) + number(len(word)) + word.encode()
    return chunk(3, body)


def offset(key, time, value):
    return chunk(4, struct.pack("<Idd", key, time, value))


def footer(key):
    return chunk(6, struct.pack("<I", key) + b"<info></info>")


def recording(n_samples=400, clock_offset=0.0, second=False, cues=("start", "stop")):
    times = 1000 + np.arange(n_samples) / RATE_HZ
    parts = [
        b"XDF:",
        chunk(1, b"<info><version>1.0</version><datetime>2026-09-01</datetime></info>"),
        stream_header(1, "Wrist", "Accelerometer", "XYZ", "g"),
        stream_header(2, "Cues", "Markers", ["cue"], "", 0, "string"),
        stream_header(3, "Plate", "Force", ["Fz"], "N"),
    ]
    if second:
        parts.append(stream_header(4, "Ankle", "Accelerometer", "XYZ", "g"))
        parts.append(samples(4, times, [[0, 1, 0]] * n_samples))
    parts += [
        samples(1, times, [[0, 0, 1]] * n_samples),
        texts(2, 1000.5 + 1.5 * np.arange(len(cues)), cues),
        samples(3, times + 0.25, [[700.0]] * n_samples),
    ]
    for time in np.arange(1000, 1004.0):
        parts += [offset(1, time, 0.0), offset(3, time, clock_offset)]
    return b"".join([*parts, footer(1), footer(2), footer(3)])


def write(folder, content, name="anna.xdf"):
    path = folder / name
    path.write_bytes(content)
    return path


@pytest.fixture
def pyxdf():
    return pytest.importorskip("pyxdf", reason="the extra xdf is not installed")


def test_streams_units_and_markers(tmp_path, pyxdf):
    read = read_xdf(write(tmp_path, recording(clock_offset=2.0)), place="wrist")
    acc, force = read.streams
    np.testing.assert_allclose(
        acc.values, np.tile([0, 0, 9.80665], (400, 1)), rtol=1e-6
    )
    np.testing.assert_allclose(acc.time_s, np.arange(400) / RATE_HZ, atol=1e-6)
    assert force.channel_names == ("plate_fz",)
    assert force.values[0, 0] == 700
    assert force.start_s == pytest.approx(2.25, abs=1e-6)  # on the clock of the first
    assert json.loads(read.metadata["markers Cues"]) == [[0.5, "start"], [2.0, "stop"]]
    assert read.metadata["units Plate"] == "N"
    assert read.metadata["recorded_at"] == "2026-09-01"


def test_pairs_of_texts_are_events(tmp_path, pyxdf):
    cues = ["start walking", "stop walking", "start a rest"]  # up to 1003.99 s
    read = read_xdf(write(tmp_path, recording(cues=cues)))
    assert read.events.labels.tolist() == ["walking", "a rest"]
    np.testing.assert_allclose(read.events.start_s, [0.5, 3.5], atol=1e-6)
    np.testing.assert_allclose(read.events.stop_s, [2.0, 4.24], atol=1e-6)
    assert "markers Cues" not in read.metadata


@pytest.mark.parametrize(
    "cues",
    [
        ["start walking", "stop sitting"],
        ["start walking", "beep", "stop walking"],
        ["stop walking", "start walking"],
    ],
)
def test_other_texts_stay_markers(tmp_path, pyxdf, cues):
    read = read_xdf(write(tmp_path, recording(cues=cues)))
    assert read.events is None
    kept = json.loads(read.metadata["markers Cues"])
    assert [text for _, text in kept] == cues


def test_two_of_a_kind_are_told_apart_by_name(tmp_path, pyxdf):
    read = read_xdf(write(tmp_path, recording(second=True)))
    assert {"wrist_acc_x", "ankle_acc_x"} <= set(read.channel_names)


def test_a_file_that_ends_in_a_chunk(tmp_path, pyxdf):
    path = write(tmp_path, recording()[:-20])
    with pytest.warns(SensorharWarning, match=r"the one at byte \d+ is not"):
        assert read_xdf(path).streams[0].n_samples == 400


def test_without_the_package(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "pyxdf", None)
    with pytest.raises(
        MissingPackageError, match=r"XDF files needs pyxdf.*\[devices\]"
    ):
        read_xdf(write(tmp_path, recording()))


def stand_in(monkeypatch, streams):
    """Put in place of pyxdf what returns, or raises, a given thing."""

    def load_xdf(file):
        if isinstance(streams, Exception):
            raise streams
        return streams, {"info": {"datetime": ["2026-09-01"]}}

    module = types.SimpleNamespace(load_xdf=load_xdf)
    monkeypatch.setitem(sys.modules, "pyxdf", module)


def loaded(
    times, labels="XYZ", kind="Accelerometer", form="float32", name="Wrist", place=""
):
    channels = [{"label": [label], "unit": ["g"]} for label in labels]
    return {
        "info": {
            "name": [name],
            "type": [kind],
            "channel_format": [form],
            "nominal_srate": ["100"],
            "desc": [{"channels": [{"channel": channels}], "place": [place]}],
        },
        "time_stamps": times,
        "time_series": np.tile([0.0, 0.0, 1.0], (len(times), 1))[:, : len(labels)],
    }


def test_with_a_stand_in(tmp_path, monkeypatch):
    stand_in(monkeypatch, [loaded(50 + np.arange(300) / 100)])
    acc = read_xdf(write(tmp_path, recording())).streams[0]
    assert acc.channel_names == ("acc_x", "acc_y", "acc_z")
    assert acc.values[0, 2] == pytest.approx(9.80665)
    assert (acc.start_s, acc.rate_hz) == (0, 100)


@pytest.mark.parametrize(
    ("places", "expected"),
    [(("left", "right"), ["left", "right"]), (("left", "left"), ["a", "b"])],
)
def test_two_of_a_kind_by_their_places(tmp_path, monkeypatch, places, expected):
    """Their names tell them apart where their places do not."""
    times = 50 + np.arange(300) / 100
    pairs = zip("ab", places, strict=True)
    stand_in(monkeypatch, [loaded(times, name=n, place=place) for n, place in pairs])
    read = read_xdf(write(tmp_path, recording()))
    assert [stream.place for stream in read.streams] == expected
    assert read.channel_names[0] == f"{expected[0]}_acc_x"


@pytest.mark.parametrize(
    ("streams", "match"),
    [
        ([], "must hold samples of a numeric stream; it holds none in 0 streams"),
        (ValueError("odd"), r"cannot be read \(ValueError: odd\)"),
        ([{"info": {}}], r"cannot be read \(KeyError"),
        ([loaded(np.zeros(3), ["F"], "Force")], "times of stream 'Wrist' .* sample 1"),
    ],
)
def test_messages_of_what_pyxdf_finds(tmp_path, monkeypatch, streams, match):
    stand_in(monkeypatch, streams)
    with pytest.raises(DataError, match=match):
        read_xdf(write(tmp_path, recording()))


BOMB = chunk(2, struct.pack("<I", 9) + b'<!DOCTYPE a [<!ENTITY b "c">]><info/>')


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (b"XDF;", "must begin with 'XDF:'"),
        (b"XDF:", "must hold at least one stream"),
        (recording() + BOMB, r"chunk at byte \d+ declares a document type"),
        (recording() + chunk(3, struct.pack("<I", 1) + number(2**31)), "more samples"),
        (recording() + chunk(3, b"\1\0"), "claims more samples than it has bytes"),
    ],
)
def test_messages(tmp_path, content, match):
    with pytest.raises(DataError, match=match):
        read_xdf(write(tmp_path, content))


def test_is_xdf(tmp_path):
    assert is_xdf(Source(write(tmp_path, recording())))
    assert not is_xdf(Source(write(tmp_path, b"XDX:")))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_files(takes_broken, seed):
    pytest.importorskip("pyxdf", reason="the extra xdf is not installed")
    takes_broken(read_xdf, recording(50), seed)
