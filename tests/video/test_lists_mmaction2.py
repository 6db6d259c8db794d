"""MMAction2's lists and proposals: its own test files, and refusals."""

import json

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.video import ListedClip, read_mmaction2, read_mmaction2_proposals


@pytest.fixture
def samples(real_data):
    folder = real_data / "video" / "mmaction2_samples" / "annotations"
    if not folder.is_dir():
        pytest.skip("the test files of MMAction2 are not on this machine")
    return folder


def test_its_own_lists(samples):
    frames = read_mmaction2(samples / "rawframe_test_list.txt", kind="frames")
    assert frames == [ListedClip("imgs", ("127",), n_frames=5)] * 2
    offset = read_mmaction2(
        samples / "rawframe_test_list_with_offset.txt", kind="frames_with_offset"
    )
    assert offset[0] == ListedClip("imgs", ("127",), first_frame=2, n_frames=5)
    several = read_mmaction2(samples / "video_test_list_multi_label.txt")
    assert [clip.labels for clip in several] == [("0", "3"), ("0", "2", "4")]
    hvu = read_mmaction2(samples / "hvu_frame_test_anno.json")
    assert (hvu[0].n_frames, hvu[0].labels[-1]) == (5, "scene:206")
    video = read_mmaction2(samples / "rawvideo_test_anno.json")
    assert video == [ListedClip("rawvideo_dataset", ("1",))]


def test_its_own_proposals(samples):
    (one,) = read_mmaction2_proposals(samples / "proposal_normalized_list.txt")
    assert (one.name, one.n_frames, one.rate_hz) == ("imgs", 5, 1.0)
    assert one.truth.tolist() == [[3, 0.2, 0.4], [3, 0.6, 1.0]]
    assert one.proposals.shape == (10, 5)
    assert one.proposals[4].tolist() == [3, 0, 0, 0.4, 0.6]


def test_proposals_of_activitynet(samples):
    path = samples.parents[1] / "activitynet"
    videos = read_mmaction2_proposals(
        path / "activitynet1.2_tag_val_normalized_proposal_list.txt"
    )
    assert len(videos) == 2383
    assert sum(len(video.truth) for video in videos) == 3582
    assert sum(len(video.proposals) for video in videos) == 120148
    # the stated overlap is the best with any true segment, but for rounding to frames
    differences = []
    for video in videos[:50]:
        for _, stated, _, start, stop in video.proposals:
            low = np.maximum(video.truth[:, 1], start)
            high = np.minimum(video.truth[:, 2], stop)
            both = np.maximum(high - low, 0)
            either = video.truth[:, 2] - video.truth[:, 1] + stop - start - both
            differences.append(abs((both / either).max() - stated))
    assert np.median(differences) < 1e-3


def test_names_for_codes(tmp_path):
    path = tmp_path / "list.txt"
    path.write_text("a clip with blanks.mp4 1\r\n\r\nb.mp4 0\r\n")
    labels = tmp_path / "labels.txt"
    labels.write_text("run\nwalk\n")
    clips = read_mmaction2(path, labels=labels)
    assert clips == [
        ListedClip("a clip with blanks.mp4", ("walk",)),
        ListedClip("b.mp4", ("run",)),
    ]
    with pytest.raises(
        DataError, match="line 1 of list.txt must hold codes below 1, one"
    ):
        read_mmaction2(path, labels=["run"])
    with pytest.raises(
        DataError, match="line 1 .* a path, a number, codes of labels; got"
    ):
        read_mmaction2(path, kind="frames")
    with pytest.raises(ValueError, match="kind must be one of 'frames'"):
        read_mmaction2(path, kind="audio")
    path = tmp_path / "list.json"
    for entry in ({"label": 1}, {"filename": "a", "label": "x"}, 3):
        path.write_text(json.dumps([entry]))
        with pytest.raises(
            DataError, match="entry 0 of list.json must have 'filename'"
        ):
            read_mmaction2(path)


def test_broken_proposals(tmp_path):
    path = tmp_path / "list.txt"
    good = "# 0\nx\n5\n1\n1\n3 0.2 0.4\n1\n3 0.5 0.5 0.2 0.6\n"
    path.write_text(good)
    assert len(read_mmaction2_proposals(path)) == 1
    for change, message in (
        (
            good.replace("# 0", "0"),
            "line 1 of list.txt must hold '# number' before the",
        ),
        (
            good.replace("x\n5", "x\nfive"),
            "line 3 of list.txt must hold a number of frames",
        ),
        (
            good.replace("3 0.2 0.4", "3"),
            "line 6 of list.txt must hold class, start",
        ),
        (
            good.split("3 0.5")[0],
            "list.txt ends after line 7 where class, iou, overlap, start and",
        ),
    ):
        path.write_text(change)
        with pytest.raises(DataError, match=message):
            read_mmaction2_proposals(path)
