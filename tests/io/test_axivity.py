"""Axivity files: sectors written by hand, and real ones beside decoded values."""

import struct

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io.axivity import is_axivity, read_axivity
from sensorhar.units import STANDARD_GRAVITY

RATE_CODE = {100: 0x4A, 50: 0x49}


def header(hardware=0x17, serial=0x0001_2345):
    head = bytearray(1024)
    head[:4] = b"MD\xfc\x03"
    head[4] = hardware
    struct.pack_into("<HIH", head, 5, serial & 0xFFFF, 7, serial >> 16)
    head[36], head[41] = RATE_CODE[100], 45
    return bytes(head)


def stamp(second, minute=0, hour=12, day=2, month=3, year=2024):
    parts = (year - 2000, month, day, hour, minute, second)
    packed = 0
    for part, width in zip(parts, (6, 4, 5, 5, 6, 6), strict=True):
        packed = packed << width | part
    return packed


def sector(
    payload, count, second, *, axes=0x32, offset=0, light=0, fraction=0, rate=100
):
    data = bytearray(512)
    data[:4] = b"AX\xfc\x01"
    struct.pack_into("<H", data, 4, fraction)
    struct.pack_into("<IHH", data, 14, stamp(second), light, 0)
    struct.pack_into("<BBhH", data, 24, RATE_CODE[rate], axes, offset, count)
    data[30 : 30 + len(payload)] = payload
    total = sum(struct.unpack("<255H", data[:510])) & 0xFFFF
    struct.pack_into("<H", data, 510, -total & 0xFFFF)
    return bytes(data)


def plain(n_sectors=5, per_sector=80, **options):
    """Sectors of 1 g along z, one a second at 80 samples in a nominal 100 Hz."""
    row = struct.pack("<3h", 0, 0, 256)
    return [
        sector(row * per_sector, per_sector, i, **options) for i in range(n_sectors)
    ]


def write(folder, sectors, name="anna.cwa", head=None):
    path = folder / name
    path.write_bytes((head or header()) + b"".join(sectors))
    return path


def test_known_values(tmp_path):
    rows = np.arange(240).reshape(80, 3) - 100
    path = write(tmp_path, [sector(rows.astype("<i2").tobytes(), 80, 5, rate=50)])
    recording = read_axivity(path, subject="anna", place="wrist")
    (stream,) = recording.streams
    np.testing.assert_allclose(
        stream.values, rows / 256 * STANDARD_GRAVITY, rtol=1e-6, atol=0
    )
    np.testing.assert_allclose(stream.time_s, np.arange(80) / 50, atol=1e-9)
    assert recording.start.isoformat() == "2024-03-02T12:00:05+00:00"
    assert (recording.subject, stream.place) == ("anna", "wrist")
    assert stream.channels[0].has_gravity
    assert recording.metadata["device_serial"] == 0x0001_2345


def test_packed_values(tmp_path):
    """Ten bits each and an exponent: (-1, 2, -512) times 2, and (511, 0, 1)."""
    words = [(1 << 30) | (0x200 << 20) | (2 << 10) | 0x3FF, (1 << 20) | 511]
    path = write(tmp_path, [sector(struct.pack("<2I", *words), 2, 0, axes=0x30)])
    stream = read_axivity(path).streams[0]
    expected = np.array([[-2, 4, -1024], [511, 0, 1]]) / 256 * STANDARD_GRAVITY
    np.testing.assert_allclose(stream.values, expected, rtol=1e-6)


def test_gyroscope_comes_first(tmp_path):
    """±8 g (1/4096) and ±500 deg/s; the two scales stand above the light."""
    row = struct.pack("<6h", 100, -200, 300, 0, 0, 4096)
    light = 4 << 13 | 4 << 10
    path = write(
        tmp_path, [sector(row * 40, 40, 0, axes=0x62, light=light)], head=header(0x64)
    )
    acc, gyr = read_axivity(path).streams
    np.testing.assert_allclose(acc.values[0], [0, 0, STANDARD_GRAVITY], rtol=1e-6)
    in_deg = np.array([100, -200, 300]) * 500 / 32768
    np.testing.assert_allclose(np.rad2deg(gyr.values[0]), in_deg, rtol=1e-6)
    assert acc.channel_names + gyr.channel_names == (
        "acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z",
    )  # fmt: skip


