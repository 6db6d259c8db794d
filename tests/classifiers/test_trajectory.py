"""Trajectories of windows, poses and clips: learned, told apart and saved."""

import numpy as np
import pytest

from sensorhar.classifiers import TrajectoryClassifier
from sensorhar.classifiers.persist import load
from sensorhar.video import KINECT, Clips, Poses

QUICK = {"n_gaussians": 2, "n_scales": 2, "random_state": 0}
VIDEO = {
    "n_gaussians": 1,
    "n_scales": 1,
    "flow": "dis",
    "camera_motion": False,
    "random_state": 0,
}


@pytest.fixture(scope="module")
def cv2():
    return pytest.importorskip(
        "cv2", reason='OpenCV is not installed: pip install "sensorhar[video]"'
    )


def make_clips(n_clips=36, n_frames=9, size=36):
    """Patterned squares that go about to the right, or about down, over grey frames."""
    rng = np.random.default_rng(0)
    values = np.full((n_clips, n_frames, size, size, 1), 128, np.uint8)
    for i, clip in enumerate(values):
        square = rng.integers(0, 256, (5, 5), dtype=np.uint8).repeat(4, 0).repeat(4, 1)
        path_px = (size - 21) * np.array([rng.uniform(0.6, 1), rng.uniform(-0.2, 0.2)])
        x, y = path_px if i % 2 else path_px[::-1]
        left, top = (rng.uniform(max(0, -d), size - 20 - max(0, d)) for d in (x, y))
        for t, frame in enumerate(clip):
            column, row = round(left + x * t / n_frames), round(top + y * t / n_frames)
            frame[row : row + 20, column : column + 20] = square[..., None]
    labels = ["right" if i % 2 else "down" for i in range(n_clips)]
    groups = [f"p{i // 2}" for i in range(n_clips)]
    return Clips.from_array(values, y=labels, groups=groups)


def make_poses(n=24, n_frames=24):
    """Bodies that tremble, but for the right hand, which waves or goes round."""
    rng = np.random.default_rng(0)
    body = rng.normal(0, 0.4, (1, 1, 20, 3))
    values = body + rng.normal(0, 0.003, (n, n_frames, 20, 3))
    values += rng.normal(0, 1, (n, 1, 1, 3))  # stands anywhere
    turn = np.arange(n_frames) / 4 + rng.uniform(0, 6, (n, 1))
    hand = KINECT.joints.index("right_hand")
    values[:, :, hand, 0] += 0.3 * np.sin(turn)
    goes_round = np.arange(n) % 2 == 1
    values[goes_round, :, hand, 1] += 0.3 * np.cos(turn[goes_round])
    labels = np.where(goes_round, "round", "wave")
    groups = [f"p{i // 4}" for i in range(n)]
    return Poses.from_array(values, skeleton=KINECT, y=labels, groups=groups)


def test_windows_by_sensor(separable):
    """Each sensor has four vocabularies; axes that are no sensor are one each."""
    clf = TrajectoryClassifier(**QUICK).fit(separable)
    assert len(clf.vocabulary_sizes_) == 4
    assert clf.score(separable) > 0.9
    bare = TrajectoryClassifier(**QUICK).fit(np.asarray(separable), separable.y)
    assert len(bare.vocabulary_sizes_) == 3 * 4


def test_poses():
    poses = make_poses()
    clf = TrajectoryClassifier(**QUICK).fit(poses[:16])
    assert clf.score(poses[16:]) == 1
    assert clf.input_shape_ == (24, 20, 3)
    assert len(clf.vocabulary_sizes_) == 4  # all joints share theirs


@pytest.fixture(scope="module")
def clips():
    return make_clips()


@pytest.fixture(scope="module")
def fitted(cv2, clips):
    return TrajectoryClassifier(**VIDEO).fit(clips[:24])


def test_clips(fitted, clips, tmp_path):
    assert fitted.score(clips[24:]) == 1
    assert fitted.vocabulary_sizes_[:, 0].tolist() == [2 * 8, 96, 108, 96, 96]
    again = load(fitted.save(tmp_path / "clips.sensorhar"))
    np.testing.assert_allclose(
        again.predict_proba(clips[24:]), fitted.predict_proba(clips[24:]), atol=1e-9
    )


@pytest.mark.usefixtures("cv2")
def test_small_clips_are_described_whole():
    clips = make_clips(n_clips=8, n_frames=18, size=31)
    clf = TrajectoryClassifier(**VIDEO).fit(clips)
    assert clf.vocabulary_sizes_[0, 0] == 2 * 15
    assert clf.predict(clips).tolist() == clips.y.tolist()


@pytest.mark.usefixtures("cv2")
def test_clips_without_motion_are_refused():
    values = np.repeat(np.asarray(make_clips(n_clips=4))[:, :1], 17, axis=1)
    message = "needs something that moves; got no trajectory in 4 clips"
    with pytest.raises(ValueError, match=message):
        TrajectoryClassifier(**VIDEO).fit(values, list("abab"))


def test_a_clip_without_motion_gets_an_answer(fitted, clips):
    still = np.asarray(clips)[:2, :1].repeat(9, axis=1)
    proba = fitted.predict_proba(still)
    assert np.isfinite(proba).all()
    np.testing.assert_allclose(proba[0], proba[1])


def test_few_tracks_are_enough(separable, monkeypatch):
    """Examples that vocabularies are not learned from are described all the same."""
    monkeypatch.setattr("sensorhar.classifiers.trajectory.MOST_AT_ONCE", 8)
    few = TrajectoryClassifier(max_tracks=20, **QUICK).fit(separable)
    assert few.score(separable) > 0.9
    assert few.coef_.shape == TrajectoryClassifier(**QUICK).fit(separable).coef_.shape


def test_vocabularies_survive_the_file(separable, tmp_path):
    clf = TrajectoryClassifier(**QUICK).fit(separable)
    again = load(clf.save(tmp_path / "windows.sensorhar"))
    kept = zip(clf._vocabularies(), again._vocabularies(), strict=True)
    for before, after in kept:
        for name in ("mean_", "components_", "weights_", "centres_", "spreads_"):
            np.testing.assert_array_equal(getattr(before, name), getattr(after, name))


def test_probabilities_are_as_sure_as_unseen_subjects_allow(separable):
    """Labels that are wrong by chance make them less sure."""
    rng = np.random.default_rng(0)
    y = np.array(separable.y)
    mixed = np.where(rng.random(len(y)) < 0.4, rng.permutation(y), y)
    sure = TrajectoryClassifier(**QUICK).fit(separable)
    unsure = TrajectoryClassifier(**QUICK).fit(separable, mixed)
    numbers = np.asarray(separable)
    best = [clf.predict_proba(numbers).max(axis=1).mean() for clf in (sure, unsure)]
    assert best[0] > 0.85
    assert best[1] < best[0] - 0.1
