"""Exports of Sensor Logger: every packing, both systems, all traits of real files."""

import json
import warnings

import numpy as np
import pytest

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io.sensor_logger import is_sensor_logger, read_sensor_logger
from tests.io._exports import (
    FIXES,
    START_NS,
    Walk,
    put,
    sensor_logger_files,
    sensor_logger_json,
    sensor_logger_sqlite,
    table,
    zipped,
)

WALK = Walk()
MARKS = [(0.5, "Standing"), (1.5, "Walking upstairs"), (2.5, "")]


def packed(folder, packing, **options):
    if packing == "zip":
        return zipped(folder / "walk.zip", sensor_logger_files(WALK, **options))
    if packing == "zip with a folder":
        files = sensor_logger_files(WALK, **options)
        return zipped(folder / "w.zip", {f"walk/{k}": v for k, v in files.items()})
    if packing == "folder":
        return put(folder / "walk", sensor_logger_files(WALK, **options))
    if packing == "json":
        path = folder / "walk.json"
        path.write_text(sensor_logger_json(WALK, **options))
        return path
    return sensor_logger_sqlite(folder / "walk.sqlite", WALK, **options)


def check_motion(recording, prefix="", rtol=1e-9):
    for name, expected in (
        ("acc", WALK.acc),
        ("lin", WALK.lin),
        ("grav", WALK.grav),
        ("gyr", WALK.gyr),
    ):
        stream = recording.stream_of(f"{prefix}{name}_x")
        np.testing.assert_allclose(stream.values, expected, rtol, atol=1e-9)
        np.testing.assert_allclose(stream.time_s, WALK.seconds, atol=1e-9)
    assert recording.stream_of(f"{prefix}acc_x").channels[0].has_gravity is True


PACKINGS = ["zip", "zip with a folder", "folder", "json", "sqlite"]


@pytest.mark.parametrize("packing", PACKINGS)
@pytest.mark.parametrize(
    ("platform", "standardised"), [("ios", False), ("ios", True), ("android", False)]
)
def test_same_motion_from_every_export(tmp_path, packing, platform, standardised):
    path = packed(tmp_path, packing, platform=platform, standardised=standardised)
    assert is_sensor_logger(Source(path))
    recording = read_sensor_logger(path, subject="anna", place="pocket")
    check_motion(recording)
    assert recording.subject == "anna"
    assert recording.streams[0].place == "pocket"
    np.testing.assert_allclose(recording.stream_of("mag_x").values, WALK.mag)
    pressure = recording.channel("pressure_pa")[1]
    np.testing.assert_allclose(pressure, 1e5 + 100 * WALK.seconds[::50])
    fixes = recording.stream_of("lat_deg")
    np.testing.assert_allclose(fixes.values, np.array(FIXES)[1:, 1:])
    np.testing.assert_allclose(fixes.time_s, [0.5, 1.5, 2.5], atol=1e-6)
    assert recording.metadata["platform"] == platform
    assert recording.metadata["axes turned"] is (platform == "ios" and not standardised)
    assert recording.metadata["device name"] == "Test phone, 1"
    assert recording.start.timestamp() == pytest.approx(START_NS / 1e9, abs=1e-5)


def test_nanoseconds_stay_exact(tmp_path):
    """A float of this size is a multiple of 256 ns."""
    stamps = START_NS + np.arange(0, 100_000_001, 10_000_001)
    columns = {"time": stamps, "seconds_elapsed": 0 * stamps}
    columns |= dict.fromkeys("zyx", 0 * stamps + 5.66)
    put(tmp_path, {"TotalAcceleration.csv": table(columns)})
    time_s = read_sensor_logger(tmp_path).streams[0].time_s
    np.testing.assert_array_equal(time_s, (stamps - START_NS) / 1e9)


@pytest.mark.parametrize("standardised", [False, True])
def test_watch(tmp_path, standardised):
    options = {"standardised": standardised, "watch": True}
    files = sensor_logger_files(WALK, **options)
    files["Metadata.csv"] = files["Metadata.csv"].replace("1.49", "1.63")
    recording = read_sensor_logger(put(tmp_path, files))
    check_motion(recording, "wrist_")
    assert recording.stream_of("wrist_acc_x").place == "wrist"


