"""Tables become recordings by the names of their columns."""

import gzip
from datetime import UTC, datetime

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.errors import ClockWarning, DataError, SensorharWarning, UnitWarning
from sensorhar.io.csv import read_csv, write_csv
from sensorhar.units import STANDARD_GRAVITY

N = 200


def write(folder, header, rows, name="anna.csv", encoding="utf-8", end="\n"):
    path = folder / name
    path.write_bytes((end.join([header, *rows]) + end).encode(encoding))
    return path


def at_rest(n=N, step=20, start=0, fmt="{t},0.01,0.02,1.00"):
    return [fmt.format(t=start + step * i) for i in range(n)]


def test_sample_of_the_readme(tmp_path):
    path = write(tmp_path, "t_ms,ax,ay,az", at_rest())
    recording = read_csv(
        path,
        time="t_ms",
        time_unit="ms",
        channels={"ax": "acc_x", "ay": "acc_y", "az": "acc_z"},
        units={"acc": "g"},
        subject="anna",
    )
    assert recording.name == "anna"
    assert recording.subject == "anna"
    assert recording.start is None
    (stream,) = recording.streams
    assert stream.channel_names == ("acc_x", "acc_y", "acc_z")
    assert stream.channels[0].has_gravity is True
    assert stream.rate_hz == pytest.approx(50)
    np.testing.assert_allclose(
        stream.values[0], [0.01 * 9.80665, 0.02 * 9.80665, 9.80665], rtol=1e-15
    )
    np.testing.assert_array_equal(stream.time_s, np.arange(N) * 20 / 1000)


def test_unit_told_by_size(tmp_path):
    path = write(tmp_path, "t_ms,acc_x,acc_y,acc_z", at_rest())
    message = "does not state its unit; its size, 1, is that of g, and it was converted"
    with pytest.warns(UnitWarning, match=message):
        recording = read_csv(path)
    stream = recording.streams[0]
    assert stream.channels[0].has_gravity is True
    np.testing.assert_allclose(stream.values[0, 2], 9.80665, rtol=1e-6)


def test_g_stated_as_si_warns(tmp_path):
    path = write(tmp_path, "t_ms,acc_x,acc_y,acc_z", at_rest())
    message = (
        r"the accelerometer of 'anna\.csv' has median magnitude 1 where about 9\.8 "
        r'm/s\^2 is expected at rest\. If the file is in g, pass units=\{"acc": "g"\}\.'
    )
    with pytest.warns(UnitWarning, match=message):
        recording = read_csv(path, units={"acc": "m/s^2"})
    np.testing.assert_allclose(recording.streams[0].values[0, 2], 1)


def test_columns_by_name_not_by_position(tmp_path):
    rows = [f"{i / 50},3,2,{i},1" for i in range(N)]
    path = write(tmp_path, "time_s,gyr_z,gyr_y,step,gyr_x", rows)
    stream = read_csv(path).streams[0]
    assert stream.channel_names == ("gyr_x", "gyr_y", "gyr_z")
    np.testing.assert_array_equal(stream.values[0], [1, 2, 3])


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ("acc_x", "acc_x"),
        ("Accelerometer.X", "acc_x"),
        ("accel x", "acc_x"),
        ("AccX", "acc_x"),
        ("gyroX", "gyr_x"),
        ("Linear Acceleration x (m/s^2)", "lin_x"),
        ("lin_acc_x", "lin_x"),
        ("userAcceleration.x", "lin_x"),
        ("gravity-x", "grav_x"),
        ("left_wrist_acc_x", "left_wrist_acc_x"),
        ("x_acc", "acc_x"),
        ("xGyro", "gyr_x"),
        ("rotationRate.x", "gyr_x"),
        ("angular_velocity_x", "gyr_x"),
        ("Magnetic Field X (uT)", "mag_x"),
        ("acc_x_mps2", "acc_x"),
        ("wrist_gyro_x_dps", "wrist_gyr_x"),
        ("hr_bpm", "hr_bpm"),
        ("chest_hr_bpm", "chest_hr_bpm"),
        ("lat_deg", "lat_deg"),
    ],
)
def test_names_that_speak_for_themselves(tmp_path, header, name):
    path = write(tmp_path, f"time_s,{header}", [f"{i},{9.8}" for i in range(5)])
    recording = read_csv(path, has_gravity=True)
    assert recording.channel_names == (name,)


