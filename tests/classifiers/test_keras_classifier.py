"""One's own network: what build may return, and how it comes back from a file."""

import numpy as np
import pytest

import sensorhar as sh

pytestmark = pytest.mark.filterwarnings(
    "ignore:__array__ implementation:DeprecationWarning"
)

TRAINING = {"epochs": 1, "verbose": 0, "random_state": 0}


def build_small(input_shape, n_classes):
    import keras

    return keras.Sequential(
        [
            keras.Input(input_shape),
            keras.layers.Flatten(),
            keras.layers.Dense(n_classes, activation="softmax"),
        ]
    )


def build_three_of_two(input_shape, n_classes):
    return build_small(input_shape, n_classes + 1)


def test_build_must_be_given(separable):
    with pytest.raises(
        ValueError, match=r"KerasClassifier needs build, a function.*got None"
    ):
        sh.KerasClassifier(**TRAINING).fit(separable)


def test_outputs_must_be_one_for_each_class(separable):
    with pytest.raises(
        ValueError,
        match=r"one probability for each of 3 classes; got shape \(None, 4\)",
    ):
        sh.KerasClassifier(build_three_of_two, **TRAINING).fit(separable)


def test_a_loaded_network_predicts_but_cannot_be_fitted_again(separable, tmp_path):
    clf = sh.KerasClassifier(build_small, **TRAINING).fit(separable)
    again = sh.load(clf.save(tmp_path / "own.sensorhar"))
    np.testing.assert_allclose(
        again.predict_proba(separable), clf.predict_proba(separable), atol=1e-6
    )
    with pytest.raises(ValueError, match="needs build"):
        again.fit(separable)


def test_a_channel_that_never_changes_is_not_blown_up(separable):
    numbers = np.asarray(separable).copy()
    numbers[:, :, 1] = 4.2
    clf = sh.KerasClassifier(build_small, **TRAINING).fit(numbers, separable.y)
    moved = numbers.copy()
    moved[:, :, 1] += 1e-3
    difference = clf.predict_proba(moved) - clf.predict_proba(numbers)
    assert np.abs(difference).max() < 0.05


def test_the_bar_shows_progress_and_leaves(separable, capsys):
    clf = sh.KerasClassifier(build_small, epochs=2, verbose=1, random_state=0)
    clf.fit(separable)
    assert "Traceback" not in capsys.readouterr().err
    silent = sh.KerasClassifier(build_small, epochs=2, verbose=0, random_state=0)
    silent.fit(separable)
    assert capsys.readouterr().out == ""
