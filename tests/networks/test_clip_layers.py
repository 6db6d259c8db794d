"""Layers of clips equal those of Keras, in what they answer and in what they learn."""

import keras
import numpy as np
import pytest
import tensorflow as tf
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from sensorhar.networks.clip_layers import ClipConvolution, ClipMaxPooling, same_margins

N_FRAMES, HEIGHT, WIDTH = 7, 6, 5


def clips(n_channels, seed=0):
    shape = (2, N_FRAMES, HEIGHT, WIDTH, n_channels)
    return np.random.default_rng(seed).standard_normal(shape).astype(np.float32)


def margins(x, size, strides):
    return [
        same_margins(*each) for each in zip(x.shape[1:4], size, strides, strict=True)
    ]


def with_margins(x, size, strides, value=0):
    """Pad as "same" does: TensorFlow's own is wrong where strides exceed the size."""
    sides = margins(x, size, strides)
    return np.pad(x, ((0, 0), *sides, (0, 0)), constant_values=value)


def learned(layer, x):
    """Return the answer and its gradients by the input and the weights."""
    x = tf.constant(x)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = layer(x)
        total = tf.reduce_sum(tf.sin(y))
    return y, tape.gradient(total, [x, *layer.trainable_variables])


three = st.tuples(*[st.sampled_from([1, 2, 3, 5])] * 3)
steps = st.tuples(*[st.sampled_from([1, 2, 3])] * 3)


@settings(max_examples=60, deadline=None)
@given(size=three, strides=steps, n_in=st.sampled_from([1, 3, 8]))
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_convolution(size, strides, n_in, padding):
    ours = ClipConvolution(4, size, strides=strides, padding=padding)
    keras_own = layers.Conv3D(4, size, strides=strides, padding="valid")
    x = clips(n_in)
    padded = with_margins(x, size, strides) if padding == "same" else x
    ours.build(x.shape)
    keras_own.build(padded.shape)
    keras_own.set_weights(ours.get_weights())
    y, (pull, kernel, bias) = learned(ours, x)
    y_own, (pull_own, kernel_own, bias_own) = learned(keras_own, padded)
    assert tuple(y.shape) == ours.compute_output_shape(x.shape)
    np.testing.assert_allclose(y, y_own, atol=1e-5)
    if padding == "same":
        (top, _), (left, _), (front, _) = margins(x, size, strides)
        pull_own = pull_own[:, top:, left:, front:][:, :N_FRAMES, :HEIGHT, :WIDTH]
    np.testing.assert_allclose(pull, pull_own, atol=1e-4)
    np.testing.assert_allclose(kernel, kernel_own, atol=1e-3, rtol=1e-4)
    np.testing.assert_allclose(bias, bias_own, atol=1e-3, rtol=1e-4)


def test_a_stride_beyond_the_kernel():
    """By hand: frames 0 to 2 and 4 to 6 of seven, as "same" adds nothing here."""
    layer = ClipConvolution(1, (3, 1, 1), strides=(4, 1, 1), padding="same")
    x = clips(2)
    layer.build(x.shape)
    kernel = layer.get_weights()[0][:, 0, 0, :, 0]
    wanted = [np.einsum("nthwc,tc->nhw", x[:, i : i + 3], kernel) for i in (0, 4)]
    np.testing.assert_allclose(layer(x)[..., 0], np.stack(wanted, 1), atol=1e-5)


@pytest.mark.parametrize("more", [{"groups": 2}, {"dilation_rate": (1, 2, 1)}])
def test_what_is_left_to_keras(more):
    ours = ClipConvolution(4, (1, 3, 3), padding="same", **more)
    keras_own = layers.Conv3D(4, (1, 3, 3), padding="same", **more)
    x = clips(4)
    ours.build(x.shape)
    keras_own.build(x.shape)
    keras_own.set_weights(ours.get_weights())
    np.testing.assert_allclose(ours(x), keras_own(x), atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(size=three, strides=steps)
@pytest.mark.parametrize("padding", ["valid", "same"])
def test_a_maximum(size, strides, padding):
    x = clips(3)
    y = ClipMaxPooling(size, strides=strides, padding=padding)(x)
    padded = with_margins(x, size, strides, -np.inf) if padding == "same" else x
    wanted = layers.MaxPooling3D(size, strides=strides)(padded)
    np.testing.assert_array_equal(y, wanted)


def test_both_are_saved_by_name(tmp_path):
    inputs = keras.Input(clips(3).shape[1:])
    x = ClipConvolution(2, (3, 3, 3), strides=2, padding="same")(inputs)
    network = keras.Model(inputs, ClipMaxPooling((1, 2, 2))(x))
    network.save(tmp_path / "clips.keras")
    again = keras.saving.load_model(tmp_path / "clips.keras")
    np.testing.assert_array_equal(again(clips(3)), network(clips(3)))
    assert again.count_params() == 3 * 3 * 3 * 3 * 2 + 2
