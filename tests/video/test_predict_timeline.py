"""A classifier of clips or poses speaks of a whole file."""

import pickle

import numpy as np
import pytest

from sensorhar.data.clip_spec import ClipSpec
from sensorhar.data.pose_spec import PoseSpec
from sensorhar.errors import DataError
from sensorhar.video import KINECT, PoseSequence, predict_timeline
from tests.video.conftest import moving_bar
from tests.video.test_read_poses_kinect import msr
from tests.video.test_read_poses_mmaction2 import mmaction2

BAR = moving_bar()


class Level:
    """Says how bright, or how high, examples are on the whole."""

    classes_ = np.array(["low", "high"])

    def __init__(self, spec, highest=1.0):
        self.spec_ = spec
        self.highest = highest

    def predict_proba(self, examples):
        self.seen = examples
        numbers = np.asarray(examples)
        level = numbers.mean(axis=tuple(range(1, numbers.ndim))) / self.highest
        return np.stack([1 - level, level], axis=1)


def test_of_a_video(video):
    clf = Level(ClipSpec(6, 16, 16, rate_hz=25), highest=0.8)
    said = predict_timeline(clf, video, step_s=0.12)
    assert (said.name, said.duration_s) == ("bar.mp4", pytest.approx(0.96))
    assert said.classes == ("low", "high")
    assert len(said.start_s) == 7
    assert said.stop_s[-1] == pytest.approx(0.96)
    events = said.events()
    assert list(events.labels) == ["low", "high"]
    assert events.stop_s[-1] == pytest.approx(0.96)


def test_of_a_whole_file_as_one_clip():
    clf = Level(ClipSpec(4, 16, 16))
    said = predict_timeline(clf, BAR, source_rate_hz=24)
    assert (said.start_s.tolist(), said.stop_s.tolist()) == ([0], [1])
    parts = predict_timeline(clf, BAR, source_rate_hz=24, length_s=0.25, step_s=0.25)
    assert parts.stop_s.tolist() == [0.25, 0.5, 0.75, 1]


def test_of_a_skeleton(tmp_path):
    rise = np.arange(40.0)[:, None, None] * np.ones((1, 20, 3)) / 40
    one = PoseSequence(rise, 7 + np.arange(40) / 10, KINECT, name="anna")
    clf = Level(PoseSpec(10, KINECT, rate_hz=10))
    said = predict_timeline(clf, one)
    assert said.start_s.tolist() == [0, 1, 2, 3]
    assert said.duration_s == pytest.approx(4)
    assert list(said.events().labels) == ["low", "high"]
    centred = Level(PoseSpec(10, KINECT, rate_hz=10, centre="head"))
    predict_timeline(centred, one, step_s=0.5)
    assert np.array_equal(np.asarray(centred.seen), np.zeros((7, 10, 20, 3)))
    assert centred.seen.spec == centred.spec_
    whole = predict_timeline(Level(PoseSpec(10, KINECT)), one)
    assert (whole.stop_s - whole.start_s).tolist() == [pytest.approx(4)]
    path = msr(tmp_path, n_frames=30)
    assert predict_timeline(clf, path).name == "a08_s03_e02"


def test_refusals(tmp_path, video):
    with pytest.raises(ValueError, match="clf must have been fitted on Clips or Poses"):
        predict_timeline(Level(None), video)
    clf = Level(PoseSpec(4, KINECT, rate_hz=10))
    with pytest.raises(ValueError, match="length_s is for clips spread over files"):
        predict_timeline(clf, msr(tmp_path), length_s=2)
    path, _ = mmaction2(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content.replace(b"annotations", b"annotationz"))
    with pytest.raises(DataError, match="must hold a list of 'annotations'"):
        predict_timeline(clf, path)
    empty = tmp_path / "none.pkl"
    empty.write_bytes(pickle.dumps([]))
    with pytest.raises(DataError, match="none.pkl must hold one skeleton; it holds 0"):
        predict_timeline(clf, empty)
