"""Tables of AndroSensor: 33 columns, its own date, 2 Hz with the place in each row."""

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.io._source import Source
from sensorhar.io.andro_sensor import is_andro_sensor, read_andro_sensor
from tests.io._exports import FIXES, START_NS, Walk, andro_sensor_text

SLOW = Walk(n_samples=60, rate_hz=2.0)


def write(folder, text, encoding="utf-8"):
    path = folder / "walk.csv"
    path.write_text(text, encoding=encoding)
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_values(tmp_path, encoding):
    text = andro_sensor_text(SLOW).replace("μ", "µ")
    path = write(tmp_path, text, encoding)
    assert is_andro_sensor(Source(path))
    recording = read_andro_sensor(path, place="pocket", subject="anna")
    for name, expected in (
        ("acc", SLOW.acc),
        ("lin", SLOW.lin),
        ("grav", SLOW.grav),
        ("gyr", SLOW.gyr),
        ("mag", SLOW.mag),
    ):
        stream = recording.stream_of(f"{name}_x")
        np.testing.assert_allclose(stream.values, expected)
        np.testing.assert_allclose(stream.time_s, SLOW.seconds, atol=1e-6)
    assert recording.stream_of("acc_x").channels[0].has_gravity is True
    pressure = recording.channel("pressure_pa")[1]
    np.testing.assert_allclose(pressure, 1e5 + 100 * SLOW.seconds)
    assert recording.start.timestamp() == pytest.approx(START_NS / 1e9, abs=2e-3)


def test_place_in_each_row(tmp_path):
    recording = read_andro_sensor(write(tmp_path, andro_sensor_text(SLOW)))
    values = recording.stream_of("lat_deg").values
    assert len(values) == 60
    np.testing.assert_allclose(values[-1], FIXES[-1][1:])


def test_fast_rows_repeat_fixes(tmp_path):
    """At 100 Hz there are 3 fixes in 3 s, and one a second where none is new."""
    recording = read_andro_sensor(write(tmp_path, andro_sensor_text(Walk())))
    stream = recording.stream_of("lat_deg")
    assert stream.n_samples <= 6
    assert set(stream.values[:, 0]) == {fix[1] for fix in FIXES[1:]}


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
def test_first_line_for_spreadsheets(tmp_path, delimiter):
    text = f"sep={delimiter}\n" + andro_sensor_text(SLOW, delimiter)
    path = write(tmp_path, text)
    assert is_andro_sensor(Source(path))
    recording = read_andro_sensor(path)
    np.testing.assert_allclose(recording.stream_of("acc_x").values, SLOW.acc)


def test_newer_names(tmp_path):
    head = (
        "ACCELEROMETER X (m/s²),ACCELEROMETER Y (m/s²),ACCELEROMETER Z (m/s²),"
        "GPS LATITUDE (degrees),GPS LONGITUDE (degrees),GPS SPEED (Kmh),"
        "TIME SINCE START (ms),DATE (YYYY-MO-DD HH-MI-SS_SSS)"
    )
    rows = [
        f"0,0,9.8,48,16,{36 + i},{500 * i},2017-01-01 10:00:00:000" for i in range(9)
    ]
    recording = read_andro_sensor(write(tmp_path, "\n".join([head, *rows])))
    np.testing.assert_allclose(recording.channel("speed_mps")[1][0], 10)
    assert recording.start.year == 2017


def test_clock_columns_missing(tmp_path):
    text = andro_sensor_text(SLOW)
    only_date = read_andro_sensor(write(tmp_path, text.replace("Time since", "x")))
    np.testing.assert_allclose(
        only_date.stream_of("acc_x").time_s, SLOW.seconds, atol=1e-6
    )
    date = "YYYY-MO-DD HH-MI-SS_SSS"
    elapsed = read_andro_sensor(write(tmp_path, text.replace(date, "y")))
    assert elapsed.start is None
    np.testing.assert_allclose(
        elapsed.stream_of("acc_x").time_s, SLOW.seconds + 0.007, atol=1e-6
    )
    path = write(tmp_path, text.replace("Time since", "x").replace(date, "y"))
    with pytest.raises(DataError, match="must have a column 'Time since start in ms'"):
        read_andro_sensor(path)


def test_dates_that_a_spreadsheet_rewrote(tmp_path):
    import re

    text = re.sub(
        r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d:\d+", "41:04.2", andro_sensor_text(SLOW)
    )
    recording = read_andro_sensor(write(tmp_path, text))
    assert recording.start is None
    assert "cannot be read" in recording.metadata["start"]


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("\n", "\nx;", "walk.csv must have 33 fields a line"),
        (
            ";7;",
            ";late;",
            "'Time since start in ms' of walk.csv .* got 'late' in row 1",
        ),
        (";10.0;", ";10.0;up", "must hold numbers; got 'up.*' in row 1"),
    ],
)
def test_broken_tables(tmp_path, old, new, message):
    with pytest.raises(DataError, match=message):
        read_andro_sensor(write(tmp_path, andro_sensor_text(SLOW).replace(old, new)))


def test_nothing_in_it(tmp_path):
    for text in ("", andro_sensor_text(SLOW).split("\n")[0] + "\n"):
        with pytest.raises(DataError, match="walk.csv must hold readings"):
            read_andro_sensor(write(tmp_path, text))


def test_others_are_not_recognised(tmp_path):
    assert not is_andro_sensor(Source(write(tmp_path, "time,acc_x\n")))


@pytest.mark.parametrize("seed", range(16))
def test_broken_bytes(takes_broken, seed):
    content = andro_sensor_text(Walk(30, 2.0)).encode()
    takes_broken(read_andro_sensor, content, seed)


def test_one_header_in_two_encodings(tmp_path):
    """The app has written a superscript in Latin-1 beside a Greek letter in UTF-8."""
    head, rows = andro_sensor_text(SLOW).split("\n", 1)
    names = [
        name.encode("utf-8" if "μ" in name else "latin-1") for name in head.split(";")
    ]
    path = tmp_path / "walk.csv"
    path.write_bytes(b";".join(names) + b"\n" + rows.encode())
    assert is_andro_sensor(Source(path))
    recording = read_andro_sensor(path)
    np.testing.assert_allclose(recording.stream_of("acc_x").values, SLOW.acc)
    np.testing.assert_allclose(recording.stream_of("mag_x").values, SLOW.mag)
    left_out = recording.metadata["columns left out"]
    assert left_out.startswith("LIGHT (lux), ORIENTATION Z")


def test_utf_16(tmp_path):
    path = tmp_path / "walk.csv"
    path.write_text(andro_sensor_text(SLOW), encoding="utf-16")
    assert is_andro_sensor(Source(path))
    np.testing.assert_allclose(read_andro_sensor(path).streams[0].values, SLOW.acc)
