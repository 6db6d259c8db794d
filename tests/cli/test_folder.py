"""Recordings in a folder, and the labels beside them."""

from pathlib import Path

import pytest

import sensorhar as sh
from sensorhar.cli._folder import (
    find_events_file,
    read_labelled,
    recording_files,
    subject_of,
)


@pytest.mark.parametrize(
    ("name", "subject"),
    [
        ("anna_walk.csv", "anna"),
        ("anna-walk_2.csv.gz", "anna"),
        ("s1.2026.npz", "s1.2026"),
        ("p07.npz", "p07"),
    ],
)
def test_subject_of_a_file_name(name, subject):
    assert subject_of(Path(name)) == subject


@pytest.mark.parametrize("ending", ["_labels.csv", ".events.csv"])
@pytest.mark.parametrize("recording", ["anna.csv", "anna.csv.gz", "anna.npz"])
def test_labels_lie_beside(tmp_path, ending, recording):
    assert find_events_file(tmp_path / recording) is None
    labels = tmp_path / f"anna{ending}"
    labels.touch()
    assert find_events_file(tmp_path / recording) == labels


def test_a_folder_without_recordings(tmp_path):
    (tmp_path / "a_labels.csv").touch()
    (tmp_path / "a.predicted.csv").touch()
    with pytest.raises(FileNotFoundError, match=r"must hold recordings .* 2 entries"):
        recording_files(tmp_path)


def test_recordings_in_order(folder):
    names = [path.name for path in recording_files(folder)]
    assert names == ["carla_walk.csv", "person01-01.npz", "person02-01.npz"]


def test_labels_beside_win_over_those_inside(folder, tmp_path):
    path = read_labelled(folder / "person01-01.npz").save(tmp_path / "anna-1")
    (tmp_path / "anna-1_labels.csv").write_text("start_s,stop_s,label\n1,2,jumping\n")
    recording = read_labelled(path)
    assert recording.events == sh.Events([1], [2], ["jumping"])
    assert recording.subject == "person01"  # what a file says counts more than its name
    assert recording.name == "person01"


def test_a_table_has_the_subject_of_its_name(folder):
    recording = read_labelled(folder / "carla_walk.csv")
    assert (recording.subject, recording.name) == ("carla", "carla_walk")
