"""Skeletons of the first Kinect: UTD-MHAD and MSR-Action3D."""

import numpy as np
import pytest
from scipy.io import savemat

from sensorhar.errors import DataError
from sensorhar.video import (
    KINECT,
    make_poses,
    read_msr_action3d,
    read_utd_mhad_poses,
)


def test_kinect_of_utd_mhad(tmp_path):
    values = np.arange(20 * 3 * 5, dtype=float).reshape(20, 3, 5)
    for name in ("a22_s3_t1", "a1_s3_t2"):
        savemat(tmp_path / f"{name}_skeleton.mat", {"d_skel": values})
    first, second = read_utd_mhad_poses(tmp_path)
    assert (first.name, first.label, first.group) == ("a1_s3_t2", "swipe_left", "3")
    assert second.label == "jogging_in_place"
    assert first.positions[2, 7].tolist() == values[7, :, 2].tolist()
    assert (first.skeleton, first.time_s[1]) == (KINECT, 1 / 30)
    assert len(read_utd_mhad_poses(tmp_path, subjects=[3])) == 2
    with pytest.raises(ValueError, match="must be some of 3, of whom .* got '1'"):
        read_utd_mhad_poses(tmp_path, subjects=["1", "3"])
    savemat(tmp_path / "a1_s3_t3_skeleton.mat", {"d_skel": values[:, :2]})
    with pytest.raises(
        DataError, match=r"a1_s3_t3_skeleton.mat must hold 'd_skel' of sh"
    ):
        read_utd_mhad_poses(tmp_path)
    with pytest.raises(DataError, match="must be a folder with skeletons of UTD-MHAD"):
        read_utd_mhad_poses(tmp_path / "nowhere")


def msr(folder, name="a08_s03_e02_skeleton3D.txt", n_frames=3):
    """Joint j of frame f at (j / 10, f / 10, 3), joints counted as in the file."""
    lines = [
        f"{joint / 10} {frame / 10} 3.0 0.9"
        for frame in range(n_frames)
        for joint in range(1, 21)
    ]
    path = folder / name
    path.write_text("\r\n".join(lines) + "\r\n")
    return path


def test_msr_action3d_in_the_order_of_kinect(tmp_path):
    path = msr(tmp_path)
    msr(tmp_path, "a01_s10_e01_skeleton3D.txt", n_frames=2)
    (tmp_path / "readme.txt").write_text("not a skeleton")
    first, one = read_msr_action3d(tmp_path)
    assert (first.label, first.group, len(first.positions)) == (
        "high arm wave",
        "10",
        2,
    )
    assert (one.name, one.label, one.group) == ("a08_s03_e02", "draw tick", "3")
    assert (one.skeleton, one.unit, one.time_s[1]) == (KINECT, "m", 1 / 15)
    at = {name: one.positions[2, i] for i, name in enumerate(KINECT.joints)}
    # Joints 20, 3, 4 and 7 are the trunk in the drawing that comes with the set.
    trunk = ("head", "shoulder_center", "spine", "hip_center")
    assert [at[name][0] for name in trunk] == pytest.approx([2.0, 0.3, 0.4, 0.7])
    arm = ("left_shoulder", "left_elbow", "left_wrist", "left_hand")
    assert [at[name][0] for name in arm] == pytest.approx([0.1, 0.8, 1.0, 1.2])
    leg = ("right_hip", "right_knee", "right_ankle", "right_foot")
    assert [at[name][0] for name in leg] == pytest.approx([0.6, 1.5, 1.7, 1.9])
    assert at["head"].tolist() == pytest.approx([2.0, 0.2, 3.0])
    assert read_msr_action3d(path)[0].name == "a08_s03_e02"
    assert read_msr_action3d(tmp_path, subjects=["10"])[0].group == "10"


def test_msr_action3d_in_the_picture(tmp_path):
    rows = [f"{100 + joint} {joint} 3000 1" for joint in range(20)]
    rows[19] = "0 0 0 0"  # the head was not seen
    path = tmp_path / "a20_s01_e01_skeleton.txt"
    path.write_text("\n".join(rows * 2))
    (one,) = read_msr_action3d(path)
    assert (one.unit, one.positions.shape, one.label) == (
        *("px", (2, 20, 2)),
        "pickup & throw",
    )
    assert np.isnan(one.positions[:, 0]).all()
    assert one.positions[0, 4].tolist() == [100, 0]


def test_broken_msr_action3d(tmp_path):
    path = msr(tmp_path)
    text = path.read_text()
    for change, message in (
        (text + "1 2 3 4\n", "must have 20 lines a frame; it has 61 lines, which ends"),
        (
            text.replace("3.0 0.9", "3.0", 1),
            "line 1 of a08.* must hold x, y, z and",
        ),
        (text.replace("3.0", "nan", 1), "line 1 of a08.* must hold x, y, z and conf"),
        ("", "must have 20 lines a frame; it has 0 lines"),
    ):
        path.write_text(change)
        with pytest.raises(DataError, match=message):
            read_msr_action3d(path)
    path.unlink()
    with pytest.raises(DataError, match="must be of an action from 1 to 20; got 21"):
        read_msr_action3d(msr(tmp_path, "a21_s01_e01_skeleton3D.txt"))
    with pytest.raises(DataError, match="must hold skeletons of MSR-Action3D, named"):
        read_msr_action3d(msr(tmp_path, "anna.txt"))


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
