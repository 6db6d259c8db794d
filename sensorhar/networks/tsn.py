"""Temporal segment network: one network on parts of the whole, and their consensus."""

from collections.abc import Sequence
from typing import Any, Literal

import keras
from keras import layers, ops

from sensorhar.networks.blocks import prepare
from sensorhar.networks.residual import default_blocks, residual_stage, residual_stem
from sensorhar.networks.space import finish, global_mean, is_clip, scaled

__all__ = ["MeanOfParts", "Parts", "tsn"]


@keras.saving.register_keras_serializable("sensorhar")
class Parts(layers.Layer):
    """Cut time into parts and count each part as an example of its own.

    ``(n, n_timepoints, ...)`` becomes ``(n * n_parts, n_timepoints / n_parts, ...)``.

    Parameters
    ----------
    n_parts : int
        A divisor of the number of timepoints.
    """

    def __init__(self, n_parts: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n_parts = n_parts

    def call(self, inputs: Any) -> Any:
        """Return the parts, those of one example after another."""
        _, n_timepoints, *rest = inputs.shape
        return ops.reshape(inputs, (-1, n_timepoints // self.n_parts, *rest))

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """More examples of fewer timepoints."""
        n_examples, n_timepoints, *rest = input_shape
        if n_examples is not None:
            n_examples *= self.n_parts
        assert n_timepoints is not None
        return (n_examples, n_timepoints // self.n_parts, *rest)

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "n_parts": self.n_parts}


@keras.saving.register_keras_serializable("sensorhar")
class MeanOfParts(layers.Layer):
    """Mean over the parts of each example: ``(n * n_parts, m)`` becomes ``(n, m)``.

    Parameters
    ----------
    n_parts : int
        Parts of one example.
    """

    def __init__(self, n_parts: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.n_parts = n_parts

    def call(self, inputs: Any) -> Any:
        """Return the means."""
        parts = ops.reshape(inputs, (-1, self.n_parts, inputs.shape[-1]))
        return ops.mean(parts, axis=1)

    def compute_output_shape(
        self, input_shape: tuple[int | None, int]
    ) -> tuple[int | None, int]:
        """Fewer examples."""
        n_examples, n_features = input_shape
        if n_examples is not None:
            n_examples //= self.n_parts
        return n_examples, n_features

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "n_parts": self.n_parts}


def tsn(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    n_segments: int | None = None,
    consensus: Literal["logits", "probabilities"] = "logits",
    blocks: Sequence[int] | None = None,
    width: float | None = None,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build TSN (Wang et al., ECCV 2016) on ResNet-50.

    Of a clip each frame is a segment, seen by a network of images. A window of a sensor
    is cut into a few snippets, in which time is what height and width are in an image:
    kernels of 7 and 3 and the strides of ResNet-50 run along it.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 3 and 8 frames.
    n_classes : int
        Number of probabilities.
    n_segments : int, optional
        Segments; the largest number not above it that divides the timepoints is taken.
        Default one for each frame of a clip, 4 otherwise.
    consensus : {"logits", "probabilities"}, default="logits"
        What is averaged over segments; logits in the paper.
    blocks : sequence of int, optional
        Bottlenecks of each stage; default (3, 4, 6, 3) for clips, one each otherwise.
    width : float, optional
        Share of the published filters; default 1 for clips, 1/4 otherwise.
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
        If the consensus is unknown, is of probabilities where logits are wanted, or
        ``n_segments`` is below 1.
    """
    if consensus not in ("logits", "probabilities"):
        raise ValueError(
            f"consensus must be 'logits' or 'probabilities', got {consensus!r}."
        )
    if consensus == "probabilities" and logits:
        raise ValueError(
            "a consensus of 'probabilities' has no logits; use consensus='logits' or "
            "logits=False."
        )
    n_timepoints = input_shape[0]
    if n_segments is None:
        n_segments = n_timepoints if is_clip(input_shape) else 4
    if n_segments < 1:
        raise ValueError(f"n_segments must be at least 1, got {n_segments!r}.")
    n_parts = max(
        n for n in range(1, min(n_segments, n_timepoints) + 1) if n_timepoints % n == 0
    )
    sees_time = n_parts < n_timepoints

    inputs, x = prepare(input_shape, shape_and_size)
    base = scaled(64, width, input_shape)
    x = Parts(n_parts)(x)
    x = residual_stem(
        x,
        base,
        time_kernel=7 if sees_time else 1,
        time_stride=2 if sees_time else 1,
        pool_time=(3, 2) if sees_time else (1, 1),
        space_kernel=space_kernel,
    )
    for i, n_blocks in enumerate(default_blocks(blocks, input_shape)):
        stride = 1 if i == 0 else 2
        x = residual_stage(
            x,
            base * 2**i,
            n_blocks,
            number=i + 1,
            time_kernels=[(1, 3 if sees_time else 1)],
            space_kernel=space_kernel,
            strides=(stride if sees_time else 1, stride),
        )
    x = global_mean(x)
    if consensus == "logits":  # the last layer is linear: first the mean costs less
        x = finish(MeanOfParts(n_parts)(x), n_classes, dropout, logits=logits)
    else:
        x = layers.Dropout(dropout)(x)
        x = layers.Dense(n_classes, activation="softmax", name="of_segments")(x)
        x = MeanOfParts(n_parts, name="probabilities")(x)
    return keras.Model(inputs, x, name="tsn")