def test_the_rate_is_that_of_the_clock(tmp_path):
    """98 samples a second where 100 are nominal."""
    row = struct.pack("<3h", 0, 0, 256)
    sectors = [sector(row * 49, 49, i // 2, offset=-49 * (i % 2)) for i in range(20)]
    stream = read_axivity(write(tmp_path, sectors)).streams[0]
    np.testing.assert_allclose(np.diff(stream.time_s), 1 / 98, rtol=1e-6)
    assert stream.rate_hz == 100


def test_fraction_of_the_second(tmp_path):
    """Half a second, and the offset moved back by the 50 samples that it lasts."""
    path = write(tmp_path, plain(1, fraction=0x8000 | 0x4000, offset=-50))
    assert read_axivity(path).start.isoformat() == "2024-03-02T12:00:00.500000+00:00"


def test_a_broken_sector_is_a_gap(tmp_path):
    row = struct.pack("<3h", 0, 0, 256)
    sectors = [sector(row * 50, 50, i, rate=50) for i in range(6)]
    sectors[3] = sectors[3][:100] + b"\x55" + sectors[3][101:]
    with pytest.warns(
        SensorharWarning, match=r"1 of 6 are not, the first at byte 2560"
    ):
        stream = read_axivity(write(tmp_path, sectors)).streams[0]
    assert stream.n_samples == 250
    assert np.diff(stream.time_s).max() == pytest.approx(1.02)


def test_blank_memory_is_nothing_lost(tmp_path):
    path = write(tmp_path, [*plain(2, rate=100), b"\xff" * 1024])
    assert read_axivity(path).streams[0].n_samples == 160


def test_messages(tmp_path):
    path = write(tmp_path, [], name="empty.cwa")
    with pytest.raises(DataError, match=r"empty.cwa must begin with a metadata sector"):
        read_axivity(path)
    path = write(tmp_path, [b"\0" * 512] * 2, name="zero.cwa")
    with pytest.raises(DataError, match=r"of 2 after byte 1024 none is whole"):
        read_axivity(path)


def test_is_axivity(tmp_path):
    assert is_axivity(Source(write(tmp_path, plain(1))))
    (tmp_path / "a.csv").write_text("MD,1\n")
    assert not is_axivity(Source(tmp_path / "a.csv"))


@settings(max_examples=30, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_files(takes_broken, seed):
    takes_broken(read_axivity, header() + b"".join(plain(4)), seed)


@pytest.mark.parametrize("device", ["ax3", "ax6"])
def test_real_files_equal_decoded_ones(real_data, device):
    """Values of scikit-digital-health's tests.

    It reckons from the stamp within a block at the nominal rate, which is 1.4 % off,
    so that its times are good to two samples.
    """
    folder = real_data / "RAW_DEVICE" / "skdh"
    known = np.load(folder / f"{device}_data.npz")
    recording = read_axivity(folder / f"{device}_sample.cwa")
    acc = recording.streams[0]
    np.testing.assert_allclose(acc.values / STANDARD_GRAVITY, known["accel"], atol=1e-6)
    unix_s = acc.time_s + recording.start.timestamp()
    assert np.abs(unix_s - known["time"]).max() < 2 / float(known["fs"][0])
    if device == "ax6":
        gyr = np.rad2deg(recording.streams[1].values)
        np.testing.assert_allclose(gyr, known["gyro"], atol=2e-4)


def test_real_file_equals_the_makers_csv(real_data):
    """Open Movement's own export of the first 210 samples."""
    folder = real_data / "RAW_DEVICE"
    rows = (folder / "GGIR" / "ax6_testfile_formatted_timestamps.csv").read_text()
    known = np.array([line.split(",")[1:] for line in rows.splitlines()], dtype=float)
    acc, gyr = read_axivity(folder / "GGIRread" / "ax6_testfile.cwa").streams
    n = len(known)
    np.testing.assert_allclose(
        acc.values[:n] / STANDARD_GRAVITY, known[:, :3], atol=1e-6
    )
    np.testing.assert_allclose(np.rad2deg(gyr.values[:n]), known[:, 3:], atol=2e-4)
