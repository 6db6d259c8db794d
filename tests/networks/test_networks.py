"""Plain networks: layers, parameters counted by hand, tiny windows, files.

That they are the same on poses and clips is in test_mirrored.py.
"""

import keras
import numpy as np
import pytest
from keras import layers

from sensorhar import networks
from sensorhar.networks import cnn, cnn_lstm, conv_lstm, deep_conv_lstm, lstm, mlp
from sensorhar.networks.blocks import ShapeAndSize, Steps

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    "ignore:__array__ implementation:DeprecationWarning"
)

PLAIN = ("cnn", "cnn_lstm", "conv_lstm", "deep_conv_lstm", "lstm", "mlp")
SMALL = {
    "cnn": {"filters": (4, 4)},
    "cnn_lstm": {"filters": (4,), "units": 4},
    "conv_lstm": {"filters": 3},
    "deep_conv_lstm": {"filters": (4, 4), "units": (4,)},
    "lstm": {"units": (4, 3)},
    "mlp": {"units": (4,)},
}


def dense(n_in, n_out):
    return (n_in + 1) * n_out


def convolution(n_in, n_out, size):
    """Weights without bias, and the four numbers of batch normalisation a filter."""
    return n_in * n_out * size + 4 * n_out


def lstm_layer(n_in, n_units):
    """Four gates, each seeing the input, the state and a bias."""
    return 4 * ((n_in + n_units + 1) * n_units)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (
            cnn((40, 6), 5, filters=(8, 12), kernel_size=7),
            convolution(18, 8, 7) + convolution(8, 12, 7) + dense(24, 5),
        ),
        (
            cnn((40, 6), 5, filters=(8,), kernel_size=3, shape_and_size=False),
            convolution(6, 8, 3) + dense(16, 5),
        ),
        (
            cnn_lstm((40, 6), 5, filters=(8, 12), kernel_size=7, units=10),
            convolution(18, 8, 7)
            + convolution(8, 12, 7)
            + lstm_layer(12, 10)
            + dense(20, 5),
        ),
        (
            lstm((40, 6), 5, units=(7, 9), step_size=4, is_bidirectional=False),
            lstm_layer(4 * 18, 7) + lstm_layer(7, 9) + dense(18, 5),
        ),
        (
            lstm((40, 6), 5, units=(7, 9), step_size=1, shape_and_size=False),
            2 * lstm_layer(6, 7) + 2 * lstm_layer(14, 9) + dense(2 * 2 * 9, 5),
        ),
        (
            deep_conv_lstm((24, 113), 18, pool_size=1, shape_and_size=False),
            convolution(113, 64, 5)
            + 3 * convolution(64, 64, 5)
            + lstm_layer(64, 128)
            + lstm_layer(128, 128)
            + dense(256, 18),
        ),
        (
            conv_lstm((40, 6), 5, filters=8, kernel_size=5, shape_and_size=False),
            4 * (6 * 8 * 5 + 8 * 8 * 5 + 8) + dense(16, 5),
        ),
        (
            mlp((40, 6), 5, units=(30, 20)),
            dense(40 * 18, 30) + dense(30, 20) + dense(20, 5),
        ),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_parameters_counted_by_hand(model, expected):
    assert model.count_params() == expected


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("shape_and_size", [True, False])
def test_shapes_and_probabilities(name, shape_and_size):
    model = getattr(networks, name)(
        (21, 3), 4, **SMALL[name], shape_and_size=shape_and_size
    )
    assert model.input_shape == (None, 21, 3)
    assert model.output_shape == (None, 4)
    assert model.name == name
    assert model.layers[-1].name == "probabilities"
    proba = model.predict_on_batch(np.ones((2, 21, 3), np.float32))
    np.testing.assert_allclose(proba.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", PLAIN)
@pytest.mark.parametrize("n_timepoints", [1, 2, 3, 5, 9])
def test_tiny_windows(name, n_timepoints):
    model = getattr(networks, name)((n_timepoints, 1), 2)
    proba = keras.ops.convert_to_numpy(model(np.ones((3, n_timepoints, 1), np.float32)))
    assert proba.shape == (3, 2)
    assert np.isfinite(proba).all()


@pytest.mark.parametrize("name", PLAIN)
def test_networks_come_back_from_a_file(name, tmp_path):
    model = getattr(networks, name)((10, 2), 3, **SMALL[name])
    model.save(tmp_path / "network.keras")
    again = keras.saving.load_model(
        tmp_path / "network.keras", compile=False, safe_mode=True
    )
    x = np.random.default_rng(0).normal(size=(4, 10, 2)).astype(np.float32)
    np.testing.assert_allclose(
        again.predict_on_batch(x), model.predict_on_batch(x), atol=1e-6
    )


def same_layers(name, x):
    """Lay by hand what a network lays for windows of 40 samples."""

    def convolve(x, filters, size):
        x = layers.Conv1D(filters, size, padding="same", use_bias=False)(x)
        return layers.ReLU()(layers.BatchNormalization(momentum=0.9)(x))

    def halve(x):
        return layers.MaxPooling1D(2, padding="same")(x)

    x = ShapeAndSize()(x)
    if name == "cnn":
        x = convolve(halve(convolve(halve(convolve(x, 48, 9)), 64, 9)), 96, 9)
    elif name == "cnn_lstm":
        x = halve(convolve(halve(convolve(x, 48, 9)), 64, 9))
        x = layers.LSTM(64, return_sequences=True)(x)
    elif name == "conv_lstm":
        x = layers.Reshape((4, 10, 6))(Steps(10)(x))
        x = layers.ConvLSTM1D(32, 5, padding="same")(x)
    elif name == "deep_conv_lstm":
        x = halve(convolve(convolve(x, 64, 5), 64, 5))
        x = halve(convolve(convolve(x, 64, 5), 64, 5))
        x = layers.LSTM(128, return_sequences=True)(x)
        x = layers.Dropout(0.5)(x)
        x = layers.LSTM(128, return_sequences=True)(x)
    elif name == "lstm":
        x = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(Steps(4)(x))
        x = layers.Dropout(0.5)(x)
        x = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(x)
    else:
        x = layers.Dense(128, "relu")(layers.Flatten()(x))
        x = layers.Dropout(0.5)(x)
        x = layers.Dense(64, "relu")(x)
        return layers.Dropout(0.5)(x)
    means = layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)
    return layers.Dropout(0.5)(layers.Concatenate()(means))


