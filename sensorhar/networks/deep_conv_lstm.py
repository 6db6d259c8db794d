"""DeepConvLSTM: four convolutions and two LSTM layers."""

from collections.abc import Sequence

import keras
from keras import layers

from sensorhar.networks.blocks import classify, convolve, halve, mean_space, prepare

__all__ = ["deep_conv_lstm"]


def deep_conv_lstm(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    filters: Sequence[int] = (64, 64, 64, 64),
    kernel_size: int = 5,
    space_kernel: int = 3,
    units: Sequence[int] = (128, 128),
    pool_size: int = 2,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build DeepConvLSTM (Ordóñez & Roggen, Sensors 2016, 16(1), 115, figure 4).

    Four convolutions of 64 filters that see 5 samples, two LSTM layers of 128 cells,
    dropout of one half, as there. Three things differ: filters span all channels,
    batch normalisation follows each convolution, and every second one is pooled,
    because the windows of the paper had 24 samples and today's have over a hundred.
    Joints and places are convolved too; the LSTM is given their mean.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``.
    n_classes : int
        Number of probabilities.
    filters : sequence of int, default=(64, 64, 64, 64)
        Filters of each convolution.
    kernel_size : int, default=5
        Timepoints a filter sees.
    space_kernel : int, default=3
        Joints, or places along height and width, a filter sees.
    units : sequence of int, default=(128, 128)
        Cells of each LSTM layer.
    pool_size : int, default=2
        Pooling of time and space after every second convolution; 1 is the paper's
        network.
    dropout : float, default=0.5
        Share of features dropped before each dense or recurrent layer.
    shape_and_size : bool, optional
        Whether each channel is accompanied by its amplitude-free shape and its size;
        default for sensors alone. See :class:`sensorhar.networks.blocks.ShapeAndSize`.
    logits : bool, default=False
        Whether the numbers before softmax are returned.

    Returns
    -------
    keras.Model
        From ``(n, *input_shape)`` to ``(n, n_classes)``.
    """
    inputs, x = prepare(input_shape, shape_and_size)
    for i, n_filters in enumerate(filters):
        x = convolve(x, n_filters, (kernel_size, space_kernel))
        if i % 2 and pool_size > 1:
            x = halve(x, (pool_size, pool_size))
    x = mean_space(x)
    for i, n_units in enumerate(units):
        if i:
            x = layers.Dropout(dropout)(x)
        x = layers.LSTM(n_units, return_sequences=True)(x)
    return keras.Model(
        inputs, classify(x, n_classes, dropout, logits=logits), name="deep_conv_lstm"
    )
