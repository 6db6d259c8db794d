"""USC-HAD is read trial by trial, whatever the field of the activity is called."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.io import savemat

import sensorhar as sh
from sensorhar.datasets.usc_had import CARD, LABELS, load_usc_had, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY


def put(root, subject, activity, trial, values=None, **fields):
    """Write a trial with the fields of the published files, which hold text."""
    folder = root / f"Subject{subject}"
    folder.mkdir(parents=True, exist_ok=True)
    if values is None:
        rng = np.random.default_rng(activity)
        values = rng.normal(0, 0.02, (300, 6)) + np.array([1, 0, 0, 0, 180, 0])
    content = {
        "title": "USC Human Motion Database",
        "version": "1.0",
        "subject": str(subject),
        "activity_number": str(activity),
        "trial": str(trial),
        "sensor_location": "front-right-hip",
        "sensor_readings": values,
        **fields,
    }
    content = {key: value for key, value in content.items() if value is not None}
    savemat(folder / f"a{activity}t{trial}.mat", content)
    return values


def test_true_layout(tmp_path):
    values = put(tmp_path, 1, 8, 2)
    put(tmp_path, 1, 12, 1)
    put(tmp_path, 13, 9, 1, activity_number=None, activity_numbr="9")
    recordings = read_recordings(tmp_path)
    assert [r.name for r in recordings] == [
        "subject01-sitting-2",
        "subject01-elevator_down-1",
        "subject13-standing-1",
    ]
    acc, gyr = recordings[0].streams
    np.testing.assert_array_equal(
        acc.values, (values[:, :3] * STANDARD_GRAVITY).astype(np.float32)
    )
    np.testing.assert_allclose(gyr.values, np.deg2rad(values[:, 3:]), rtol=1e-6)
    assert acc.time_s[1] == 0.01
    assert acc.channels[0] == sh.Channel(
        "acc_x", "m/s^2", "accelerometer", "hip", has_gravity=True
    )
    assert tuple(recordings[0].events[0])[:3] == (0, 3, "sitting")
    card = replace(
        CARD,
        n_recordings=3,
        subjects=("1", "13"),
        activities=("sitting", "elevator_down", "standing"),
    )
    check_recordings(recordings, card)


def test_some_subjects(tmp_path):
    put(tmp_path, 1, 1, 1)
    put(tmp_path, 14, 1, 1)
    (one,) = load_usc_had(data_dir=tmp_path, subjects=["14"])
    assert one.subject == "14"
    with pytest.raises(DataError, match="14 subjects; those of '2' are missing"):
        load_usc_had(data_dir=tmp_path, subjects=["1", "2"])


def test_a_part_does_not_pass_for_all(tmp_path):
    for subject in range(1, 15):
        put(tmp_path, subject, 1, 1)
    with pytest.raises(DataError, match="must have 840 recordings; got 14"):
        load_usc_had(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"activity_number": "4"}, "activity of 1 to 12, the same as its name; got 4"),
        ({"activity_number": "walk"}, "the same as its name; got 'walk'"),
        ({"sensor_readings": np.ones((5, 3))}, r"shape \(n_samples, 6\); got \(5, 3\)"),
        ({"sensor_readings": None}, r"'sensor_readings' of shape .*got \(\)"),
        ({"sensor_readings": np.ones((0, 6))}, r"got \(0, 6\)"),
        ({"sensor_readings": np.full((5, 6), np.inf)}, "must hold finite numbers; go"),
    ],
)
def test_broken_files(tmp_path, fields, message):
    put(tmp_path, 1, 1, 1, **fields)
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path)


def test_unknown_activity(tmp_path):
    put(tmp_path, 1, 13, 1)
    with pytest.raises(DataError, match="activity of 1 to 12"):
        read_recordings(tmp_path)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.7])
def test_cut_short(tmp_path, share):
    put(tmp_path, 1, 1, 1)
    path = tmp_path / "Subject1" / "a1t1.mat"
    content = path.read_bytes()
    path.write_bytes(content[: int(share * len(content))])
    with pytest.raises(DataError, match="must be a MATLAB file; it cannot be read"):
        read_recordings(tmp_path)


def test_card():
    check_card(CARD)
    assert CARD.n_recordings == 14 * len(LABELS) * 5
