"""Five ways to join frames: one alone, early, late, slow, fovea with context."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from sensorhar.networks.blocks import prepare
from sensorhar.networks.space import (
    at_most,
    convolve_space,
    finish,
    is_clip,
    normalise,
    pool_space,
    rectify,
    scaled,
)

__all__ = [
    "Between",
    "early_fusion",
    "fovea_context",
    "late_fusion",
    "single_frame",
    "slow_fusion",
]

# Karpathy et al., "Large-scale Video Classification with Convolutional Neural
# Networks", CVPR 2014, section 3.1: filters, kernel and stride of each convolution, and
# whether normalisation and pooling by two follow. Their response normalisation is
# batch normalisation here.
_TOWER = (
    (96, 11, 3, True, True),
    (256, 5, 1, True, True),
    (384, 3, 1, False, False),
    (384, 3, 1, False, False),
    (256, 3, 1, False, True),
)


@keras.saving.register_keras_serializable("sensorhar")
class Between(layers.Layer):
    """Keep the timepoints from one to before another.

    Parameters
    ----------
    start, stop : int
        First timepoint kept, and the first that is not.
    """

    def __init__(self, start: int, stop: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.start = start
        self.stop = stop

    def call(self, inputs: Any) -> Any:
        """Return the part."""
        return inputs[:, self.start : self.stop]

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """Fewer timepoints."""
        n_examples, _, *rest = input_shape
        return (n_examples, self.stop - self.start, *rest)

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "start": self.start, "stop": self.stop}


def single_frame(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    frame_length: int | None = None,
    width: float | None = None,
    units: int = 4096,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build the network that sees the frame in the middle alone.

    What it knows is what posture and scene tell; a network that is to profit from
    motion must be better.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 170 by 170.
    n_classes : int
        Number of probabilities.
    frame_length : int, optional
        Timepoints that make a frame; default 1 for clips, and a quarter of the window
        otherwise, in which kernels then run along time as they do across space.
    width : float, optional
        Share of the published filters and units; default 1 for clips, 1/4 otherwise.
    units : int, default=4096
        Neurons of each hidden layer at width 1.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
    dropout : float, default=0.5
        Share of features dropped before dense layers while training.
    shape_and_size : bool, optional
        Whether each channel is accompanied by its amplitude-free shape and its size,
        which are those of the whole window; default False, as a frame is to stand for
        itself. See :class:`sensorhar.networks.blocks.ShapeAndSize`.
    logits : bool, default=False
        Whether the numbers before softmax are returned.

    Returns
    -------
    keras.Model
        From ``(n, *input_shape)`` to ``(n, n_classes)``.
    """
    inputs, x = prepare(input_shape, bool(shape_and_size))
    length = _frame_length(frame_length, input_shape)
    start = (input_shape[0] - length) // 2
    x = _tower(
        Between(start, start + length)(x), input_shape, width, space_kernel, length > 1
    )
    x = _dense(layers.Flatten()(x), scaled(units, width, input_shape), dropout)
    x = finish(x, n_classes, dropout, logits=logits)
    return keras.Model(inputs, x, name="single_frame")


