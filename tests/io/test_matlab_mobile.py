"""Timetables of MATLAB Mobile as CSV: dates in several forms, one file a sensor."""

import numpy as np
import pytest

from sensorhar.errors import ClockWarning, DataError
from sensorhar.io._source import Source
from sensorhar.io.matlab_mobile import is_matlab_mobile, read_matlab_mobile
from tests.io._exports import FIXES, Walk, matlab_mobile_files, put, zipped

WALK = Walk()


@pytest.mark.parametrize("form", ["%d-%b-%Y %H:%M:%S.%f", "%Y-%m-%d %H:%M:%S.%f"])
@pytest.mark.parametrize("packing", ["zip", "folder"])
def test_values(tmp_path, form, packing):
    files = matlab_mobile_files(WALK, form)
    path = (
        zipped(tmp_path / "walk.zip", files)
        if packing == "zip"
        else put(tmp_path / "walk", files)
    )
    assert is_matlab_mobile(Source(path))
    recording = read_matlab_mobile(path, place="chest", subject="anna")
    for name, expected in (("acc", WALK.acc), ("gyr", WALK.gyr), ("mag", WALK.mag)):
        stream = recording.stream_of(f"{name}_x")
        np.testing.assert_allclose(stream.values, expected)
        np.testing.assert_allclose(stream.time_s, WALK.seconds, atol=2e-3)
    np.testing.assert_allclose(
        recording.stream_of("lat_deg").values, np.array(FIXES)[1:, 1:]
    )
    assert recording.start.isoformat().startswith("2025-12-01T10:41:04.239")


def test_dates_without_milliseconds(tmp_path):
    """What writetimetable does when no format is set."""
    files = matlab_mobile_files(WALK, "%d-%b-%Y %H:%M:%S")
    kept = {"Acceleration.csv": files["Acceleration.csv"]}
    with pytest.warns(ClockWarning, match="of 300 repeat"):
        recording = read_matlab_mobile(put(tmp_path, kept))
    assert recording.streams[0].n_samples == 300


@pytest.mark.parametrize("stamp", ["{} sec", "{}", "{}s"])
def test_durations_and_a_single_file(tmp_path, stamp):
    path = tmp_path / "sensorlog_AngularVelocity.csv"
    rows = [f"{stamp.format(i / 100)},1,2,3" for i in range(200)]
    path.write_text("\n".join(["Timestamp,X,Y,Z", *rows]))
    assert is_matlab_mobile(Source(path))
    (stream,) = read_matlab_mobile(path).streams
    assert stream.kind == "gyroscope"
    np.testing.assert_allclose(stream.time_s, np.arange(200) / 100)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "MagneticField.csv",
            "Timestamp,X,Y\n1,2,3\n",
            "must have a column X, Y and Z",
        ),
        ("MagneticField.csv", "X,Y,Z\n1,2,3\n", "must have a column Timestamp"),
        ("MagneticField.csv", "Timestamp,X,Y,Z\nnoon,2,3,4\n", "dates like .* 'noon'"),
        ("Position.csv", "Timestamp,latitude\n1,3\n", "must have a column longitude"),
        ("b/MagneticField.csv", "", "must hold one recording; it holds several"),
    ],
)
def test_broken_tables(tmp_path, name, text, message):
    path = put(tmp_path, matlab_mobile_files(WALK) | {name: text})
    with pytest.raises(DataError, match=message):
        read_matlab_mobile(path)


def test_empty_files(tmp_path):
    files = matlab_mobile_files(WALK) | {"AngularVelocity.csv": ""}
    recording = read_matlab_mobile(put(tmp_path / "a", files))
    assert "gyr_x" not in recording.channel_names
    with pytest.raises(DataError, match="must hold readings"):
        read_matlab_mobile(put(tmp_path / "b", {"Acceleration.csv": ""}))


def test_others_are_not_recognised(tmp_path):
    files = {"Acceleration.csv": "time,seconds_elapsed,z,y,x\n"}
    files |= {"a/x.csv": "Timestamp,X,Y,Z\n", "Position.csv": "Timestamp,X,Y,Z\n"}
    assert not is_matlab_mobile(Source(put(tmp_path, files)))
    assert not is_matlab_mobile(Source(tmp_path / "a" / "x.csv"))


@pytest.mark.parametrize("seed", range(16))
def test_broken_bytes(takes_broken, tmp_path, seed):
    files = matlab_mobile_files(Walk(40))
    name = list(files)[seed % len(files)]

    def wrapped(broken):
        return zipped(tmp_path / "w.zip", files | {name: broken}).read_bytes()

    takes_broken(read_matlab_mobile, files[name].encode(), seed, "w.zip", wrapped)
    takes_broken(read_matlab_mobile, wrapped(b""), seed, "x.zip")
