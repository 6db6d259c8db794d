"""Skeleton files: known positions, real files where they are, and refusals."""

import json
import pickle

import numpy as np
import pytest
from scipy.io import savemat

from sensorhar.errors import DataError
from sensorhar.video import (
    COCO,
    KINECT,
    KINECT_2,
    make_poses,
    read_bvh_poses,
    read_coco_keypoints,
    read_mmaction2_poses,
    read_ntu_skeleton,
    read_utd_mhad_poses,
)


def person(x, score=None, visible=2, **fields):
    """One annotation: all joints at (x + joint, 2 x)."""
    points = [[x + joint, 2 * x, visible] for joint in range(17)]
    row = {"keypoints": [number for point in points for number in point], **fields}
    return row if score is None else {**row, "score": score}


def test_coco_annotations(tmp_path):
    path = tmp_path / "walk.json"
    images = [{"id": i, "file_name": f"{name}.jpg"} for i, name in ((7, 10), (3, 9))]
    rows = [
        person(100, image_id=7, track_id=1),
        person(5, image_id=3, track_id=1),
        person(50, image_id=3, track_id=2, score=0.9),
    ]
    rows[0]["keypoints"][0:3] = [0, 0, 0]  # the nose is not seen
    path.write_text(json.dumps({"images": images, "annotations": rows}))
    one = read_coco_keypoints(path, rate_hz=10, label="walk", group="anna")
    assert one.positions[:, 1].tolist() == [[51, 100], [101, 200]]  # 9.jpg first
    assert np.isnan(one.positions[1, 0]).all()
    assert (one.skeleton, one.unit, one.name) == (COCO, "px", "walk")
    assert one.time_s.tolist() == [0, 0.1]
    followed = read_coco_keypoints(path, rate_hz=10, track_id=1)
    assert followed.positions[0, 1].tolist() == [6, 10]
    with pytest.raises(
        DataError, match="must hold anybody with track_id 9; it holds nob"
    ):
        read_coco_keypoints(path, rate_hz=10, track_id=9)
    with pytest.raises(
        ValueError, match="rate_hz must be a number of Hz above 0; got 0"
    ):
        read_coco_keypoints(path, rate_hz=0)


def test_coco_results(tmp_path):
    path = tmp_path / "results.json"
    rows = [
        person(10, 0.3, 0.9, image_id="10.jpg"),
        person(20, 0.8, 0.9, image_id="10.jpg"),
        person(30, 0.5, 0.2, image_id="9.jpg"),
    ]
    path.write_text(json.dumps(rows))
    one = read_coco_keypoints(path, rate_hz=25)
    assert one.positions[:, 0, 0].tolist() == [30, 20]
    sure = read_coco_keypoints(path, rate_hz=25, min_score=0.5)
    assert np.isnan(sure.positions[0]).all()
    for rows, message in (
        (
            [{"keypoints": [1, 2]}],
            "annotation 0 of results.json must have 'keypoints' of 51",
        ),
        ([3], "annotation 0 of results.json must have"),
        ([], "must hold anybody; it holds nobody"),
    ):
        path.write_text(json.dumps(rows))
        with pytest.raises(DataError, match=message):
            read_coco_keypoints(path, rate_hz=25)


def test_coco_with_joints_of_ones_own(tmp_path):
    path = tmp_path / "hand.json"
    fields = {
        "images": [{"id": 1, "file_name": "1.png"}],
        "annotations": [{"image_id": 1, "keypoints": [1, 2, 2, 3, 4, 2]}],
        "categories": [{"keypoints": ["left_thumb", "right_thumb"]}],
    }
    path.write_text(json.dumps(fields))
    one = read_coco_keypoints(path, rate_hz=1)
    assert one.skeleton.mirrored == (1, 0)
    assert one.positions.tolist() == [[[1, 2], [3, 4]]]


def test_kinect_of_utd_mhad(tmp_path):
    values = np.arange(20 * 3 * 5, dtype=float).reshape(20, 3, 5)
    for name in ("a22_s3_t1", "a1_s3_t2"):
        savemat(tmp_path / f"{name}_skeleton.mat", {"d_skel": values})
    first, second = read_utd_mhad_poses(tmp_path)
    assert (first.name, first.label, first.group) == ("a1_s3_t2", "swipe_left", "3")
    assert second.label == "jogging_in_place"
    assert first.positions[2, 7].tolist() == values[7, :, 2].tolist()
    assert (first.skeleton, first.time_s[1]) == (KINECT, 1 / 30)
    assert read_utd_mhad_poses(tmp_path, subjects=["1"]) == []
    savemat(tmp_path / "a1_s3_t3_skeleton.mat", {"d_skel": values[:, :2]})
    with pytest.raises(
        DataError, match=r"a1_s3_t3_skeleton.mat must hold 'd_skel' of sh"
    ):
        read_utd_mhad_poses(tmp_path)
    with pytest.raises(DataError, match="must be a folder with skeletons of UTD-MHAD"):
        read_utd_mhad_poses(tmp_path / "nowhere")


