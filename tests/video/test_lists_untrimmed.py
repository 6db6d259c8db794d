"""Annotations of untrimmed videos: published counts, and refusals."""

import json

import pytest

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.video import (
    read_activitynet,
    read_activitynet_results,
    read_thumos14,
)


@pytest.fixture
def lists(real_data):
    folder = real_data / "video"
    if not folder.is_dir():
        pytest.skip("the lists of the video sets are not on this machine")
    return folder


@pytest.mark.parametrize(
    ("part", "n_videos", "n_events", "n_late"),
    [("validation", 200, 3007, 4), ("test", 212, 3358, 26)],
)
def test_thumos14(lists, part, n_videos, n_events, n_late):
    folder = lists / "thumos14" / f"temporal_annotations_{part}"
    videos = read_thumos14(folder)
    assert len(videos) == n_videos
    assert sum(len(video.events) for video in videos) == n_events
    assert len({label for v in videos for label in v.events.classes}) == 20
    assert {video.split for video in videos} == {part}
    durations = lists / "thumos14" / f"{part}_durations.txt"
    with pytest.warns(
        SensorharWarning, match=f"^{n_late} instances start after the end"
    ):
        kept = read_thumos14(folder, durations=durations)
    assert sum(len(video.events) for video in kept) == n_events - n_late
    assert all(video.events.stop_s.max() <= video.duration_s for video in kept)
    more = read_thumos14(folder, ambiguous=True)
    assert sum(len(video.events.select(["Ambiguous"])) for video in more) > 80


def test_activitynet(lists):
    with pytest.warns(SensorharWarning, match="^12 segments of anet_anno_action.json"):
        videos = read_activitynet(lists / "activitynet" / "anet_anno_action.json")
    assert len(videos) == 19228
    assert len({label for v in videos for label in v.events.classes}) == 200
    with pytest.warns(SensorharWarning, match="^3 segments of sample_detection"):
        results = read_activitynet_results(
            lists / "activitynet" / "sample_detection_prediction.json"
        )
    assert all((events.score == 1).all() for events in results.values())
    with pytest.raises(
        DataError, match=r"must have a label and a segment \[start, stop\]"
    ):
        read_activitynet_results(
            lists / "activitynet" / "sample_classification_prediction.json"
        )


def test_official_form_of_activitynet(tmp_path):
    path = tmp_path / "anet.json"
    rows = [
        {"segment": [1.0, 30.0], "label": "Surfing"},
        {"segment": [-1.0, 2.0], "label": "Diving"},
    ]
    fields = {"duration": 20, "subset": "training", "annotations": rows}
    path.write_text(json.dumps({"database": {"x": fields}}))
    (video,) = read_activitynet(path)
    assert (video.name, video.duration_s, video.split) == ("x", 20.0, "training")
    assert video.events.start_s.tolist() == [0, 1]  # cut to the video
    assert video.events.stop_s.tolist() == [2, 20]
    for whole, message in (
        ([], "must hold an object of videos, or one under 'database'"),
        (
            {"x": {"annotations": []}},
            "video 'x' of anet.json must have a duration in s",
        ),
        (
            {"x": {"duration": 5, "annotations": [{"segment": [1], "label": "a"}]}},
            "each annotation of video 'x' of anet.json must have a label and a segment",
        ),
    ):
        path.write_text(json.dumps(whole))
        with pytest.raises(DataError, match=message):
            read_activitynet(path)
    path.write_text(json.dumps({"x": 1}))
    with pytest.raises(DataError, match="must hold 'results' by video; got"):
        read_activitynet_results(path)
    path.write_text(json.dumps({"results": {"x": [{"segment": [1, 2], "label": "a"}]}}))
    with pytest.raises(
        DataError, match="video 'x' of anet.json must have a score; got No"
    ):
        read_activitynet_results(path)


def test_broken_thumos14(tmp_path):
    path = tmp_path / "Billiards_val.txt"
    path.write_text("video_validation_1  1.0 2.5\nvideo_validation_1  3 2\n")
    with pytest.raises(
        DataError, match="line 2 of Billiards_val.txt must hold a video, a"
    ):
        read_thumos14(tmp_path)
    path.write_text("video_validation_1  1.0 2.5\nvideo_validation_1  1..0 2\n")
    with pytest.raises(DataError, match="line 2 of Billiards_val.txt"):
        read_thumos14(tmp_path)
    path.write_text("video_validation_1  1.0 2.5\n")
    (tmp_path / "lengths").write_text("a/video_validation_1.mp4\n2.0\n")
    (video,) = read_thumos14(tmp_path, durations=tmp_path / "lengths")
    assert video.events.stop_s.tolist() == [2.0]
    (tmp_path / "lengths").write_text("video_validation_1.mp4\nx\n")
    with pytest.raises(
        DataError, match="line 2 of lengths must hold the length of video"
    ):
        read_thumos14(tmp_path, durations=tmp_path / "lengths")
    (tmp_path / "lengths").write_text("video_validation_1.mp4\n1\nb\n")
    with pytest.raises(
        DataError, match="line 3 of lengths must hold a length after each"
    ):
        read_thumos14(tmp_path, durations=tmp_path / "lengths")
    with pytest.raises(
        DataError, match=r"must be a folder with the annotations of THUMOS"
    ):
        read_thumos14(tmp_path / "lengths")
