"""Windows may lack a sensor, and classifiers say what they cannot do without."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.errors import SpecMismatchError

CHANNELS = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
GYR = ("gyr_x", "gyr_y", "gyr_z")


def without(recording, kind):
    return recording.with_streams([s for s in recording.streams if s.kind != kind])


@pytest.fixture(scope="module")
def recordings():
    whole = sh.simulate_recordings(4, random_state=0)
    return [*whole[:2], *(without(recording, "gyroscope") for recording in whole[2:])]


@pytest.fixture(scope="module")
def windows(recordings):
    return sh.make_windows(
        recordings, length_s=2.56, rate_hz=50, channels=CHANNELS, missing="mask"
    )


def test_masks_are_nan_and_take_no_memory(windows, recordings):
    numbers = np.asarray(windows)
    lacks = np.isin(windows.groups.astype(str), [r.subject for r in recordings[2:]])
    assert np.isnan(numbers[lacks][:, :, 3:]).all()
    assert not np.isnan(numbers[lacks][:, :, :3]).any()
    assert not np.isnan(numbers[~lacks]).any()
    assert windows.spec.channel_names == tuple(CHANNELS)


def test_masked_windows_are_refused_unless_asked_for(recordings):
    with pytest.raises(ValueError, match="channel must be one of .* got 'gyr_x'"):
        sh.make_windows(recordings, length_s=2.56, rate_hz=50, channels=CHANNELS)
    with pytest.raises(ValueError, match="at least one of the channels 'acc_x'"):
        sh.make_windows(
            [recordings[0], without(recordings[1], "accelerometer")],
            length_s=2.56,
            rate_hz=50,
            channels=["acc_x"],
            missing="mask",
        )


def test_all_channels_of_any_recording(recordings):
    windows = sh.make_windows(
        [recordings[3], recordings[0]], length_s=2.56, rate_hz=50, missing="mask"
    )
    assert set(GYR) <= set(windows.spec.channel_names)


@pytest.mark.parametrize(
    "clf",
    [
        sh.FeatureLinearClassifier(),
        sh.FeatureForestClassifier(n_trees=20, random_state=0),
        sh.MiniRocketClassifier(n_features=840, random_state=0),
    ],
    ids=lambda clf: type(clf).__name__,
)
def test_what_training_lacked_is_optional(clf, windows, recordings, tmp_path):
    clf.fit(windows)
    assert clf.optional_channels_ == GYR
    assert clf.required_channels_ == ("acc_x", "acc_y", "acc_z")
    assert clf.score(windows) > 0.8
    again = sh.load(clf.save(tmp_path / "x.sensorhar"))
    assert again.required_channels_ == clf.required_channels_
    np.testing.assert_allclose(
        again.predict_proba(windows), clf.predict_proba(windows), atol=1e-6
    )
    blind = sh.make_windows(
        [without(recordings[0], "accelerometer")], spec=clf.spec_, missing="mask"
    )
    message = "cannot do without 'acc_x', 'acc_y', 'acc_z', which some of these windows"
    with pytest.raises(SpecMismatchError, match=message):
        clf.predict(blind)


def test_whole_training_needs_everything(recordings):
    whole = sh.make_windows(
        recordings[:2], length_s=2.56, rate_hz=50, channels=CHANNELS
    )
    clf = sh.FeatureLinearClassifier().fit(whole)
    assert clf.required_channels_ == tuple(CHANNELS)
    assert clf.optional_channels_ == ()
    lacking = sh.make_windows(recordings[2:], spec=clf.spec_, missing="mask")
    with pytest.raises(SpecMismatchError, match="cannot do without 'gyr_x'"):
        clf.predict(lacking)


def test_sensor_dropout_makes_networks_robust(recordings):
    """Trained on whole windows, it still reads windows without the gyroscope."""
    whole = sh.make_windows(
        recordings[:2], length_s=2.56, rate_hz=50, channels=CHANNELS
    )
    lacking = sh.make_windows(
        [without(r, "gyroscope") for r in recordings[:2]],
        spec=whole.spec,
        missing="mask",
    )
    options = {"filters": (16, 16), "epochs": 12, "batch_size": 16, "patience": None}
    scores = []
    for dropout in (0.0, 0.4):
        clf = sh.CNNClassifier(
            **options, sensor_dropout=dropout, verbose=0, random_state=0
        ).fit(whole)
        clf.optional_channels_ = tuple(CHANNELS)
        scores.append(clf.score(lacking))
    assert scores[1] > scores[0] + 0.15
    clf = sh.MLPClassifier(epochs=1, sensor_dropout=0.4, verbose=0).fit(whole)
    assert clf.required_channels_ == ()
    with pytest.raises(ValueError, match=r"sensor_dropout must be a share in \[0, 1\)"):
        sh.MLPClassifier(sensor_dropout=1).fit(whole)


def test_single_nans_and_empty_windows_are_refused(windows):
    from sensorhar.classifiers._mask import find_masks

    numbers = np.asarray(windows)[:3].copy()
    numbers[0, 5, 0] = np.nan
    with pytest.raises(ValueError, match="but for channels masked over whole windows"):
        find_masks(numbers)
    with pytest.raises(ValueError, match="must have at least one channel; 1 have none"):
        find_masks(np.full((1, 4, 2), np.nan, dtype=np.float32))


def test_masked_windows_are_saved(windows, tmp_path):
    again = sh.read(windows[-5:].save(tmp_path / "w.npz"))
    np.testing.assert_array_equal(np.asarray(again), np.asarray(windows[-5:]))