def test_names_that_people_gave(tmp_path):
    """A word before the app's name, or a number behind it."""
    files = sensor_logger_files(WALK, watch=True)
    renamed = {f"Back_0626{name}": text for name, text in files.items()}
    check_motion(read_sensor_logger(put(tmp_path / "one", renamed)))
    path = tmp_path / "one" / "Back_0626WristMotion.csv"
    assert is_sensor_logger(Source(path))
    check_motion(read_sensor_logger(path), "wrist_")
    path = path.rename(tmp_path / "Gyroscope (1).csv")
    path.write_text(files["Gyroscope.csv"])
    assert read_sensor_logger(path).channel_names == ("gyr_x", "gyr_y", "gyr_z")
    # These are tables of the app's own, and no Metadata or Orientation.
    more = {"StudyMetadata.csv": "a\n1\n", "GameOrientation.csv": "time,qx\n1,2\n"}
    recording = read_sensor_logger(put(tmp_path / "two", files | more))
    left_out = recording.metadata["tables left out"]
    assert "gameorientation, " in left_out
    assert "studymetadata" in left_out


def test_a_name_that_says_nothing(tmp_path):
    path = tmp_path / "standing.csv"
    path.write_text(sensor_logger_files(WALK)["Gyroscope.csv"])
    assert is_sensor_logger(Source(path))
    message = r"standing.csv must be named after its sensor, .* \(Accelerometer.csv, "
    with pytest.raises(DataError, match=message):
        read_sensor_logger(path)


def test_watch_alone_and_raw(tmp_path):
    files = sensor_logger_files(WALK, watch=True)
    put(tmp_path / "one", {"WristMotion.csv": files["WristMotion.csv"]})
    check_motion(read_sensor_logger(tmp_path / "one"), "wrist_")
    raw = files["AccelerometerUncalibrated.csv"]
    put(tmp_path / "two", {"WatchAccelerometerUncalibrated.csv": raw})
    recording = read_sensor_logger(tmp_path / "two", platform="ios")
    np.testing.assert_allclose(recording.stream_of("wrist_acc_x").values, WALK.acc)


@pytest.mark.parametrize("trait", ["unit", "place", "none"])
def test_ios_without_metadata(tmp_path, trait):
    files = sensor_logger_files(WALK)
    del files["Metadata.csv"]
    if trait != "unit":
        del files["AccelerometerUncalibrated.csv"]
    if trait == "place":
        files["Location.csv"] = files["Location.csv"].replace(
            "bearingAccuracy", "altitudeAboveMeanSeaLevel"
        )
    put(tmp_path, files)
    if trait == "none":
        with pytest.warns(SensorharWarning, match="whether it is of Android or iOS"):
            assert read_sensor_logger(tmp_path).metadata["platform"] == "android"
        return
    recording = read_sensor_logger(tmp_path)
    assert recording.metadata["platform"] == "ios"
    np.testing.assert_allclose(recording.stream_of("acc_x").values, WALK.acc)


def test_raw_accelerometer_where_nothing_else_has_gravity(tmp_path):
    files = sensor_logger_files(WALK)
    del files["Gravity.csv"]
    recording = read_sensor_logger(put(tmp_path, files))
    np.testing.assert_allclose(recording.stream_of("acc_x").values, WALK.acc)
    assert "lin_x" in recording.channel_names


def test_parts_of_other_clocks_are_not_added(tmp_path):
    files = sensor_logger_files(WALK, platform="android")
    for name in ("TotalAcceleration.csv", "AccelerometerUncalibrated.csv"):
        del files[name]
    later = Walk(start_ns=START_NS + 3_000_000)
    files["Gravity.csv"] = sensor_logger_files(later, platform="android")["Gravity.csv"]
    recording = read_sensor_logger(put(tmp_path, files))
    names = recording.channel_names
    assert "acc_x" not in names
    assert {"lin_x", "grav_x"} <= set(names)


