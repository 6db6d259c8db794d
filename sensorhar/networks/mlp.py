"""A multi-layer perceptron on the whole window."""

from collections.abc import Sequence

import keras
from keras import layers

from sensorhar.networks.blocks import ShapeAndSize

__all__ = ["mlp"]


def mlp(
    input_shape: tuple[int, int],
    n_classes: int,
    *,
    units: Sequence[int] = (128, 64),
    dropout: float = 0.5,
    shape_and_size: bool = True,
) -> keras.Model:
    """Build dense layers on the flattened window: the network every other must beat.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``.
    n_classes : int
        Number of probabilities.
    units : sequence of int, default=(128, 64)
        Neurons of each hidden layer.
    dropout : float, default=0.5
        Share of features dropped after each hidden layer while training.
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
    x = layers.Flatten()(x)
    for n_units in units:
        x = layers.Dense(n_units, activation="relu")(x)
        x = layers.Dropout(dropout)(x)
    outputs = layers.Dense(n_classes, activation="softmax", name="probabilities")(x)
    return keras.Model(inputs, outputs, name="mlp")
