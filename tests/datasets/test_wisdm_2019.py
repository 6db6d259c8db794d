"""WISDM 2019 is read by device, activity and stretch of the device's clock."""

from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets.wisdm_2019 import (
    CARD,
    LABELS,
    load_wisdm_2019,
    read_recordings,
)
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings

START_NS = {"phone": 252_207_666_810_782, "watch": 90_426_708_196_641}


def records(letter, n, start_s, sensor="accel", device="phone", subject=1600):
    rng = np.random.default_rng(ord(letter))
    values = rng.normal(0, 0.1, (n, 3)) + 9.81 * (sensor == "accel") * np.eye(3)[1]
    stamps = START_NS[device] + np.round((start_s + np.arange(n) / 20) * 1e9).astype(
        int
    )
    return [
        f"{subject},{letter},{t},{x:.6g},{y:.6g},{z:.6g};"
        for t, (x, y, z) in zip(stamps, values, strict=True)
    ]


def write(root, lines, sensor="accel", device="phone", subject=1600):
    folder = root / "wisdm-dataset" / "raw" / device / sensor
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"data_{subject}_{sensor}_{device}.txt"
    path.write_text("\n".join(lines) + "\n")
    return root / "wisdm-dataset"


def test_true_layout(tmp_path):
    accel = records("A", 100, 0) + records("D", 80, 500)
    home = write(tmp_path, accel)
    gyro = records("A", 100, 0.251, "gyro") + records("D", 80, 499.8, "gyro")
    write(tmp_path, gyro, "gyro")
    write(tmp_path, records("S", 60, 0, device="watch"), device="watch")
    recordings = read_recordings(home)
    assert [r.name for r in recordings] == [
        "1600-phone-walking-1",
        "1600-phone-sitting-1",
        "1600-watch-folding_clothes-1",
    ]
    walk, sit, fold = recordings
    values = np.array([line.rstrip(";").split(",")[3:] for line in accel], dtype=float)
    np.testing.assert_allclose(walk.streams[0].values, values[:100], rtol=1e-6)
    np.testing.assert_allclose(walk.streams[0].time_s, np.arange(100) / 20, atol=1e-6)
    assert walk.streams[1].start_s == pytest.approx(0.251)
    assert walk.streams[0].channels[0] == sh.Channel(
        "acc_x", "m/s^2", "accelerometer", "pocket", has_gravity=True
    )
    assert walk.streams[1].channels[0] == sh.Channel(
        "gyr_x", "rad/s", "gyroscope", "pocket"
    )
    (event,) = walk.events
    assert (event.start_s, event.label) == (0, "walking")
    assert event.stop_s == pytest.approx(0.251 + 5)
    assert (sit.streams[0].start_s, sit.start_s) == (pytest.approx(0.2), 0)
    assert {s.place for s in fold.streams} == {"wrist"}
    assert fold.metadata["device"] == "watch"
    card = replace(
        CARD,
        n_recordings=3,
        subjects=("1600",),
        activities=("walking", "sitting", "folding_clothes"),
    )
    check_recordings(recordings, card)


def test_cut_where_the_clock_does_not_run_on(tmp_path):
    """Each stretch finds its partner; one without stands alone."""
    accel = records("A", 100, 0) + records("A", 100, 60) + records("A", 100, 30)
    gyro = records("A", 100, 30.5, "gyro") + records("A", 90, 59, "gyro")
    home = write(tmp_path, accel)
    write(tmp_path, gyro, "gyro")
    recordings = read_recordings(home)
    assert [r.name for r in recordings] == [
        f"1600-phone-walking-{i}" for i in (1, 2, 3)
    ]
    assert [len(r.streams) for r in recordings] == [1, 2, 2]
    assert [r.streams[0].start_s for r in recordings] == [0, 0, pytest.approx(1)]


def test_time_that_is_there_twice(tmp_path):
    """The file says some minutes again; they become a recording of their own."""
    home = write(tmp_path, records("B", 100, 0) + records("B", 90, 0.5))
    first, second = read_recordings(home)
    assert [r.streams[0].n_samples for r in (first, second)] == [100, 90]
    assert len(first.streams) == len(second.streams) == 1


def test_parts(tmp_path):
    for subject in (1600, 1650):
        for device in ("phone", "watch"):
            lines = records("C", 50, 0, device=device, subject=subject)
            write(tmp_path, lines, device=device, subject=subject)
    (one,) = load_wisdm_2019(data_dir=tmp_path, subjects=["1650"], device="watch")
    assert one.name == "1650-watch-stairs-1"
    both = load_wisdm_2019(data_dir=tmp_path, subjects=["1650"])
    assert [r.metadata["device"] for r in both] == ["phone", "watch"]
    with pytest.raises(DataError, match="51 subjects; those of '1601', '1602', .* are"):
        load_wisdm_2019(data_dir=tmp_path)
    with pytest.raises(ValueError, match="device must be one of 'phone', 'watch'; got"):
        load_wisdm_2019(data_dir=tmp_path, device="ring")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda line: line.replace(",A,", ",N,"), "of user 1600 and activities"),
        (
            lambda line: line.replace("1600,", "1601,"),
            "got 50 records, 50 of which are not",
        ),
        (lambda line: line[:20], "got 50 records, 50 of which are not"),
        (lambda line: "", "got 0 records"),
    ],
)
def test_broken_files(tmp_path, change, message):
    home = write(tmp_path, [change(line) for line in records("A", 50, 0)])
    with pytest.raises(DataError, match=message):
        read_recordings(home)


def test_card():
    check_card(CARD)
    assert "".join(LABELS) == "ABCDEFGHIJKLMOPQRS"
