"""Skeleton files of MMAction2: one person of each clip, and refusals."""

import pickle

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.video import COCO, KINECT_2, read_mmaction2_poses


def mmaction2(folder, **changed):
    rng = np.random.default_rng(0)
    keypoint = rng.uniform(1, 100, (2, 6, 17, 2)).astype(np.float16)
    score = np.ones((2, 6, 17), np.float16) * np.array([0.2, 0.9])[:, None, None]
    score[1, 3, 5] = 0
    row = {
        "frame_dir": "S001C001P003R001A002",
        "label": 1,
        "keypoint": keypoint,
        "keypoint_score": score.astype(np.float16),
        "total_frames": 6,
    }
    row.update(changed)
    row = {key: value for key, value in row.items() if value is not None}
    data = {
        "split": {"train": ["x"], "val": ["S001C001P003R001A002"]},
        "annotations": [row],
    }
    path = folder / "pose.pkl"
    path.write_bytes(pickle.dumps(data))
    return path, keypoint


def test_mmaction2_poses(tmp_path):
    path, keypoint = mmaction2(tmp_path)
    (one,) = read_mmaction2_poses(path, labels=["sit", "stand"], split="val")
    assert np.isnan(one.positions[3, 5]).all()
    seen = np.isfinite(one.positions)
    assert np.array_equal(one.positions[seen], keypoint[1].astype(float)[seen])
    assert (one.label, one.group, one.split) == ("stand", "P003", "val")
    assert (one.skeleton, one.unit) == (COCO, "px")
    assert read_mmaction2_poses(path, split="train") == []
    ntu_points = np.zeros((2, 4, 25, 3), np.float32)
    ntu_points[0, :, 3] = np.arange(4)[:, None]
    path, _ = mmaction2(tmp_path, keypoint=ntu_points, keypoint_score=None)
    (one,) = read_mmaction2_poses(path)
    assert (one.skeleton, one.unit, one.label) == (KINECT_2, "m", "1")
    assert one.positions[:, 3, 0].tolist() == [0, 1, 2, 3]  # who moves
    with pytest.raises(
        ValueError, match="split must be one of 'train', 'val'; got 'te"
    ):
        read_mmaction2_poses(path, split="test")


def test_broken_mmaction2_poses(tmp_path):
    for changed, message in (
        ({"keypoint": None}, r"annotation 0 of pose.pkl must have 'keypoint' of shape"),
        ({"keypoint": np.zeros((1, 2, 18, 2))}, r"got shape \(1, 2, 18, 2\) beside"),
        (
            {"keypoint_score": np.zeros((1, 6, 17))},
            r"'keypoint_score' of shape \(2, 6, 17",
        ),
        ({"label": "run"}, "must have a label that is a whole number; got 'run'"),
    ):
        path, _ = mmaction2(tmp_path, **changed)
        with pytest.raises(DataError, match=message):
            read_mmaction2_poses(path)
    path, _ = mmaction2(tmp_path)
    with pytest.raises(DataError, match="must have a label that is below 1; got 1"):
        read_mmaction2_poses(path, labels=["sit"])
    path.write_bytes(pickle.dumps({"annotations": 3}))
    with pytest.raises(
        DataError, match="pose.pkl must hold a list of 'annotations'; got"
    ):
        read_mmaction2_poses(path)
