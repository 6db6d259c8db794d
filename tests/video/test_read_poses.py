"""Skeleton files of every format become poses of one length, or a clear refusal."""

import json
import pickle
from functools import partial

import numpy as np
import pytest

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.video import KINECT, PoseSequence, read_pose_file, read_poses
from tests.video.test_read_poses_kinect import msr
from tests.video.test_read_poses_mmaction2 import mmaction2
from tests.video.test_read_poses_ntu import ntu

read = partial(read_poses, progress=False)


def people(n_frames=2):
    rng = np.random.default_rng(0)
    return [[(1, rng.normal(size=(25, 3)).round(4))] for _ in range(n_frames)]


def test_a_folder_of_one_format(tmp_path):
    (tmp_path / "wave").mkdir()
    msr(tmp_path, "a08_s03_e02_skeleton3D.txt", n_frames=30)
    msr(tmp_path / "wave", "a01_s10_e01_skeleton3D.txt", n_frames=30)
    poses = read(tmp_path, n_frames=8, rate_hz=5, centre="hip_center")
    assert poses.names.tolist() == [
        "a08_s03_e02_skeleton3D.txt",
        "wave/a01_s10_e01_skeleton3D.txt",
    ]
    assert poses.y.tolist() == ["draw tick", "high arm wave"]
    assert poses.groups.tolist() == ["3", "10"]
    assert poses.spec.centre == "hip_center"
    assert "from hip_center" in repr(poses.spec)
    hip = KINECT.joints.index("hip_center")
    assert np.array_equal(np.asarray(poses)[:, :, hip], np.zeros((2, 8, 3)))
    named = read(tmp_path, labels="folder", groups=["a", "b"], n_frames=8)
    assert named.y.tolist() == [tmp_path.name, "wave"]
    assert named.groups.tolist() == ["a", "b"]
    table = tmp_path / "labels.csv"
    rows = ["file,label", "a08_s03_e02_skeleton3D,x", "a01_s10_e01_skeleton3D,y"]
    table.write_text("\n".join(rows))
    assert read(tmp_path, labels=table, n_frames=8).y.tolist() == ["x", "y"]


def test_each_format_by_its_ending(tmp_path):
    assert read_pose_file(ntu(tmp_path, people()))[0].label == "A008"
    path, _ = mmaction2(tmp_path)
    assert read_pose_file(path, source_rate_hz=10)[0].time_s[1] == 0.1
    points = [{"image_id": i, "keypoints": [1.0, 2.0, 0.9] * 17} for i in range(3)]
    coco = tmp_path / "anna.json"
    coco.write_text(json.dumps(points))
    assert read_pose_file(coco, source_rate_hz=25)[0].time_s[1] == 0.04
    with pytest.raises(ValueError, match="anna.json does not state its frames per sec"):
        read_pose_file(coco)
    with pytest.raises(ValueError, match="source_rate_hz must be a number of Hz above"):
        read_pose_file(coco, source_rate_hz=0)
    with pytest.raises(
        DataError, match="walk.bvh is not there: .* is no file. Correct"
    ):
        read_pose_file(tmp_path / "walk.bvh")
    other = path.rename(tmp_path / "walk.c3d")
    with pytest.raises(DataError, match=r"walk.c3d must end in .skeleton, .bvh"):
        read_pose_file(other)


