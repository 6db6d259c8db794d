"""Layers over time and space, where space is nothing, joints, or height and width.

An input is ``(n_timepoints, n_channels)`` for sensors, ``(n_timepoints, n_joints,
n_dims)`` for poses and ``(n_timepoints, height, width, n_channels)`` for clips. Sizes
are given as the pair ``(time, space)``: the space part is repeated for every space axis
and dropped where there is none, so that one builder serves all three.
"""

from collections.abc import Sequence
from typing import Any, Literal

import keras
from keras import layers, ops

from sensorhar.networks.clip_layers import (
    ClipConvolution,
    ClipMaxPooling,
    same_margins,
)

__all__ = [
    "EdgePadding",
    "Padding",
    "add_streams",
    "at_most",
    "convolve_space",
    "finish",
    "global_mean",
    "is_clip",
    "n_space_axes",
    "normalise",
    "pool_space",
    "rectify",
    "scaled",
    "upsample_time",
]

Padding = Literal["same", "symmetric", "valid", "replicate"]

#: Weight of one batch in the running statistics of batch normalisation. Keras'
#: default of 0.99 needs more batches than a small training set has.
MOMENTUM = 0.9

#: Share of the published widths on sensors and poses, unless told otherwise: about a
#: sixteenth of the weights, small enough for two cores.
SENSOR_WIDTH = 0.25

_CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, ClipConvolution)
_ZEROS = (layers.ZeroPadding1D, layers.ZeroPadding2D, layers.ZeroPadding3D)
_MAXIMA = (layers.MaxPooling1D, layers.MaxPooling2D, ClipMaxPooling)
_MEANS = (layers.AveragePooling1D, layers.AveragePooling2D, layers.AveragePooling3D)
_GLOBAL_MEANS = (
    layers.GlobalAveragePooling1D,
    layers.GlobalAveragePooling2D,
    layers.GlobalAveragePooling3D,
)
_UPSAMPLINGS = (layers.UpSampling1D, layers.UpSampling2D, layers.UpSampling3D)
_CROPPINGS = (layers.Cropping1D, layers.Cropping2D, layers.Cropping3D)


@keras.saving.register_keras_serializable("sensorhar")
class EdgePadding(layers.Layer):
    """Repeat the first and the last frame so that a convolution keeps the length.

    Zeros at the ends are a change in time which a still scene does not have; with its
    own frames repeated, an inflated network sees a still scene as the network of images
    did, at the ends as well.

    Parameters
    ----------
    before, after : int
        Frames added at the start and at the end.
    """

    def __init__(self, before: int, after: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.before = before
        self.after = after

    def call(self, inputs: Any) -> Any:
        """Return the longer input."""
        first, last = inputs[:, :1], inputs[:, -1:]
        parts = [first] * self.before + [inputs] + [last] * self.after
        return ops.concatenate(parts, axis=1)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """More timepoints."""
        n_examples, n_timepoints, *rest = input_shape
        if n_timepoints is not None:
            n_timepoints += self.before + self.after
        return (n_examples, n_timepoints, *rest)

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "before": self.before, "after": self.after}


def n_space_axes(input_shape: Sequence[int]) -> int:
    """Return 0 for sensors, 1 for poses and 2 for clips.

    Parameters
    ----------
    input_shape : sequence of int
        Shape of one example, time first and channels last.

    Returns
    -------
    int
        Axes between time and channels.

    Raises
    ------
    ValueError
        If there are fewer than two or more than four axes, or an empty one.

    Examples
    --------
    >>> [n_space_axes(s) for s in [(128, 6), (64, 20, 3), (16, 112, 112, 3)]]
    [0, 1, 2]
    """
    if not 2 <= len(input_shape) <= 4 or any(size < 1 for size in input_shape):
        raise ValueError(
            "input_shape must be (n_timepoints, n_channels) for sensors, "
            "(n_timepoints, n_joints, n_dims) for poses or (n_timepoints, height, "
            f"width, n_channels) for clips, all at least 1; got {tuple(input_shape)!r}."
        )
    return len(input_shape) - 2


def is_clip(input_shape: Sequence[int]) -> bool:
    """Return whether the shape is that of a clip, for which networks were published.

    Parameters
    ----------
    input_shape : sequence of int
        Shape of one example.

    Returns
    -------
    bool
        True for ``(n_timepoints, height, width, n_channels)``.
    """
    return n_space_axes(input_shape) == 2


