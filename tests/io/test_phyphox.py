"""Exports of phyphox: zip, folder, one table, workbook; pauses and lost values."""

import numpy as np
import pytest

from sensorhar.errors import DataError, MissingPackageError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io.phyphox import is_phyphox, read_phyphox
from tests.io._exports import (
    FIXES,
    START_NS,
    Walk,
    phyphox_columns,
    phyphox_files,
    phyphox_text,
    put,
    zipped,
)

WALK = Walk()


@pytest.mark.parametrize(
    "style",
    [
        {},
        {"delimiter": "\t"},
        {"delimiter": ";"},
        {"delimiter": "\t", "decimal": ","},
        {"delimiter": ";", "decimal": ","},
    ],
)
def test_zip(tmp_path, style):
    path = zipped(tmp_path / "walk.zip", phyphox_files(WALK, **style))
    assert is_phyphox(Source(path))
    recording = read_phyphox(path, place="pocket", subject="anna")
    for name, expected in (("acc", WALK.acc), ("lin", WALK.lin), ("gyr", WALK.gyr)):
        stream = recording.stream_of(f"{name}_x")
        np.testing.assert_allclose(stream.values, expected, rtol=1e-8, atol=1e-9)
        np.testing.assert_allclose(stream.time_s, WALK.seconds, atol=1e-6)
    assert recording.stream_of("acc_x").channels[0].has_gravity is True
    magnetic = recording.stream_of("mag_x")
    np.testing.assert_allclose(magnetic.values, WALK.mag[::2], rtol=1e-8)
    assert magnetic.channels[0].unit == "uT"
    assert recording.start.timestamp() == pytest.approx(START_NS / 1e9, abs=1e-3)
    assert recording.metadata["phyphox deviceModel"] == "Test phone"
    assert recording.metadata["pauses"] == 0


def test_barometer_from_before_the_start(tmp_path):
    recording = read_phyphox(put(tmp_path, phyphox_files(WALK)))
    stream = recording.stream_of("pressure_pa")
    np.testing.assert_allclose(stream.time_s, WALK.seconds[::50] - 0.25, atol=1e-6)
    np.testing.assert_allclose(stream.values[:, 0], 1e5 + 100 * WALK.seconds[::50])


def test_location_with_lost_values(tmp_path):
    recording = read_phyphox(put(tmp_path, phyphox_files(WALK)))
    values = recording.stream_of("lat_deg").values
    expected = np.array(FIXES)[1:, 1:]
    assert np.isnan(values[0, 3])
    expected[0, 3] = values[0, 3]
    np.testing.assert_allclose(values, expected)


def test_pause_is_a_gap(tmp_path):
    files = phyphox_files(WALK, pause_at_s=1.5, pause_s=100)
    recording = read_phyphox(put(tmp_path, files))
    expected = WALK.seconds + 100 * (WALK.seconds >= 1.5)
    for channel in ("acc_x", "gyr_x"):
        time_s = recording.stream_of(channel).time_s
        np.testing.assert_allclose(time_s, expected, atol=1e-6)
    assert recording.metadata["pauses"] == 1


@pytest.mark.parametrize(
    ("values", "kind", "gravity"),
    [
        (WALK.acc, "accelerometer", True),
        (WALK.lin, "linear_acceleration", None),
    ],
)
def test_old_experiments_call_both_acceleration(tmp_path, values, kind, gravity):
    path = tmp_path / "Raw Data.csv"
    columns = phyphox_columns(WALK.seconds, "Acceleration", "m/s^2", values)
    path.write_text(phyphox_text(columns))
    assert is_phyphox(Source(path))
    (stream,) = read_phyphox(path).streams
    assert stream.kind == kind
    assert stream.channels[0].has_gravity is gravity
    np.testing.assert_allclose(stream.values, values, rtol=1e-8, atol=1e-9)


def test_gravity_can_be_stated(tmp_path):
    path = tmp_path / "Raw Data.csv"
    columns = phyphox_columns(WALK.seconds, "Acceleration", "m/s^2", 0.3 * WALK.acc)
    path.write_text(phyphox_text(columns))
    (stream,) = read_phyphox(path, has_gravity=False).streams
    assert stream.kind == "linear_acceleration"


def test_axes_alone_are_told_by_file_and_unit(tmp_path):
    files = {
        name: phyphox_text(phyphox_columns(WALK.seconds, "", unit, values))
        for name, unit, values in (
            ("Linear Accelerometer.csv", "m/s^2", WALK.lin),
            ("Accelerometer.csv", "m/s^2", WALK.acc),
            ("Gyroscope.csv", "rad/s", WALK.gyr),
            ("Magnetometer.csv", "µT", WALK.mag),
        )
    }
    files = {name: text.replace('" ', '"') for name, text in files.items()}
    assert '"x (m/s^2)"' in files["Accelerometer.csv"]
    recording = read_phyphox(put(tmp_path, files))
    kinds = {stream.kind for stream in recording.streams}
    assert kinds == {
        "accelerometer",
        "linear_acceleration",
        "gyroscope",
        "magnetometer",
    }


def test_without_times_they_count_from_the_start(tmp_path):
    files = phyphox_files(WALK)
    del files["meta/time.csv"]
    recording = read_phyphox(put(tmp_path, files))
    assert recording.start is None
    np.testing.assert_allclose(recording.stream_of("acc_x").time_s, WALK.seconds)


