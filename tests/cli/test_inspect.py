"""``sensorhar inspect``."""

import json

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.cli._summary import summarise_recording
from sensorhar.preprocess.quality import quality_report


@pytest.fixture
def gappy(tmp_path):
    """Save 10 s at 100 Hz with 2 s lost, one NaN, a gap of labels and an overlap."""
    time_s = np.arange(1000) / 100
    kept = (time_s < 4) | (time_s >= 6)
    values = np.tile([0.0, 0.0, 9.8], (1000, 1))
    values[10, 1] = np.nan
    acc = sh.Stream.of_sensor(
        "accelerometer", values[kept], time_s[kept], has_gravity=True, place="wrist"
    )
    events = sh.Events([0, 2, 8], [3, 4, 9], ["walking", "sitting", "walking"])
    return sh.Recording([acc], name="anna-1", subject="anna", events=events)


def test_summary(gappy, tmp_path):
    report = quality_report(gappy)
    summary = summarise_recording(gappy, report, tmp_path / "anna-1.npz")
    assert summary["file"].endswith("anna-1.npz")
    assert (summary["name"], summary["subject"], summary["start"]) == (
        "anna-1",
        "anna",
        None,
    )
    (stream,) = summary["streams"]
    assert stream["n_gaps"] == 1
    assert stream["channels"] == ["acc_x", "acc_y", "acc_z"]
    assert summary["label_s"]["walking"] == [2, 4.0]
    assert summary["problems"] == list(report.problems)
    json.dumps(summary, allow_nan=False)


def test_text(gappy, tmp_path, run):
    path = gappy.save(tmp_path / "anna-1")
    result = run("inspect", path)
    assert result.code == 0
    assert result.out == f"{quality_report(gappy)}\n"
    assert result.out.startswith("anna-1 of anna: 9.99 s\n")
    assert "[m/s^2]" in result.out  # brackets and units are no markup


def test_json_is_all_there_is_on_stdout(folder, run):
    result = run("inspect", folder / "carla_walk.csv", "--json")
    summary = json.loads(result.out)
    assert summary["holds"] == "recording"
    assert set(summary["label_s"]) == {"standing", "walking", "running"}
    assert "carla_walk_labels.csv" in result.err


def test_without_labels(tmp_path, run):
    time_s = np.arange(100) / 50
    gps = sh.Stream.of_sensor("gyroscope", np.zeros((100, 3)), time_s)
    path = sh.Recording([gps]).save(tmp_path / "x")
    assert "\nNo labels.\n" in run("inspect", path).out


def test_windows(separable, tmp_path, run):
    path = separable.save(tmp_path / "windows.npz")
    assert run("inspect", path).out == f"{separable!r}\n"
    summary = json.loads(run("inspect", path, "--json").out)
    assert summary["n_windows"] == len(separable)
    assert summary["labels"] == {"rest": 20, "shake": 20, "swing": 20}


def test_windows_are_not_drawn(separable, tmp_path, refused):
    path = separable.save(tmp_path / "windows.npz")
    line = refused("inspect", path, "--png", tmp_path / "x.png")
    assert "--png draws recordings" in line


def test_picture_is_not_overwritten(gappy, tmp_path, run, refused):
    path = gappy.save(tmp_path / "anna-1")
    picture = tmp_path / "anna.png"
    assert run("inspect", path, "--png", picture).code == 0
    assert picture.read_bytes().startswith(b"\x89PNG")
    picture.write_text("mine")
    assert "anna.png exists" in refused("inspect", path, "--png", picture)
    assert picture.read_text() == "mine"
    assert run("inspect", path, "--png", picture, "--force").code == 0


def test_folder_for_a_picture_must_exist(gappy, tmp_path, refused):
    path = gappy.save(tmp_path / "anna-1")
    line = refused("inspect", path, "--png", tmp_path / "no" / "x.png")
    assert "there is no folder" in line
    assert "is a folder; a file name" in refused("inspect", path, "--png", tmp_path)


def test_wrong_units_are_told(tmp_path, run):
    time_s = np.arange(1000) / 50
    values = np.tile([0.0, 0.0, 1.0], (1000, 1))
    acc = sh.Stream.of_sensor("accelerometer", values, time_s, has_gravity=True)
    path = sh.Recording([acc], name="g").save(tmp_path / "g")
    result = run("inspect", path)
    assert result.code == 0
    assert "- The accelerometer of 'g' has median magnitude 1 where" in result.out
    problems = json.loads(run("inspect", path, "--json").out)["problems"]
    assert 'pass units={"acc": "g"}' in problems[0]
