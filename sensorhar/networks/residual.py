"""Residual blocks over time and space, and the network of fifty layers made of them."""

from collections.abc import Callable, Sequence
from typing import Any

from keras import layers

from sensorhar.networks.space import (
    add_streams,
    at_most,
    convolve_space,
    is_clip,
    normalise,
    pool_space,
    rectify,
)

__all__ = [
    "bottleneck",
    "convolve_normalised",
    "default_blocks",
    "residual_stage",
    "residual_stem",
]

#: Blocks of each stage of ResNet-50 (He et al., CVPR 2016, table 1).
BLOCKS_50 = (3, 4, 6, 3)

#: One block a stage, for sensors and poses unless told otherwise.
BLOCKS_SMALL = (1, 1, 1, 1)


def default_blocks(
    blocks: Sequence[int] | None, input_shape: Sequence[int]
) -> tuple[int, ...]:
    """Return the blocks of each stage: fifty layers for clips, fourteen otherwise.

    Parameters
    ----------
    blocks : sequence of int or None
        What the caller wants; None for the default.
    input_shape : sequence of int
        Shape of one example.

    Returns
    -------
    tuple of int
        Blocks of each stage.

    Raises
    ------
    ValueError
        If there is no stage, or a stage without a block.
    """
    if blocks is None:
        return BLOCKS_50 if is_clip(input_shape) else BLOCKS_SMALL
    if not blocks or any(n < 1 for n in blocks):
        raise ValueError(
            f"blocks must be numbers of at least 1, got {tuple(blocks)!r}."
        )
    return tuple(blocks)


def convolve_normalised(
    x: Any,
    filters: int,
    kernel: tuple[int, int],
    *,
    strides: tuple[int, int] = (1, 1),
    is_rectified: bool = True,
    name: str,
) -> Any:
    """Convolution, batch normalisation and ReLU.

    Parameters
    ----------
    x : keras tensor
        Input.
    filters : int
        Number of filters.
    kernel, strides : pair of int
        ``(time, space)``.
    is_rectified : bool, default=True
        Whether ReLU follows.
    name : str
        Start of the names of the layers.

    Returns
    -------
    keras tensor
        Output.
    """
    x = convolve_space(x, filters, kernel, strides=strides, name=f"{name}-conv")
    x = normalise(x, name=f"{name}-bn")
    return rectify(x) if is_rectified else x


def bottleneck(
    x: Any,
    filters: int,
    *,
    time_kernels: tuple[int, int] = (1, 1),
    space_kernel: int | None = None,
    strides: tuple[int, int] = (1, 1),
    is_projected: bool = False,
    before: Callable[[Any], Any] | None = None,
    name: str,
) -> Any:
    """Three convolutions, 1 then 3 then 1 across space, beside a shortcut.

    Parameters
    ----------
    x : keras tensor
        Input.
    filters : int
        Filters of the first two; the third has four times as many.
    time_kernels : pair of int, default=(1, 1)
        Timepoints the first and the second convolution see.
    space_kernel : int, optional
        Largest kernel across space.
    strides : pair of int, default=(1, 1)
        ``(time, space)`` of the second convolution and of the shortcut.
    is_projected : bool, default=False
        Whether the shortcut is a convolution.
    before : callable, optional
        What is done to the input of the first convolution, not to the shortcut.
    name : str
        Start of the names of the layers.

    Returns
    -------
    keras tensor
        Of ``4 * filters`` channels.
    """
    y = x if before is None else before(x)
    y = convolve_normalised(y, filters, (time_kernels[0], 1), name=f"{name}-conv1")
    y = convolve_normalised(
        y,
        filters,
        (time_kernels[1], at_most(space_kernel, 3)),
        strides=strides,
        name=f"{name}-conv2",
    )
    y = convolve_normalised(
        y, 4 * filters, (1, 1), is_rectified=False, name=f"{name}-conv3"
    )
    if is_projected:
        x = convolve_normalised(
            x,
            4 * filters,
            (1, 1),
            strides=strides,
            is_rectified=False,
            name=f"{name}-shortcut",
        )
    return add_streams(y, x)


def residual_stem(
    x: Any,
    filters: int,
    *,
    time_kernel: int = 1,
    time_stride: int = 1,
    pool_time: tuple[int, int] = (1, 1),
    space_kernel: int | None = None,
    name: str = "stem",
) -> Any:
    """Convolution of 7 and pooling of 3 across space, each halving it.

    Parameters
    ----------
    x : keras tensor
        Input.
    filters : int
        Number of filters.
    time_kernel, time_stride : int, default=1
        Of the convolution, in timepoints.
    pool_time : pair of int, default=(1, 1)
        Size and stride of the pooling over time.
    space_kernel : int, optional
        Largest kernel across space.
    name : str, default="stem"
        Start of the names of the layers.

    Returns
    -------
    keras tensor
        Output.
    """
    kernel = time_kernel, at_most(space_kernel, 7)
    x = convolve_normalised(x, filters, kernel, strides=(time_stride, 2), name=name)
    size, stride = pool_time
    return pool_space(x, (size, 3), (stride, 2), padding="symmetric")


def residual_stage(
    x: Any,
    filters: int,
    n_blocks: int,
    *,
    number: int,
    time_kernels: Sequence[tuple[int, int]] = ((1, 1),),
    space_kernel: int | None = None,
    strides: tuple[int, int] | None = None,
    before: Callable[[Any], Any] | None = None,
    name: str = "",
) -> Any:
    """Bottlenecks, the first of which changes the size.

    Parameters
    ----------
    x : keras tensor
        Input.
    filters : int
        Filters of the narrow convolutions.
    n_blocks : int
        Number of bottlenecks.
    number : int
        1 for the first stage, which keeps the size; the others halve it in space.
    time_kernels : sequence of pairs of int, default=((1, 1),)
        Timepoints the first and second convolution of each block see, begun anew where
        there are more blocks than pairs.
    space_kernel : int, optional
        Largest kernel across space.
    strides : pair of int, optional
        ``(time, space)`` of the first block instead.
    before : callable, optional
        See :func:`bottleneck`.
    name : str, default=""
        Start of the names of the layers.

    Returns
    -------
    keras tensor
        Of ``4 * filters`` channels.
    """
    if strides is None:
        strides = (1, 1 if number == 1 else 2)
    for i in range(n_blocks):
        x = bottleneck(
            x,
            filters,
            time_kernels=time_kernels[i % len(time_kernels)],
            space_kernel=space_kernel,
            strides=strides if i == 0 else (1, 1),
            is_projected=i == 0,
            before=before,
            name=f"{name}stage{number}-block{i + 1}",
        )
    return layers.Identity(name=f"{name}stage{number}")(x)
