"""Recurrent networks of plain, gated or long short-term memory cells."""

from collections.abc import Sequence
from typing import Literal

import keras
from keras import layers

from sensorhar.networks.blocks import Steps, classify, flatten_space, prepare
from sensorhar.networks.space import finish

__all__ = ["rnn"]

_CELLS = {"simple": layers.SimpleRNN, "gru": layers.GRU, "lstm": layers.LSTM}


def rnn(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    cell: Literal["simple", "gru", "lstm"] = "gru",
    units: Sequence[int] = (64, 64),
    step_size: int = 4,
    is_bidirectional: bool = False,
    dense_units: int | None = None,
    summary: Literal["mean_and_max", "last"] = "mean_and_max",
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build stacked recurrent layers on the numbers of each timepoint.

    Joints and places of one timepoint are laid side by side. With 2048 features a
    frame, GRUs of 16 and 8 and 8 dense units it is the CNN-RNN of the Keras examples.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``.
    n_classes : int
        Number of probabilities.
    cell : {"simple", "gru", "lstm"}, default="gru"
        Elman's cell, the gated recurrent unit (Cho et al., EMNLP 2014) or the long
        short-term memory (Hochreiter & Schmidhuber 1997).
    units : sequence of int, default=(64, 64)
        Cells of each layer, in each direction.
    step_size : int, default=4
        Neighbouring timepoints a cell sees at once; 1 is the textbook network.
    is_bidirectional : bool, default=False
        Whether each layer also walks backwards.
    dense_units : int, optional
        Neurons of a hidden layer before the last.
    summary : {"mean_and_max", "last"}, default="mean_and_max"
        What of the last recurrent layer is classified: mean and maximum over time, or
        its last step.
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

    Raises
    ------
    ValueError
        If the cell or the summary is unknown, or there is no layer.
    """
    if cell not in _CELLS:
        raise ValueError(f"cell must be one of {sorted(_CELLS)}, got {cell!r}.")
    if summary not in ("mean_and_max", "last"):
        raise ValueError(f"summary must be 'mean_and_max' or 'last', got {summary!r}.")
    if not units:
        raise ValueError("units must name at least one layer, got none.")
    inputs, x = prepare(input_shape, shape_and_size)
    x = flatten_space(x)
    if step_size > 1:
        x = Steps(step_size)(x)
    for i, n_units in enumerate(units):
        is_walked = summary == "mean_and_max" or i < len(units) - 1
        layer = _CELLS[cell](n_units, return_sequences=is_walked)
        x = layers.Bidirectional(layer)(x) if is_bidirectional else layer(x)
        if i < len(units) - 1 and summary == "mean_and_max":
            x = layers.Dropout(dropout)(x)
    if summary == "mean_and_max":
        if dense_units is None:
            x = classify(x, n_classes, dropout, logits=logits)
            return keras.Model(inputs, x, name="rnn")
        pools = [layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)]
        x = layers.Concatenate()(pools)
    if dense_units is not None:
        x = layers.Dropout(dropout)(x)
        x = layers.Dense(dense_units, activation="relu")(x)
        dropout = 0.0
    return keras.Model(inputs, finish(x, n_classes, dropout, logits=logits), name="rnn")