def body(identity, positions):
    lines = [f"{identity} 0 1 1 1 1 0 0.01 -0.2 2", "25"]
    lines += [f"{x} {y} {z} 1 2 3 4 5 6 7 8 2" for x, y, z in positions]
    return lines


def ntu(folder, frames, name="S001C001P007R001A008.skeleton"):
    lines = [str(len(frames))]
    for bodies in frames:
        lines.append(str(len(bodies)))
        for one in bodies:
            lines += body(*one)
    path = folder / name
    path.write_text("\r\n".join(lines) + "\r\n")
    return path


def test_ntu_takes_who_moves(tmp_path):
    rng = np.random.default_rng(0)
    still = np.ones((25, 3))
    moving = rng.normal(size=(3, 25, 3)).round(4)
    path = ntu(tmp_path, [[(1, still), (2, moving[0])], [(1, still)], [(2, moving[2])]])
    one = read_ntu_skeleton(path)
    assert np.array_equal(one.positions[[0, 2]], moving[[0, 2]])
    assert np.isnan(one.positions[1]).all()
    assert (one.label, one.group, one.skeleton) == ("A008", "P007", KINECT_2)
    words = [f"action {i}" for i in range(1, 61)]
    assert read_ntu_skeleton(path, labels=words).label == "action 8"
    assert np.isfinite(np.asarray(make_poses([one]))).all()
    with pytest.raises(
        DataError, match="is of action 8; labels name 3. Pass the labels"
    ):
        read_ntu_skeleton(path, labels=words[:3])


def test_broken_ntu(tmp_path):
    path = ntu(tmp_path, [[(1, np.ones((25, 3)))]])
    text = path.read_text()
    for change, message in (
        (text[:-60], r"A008.skeleton (ends where|must hold)|twelve numbers of a joint"),
        (
            text.replace("1.0 1.0 1.0 1", "1.0 x 1.0 1", 1),
            "line 5 .* twelve numbers of a",
        ),
        (text.replace("\n25\n", "\n24\n"), "a body in frame 0 .* must have 25 joints"),
        ("2\n0\n0\n", "must hold a body; none of its 2 frames does"),
        ("2\n0\n", "ends where the number of bodies must follow"),
        ("x\n", "line 1 of .* must hold the number of frames; got 'x'"),
    ):
        path.write_text(change)
        with pytest.raises(DataError, match=message):
            read_ntu_skeleton(path)


def test_bvh_has_joints_and_bones(tmp_path):
    path = tmp_path / "step.bvh"
    path.write_text(
        "HIERARCHY\nROOT Hips {\nOFFSET 0 0 0\n"
        "CHANNELS 3 Xposition Yposition Zposition\n"
        "JOINT LeftLeg {\nOFFSET 0 -50 0\nCHANNELS 1 Xrotation\n"
        "End Site {\nOFFSET 0 -50 0\n}\n}\n"
        "JOINT RightLeg {\nOFFSET 0 -50 0\nCHANNELS 1 Xrotation\n"
        "JOINT RightFoot {\nOFFSET 0 -50 0\nCHANNELS 1 Xrotation\n"
        "End Site {\nOFFSET 0 -20 0\n}\n}\n}\n}\n"
        "MOTION\nFrames: 2\nFrame Time: 0.05\n0 100 0 0 0 0\n0 102 0 0 90 0\n"
    )
    one = read_bvh_poses(path, unit="cm", label="step", group="anna")
    assert one.skeleton.joints == ("hips", "left_leg", "right_leg", "right_foot")
    assert one.skeleton.edges == ((0, 1), (0, 2), (2, 3))
    assert one.positions[1, 3] == pytest.approx([0, 0.52, -0.5])  # the leg is raised
    assert (one.name, one.label, one.group, one.unit) == ("step", "step", "anna", "m")


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


def test_real_files(real_data):
    folder = real_data / "UTD_MHAD" / "Skeleton"
    if not folder.is_dir():
        pytest.skip("UTD-MHAD is not on this machine")
    sequences = read_utd_mhad_poses(folder)
    assert len(sequences) == 861
    assert {one.group for one in sequences} == set("12345678")
    poses = make_poses(sequences, n_frames=16, centre="hip_center")
    assert len(poses.classes) == 27
    head = poses.spec.skeleton.joints.index("head")
    height = np.asarray(poses)[:, :, head, 1].mean()
    assert 0.4 < height < 0.9  # m above the hip
    for name, n_frames in (("test_freebvh", 69), ("test_mocapbank", 455)):
        one = read_bvh_poses(real_data / "video" / "bvh" / f"{name}.bvh")
        assert len(one.positions) == n_frames
        bones = np.array(one.skeleton.edges)
        assert len(bones) == one.skeleton.n_joints - 1
        length = np.linalg.norm(
            one.positions[:, bones[:, 1]] - one.positions[:, bones[:, 0]], axis=2
        )
        assert np.ptp(length, axis=0).max() < 1e-9  # bones keep their length