@pytest.mark.parametrize(
    "header", ["image_x", "ax", "label", "x", "accuracy", "matrix_acc", "acc_x_kg"]
)
def test_names_that_do_not(tmp_path, header):
    path = write(tmp_path, f"time_s,{header},battery", ["0,1,2", "1,1,2"])
    message = (
        r"anna\.csv must have columns named like channels, .*; it has 'time_s', "
        rf"'{header}', 'battery'\. Say what they are: read_csv"
    )
    with pytest.raises(DataError, match=message):
        read_csv(path)


def test_each_sensor_has_its_own_clock(tmp_path):
    rows = [f"{20 * i},0,0,9.8,,," for i in range(N)]
    rows[::50] = [f"{20 * i},0,0,9.8,49.0,8.4,{100 + i}" for i in range(0, N, 50)]
    rows[50] = "1000,,,,49.0,8.4,"
    path = write(tmp_path, "t_ms,acc_x,acc_y,acc_z,lat_deg,lon_deg,alt_m", rows)
    acc, gps = read_csv(path, place="pocket").streams
    assert acc.n_samples == N - 1
    assert gps.kind == "gps"
    np.testing.assert_array_equal(gps.time_s, [0, 1, 2, 3])
    assert np.isnan(gps.values[1, 2])
    assert gps.has_missing
    assert acc.place == gps.place == "pocket"


def test_sensor_without_any_reading_is_left_out(tmp_path):
    rows = [f"{i / 50},0,0,9.8,," for i in range(N)]
    path = write(tmp_path, "time_s,acc_x,acc_y,acc_z,lat_deg,lon_deg", rows)
    assert read_csv(path).channel_names == ("acc_x", "acc_y", "acc_z")
    only = {"lat_deg": "lat_deg", "lon_deg": "lon_deg"}
    with pytest.raises(DataError, match="columns 'lat_deg', 'lon_deg' are empty in ev"):
        read_csv(path, channels=only)


