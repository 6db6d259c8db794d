"""DeepConvLSTM: four convolutions and two LSTM layers."""

from collections.abc import Sequence

import keras
from keras import layers

from sensorhar.networks.blocks import ShapeAndSize, classify, convolve

__all__ = ["deep_conv_lstm"]


def deep_conv_lstm(
    input_shape: tuple[int, int],
    n_classes: int,
    *,
    filters: Sequence[int] = (64, 64, 64, 64),
    kernel_size: int = 5,
    units: Sequence[int] = (128, 128),
    pool_size: int = 2,
    dropout: float = 0.5,
    shape_and_size: bool = True,
) -> keras.Model:
    """Build DeepConvLSTM (Ordóñez & Roggen, Sensors 2016, 16(1), 115, figure 4).

    Four convolutions of 64 filters that see 5 samples, two LSTM layers of 128 cells,
    dropout of one half, as there. Three things differ: filters span all channels,
    batch normalisation follows each convolution, and every second one is pooled,
    because the windows of the paper had 24 samples and today's have over a hundred.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``.
    n_classes : int
        Number of probabilities.
    filters : sequence of int, default=(64, 64, 64, 64)
        Filters of each convolution.
    kernel_size : int, default=5
        Samples a filter sees.
    units : sequence of int, default=(128, 128)
        Cells of each LSTM layer.
    pool_size : int, default=2
        Pooling after every second convolution; 1 is the paper's network.
    dropout : float, default=0.5
        Share of features dropped before each dense or recurrent layer.
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
        x = convolve(x, n_filters, kernel_size)
        if i % 2 and pool_size > 1:
            x = layers.MaxPooling1D(pool_size, padding="same")(x)
    for i, n_units in enumerate(units):
        if i:
            x = layers.Dropout(dropout)(x)
        x = layers.LSTM(n_units, return_sequences=True)(x)
    return keras.Model(inputs, classify(x, n_classes, dropout), name="deep_conv_lstm")
