"""R(2+1)D: every convolution first across space, then over time."""

from collections.abc import Sequence
from typing import Any

import keras

from sensorhar.networks.blocks import prepare
from sensorhar.networks.residual import convolve_normalised, default_blocks
from sensorhar.networks.space import (
    add_streams,
    at_most,
    finish,
    global_mean,
    n_space_axes,
    pool_space,
    scaled,
)

__all__ = ["r2plus1d"]


def r2plus1d(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    blocks: Sequence[int] | None = None,
    width: float | None = None,
    kernel_size: int = 3,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build R(2+1)D with 34 layers (Tran et al., CVPR 2018, table 1 and section 3.5).

    A convolution of t by d by d is replaced by one across space and one over time, with
    as many filters between them as keep the number of weights of t = 3. As the
    MMAction2 model zoo has it: shortcuts are split too, the first convolution passes 83
    filters, and a pooling across space follows it.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 8 and 32 frames.
    n_classes : int
        Number of probabilities.
    blocks : sequence of int, optional
        Blocks of each stage; default (3, 4, 6, 3) for clips, one each otherwise.
    width : float, optional
        Share of the published filters; default 1 for clips, 1/4 otherwise.
    kernel_size : int, default=3
        Timepoints a filter sees.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
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
    has_space = n_space_axes(input_shape) > 0

    def split(
        x: Any,
        filters: int,
        kernel: tuple[int, int],
        name: str,
        strides: tuple[int, int] = (1, 1),
        is_rectified: bool = True,
    ) -> Any:
        time, space = kernel
        space = at_most(space_kernel, space) if has_space else 1
        between = _between(x.shape[-1], filters, space)
        x = convolve_normalised(
            x, between, (1, space), strides=(1, strides[1]), name=f"{name}-space"
        )
        return convolve_normalised(
            x,
            filters,
            (time, 1),
            strides=(strides[0], 1),
            is_rectified=is_rectified,
            name=f"{name}-time",
        )

    inputs, x = prepare(input_shape, shape_and_size)
    base = scaled(64, width, input_shape)
    x = split(x, base, (kernel_size, 7), "stem", strides=(1, 2))
    x = pool_space(x, (1, 3), (1, 2), padding="symmetric")
    for i, n_blocks in enumerate(default_blocks(blocks, input_shape)):
        filters = base * 2**i
        for j in range(n_blocks):
            name = f"stage{i + 1}-block{j + 1}"
            strides = (2, 2) if i and not j else (1, 1)
            y = split(x, filters, (kernel_size, 3), f"{name}-conv1", strides)
            y = split(y, filters, (kernel_size, 3), f"{name}-conv2", is_rectified=False)
            if i and not j:
                x = split(
                    x, filters, (1, 1), f"{name}-shortcut", strides, is_rectified=False
                )
            x = add_streams(y, x)
    x = finish(global_mean(x), n_classes, dropout, logits=logits)
    return keras.Model(inputs, x, name="r2plus1d")


def _between(n_in: int, n_out: int, space: int) -> int:
    """Return the filters between both convolutions (section 3.5 of the paper)."""
    area = space * space
    return max(1, 3 * n_in * n_out * area // (n_in * area + 3 * n_out))
