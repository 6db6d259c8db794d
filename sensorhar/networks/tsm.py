"""Temporal shift module: neighbours in time exchange channels."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers, ops

from sensorhar.networks.blocks import prepare
from sensorhar.networks.residual import default_blocks, residual_stage, residual_stem
from sensorhar.networks.space import global_mean, is_clip, scaled
from sensorhar.networks.tsn import MeanOfParts, Parts

__all__ = ["Shift", "tsm"]


@keras.saving.register_keras_serializable("sensorhar")
class Shift(layers.Layer):
    """Move a share of the channels to the timepoint before, and as many to that after.

    The first channels come from the future, the next from the past, the others stay;
    what is moved in at the ends is zero. It has no weights and costs no multiplication.

    Parameters
    ----------
    divisor : int, default=8
        One of so many channels moves in each direction.
    """

    def __init__(self, divisor: int = 8, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.divisor = divisor

    def call(self, inputs: Any) -> Any:
        """Return the input, shifted."""
        fold = inputs.shape[-1] // self.divisor
        if fold == 0:
            return inputs
        future, past = inputs[..., :fold], inputs[..., fold : 2 * fold]
        zeros = ops.zeros_like(future[:, :1])
        return ops.concatenate(
            [
                ops.concatenate([future[:, 1:], zeros], axis=1),
                ops.concatenate([zeros, past[:, :-1]], axis=1),
                inputs[..., 2 * fold :],
            ],
            axis=-1,
        )

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """Return the same shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "divisor": self.divisor}


def tsm(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    divisor: int = 8,
    blocks: Sequence[int] | None = None,
    width: float | None = None,
    stem: tuple[int, int] | None = None,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build TSM (Lin et al., ICCV 2019) on ResNet-50.

    A network of single frames in whose residual branches, before the first convolution
    of each block, neighbouring frames exchange channels. The logits of all frames are
    averaged.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 8 and 16 frames.
    n_classes : int
        Number of probabilities.
    divisor : int, default=8
        One of so many channels moves in each direction.
    blocks : sequence of int, optional
        Bottlenecks of each stage; default (3, 4, 6, 3) for clips, one each otherwise.
    width : float, optional
        Share of the published filters; default 1 for clips, 1/4 otherwise.
    stem : pair of int, optional
        Timepoints the first convolution sees, and its stride; default (1, 1) for clips
        and (9, 4) otherwise, which makes a frame of every four samples.
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
        If ``divisor`` is below 2.
    """
    if divisor < 2:
        raise ValueError(f"divisor must be at least 2, got {divisor!r}.")
    inputs, x = prepare(input_shape, shape_and_size)
    kernel, stride = stem or ((1, 1) if is_clip(input_shape) else (9, 4))
    base = scaled(64, width, input_shape)
    x = residual_stem(
        x, base, time_kernel=kernel, time_stride=stride, space_kernel=space_kernel
    )
    for i, n_blocks in enumerate(default_blocks(blocks, input_shape)):
        x = residual_stage(
            x,
            base * 2**i,
            n_blocks,
            number=i + 1,
            space_kernel=space_kernel,
            before=lambda y: Shift(divisor)(y),
        )
    n_frames = x.shape[1]
    x = global_mean(Parts(n_frames)(x))  # every frame as an example of its own
    x = layers.Dropout(dropout)(x)
    x = layers.Dense(n_classes, name="of_frames")(x)
    x = MeanOfParts(n_frames, name="logits")(x)
    if not logits:
        x = layers.Softmax(name="probabilities")(x)
    return keras.Model(inputs, x, name="tsm")
