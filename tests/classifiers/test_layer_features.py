"""Features of layers are what Keras gives, at every rank, and never all at once."""

import pickle

import keras
import numpy as np
import pytest
from keras import layers
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import GridSearchCV, LeaveOneGroupOut
from sklearn.pipeline import make_pipeline

import sensorhar as sh
from sensorhar.classifiers import _rows
from sensorhar.classifiers.layer_features import LayerFeatures
from sensorhar.errors import SpecMismatchError
from sensorhar.networks.two_stream import two_stream
from sensorhar.video import COCO, Clips, Poses

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    "ignore:__array__ implementation:DeprecationWarning"
)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def tiny(input_shape, n_classes=3, **_):
    """Convolve over time and all of space, by a layer of its own for each rank."""
    convolution = (layers.Conv1D, layers.Conv2D, layers.Conv3D)[len(input_shape) - 2]
    start = [keras.initializers.GlorotUniform(seed=i) for i in range(2)]
    inputs = keras.Input(input_shape)
    x = convolution(5, 3, padding="same", name="first", kernel_initializer=start[0])(
        inputs
    )
    x = layers.ReLU(name="rectified")(x)
    x = convolution(4, 2, name="second", kernel_initializer=start[1])(x)
    x = layers.Flatten(name="flat")(x)
    outputs = layers.Dense(n_classes, activation="softmax", name="probabilities")(x)
    return keras.Model(inputs, outputs, name="tiny")


def nested(input_shape=(8, 2)):
    inputs = keras.Input(input_shape)
    x = layers.Rescaling(2.0, name="scale")(inputs)
    return keras.Model(inputs, tiny(input_shape)(x), name="outer")


@pytest.fixture(scope="module")
def clf(separable):
    """Return a classifier that knows channels, rate and gravity."""
    return sh.CNNClassifier(epochs=1, filters=(4,), verbose=0, random_state=0).fit(
        separable
    )


POOLED = {
    "mean": lambda a: a.mean(axis=tuple(range(1, a.ndim - 1))),
    "max": lambda a: a.max(axis=tuple(range(1, a.ndim - 1))),
    "none": lambda a: a.reshape(len(a), -1),
}


@pytest.mark.parametrize("shape", [(8, 2), (8, 5, 2), (6, 5, 4, 3)])
def test_features_are_the_pooled_output_of_the_layer(shape):
    network, x = tiny(shape), noise(7, *shape)
    for layer in ("rectified", "second"):
        part = keras.Model(network.inputs[0], network.get_layer(layer).output)
        expected = keras.ops.convert_to_numpy(part(x))
        for pool, take in POOLED.items():
            features = LayerFeatures(network, layer, pool=pool).fit(x)
            got = features.transform(x)
            assert got.dtype == np.float32
            assert got.shape == (7, features.n_features_out_)
            np.testing.assert_allclose(got, take(expected), rtol=1e-5, atol=1e-6)


def test_vectors_are_not_pooled():
    network, x = tiny((8, 2)), noise(3, 8, 2)
    flat = [LayerFeatures(network, "flat", pool=p).fit_transform(x) for p in POOLED]
    assert flat[0].shape == (3, 28)
    np.testing.assert_array_equal(flat[0], flat[1])
    np.testing.assert_array_equal(flat[0], flat[2])


def test_clips_poses_and_windows_are_taken(separable):
    values = noise(4, 6, 5, 4, 3)
    positions = noise(4, 6, 17, 2)
    for examples, array in (
        (Clips.from_array(values, y=list("abab"), groups=list("ppqq")), values),
        (Poses.from_array(positions, skeleton=COCO), positions),
        (separable[:4], np.asarray(separable[:4])),
    ):
        features = LayerFeatures(tiny(array.shape[1:]), "rectified")
        got = features.fit_transform(examples, examples.y)
        np.testing.assert_array_equal(got, features.fit_transform(array))


def test_examples_are_fetched_part_by_part(monkeypatch):
    monkeypatch.setattr(_rows, "BUDGET", 3 * 6 * 4 * 4 * 2 + 1)
    values, asked, fetch = noise(8, 6, 4, 4, 2), [], Clips.batch

    def batch(self, indices):
        asked.append(list(indices))
        return fetch(self, indices)

    monkeypatch.setattr(Clips, "batch", batch)
    network, clips = tiny((6, 4, 4, 2)), Clips.from_array(values)
    features = LayerFeatures(network, "probabilities").fit(clips)
    assert asked == []
    expected = keras.ops.convert_to_numpy(network(values))
    for examples in (clips, values):
        got = features.transform(examples)
        np.testing.assert_allclose(got, expected, rtol=1e-5, atol=1e-6)
        assert asked == [[0, 1, 2], [3, 4, 5], [6, 7]]


