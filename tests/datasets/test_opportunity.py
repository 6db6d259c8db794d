"""Opportunity is read by column number, with one track of labels at a time."""

from dataclasses import replace

import numpy as np
import pytest

from sensorhar.datasets.opportunity import (
    CARD,
    TRACKS,
    load_opportunity,
    read_recordings,
)
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY


def write(root, run="S1-ADL1", tracks=None, lost=()):
    """Write a file as published: 250 whole numbers with blanks, or NaN."""
    folder = root / "OpportunityUCIDataset" / "dataset"
    folder.mkdir(parents=True, exist_ok=True)
    tracks = tracks or {"locomotion": np.repeat([0, 1, 2, 4, 5, 0], 20)}
    n_rows = len(next(iter(tracks.values())))
    rng = np.random.default_rng(0)
    table = rng.integers(-20, 20, (n_rows, 250)).astype(float)
    table[:, 0] = np.round(np.arange(n_rows) * 1000 / 30)
    table[:, 243:] = 0
    table[:, 1:37:3] += 1000  # mg
    table[:, 37:102:13] += 1000
    table[:, 40] = 1500  # mrad/s of the back
    for name, codes in tracks.items():
        table[:, TRACKS[name][0]] = codes
    for rows, first in lost:
        table[rows, first : first + 3] = np.nan
    lines = [
        " ".join("NaN" if np.isnan(v) else str(int(v)) for v in row) for row in table
    ]
    (folder / f"{run}.dat").write_text("\n".join(lines) + "\n")
    return folder.parent, table


def test_true_layout(tmp_path):
    home, table = write(tmp_path, lost=[(slice(5, 9), 4)])
    write(tmp_path, "S4-Drill")
    one, other = read_recordings(home)
    assert (one.name, one.subject) == ("S1-ADL1", "1")
    assert (other.name, other.subject) == ("S4-Drill", "4")
    mg = STANDARD_GRAVITY / 1000
    for name, column in (
        ("right_knee_high_acc_x", 1),
        ("back_wireless_acc_y", 17),
        ("right_hand_acc_z", 36),
        ("back_acc_x", 37),
        ("right_upper_arm_acc_x", 50),
        ("right_lower_arm_acc_x", 63),
        ("left_upper_arm_acc_x", 76),
        ("left_lower_arm_acc_z", 91),
    ):
        time_s, got = one.channel(name)
        np.testing.assert_allclose(got, table[:, column] * mg, rtol=1e-6)
        np.testing.assert_allclose(time_s, table[:, 0] / 1000)
    for name, column in (("back_gyr_x", 40), ("left_lower_arm_gyr_z", 94)):
        np.testing.assert_allclose(
            one.channel(name)[1], table[:, column] / 1000, rtol=1e-6
        )
    time_s, hip = one.channel("hip_acc_x")
    assert len(hip) == 116
    np.testing.assert_allclose(np.diff(time_s).max(), 5 / 30, atol=2e-3)
    check_recordings([one, other], replace(CARD, n_recordings=2, subjects=("1", "4")))


def test_tracks(tmp_path):
    tracks = {
        "locomotion": [1] * 10 + [0] * 4 + [2] * 6,
        "gestures": [0] * 3 + [406516] * 5 + [405506] * 5 + [0] * 7,
        "high_level": [101] * 8 + [105] * 12,
    }
    home, _ = write(tmp_path, tracks=tracks)
    expected = {
        "locomotion": ["standing"] * 10 + [None] * 4 + ["walking"] * 6,
        "gestures": [None] * 3
        + ["open_door_1"] * 5
        + ["toggle_switch"] * 5
        + [None] * 7,
        "high_level": ["relaxing"] * 8 + ["sandwich_time"] * 12,
    }
    for labels, words in expected.items():
        (one,) = read_recordings(home, labels=labels)
        starts = one.stream_of("back_acc_x").time_s
        got = [
            next((e.label for e in one.events if e.start_s <= t < e.stop_s), None)
            for t in starts
        ]
        assert got == words
        assert not one.events.overlapping()


def test_words_of_gestures():
    """Codes are made of a hand's motion and its object, 400 and 500 and more."""
    _, names = TRACKS["gestures"]
    motion = {"open": 406, "close": 404, "clean": 408, "drink": 407, "toggle": 405}
    for code, name in names.items():
        assert code // 1000 == motion[name.split("_")[0]]
    pairs = {n.removeprefix("open_"): c % 1000 for c, n in names.items() if c > 405999}
    for code, name in names.items():
        if name.startswith("close_"):
            assert pairs[name.removeprefix("close_")] == code % 1000
    assert len(set(names.values())) == 17


def test_some_subjects(tmp_path):
    write(tmp_path, "S2-ADL5")
    write(tmp_path)
    (one,) = load_opportunity(data_dir=tmp_path, subjects=["2"])
    assert one.name == "S2-ADL5"
    with pytest.raises(DataError, match="4 subjects; those of '3', '4' are missing"):
        load_opportunity(data_dir=tmp_path)
    with pytest.raises(ValueError, match="labels must be one of 'gestures', 'high_"):
        load_opportunity(data_dir=tmp_path, labels="hands")


def test_a_part_does_not_pass_for_all(tmp_path):
    for subject in range(1, 5):
        write(tmp_path, f"S{subject}-ADL1")
    with pytest.raises(DataError, match="must have 24 recordings; got 4"):
        load_opportunity(data_dir=tmp_path)


def test_a_sensor_that_never_spoke(tmp_path):
    home, _ = write(tmp_path, lost=[(slice(None), 4)])
    (one,) = read_recordings(home)
    assert "hip_acc_x" not in one.channel_names


def test_no_readings(tmp_path):
    home, _ = write(tmp_path, lost=[(slice(None), c) for c in range(1, 103, 3)])
    with pytest.raises(DataError, match="must hold readings; got 120 lines without"):
        read_recordings(home)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t[:-9] + " 7 0 0 0 0 0 0\n", "must hold 250 numbers a line; got"),
        (lambda t: t.replace(" 5 0 0 0 0 0 0\n", " 3 0 0 0 0 0 0\n"), "got 3.0"),
        (lambda t: t.replace(" 5 0 0 0 0 0 0\n", " NaN 0 0 0 0 0 0\n"), "got 20 lines"),
        (lambda t: t[: len(t) // 2], "must hold 250 numbers a line; got"),
        (lambda t: t.replace(" 0 0 0 0 0 0\n", " 0 0 0 0 0 0 0\n"), "; got 251"),
        (lambda t: t.replace("1500", "fast", 1), "cannot be read"),
        (
            lambda t: "\n".join(reversed(t.splitlines())),
            "must have times that go forward; stamps must .* Fetch",
        ),
    ],
)
def test_broken_files(tmp_path, change, message):
    home, _ = write(tmp_path)
    path = home / "dataset" / "S1-ADL1.dat"
    path.write_text(change(path.read_text()))
    with pytest.raises(DataError, match=message):
        read_recordings(home)


def test_card():
    check_card(CARD)
    assert len(CARD.channels) == 12 * 3 + 5 * 6
    assert CARD.channels[36:42] == (
        *("back_acc_x", "back_acc_y", "back_acc_z"),
        *("back_gyr_x", "back_gyr_y", "back_gyr_z"),
    )
