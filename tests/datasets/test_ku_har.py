"""KU-HAR is read sensor by sensor, and whether gravity is in it is told."""

from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets.ku_har import CARD, LABELS, load_ku_har, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from tests.datasets._layouts import put

FOLDERS = [
    "0.Stand",
    "1.Sit",
    "2.Talk-sit",
    "3.Talk-stand",
    "4.Stand-sit",
    "5.Lay",
    "6.Lay-stand",
    "7.Pick",
    "8.Jump",
    "9.Push-up",
    "10.Sit-up",
    "11.Walk",
    "12.Walk-backwards",
    "13.Walk-circle",
    "14.Run",
    "15.Stair-up",
    "16.Stair-down",
    "17.Table-tennis",
]


def write_file(path, n=300, n_gyr=290, unit_s=1.0, gravity=0.0, fill=""):
    """Write a recording in which the gyroscope gave fewer samples."""
    rng = np.random.default_rng(n)
    acc = rng.normal((0, gravity, 0), 0.1, (n, 3)).round(6)
    gyr = rng.normal(0, 0.1, (n_gyr, 3)).round(6)
    rows = []
    for i in range(n):
        left = [(0.01 * i + 0.002) / unit_s, *acc[i]]
        right = [(0.01 * i + 0.005) / unit_s, *gyr[i]] if i < n_gyr else [fill] * 4
        rows.append(",".join(map(str, left + right)))
    put(path, "\n".join(rows) + "\n")
    return acc, gyr


def write_all(root, **fields):
    for number, folder in enumerate(FOLDERS):
        write_file(
            root / folder / f"1001_{'ABCDEFGHIJKLMNOPST'[number]}_1.csv", **fields
        )


@pytest.mark.parametrize("gravity", [0.0, 9.8])
def test_true_layout(tmp_path, gravity):
    root = tmp_path / "1.Raw_time_domian_data"
    write_all(root, gravity=gravity)
    recordings = load_ku_har(data_dir=tmp_path, download=False, subjects=["1001"])
    card = replace(CARD, n_recordings=18, subjects=("1001",))
    check_recordings(recordings, card)
    first = recordings[0]
    assert (first.name, first.subject) == ("1001_A_1", "1001")
    assert [r.events.labels[0] for r in recordings] == list(LABELS.values())
    assert first.streams[0].channels[0] == sh.Channel(
        "acc_x", "m/s^2", "accelerometer", "waist", has_gravity=gravity > 0
    )


@pytest.mark.parametrize("unit_s", [1.0, 0.001])
@pytest.mark.parametrize("fill", ["", "0"])
def test_clocks(tmp_path, unit_s, fill):
    """Seconds or ms; empty fields and zeros at the end are no samples."""
    path = tmp_path / "11.Walk" / "1055_L_1_2.csv"
    acc, gyr = write_file(path, unit_s=unit_s, fill=fill)
    (recording,) = read_recordings(tmp_path)
    assert recording.name == "1055_L_1_2"
    first, second = recording.streams
    np.testing.assert_allclose(first.time_s, np.arange(300) / 100, atol=1e-9)
    np.testing.assert_allclose(second.time_s, 0.003 + np.arange(290) / 100, atol=1e-9)
    np.testing.assert_array_equal(first.values, acc.astype(np.float32))
    np.testing.assert_array_equal(second.values, gyr.astype(np.float32))
    np.testing.assert_allclose(recording.events.stop_s, [3.0])


def test_one_sensor_may_lack(tmp_path):
    write_file(tmp_path / "0.Stand" / "1001_A_1.csv", n_gyr=0)
    (recording,) = read_recordings(tmp_path)
    assert recording.channel_names == ("acc_x", "acc_y", "acc_z")


def test_other_files_do_not_pass(tmp_path):
    write_all(tmp_path, n=20, n_gyr=20)
    with pytest.raises(DataError, match="must have 1945 recordings; got 18"):
        load_ku_har(data_dir=tmp_path)
    with pytest.raises(ValueError, match="such as '1001'; got '1002'"):
        load_ku_har(data_dir=tmp_path, subjects=["1001", "1002"])


@pytest.mark.parametrize(
    ("folder", "text", "message"),
    [
        ("18.Swim", "0,1,2,3,0,1,2,3\n", "must be numbered 0 to 17; got '18.Swim'"),
        ("0.Stand", "0,1,2,3\n", "8 numbers a line: time and three axes.*; got 4"),
        ("0.Stand", "0,1,2,x,0,1,2,3\n", "8 numbers a line; it cannot be read"),
        ("0.Stand", "", "8 numbers a line; it cannot be read"),
        ("0.Stand", ",,,,,,,\n", "must hold readings; all its rows are empty"),
        (
            "0.Stand",
            "".join(f"{9 - i % 9},0,0,0,{i + 1},0,0,0\n" for i in range(90)),
            "times of the accelerometer in 1001_A_1.csv must be a clock that runs",
        ),
        (
            "0.Stand",
            "".join(f"{i / 100},99,0,0,{i / 100},0,0,0\n" for i in range(1, 300)),
            "about 0 .without gravity. or 9.8; got 99",
        ),
    ],
)
def test_broken_files(tmp_path, folder, text, message):
    put(tmp_path / folder / "1001_A_1.csv", text)
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path)


def test_card():
    check_card(CARD)
