"""ActiGraph archives: records written by hand, and a real one."""

import io
import struct
import zipfile
from functools import reduce

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io.actigraph import is_actigraph, read_actigraph
from sensorhar.units import STANDARD_GRAVITY

INFO = """Serial Number: {serial}
Device Type: wGT3XBT
Firmware: 1.9.2
Sample Rate: {rate}
TimeZone: {zone}
Limb: Waist
Subject Name: anna
"""
START = 1_600_000_000


def record(kind, stamp, payload):
    data = struct.pack("<BBIH", 0x1E, kind, stamp, len(payload)) + payload
    return data + bytes([~reduce(lambda a, b: a ^ b, data) & 0xFF])


def packed(rows):
    """12 bits in the order y, x, z, padded to whole bytes."""
    bits = "".join(f"{value & 0xFFF:012b}" for x, y, z in rows for value in (y, x, z))
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8, "big")


def archive(log, info=None, names=("log.bin", "info.txt"), **options):
    options = {"serial": "MOS2A", "rate": 30, "zone": "02:00:00", **options}
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as made:
        made.writestr(names[0], log)
        made.writestr(names[1], INFO.format(**options) if info is None else info)
    return file.getvalue()


def write(folder, log, **options):
    path = folder / "anna.gt3x"
    path.write_bytes(archive(log, **options))
    return path


def still(n_seconds=4, kind=0):
    rows = [(0, -3, 256)] * 30
    payload = packed(rows) if kind == 0 else np.array(rows, "<i2").tobytes()
    return b"".join(record(kind, START + i, payload) for i in range(n_seconds))


@pytest.mark.parametrize("kind", [0, 26])
def test_known_values(tmp_path, kind):
    rows = [(i - 15, 40 * i - 700, 2047 if i % 2 else -2048) for i in range(30)]
    payload = packed(rows) if kind == 0 else np.array(rows, "<i2").tobytes()
    log = b"".join(record(kind, START + i, payload) for i in range(3))
    log += record(kind, START + 3, b"\x01")  # a cable was plugged in
    recording = read_actigraph(write(tmp_path, log))
    stream = recording.streams[0]
    expected = np.tile(rows, (3, 1)) / 256 * STANDARD_GRAVITY
    np.testing.assert_allclose(stream.values, expected, rtol=1e-6)
    np.testing.assert_allclose(stream.time_s, np.arange(90) / 30, atol=1e-6)
    assert recording.start.timestamp() == START - 7200
    assert (recording.subject, stream.place) == ("anna", "waist")


def test_the_makers_example():
    """Three samples of Activity.md, in counts: the odd last nibble is no sample."""
    from sensorhar.io.actigraph import _all_samples

    payload = bytes.fromhex("006008EBD007009EBF007008EBF0")
    raw, counts = _all_samples([(0, START, payload)])
    assert counts.tolist() == [3]
    np.testing.assert_array_equal(raw, [[8, 6, -323], [9, 7, -321], [8, 7, -321]])


@pytest.mark.parametrize(
    ("serial", "parameters", "scale"),
    [("MOS2A", "", 256), ("NEO1A", "", 341), ("XXX1A", "0000370000004009", 256)],
)
def test_counts_per_g(tmp_path, serial, parameters, scale):
    """By serial number, or by a parameter record (the vector of Parameters.md)."""
    log = still()
    if parameters:
        log = record(21, START - 1, bytes.fromhex(parameters)) + log
    stream = read_actigraph(write(tmp_path, log, serial=serial)).streams[0]
    assert stream.values[0, 2] == pytest.approx(256 / scale * STANDARD_GRAVITY)


def test_sleep_is_a_gap(tmp_path):
    log = still(2) + record(0, START + 60, packed([(0, 0, 256)] * 30))
    stream = read_actigraph(write(tmp_path, log)).streams[0]
    assert np.diff(stream.time_s).max() == pytest.approx(60 - 59 / 30)


def test_broken_records_are_left_out(tmp_path):
    log = bytearray(still(5))
    log[144 + 20] ^= 0xFF
    with pytest.warns(SensorharWarning, match=r"do not, the first at byte 144\."):
        stream = read_actigraph(write(tmp_path, bytes(log))).streams[0]
    assert stream.n_samples == 120


@pytest.mark.parametrize(
    ("log", "options", "match"),
    [
        (b"", {}, "log.bin in anna.gt3x must hold seconds of activity; it has none"),
        (still(), {"rate": "fast"}, "'Sample Rate' in info.txt of anna.gt3x must be"),
        (still(), {"serial": "ABC"}, "must say the 'Acceleration Scale'"),
        (still(), {"names": ("activity.bin", "info.txt")}, "the older layout"),
        (still(), {"names": ("log.bin", "other.txt")}, "with info.txt and log.bin"),
    ],
)
def test_messages(tmp_path, log, options, match):
    with pytest.raises(DataError, match=match):
        read_actigraph(write(tmp_path, log, **options))


def test_is_actigraph(tmp_path):
    assert is_actigraph(Source(write(tmp_path, still())))
    (tmp_path / "a.gt3x").write_bytes(b"PK\x03\x04 broken")
    assert not is_actigraph(Source(tmp_path / "a.gt3x"))


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_logs(takes_broken, seed):
    takes_broken(read_actigraph, still(), seed, wrap=archive)


@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_archives(takes_broken, seed):
    takes_broken(read_actigraph, archive(still()), seed)


def test_real_file(real_data):
    """588 seconds in half an hour: the device slept between."""
    path = real_data / "RAW_DEVICE" / "GGIR" / "actigraph_testfile.gt3x"
    recording = read_actigraph(path)
    stream = recording.streams[0]
    assert stream.n_samples == 588 * 30
    assert recording.start.isoformat() == "2020-08-26T08:09:00+00:00"
    gravity = np.median(np.linalg.norm(stream.values, axis=1))
    assert gravity == pytest.approx(STANDARD_GRAVITY, rel=0.02)
    assert np.diff(stream.time_s).max() == pytest.approx(261.033, abs=1e-3)
