"""Inflation: what does not vary is answered as by the smaller network."""

import keras
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keras import layers

from sensorhar.networks.cnn import cnn
from sensorhar.networks.i3d import i3d
from sensorhar.networks.inflate import inflate, inflate_kernel
from sensorhar.networks.mlp import mlp
from sensorhar.networks.space import convolve_space

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    "ignore:__array__ implementation:DeprecationWarning"
)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def answer(model, x):
    return keras.ops.convert_to_numpy(model(x))


class TestKernel:
    def test_an_image_kernel_is_repeated_and_divided(self):
        kernel = noise(3, 3, 2, 4)
        out = inflate_kernel(kernel, (7, 3, 3, 2, 4))
        np.testing.assert_allclose(out, np.stack([kernel] * 7) / 7, atol=1e-6)

    def test_twice_as_long(self):
        out = inflate_kernel(np.array([2.0, 4.0]).reshape(2, 1, 1), (4, 1, 1))
        assert out.ravel().tolist() == [1, 1, 2, 2]

    def test_areas(self):
        """Two taps on three: the middle one takes half of each."""
        out = inflate_kernel(np.array([3.0, 6.0]).reshape(2, 1, 1), (3, 1, 1))
        np.testing.assert_allclose(out.ravel(), [2, 3, 4], atol=1e-6)

    @settings(max_examples=20, deadline=None)
    @given(st.integers(1, 9), st.integers(0, 12))
    def test_the_sum_over_time_stays(self, n, more):
        kernel = noise(n, 2, 3)
        out = inflate_kernel(kernel, (n + more, 2, 3))
        np.testing.assert_allclose(out.sum(axis=0), kernel.sum(axis=0), atol=1e-5)

    def test_sensors_of_three_blocks(self):
        """Shape and size stand behind the signals; each block is repeated by itself."""
        kernel = np.arange(3.0).reshape(1, 3, 1)
        out = inflate_kernel(kernel, (1, 6, 1), n_blocks=3)
        assert (2 * out).ravel().tolist() == [0, 0, 1, 1, 2, 2]

    def test_added_channels_may_be_ignored(self):
        kernel = noise(3, 2, 4)
        out = inflate_kernel(kernel, (3, 5, 4), channels="zero")
        np.testing.assert_array_equal(out[:, :2], kernel)
        assert (out[:, 2:] == 0).all()

    def test_space_is_put_around(self):
        kernel = noise(5, 2, 4)
        out = inflate_kernel(kernel, (5, 3, 3, 2, 4), new_axis="space")
        np.testing.assert_array_equal(out[:, 1, 1], kernel)
        assert np.count_nonzero(out) == kernel.size

    @pytest.mark.parametrize("shape", [(2, 2, 4), (3, 3, 4), (3, 2, 5), (2, 4)])
    def test_unfit(self, shape):
        with pytest.raises(ValueError, match=r"cannot be spread over"):
            inflate_kernel(noise(3, 2, 4), shape)


def image_and_clip(borders, kernel=7):
    """Build a small network of images, and the same inflated."""
    image = keras.Input((9, 8, 3))
    x = layers.Conv2D(4, 3, padding="same", use_bias=False)(image)
    flat = keras.Model(image, layers.BatchNormalization()(x))
    clip = keras.Input((15, 9, 8, 3))
    y = convolve_space(clip, 4, (kernel, 3), padding=borders)
    return flat, inflate(flat, keras.Model(clip, layers.BatchNormalization()(y)))


class TestStillScene:
    """An image repeated for ever is answered like the image."""

    @pytest.mark.parametrize("kernel", [3, 7])
    def test_zeros_change_the_ends_alone(self, kernel):
        flat, deep = image_and_clip("same", kernel)
        scene = noise(2, 9, 8, 3)
        expected = answer(flat, scene)[:, None]
        got = answer(deep, np.repeat(scene[:, None], 15, axis=1))
        margin = kernel // 2
        inside = got[:, margin:-margin]
        np.testing.assert_allclose(
            inside, np.broadcast_to(expected, inside.shape), atol=1e-5
        )
        assert np.abs(got[:, margin - 1] - expected[:, 0]).max() > 1e-2

    def test_repeated_frames_change_nothing(self):
        flat, deep = image_and_clip("replicate")
        scene = noise(2, 9, 8, 3)
        expected = answer(flat, scene)[:, None]
        got = answer(deep, np.repeat(scene[:, None], 15, axis=1))
        np.testing.assert_allclose(got, np.broadcast_to(expected, got.shape), atol=1e-5)

    def test_the_whole_of_i3d(self):
        """With repeated frames a still clip of any length has one answer."""
        options = {"width": 1 / 16, "borders": "replicate"}
        short = i3d((4, 32, 32, 3), 3, **options)
        long = inflate(short, i3d((16, 32, 32, 3), 3, **options))
        scene = noise(2, 1, 32, 32, 3)
        np.testing.assert_allclose(
            answer(long, np.repeat(scene, 16, axis=1)),
            answer(short, np.repeat(scene, 4, axis=1)),
            atol=1e-5,
        )


class TestNetworks:
    def test_n_alike_sensors_are_answered_as_one(self):
        one = cnn((40, 3), 4, filters=(5, 6))
        many = inflate(one, cnn((40, 9), 4, filters=(5, 6)))
        x = noise(2, 40, 3)
        np.testing.assert_allclose(
            answer(many, np.tile(x, (1, 1, 3))), answer(one, x), atol=1e-5
        )

    def test_a_longer_kernel_at_a_higher_rate(self):
        """Samples repeated, kernel stretched: the same inside."""
        short = keras.Sequential([keras.Input((20, 2)), layers.Conv1D(3, 3)])
        long = keras.Sequential([keras.Input((40, 2)), layers.Conv1D(3, 6)])
        inflate(short, long)
        x = noise(2, 20, 2)
        got = answer(long, np.repeat(x, 2, axis=1))[:, ::2]
        np.testing.assert_allclose(got, answer(short, x), atol=1e-5)

    def test_other_classes(self):
        one, other = cnn((40, 3), 4), cnn((40, 3), 7)
        inflate(one, other, is_head_kept=False)
        np.testing.assert_array_equal(
            one.layers[2].get_weights()[0], other.layers[2].get_weights()[0]
        )

    def test_other_classes_are_refused_with_the_head_and_nothing_is_changed(self):
        one, other = cnn((40, 3), 4), cnn((40, 3), 7)
        before = other.get_weights()
        with pytest.raises(ValueError, match=r"'probabilities' .* is_head_kept=False"):
            inflate(one, other)
        for old, new in zip(before, other.get_weights(), strict=True):
            np.testing.assert_array_equal(old, new)

    def test_another_architecture(self):
        with pytest.raises(ValueError, match=r"'mlp' has 3 layers with weights"):
            inflate(mlp((40, 3), 4), cnn((40, 3), 4))

    def test_other_layers(self):
        one = keras.Sequential([keras.Input((4,)), layers.Dense(2)])
        other = keras.Sequential([keras.Input((4,)), layers.Dense(2, use_bias=False)])
        with pytest.raises(ValueError, match=r"has 2 weights in .* and 1 in"):
            inflate(one, other)

    def test_a_shorter_kernel(self):
        with pytest.raises(ValueError, match=r"layer 'conv1d.*cannot be spread over"):
            inflate(cnn((40, 3), 4, kernel_size=5), cnn((40, 3), 4, kernel_size=3))