@pytest.mark.parametrize("name", PLAIN)
def test_windows_are_given_the_layers_of_the_published_table(name):
    """Seed for seed: the accuracy in the README was measured with these layers."""
    keras.utils.set_random_seed(3)
    inputs = keras.Input((40, 2))
    x = same_layers(name, inputs)
    outputs = layers.Dense(3, activation="softmax", name="probabilities")(x)
    expected = keras.Model(inputs, outputs)
    keras.utils.set_random_seed(3)
    model = getattr(networks, name)((40, 2), 3)
    kinds = [[type(layer) for layer in each.layers] for each in (expected, model)]
    assert kinds[0] == kinds[1]
    x = np.random.default_rng(0).normal(size=(4, 40, 2)).astype(np.float32)
    for training in (False, True):  # dropout draws alike, too
        answers = [
            keras.ops.convert_to_numpy(each(x, training=training))
            for each in (expected, model)
        ]
        np.testing.assert_array_equal(*answers)


class TestFrames:
    """The CNN-LSTM on clips: the LRCN of Donahue et al., CVPR 2015."""

    @pytest.mark.parametrize(
        ("units", "n_params"), [(256, 4_457_472), (1024, 20_975_616)]
    )
    def test_the_lstm_on_fc6(self, units, n_params):
        """4096 features a frame into 256 cells on images, 1024 on flow."""
        with networks.without_weights():
            model = cnn_lstm((16, 24, 24, 3), 101, frame_units=4096, units=units)
        [cells] = [x for x in model.layers if isinstance(x, layers.LSTM)]
        assert cells.count_params() == n_params == lstm_layer(4096, units)

    def test_frames_are_described_one_by_one(self):
        """Until the LSTM; with as many steps as frames."""
        model = cnn_lstm((5, 8, 8, 1), 2, filters=(3,), units=4)
        [cells] = [x for x in model.layers if isinstance(x, layers.LSTM)]
        assert cells.input.shape == (None, 5, 3)
        until = keras.Model(model.inputs[0], cells.input)
        x = np.random.default_rng(0).normal(size=(1, 5, 8, 8, 1)).astype(np.float32)
        other = x.copy()
        other[:, 2] = 0
        differ = np.abs(until(x) - until(other)).max(axis=(0, 2)) > 0
        assert differ.tolist() == [False, False, True, False, False]

    def test_every_step_is_classified_and_averaged(self):
        model = cnn_lstm((6, 2), 3, units=4, filters=(), summary="probabilities_mean")
        each = keras.Model(model.inputs[0], model.get_layer("of_steps").output)
        x = np.random.default_rng(0).normal(size=(2, 6, 2)).astype(np.float32)
        assert each(x).shape == (2, 6, 3)
        np.testing.assert_allclose(model(x), np.mean(each(x), axis=1), atol=1e-6)

    def test_the_last_step(self):
        model = cnn_lstm((6, 2), 3, units=4, filters=(), summary="last")
        [cells] = [x for x in model.layers if isinstance(x, layers.LSTM)]
        assert cells.output.shape == (None, 4)

    def test_messages(self):
        with pytest.raises(ValueError, match=r"summary must be one of .*got 'sum'"):
            cnn_lstm((6, 2), 3, summary="sum")
        with pytest.raises(ValueError, match=r"a mean of probabilities has no logits"):
            cnn_lstm((6, 2), 3, summary="probabilities_mean", logits=True)


def test_parts_of_a_clip_are_its_frames():
    """ConvLSTM as published: no filter sees two frames, the state is all there is."""
    model = conv_lstm((5, 6, 6, 2), 3, filters=4)
    [cells] = [x for x in model.layers if isinstance(x, layers.ConvLSTM3D)]
    assert cells.input.shape == (None, 5, 1, 6, 6, 2)
    assert cells.cell.kernel.shape == (1, 3, 3, 2, 16)
