"""A recurrent network of long short-term memory cells."""

from collections.abc import Sequence

import keras
from keras import layers

from sensorhar.networks.blocks import ShapeAndSize, Steps, classify

__all__ = ["lstm"]


def lstm(
    input_shape: tuple[int, int],
    n_classes: int,
    *,
    units: Sequence[int] = (64, 64),
    step_size: int = 4,
    is_bidirectional: bool = True,
    dropout: float = 0.5,
    shape_and_size: bool = True,
) -> keras.Model:
    """Build stacked LSTM layers (Hochreiter & Schmidhuber 1997).

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``.
    n_classes : int
        Number of probabilities.
    units : sequence of int, default=(64, 64)
        Cells of each layer, in each direction.
    step_size : int, default=4
        Neighbouring samples a cell sees at once; 1 is the textbook LSTM, larger
        values are as many times faster.
    is_bidirectional : bool, default=True
        Whether each layer also walks backwards (Schuster & Paliwal 1997).
    dropout : float, default=0.5
        Share of features dropped between layers while training.
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
    x = Steps(step_size)(x)
    for i, n_units in enumerate(units):
        if i:
            x = layers.Dropout(dropout)(x)
        layer = layers.LSTM(n_units, return_sequences=True)
        x = layers.Bidirectional(layer)(x) if is_bidirectional else layer(x)
    return keras.Model(inputs, classify(x, n_classes, dropout), name="lstm")
