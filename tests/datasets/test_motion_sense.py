"""MotionSense is read by column name, in the signs of iOS unless told otherwise."""

from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets.motion_sense import (
    CARD,
    LABELS,
    load_motion_sense,
    read_recordings,
)
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY

COLUMNS = [
    *("attitude.roll", "attitude.pitch", "attitude.yaw"),
    *(
        f"{name}.{axis}"
        for name in ("gravity", "rotationRate", "userAcceleration")
        for axis in "xyz"
    ),
]


def write(root, trial="dws_1", subject=1, n_samples=100, deeper=""):
    """Write a trial as published: a line of names that begins with an empty one."""
    folder = root / "A_DeviceMotion_data" / deeper / trial
    folder.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(subject)
    values = rng.normal(0, 0.02, (n_samples, 12))
    values[:, 3:6] = 0, 0, -1  # face up: iOS reads -1 g on z
    lines = [
        ",".join([str(i), *(repr(float(v)) for v in row)])
        for i, row in enumerate(values)
    ]
    text = "\n".join([",".join(["", *COLUMNS]), *lines]) + "\n"
    (folder / f"sub_{subject}.csv").write_text(text)
    return folder / f"sub_{subject}.csv", values


@pytest.mark.parametrize("deeper", ["", "A_DeviceMotion_data"])
def test_true_layout(tmp_path, deeper):
    _, values = write(tmp_path, "sit_5", 3, deeper=deeper)
    write(tmp_path, "jog_16", 24, deeper=deeper)
    (tmp_path / "A_DeviceMotion_data" / ".DS_Store").write_text("x")
    recordings = read_recordings(tmp_path)
    assert [r.name for r in recordings] == ["jog_16-sub_24", "sit_5-sub_3"]
    one = recordings[1]
    assert one.subject == "3"
    assert dict(one.metadata) == {"platform": "ios", "signs": "ios"}
    gravity, turn, user = values[:, 3:6], values[:, 6:9], values[:, 9:]
    for prefix, expected in (
        ("acc", (gravity + user) * STANDARD_GRAVITY),
        ("lin", user * STANDARD_GRAVITY),
        ("grav", gravity * STANDARD_GRAVITY),
        ("gyr", turn),
    ):
        np.testing.assert_allclose(
            one.stream_of(f"{prefix}_x").values, expected, atol=1e-6
        )
    assert one.channel("acc_z")[1].mean() == pytest.approx(-9.81, abs=0.1)
    assert one.stream_of("acc_x").channels[0] == sh.Channel(
        "acc_x", "m/s^2", "accelerometer", "pocket", has_gravity=True
    )
    assert tuple(one.events[0])[:3] == (0, 2, "sitting")
    card = replace(
        CARD, n_recordings=2, subjects=("3", "24"), activities=("sitting", "jogging")
    )
    check_recordings(recordings, card)


def test_signs_of_android(tmp_path):
    """All accelerations turn around, the rotation does not."""
    write(tmp_path, "std_6")
    (ios,) = read_recordings(tmp_path)
    (android,) = load_motion_sense(data_dir=tmp_path, subjects=["1"], signs="android")
    assert android.channel("acc_z")[1].mean() == pytest.approx(9.81, abs=0.1)
    for one, other in zip(ios.streams, android.streams, strict=True):
        sign = 1 if one.kind == "gyroscope" else -1
        np.testing.assert_array_equal(other.values, sign * one.values)
    assert android.metadata["signs"] == "android"
    with pytest.raises(ValueError, match="signs must be one of 'android', 'ios'; got"):
        load_motion_sense(data_dir=tmp_path, signs="apple")


def test_some_subjects(tmp_path):
    for subject in range(1, 25):
        write(tmp_path, "wlk_7", subject)
    (one,) = load_motion_sense(data_dir=tmp_path, subjects=["24"])
    assert one.subject == "24"
    with pytest.raises(DataError, match="must have 360 recordings; got 24"):
        load_motion_sense(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda t: t.replace("gravity.x", "grav.x"), "it lacks 'gravity.x'. Fetch"),
        (lambda t: t[: t.find("\n") + 1], "must hold finite numbers; got 0 lines"),
        (lambda t: t[:-40], "must hold finite numbers; got 100 lines with"),
        (lambda t: t.replace("-1.0", "down", 1), "table of numbers; it cannot be read"),
        (lambda t: t.replace("-1.0", "inf", 1), "got 100 lines with 1 that are not"),
        (lambda t: "", "must be a table of numbers; it cannot be read"),
    ],
)
def test_broken_files(tmp_path, change, message):
    path, _ = write(tmp_path)
    path.write_text(change(path.read_text()))
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path)


def test_unknown_trial(tmp_path):
    write(tmp_path, "run_1")
    with pytest.raises(DataError, match="must be named after 'dws', .*; got folder 'r"):
        read_recordings(tmp_path)


def test_card():
    check_card(CARD)
    assert len(LABELS) == 6
