"""DSADS is joined from its segments of 5 s, in their order and without a gap."""

from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets.dsads import CARD, LABELS, load_dsads, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings


def write(root, activity=1, subject=1, n_segments=3):
    """Write segments as published: 125 lines of 45 numbers with commas."""
    folder = root / "data" / f"a{activity:02d}" / f"p{subject}"
    folder.mkdir(parents=True)
    rng = np.random.default_rng(activity)
    values = rng.normal(0, 0.05, (125 * n_segments, 45))
    values[:, ::9] += 9.81
    for i, part in enumerate(np.split(values, n_segments), 1):
        lines = [",".join(f"{v:.5g}" for v in row) for row in part]
        (folder / f"s{i:02d}.txt").write_text("\n".join(lines) + "\n")
    return folder, values


def test_true_layout(tmp_path):
    _, values = write(tmp_path, 2, 1, n_segments=12)
    write(tmp_path, 19, 1)
    write(tmp_path, 1, 8)
    recordings = read_recordings(tmp_path / "data")
    assert [r.name for r in recordings] == [
        "p8-sitting",
        "p1-standing",
        "p1-basketball",
    ]
    one = recordings[1]
    for name, column in (
        ("torso_acc_x", 0),
        ("torso_gyr_z", 5),
        ("right_arm_acc_y", 10),
        ("left_arm_gyr_x", 21),
        ("right_leg_acc_x", 27),
        ("left_leg_gyr_z", 41),
    ):
        time_s, got = one.channel(name)
        np.testing.assert_allclose(got, values[:, column], rtol=1e-4)
        np.testing.assert_allclose(time_s, np.arange(1500) / 25)
    assert tuple(one.events[0])[:3] == (0, 60, "standing")
    assert one.streams[0].channels[0] == sh.Channel(
        "torso_acc_x", "m/s^2", "accelerometer", "torso", has_gravity=True
    )
    card = replace(
        CARD,
        n_recordings=3,
        subjects=("1", "8"),
        activities=("sitting", "standing", "basketball"),
    )
    check_recordings(recordings, card)


def test_some_subjects(tmp_path):
    write(tmp_path, 1, 1)
    write(tmp_path, 1, 2)
    (one,) = load_dsads(data_dir=tmp_path, subjects=["2"])
    assert one.subject == "2"
    with pytest.raises(DataError, match="8 subjects; those of '3' are missing"):
        load_dsads(data_dir=tmp_path, subjects=["1", "3"])


def test_a_part_does_not_pass_for_all(tmp_path):
    for subject in range(1, 9):
        write(tmp_path, 1, subject, n_segments=1)
    with pytest.raises(DataError, match="must have 152 recordings; got 8"):
        load_dsads(data_dir=tmp_path)


def test_a_segment_missing_is_a_leap_in_time(tmp_path):
    folder, _ = write(tmp_path)
    (folder / "s02.txt").unlink()
    message = r"s01\.txt to s60\.txt without a gap; got 2, the last number being 3"
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path / "data")
    (folder / "s01.txt").unlink()
    (folder / "s03.txt").unlink()
    with pytest.raises(DataError, match="without a gap; got 0"):
        read_recordings(tmp_path / "data")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t[: t.rfind("\n", 0, -1) + 1], "must have 125 lines; got 124"),
        (lambda t: t.replace(",", " "), "must hold 45 numbers a line; got 1 in"),
        (lambda t: t + t[:20], "must hold 45 numbers a line; got"),
        (lambda t: t.replace("\n", ",1\n", 2), "must hold 45 numbers a line; got 46"),
        (lambda t: t.replace(",", ",,", 1), "45 numbers a line; got 46"),
        (lambda t: t.replace("\n", "\n,", 1), "45 numbers a line; it cannot be read"),
    ],
)
def test_broken_files(tmp_path, change, message):
    folder, _ = write(tmp_path)
    path = folder / "s02.txt"
    path.write_text(change(path.read_text()))
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path / "data")


def test_unknown_activity(tmp_path):
    write(tmp_path, 20)
    with pytest.raises(DataError, match="activities must be a01 to a19; got .*'a20'"):
        read_recordings(tmp_path / "data")


def test_card():
    check_card(CARD)
    assert len(LABELS) == 19
