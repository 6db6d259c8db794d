"""``sensorhar video read``."""

import json

import numpy as np
import pytest
from PIL import Image

from tests.video.conftest import encode, moving_bar
from tests.video.test_read_poses_kinect import msr

BAR = moving_bar()


@pytest.fixture(scope="module")
def av():
    return pytest.importorskip(
        "av", reason='PyAV is not installed: pip install "sensorhar[video]"'
    )


@pytest.fixture
def video(av, tmp_path):
    return encode(av, tmp_path / "bar.mp4", BAR)


def test_one_video(video, run):
    result = run("video", "read", video)
    assert result.code == 0
    header, row = result.out.splitlines()
    assert header.split() == [
        *("file", "frames", "size", "Hz", "duration", "rate", "sound", "codec"),
    ]
    assert row.split() == [
        *(str(video), "24", "48", "x", "64", "25", "0.96", "s", "even", "no", "mpeg4"),
    ]
    (fact,) = json.loads(run("video", "read", video, "--json").out)
    assert (fact["kind"], fact["n_frames"], fact["is_even"]) == ("video", 24, True)


def test_a_folder_with_broken_files(av, video, tmp_path, run):
    (tmp_path / "deep").mkdir()
    stamps = [40 * i for i in range(12)] + [2000 + 40 * i for i in range(12)]
    encode(av, tmp_path / "deep" / "uneven.mp4", BAR, stamps_ms=stamps)
    (tmp_path / "text.mp4").write_text("no video" * 99)
    result = run("video", "read", tmp_path)
    assert result.code == 0
    assert "varies (1)" in result.out
    problem = result.out.splitlines()[-1]
    assert problem.startswith(f"problem in {tmp_path / 'text.mp4'}: text.mp4 must be")
    facts = json.loads(run("video", "read", tmp_path, "--json").out)
    assert [fact.get("problem", "")[:8] for fact in facts] == ["", "", "text.mp4"]


def test_nothing_to_read(tmp_path, refused):
    path = tmp_path / "empty.mp4"
    path.write_bytes(b"")
    assert "empty.mp4 must be a video; it is empty" in refused("video", "read", path)
    assert "must be a file; there is none" in refused("video", "read", "gone.mp4")
    folder = tmp_path / "folder"
    folder.mkdir()
    assert "must hold videos or folders of pict" in refused("video", "read", folder)


def test_skeletons(tmp_path, run):
    msr(tmp_path, n_frames=30)
    (tmp_path / "a03_s01_e01_skeleton3D.txt").write_text("1 2 3\n")
    result = run("video", "read", tmp_path)
    row = result.out.splitlines()[1].split()
    assert (
        row[-11:]
        == [
            *("30", "20", "x", "3", "m", "15", "2", "s", "0%", "draw", "tick", "3"),
        ][-11:]
    )
    assert "problem in" in result.out
    assert "line 1 of a03" in result.out
    points = [{"image_id": i, "keypoints": [1.0, 2.0, 0.9] * 17} for i in range(3)]
    coco = tmp_path / "anna.json"
    coco.write_text(json.dumps(points))
    (fact,) = json.loads(run("video", "read", coco, "--json").out)
    assert (fact["kind"], fact["n_frames"], "rate_hz" in fact) == ("poses", 3, False)
    words = ["video", "read", coco, "--json", "--source-rate", "10"]
    assert json.loads(run(*words).out)[0]["rate_hz"] == pytest.approx(10)


def test_lists(tmp_path, run):
    path = tmp_path / "labels.csv"
    path.write_text("file,label,group,split\na,run,x,train\nb,walk,y,test\n")
    out = run("video", "read", path).out
    assert out == (
        f"{path}: 2 clips, 2 labels, 2 groups, 1 test, 1 train\n"
        "  labels: 'run', 'walk'\n"
    )
    (fact,) = json.loads(run("video", "read", path, "--json").out)
    assert fact["parts"] == {"train": 1, "test": 1}
    folder = tmp_path / "thumos"
    folder.mkdir()
    (folder / "Run_val.txt").write_text("video_val_1  1.0 2.0\nvideo_val_1  3.0 4.0\n")
    assert "1 untrimmed videos, 1 labels, 2 events" in run("video", "read", folder).out


def test_a_sheet_of_frames(av, video, tmp_path, run, refused):
    sheet = tmp_path / "sheet.png"
    assert run("video", "read", video, "--png", sheet).code == 0
    with Image.open(sheet) as picture:
        assert np.asarray(picture.convert("RGB")).std() > 20
    assert "sheet.png exists" in refused("video", "read", video, "--png", sheet)
    encode(av, tmp_path / "other.mp4", BAR[:, :32])
    result = run("video", "read", tmp_path, "--png", sheet, "--force")
    assert f"Written: {sheet}" in result.err
    poses = tmp_path / "poses"
    poses.mkdir()
    msr(poses)
    line = refused("video", "read", poses, "--png", tmp_path / "no.png")
    assert "--png draws videos; got none" in line
