"""Layers that networks share: known answers, shapes, and files."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.networks.blocks import (
    ShapeAndSize,
    Steps,
    classify,
    convolve,
    flatten_space,
    halve,
    mean_space,
    prepare,
)

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    "ignore:__array__ implementation:DeprecationWarning"
)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def apply(layer, inputs):
    return keras.ops.convert_to_numpy(layer(inputs))


class TestShapeAndSize:
    def test_known_answer(self):
        """One channel 0, 2: mean 1, standard deviation 1, shape -1, 1."""
        out = apply(ShapeAndSize(noise=0.0), np.array([[[0.0], [2.0]]], np.float32))
        np.testing.assert_allclose(out, [[[0, -1, 0], [2, 1, 0]]], atol=1e-6)

    def test_equals_numpy(self):
        x = noise(4, 50, 3)
        out = apply(ShapeAndSize(noise=0.1), x)
        deviation = np.sqrt(x.var(axis=1, keepdims=True) + 0.01)
        shape = (x - x.mean(axis=1, keepdims=True)) / deviation
        size = np.broadcast_to(np.log(deviation), x.shape)
        np.testing.assert_allclose(
            out, np.concatenate([x, shape, size], axis=-1), atol=1e-5
        )

    @pytest.mark.parametrize("factor", [0.1, 3.0, 100.0])
    def test_scale_moves_the_size_alone(self, factor):
        """The shape stays; the log of the size moves by the log of the factor."""
        x = noise(2, 64, 2)
        layer = ShapeAndSize(noise=1e-6)
        small, large = apply(layer, x), apply(layer, factor * x)
        np.testing.assert_allclose(large[..., 2:4], small[..., 2:4], atol=1e-4)
        np.testing.assert_allclose(
            large[..., 4:] - small[..., 4:], np.log(factor), atol=1e-4
        )

    def test_an_offset_moves_the_first_copy_alone(self):
        x = noise(2, 64, 2)
        layer = ShapeAndSize()
        np.testing.assert_allclose(
            apply(layer, x + 5)[..., 2:], apply(layer, x)[..., 2:], atol=1e-4
        )

    def test_silence_is_not_blown_up(self):
        out = apply(ShapeAndSize(), np.full((1, 30, 2), 0.7, np.float32))
        np.testing.assert_allclose(out[..., 2:4], 0, atol=1e-3)
        np.testing.assert_allclose(out[..., 4:], np.log(1e-3), atol=1e-3)

    def test_one_timepoint(self):
        assert np.isfinite(apply(ShapeAndSize(), noise(3, 1, 2))).all()


class TestSteps:
    def test_exact_reshape(self):
        x = noise(2, 12, 3)
        np.testing.assert_array_equal(apply(Steps(4), x), x.reshape(2, 3, 12))

    def test_the_last_step_is_filled_with_zeros(self):
        x = noise(2, 10, 3)
        out = apply(Steps(4), x)
        assert out.shape == (2, 3, 12)
        np.testing.assert_array_equal(out[:, :2], x[:, :8].reshape(2, 2, 12))
        np.testing.assert_array_equal(out[:, 2, :6], x[:, 8:].reshape(2, 6))
        assert (out[:, 2, 6:] == 0).all()

    @settings(max_examples=25, deadline=None)
    @given(st.integers(1, 40), st.integers(1, 4), st.integers(1, 9))
    def test_nothing_is_lost(self, n_timepoints, n_channels, size):
        x = noise(2, n_timepoints, n_channels)
        layer = Steps(size)
        out = apply(layer, x)
        assert out.shape == layer.compute_output_shape(x.shape)
        flat = out.reshape(2, -1, n_channels)
        np.testing.assert_array_equal(flat[:, :n_timepoints], x)
        assert (flat[:, n_timepoints:] == 0).all()


@pytest.mark.parametrize("layer", [ShapeAndSize(noise=0.5), Steps(3)])
def test_layers_come_back_from_config_and_file(layer, tmp_path):
    again = type(layer).from_config(layer.get_config())
    assert again.get_config() == layer.get_config()
    inputs = keras.Input((10, 2))
    model = keras.Model(inputs, layer(inputs))
    model.save(tmp_path / "layer.keras")
    loaded = keras.saving.load_model(tmp_path / "layer.keras", safe_mode=True)
    x = noise(2, 10, 2)
    np.testing.assert_array_equal(loaded.predict_on_batch(x), model.predict_on_batch(x))


def test_convolve_keeps_the_size():
    for shape in [(17, 3), (17, 4, 3), (9, 4, 5, 3)]:
        inputs = keras.Input(shape)
        assert convolve(inputs, 6, (9, 3)).shape == (None, *shape[:-1], 6)


def test_halve_leaves_nothing_out():
    inputs = keras.Input((5, 3, 1, 2))
    assert halve(inputs).shape == (None, 3, 2, 1, 2)
    assert halve(inputs, (1, 2)).shape == (None, 5, 2, 1, 2)
    x = noise(1, 5, 3, 1, 2)
    largest = apply(keras.Model(inputs, halve(inputs)), x)
    assert largest.max() == x.max()


def test_space_is_laid_flat_or_averaged():
    x = noise(2, 4, 3, 5, 2)
    inputs = keras.Input(x.shape[1:])
    flat = keras.Model(inputs, flatten_space(inputs))
    np.testing.assert_array_equal(apply(flat, x), x.reshape(2, 4, -1))
    mean = keras.Model(inputs, mean_space(inputs))
    np.testing.assert_allclose(apply(mean, x), x.mean(axis=(2, 3)), atol=1e-6)
    sensor = keras.Input((4, 2))
    assert flatten_space(sensor) is sensor
    assert mean_space(sensor) is sensor


def test_sensors_alone_are_described():
    assert [prepare(s, None)[1].shape[-1] for s in [(8, 2), (8, 5, 2)]] == [6, 2]
    assert prepare((8, 5, 2), True)[1].shape == (None, 8, 5, 6)


@pytest.mark.parametrize("shape", [(4, 1), (2, 2, 1), (2, 2, 1, 1)])
def test_classify_joins_mean_and_maximum(shape):
    """Weights of ones on mean and maximum: the sum decides, known by hand."""
    inputs = keras.Input(shape)
    model = keras.Model(inputs, classify(inputs, 2, 0.5))
    model.get_layer("probabilities").set_weights(
        [np.array([[1.0, 0.0], [1.0, 0.0]]), np.zeros(2)]
    )
    x = np.array([0.0, 1.0, 2.0, 5.0], np.float32).reshape(1, *shape)
    logit = x.mean() + x.max()
    expected = 1 / (1 + np.exp(-logit))
    np.testing.assert_allclose(
        model.predict_on_batch(x)[0], [expected, 1 - expected], atol=1e-6
    )
    bare = keras.Model(inputs, classify(inputs, 2, 0.5, logits=True))
    assert bare.layers[-1].name == "logits"
