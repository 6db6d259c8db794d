"""ConvLSTM: a recurrent network whose cells convolve."""

import keras
from keras import layers

from sensorhar.networks.blocks import ShapeAndSize, Steps, classify

__all__ = ["conv_lstm"]


def conv_lstm(
    input_shape: tuple[int, int],
    n_classes: int,
    *,
    filters: int = 32,
    kernel_size: int = 5,
    n_steps: int = 4,
    dropout: float = 0.5,
    shape_and_size: bool = True,
) -> keras.Model:
    """Build a ConvLSTM network (Shi et al., NeurIPS 2015) over parts of the window.

    The window is cut into parts; the recurrent layer walks from part to part, and
    inside its cells convolutions run along the samples of a part.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``.
    n_classes : int
        Number of probabilities.
    filters : int, default=32
        Filters of the cell.
    kernel_size : int, default=5
        Samples a filter sees.
    n_steps : int, default=4
        Parts of the window.
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
    n_timepoints, n_channels = input_shape
    inputs = keras.Input(input_shape)
    x = ShapeAndSize()(inputs) if shape_and_size else inputs
    n_channels *= 3 if shape_and_size else 1
    size = -(-n_timepoints // n_steps)
    n_parts = -(-n_timepoints // size)
    x = layers.Reshape((n_parts, size, n_channels))(Steps(size)(x))
    x = layers.ConvLSTM1D(filters, kernel_size, padding="same")(x)
    return keras.Model(inputs, classify(x, n_classes, dropout), name="conv_lstm")