def test_parts_with_a_few_samples_more(tmp_path):
    files = sensor_logger_files(WALK)
    lines = files["Gravity.csv"].splitlines(keepends=True)
    files["Gravity.csv"] = "".join([lines[0], *lines[3:]])
    recording = read_sensor_logger(put(tmp_path, files))
    stream = recording.stream_of("acc_x")
    np.testing.assert_allclose(stream.values, WALK.acc[2:])
    np.testing.assert_allclose(stream.time_s, WALK.seconds[2:], atol=1e-9)


def test_annotations(tmp_path):
    path = packed(tmp_path, "zip", marks=MARKS)
    recording = read_sensor_logger(path)
    assert list(recording.events.labels) == ["standing", "walking_upstairs"]
    np.testing.assert_allclose(recording.events.start_s, [0.5, 1.5])
    np.testing.assert_allclose(recording.events.stop_s, [1.5, 2.5])
    recording = read_sensor_logger(path, annotations="metadata")
    assert recording.events is None
    assert json.loads(recording.metadata["annotations"])[0][1] == "Standing"


def test_last_annotation_lasts_to_the_end(tmp_path):
    path = packed(tmp_path, "zip", marks=[(1.0, "walking")])
    (event,) = read_sensor_logger(path).events
    assert (event.start_s, round(event.stop_s, 6)) == (1.0, 2.99)


def test_stale_fix_and_unknown_values(tmp_path):
    walk = Walk(fixes=[(0.1, 48.2, 16.3, 180.0, -1.0, -1.0, -1.0), *FIXES[:2]])
    files = sensor_logger_files(walk)
    with pytest.warns(SensorharWarning, match="it does, by 108 s. 1 fixes at places"):
        recording = read_sensor_logger(put(tmp_path, files))
    values = recording.stream_of("lat_deg").values
    assert len(values) == 2
    assert np.isnan(values[0, 3:]).all()
    assert recording.metadata["gps stale"] == 1


def test_empty_and_missing_files(tmp_path):
    files = sensor_logger_files(WALK)
    files |= {"Gyroscope.csv": "", "Magnetometer.csv": "time,seconds_elapsed,z,y,x\n"}
    files |= {"Annotation.csv": "", "Light.csv": "time,seconds_elapsed,lux\n"}
    del files["Location.csv"]
    recording = read_sensor_logger(put(tmp_path, files))
    kinds = {stream.kind for stream in recording.streams}
    assert kinds == {"accelerometer", "linear_acceleration", "gravity", "barometer"}
    assert recording.metadata["tables left out"] == "light"


def test_no_metadata(tmp_path):
    files = sensor_logger_files(WALK)
    kept = {key: files[key] for key in ("Accelerometer.csv", "Gravity.csv")}
    with pytest.warns(SensorharWarning, match="counts as Android; pass platform='ios'"):
        recording = read_sensor_logger(put(tmp_path, kept))
    np.testing.assert_allclose(recording.stream_of("acc_x").values, -WALK.acc)
    recording = read_sensor_logger(tmp_path, platform="ios")
    np.testing.assert_allclose(recording.stream_of("acc_x").values, WALK.acc)


def test_single_file_and_quaternions(tmp_path):
    columns = {"time": WALK.ns, "seconds_elapsed": WALK.seconds}
    columns |= {
        key: 0 * WALK.seconds + (key == "qw") for key in ("qz", "qy", "qw", "qx")
    }
    path = tmp_path / "Orientation.csv"
    path.write_text(table(columns))
    assert is_sensor_logger(Source(path))
    (stream,) = read_sensor_logger(path, platform="android").streams
    assert stream.channel_names == ("quat_w", "quat_x", "quat_y", "quat_z")
    np.testing.assert_array_equal(stream.values[0], [1, 0, 0, 0])


def test_time_from_metadata_where_the_column_is_missing(tmp_path):
    files = sensor_logger_files(WALK)
    rows = [line.split(",") for line in files["Gyroscope.csv"].splitlines()]
    kept = {"Gyroscope.csv": "\n".join(",".join(row[1:]) for row in rows)}
    kept["Metadata.csv"] = files["Metadata.csv"]
    recording = read_sensor_logger(put(tmp_path, kept))
    np.testing.assert_allclose(recording.streams[0].time_s, WALK.seconds, atol=1e-9)


