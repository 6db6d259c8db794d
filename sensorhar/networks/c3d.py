"""C3D: convolutions of three by three by three."""

import keras
from keras import layers

from sensorhar.networks.blocks import prepare
from sensorhar.networks.space import (
    at_most,
    convolve_space,
    finish,
    pool_space,
    rectify,
    scaled,
)

__all__ = ["c3d"]

#: Filters of the five groups of convolutions, and how many each group has.
GROUPS = ((64, 1), (128, 1), (256, 2), (512, 2), (512, 2))


def c3d(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    width: float | None = None,
    units: int = 4096,
    kernel_size: int = 3,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build C3D (Tran et al., ICCV 2015, figure 3) for sensors, poses or clips.

    Eight convolutions, five poolings (the first leaves time alone), two hidden dense
    layers; biases, no batch normalisation. The last pooling is padded by one place on
    both sides, as in the published network.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at (16, 112, 112, 3).
    n_classes : int
        Number of probabilities.
    width : float, optional
        Share of the published filters and units; default 1 for clips, 1/4 otherwise.
    units : int, default=4096
        Neurons of each hidden layer at width 1.
    kernel_size : int, default=3
        Timepoints a filter sees.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
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
    kernel = kernel_size, at_most(space_kernel, 3)
    last = len(GROUPS) - 1
    for i, (n_filters, n_convolutions) in enumerate(GROUPS):
        for j in range(n_convolutions):
            letter = "ab"[j] if n_convolutions > 1 else ""
            x = convolve_space(
                x,
                scaled(n_filters, width, input_shape),
                kernel,
                use_bias=True,
                name=f"conv{i + 1}{letter}",
            )
            x = rectify(x)
        if i == last and len(input_shape) > 2:
            x = _frame(x)
        x = pool_space(x, (1 if i == 0 else 2, 2), name=f"pool{i + 1}")
    x = layers.Flatten()(x)
    for name in ("fc6", "fc7"):
        x = layers.Dense(scaled(units, width, input_shape), name=name)(x)
        x = rectify(x)
        if name == "fc6":
            x = layers.Dropout(dropout)(x)
    return keras.Model(inputs, finish(x, n_classes, dropout, logits=logits), name="c3d")


def _frame(x):
    """Put a zero around each frame; values after ReLU are not below it."""
    rank = len(x.shape) - 3
    padding = ((0, 0), *((1, 1),) * rank)
    layer = layers.ZeroPadding3D if rank == 2 else layers.ZeroPadding2D
    return layer(padding)(x)