def test_layers_of_networks_inside_are_found(clf, separable):
    """A classifier's network is a scale and a network; scores are its last layer."""
    got = LayerFeatures(clf, "probabilities").fit_transform(separable)
    np.testing.assert_allclose(got, clf.predict_proba(separable), atol=1e-6)
    scaled = LayerFeatures(clf, "scale", pool="none").fit_transform(separable)
    assert abs(scaled.mean()) < 0.01
    inner = clf.network_.get_layer("cnn")
    name = inner.layers[3].name
    given = scaled.reshape(separable.shape)
    expected = LayerFeatures(inner, name).fit_transform(given)
    for layer in (name, f"cnn/{name}"):
        got = LayerFeatures(clf, layer).fit_transform(separable)
        np.testing.assert_allclose(got, expected, rtol=1e-4, atol=1e-5)


def test_streams_are_told_apart():
    network = two_stream((8, 2), 3, network=stream)
    x = noise(4, 8, 2)
    with pytest.raises(
        ValueError,
        match=r"layer must name one layer of 'two_stream'; 'first' is the name of 2\. "
        r"Pass one of 'appearance/first', 'motion/first'\.",
    ):
        LayerFeatures(network, "first").fit(x)
    still = np.repeat(x[:, :1], 8, axis=1)
    motion = LayerFeatures(network, "motion/first").fit_transform(still)
    appearance = LayerFeatures(network, "appearance/first").fit_transform(still)
    np.testing.assert_allclose(motion, 0, atol=1e-6)  # nothing moves
    assert np.ptp(appearance) > 0


def stream(
    input_shape, n_classes, *, width, space_kernel, dropout, shape_and_size, logits
):
    return tiny(input_shape, n_classes)


def test_a_layer_called_twice_gives_both():
    inputs = keras.Input((6, 2))
    tower = tiny((3, 2))
    halves = [tower(inputs[:, :3]), tower(inputs[:, 3:])]
    network = keras.Model(inputs, layers.Average()(halves))
    x = noise(5, 6, 2)
    both = LayerFeatures(network, "first").fit_transform(x)
    each = [
        LayerFeatures(tower, "first").fit_transform(h) for h in (x[:, :3], x[:, 3:])
    ]
    order = (0, 1) if np.allclose(both[:, :5], each[0], atol=1e-6) else (1, 0)
    expected = np.hstack([each[i] for i in order])
    np.testing.assert_allclose(both, expected, rtol=1e-5, atol=1e-6)


def test_sequential_networks_and_open_lengths():
    network = keras.Sequential(
        [keras.Input((None, 2)), layers.Conv1D(3, 2, name="one"), layers.LSTM(4)]
    )
    for n in (5, 9):
        x = noise(3, n, 2)
        assert LayerFeatures(network, "one").fit_transform(x).shape == (3, 3)
        whole = LayerFeatures(network, "one", pool="none").fit(x)
        assert whole.transform(x).shape == (3, 3 * (n - 1))


def calls_of(network):
    inside = [x for x in network.layers if isinstance(x, keras.Model)]
    own = [len(layer._inbound_nodes) for layer in network.layers]
    return own + [n for each in inside for n in calls_of(each)]


def test_the_network_stays_as_it_is():
    network, x = nested(), noise(3, 8, 2)
    calls, weights = calls_of(network), network.get_weights()
    LayerFeatures(network, "second").fit_transform(x)
    assert calls_of(network) == calls
    for got, expected in zip(network.get_weights(), weights, strict=True):
        np.testing.assert_array_equal(got, expected)


def test_clones_share_the_network():
    features = LayerFeatures(nested(), "first", pool="max")
    again = clone(make_pipeline(features)).steps[0][1]
    assert again is not features
    assert again.network is features.network
    assert (again.layer, again.pool) == ("first", "max")
    assert not hasattr(clone(features.fit(noise(2, 8, 2))), "n_features_out_")


def test_pickles_hold_the_network_once():
    x = noise(3, 8, 2)
    features = LayerFeatures(nested(), "first")
    bare = len(pickle.dumps(features))
    content = pickle.dumps(features.fit(x))
    assert len(content) < 1.1 * bare
    again = pickle.loads(content)
    np.testing.assert_allclose(again.transform(x), features.transform(x), atol=1e-6)


def on_features(windows):
    features = LayerFeatures(tiny(windows.shape[1:]), "second", pool="max")
    return make_pipeline(features, LogisticRegression(max_iter=1000))


