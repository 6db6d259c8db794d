"""CNN-M-2048: the network of single frames that two streams were published with."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from sensorhar.networks.blocks import flatten_space, prepare
from sensorhar.networks.space import (
    at_most,
    convolve_space,
    is_clip,
    normalise,
    pool_space,
    rectify,
    scaled,
)

__all__ = ["cnn_m", "cnn_m_dense", "cnn_m_tower"]

# Simonyan & Zisserman, "Two-Stream Convolutional Networks for Action Recognition in
# Videos", NeurIPS 2014, figure 1: filters, kernel and stride of each convolution, and
# whether normalisation and pooling follow. Their response normalisation is batch
# normalisation here. The last pooling, of three by two, is left to the caller.
_TOWER = (
    (96, 7, 2, True),
    (256, 5, 2, True),
    (512, 3, 1, False),
    (512, 3, 1, False),
    (512, 3, 1, False),
)


def cnn_m(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    along_time: bool | None = None,
    width: float | None = None,
    units: Sequence[int] = (4096, 2048),
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build CNN-M-2048 (Chatfield et al., BMVC 2014), whose logits frames average.

    Both streams of Simonyan & Zisserman (NeurIPS 2014) are such networks, one on single
    frames and one on 20 channels of optical flow, ten frames stacked: ``two_stream(...,
    network=cnn_m)``. A sensor has no frames; its window is convolved along time as a
    frame is across space.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 224 by 224.
    n_classes : int
        Number of probabilities.
    along_time : bool, optional
        Whether time is convolved and pooled as space is; default False for clips, whose
        frames are seen one by one, and True otherwise.
    width : float, optional
        Share of the published filters and units; default 1 for clips, 1/4 otherwise.
    units : sequence of int, default=(4096, 2048)
        Neurons of each hidden layer at width 1.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
    dropout : float, default=0.5
        Share of features dropped after each hidden layer while training; 0.9 as
        published.
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
    x = cnn_m_tower(x, input_shape, width, space_kernel, along_time)
    x = pool_space(x, (3 if along_time else 1, 3), (2 if along_time else 1, 2))
    x = layers.Flatten()(x) if along_time else flatten_space(x)
    x = cnn_m_dense(x, [scaled(n, width, input_shape) for n in units], dropout)
    x = layers.Dense(n_classes, name="logits" if along_time else "of_frames")(x)
    if not along_time:
        x = layers.GlobalAveragePooling1D(name="logits")(x)
    if not logits:
        x = layers.Softmax(name="probabilities")(x)
    return keras.Model(inputs, x, name="cnn_m")


def cnn_m_tower(
    x: Any,
    input_shape: Sequence[int],
    width: float | None,
    space_kernel: int | None,
    along_time: bool,
    name: str = "",
) -> Any:
    """Return the features of the last convolution.

    Parameters
    ----------
    x : keras tensor of shape (n, n_timepoints, ..., n_channels)
        Input.
    input_shape : sequence of int
        Shape of one example.
    width : float or None
        Share of the published filters.
    space_kernel : int or None
        Largest kernel across space.
    along_time : bool
        Whether time is convolved and pooled as space is.
    name : str, default=""
        Start of the names of the layers.

    Returns
    -------
    keras tensor
        Of 512 channels at width 1.
    """
    for i, (filters, kernel, stride, is_pooled) in enumerate(_TOWER):
        x = convolve_space(
            x,
            scaled(filters, width, input_shape),
            (kernel if along_time else 1, at_most(space_kernel, kernel)),
            strides=(stride if along_time else 1, stride),
            use_bias=True,
            name=f"{name}conv{i + 1}",
        )
        x = rectify(x)
        if is_pooled:
            x = normalise(x, name=f"{name}bn{i + 1}")
            x = pool_space(x, (3 if along_time else 1, 3), (2 if along_time else 1, 2))
    return x


def cnn_m_dense(x: Any, units: Sequence[int], dropout: float, name: str = "") -> Any:
    """Return what the hidden layers make of features; the caller adds the last.

    Parameters
    ----------
    x : keras tensor of shape (n, ..., n_features)
        Features.
    units : sequence of int
        Neurons of each layer.
    dropout : float
        Share of features dropped after each while training.
    name : str, default=""
        Start of the names of the layers.

    Returns
    -------
    keras tensor
        Of shape ``(n, ..., units[-1])``.
    """
    for i, n_units in enumerate(units):
        x = layers.Dense(n_units, activation="relu", name=f"{name}fc{i + 6}")(x)
        x = layers.Dropout(dropout)(x)
    return x