def test_broken_times(tmp_path):
    files = phyphox_files(WALK) | {"meta/time.csv": '"event"\n"START"\n'}
    with pytest.warns(SensorharWarning, match="time.csv in .* must have a column time"):
        recording = read_phyphox(put(tmp_path, files))
    assert recording.start is None


def test_empty_and_other_tables(tmp_path):
    files = phyphox_files(WALK)
    files["Gyroscope.csv"] = files["Gyroscope.csv"].split("\n")[0] + "\n"
    files["Magnetometer.csv"] = ""
    files["Light.csv"] = '"Time (s)","Illuminance (lx)"\n0,1\n'
    recording = read_phyphox(put(tmp_path, files))
    assert "gyr_x" not in recording.channel_names
    assert recording.metadata["tables left out"] == "Light"


def test_rows_of_shorter_columns(tmp_path):
    """Tables of several sensors are filled up with NaN."""
    text = phyphox_text(phyphox_columns(WALK.seconds, "Gyroscope", "rad/s", WALK.gyr))
    path = tmp_path / "a.csv"
    path.write_text(text + "NaN,NaN,NaN,NaN\n" * 3)
    assert read_phyphox(path).streams[0].n_samples == WALK.n_samples


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("Gyroscope.csv", 't (s),X (rad/s),Y (rad/s),Z (rad/s)\n0,a,1,2\n',
         "'X \\(rad/s\\)' of Gyroscope.csv in .* got 'a' in row 1"),
        ("Gyroscope.csv", 't (s),X (rad/s),Y (rad/s),Z (rad/s)\n1e99,0,1,2\n',
         "a time in each row; got 1e\\+99 in row 1"),
        ("b/Gyroscope.csv", '"Time (s)"\n', "one experiment; it holds 'Gyroscope.csv'"),
    ],
)  # fmt: skip
def test_broken_tables(tmp_path, name, text, message):
    with pytest.raises(DataError, match=message):
        read_phyphox(put(tmp_path, phyphox_files(WALK) | {name: text}))


def test_nothing_in_it(tmp_path):
    path = zipped(tmp_path / "a.zip", {"a.csv": "", "b.txt": ""})
    assert not is_phyphox(Source(path))
    with pytest.raises(DataError, match="must hold readings of a sensor"):
        read_phyphox(path)


def as_frames(files):
    import io

    import pandas as pd

    names = {"meta/time": "Metadata Time", "meta/device": "Metadata Device"}
    return {
        names.get(name[:-4], name[:-4]): pd.read_csv(io.StringIO(text))
        for name, text in files.items()
    }


def test_workbook(tmp_path):
    pytest.importorskip("openpyxl")
    import pandas as pd

    path = tmp_path / "walk.xlsx"
    with pd.ExcelWriter(path, engine="openpyxl") as writer:
        for name, frame in as_frames(phyphox_files(WALK)).items():
            frame.to_excel(writer, sheet_name=name, index=False)
    assert is_phyphox(Source(path))
    recording = read_phyphox(path)
    np.testing.assert_allclose(recording.stream_of("acc_x").values, WALK.acc, rtol=1e-8)
    assert recording.start.timestamp() == pytest.approx(START_NS / 1e9, abs=1e-3)
    path.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(DataError):
        read_phyphox(path)


def test_damaged_workbook(tmp_path):
    pytest.importorskip("openpyxl")
    path = zipped(tmp_path / "a.xlsx", {"xl/workbook.xml": "<a", "b": ""})
    with pytest.raises(
        DataError, match="a.xlsx must be a whole workbook; it is damaged"
    ):
        read_phyphox(path)


def test_workbook_without_its_package(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    monkeypatch.setitem(__import__("sys").modules, "xlrd", None)
    path = zipped(tmp_path / "a.xlsx", {"xl/workbook.xml": ""})
    with pytest.raises(MissingPackageError, match=r"a.xlsx needs openpyxl. Install"):
        read_phyphox(path)
    old = tmp_path / "a.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 Time (s)")
    assert is_phyphox(Source(old))
    with pytest.raises(MissingPackageError, match=r"a.xls needs xlrd. Install"):
        read_phyphox(old)


def test_others_are_not_recognised(tmp_path):
    for name, text in (("a.csv", "Time (s),speed\n"), ("b.csv", "t,x (m/s^2)\n")):
        (tmp_path / name).write_text(text)
        assert not is_phyphox(Source(tmp_path / name))
    assert not is_phyphox(Source(put(tmp_path / "c", {"a.csv": "time_s,acc_x\n"})))


@pytest.mark.parametrize("seed", range(16))
def test_broken_bytes(takes_broken, tmp_path, seed):
    files = phyphox_files(Walk(40))
    name = list(files)[seed % len(files)]

    def wrapped(broken):
        return zipped(tmp_path / "w.zip", files | {name: broken}).read_bytes()

    takes_broken(read_phyphox, files[name].encode(), seed, "w.zip", wrapped)
    takes_broken(read_phyphox, wrapped(b""), seed, "x.zip")
    takes_broken(read_phyphox, files["Gyroscope.csv"].encode(), seed, "x.csv")
