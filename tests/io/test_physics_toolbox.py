"""Tables of Physics Toolbox: g-force, sensors that stand as 0, times of day."""

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.io._source import Source
from sensorhar.io.physics_toolbox import is_physics_toolbox, read_physics_toolbox
from tests.io._exports import (
    FIXES,
    START_NS,
    Walk,
    physics_toolbox_by_report,
    physics_toolbox_ios_text,
    physics_toolbox_text,
    table,
)

WALK = Walk()


def write(folder, text):
    path = folder / "walk.csv"
    path.write_text(text, encoding="utf-8")
    return path


def test_values(tmp_path):
    path = write(tmp_path, physics_toolbox_text(WALK))
    assert is_physics_toolbox(Source(path))
    recording = read_physics_toolbox(path, place="pocket", subject="anna")
    for name, expected in (
        ("acc", WALK.acc),
        ("lin", WALK.lin),
        ("gyr", WALK.gyr),
        ("mag", WALK.mag),
    ):
        stream = recording.stream_of(f"{name}_x")
        np.testing.assert_allclose(stream.values, expected, atol=1e-9)
        np.testing.assert_allclose(stream.time_s, WALK.seconds)
    fix = recording.stream_of("lat_deg").values[-1]
    np.testing.assert_allclose(fix[[0, 1, 3]], np.array(FIXES[-1])[[1, 2, 4]])
    assert np.isnan(fix[[2, 4, 5]]).all()
    np.testing.assert_allclose(recording.channel("pressure_pa")[1][0], 1e5)


def test_apple(tmp_path):
    text = physics_toolbox_text(WALK)
    recording = read_physics_toolbox(write(tmp_path, text), platform="ios")
    np.testing.assert_allclose(recording.stream_of("acc_x").values, -WALK.acc)
    np.testing.assert_allclose(recording.stream_of("gyr_x").values, WALK.gyr)
    assert recording.metadata["axes turned"] is True


def test_what_only_ios_writes(tmp_path):
    path = write(tmp_path, physics_toolbox_ios_text(WALK))
    assert is_physics_toolbox(Source(path))
    recording = read_physics_toolbox(path)
    np.testing.assert_allclose(recording.stream_of("acc_x").values, WALK.acc)
    np.testing.assert_allclose(recording.streams[0].time_s, WALK.seconds, atol=2e-4)
    assert recording.start.timestamp() == pytest.approx(START_NS / 1e9, abs=1e-3)
    assert recording.metadata["platform"] == "ios"
    turned = read_physics_toolbox(path, platform="android").stream_of("acc_x").values
    np.testing.assert_allclose(turned, -WALK.acc)


@pytest.mark.parametrize("minus", ["-", "\N{MINUS SIGN}"])
def test_a_row_for_each_report(tmp_path, minus):
    """Each sensor keeps its own moments and rate; the rows of others repeat it."""
    path = write(tmp_path, physics_toolbox_by_report(WALK, minus=minus))
    assert is_physics_toolbox(Source(path))
    recording = read_physics_toolbox(path)
    for name, true, rate_hz in (
        ("acc", WALK.acc, 15),
        ("lin", WALK.lin, 50),
        ("gyr", WALK.gyr, 16),
    ):
        stream = recording.stream_of(f"{name}_x")
        assert stream.rate_hz == pytest.approx(rate_hz, rel=1e-3)
        expected = [np.interp(stream.time_s, WALK.seconds, axis) for axis in true.T]
        np.testing.assert_allclose(stream.values.T, expected, atol=6e-4)
    assert "columns left out" in recording.metadata


@pytest.mark.parametrize("what", ["w", "B", "gF"])
def test_one_sensor_alone(tmp_path, what):
    columns = {"time": WALK.seconds}
    columns |= {f"{what}{a}": WALK.mag[:, i] for i, a in enumerate("xyz")}
    assert is_physics_toolbox(Source(write(tmp_path, table(columns))))


def test_zeros_before_the_first_reading(tmp_path):
    recording = read_physics_toolbox(
        write(tmp_path, physics_toolbox_text(WALK, n_silent=20))
    )
    stream = recording.stream_of("acc_x")
    np.testing.assert_allclose(stream.values, WALK.acc[20:])
    np.testing.assert_allclose(stream.time_s, WALK.seconds[20:])


def test_missing_sensors_stand_as_zero(tmp_path):
    columns = {"time": WALK.seconds}
    columns |= {f"gF{a}": WALK.acc[:, i] / 9.80665 for i, a in enumerate("xyz")}
    columns |= dict.fromkeys(
        ["wx", "wy", "wz", "Latitude", "Longitude", "p"], 0 * WALK.seconds
    )
    recording = read_physics_toolbox(write(tmp_path, table(columns)))
    assert recording.channel_names == ("acc_x", "acc_y", "acc_z")


@pytest.mark.parametrize(
    ("values", "kind"),
    [(WALK.acc, "accelerometer"), (WALK.lin, "linear_acceleration")],
)
@pytest.mark.parametrize("unit", ["", " (m/s^2)"])
def test_acceleration_of_either_kind(tmp_path, values, kind, unit):
    columns = {"time": WALK.seconds}
    columns |= {f"a{a}{unit}": values[:, i] for i, a in enumerate("xyz")}
    columns[f"aT{unit}"] = np.linalg.norm(values, axis=1)
    path = write(tmp_path, table(columns))
    assert is_physics_toolbox(Source(path))
    (stream,) = read_physics_toolbox(path).streams
    assert stream.kind == kind
    np.testing.assert_allclose(stream.values, values)


def test_times_of_day_and_decimal_commas(tmp_path):
    rows = ["time;gFx;gFy;gFz;TgF"]
    for i in range(100):
        rows.append(f"13:05:{20 + i // 50}:{i % 50 * 20:03d};0,01;0,02;1,0;1,0")
    recording = read_physics_toolbox(write(tmp_path, "\n".join(rows)))
    np.testing.assert_allclose(recording.streams[0].time_s, np.arange(100) / 50)
    np.testing.assert_allclose(recording.channel("acc_x")[1], 0.0980665)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("time,gFx,gFy,gFz\nnoon,0,0,1\n", "13:05:22:123; got 'noon' in row 1"),
        ("time,gFx,gFy,gFz\n0,0,0,one\n", "'gFz' of walk.csv .* got 'one' in row 1"),
        ("t,gFx,gFy,gFz\n0,0,0,1\n", "must have a column time; it has 't', 'gFx'"),
        ("time,gFx,gFy\n0,0,0\n", "must hold readings"),
        ("", "must hold readings"),
    ],
)
def test_broken_tables(tmp_path, text, message):
    with pytest.raises(DataError, match=message):
        read_physics_toolbox(write(tmp_path, text))


def test_wrong_platform(tmp_path):
    with pytest.raises(ValueError, match="platform must be"):
        read_physics_toolbox(write(tmp_path, ""), platform="nokia")


def test_others_are_not_recognised(tmp_path):
    for text in ("t,gFx,gFy,gFz\n", "time,ax,ay,az\n", "time,bx,by,bz\n", ""):
        assert not is_physics_toolbox(Source(write(tmp_path, text)))


@pytest.mark.parametrize("seed", range(16))
def test_broken_bytes(takes_broken, seed):
    takes_broken(read_physics_toolbox, physics_toolbox_text(Walk(40)).encode(), seed)