def test_features_feed_any_classifier(separable):
    """In a search over layers, subjects decide the folds and nothing else."""
    windows = separable[np.isin(separable.groups, ["s0", "s1"])]
    search = GridSearchCV(
        on_features(windows),
        {"layerfeatures__layer": ["rectified", "flat"]},
        cv=LeaveOneGroupOut(),
        refit=False,
    )
    search.fit(windows, windows.y, groups=windows.groups)
    assert search.best_score_ > 0.8


@pytest.mark.slow  # each of six subjects is left out
def test_features_are_evaluated_honestly(separable):
    report = sh.evaluate(on_features(separable), separable, cv="loso")
    assert report.best.score("accuracy").mean > 0.7


def test_names_of_features(separable):
    features = LayerFeatures(tiny(separable.shape[1:]), "first")
    table = features.set_output(transform="pandas").fit_transform(separable[:3])
    assert list(table) == [f"first_{i}" for i in range(5)]
    assert list(features.get_feature_names_out()) == list(table)


def test_a_classifier_checks_examples_as_for_predict(clf, separable):
    features = LayerFeatures(clf, "probabilities").fit(separable)
    numbers, spec = np.asarray(separable), separable.spec
    turned = sh.Windows.from_array(
        numbers[:, :, ::-1],
        spec=sh.WindowSpec(spec.channels[::-1], 50.0, spec.n_timepoints),
    )
    np.testing.assert_allclose(
        features.transform(turned), features.transform(separable), atol=1e-6
    )
    slow = sh.Windows.from_array(
        numbers, spec=sh.WindowSpec(spec.channels, 25.0, spec.n_timepoints)
    )
    for call in (features.fit, features.transform):
        with pytest.raises(SpecMismatchError, match=r"CNNClassifier was fitted on"):
            call(slow)
    in_g = sh.Windows.from_array(numbers / 9.80665, spec=spec)
    with pytest.raises(SpecMismatchError, match=r"these windows read"):
        features.transform(in_g)


def test_an_unknown_layer_is_answered_with_near_ones():
    x = noise(2, 8, 2)
    with pytest.raises(
        ValueError, match=r"a layer of 'outer'; got 'first_'\. Nearest are 'first', "
    ) as caught:
        LayerFeatures(nested(), "first_").fit(x)
    assert str(caught.value).count("'") == 2 * (2 + 5)
    with pytest.raises(ValueError, match=r"got 'tiny/first_'\. Nearest .*'tiny/first'"):
        LayerFeatures(nested(), "tiny/first_").fit(x)
    with pytest.raises(ValueError, match=r"got 3\. Nearest are"):
        LayerFeatures(nested(), 3).fit(x)


class Subclassed(keras.Model):
    pass


def two_inputs():
    inputs = [keras.Input((2,)), keras.Input((2,))]
    return keras.Model(inputs, layers.Add(name="first")(inputs))


@pytest.mark.parametrize(
    "make",
    [
        lambda: "tiny",
        Subclassed,
        lambda: keras.Sequential([layers.Dense(2, name="first")]),
        sh.MiniRocketClassifier,
        two_inputs,
    ],
    ids=["word", "subclass", "unbuilt", "no network", "two inputs"],
)
def test_other_networks_are_refused(make):
    with pytest.raises(
        ValueError, match=r"network must be a functional Keras model of"
    ):
        LayerFeatures(make(), "first").fit(noise(2, 8, 2))


def test_what_is_not_fitted_is_refused():
    x = noise(2, 8, 2)
    with pytest.raises(NotFittedError, match=r"CNNClassifier instance is not fitted"):
        LayerFeatures(sh.CNNClassifier(), "first").fit(x)
    features = LayerFeatures(nested(), "first")
    for call in (lambda: features.transform(x), features.get_feature_names_out):
        with pytest.raises(
            NotFittedError, match=r"LayerFeatures instance is not fitted"
        ):
            call()


def test_other_examples_are_refused():
    features = LayerFeatures(nested(), "first").fit(noise(2, 8, 2))
    message = r"X must hold examples of shape \(8, 2\), .*; got \({}\)\. Make them so"
    for shape, said in (((9, 2), "9, 2"), ((8, 2, 1), "8, 2, 1"), ((8,), "8,")):
        for call in (features.fit, features.transform):
            with pytest.raises(ValueError, match=message.format(said)):
                call(noise(2, *shape))
    broken = noise(3, 8, 2)
    broken[1, 2, 1] = np.nan
    with pytest.raises(ValueError, match=r"X must be finite; got 1 NaN .* Leave out"):
        features.transform(broken)
    assert features.transform(broken[:0]).shape == (0, 5)
    with pytest.raises(ValueError, match=r"pool must be one of 'max', 'mean', 'none'"):
        LayerFeatures(nested(), "first", pool="sum").fit(noise(2, 8, 2))
