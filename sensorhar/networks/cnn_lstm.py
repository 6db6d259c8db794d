"""Convolutions that describe short stretches, and an LSTM over them."""

from collections.abc import Sequence

import keras
from keras import layers

from sensorhar.networks.blocks import ShapeAndSize, classify, convolve

__all__ = ["cnn_lstm"]


def cnn_lstm(
    input_shape: tuple[int, int],
    n_classes: int,
    *,
    filters: Sequence[int] = (48, 64),
    kernel_size: int = 9,
    units: int = 64,
    dropout: float = 0.5,
    shape_and_size: bool = True,
) -> keras.Model:
    """Build a CNN-LSTM: each convolution halves the length, then one LSTM.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``.
    n_classes : int
        Number of probabilities.
    filters : sequence of int, default=(48, 64)
        Filters of each convolution; each is followed by pooling by two.
    kernel_size : int, default=9
        Samples a filter sees.
    units : int, default=64
        Cells of the LSTM.
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
    for n_filters in filters:
        x = convolve(x, n_filters, kernel_size)
        x = layers.MaxPooling1D(2, padding="same")(x)
    x = layers.LSTM(units, return_sequences=True)(x)
    return keras.Model(inputs, classify(x, n_classes, dropout), name="cnn_lstm")
