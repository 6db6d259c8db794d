"""Skoda is read sensor by sensor, its numbers left out and the null class as null."""

import numpy as np
import pytest
from scipy.io import savemat

import sensorhar as sh
from sensorhar.datasets.skoda import CARD, LABELS, SENSORS, load_skoda, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY

N_EACH = 49


def make_arm(arm, codes):
    """Return the matrix of an arm: label, then number, milli-g, raw of each sensor."""
    rng = np.random.default_rng(len(arm))
    n = N_EACH * len(codes)
    columns = [np.repeat(codes, N_EACH)[:, None]]
    for number in reversed(SENSORS[arm]):  # in any order
        calibrated = rng.normal((0, 0, 1000), 20, (n, 3)) + number
        columns += [np.full((n, 1), number), calibrated, np.full((n, 3), 512)]
    return np.hstack(columns).astype(np.float64)


def write(folder, **arms):
    folder.mkdir(parents=True, exist_ok=True)
    for arm, matrix in arms.items():
        name = f"{arm}_classall_clean"
        savemat(folder / f"{name}.mat", {name: matrix})


def test_true_layout(tmp_path):
    right = make_arm("right", [32, *LABELS, 32])
    left = make_arm("left", [48, 32])
    write(tmp_path / "SkodaMiniCP_2015_08", right=right, left=left)
    recordings = load_skoda(data_dir=tmp_path, download=False)
    check_recordings(recordings, CARD)
    first, second = recordings
    assert (first.name, second.name) == ("right", "left")
    assert first.streams[0].channels[0] == sh.Channel(
        "right_arm_1_acc_x", "m/s^2", "accelerometer", "right_arm_1", has_gravity=True
    )
    block = 1 + 7 * SENSORS["right"][::-1].index(24)
    np.testing.assert_array_equal(
        first.stream_of("right_arm_24_acc_x").values,
        (right[:, block + 1 : block + 4] * (STANDARD_GRAVITY / 1000)).astype("f4"),
    )
    assert list(first.events.labels) == list(LABELS.values())
    np.testing.assert_allclose(first.events.start_s, np.arange(1, 11) / 2)
    np.testing.assert_allclose(first.events.stop_s, np.arange(2, 12) / 2)
    np.testing.assert_allclose(second.events.stop_s, [0.5])


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda m: m[:, :70], "must be a matrix of 71 columns of numbers; got .*70"),
        (lambda m: m[:0], "must be a matrix of 71 columns of numbers; got shape"),
        (lambda m: np.where(m == 48, 47, m), "must be among 48, 49.*; got 47.0"),
        (lambda m: np.where(m == 24, 25, m), "must hold sensors 1, 2, 14.*; got 1, 2"),
        (lambda m: m + np.arange(len(m))[:, None], "the number of one sensor in every"),
    ],
)
def test_broken_matrices(tmp_path, change, message):
    write(tmp_path, right=change(make_arm("right", [48, 32]).round()))
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path)


def test_broken_files(tmp_path):
    write(tmp_path, right=make_arm("right", [48]))
    content = (tmp_path / "right_classall_clean.mat").read_bytes()
    (tmp_path / "right_classall_clean.mat").write_bytes(content[:200])
    with pytest.raises(DataError, match="must be a MATLAB file; it cannot be read"):
        read_recordings(tmp_path)
    savemat(tmp_path / "right_classall_clean.mat", {"classall": np.ones((2, 71))})
    message = "must hold numbers called 'right_classall_clean'; it holds 'classall'"
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path)
    write(tmp_path, right=make_arm("right", [48]))
    with pytest.raises(DataError, match="must hold left_classall_clean.mat; it does"):
        read_recordings(tmp_path)
    write(tmp_path, right=np.where(make_arm("right", [48]) == 512, 512, 1e300))
    with pytest.raises(DataError, match="must hold the number of one sensor"):
        read_recordings(tmp_path)


def test_card():
    check_card(CARD)
    assert len(CARD.channels) == 60