@pytest.mark.parametrize(
    ("unit", "per_second"), [("s", 1), ("ms", 10**3), ("us", 10**6), ("ns", 10**9)]
)
@pytest.mark.parametrize("column", ["time", "timestamp_{}", "time ({})", "t [{}]"])
def test_unix_stamps_lose_nothing(tmp_path, unit, per_second, column):
    first = 1_700_000_000 * per_second + (per_second > 1) * 123
    step = max(1, per_second // 50)
    stamps = [first + step * i for i in range(N)]
    rows = [f"{stamp},0,0,9.8" for stamp in stamps]
    header = column.format(unit)
    path = write(tmp_path, f"{header},acc_x,acc_y,acc_z", rows)
    recording = read_csv(path, time=header)
    exact = np.array([float((stamp - first) / per_second) for stamp in stamps])
    np.testing.assert_array_equal(recording.streams[0].time_s, exact)
    micros = (first * 10**6) // per_second - 1_700_000_000 * 10**6
    whole = datetime.fromtimestamp(1_700_000_000, tz=UTC)
    assert recording.start == whole.replace(microsecond=micros)


@pytest.mark.parametrize("zone", ["Z", "+00:00", ""])
def test_dates(tmp_path, zone):
    rows = [f"2026-09-01T12:00:{i:02d}.5{zone},70" for i in range(5)]
    path = write(tmp_path, "datetime,hr_bpm", rows)
    for unit in ("auto", "iso"):
        recording = read_csv(path, time_unit=unit)
        assert recording.start == datetime(2026, 9, 1, 12, 0, 0, 500_000, tzinfo=UTC)
        np.testing.assert_array_equal(recording.streams[0].time_s, np.arange(5))


def test_dates_that_are_none(tmp_path):
    path = write(tmp_path, "time,hr_bpm", ["1,70", "yesterday,70"])
    with pytest.raises(DataError, match="must hold numbers or dates .* got 'yesterday"):
        read_csv(path)
    numbers = write(tmp_path, "time,hr_bpm", ["1,70", "2,70"])
    with pytest.raises(DataError, match="must hold dates .* time_unit='iso' says; got"):
        read_csv(numbers, time_unit="iso")
    with pytest.raises(DataError, match="must hold numbers, as time_unit='ms' says"):
        read_csv(write(tmp_path, "time,hr_bpm", ["x,70", "y,70"]), time_unit="ms")


def test_times_of_day(tmp_path):
    rows = [f"23:59:59.{20 * i:03d},0,0,9.8" for i in range(50)]
    rows += [f"0:00:00:{20 * i:03d},0,0,9.8" for i in range(50)]
    stream = read_csv(write(tmp_path, "time,acc_x,acc_y,acc_z", rows)).streams[0]
    np.testing.assert_allclose(stream.time_s, 86_399 + np.arange(100) / 50)
    path = write(tmp_path, "time,acc_x", ["12:00:00,1", "noon,1"])
    with pytest.raises(DataError, match="dates such as .*; got '12:00:00'"):
        read_csv(path)


def test_fraction_after_a_comma(tmp_path):
    rows = [f"2026-09-01 12:00:00,{20 * i:03d};0;0;9.8" for i in range(40)]
    recording = read_csv(write(tmp_path, "time;acc_x;acc_y;acc_z", rows))
    np.testing.assert_allclose(recording.streams[0].time_s, np.arange(40) / 50)


def test_the_row_that_is_no_time(tmp_path):
    path = write(tmp_path, "time_s,acc_x", ["0,1", "0.02,1", "# mark,1"])
    with pytest.raises(DataError, match="numbers, as .*; got '# mark' in row 3"):
        read_csv(path)


@pytest.mark.parametrize(
    ("name", "per_second"), [("millis", 1e3), ("Micros", 1e6), ("nanos", 1e9)]
)
def test_counters(tmp_path, name, per_second):
    rows = [f"{i * per_second / 50:.0f},0,0,9.8" for i in range(N)]
    stream = read_csv(write(tmp_path, f"{name},acc_x,acc_y,acc_z", rows)).streams[0]
    assert stream.rate_hz == pytest.approx(50)


def test_times_that_do_not_say_their_unit(tmp_path):
    path = write(tmp_path, "time,acc_x,acc_y,acc_z", at_rest(fmt="{t},0,0,9.8"))
    message = (
        r"time column 'time' of anna\.csv does not say its unit, and 0, 20, \.\.\. may "
        r'be seconds or less\. Pass time_unit="s", "ms", "us" or "ns"'
    )
    with pytest.raises(DataError, match=message):
        read_csv(path)
    assert read_csv(path, time_unit="ms").duration_s == pytest.approx(3.98)
    fine = write(tmp_path, "time,hr_bpm", ["0.0,70", "0.5,71"])
    assert read_csv(fine).duration_s == 0.5


def test_relative_times_stay_as_they_are(tmp_path):
    path = write(tmp_path, "time_s,hr_bpm", ["-108.5,70", "12.25,71"])
    recording = read_csv(path)
    assert recording.start is None
    np.testing.assert_array_equal(recording.streams[0].time_s, [-108.5, 12.25])


def test_rows_numbered_by_rate(tmp_path):
    rows = ["0,0,9.8"] * N
    path = write(tmp_path, "acc_x,acc_y,acc_z", rows)
    message = r"must have a column of times, such as time_s; it has 'acc_x', .* rate_hz"
    with pytest.raises(DataError, match=message):
        read_csv(path)
    stream = read_csv(path, rate_hz=50).streams[0]
    np.testing.assert_array_equal(stream.time_s, np.arange(N) / 50)
    with pytest.raises(ValueError, match="rate_hz must be a number of Hz above 0"):
        read_csv(path, rate_hz=0)


def test_choice_of_time_column(tmp_path):
    path = write(tmp_path, "time,seconds_elapsed,hr_bpm", ["1,0.1,70", "2,0.2,70"])
    message = r"one column of times; 'time', 'seconds_elapsed' look like it"
    with pytest.raises(DataError, match=message):
        read_csv(path)
    assert read_csv(path, time="seconds_elapsed").start_s == 0.1
    message = "time must be a column of anna.csv, which are 'time', .* got 'when'"
    with pytest.raises(DataError, match=message):
        read_csv(path, time="when")


def test_row_without_time(tmp_path):
    path = write(tmp_path, "t_ms,hr_bpm", ["1,70", ",70", "3,70"])
    with pytest.raises(DataError, match="1 of 3 have none, the first in row 2"):
        read_csv(path)


@pytest.mark.parametrize(
    ("times", "message"),
    [
        ((0, 20, 10), r"anna\.csv: times of stream 'acc_x' must increase; got 1 steps"),
        ((0, 20, 20), r"anna\.csv: times .* and 1 repeats, the first at sample 2"),
    ],
)
def test_times_that_do_not_increase(tmp_path, times, message):
    path = write(tmp_path, "t_ms,acc_x,acc_y,acc_z", [f"{t},0,0,9.8" for t in times])
    with pytest.raises(DataError, match=message):
        read_csv(path, repair=False)


def test_bursts_are_spread(tmp_path):
    """Five samples share each stamp; none is lost."""
    rows = [f"{100 * (i // 5)},0,0,{9.8 + 0.001 * i:.3f}" for i in range(200)]
    path = write(tmp_path, "t_ms,acc_x,acc_y,acc_z", rows)
    with pytest.warns(ClockWarning, match="160 of 200 repeat. The samples were spread"):
        recording = read_csv(path)
    stream = recording.streams[0]
    assert stream.n_samples == 200
    assert stream.is_regular
    assert stream.rate_hz == pytest.approx(50, rel=1e-3)
    assert '"n_repeats": 160' in recording.metadata["clock acc_x"]


def test_rows_out_of_order_are_refused(tmp_path):
    times = np.random.default_rng(0).permutation(200)
    rows = [f"{time},0,0,9.8" for time in times]
    path = write(tmp_path, "time_s,acc_x,acc_y,acc_z", rows)
    message = "accelerometer of 'anna.csv': stamps must .* Sort the rows by time first"
    with pytest.raises(DataError, match=message):
        read_csv(path)


def test_columns_named_by_the_caller(tmp_path):
    path = tmp_path / "anna.csv"
    path.write_text(
        "".join(f"{i / 50};1,5;2;{9.8}\n".replace(".", ",") for i in range(50))
    )
    with pytest.raises(DataError, match=r"name them with columns=\[...\]"):
        read_csv(path)
    recording = read_csv(path, columns=["time_s", "acc_x", "acc_y", "acc_z"])
    np.testing.assert_array_equal(recording.streams[0].values[0], [1.5, 2, 9.8])
    assert recording.streams[0].n_samples == 50


def test_single_letters_beside_ax_ay_az(tmp_path):
    path = write(
        tmp_path, "t_ms,ax,ay,az,gx,gy,gz,my", at_rest(fmt="{t},0,0,9.8,1,2,3,4")
    )
    acc, gyr = read_csv(path).streams
    assert (acc.channel_names, gyr.channel_names) == (
        ("acc_x", "acc_y", "acc_z"),
        ("gyr_x", "gyr_y", "gyr_z"),
    )
    np.testing.assert_array_equal(gyr.values[0], [1, 2, 3])
    alone = write(tmp_path, "t_ms,gx,gy,gz", at_rest(fmt="{t},0,0,1"))
    with pytest.raises(DataError, match="must have columns named like channels"):
        read_csv(alone)


def test_units_behind_the_names(tmp_path):
    names = [f"a{a}_g" for a in "xyz"] + [f"g{a}_dps" for a in "xyz"]
    names += [f"m{a}_mgauss" for a in "xyz"]
    rows = [f"{i / 50},0,0,1,0,0,180,0,0,400" for i in range(N)]
    recording = read_csv(write(tmp_path, ",".join(["t", *names]), rows))
    assert recording.channel("acc_z")[1][0] == 9.80665
    assert recording.channel("gyr_z")[1][0] == pytest.approx(np.pi)
    assert recording.channel("mag_z")[1][0] == pytest.approx(40)
    header = "time_s,mag_x (G),mag_y (G),mag_z (G)"
    path = write(tmp_path, header, [f"{i},0,0,0.4" for i in range(5)])
    assert read_csv(path).channel("mag_z")[1][0] == pytest.approx(40)


def test_w_is_a_turn_beside_ax_ay_az(tmp_path):
    names = ",".join(["t", *(f"{letter}{a}" for letter in "awb" for a in "xyz")])
    path = write(
        tmp_path, names, [f"{i / 50},0,0,9.8,1,2,3,20,0,-40" for i in range(N)]
    )
    recording = read_csv(path)
    assert recording.channel("gyr_z")[1][0] == 3
    assert recording.channel("mag_z")[1][0] == -40
    names = ",".join(["t", *(f"{letter}{a}" for letter in "agw" for a in "xyz")])
    path = write(tmp_path, names, [f"{i / 50},0,0,9.8,1,2,3,7,7,7" for i in range(N)])
    recording = read_csv(path)
    assert recording.channel("gyr_z")[1][0] == 3
    assert recording.metadata["columns left out"] == "wx, wy, wz"


def test_labels_in_each_row(tmp_path):
    """As in sp-sw, whose columns are x_acc .. timestamp, label."""
    words = ["SEATED"] * 50 + ["nan"] * 10 + ["WALKING"] * 39 + ["WALKING"]
    rows = [
        f"0,0,9.8,{1_657_533_977_810 + 20 * i},{word}" for i, word in enumerate(words)
    ]
    path = write(tmp_path, "x_acc,y_acc,z_acc,timestamp,label", rows)
    assert read_csv(path).events is None
    seated, walking = read_csv(path, label="label").events
    assert (seated.start_s, seated.stop_s, seated.label) == (0, 1, "SEATED")
    assert (walking.start_s, walking.stop_s) == pytest.approx((1.2, 1.98))
    with pytest.raises(DataError, match="label must be a column of .* got 'act'"):
        read_csv(path, label="act")


def test_columns_left_out_are_named(tmp_path):
    path = write(tmp_path, "time_s,acc_x,steps,mood", ["0,9.8,1,2", "1,9.8,1,2"])
    recording = read_csv(path, has_gravity=True)
    assert recording.metadata["columns left out"] == "steps, mood"


@pytest.mark.parametrize("n_digits", [12, 17])
def test_numbers_are_read_exactly(tmp_path, n_digits):
    """Short numbers are exact with the fast parser too, long ones when asked for."""
    size = 10.0 ** np.linspace(-8, 0, 2000)
    numbers = np.random.default_rng(0).normal(0, 1, 2000) * size
    texts = [f"{number:.{n_digits}g}" for number in numbers]
    path = write(tmp_path, "time_s,gyr_x", [f"{i},{t}" for i, t in enumerate(texts)])
    values = read_csv(path, exact=n_digits > 15).streams[0].values[:, 0]
    np.testing.assert_array_equal(values, [float(text) for text in texts])
    fast = read_csv(path).streams[0].values[:, 0]
    np.testing.assert_allclose(fast, values, rtol=1e-14, atol=1e-15)


def test_many_chunks_are_one_table(tmp_path, monkeypatch):
    from sensorhar.io import _table

    monkeypatch.setattr(_table, "N_CHUNK_ROWS", 7)
    path = write(
        tmp_path, "time_s,gyr_x,gyr_y", [f"{i},{i},{2 * i}" for i in range(40)]
    )
    values = read_csv(path).streams[0].values
    np.testing.assert_array_equal(values, np.arange(40)[:, None] * [1, 2])
    rows = [f"{i},{i},{2 * i}" for i in range(40)]
    rows[23] = "23,x,1"
    path = write(tmp_path, "time_s,gyr_x,gyr_y", rows)
    with pytest.raises(DataError, match="column 'gyr_x' of .* got 'x' in row 24"):
        read_csv(path)


def test_infinite_reading(tmp_path):
    path = write(tmp_path, "t_ms,hr_bpm", ["0,70", "20,inf"])
    with pytest.raises(DataError, match=r"anna\.csv: values must not be infinite"):
        read_csv(path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|", " "])
@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_delimiters(tmp_path, delimiter, end):
    rows = [r.replace(",", delimiter) for r in at_rest(fmt="{t},0.5,0.25,9.8")]
    header = delimiter.join(["t_ms", "acc_x", "acc_y", "acc_z"])
    stream = read_csv(write(tmp_path, header, rows, end=end)).streams[0]
    np.testing.assert_array_equal(stream.values[3], [0.5, 0.25, 9.8])


def test_decimal_comma(tmp_path):
    rows = [f"{20 * i};0,5;-,25;9,8" for i in range(N)]
    path = write(tmp_path, "t_ms;acc_x;acc_y;acc_z", rows)
    np.testing.assert_array_equal(
        read_csv(path).streams[0].values[3], [0.5, -0.25, 9.8]
    )


def test_decimal_comma_between_commas(tmp_path):
    path = write(tmp_path, "t_ms,hr_bpm", ["0,70,5", "20,71,5"])
    with pytest.raises(DataError, match=r"must have 2 fields a line .* got 3 in '0,70"):
        read_csv(path)


def test_delimiter_at_the_end_of_lines(tmp_path):
    path = write(tmp_path, "t_ms,hr_bpm,", ["0,70,", "20,71,"])
    assert read_csv(path).channel_names == ("hr_bpm",)
    path = write(tmp_path, "t_ms,hr_bpm", ["0,70,", "20,71,"])
    assert read_csv(path).streams[0].n_samples == 2


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "cp1252"])
def test_encodings(tmp_path, encoding):
    header = "t_ms,Kommentar für Läufer,hr_bpm"
    path = write(tmp_path, header, ["0,ä,70", "20,ö,71"], encoding=encoding)
    recording = read_csv(path, channels={"hr_bpm": "hr_bpm"})
    assert recording.channel_names == ("hr_bpm",)
    with pytest.raises(DataError, match="'Kommentar für Läufer'"):
        read_csv(path, channels={"pulse": "hr_bpm"})


