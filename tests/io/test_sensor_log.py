"""Tables of SensorLog: Apple's sign, a clock a sensor, labels, held values."""

import json

import numpy as np
import pytest

from sensorhar.errors import ClockWarning, DataError
from sensorhar.io._app_table import AppTable
from sensorhar.io._source import Source
from sensorhar.io.sensor_log import is_sensor_log, read_sensor_log
from tests.io._exports import FIXES, START_NS, Walk, sensor_log_text

WALK = Walk()


def write(folder, text):
    path = folder / "walk.csv"
    path.write_text(text, encoding="utf-8")
    return path


@pytest.mark.parametrize("delimiter", [",", ";"])
def test_values(tmp_path, delimiter):
    path = write(tmp_path, sensor_log_text(WALK, delimiter=delimiter))
    assert is_sensor_log(Source(path))
    recording = read_sensor_log(path, place="wrist", subject="anna")
    for name, expected in (
        ("acc", WALK.acc),
        ("lin", WALK.lin),
        ("grav", WALK.grav),
        ("gyr", WALK.gyr),
        ("mag", WALK.mag),
    ):
        stream = recording.stream_of(f"{name}_x")
        np.testing.assert_allclose(stream.values, expected, atol=1e-9)
        np.testing.assert_allclose(stream.time_s, WALK.seconds, atol=1e-6)
    assert recording.metadata["axes turned"] is True
    assert recording.start.timestamp() == pytest.approx(START_NS / 1e9, abs=0.01)
    pressure = recording.channel("pressure_pa")[1]
    np.testing.assert_allclose(pressure, 1e5 + 100 * WALK.seconds)


def test_json(tmp_path):
    lines = sensor_log_text(WALK).splitlines()
    names = lines[0].split(",")
    rows = [dict(zip(names, row.split(","), strict=True)) for row in lines[1:]]
    path = write(tmp_path, json.dumps(rows))
    assert is_sensor_log(Source(path))
    recording = read_sensor_log(path)
    np.testing.assert_allclose(recording.stream_of("acc_x").values, WALK.acc)
    assert recording.start == read_sensor_log(write(tmp_path, "\n".join(lines))).start
    for rows, message in (
        ([{"loggingTime(txt)": 1}, 2], "list of rows with named values; got '2' as"),
        ({"loggingTime(txt)": 1}, "must be a JSON list of readings; got"),
    ):
        path.write_text(json.dumps(rows))
        with pytest.raises(DataError, match=message):
            AppTable.of_json(Source(path))


def test_a_fix_counts_once(tmp_path):
    stream = read_sensor_log(write(tmp_path, sensor_log_text(WALK))).stream_of(
        "lat_deg"
    )
    np.testing.assert_allclose(stream.values[:, 0], [fix[1] for fix in FIXES[1:]])
    np.testing.assert_allclose(stream.time_s, [0.5, 1.5, 2.5], atol=0.01)
    assert np.isnan(stream.values[0, 3])


def test_zone(tmp_path):
    recording = read_sensor_log(write(tmp_path, sensor_log_text(WALK, zone="+0200")))
    assert recording.start.timestamp() == pytest.approx(START_NS / 1e9 - 7200, abs=0.01)


@pytest.mark.parametrize("form", ["T", " "])
def test_dates_as_the_watch_writes_them(tmp_path, form):
    rows = [
        f"2024-08-22{form}14:12:{7 + i // 50:02d}.{i % 50 * 20:03d}+02:00,0,0,-1"
        for i in range(100)
    ]
    head = "loggingTime(txt)," + ",".join(
        f"accelerometerAcceleration{a}(G)" for a in "XYZ"
    )
    recording = read_sensor_log(write(tmp_path, "\n".join([head, *rows])))
    np.testing.assert_allclose(recording.channel("acc_z")[1], 9.80665)
    assert recording.start.isoformat() == "2024-08-22T12:12:07+00:00"


def test_held_values_count_once(tmp_path):
    """A timer of 100 Hz writes each value of a 50 Hz sensor twice."""
    lines = sensor_log_text(WALK).splitlines()
    stamp = lines[0].split(",").index("motionTimestamp_sinceReboot(s)")
    rows = [line.split(",") for line in lines]
    motion = [i for i, h in enumerate(rows[0]) if h.startswith("motion") or i == stamp]
    for i in range(2, len(rows), 2):
        for column in motion:
            rows[i][column] = rows[i - 1][column]
    text = "\n".join(",".join(row) for row in rows)
    recording = read_sensor_log(write(tmp_path, text))
    stream = recording.stream_of("acc_x")
    np.testing.assert_allclose(stream.values, WALK.acc[::2], atol=1e-9)
    assert stream.rate_hz == pytest.approx(50, rel=1e-3)


