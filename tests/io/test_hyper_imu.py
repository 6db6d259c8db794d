"""Tables of HyperIMU: remarks first, columns named after the phone's sensors."""

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.io._source import Source
from sensorhar.io.hyper_imu import is_hyper_imu, read_hyper_imu
from tests.io._exports import START_NS, Walk, hyper_imu_text

WALK = Walk()


def write(folder, text):
    path = folder / "HIMU.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("has_stamps", [True, False])
def test_values(tmp_path, has_stamps):
    path = write(tmp_path, hyper_imu_text(WALK, has_stamps))
    assert is_hyper_imu(Source(path))
    recording = read_hyper_imu(path, place="pocket", subject="anna")
    for name, expected in (
        ("acc", WALK.acc),
        ("lin", WALK.lin),
        ("grav", WALK.grav),
        ("gyr", WALK.gyr),
        ("mag", WALK.mag),
    ):
        stream = recording.stream_of(f"{name}_x")
        np.testing.assert_allclose(stream.values, expected)
        np.testing.assert_allclose(stream.time_s, WALK.seconds, atol=2e-3)
    assert recording.stream_of("acc_x").channels[0].has_gravity is True
    if has_stamps:
        expected = pytest.approx(START_NS / 1e9, abs=2e-3)
        assert recording.start.timestamp() == expected


def test_names_of_other_makers_and_windows_line_ends(tmp_path):
    head = "LSM6DSO_Accelerometer_Uncalibrated.{0},LSM6DSO_Accelerometer.{0}"
    head = (
        "timestamp,"
        + ",".join(head.format(axis) for axis in "xyz")
        + ",GPS.lat,GPS.long,GPS.alt"
    )
    rows = [f"{1510411143791 + 10 * i},9,0,9,0,9,9.8,48,16,180" for i in range(50)]
    text = "\r\n".join(["@ HyperIMU - ianovir - 2020", "", head, *rows])
    recording = read_hyper_imu(write(tmp_path, text))
    np.testing.assert_allclose(recording.stream_of("acc_x").values[0], [0, 0, 9.8])
    np.testing.assert_allclose(
        recording.stream_of("lat_deg").values[0, :3], [48, 16, 180]
    )


def test_saved_by_a_spreadsheet_and_sensors_named_after_chips(tmp_path):
    head = "{0}.{1}"
    names = [head.format(s, a) for s in ("ST_LIS3DHTR", "AK09918") for a in "xyz"]
    rows = ["0,0,0,0,0,0", *(f"0.{i:03d},0,9.8,20,0,-40" for i in range(50))]
    text = [
        "@ HyperIMU -ianovir - 2018,,,,,",
        "@ Date:Sat Dec 14 23:41:03 GMT+05:30 2019, Sampling Rate:100ms,,,,",
        ",,,,,",
        ",".join(names),
        *rows,
    ]
    path = write(tmp_path, "\n".join(text))
    assert is_hyper_imu(Source(path))
    recording = read_hyper_imu(path)
    acc = recording.stream_of("acc_x")
    np.testing.assert_allclose(acc.values[1], [0.001, 0, 9.8])
    np.testing.assert_allclose(acc.time_s, np.arange(1, 51) / 10)  # 0 is no reading
    assert recording.stream_of("mag_x").values[0, 2] == -40


def test_columns_left_out_are_named(tmp_path):
    recording = read_hyper_imu(write(tmp_path, hyper_imu_text(WALK)))
    assert "MPL_Orientation.x" in recording.metadata["columns left out"]
    assert "MPL_Gravity" not in recording.metadata["columns left out"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (f"\n{START_NS // 10**6},", "\n12,", "in units of 1/1000 s .* got 12 in row 1"),
        (
            f"\n{START_NS // 10**6},0.1,",
            f"\n{START_NS // 10**6},x,",
            "got 'x' in row 1",
        ),
        ("timestamp", "stamp", None),
    ],
)
def test_broken_tables(tmp_path, old, new, message):
    text = hyper_imu_text(WALK)
    assert old in text
    path = write(tmp_path, text.replace(old, new))
    if message is None:  # the timer in the remarks is enough
        assert read_hyper_imu(path).streams[0].rate_hz == pytest.approx(100)
        return
    with pytest.raises(DataError, match=message):
        read_hyper_imu(path)


def test_no_clock_and_nothing_in_it(tmp_path):
    text = "@ HyperIMU\nAcc.x,Acc.y,Acc.z\n1,2,3\n"
    with pytest.raises(DataError, match="a column 'timestamp', or say 'Sampling Time'"):
        read_hyper_imu(write(tmp_path, text))
    for text in ("@ HyperIMU\n", "@ HyperIMU\n\ntimestamp,light\n1510411143791,1\n"):
        with pytest.raises(DataError, match="must hold readings"):
            read_hyper_imu(write(tmp_path, text))


def test_others_are_not_recognised(tmp_path):
    for text in ("@relation x\n", "timestamp,Acc.x\n", ""):
        assert not is_hyper_imu(Source(write(tmp_path, text)))


@pytest.mark.parametrize("seed", range(16))
def test_broken_bytes(takes_broken, seed):
    takes_broken(read_hyper_imu, hyper_imu_text(Walk(40)).encode(), seed)