@pytest.mark.parametrize(
    "remarks",
    [
        ["% Device: X-IO 3"],
        ["// made by hand", ""],
        ["Device: MyIMU", "Serial: 123", "Rate: 100 Hz", ""],
        ["Device,MyIMU", "Serial,123", "Firmware,1,2,3"],
        ["------------ Data File Created By X ------------", "Start Time 21:35:00,,,,"],
    ],
)
def test_remarks_before_the_names(tmp_path, remarks):
    rows = at_rest()
    path = write(tmp_path, "\n".join([*remarks, "t_ms,acc_x,acc_y,acc_z"]), rows)
    assert read_csv(path, units={"acc": "g"}).streams[0].n_samples == len(rows)


@pytest.mark.parametrize("decimal", [".", ","])
def test_minus_signs_and_words_for_nothing(tmp_path, decimal):
    """Some languages write the minus as a sign of its own."""
    rows = [
        f"{20 * i};0.5;-9.8;1.0;-inf".replace("-", "\N{MINUS SIGN}") for i in range(N)
    ]
    rows[7] = "140;-;--;n/a;x"
    path = tmp_path / "anna.csv"
    text = "\n".join(["t_ms;acc_x;acc_y;acc_z;gain", *rows])
    text = text.replace("inf", "\N{INFINITY}").replace(".", decimal)
    path.write_text(text, encoding="utf-8")
    stream = read_csv(path).streams[0]
    assert stream.n_samples == N - 1
    np.testing.assert_allclose(stream.values[-1], [0.5, -9.8, 1.0])


