"""A convolutional network over time."""

from collections.abc import Sequence

import keras
from keras import layers

from sensorhar.networks.blocks import ShapeAndSize, classify, convolve

__all__ = ["cnn"]


def cnn(
    input_shape: tuple[int, int],
    n_classes: int,
    *,
    filters: Sequence[int] = (48, 64, 96),
    kernel_size: int = 9,
    dropout: float = 0.5,
    shape_and_size: bool = True,
) -> keras.Model:
    """Build a convolutional network with pooling by two between its layers.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``.
    n_classes : int
        Number of probabilities.
    filters : sequence of int, default=(48, 64, 96)
        Filters of each convolution.
    kernel_size : int, default=9
        Samples a filter sees.
    dropout : float, default=0.5
        Share of features dropped before the last layer while training.
    shape_and_size : bool, default=True
        Whether each channel is accompanied by its amplitude-free shape and its size;
        see :class:`sensorhar.networks.blocks.ShapeAndSize`.

    Returns
    -------
    keras.Model
        From ``(n, n_timepoints, n_channels)`` to ``(n, n_classes)``.
    """
    inputs = keras.Input(input_shape)
    x = ShapeAndSize()(inputs) if shape_and_size else inputs
    for i, n_filters in enumerate(filters):
        if i:
            x = layers.MaxPooling1D(2, padding="same")(x)
        x = convolve(x, n_filters, kernel_size)
    return keras.Model(inputs, classify(x, n_classes, dropout), name="cnn")
