"""UTD-MHAD is read trial by trial, with the place that belongs to the action."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.io import savemat

import sensorhar as sh
from sensorhar.datasets.utd_mhad import (
    CARD,
    LABELS,
    load_utd_mhad,
    read_recordings,
)
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY


def put(root, action, subject, trial, values=None, name="d_iner"):
    folder = root / "Inertial"
    folder.mkdir(exist_ok=True)
    if values is None:
        rng = np.random.default_rng(action)
        values = rng.normal(0, 0.1, (120 + trial, 6)) + np.eye(6)[1] + 90 * np.eye(6)[5]
    path = folder / f"a{action}_s{subject}_t{trial}_inertial.mat"
    savemat(path, {name: values}, do_compression=True)
    return values


def test_true_layout(tmp_path):
    values = put(tmp_path, 10, 2, 1)
    put(tmp_path, 22, 1, 4)
    put(tmp_path, 2, 2, 2)
    (tmp_path / "Inertial" / "notes.txt").write_text("x")
    recordings = read_recordings(tmp_path)
    assert [r.name for r in recordings] == ["a2_s2_t2", "a10_s2_t1", "a22_s1_t4"]
    at_wrist, at_thigh = recordings[1:]
    acc, gyr = at_wrist.streams
    np.testing.assert_array_equal(
        acc.values, (values[:, :3] * STANDARD_GRAVITY).astype(np.float32)
    )
    np.testing.assert_allclose(gyr.values, np.deg2rad(values[:, 3:]), rtol=1e-6)
    assert acc.channels[1] == sh.Channel(
        "acc_y", "m/s^2", "accelerometer", "wrist", has_gravity=True
    )
    assert {s.place for s in at_thigh.streams} == {"thigh"}
    assert at_thigh.subject == "1"
    event = at_wrist.events[0]
    assert tuple(event)[:3] == (0, 121 / 50, "draw_circle_counterclockwise")
    card = replace(
        CARD,
        n_recordings=3,
        subjects=("1", "2"),
        activities=tuple(LABELS[a] for a in (2, 10, 22)),
    )
    check_recordings(recordings, card)


def test_some_subjects(tmp_path):
    put(tmp_path, 1, 1, 1)
    put(tmp_path, 1, 2, 1)
    (one,) = load_utd_mhad(data_dir=tmp_path, subjects=["2"])
    assert one.subject == "2"
    with pytest.raises(DataError, match="8 subjects; those of '3' are missing"):
        load_utd_mhad(data_dir=tmp_path, subjects=["2", "3"])
    with pytest.raises(ValueError, match="must be some of 1, 2, .*; got '9'"):
        load_utd_mhad(data_dir=tmp_path, subjects=["9"])


def test_a_part_does_not_pass_for_all(tmp_path):
    for subject in range(1, 9):
        put(tmp_path, 1, subject, 1)
    with pytest.raises(DataError, match="must have 861 recordings; got 8"):
        load_utd_mhad(data_dir=tmp_path)


def test_it_cannot_be_downloaded(tmp_path):
    with pytest.raises(DataError, match=r"cannot be fetched by a program .*Inertial\."):
        load_utd_mhad(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("values", "name", "message"),
    [
        (
            np.ones((50, 5)),
            "d_iner",
            r"'d_iner' of shape \(n_samples, 6\); got \(50, 5",
        ),
        (np.ones((50, 6)), "d_skel", r"must hold 'd_iner' of shape .* got \(\)"),
        (np.full((9, 6), np.nan), "d_iner", "finite numbers; got 54 in 'd_iner'"),
    ],
)
def test_broken_files(tmp_path, values, name, message):
    put(tmp_path, 1, 1, 1, values, name)
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path)


def test_cut_short(tmp_path):
    put(tmp_path, 1, 1, 1)
    path = tmp_path / "Inertial" / "a1_s1_t1_inertial.mat"
    path.write_bytes(path.read_bytes()[:300])
    with pytest.raises(DataError, match="must be a MATLAB file; it cannot be read"):
        read_recordings(tmp_path)


def test_unknown_action(tmp_path):
    put(tmp_path, 28, 1, 1)
    with pytest.raises(DataError, match="actions must be 1 to 27; got 'a28_s1"):
        read_recordings(tmp_path)


def test_card():
    check_card(CARD)


def test_published_files(real_data):
    """Counts of SOURCE.txt, and what the card says of them."""
    if not (real_data / "UTD_MHAD" / "Inertial").is_dir():
        pytest.skip("UTD_MHAD is not beside the other real data sets")
    recordings = load_utd_mhad(data_dir=real_data, download=False)
    check_recordings(recordings, CARD)
    labels = np.array([r.events.labels[0] for r in recordings])
    counts = {a: int((labels == LABELS[a]).sum()) for a in LABELS}
    assert [a for a, n in counts.items() if n != 32] == [8, 23, 27]
    assert {counts[a] for a in (8, 23, 27)} == {31}
    lengths = [r.streams[0].n_samples for r in recordings]
    assert (min(lengths), max(lengths), sum(lengths)) == (107, 326, 155_638)
    # A standing person's thigh sensor reads gravity before sitting down.
    sizes = [
        np.median(np.linalg.norm(r.streams[0].values[:10], axis=1))
        for r in recordings
        if r.events.labels[0] == "stand_to_sit"
    ]
    assert 0.95 < np.median(sizes) / STANDARD_GRAVITY < 1.05
