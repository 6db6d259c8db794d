"""Layers and small blocks that several networks share."""

import math
from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from sensorhar.networks.space import (
    convolve_space,
    finish,
    global_mean,
    n_space_axes,
    normalise,
    pool_space,
    rectify,
)

__all__ = [
    "ShapeAndSize",
    "Steps",
    "classify",
    "convolve",
    "describe",
    "flatten_space",
    "halve",
    "mean_space",
    "prepare",
]

#: Added to the variance by batch normalisation in :func:`convolve`; Keras' default.
EPSILON = 1e-3

_GLOBAL_MAXIMA = (
    layers.GlobalMaxPooling1D,
    layers.GlobalMaxPooling2D,
    layers.GlobalMaxPooling3D,
)


@keras.saving.register_keras_serializable("sensorhar")
class ShapeAndSize(layers.Layer):
    """Put beside each channel its shape without amplitude, and its size.

    For a window x of one channel with mean m and standard deviation s over time, the
    output holds x, (x - m) / s and log s. Sitting and standing differ by motions a
    hundred times smaller than walking; scaled by what all activities have in common
    they vanish, and here they do not.

    Parameters
    ----------
    noise : float, default=1e-3
        Standard deviations below this count as this, so that silence is not blown up;
        in units of the input, which a classifier has scaled to 1.
    """

    def __init__(self, noise: float = 1e-3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.noise = noise

    def call(self, inputs: Any) -> Any:
        """Return the input, its shape and its size side by side."""
        centred = inputs - ops.mean(inputs, axis=1, keepdims=True)
        variance = ops.mean(ops.square(centred), axis=1, keepdims=True)
        deviation = ops.sqrt(variance + self.noise**2)
        size = ops.log(deviation) + ops.zeros_like(inputs)
        return ops.concatenate([inputs, centred / deviation, size], axis=-1)

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Three times the channels."""
        return (*input_shape[:-1], 3 * input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "noise": self.noise}


@keras.saving.register_keras_serializable("sensorhar")
class Steps(layers.Layer):
    """Join neighbouring samples into one step with more channels.

    ``(n, n_timepoints, n_channels)`` becomes ``(n, ceil(n_timepoints / size), size *
    n_channels)``; nothing is lost, and a recurrent layer has fewer steps to walk. The
    last step is filled with zeros.

    Parameters
    ----------
    size : int
        Samples in a step.
    """

    def __init__(self, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = size

    def call(self, inputs: Any) -> Any:
        """Return the joined samples."""
        _, n_timepoints, n_channels = inputs.shape
        missing = -n_timepoints % self.size
        padded = ops.pad(inputs, [[0, 0], [0, missing], [0, 0]])
        n_steps = (n_timepoints + missing) // self.size
        return ops.reshape(padded, (-1, n_steps, self.size * n_channels))

    def compute_output_shape(
        self, input_shape: tuple[int, int, int]
    ) -> tuple[int, int, int]:
        """Fewer steps of more channels."""
        n_examples, n_timepoints, n_channels = input_shape
        return n_examples, -(-n_timepoints // self.size), self.size * n_channels

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "size": self.size}


def describe(x: Any, shape_and_size: bool | None) -> Any:
    """Return the input, accompanied by its shape and its size where that is wanted.

    Parameters
    ----------
    x : keras tensor of shape (n, n_timepoints, ..., n_channels)
        Input.
    shape_and_size : bool or None
        Whether :class:`ShapeAndSize` is applied; None does so for sensors alone.

    Returns
    -------
    keras tensor
        Of 1 or 3 times the channels.
    """
    is_wanted = len(x.shape) == 3 if shape_and_size is None else shape_and_size
    return ShapeAndSize()(x) if is_wanted else x


def prepare(input_shape: Sequence[int], shape_and_size: bool | None) -> tuple[Any, Any]:
    """Return the input and what the first layer sees.

    Parameters
    ----------
    input_shape : sequence of int
        Shape of one example.
    shape_and_size : bool or None
        Whether each channel is accompanied by its amplitude-free shape and its size;
        None does so for sensors alone.

    Returns
    -------
    inputs, x : keras tensors
        Of shape ``(n, *input_shape)`` and the same with 1 or 3 times the channels.
    """
    n_space_axes(input_shape)  # refuses shapes of no known kind
    inputs = keras.Input(tuple(input_shape))
    return inputs, describe(inputs, shape_and_size)


def convolve(x: Any, filters: int, kernel: tuple[int, int]) -> Any:
    """Convolution, batch normalisation, ReLU; time and space keep their size.

    Parameters
    ----------
    x : keras tensor of shape (n, n_timepoints, ..., n_channels)
        Input.
    filters : int
        Number of filters.
    kernel : pair of int
        ``(time, space)``.

    Returns
    -------
    keras tensor
        Of shape ``(n, n_timepoints, ..., filters)``.
    """
    x = convolve_space(x, filters, kernel, padding="same")
    return rectify(normalise(x, epsilon=EPSILON))


def halve(x: Any, size: tuple[int, int] = (2, 2)) -> Any:
    """Maximum of neighbours; what is left over at the ends counts as well.

    Parameters
    ----------
    x : keras tensor of shape (n, n_timepoints, ..., n_channels)
        Input.
    size : pair of int, default=(2, 2)
        ``(time, space)``.

    Returns
    -------
    keras tensor
        Fewer timepoints and places, at least one of each.
    """
    return pool_space(x, size, padding="same")


def flatten_space(x: Any) -> Any:
    """Put all places of a timepoint side by side.

    Parameters
    ----------
    x : keras tensor of shape (n, n_timepoints, ..., n_channels)
        Input.

    Returns
    -------
    keras tensor
        Of shape ``(n, n_timepoints, n_places * n_channels)``.
    """
    if len(x.shape) == 3:
        return x
    return layers.Reshape((x.shape[1], math.prod(x.shape[2:])))(x)


def mean_space(x: Any) -> Any:
    """Mean over all places of a timepoint.

    Parameters
    ----------
    x : keras tensor of shape (n, n_timepoints, ..., n_channels)
        Input.

    Returns
    -------
    keras tensor
        Of shape ``(n, n_timepoints, n_channels)``.
    """
    if len(x.shape) == 3:
        return x
    everywhere = 1, max(x.shape[2:-1])  # cut to each axis
    return flatten_space(pool_space(x, everywhere, kind="mean"))


def classify(x: Any, n_classes: int, dropout: float, *, logits: bool = False) -> Any:
    """Mean and maximum over time and space, dropout, and one number for each class.

    Parameters
    ----------
    x : keras tensor of shape (n, n_timepoints, ..., n_channels)
        Features.
    n_classes : int
        Number of classes.
    dropout : float
        Share of features dropped while training.
    logits : bool, default=False
        Whether the numbers before softmax are returned.

    Returns
    -------
    keras tensor
        Of shape ``(n, n_classes)``.
    """
    largest = _GLOBAL_MAXIMA[len(x.shape) - 3]
    pooled = layers.Concatenate()([global_mean(x), largest()(x)])
    return finish(pooled, n_classes, dropout, logits=logits)
