"""Key points of COCO: annotations, results, and joints of one's own."""

import json

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.video import COCO, read_coco_keypoints


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
