"""Depth videos become clips, read when they are asked for."""

import numpy as np
import pytest
from scipy.io import savemat

from sensorhar.errors import DataError
from sensorhar.video import read_utd_mhad_depth


def test_depth_is_a_share_of_what_the_sensor_sees(tmp_path):
    depth_mm = np.zeros((24, 32, 8), np.uint16)
    depth_mm[6:18, 8:24] = 2000 + 160 * np.arange(8)
    depth_mm[:, :, 7] = 60_000
    for name in ("a22_s3_t1", "a1_s3_t2"):
        savemat(tmp_path / f"{name}_depth.mat", {"d_depth": depth_mm})
    clips = read_utd_mhad_depth(tmp_path, n_frames=4, size=24)
    assert clips.names.tolist() == ["a1_s3_t2", "a22_s3_t1"]
    assert clips.y.tolist() == ["swipe_left", "jogging_in_place"]
    assert (clips.groups.tolist(), clips.spec.channels) == (["3", "3"], ("depth",))
    middle = clips[0][:, 12, 12, 0] * 255
    assert middle.tolist() == pytest.approx([135, 155, 175, 255])  # frames 1, 3, 5, 7
    assert clips[0][0, 0, 0, 0] == 0
    assert len(read_utd_mhad_depth(tmp_path, subjects=["1"])) == 0


def test_broken_files_are_named_when_asked_for(tmp_path):
    savemat(tmp_path / "a1_s1_t1_depth.mat", {"depth": np.zeros((4, 4, 4))})
    clips = read_utd_mhad_depth(tmp_path)
    with pytest.raises(
        DataError, match="a1_s1_t1_depth.mat must hold 'd_depth' of shap"
    ):
        clips[0]
    with pytest.raises(
        DataError, match="must be a folder with depth videos of UTD-MHAD"
    ):
        read_utd_mhad_depth(tmp_path / "nowhere")


def test_real_files(real_data):
    folder = real_data / "UTD_MHAD" / "Depth"
    if not folder.is_dir():
        pytest.skip("the depth videos of UTD-MHAD are not on this machine")
    clips = read_utd_mhad_depth(folder, n_frames=8, size=48)
    assert len(clips) == 128
    assert (len(clips.classes), len(set(clips.groups))) == (8, 8)
    person = clips[0]
    assert 0.4 < person[person > 0].mean() < 0.8  # two to three metres away
