"""SlowOnly: a residual network that sees time in its last stages alone."""

from collections.abc import Sequence

import keras

from sensorhar.networks.blocks import prepare
from sensorhar.networks.residual import default_blocks, residual_stage, residual_stem
from sensorhar.networks.space import finish, global_mean, is_clip, scaled

__all__ = ["slow_only"]


def slow_only(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    blocks: Sequence[int] | None = None,
    width: float | None = None,
    stem: tuple[int, int] | None = None,
    kernel_size: int = 3,
    n_timed_stages: int = 2,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build the slow pathway of SlowFast alone (Feichtenhofer et al., ICCV 2019).

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 4 or 8 frames.
    n_classes : int
        Number of probabilities.
    blocks : sequence of int, optional
        Bottlenecks of each stage; default (3, 4, 6, 3) for clips, one each otherwise.
    width : float, optional
        Share of the published filters; default 1 for clips, 1/4 otherwise.
    stem : pair of int, optional
        Timepoints the first convolution sees, and its stride; default (1, 1) for clips,
        whose frames lie far apart, and (9, 4) otherwise.
    kernel_size : int, default=3
        Timepoints a filter of the last stages sees.
    n_timed_stages : int, default=2
        How many stages, counted from the last, see more than one timepoint.
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
    inputs, x = prepare(input_shape, shape_and_size)
    counts = default_blocks(blocks, input_shape)
    kernel, stride = stem or ((1, 1) if is_clip(input_shape) else (9, 4))
    base = scaled(64, width, input_shape)
    x = residual_stem(
        x, base, time_kernel=kernel, time_stride=stride, space_kernel=space_kernel
    )
    for i, n_blocks in enumerate(counts):
        is_timed = i >= len(counts) - n_timed_stages
        size = kernel_size if is_timed else 1
        x = residual_stage(
            x,
            base * 2**i,
            n_blocks,
            number=i + 1,
            time_kernels=[(size, 1)],
            space_kernel=space_kernel,
        )
    x = finish(global_mean(x), n_classes, dropout, logits=logits)
    return keras.Model(inputs, x, name="slow_only")