def test_raw_sensors_alone(tmp_path):
    rows = [
        f"{100 + i / 100},0.5,0,-0.8,{100 + i / 50},1,2,{i / 10}" for i in range(200)
    ]
    head = (
        "accelerometerTimestamp_sinceReboot(s),accelerometerAccelerationX(G),"
        "accelerometerAccelerationY(G),accelerometerAccelerationZ(G),"
        "gyroTimestamp_sinceReboot(s),gyroRotationX(rad/s),gyroRotationY(rad/s),"
        "gyroRotationZ(rad/s)"
    )
    path = write(tmp_path, "\n".join([head, *rows]))
    assert is_sensor_log(Source(path))
    recording = read_sensor_log(path)
    assert recording.start is None
    np.testing.assert_allclose(recording.channel("acc_x")[1], -0.5 * 9.80665)
    np.testing.assert_allclose(recording.channel("gyr_z")[1], np.arange(200) / 10)
    np.testing.assert_allclose(recording.stream_of("acc_x").time_s[-1], 1.99)
    np.testing.assert_allclose(recording.stream_of("gyr_x").time_s[-1], 3.98)


def test_labels(tmp_path):
    labels = [0] * 50 + [1] * 100 + [2] * 100 + [0] * 50
    recording = read_sensor_log(write(tmp_path, sensor_log_text(WALK, labels)))
    assert list(recording.events.labels) == ["1", "2"]
    np.testing.assert_allclose(recording.events.start_s, [0.5, 1.5], atol=0.01)
    np.testing.assert_allclose(recording.events.stop_s, [1.5, 2.5], atol=0.01)
    assert read_sensor_log(write(tmp_path, sensor_log_text(WALK))).events is None


def test_labels_without_dates(tmp_path):
    text = sensor_log_text(WALK, [0] * 100 + [3] * 200).replace("loggingTime(txt)", "a")
    (event,) = read_sensor_log(write(tmp_path, text)).events
    assert (event.start_s, event.label) == (pytest.approx(1.0), "3")


def test_bursts_are_repaired(tmp_path):
    """Without the sensors' own clocks the row's time counts, which comes in bursts."""
    text = sensor_log_text(WALK).replace("_sinceReboot", "_x")
    lines = text.splitlines()
    rows = [line.split(",", 1) for line in lines]
    for i in range(1, len(rows)):
        rows[i][0] = rows[1 + (i - 1) // 4 * 4][0]
    text = "\n".join(",".join(row) for row in rows)
    with pytest.warns(ClockWarning, match="repeat"):
        recording = read_sensor_log(write(tmp_path, text))
    assert recording.stream_of("acc_x").n_samples == 300


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "2025-12-01 10:41:04.243",
            "then",
            "loggingTime.* must hold dates like .*'then ",
        ),
        ("walking,100.0,", "walking,low,", "altimeterPressure.* got 'low' in row 1"),
        ("_sinceReboot(s)", "", None),
    ],
)
def test_broken_tables(tmp_path, old, new, message):
    text = sensor_log_text(WALK)
    assert old in text
    path = write(tmp_path, text.replace(old, new))
    if message is None:
        assert "acc_x" in read_sensor_log(path).channel_names
        return
    with pytest.raises(DataError, match=message):
        read_sensor_log(path)


def test_no_clock_and_nothing_in_it(tmp_path):
    head = "accelerometerAccelerationX(G),label(N)\n"
    with pytest.raises(DataError, match=r"must have a column loggingTime\(txt\)"):
        read_sensor_log(write(tmp_path, head + "1,2\n"))
    with pytest.raises(DataError, match="must hold readings"):
        read_sensor_log(write(tmp_path, ""))
    assert not is_sensor_log(Source(write(tmp_path, head)))


@pytest.mark.parametrize("seed", range(16))
def test_broken_bytes(takes_broken, seed):
    takes_broken(read_sensor_log, sensor_log_text(Walk(40), [1] * 40).encode(), seed)
