"""PAMAP2 is read unit by unit; lost packets are gaps, the heart has its own clock."""

from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets.pamap2 import CARD, LABELS, load_pamap2, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings


def write(root, subject=101, part="Protocol", codes=None, lost=()):
    """Write a file as published: 54 numbers with blanks, NaN where there is none."""
    folder = root / "PAMAP2_Dataset" / part
    folder.mkdir(parents=True, exist_ok=True)
    codes = np.repeat([0, *LABELS, 0], 40) if codes is None else np.asarray(codes)
    rng = np.random.default_rng(0)
    table = rng.normal(0, 0.05, (len(codes), 54))
    table[:, 0] = 8.38 + np.arange(len(codes)) / 100
    table[:, 1] = codes
    table[:, 2] = np.nan
    table[::11, 2] = 100 + np.arange(len(table[::11]))
    for first in (3, 20, 37):
        table[:, first] = 33.5  # degrees Celsius
        table[:, first + 1] += 9.81
        table[:, first + 4] += 9.7
        table[:, first + 13 : first + 17] = 0, 0, 0, 1
    for rows, first in lost:
        table[rows, first : first + 17] = np.nan
    lines = [
        " ".join(
            [f"{row[0]:.2f}", str(int(row[1])), *(f"{v:.6g}" for v in row[2:])]
        ).replace("nan", "NaN")
        for row in table
    ]
    (folder / f"subject{subject}.dat").write_text("\n".join(lines) + "\n")
    return folder.parent, np.array([line.split(" ") for line in lines], dtype=float)


def test_true_layout(tmp_path):
    home, table = write(tmp_path, lost=[(slice(100, 103), 3)])
    (one,) = read_recordings(home)
    assert (one.name, one.subject) == ("subject101-protocol", "101")
    kept = np.delete(table, slice(100, 103), axis=0)
    for name, column, rows in (
        ("hand_acc_x", 4, kept),
        ("hand_gyr_y", 11, kept),
        ("hand_mag_z", 15, kept),
        ("chest_acc_x", 21, table),
        ("ankle_mag_z", 49, table),
    ):
        time_s, got = one.channel(name)
        np.testing.assert_array_equal(got, rows[:, column].astype(np.float32))
        np.testing.assert_allclose(time_s, rows[:, 0] - 8.38, atol=1e-9)
    assert one.stream_of("hand_acc_x").channels[0] == sh.Channel(
        "hand_acc_x", "m/s^2", "accelerometer", "hand", has_gravity=True
    )
    time_s, beats = one.channel("hr_bpm")
    np.testing.assert_allclose(time_s, np.arange(len(beats)) * 0.11, atol=1e-9)
    assert list(beats[:2]) == [100, 101]
    check_recordings([one], replace(CARD, n_recordings=1, subjects=("101",)))


def test_labels_to_the_sample(tmp_path):
    """Codes leap: 24 follows 17, and 0 is null."""
    home, _ = write(tmp_path, codes=[0] * 7 + [24] * 20 + [4] * 10 + [0] * 5)
    (one,) = read_recordings(home)
    windows = sh.make_windows(
        [one], length_s=0.01, null="keep", channels=["chest_acc_x"], rate_hz=100
    )
    expected = [None] * 7 + ["rope_jumping"] * 20 + ["walking"] * 10 + [None] * 5
    assert list(windows.y) == expected


def test_parts(tmp_path):
    write(tmp_path, 101)
    write(tmp_path, 105)
    write(tmp_path, 105, "Optional", codes=[0] * 5 + [9] * 5 + [20] * 5)
    both = load_pamap2(data_dir=tmp_path, subjects=["101", "105"], part="both")
    assert [r.name for r in both] == [
        "subject101-protocol",
        "subject105-protocol",
        "subject105-optional",
    ]
    assert list(both[-1].events.labels) == ["watching_tv", "playing_soccer"]
    (one,) = load_pamap2(data_dir=tmp_path, subjects=["105"], part="optional")
    assert one.name == "subject105-optional"
    with pytest.raises(ValueError, match="part must be one of 'both', 'optional', "):
        load_pamap2(data_dir=tmp_path, part="all")
    with pytest.raises(DataError, match="9 subjects; those of '102', '103', .* are mi"):
        load_pamap2(data_dir=tmp_path)


def test_a_unit_that_never_spoke(tmp_path):
    home, _ = write(tmp_path, lost=[(slice(None), 37)])
    (one,) = read_recordings(home)
    assert not [name for name in one.channel_names if name.startswith("ankle")]


def test_no_readings(tmp_path):
    lost = [(slice(None), first) for first in (2, 19, 36, 37)]
    home, _ = write(tmp_path, lost=lost)
    with pytest.raises(DataError, match="must hold readings; got 560 lines without"):
        read_recordings(home)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.replace(" 24 ", " 8 "), "must be among .*; got 8.0"),
        (lambda t: t[: len(t) // 2], "must hold 54 numbers a line; got"),
        (lambda t: t.replace("8.40 0", "NaN 0"), "in each line; got 1 lines without"),
        (lambda t: t.replace("33.5", "warm", 1), "cannot be read"),
        (
            lambda t: t.replace("33.5", "inf", 1),
            "54 numbers a line, of a sensor.s size; got inf in",
        ),
        (
            lambda t: "\n".join(reversed(t.splitlines())),
            "must have times that go forward; stamps must .* Fetch",
        ),
        (lambda t: "", "must hold 54 numbers a line; got 0"),
    ],
)
def test_broken_files(tmp_path, change, message):
    home, _ = write(tmp_path)
    path = home / "Protocol" / "subject101.dat"
    path.write_text(change(path.read_text()))
    with pytest.raises(DataError, match=message):
        read_recordings(home)


def test_card():
    check_card(CARD)
    assert len(CARD.channels) == 28
