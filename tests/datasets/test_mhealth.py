"""mHealth is read whole, sensor by sensor, with null left without an event."""

from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets.mhealth import CARD, LABELS, load_mhealth, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings


def write(root, subjects=(1,), codes=None):
    """Write logs as published: tab-separated, 24 columns, the label last."""
    home = root / "MHEALTHDATASET"
    home.mkdir(parents=True, exist_ok=True)
    codes = np.repeat([0, *LABELS, 0], 50) if codes is None else np.asarray(codes)
    rng = np.random.default_rng(0)
    values = rng.normal(0, 0.05, (len(codes), 23))
    values[:, [0, 5, 14]] += 9.81
    values[:, 8:11] += 57.3  # deg/s at the ankle
    lines = [
        "\t".join([*(f"{v:.5g}" for v in row), str(code)])
        for row, code in zip(values, codes, strict=True)
    ]
    for subject in subjects:
        text = "\n".join(lines) + "\n"
        (home / f"mHealth_subject{subject}.log").write_text(text)
    return home, np.array([line.split("\t") for line in lines], dtype=float)


def test_true_layout(tmp_path):
    home, written = write(tmp_path, subjects=[1, 10])
    first, second = read_recordings(home, subjects=["1", "10"])
    assert (first.name, first.subject) == ("subject01", "1")
    assert second.name == "subject10"
    for name, column in (
        ("chest_acc_x", 0),
        ("ankle_acc_y", 6),
        ("wrist_acc_z", 16),
    ):
        np.testing.assert_array_equal(
            first.channel(name)[1], written[:, column].astype(np.float32)
        )
    for name, column in (("ankle_gyr_x", 8), ("wrist_gyr_z", 19)):
        np.testing.assert_allclose(
            first.channel(name)[1], np.deg2rad(written[:, column]), rtol=1e-6
        )
    assert first.streams[0].channels[0] == sh.Channel(
        "chest_acc_x", "m/s^2", "accelerometer", "chest", has_gravity=True
    )
    card = replace(CARD, n_recordings=2, subjects=("1", "10"))
    check_recordings([first, second], card)


def test_labels_to_the_sample(tmp_path):
    home, _ = write(tmp_path, codes=[0] * 30 + [4] * 20 + [9] * 10 + [0] * 5 + [1])
    (recording,) = read_recordings(home, subjects=["1"])
    windows = sh.make_windows(
        [recording], length_s=0.02, null="keep", channels=["chest_acc_x"]
    )
    expected = [None] * 30 + ["walking"] * 20 + ["cycling"] * 10 + [None] * 5
    assert list(windows.y) == [*expected, "standing"]


def test_some_subjects(tmp_path):
    write(tmp_path, subjects=[1, 3])
    (one,) = load_mhealth(data_dir=tmp_path, subjects=["3"])
    assert one.subject == "3"
    with pytest.raises(DataError, match="must hold mHealth_subject2.log or .*gz; it"):
        load_mhealth(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.replace("\t0\n", "\t13\n"), "must be among .*; got 13.0"),
        (lambda t: t[: len(t) // 2], "must hold 24 numbers a line; got"),
        (lambda t: t.replace("\t", ";"), "must hold 24 numbers a line; got 1 in"),
        (lambda t: t.replace("9.8", "x", 1), "cannot be read"),
        (lambda t: t.replace("9.8", "nan\t", 1), "24 numbers a line; got 25"),
        (lambda t: "", "must hold 24 numbers a line; got 0 in b''"),
    ],
)
def test_broken_files(tmp_path, change, message):
    home, _ = write(tmp_path)
    path = home / "mHealth_subject1.log"
    path.write_text(change(path.read_text()))
    with pytest.raises(DataError, match=message):
        read_recordings(home, subjects=["1"])


def test_card():
    check_card(CARD)
