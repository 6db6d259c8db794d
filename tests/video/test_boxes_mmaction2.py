"""Boxes of people in key frames, from pickles that run nothing."""

import pickle

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.video import read_mmaction2_boxes


def test_boxes_by_video_and_second(tmp_path):
    path = tmp_path / "boxes.pkl"
    rows = np.array([[0.1, 0.2, 0.5, 0.9, 0.98]])
    path.write_bytes(pickle.dumps({"a,b,0902": rows, "c,0903": rows[:0]}))
    boxes = read_mmaction2_boxes(path)
    assert list(boxes) == [("a,b", 902.0), ("c", 903.0)]
    assert boxes["a,b", 902.0].tolist() == rows.tolist()
    for data, message in (
        ([1], "boxes.pkl must hold boxes by video and second; got list"),
        ({"a": rows}, "entry 'a' of boxes.pkl must be 'video,second' with boxes"),
        ({"a,x": rows}, "entry 'a,x' of boxes.pkl must be"),
        ({"a,1": rows[:, :4]}, r"got shape \(1, 4\)"),
        ({"a,1": print}, "it asks for builtins.print, which would run code"),
    ):
        path.write_bytes(pickle.dumps(data))
        with pytest.raises(DataError, match=message):
            read_mmaction2_boxes(path)


def test_real_files(real_data):
    path = real_data / "video" / "mmaction2_samples" / "ava_dataset"
    if not path.is_dir():
        pytest.skip("the test files of MMAction2 are not on this machine")
    boxes = read_mmaction2_boxes(path / "ava_proposals_sample.pkl")
    assert len(boxes["0f39OWEqJ24", 902.0]) == 1
