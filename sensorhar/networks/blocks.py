"""Layers and small blocks that several networks share."""

from typing import Any

import keras
from keras import layers, ops

__all__ = ["ShapeAndSize", "Steps", "classify", "convolve"]

#: Weight of one batch in the running statistics of batch normalisation. Keras'
#: default of 0.99 needs more batches than a small training set has.
MOMENTUM = 0.9


@keras.saving.register_keras_serializable("sensorhar")
class ShapeAndSize(layers.Layer):
    """Put beside each channel its shape without amplitude, and its size.

    For a window x of one channel with mean m and standard deviation s over time, the
    output holds x, (x - m) / s and log s. Sitting and standing differ by motions a
    hundred times smaller than walking; scaled by what all activities have in common
    they vanish, and here they do not.

    Parameters
    ----------
    noise : float, default=1e-3
        Standard deviations below this count as this, so that silence is not blown up;
        in units of the input, which a classifier has scaled to 1.
    """

    def __init__(self, noise: float = 1e-3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.noise = noise

    def call(self, inputs: Any) -> Any:
        """Return the input, its shape and its size side by side."""
        centred = inputs - ops.mean(inputs, axis=1, keepdims=True)
        variance = ops.mean(ops.square(centred), axis=1, keepdims=True)
        deviation = ops.sqrt(variance + self.noise**2)
        size = ops.log(deviation) + ops.zeros_like(inputs)
        return ops.concatenate([inputs, centred / deviation, size], axis=-1)

    def compute_output_shape(self, input_shape: tuple[int, ...]) -> tuple[int, ...]:
        """Three times the channels."""
        return (*input_shape[:-1], 3 * input_shape[-1])

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "noise": self.noise}


@keras.saving.register_keras_serializable("sensorhar")
class Steps(layers.Layer):
    """Join neighbouring samples into one step with more channels.

    ``(n, n_timepoints, n_channels)`` becomes ``(n, ceil(n_timepoints / size), size *
    n_channels)``; nothing is lost, and a recurrent layer has fewer steps to walk. The
    last step is filled with zeros.

    Parameters
    ----------
    size : int
        Samples in a step.
    """

    def __init__(self, size: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.size = size

    def call(self, inputs: Any) -> Any:
        """Return the joined samples."""
        _, n_timepoints, n_channels = inputs.shape
        missing = -n_timepoints % self.size
        padded = ops.pad(inputs, [[0, 0], [0, missing], [0, 0]])
        n_steps = (n_timepoints + missing) // self.size
        return ops.reshape(padded, (-1, n_steps, self.size * n_channels))

    def compute_output_shape(
        self, input_shape: tuple[int, int, int]
    ) -> tuple[int, int, int]:
        """Fewer steps of more channels."""
        n_examples, n_timepoints, n_channels = input_shape
        return n_examples, -(-n_timepoints // self.size), self.size * n_channels

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "size": self.size}


def convolve(x: Any, filters: int, kernel_size: int) -> Any:
    """Convolution over time, batch normalisation, ReLU; the length stays."""
    x = layers.Conv1D(filters, kernel_size, padding="same", use_bias=False)(x)
    x = layers.BatchNormalization(momentum=MOMENTUM)(x)
    return layers.ReLU()(x)


def classify(x: Any, n_classes: int, dropout: float) -> Any:
    """Mean and maximum over time, dropout, and one probability for each class."""
    pooled = layers.Concatenate()(
        [layers.GlobalAveragePooling1D()(x), layers.GlobalMaxPooling1D()(x)]
    )
    pooled = layers.Dropout(dropout)(pooled)
    return layers.Dense(n_classes, activation="softmax", name="probabilities")(pooled)