def test_preamble_and_gzip(tmp_path):
    text = "sep=;\n# made by a logger\n\nt_ms;hr_bpm\n0;70\n20;71\n"
    path = tmp_path / "anna.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    recording = read_csv(path)
    assert recording.name == "anna"
    assert recording.streams[0].n_samples == 2
    path.write_bytes(gzip.compress(text.encode())[:-12])
    with pytest.raises(DataError, match="whole gzip file; it is damaged"):
        read_csv(path)


def test_units_in_brackets(tmp_path):
    rows = at_rest(fmt="{t},0,0,1,180,0,0")
    header = (
        "t_ms,acc_x (g),acc_y (g),acc_z (g),gyr_x [deg/s],gyr_y [deg/s],gyr_z [°/s]"
    )
    acc, gyr = read_csv(write(tmp_path, header, rows)).streams
    assert acc.values[0, 2] == STANDARD_GRAVITY
    assert gyr.values[0, 0] == pytest.approx(np.pi)
    odd = write(tmp_path, "t_ms,acc_x (counts)", ["0,1", "20,1"])
    message = r"column 'acc_x \(counts\)' of anna\.csv must be a unit of accelerometer"
    with pytest.raises(ValueError, match=message):
        read_csv(odd, has_gravity=True)


def test_units_of_single_channels_and_places(tmp_path):
    header = "t_ms,lat_deg,speed_mps,wrist_gyr_x,ankle_gyr_x"
    path = write(tmp_path, header, ["0,49,36,180,1", "20,49,36,180,1"])
    recording = read_csv(path, units={"speed_mps": "km/h", "wrist_gyr": "deg/s"})
    assert recording.channel("speed_mps")[1][0] == pytest.approx(10)
    assert recording.channel("wrist_gyr_x")[1][0] == pytest.approx(np.pi)
    assert recording.channel("ankle_gyr_x")[1][0] == 1
    assert recording.stream_of("ankle_gyr_x").place == "ankle"


