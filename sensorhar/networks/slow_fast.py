"""SlowFast: few frames seen richly beside many frames seen sparsely."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from sensorhar.networks.blocks import prepare
from sensorhar.networks.residual import default_blocks, residual_stage, residual_stem
from sensorhar.networks.space import (
    convolve_space,
    finish,
    global_mean,
    is_clip,
    scaled,
)

__all__ = ["EveryNth", "slow_fast"]


@keras.saving.register_keras_serializable("sensorhar")
class EveryNth(layers.Layer):
    """Keep every so-manieth timepoint, the first among them.

    Parameters
    ----------
    step : int
        Distance of two timepoints kept.
    """

    def __init__(self, step: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.step = step

    def call(self, inputs: Any) -> Any:
        """Return fewer timepoints."""
        return inputs[:, :: self.step]

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """``ceil(n_timepoints / step)`` timepoints."""
        n_examples, n_timepoints, *rest = input_shape
        if n_timepoints is not None:
            n_timepoints = -(-n_timepoints // self.step)
        return (n_examples, n_timepoints, *rest)

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "step": self.step}


def slow_fast(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    speed_ratio: int = 4,
    channel_ratio: int = 8,
    lateral_kernel: int = 7,
    blocks: Sequence[int] | None = None,
    width: float | None = None,
    stem_kernels: tuple[int, int] | None = None,
    kernel_size: int = 3,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build SlowFast (Feichtenhofer et al., ICCV 2019, table 1).

    The fast pathway sees all timepoints with few filters, the slow one every
    ``speed_ratio``-th with many; after the stem and each stage but the last a strided
    convolution over time hands the fast features to the slow pathway::

        fast  t    stem ─ stage 1 ─ stage 2 ─ stage 3 ─ stage 4 ─ mean ┐
                    │        │         │         │                     ├ probabilities
        slow  t/4  stem ⊕ stage 1 ⊕ stage 2 ⊕ stage 3 ⊕ stage 4 ─ mean ┘

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 32 frames.
    n_classes : int
        Number of probabilities.
    speed_ratio : int, default=4
        Timepoints of the fast pathway to one of the slow: 4 in "8x8", 8 in "4x16".
    channel_ratio : int, default=8
        Filters of the slow pathway to one of the fast.
    lateral_kernel : int, default=7
        Timepoints a connection sees: 7 in "8x8" and 5 in "4x16" of the MMAction2 zoo.
    blocks : sequence of int, optional
        Bottlenecks of each stage; default (3, 4, 6, 3) for clips, one each otherwise.
    width : float, optional
        Share of the published filters; default 1 for clips, 1/4 otherwise.
    stem_kernels : pair of int, optional
        Timepoints the first convolution of the slow and of the fast pathway sees;
        default (1, 5) for clips and (5, 9) otherwise.
    kernel_size : int, default=3
        Timepoints a filter sees in the fast pathway and the last two slow stages.
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

    Raises
    ------
    ValueError
        If a ratio is below 1.
    """
    if speed_ratio < 1 or channel_ratio < 1:
        raise ValueError(
            "speed_ratio and channel_ratio must be at least 1, got "
            f"{speed_ratio!r} and {channel_ratio!r}."
        )
    inputs, x = prepare(input_shape, shape_and_size)
    counts = default_blocks(blocks, input_shape)
    many = scaled(64, width, input_shape)
    few = max(1, many // channel_ratio)
    if stem_kernels is None:
        stem_kernels = (1, 5) if is_clip(input_shape) else (5, 9)

    def hand_over(slow: Any, fast: Any, filters: int, name: str) -> Any:
        lateral = convolve_space(
            fast,
            filters,
            (lateral_kernel, 1),
            strides=(speed_ratio, 1),
            name=f"lateral{name}",
        )
        return layers.Concatenate()([slow, lateral])

    slow = EveryNth(speed_ratio)(x)
    slow = residual_stem(
        slow,
        many,
        time_kernel=stem_kernels[0],
        space_kernel=space_kernel,
        name="slow-stem",
    )
    fast = residual_stem(
        x,
        few,
        time_kernel=stem_kernels[1],
        space_kernel=space_kernel,
        name="fast-stem",
    )
    slow = hand_over(slow, fast, 2 * few, "0")
    for i, n_blocks in enumerate(counts):
        size = kernel_size if i >= len(counts) - 2 else 1
        slow = residual_stage(
            slow,
            many * 2**i,
            n_blocks,
            number=i + 1,
            time_kernels=[(size, 1)],
            space_kernel=space_kernel,
            name="slow-",
        )
        fast = residual_stage(
            fast,
            few * 2**i,
            n_blocks,
            number=i + 1,
            time_kernels=[(kernel_size, 1)],
            space_kernel=space_kernel,
            name="fast-",
        )
        if i < len(counts) - 1:
            slow = hand_over(slow, fast, 8 * few * 2**i, str(i + 1))
    x = layers.Concatenate(name="features")([global_mean(slow), global_mean(fast)])
    x = finish(x, n_classes, dropout, logits=logits)
    return keras.Model(inputs, x, name="slow_fast")
