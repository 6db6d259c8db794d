"""A recurrent network of long short-term memory cells."""

from collections.abc import Sequence

import keras
from keras import layers

from sensorhar.networks.blocks import Steps, classify, flatten_space, prepare

__all__ = ["lstm"]


def lstm(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    units: Sequence[int] = (64, 64),
    step_size: int = 4,
    is_bidirectional: bool = True,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build stacked LSTM layers (Hochreiter & Schmidhuber 1997).

    Joints and places of one timepoint are laid side by side.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``.
    n_classes : int
        Number of probabilities.
    units : sequence of int, default=(64, 64)
        Cells of each layer, in each direction.
    step_size : int, default=4
        Neighbouring timepoints a cell sees at once; 1 is the textbook LSTM, larger
        values are as many times faster.
    is_bidirectional : bool, default=True
        Whether each layer also walks backwards (Schuster & Paliwal 1997).
    dropout : float, default=0.5
        Share of features dropped between layers while training.
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
    x = Steps(step_size)(flatten_space(x))
    for i, n_units in enumerate(units):
        if i:
            x = layers.Dropout(dropout)(x)
        layer = layers.LSTM(n_units, return_sequences=True)
        x = layers.Bidirectional(layer)(x) if is_bidirectional else layer(x)
    return keras.Model(
        inputs, classify(x, n_classes, dropout, logits=logits), name="lstm"
    )