def test_unknown_unit_and_key(tmp_path):
    path = write(tmp_path, "t_ms,acc_x,acc_y,acc_z", at_rest())
    message = (
        r"units\['acc'\] of anna\.csv must be a unit of accelerometer channel 'acc_x'; "
        r"got 'lsb': unit must be one of m/s\^2, g.* State the unit"
    )
    with pytest.raises(ValueError, match=message):
        read_csv(path, units={"acc": "lsb"})
    with pytest.raises(ValueError, match="got 'deg/s': .* different quantities"):
        read_csv(path, units={"acc": "deg/s"})
    message = r"units must name sensors .* of anna\.csv, which has 'acc'; got 'gyr'"
    with pytest.raises(ValueError, match=message):
        read_csv(path, units={"acc": "g", "gyr": "deg/s"})


def test_unknown_channel_and_column(tmp_path):
    path = write(tmp_path, "t_ms,ax,ay,az", at_rest())
    message = r"column 'ax' must become a channel such as 'acc_x', .* got 'accx'"
    with pytest.raises(ValueError, match=message):
        read_csv(path, channels={"ax": "accx"})
    message = r"must name columns of anna\.csv, which are 't_ms', 'ax', .*; got 'a'"
    with pytest.raises(DataError, match=message):
        read_csv(path, channels={"a": "acc_x"})
    with pytest.raises(ValueError, match="from one column of anna.csv; got 'acc_x'"):
        read_csv(path, channels={"ax": "acc_x", "ay": "acc_x"})
    with pytest.raises(ValueError, match="at least one column; got an empty mapping"):
        read_csv(path, channels={})


