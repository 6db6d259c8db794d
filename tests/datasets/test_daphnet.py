"""Daphnet is read in m/s^2, and what is not part of the experiment has no event."""

from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets.daphnet import CARD, load_daphnet, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY
from tests.datasets._layouts import put


def write_run(path, annotations, first_ms=15):
    """Write a run at 64 Hz, stamped in whole ms; return the readings in mg."""
    rng = np.random.default_rng(len(annotations))
    n = len(annotations)
    values = np.rint(rng.normal((0, 1000, 0) * 3, 20, (n, 9))).astype(int)
    stamps = first_ms + np.floor(np.arange(n) * 1000 / 64).astype(int)
    rows = np.column_stack([stamps, values, annotations])
    put(path, "".join(" ".join(map(str, row)) + "\n" for row in rows))
    return values


def test_true_layout(tmp_path):
    home = tmp_path / "dataset_fog_release" / "dataset"
    annotations = [0] * 64 + [1] * 128 + [2] * 64 + [1] * 32 + [0] * 32
    values = write_run(home / "S01R01.txt", annotations)
    write_run(home / "S01R02.txt", [1] * 50)
    put(home / "README", "not a run")
    first, second = load_daphnet(data_dir=tmp_path, download=False, subjects=["S01"])
    assert (first.name, first.subject) == ("S01R01", "S01")
    ankle, thigh, trunk = first.streams
    np.testing.assert_array_equal(
        thigh.values, (values[:, 3:6] * (STANDARD_GRAVITY / 1000)).astype(np.float32)
    )
    assert trunk.channels[1] == sh.Channel(
        "trunk_acc_y", "m/s^2", "accelerometer", "trunk", has_gravity=True
    )
    assert ankle.rate_hz == 64
    np.testing.assert_allclose(ankle.time_s, np.arange(320) / 64, atol=1e-3)
    assert list(first.events.labels) == ["no_freeze", "freeze", "no_freeze"]
    np.testing.assert_allclose(first.events.start_s, [1, 3, 4], atol=1e-3)
    np.testing.assert_allclose(first.events.stop_s, [3, 4, 4.5], atol=1e-3)
    windows = sh.make_windows(
        [first], length_s=1, null="keep", channels=["ankle_acc_x"]
    )
    assert list(windows.y) == [None, "no_freeze", "no_freeze", "freeze", "no_freeze"]
    card = replace(CARD, n_recordings=2, subjects=("S01",))
    check_recordings([first, second], card)


def test_other_runs_do_not_pass(tmp_path):
    for person in CARD.subjects:
        write_run(tmp_path / "dataset" / f"{person}R01.txt", [1, 2])
    with pytest.raises(DataError, match="daphnet must have 17 recordings; got 10"):
        load_daphnet(data_dir=tmp_path)
    (tmp_path / "dataset" / "S10R01.txt").unlink()
    with pytest.raises(DataError, match="those of 'S10' are missing"):
        load_daphnet(data_dir=tmp_path)
    with pytest.raises(ValueError, match="subjects of 'daphnet' must be some of S01"):
        load_daphnet(data_dir=tmp_path, subjects=["S11"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("15 1 2 3 4 5 6 7 8 9 3\n", "labels of S01R01.txt must be among 1, 2; got 3"),
        ("15 1 2 3 4 5 6 7 8 9\n", "must hold 11 numbers a line; got 10"),
        ("15 1 2 3 4 5 6 7 8 x 1\n", "must hold 11 numbers a line; it cannot be read"),
        (
            "".join(f"{900 - 90 * (i % 9)} 1 2 3 4 5 6 7 8 9 1\n" for i in range(90)),
            "times of S01R01.txt must be a clock that runs; stamps must be in",
        ),
    ],
)
def test_broken_files(tmp_path, text, message):
    put(tmp_path / "dataset" / "S01R01.txt", text)
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path)


def test_card():
    check_card(CARD)
