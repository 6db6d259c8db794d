"""The contract of classifiers on poses and clips: one form in, or a refusal."""

import json
import zipfile

import keras
import numpy as np
import pytest

import sensorhar as sh
from sensorhar.errors import SpecMismatchError
from sensorhar.video import Clips, Poses, Skeleton

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    "ignore:__array__ implementation:DeprecationWarning"
)

N = 24
Y = np.array(["left", "right"] * (N // 2))
GROUPS = np.repeat(["anna", "ben", "cleo"], N // 3)
ARM = Skeleton(("shoulder", "elbow", "hand"), ((0, 1), (1, 2)))


def build(input_shape, n_classes):
    """See everything at once: no faster network is there."""
    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def classifier(**parameters):
    settings = {"epochs": 4, "batch_size": 8, "learning_rate": 0.05, "verbose": 0}
    return sh.KerasClassifier(build, random_state=0, **{**settings, **parameters})


@pytest.fixture(scope="module")
def clips():
    rng = np.random.default_rng(0)
    values = rng.integers(0, 60, (N, 3, 4, 4, 1), dtype=np.uint8)
    values[Y == "left", :, :, :2] += 150
    values[Y == "right", :, :, 2:] += 150
    return Clips.from_array(values, y=Y, groups=GROUPS, rate_hz=10)


@pytest.fixture(scope="module")
def poses():
    rng = np.random.default_rng(0)
    values = rng.normal(0, 0.1, (N, 5, 3, 3)).astype(np.float32)
    values[:, :, 2, 0] += np.where(Y == "left", -1, 1)[:, None]
    return Poses.from_array(values, skeleton=ARM, y=Y, groups=GROUPS, rate_hz=30)


@pytest.fixture(scope="module", params=["clips", "poses"])
def examples(request):
    return request.getfixturevalue(request.param)


def test_fit_predict_save_and_load(examples, tmp_path):
    clf = classifier().fit(examples)
    assert clf.input_shape_ == examples.shape[1:]
    assert clf.spec_ == examples.spec
    assert len(clf.watched_subjects_) == 1
    assert clf.score(examples) > 0.9
    proba = clf.predict_proba(examples)
    np.testing.assert_allclose(clf.predict_proba(np.asarray(examples)), proba)
    again = sh.load(clf.save(tmp_path / "clf.sensorhar"))
    assert again.spec_ == examples.spec
    np.testing.assert_array_equal(again.predict_proba(examples), proba)


def test_arrays_and_examples_train_alike(examples):
    """Batch by batch or all at once: the same scaling, and as good an answer."""
    clf = classifier(patience=None).fit(examples)
    array = classifier(patience=None).fit(np.asarray(examples), Y)
    scale, other = (c.network_.get_layer("scale") for c in (clf, array))
    np.testing.assert_allclose(scale.input_mean, other.input_mean, rtol=1e-5)
    np.testing.assert_allclose(scale.input_variance, other.input_variance, rtol=1e-5)
    assert array.score(examples, Y) > 0.9


def test_watching_clips_that_somebody_chose(clips):
    train, held = clips[GROUPS != "ben"], clips[GROUPS == "ben"]
    clf = classifier().fit(train, validation_data=held)
    assert len(clf.history_["val_loss"]) == 4
    assert clf.watched_subjects_ == []


def test_evaluate_says_what_they_are(examples):
    report = sh.evaluate(classifier(epochs=8), examples, cv="loso", progress=False)
    assert report["KerasClassifier"].score("accuracy").mean > 0.8
    kind = type(examples).__name__.lower()
    assert f"{N} {kind} of 3 subjects, 2 labels" in str(report)


def test_other_examples_are_refused(clips, poses):
    clf = classifier(epochs=1).fit(clips)
    faster = Clips.from_array(np.asarray(clips), rate_hz=20)
    with pytest.raises(SpecMismatchError, match="at 20 Hz of grey. Remake them with r"):
        clf.predict(faster)
    with pytest.raises(SpecMismatchError, match="these poses have 5 frames at 30 Hz"):
        clf.predict(poses)
    with pytest.raises(SpecMismatchError, match="3 frames of 4 x 4 of 1 channels; th"):
        clf.predict(np.zeros((2, 3, 4, 5, 1)))
    with pytest.raises(SpecMismatchError, match="got 3 timepoints of 1 channels"):
        clf.predict(np.zeros((2, 3)))
    posed = classifier(epochs=1).fit(poses)
    with pytest.raises(SpecMismatchError, match="Remake them with make_poses"):
        posed.predict(clips)
    with pytest.raises(SpecMismatchError, match="5 frames of 3 joints x 3; this array"):
        posed.predict(np.zeros((2, 5, 3, 2)))


@pytest.mark.parametrize(
    "clf",
    [
        sh.FeatureLinearClassifier(),
        sh.FeatureForestClassifier(n_trees=20, random_state=0),
        sh.MiniRocketClassifier(n_features=168, random_state=0),
    ],
    ids=lambda clf: type(clf).__name__,
)
def test_baselines_see_joints_side_by_side(clf, poses, tmp_path):
    clf.fit(poses)
    flat = np.asarray(poses).reshape(N, 5, -1)
    proba = clf.predict_proba(poses)
    assert clf.score(poses) > 0.9
    np.testing.assert_allclose(proba, clf.predict_proba(np.asarray(poses)))
    again = sh.load(clf.save(tmp_path / "clf.sensorhar"))
    np.testing.assert_array_equal(again.predict_proba(poses), proba)
    with pytest.raises(SpecMismatchError, match="of 3 joints x 3; this array has"):
        clf.predict(flat)


def test_who_takes_no_clips_says_so(clips):
    with pytest.raises(ValueError, match=r"takes X of shape \(n_windows, n_timepoints"):
        sh.FeatureLinearClassifier().fit(clips)
    with pytest.raises(ValueError, match=r"got shape \(4, 3, 2, 1, 1\)"):
        sh.FeatureLinearClassifier().fit(np.zeros((4, 3, 2, 1, 1)), list("abab"))
    with pytest.raises(ValueError, match="got Clips of shape"):
        sh.MiniRocketClassifier().fit(clips)


def test_sensors_are_left_out_of_windows_alone(poses):
    with pytest.raises(
        ValueError, match="leaves out sensors of windows; got 0.5 for 5"
    ):
        classifier(sensor_dropout=0.5).fit(poses)


def test_a_file_of_another_kind_of_spec_is_refused(clips, tmp_path):
    path = classifier(epochs=1).fit(clips).save(tmp_path / "clf.sensorhar")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    header = json.loads(members["model.json"])
    header["spec_type"] = "SmellSpec"
    members["model.json"] = json.dumps(header).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    with pytest.raises(ValueError, match="spec of clf.sensorhar"):
        sh.load(path)


def test_a_file_of_the_first_version_is_read(tmp_path):
    rng = np.random.default_rng(0)
    clf = sh.FeatureForestClassifier(n_trees=2).fit(
        rng.normal(size=(9, 20, 2)), [0, 1, 2] * 3
    )
    path = clf.save(tmp_path / "clf.sensorhar")
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    header = json.loads(members["model.json"])
    del header["spec_type"], header["input_shape"]
    header |= {"version": 1, "n_timepoints": 20, "n_channels": 2}
    members["model.json"] = json.dumps(header).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    assert sh.load(path).input_shape_ == (20, 2)


def test_whole_events_and_windows_are_not_mixed_up():
    activities = ["sitting", "walking"]
    recordings = [
        recording.with_events(recording.events.select(activities))
        for recording in sh.simulate_recordings(
            4, minutes_per_activity=0.2, activities=activities, random_state=0
        )
    ]
    channels = ["acc_x", "acc_y", "acc_z"]
    side_by_side = sh.make_windows(recordings, length_s=3, channels=channels)
    stretched = sh.make_event_windows(
        recordings, length_s=3, channels=channels, fit="stretch"
    )
    clf = sh.FeatureLinearClassifier().fit(stretched)
    with pytest.raises(SpecMismatchError, match="stretched.* make_event_windows"):
        clf.predict(side_by_side)
    clf.fit(side_by_side)
    with pytest.raises(SpecMismatchError, match=r"with make_windows\(recordings"):
        clf.predict(stretched)