def test_broken_files_are_named(tmp_path):
    for name in ("a01_s01_e01", "a02_s02_e01"):
        msr(tmp_path, f"{name}_skeleton3D.txt", n_frames=20)
    msr(tmp_path, "a03_s01_e01_skeleton3D.txt", n_frames=1)
    msr(tmp_path, "a04_s01_e01_skeleton3D.txt", n_frames=3)
    (tmp_path / "a05_s01_e01_skeleton3D.txt").write_bytes(b"")
    (tmp_path / "a06_s01_e01_skeleton3D.txt").write_text("1 2 3\n")
    (tmp_path / "evil.pkl").write_bytes(pickle.dumps({"annotations": [print]}))
    wanted = {
        "a03_s01_e01_skeleton3D.txt": "must hold at least two frames; it holds one",
        "a04_s01_e01_skeleton3D.txt": r"must last at least 0.9 s for 10 frames",
        "a05_s01_e01_skeleton3D.txt": "must hold skeletons; it is empty",
        "a06_s01_e01_skeleton3D.txt": "line 1 of a06.* must hold x, y, z",
        "evil.pkl": "evil.pkl must hold plain data; it asks for builtins.print",
    }
    for name, message in wanted.items():
        with pytest.raises(DataError, match=message):
            read(tmp_path / name, n_frames=10, rate_hz=10)
    with pytest.warns(
        SensorharWarning, match="5 skeletons are skipped: .*poses.skipped"
    ):
        poses = read(tmp_path, n_frames=10, rate_hz=10, on_error="skip")
    assert poses.y.tolist() == ["high arm wave", "horizontal arm wave"]
    assert [name for name, _ in poses.skipped] == list(wanted)
    assert poses[:1].skipped == poses.skipped
    assert pickle.loads(pickle.dumps(poses)).skipped == poses.skipped
    with pytest.raises(DataError, match="no skeleton can be read; the first: evil.pkl"):
        read(tmp_path / "evil.pkl", on_error="skip")


def test_missing_files_and_labels(tmp_path):
    path = msr(tmp_path, n_frames=5)
    with pytest.raises(DataError, match=r"gone.bvh is not there: .*correct the list"):
        read([path, tmp_path / "gone.bvh"])
    with pytest.raises(DataError, match="must be among 'run'; a08.* has 'draw tick'"):
        read(path, classes=["run"])
    with pytest.raises(DataError, match="must be among 'run'; a08.* has 'walk'"):
        read(path, labels=["walk"], classes=["run"])
    with pytest.warns(SensorharWarning, match="2 skeletons are skipped"):
        poses = read(
            [path, tmp_path / "gone.bvh", tmp_path / path.name],
            labels=["draw tick", "run", "walk"],
            classes=["draw tick", "run"],
            on_error="skip",
        )
    assert poses.y.tolist() == ["draw tick"]
    path.unlink()
    (tmp_path / "notes.md").write_text("nothing")
    with pytest.raises(DataError, match="must hold skeletons .*; it holds 'notes.md'"):
        read(tmp_path)
    with pytest.raises(ValueError, match="read_poses needs at least one file; got an"):
        read([])
    with pytest.raises(ValueError, match="on_error must be one of 'raise', 'skip'"):
        read(tmp_path, on_error="warn")


def test_sequences_are_taken_as_they_are():
    rise = np.arange(10.0)[:, None, None] * np.ones((1, 20, 3))
    one = PoseSequence(rise, np.arange(10) / 10, KINECT, label="rise", group="anna")
    poses = read([one, one], n_frames=4)
    assert poses.names.tolist() == ["sequence 0", "sequence 1"]
    assert (poses.y.tolist(), poses.groups.tolist()) == (["rise"] * 2, ["anna"] * 2)
    assert poses[0][:, 0, 0].tolist() == [0, 3, 6, 9]


def test_a_joint_never_seen():
    values = np.ones((10, 20, 3))
    values[:, 3] = np.nan
    one = PoseSequence(values, np.arange(10) / 10, KINECT, name="anna")
    with pytest.raises(DataError, match="anna lacks 'hip_center'"):
        read([one])
    assert np.asarray(read([one], missing="zero"))[0, :, 3].max() == 0


def test_real_files(real_data):
    folder = real_data / "UTD_MHAD" / "Skeleton"
    if not folder.is_dir():
        pytest.skip("UTD-MHAD is not on this machine")
    paths = sorted(folder.glob("a2[67]_s[12]_t1_*.mat"))
    poses = read(paths, n_frames=16, rate_hz=15, step_s=0.5)
    assert poses.classes == ("lunge", "squat")
    assert set(poses.groups) == {"1", "2"}