def early_fusion(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    width: float | None = None,
    units: int = 4096,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build the network whose first filters are as long as the clip.

    Published at 10 frames: the first convolution sees all of them at once, and nothing
    of time is left for the next. On a sensor its filters are templates of the window.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 170 by 170.
    n_classes : int
        Number of probabilities.
    width : float, optional
        Share of the published filters and units; default 1 for clips, 1/4 otherwise.
    units : int, default=4096
        Neurons of each hidden layer at width 1.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
    dropout : float, default=0.5
        Share of features dropped before dense layers while training.
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
    times = [(input_shape[0], 1)]
    x = _tower(x, input_shape, width, space_kernel, False, times=times)
    x = _dense(layers.Flatten()(x), scaled(units, width, input_shape), dropout)
    x = finish(x, n_classes, dropout, logits=logits)
    return keras.Model(inputs, x, name="early_fusion")


def late_fusion(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    frame_length: int | None = None,
    width: float | None = None,
    units: int = 4096,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build one network for the first and the last frame, joined by dense layers.

    Published at frames 15 apart, so on clips of 16.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 170 by 170.
    n_classes : int
        Number of probabilities.
    frame_length : int, optional
        Timepoints that make a frame; default 1 for clips, and a quarter of the window
        otherwise, in which kernels then run along time as they do across space.
    width : float, optional
        Share of the published filters and units; default 1 for clips, 1/4 otherwise.
    units : int, default=4096
        Neurons of each hidden layer at width 1.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
    dropout : float, default=0.5
        Share of features dropped before dense layers while training.
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
    n_timepoints = input_shape[0]
    length = _frame_length(frame_length, input_shape)
    frame = keras.Input((length, *x.shape[2:]))
    features = _tower(frame, input_shape, width, space_kernel, length > 1)
    tower = keras.Model(frame, layers.Flatten()(features), name="tower")
    ends = [
        tower(Between(0, length)(x)),
        tower(Between(n_timepoints - length, n_timepoints)(x)),
    ]
    x = layers.Concatenate()(ends)
    x = _dense(x, scaled(units, width, input_shape), dropout)
    x = finish(x, n_classes, dropout, logits=logits)
    return keras.Model(inputs, x, name="late_fusion")


def slow_fusion(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    times: Sequence[tuple[int, int]] = ((4, 2), (2, 2), (2, 2)),
    width: float | None = None,
    units: int = 4096,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build the network whose first three convolutions see ever longer times.

    Published at 10 frames, which become 4, then 2, then 1.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 170 by 170.
    n_classes : int
        Number of probabilities.
    times : sequence of pairs of int, default=((4, 2), (2, 2), (2, 2))
        Timepoints the first convolutions see, and their strides.
    width : float, optional
        Share of the published filters and units; default 1 for clips, 1/4 otherwise.
    units : int, default=4096
        Neurons of each hidden layer at width 1.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
    dropout : float, default=0.5
        Share of features dropped before dense layers while training.
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
    x = _tower(x, input_shape, width, space_kernel, False, times=times)
    x = _dense(layers.Flatten()(x), scaled(units, width, input_shape), dropout)
    x = finish(x, n_classes, dropout, logits=logits)
    return keras.Model(inputs, x, name="slow_fusion")


def fovea_context(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    along_time: bool | None = None,
    width: float | None = None,
    units: int = 4096,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build two streams: the middle at full resolution, the whole at half of it.

    Of a clip it is the middle of the middle frame and that frame halved; a frame of 178
    by 178 gives 89 by 89 twice, as published. Of a sensor, whose only axis is time, it
    is the middle half of the window and the whole window at half the rate.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``.
    n_classes : int
        Number of probabilities.
    along_time : bool, optional
        Whether time is cropped, halved and convolved as space is; default False for
        clips, of which the middle frame is taken, and True otherwise.
    width : float, optional
        Share of the published filters and units; default 1 for clips, 1/4 otherwise.
    units : int, default=4096
        Neurons of each hidden layer at width 1.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
    dropout : float, default=0.5
        Share of features dropped before dense layers while training.
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
    if along_time is None:
        along_time = not is_clip(input_shape)
    inputs, x = prepare(input_shape, shape_and_size)
    if not along_time:
        middle = (input_shape[0] - 1) // 2
        x = Between(middle, middle + 1)(x)
    context = pool_space(x, (2 if along_time else 1, 2), kind="mean")
    fovea = _middle(x, context.shape[1:-1])
    streams = [
        _tower(
            y,
            input_shape,
            width,
            space_kernel,
            along_time,
            is_last_pooled=False,
            name=f"{name}-",
        )
        for name, y in (("fovea", fovea), ("context", context))
    ]
    x = layers.Concatenate()([layers.Flatten()(y) for y in streams])
    x = _dense(x, scaled(units, width, input_shape), dropout)
    x = finish(x, n_classes, dropout, logits=logits)
    return keras.Model(inputs, x, name="fovea_context")


def _frame_length(length: int | None, input_shape: Sequence[int]) -> int:
    n_timepoints = input_shape[0]
    if length is None:
        length = 1 if is_clip(input_shape) else max(1, n_timepoints // 4)
    if not 1 <= length <= n_timepoints:
        raise ValueError(
            f"frame_length must be from 1 to the {n_timepoints} timepoints, got "
            f"{length!r}."
        )
    return length


def _tower(
    x: Any,
    input_shape: Sequence[int],
    width: float | None,
    space_kernel: int | None,
    along_time: bool,
    *,
    times: Sequence[tuple[int, int]] = (),
    is_last_pooled: bool = True,
    name: str = "",
) -> Any:
    """Five convolutions; ``times`` are kernels and strides over time of the first."""
    for i, (filters, kernel, stride, is_normalised, is_pooled) in enumerate(_TOWER):
        time, time_stride = times[i] if i < len(times) else (1, 1)
        if along_time:
            time, time_stride = kernel, stride
        n_filters = scaled(filters, width, input_shape)
        space = at_most(space_kernel, kernel)
        if i < len(times):  # the clip is seen as it is, without frames of zeros
            x = _pad_space(x, space, stride)
        x = convolve_space(
            x,
            n_filters,
            (time, space),
            strides=(time_stride, stride),
            padding="valid" if i < len(times) else "same",
            use_bias=True,
            name=f"{name}conv{i + 1}",
        )
        x = rectify(x)
        if is_normalised:
            x = normalise(x, name=f"{name}bn{i + 1}")
        if is_pooled and (is_last_pooled or i < len(_TOWER) - 1):
            x = pool_space(x, (2 if along_time else 1, 2))
    return x


def _pad_space(x: Any, kernel: int, stride: int) -> Any:
    """Add zeros across space as TensorFlow's "same" does."""
    rank = len(x.shape) - 3
    if not rank:
        return x
    margins = []
    for extent in x.shape[2:-1]:
        total = max((-(-extent // stride) - 1) * stride + kernel - extent, 0)
        margins.append((total // 2, total - total // 2))
    padding = layers.ZeroPadding2D if rank == 1 else layers.ZeroPadding3D
    return padding(((0, 0), *margins))(x)


def _middle(x: Any, sizes: Sequence[int]) -> Any:
    """Cut the middle of every axis to a size."""
    cuts = []
    for extent, size in zip(x.shape[1:-1], sizes, strict=True):
        before = (extent - size) // 2
        cuts.append((before, extent - size - before))
    croppings = layers.Cropping1D, layers.Cropping2D, layers.Cropping3D
    return croppings[len(cuts) - 1](tuple(cuts) if len(cuts) > 1 else cuts[0])(x)


def _dense(x: Any, units: int, dropout: float) -> Any:
    """Two hidden layers; the caller adds the last."""
    x = layers.Dense(units, activation="relu", name="fc6")(x)
    x = layers.Dropout(dropout)(x)
    return layers.Dense(units, activation="relu", name="fc7")(x)
