"""WISDM v1.1 is read past its broken lines, and cut where its clock does not run on."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

import sensorhar as sh
from sensorhar.datasets import _fetch, wisdm
from sensorhar.datasets.wisdm import CARD, LABELS, load_wisdm, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from tests.datasets.test_unpack import make_tar

START_NS = 49_105_962_326_000  # as the published file begins


def records(user, activity, n, start_s=0.0, step_s=0.05):
    """Return records as published, each ended by a semicolon."""
    rng = np.random.default_rng(user)
    values = rng.normal(0, 0.1, (n, 3)) + np.array([0, 9.81, 0])
    stamps = START_NS + np.round((start_s + step_s * np.arange(n)) * 1e9).astype(int)
    return [
        f"{user},{activity},{t},{x:.6g},{y:.6g},{z:.6g};"
        for t, (x, y, z) in zip(stamps, values, strict=True)
    ]


def write(root, lines):
    home = root / "WISDM_ar_v1.1"
    home.mkdir(exist_ok=True)
    path = home / "WISDM_ar_v1.1_raw.txt"
    path.write_text("\n".join(lines) + "\n")
    return home


def test_true_layout(tmp_path):
    lines = records(33, "Jogging", 40) + records(33, "Walking", 60, start_s=2.0)
    home = write(tmp_path, lines + records(2, "Sitting", 50))
    seated, first = read_recordings(home)
    assert (seated.name, seated.subject) == ("user02-1", "2")
    assert (first.name, first.subject) == ("user33-1", "33")
    x, y, z = (float(v) for v in lines[0].rstrip(";").split(",")[3:])
    np.testing.assert_allclose(first.streams[0].values[0], [x, y, z], rtol=1e-6)
    np.testing.assert_allclose(
        first.streams[0].time_s, np.arange(100) * 0.05, atol=1e-6
    )
    assert first.streams[0].channels[0] == sh.Channel(
        "acc_x", "m/s^2", "accelerometer", "pocket", has_gravity=True
    )
    windows = sh.make_windows([first], length_s=0.05, null="keep", rate_hz=20)
    assert list(windows.y) == ["jogging"] * 40 + ["walking"] * 60
    card = replace(
        CARD,
        n_recordings=2,
        subjects=("2", "33"),
        activities=("sitting", "jogging", "walking"),
    )
    check_recordings([seated, first], card)


def test_broken_lines(tmp_path):
    """What stands in the published file: each costs at most itself."""
    lines = records(33, "Jogging", 1200)
    lines[10] = lines[10] + lines[11]  # two on one line
    del lines[11]
    lines[20] = lines[20].replace(";", ",;")  # a comma before the semicolon
    lines[30] = ""
    lines[40] = lines[40].rstrip(";")  # no semicolon at all
    lines[50] = ",".join(lines[50].split(",")[:5]) + ",;"  # no z
    lines[60] = lines[60].replace("33,Jogging", "33,")
    lines[70] = lines[70].replace(";", ",1,2;")
    lines[0] = lines[0].replace(";", ",1,2,3;")
    (one,) = read_recordings(write(tmp_path, lines))
    assert one.streams[0].n_samples == 1200 - 5
    (event,) = one.events
    assert event.label == "jogging"
    assert event.stop_s == pytest.approx(59.95, abs=0.01)  # the first is gone


def test_cut_where_the_clock_does_not_run_on(tmp_path):
    """A pause, another start of the clock, another person; 0 is no time at all."""
    lines = [
        *records(5, "Walking", 100),
        *records(5, "Walking", 100, start_s=60),
        *records(5, "Upstairs", 100, start_s=10),
        *(line.replace(f",{START_NS},", ",0,") for line in records(5, "Sitting", 1)),
        *records(7, "Walking", 100, start_s=15),
        *records(5, "Walking", 100, start_s=15),
        *records(5, "Standing", 9, start_s=90),
    ]
    recordings = read_recordings(write(tmp_path, lines))
    assert [r.name for r in recordings] == [f"user05-{i}" for i in (1, 2, 3, 4)] + [
        "user07-1"
    ]
    assert {r.streams[0].n_samples for r in recordings} == {100}
    assert recordings[2].events.classes == ("walking_upstairs",)


def test_repeated_stamps_keep_their_samples(tmp_path):
    lines = records(1, "Walking", 400)
    for i in range(100, 300, 4):  # bursts of four, stamped alike
        stamp = lines[i].split(",")[2]
        for j in range(i, i + 4):
            fields = lines[j].split(",")
            lines[j] = ",".join([*fields[:2], stamp, *fields[3:]])
    (one,) = read_recordings(write(tmp_path, lines))
    assert one.streams[0].n_samples == 400
    steps = np.diff(one.streams[0].time_s)
    assert steps.min() > 0.02


def test_some_subjects(tmp_path, monkeypatch):
    monkeypatch.setattr(wisdm, "N_SAMPLES", 100)
    write(tmp_path, records(1, "Walking", 50) + records(36, "Sitting", 50))
    (one,) = load_wisdm(data_dir=tmp_path, subjects=["36"])
    assert one.subject == "36"
    with pytest.raises(DataError, match="36 subjects; those of '10', '11', .* missing"):
        load_wisdm(data_dir=tmp_path)


def test_a_part_does_not_pass_for_all(tmp_path):
    write(tmp_path, records(1, "Walking", 50))
    message = "must hold 1098207 samples, few of them broken; got 50. It is cut short"
    with pytest.raises(DataError, match=message):
        load_wisdm(data_dir=tmp_path)


def test_it_comes_as_a_tar(tmp_path, monkeypatch):
    """The archive keeps its suffix, and is unpacked."""
    monkeypatch.setattr(wisdm, "N_SAMPLES", 50)
    text = "\n".join(records(1, "Walking", 50))
    seen = []

    def download(url, path, **more):
        seen.append((url, path.name))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(make_tar({"WISDM_ar_v1.1/WISDM_ar_v1.1_raw.txt": text}))

    monkeypatch.setattr(_fetch, "download", download)
    (one,) = load_wisdm(data_dir=tmp_path / "new", subjects=["1"])
    assert one.streams[0].n_samples == 50
    assert seen == [(CARD.url, "WISDM.tar.gz")]
    assert [path.name for path in (tmp_path / "new").iterdir()] == ["WISDM"]


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (
            ["1,Walking,100,1,2;"] * 30,
            "of user 1 to 36 and activities .*; got 30 records, 30 of",
        ),
        (["37,Walking,100,1,2,3;"] * 30, "got 30 records, 30 of which are not"),
        (["1,Swimming,100,1,2,3;"] * 30, "got 30 records, 30 of which are not"),
        (["no", '"table'], "got 2 records, 2 of which are not"),
        (["1,Walking,1e999,inf,2,3;"] * 30, "got 30 records, 30 of which are"),
        ([""], "got 0 records"),
    ],
)
def test_broken_files(tmp_path, lines, message):
    with pytest.raises(DataError, match=message):
        read_recordings(write(tmp_path, lines))


def test_a_table_that_pandas_refuses(tmp_path, monkeypatch):
    home = write(tmp_path, records(1, "Walking", 50))

    def refuse(*args, **kwargs):
        raise pd.errors.ParserError("buffer overflow")

    monkeypatch.setattr(pd, "read_csv", refuse)
    with pytest.raises(
        DataError, match="'user,activity,stamp,x,y,z;'; it cannot be re"
    ):
        read_recordings(home)


def test_card():
    check_card(CARD)
    assert len(LABELS) == 6