def test_text_where_numbers_belong(tmp_path):
    path = write(tmp_path, "t_ms,hr_bpm", ["0,70", "20,high"])
    message = r"column 'hr_bpm' of anna\.csv must hold numbers; got 'high' in row 2"
    with pytest.raises(DataError, match=message):
        read_csv(path)


def test_no_header(tmp_path):
    path = write(tmp_path, "2019-12-23 21:04:06.690,0.1,0.2,9.8", ["x,1,1,1"])
    with pytest.raises(DataError, match="column names; got readings, '2019"):
        read_csv(path)
    path = write(tmp_path, "0,0.1,0.2,9.8", at_rest())
    with pytest.raises(DataError, match="column names; got readings, '0,0.1,0.2,9.8'"):
        read_csv(path)


def test_empty_tables(tmp_path):
    with pytest.raises(DataError, match="start with a line of column names; it is"):
        read_csv(write(tmp_path, "", []))
    with pytest.raises(DataError, match="must hold rows below its column names"):
        read_csv(write(tmp_path, "t_ms,hr_bpm", []))


def test_columns_named_twice(tmp_path):
    path = write(tmp_path, "t_ms,acc_x,acc_y,acc_z,acc_x", ["0,1,2,3,4"])
    message = "names that differ; got 'acc_x' more than once"
    with pytest.raises(DataError, match=message):
        read_csv(path)
    path = write(tmp_path, "t_ms,acc_x,accX", ["0,1,2"])
    with pytest.raises(DataError, match="from one column of .* got 'acc_x' more than"):
        read_csv(path)
    rows = [f"{row},a,b" for row in at_rest()]
    path = write(tmp_path, "t_ms,acc_x,acc_y,acc_z,note,note", rows)
    recording = read_csv(path, units={"acc": "g"})  # nobody asks for these
    assert recording.metadata["columns left out"] == "note, note#2"


