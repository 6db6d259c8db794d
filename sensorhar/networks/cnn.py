"""A convolutional network over time."""

from collections.abc import Sequence

import keras

from sensorhar.networks.blocks import classify, convolve, halve, prepare

__all__ = ["cnn"]


def cnn(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    filters: Sequence[int] = (48, 64, 96),
    kernel_size: int = 9,
    space_kernel: int = 3,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build a convolutional network with pooling by two between its layers.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``.
    n_classes : int
        Number of probabilities.
    filters : sequence of int, default=(48, 64, 96)
        Filters of each convolution.
    kernel_size : int, default=9
        Timepoints a filter sees.
    space_kernel : int, default=3
        Joints, or places along height and width, a filter sees.
    dropout : float, default=0.5
        Share of features dropped before the last layer while training.
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
        if i:
            x = halve(x)
        x = convolve(x, n_filters, (kernel_size, space_kernel))
    return keras.Model(
        inputs, classify(x, n_classes, dropout, logits=logits), name="cnn"
    )
