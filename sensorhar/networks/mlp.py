"""A multi-layer perceptron on the whole window."""

from collections.abc import Sequence

import keras
from keras import layers

from sensorhar.networks.blocks import prepare
from sensorhar.networks.space import finish

__all__ = ["mlp"]


def mlp(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    units: Sequence[int] = (128, 64),
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build dense layers on the flattened window: the network every other must beat.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``.
    n_classes : int
        Number of probabilities.
    units : sequence of int, default=(128, 64)
        Neurons of each hidden layer.
    dropout : float, default=0.5
        Share of features dropped after each hidden layer while training.
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
    x = layers.Flatten()(x)
    for i, n_units in enumerate(units):
        if i:
            x = layers.Dropout(dropout)(x)
        x = layers.Dense(n_units, activation="relu")(x)
    x = finish(x, n_classes, dropout if units else 0.0, logits=logits)
    return keras.Model(inputs, x, name="mlp")