def test_cut_last_row(tmp_path):
    files = sensor_logger_files(WALK, platform="android")
    text = files["TotalAcceleration.csv"].rstrip()
    with pytest.warns(SensorharWarning, match="its last one is cut short"):
        recording = read_sensor_logger(
            put(tmp_path, {"TotalAcceleration.csv": text[: text.rfind(",") - 2]})
        )
    assert recording.streams[0].n_samples == 299


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            {"Gyroscope.csv": "time,a\n1,2\n"},
            "Gyroscope.csv in .* must have a column x",
        ),
        (
            {"Gyroscope.csv": "when,seconds_elapsed,x,y,z\n1,2,3,4,5\n"},
            None,
        ),
        (
            {"Gyroscope.csv": f"time,x,y,z\n{START_NS},1,2,3\n17,1,2,3\n"},
            "'time' of Gyroscope.csv in .* got 17 in row 2",
        ),
        (
            {"Gyroscope.csv": f"time,x,y,z\n{START_NS},1,2,three\n"},
            "'z' of Gyroscope.csv in .* got 'three' in row 1",
        ),
        ({"Gyroscope.csv": "a\0b"}, "Gyroscope.csv in .* binary zeros"),
        ({"Location.csv": f"time,latitude\n{START_NS},1\n"}, "have a column longitude"),
        ({"b/Gyroscope.csv": "time\n"}, "must hold one recording; it holds 'Gyr"),
    ],
)
def test_broken_tables(tmp_path, change, message):
    files = sensor_logger_files(WALK) | change
    if message is None:  # the metadata tell when seconds began
        assert read_sensor_logger(put(tmp_path, files)).stream_of("gyr_x") is not None
        return
    with pytest.raises(DataError, match=message):
        read_sensor_logger(put(tmp_path, files))


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ('[{"sensor": "Gyroscope", "seconds_elapsed', "JSON list of readings; it is"),
        ('[{"seconds_elapsed": 1}]', "got .* as number 1. Export it again"),
        (b"SQLite format 3\0" + bytes(2000), "must be a whole SQLite file"),
        ("[]", "must hold readings of a sensor"),
    ],
)
def test_broken_files(tmp_path, content, message):
    path = tmp_path / "walk.bin"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    with pytest.raises(DataError, match=message):
        read_sensor_logger(path)


def test_wrong_platform(tmp_path):
    with pytest.raises(ValueError, match="'android', 'ios' or None; got 'windows'"):
        read_sensor_logger(packed(tmp_path, "zip"), platform="windows")


def test_others_are_not_recognised(tmp_path):
    for name, text in (
        ("a.csv", "time,seconds_elapsed,lux\n"),
        ("b.json", '[{"sensor": 1}]'),
        ("c.bin", "SQLite format 3\0"),
        ("d.zip", "PK\3\4"),
    ):
        (tmp_path / name).write_text(text)
        assert not is_sensor_logger(Source(tmp_path / name))
    assert not is_sensor_logger(Source(put(tmp_path / "e", {"Gyroscope.csv": "t,x"})))


@pytest.mark.parametrize("seed", range(16))
def test_broken_bytes(takes_broken, tmp_path, seed):
    files = sensor_logger_files(Walk(40), watch=True, marks=MARKS)
    name = list(files)[seed % len(files)]

    def wrapped(broken):
        return zipped(tmp_path / "w.zip", files | {name: broken}).read_bytes()

    takes_broken(read_sensor_logger, files[name].encode(), seed, "w.zip", wrapped)
    whole = zipped(tmp_path / "w.zip", files).read_bytes()
    takes_broken(read_sensor_logger, whole, seed, "x.zip")
    takes_broken(read_sensor_logger, sensor_logger_json(Walk(40)).encode(), seed)


@pytest.mark.parametrize("seed", range(8))
def test_broken_sqlite(takes_broken, tmp_path, seed):
    path = sensor_logger_sqlite(tmp_path / "walk.sqlite", Walk(40))
    takes_broken(read_sensor_logger, path.read_bytes(), seed)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        is_sensor_logger(Source(path))
