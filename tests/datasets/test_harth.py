"""HARTH and HAR70+ are read by column names, on their stamps or by rows."""

from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets import har70plus, harth
from sensorhar.datasets._back_thigh import read_back_thigh
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY
from tests.datasets._layouts import put

HEAD = "timestamp,back_x,back_y,back_z,thigh_x,thigh_y,thigh_z,label"


def stamp(seconds):
    whole, ms = divmod(round(seconds * 1000), 1000)
    return f"2019-01-12 00:{whole // 60:02d}:{whole % 60:02d}.{ms:03d}"


def write_person(path, labels, n_each=60, step_s=0.02, gap_s=0.0, index=""):
    """Write stretches of labels; a pause after each. Return times and readings."""
    rng = np.random.default_rng(0)
    n = n_each * len(labels)
    values = rng.normal((-1, 0, 0, -1, 0, 0), 0.02, (n, 6)).round(6)
    time_s = np.arange(n) * step_s + np.arange(n) // n_each * gap_s
    rows = [
        ",".join([stamp(t), *map(repr, row.tolist()), str(labels[i // n_each])])
        for i, (t, row) in enumerate(zip(time_s, values, strict=True))
    ]
    if index is not None and index != "":
        rows = [f"{i},{row}" for i, row in enumerate(rows)]
    head = HEAD if index == "" else f"{index},{HEAD}"
    put(path, "\n".join([head.removeprefix("-"), *rows]) + "\n")
    return time_s, values


def test_harth(tmp_path):
    codes = list(harth.LABELS)
    time_s, values = write_person(tmp_path / "harth" / "S006.csv", codes)
    (recording,) = harth.load_harth(
        data_dir=tmp_path, download=False, subjects=["S006"]
    )
    assert (recording.name, recording.subject) == ("S006", "S006")
    assert recording.start is None
    back, thigh = recording.streams
    np.testing.assert_array_equal(
        np.hstack([back.values, thigh.values]),
        (values * STANDARD_GRAVITY).astype(np.float32),
    )
    np.testing.assert_allclose(back.time_s, time_s, atol=1e-9)
    assert back.rate_hz == pytest.approx(50)
    assert thigh.channels[0] == sh.Channel(
        "thigh_acc_x", "m/s^2", "accelerometer", "thigh", has_gravity=True
    )
    assert list(recording.events.labels) == list(harth.LABELS.values())
    np.testing.assert_allclose(recording.events.start_s, np.arange(12) * 1.2)
    np.testing.assert_allclose(recording.events.stop_s, np.arange(1, 13) * 1.2)
    card = replace(harth.CARD, n_recordings=1, subjects=("S006",), rate_hz=50.0)
    check_recordings([recording], card)


def test_har70plus(tmp_path):
    codes = list(har70plus.LABELS)
    for person in har70plus.CARD.subjects:
        write_person(tmp_path / "har70plus" / f"{person}.csv", codes, n_each=3)
    recordings = har70plus.load_har70plus(data_dir=tmp_path, download=False)
    check_recordings(recordings, har70plus.CARD)
    assert [r.name for r in recordings] == list(har70plus.CARD.subjects)


@pytest.mark.parametrize("index", ["index", "Unnamed: 0", "-"])
def test_other_columns_do_not_shift(tmp_path, index):
    """Some files have a row number, with and without a name."""
    _, values = write_person(tmp_path / "S015.csv", [1, 7], index=index)
    (recording,) = harth.read_recordings(tmp_path)
    np.testing.assert_array_equal(
        recording.channel("lower_back_acc_y")[1],
        (values[:, 1] * STANDARD_GRAVITY).astype(np.float32),
    )


def test_stamps_keep_gaps_and_rows_do_not(tmp_path):
    """The stamps are 10 ms apart and pause for 5 s; rows follow each other."""
    write_person(tmp_path / "S006.csv", [1, 7], n_each=300, step_s=0.01, gap_s=5)
    (recording,) = harth.read_recordings(tmp_path)
    assert recording.streams[0].rate_hz == pytest.approx(100)
    assert recording.metadata == {"clock": "stamps", "n_gaps": 1}
    np.testing.assert_allclose(recording.events.stop_s, [3, 11])
    np.testing.assert_allclose(recording.events.start_s, [0, 8])
    (rows,) = harth.read_recordings(tmp_path, clock="rows")
    assert rows.streams[0].rate_hz == 50
    np.testing.assert_allclose(rows.events.stop_s, [6, 12])
    np.testing.assert_array_equal(rows.streams[1].values, recording.streams[1].values)


def test_unknown_choices(tmp_path):
    write_person(tmp_path / "S006.csv", [1])
    with pytest.raises(ValueError, match="clock must be one of 'rows', 'stamps'; got"):
        harth.read_recordings(tmp_path, clock="sun")
    with pytest.raises(ValueError, match="subjects of 'harth' must be some of S006"):
        harth.load_harth(data_dir=tmp_path, subjects=["S007"])
    with pytest.raises(DataError, match="'S008', 'S009'.* are missing"):
        harth.load_harth(data_dir=tmp_path)


ROW = "2019-01-12 00:00:00.020,1,2,3,4,5,6,7"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (HEAD + "\n", "S006.csv must hold rows below its column names; it holds none"),
        (f"{HEAD[:-6]}\n{ROW}\n", "must have columns timestamp, .*it lacks 'label'"),
        (f"{HEAD}\n{ROW}\n{ROW[:-1]}99\n", "S006.csv must be among 1, .*; got 99.0"),
        (f"{HEAD}\n{ROW.replace('3', 'x')}\n", "must hold numbers in .*cannot be read"),
        (
            f"{HEAD}\n{ROW.replace('3', '')}\n",
            "S006.csv must hold a number that a sensor can give.*; got nan in row 1",
        ),
        (f"{HEAD}\nnoon,1,2,3,4,5,6,7\n", "must be dates such as '2019-01-12 00:00"),
        (f"{HEAD}\n{ROW}\n,1,2,3,4,5,6,7\n", "must be a date in each row; row 2 has"),
        ("\x00\xff\n", "S006.csv must have columns timestamp"),
    ],
)
def test_broken_files(tmp_path, text, message):
    put(tmp_path / "S006.csv", text)
    with pytest.raises(DataError, match=message):
        harth.read_recordings(tmp_path)


def test_rows_out_of_order(tmp_path):
    """Stamps that fall all the time are no clock."""
    rows = [ROW.replace("00.020", f"{59 - i % 50:02d}.020") for i in range(100)]
    put(tmp_path / "S006.csv", "\n".join([HEAD, *rows]) + "\n")
    with pytest.raises(
        DataError, match="times of S006.csv must be a clock that runs; stamps"
    ):
        harth.read_recordings(tmp_path)


def test_missing_file(tmp_path):
    with pytest.raises(DataError, match="must hold S006.csv or S006.csv.gz; it does"):
        read_back_thigh(tmp_path / "S006.csv", harth.LABELS, "S006", "stamps")


def test_cards():
    check_card(harth.CARD)
    check_card(har70plus.CARD)
    assert len(harth.CARD.subjects) == 22
