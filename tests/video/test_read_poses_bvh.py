"""Motion capture becomes joints and bones."""

import numpy as np
import pytest

from sensorhar.video import read_bvh_poses


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


def test_real_files(real_data):
    folder = real_data / "video" / "bvh"
    if not folder.is_dir():
        pytest.skip("the files of motion capture are not on this machine")
    for name, n_frames in (("test_freebvh", 69), ("test_mocapbank", 455)):
        one = read_bvh_poses(folder / f"{name}.bvh")
        assert len(one.positions) == n_frames
        bones = np.array(one.skeleton.edges)
        assert len(bones) == one.skeleton.n_joints - 1
        length = np.linalg.norm(
            one.positions[:, bones[:, 1]] - one.positions[:, bones[:, 0]], axis=2
        )
        assert np.ptp(length, axis=0).max() < 1e-9  # bones keep their length