def at_most(limit: int | None, size: int) -> int:
    """Return a kernel's size across space, cut to the limit a caller may have set.

    Parameters
    ----------
    limit : int or None
        Largest size allowed; None allows any.
    size : int
        The published size.

    Returns
    -------
    int
        The smaller one.
    """
    return size if limit is None else min(limit, size)


def scaled(n: int, width: float | None, input_shape: Sequence[int]) -> int:
    """Return a published number of filters, scaled.

    Parameters
    ----------
    n : int
        Published number.
    width : float or None
        Share of it; None is all of them for clips and a quarter otherwise.
    input_shape : sequence of int
        Shape of one example.

    Returns
    -------
    int
        At least 1.

    Raises
    ------
    ValueError
        If the width is not positive.
    """
    if width is None:
        width = 1.0 if is_clip(input_shape) else SENSOR_WIDTH
    if not width > 0:
        raise ValueError(f"width must be above 0 (1 is as published), got {width!r}.")
    return max(1, round(n * width))


def convolve_space(
    x: Any,
    filters: int,
    kernel: tuple[int, int],
    *,
    strides: tuple[int, int] = (1, 1),
    padding: Padding = "symmetric",
    groups: int = 1,
    use_bias: bool = False,
    name: str | None = None,
) -> Any:
    """Convolve over time and space.

    Parameters
    ----------
    x : keras tensor of shape (n, n_timepoints, ..., n_channels)
        Input.
    filters : int
        Number of filters.
    kernel, strides : pair of int
        ``(time, space)``.
    padding : {"symmetric", "same", "replicate", "valid"}, default="symmetric"
        "symmetric" adds ``kernel // 2`` zeros on both sides, the custom of networks
        published in PyTorch; "same" is TensorFlow's, which differs where strides are
        above 1; "replicate" is "same" but repeats the first and last frame in time;
        "valid" adds nothing, and a kernel longer than its axis is cut to it.
    groups : int, default=1
        Groups of channels that do not see one another.
    use_bias : bool, default=False
        Whether a bias is added.
    name : str, optional
        Name of the layer.

    Returns
    -------
    keras tensor
        Of shape ``(n, n_timepoints', ..., filters)``.
    """
    rank, size, step = _sizes(x, kernel, strides, padding)
    if padding == "symmetric":
        margins = [k // 2 if s > 1 else 0 for k, s in zip(size, step, strict=True)]
        # without strides, and with odd kernels, "same" is symmetric already
        if any(margins):
            margins = [k // 2 for k in size]
            x = _ZEROS[rank](_margins(margins))(x)
            padding = "valid"
        else:
            padding = "same"
    elif padding == "replicate":
        x = _repeat_edges(x, size[0], step[0])
        x = _same_zeros(x, size, step, rank)
        padding = "valid"
    return _CONVOLUTIONS[rank](
        filters,
        size,
        strides=step,
        padding=padding,
        groups=groups,
        use_bias=use_bias,
        name=name,
    )(x)


def pool_space(
    x: Any,
    size: tuple[int, int],
    strides: tuple[int, int] | None = None,
    *,
    kind: Literal["max", "mean"] = "max",
    padding: Literal["same", "symmetric", "valid"] = "valid",
    name: str | None = None,
) -> Any:
    """Pool over time and space.

    Parameters
    ----------
    x : keras tensor of shape (n, n_timepoints, ..., n_channels)
        Input; not below 0 where a maximum is padded symmetrically, as it is after ReLU.
    size, strides : pair of int
        ``(time, space)``; strides default to the size.
    kind : {"max", "mean"}, default="max"
        What is taken of each part.
    padding : {"valid", "same", "symmetric"}, default="valid"
        As for :func:`convolve_space`.
    name : str, optional
        Name of the layer.

    Returns
    -------
    keras tensor
        Fewer timepoints and places.
    """
    rank, sizes, steps = _sizes(x, size, strides or size, padding)
    if padding == "symmetric":
        margins = [k // 2 for k in sizes]
        if any(margins):
            x = _ZEROS[rank](_margins(margins))(x)
        padding = "valid"
    pools = _MAXIMA if kind == "max" else _MEANS
    return pools[rank](sizes, strides=steps, padding=padding, name=name)(x)


def upsample_time(x: Any, factor: int, n_timepoints: int) -> Any:
    """Repeat every frame and cut to a length.

    Parameters
    ----------
    x : keras tensor of shape (n, n_timepoints', ..., n_channels)
        Input.
    factor : int
        Times each frame is repeated.
    n_timepoints : int
        Length of the result, at most ``factor`` times that of the input.

    Returns
    -------
    keras tensor
        Of that length.
    """
    rank = len(x.shape) - 3
    size = (factor, *(1,) * rank)
    x = _UPSAMPLINGS[rank](size if rank else factor)(x)
    surplus = x.shape[1] - n_timepoints
    if surplus:
        cut = ((0, surplus), *((0, 0),) * rank)
        x = _CROPPINGS[rank](cut if rank else cut[0])(x)
    return x


def normalise(
    x: Any, *, epsilon: float = 1e-5, scale: bool = True, name: str | None = None
) -> Any:
    """Batch normalisation over time, space and examples.

    Parameters
    ----------
    x : keras tensor
        Input.
    epsilon : float, default=1e-5
        Added to the variance; PyTorch's default.
    scale : bool, default=True
        Whether a factor is learned beside the offset.
    name : str, optional
        Name of the layer.

    Returns
    -------
    keras tensor
        Of the same shape.
    """
    layer = layers.BatchNormalization(
        momentum=MOMENTUM, epsilon=epsilon, scale=scale, name=name
    )
    return layer(x)


def rectify(x: Any) -> Any:
    """Set what is below 0 to 0.

    Parameters
    ----------
    x : keras tensor
        Input.

    Returns
    -------
    keras tensor
        Of the same shape.
    """
    return layers.ReLU()(x)


def add_streams(x: Any, y: Any) -> Any:
    """Add two tensors of one shape and rectify: the end of a residual block.

    Parameters
    ----------
    x, y : keras tensors
        Of one shape.

    Returns
    -------
    keras tensor
        Of the same shape.
    """
    return rectify(layers.Add()([x, y]))


def global_mean(x: Any) -> Any:
    """Mean over time and space.

    Parameters
    ----------
    x : keras tensor of shape (n, n_timepoints, ..., n_channels)
        Input.

    Returns
    -------
    keras tensor
        Of shape ``(n, n_channels)``.
    """
    return _GLOBAL_MEANS[len(x.shape) - 3]()(x)


def finish(x: Any, n_classes: int, dropout: float, *, logits: bool = False) -> Any:
    """Dropout and one number for each class.

    Parameters
    ----------
    x : keras tensor of shape (n, n_features)
        Features.
    n_classes : int
        Number of classes.
    dropout : float
        Share of features dropped while training.
    logits : bool, default=False
        Whether the numbers before softmax are returned.

    Returns
    -------
    keras tensor
        Of shape ``(n, n_classes)``; the layer is called "probabilities" or "logits".
    """
    x = layers.Dropout(dropout)(x)
    if logits:
        return layers.Dense(n_classes, name="logits")(x)
    return layers.Dense(n_classes, activation="softmax", name="probabilities")(x)


def _sizes(
    x: Any, size: tuple[int, int], strides: tuple[int, int], padding: str
) -> tuple[int, tuple[int, ...], tuple[int, ...]]:
    rank = len(x.shape) - 3
    sizes = (size[0], *(size[1],) * rank)
    if padding == "valid":  # an axis shorter than the kernel is seen whole
        sizes = tuple(min(k, n) for k, n in zip(sizes, x.shape[1:-1], strict=True))
    return rank, sizes, (strides[0], *(strides[1],) * rank)


def _margins(margins: Sequence[int]) -> Any:
    return margins[0] if len(margins) == 1 else tuple((m, m) for m in margins)


def _repeat_edges(x: Any, kernel: int, stride: int) -> Any:
    before, after = same_margins(x.shape[1], kernel, stride)
    return EdgePadding(before, after)(x) if before or after else x


def _same_zeros(x: Any, size: Any, step: Any, rank: int) -> Any:
    if not rank:
        return x
    extents = x.shape[2:-1]
    sides = [
        same_margins(*each) for each in zip(extents, size[1:], step[1:], strict=True)
    ]
    if not any(map(any, sides)):
        return x
    return _ZEROS[rank](((0, 0), *sides))(x)