def test_damaged_table(tmp_path):
    path = write(tmp_path, "t_ms,hr_bpm", ["0,70"] * 20_000 + ['1,"70'])
    with pytest.raises(DataError, match="must have 2 fields a line .* cannot be read"):
        read_csv(path)


@pytest.mark.parametrize(("scale", "expected"), [(1.0, True), (0.0, False)])
def test_gravity_is_told_from_the_readings(tmp_path, scale, expected):
    rng = np.random.default_rng(0)
    values = rng.normal((0, 0, 9.8 * scale), 0.3, (N, 3))
    rows = [f"{20 * i},{x},{y},{z}" for i, (x, y, z) in enumerate(values)]
    path = write(tmp_path, "t_ms,acc_x,acc_y,acc_z", rows)
    assert read_csv(path).streams[0].channels[0].has_gravity is expected
    if expected:
        with pytest.warns(SensorharWarning, match="said to be without gravity"):
            recording = read_csv(path, has_gravity=False)
    else:
        recording = read_csv(path, has_gravity=False)
    assert recording.streams[0].channels[0].has_gravity is False


def test_gravity_that_cannot_be_told(tmp_path):
    path = write(tmp_path, "t_ms,acc_x,acc_y,acc_z", at_rest(fmt="{t},0,0,4"))
    message = "may or may not include gravity: its mean over 2 s is 4 m/s.* has_gr"
    with pytest.warns(SensorharWarning, match=message):
        recording = read_csv(path)
    assert recording.streams[0].channels[0].has_gravity is True
    one = write(tmp_path, "t_ms,acc_x", ["0,9.8", "20,9.8"])
    with pytest.warns(SensorharWarning, match="is not known where 9.8"):
        read_csv(one)


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_round_trip(tmp_path, dtype):
    rng = np.random.default_rng(1)
    acc = rng.normal((0, 0, 9.8), 1, (300, 3))
    gps = rng.normal(0, 40, (4, 6))
    streams = [
        sh.Stream.of_sensor(
            "accelerometer",
            acc.astype(dtype),
            np.cumsum(rng.uniform(0.005, 0.015, 300)),
            has_gravity=True,
        ),
        sh.Stream.of_sensor("gps", gps.astype(dtype), rng.uniform(0, 1, 4).cumsum()),
    ]
    recording = sh.Recording(streams, name="anna")
    path = write_csv(recording, tmp_path / "anna.csv")
    by_frame = tmp_path / "frame.csv"
    recording.to_frame().to_csv(by_frame)
    for same in (read_csv(path, exact=True), read_csv(by_frame, exact=True)):
        for before, after in zip(recording.streams, same.streams, strict=True):
            assert after.channels == before.channels
            np.testing.assert_array_equal(after.time_s, before.time_s)
            np.testing.assert_array_equal(after.values.astype(dtype), before.values)


def test_write_keeps_what_is_there(tmp_path):
    recording = sh.Recording([sh.Stream.of_sensor("heart_rate", [[70.0]], [0.0])])
    path = write_csv(recording, tmp_path / "a.csv")
    with pytest.raises(FileExistsError, match="exists. Choose another name, or pass"):
        write_csv(recording, path)
    write_csv(recording, path, overwrite=True)
    assert [p.name for p in tmp_path.iterdir()] == ["a.csv"]


def test_shared_clock_stays_shared(tmp_path):
    """So that windows of both sensors are views, without a copy."""
    rows = at_rest(fmt="{t},0,0,9.8,0,0,0")
    path = write(tmp_path, "t_ms,acc_x,acc_y,acc_z,gyr_x,gyr_y,gyr_z", rows)
    acc, gyr = read_csv(path).streams
    assert np.shares_memory(acc.time_s, gyr.time_s)
