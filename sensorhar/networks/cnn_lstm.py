"""Convolutions that describe short stretches or frames, and an LSTM over them."""

from collections.abc import Sequence
from typing import Literal

import keras
from keras import layers

from sensorhar.networks.blocks import (
    classify,
    convolve,
    flatten_space,
    halve,
    mean_space,
    prepare,
)
from sensorhar.networks.space import finish, is_clip

__all__ = ["cnn_lstm"]

SUMMARIES = ("mean_and_max", "last", "probabilities_mean")


def cnn_lstm(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    filters: Sequence[int] = (48, 64),
    kernel_size: int = 9,
    space_kernel: int = 3,
    along_time: bool | None = None,
    frame_units: int | None = None,
    units: int = 64,
    summary: Literal["mean_and_max", "last", "probabilities_mean"] = "mean_and_max",
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build a CNN-LSTM: each convolution halves the length, then one LSTM.

    Of a clip each frame is described by itself, and the LSTM walks over all frames: the
    long-term recurrent convolutional network (LRCN; Donahue et al., CVPR 2015). Theirs
    has ``frame_units=4096``, 256 ``units`` on images and 1024 on optical flow, and
    ``summary="probabilities_mean"``.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``.
    n_classes : int
        Number of probabilities.
    filters : sequence of int, default=(48, 64)
        Filters of each convolution; each is followed by pooling by two.
    kernel_size : int, default=9
        Timepoints a filter sees, where it sees time.
    space_kernel : int, default=3
        Joints, or places along height and width, a filter sees.
    along_time : bool, optional
        Whether time is convolved and halved; default False for clips, whose frames are
        seen one by one, and True otherwise.
    frame_units : int, optional
        Neurons of a dense layer that sees all places of a step at once, before the
        LSTM. By default the LSTM is given the mean over all places.
    units : int, default=64
        Cells of the LSTM.
    summary : {"mean_and_max", "last", "probabilities_mean"}, default="mean_and_max"
        What of the LSTM is classified: mean and maximum over its steps, its last step,
        or every step, whose probabilities are averaged.
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
        If the summary is unknown, or is of probabilities where logits are wanted.
    """
    if summary not in SUMMARIES:
        raise ValueError(f"summary must be one of {SUMMARIES}, got {summary!r}.")
    if summary == "probabilities_mean" and logits:
        raise ValueError(
            "a mean of probabilities has no logits; use summary='mean_and_max' or "
            "'last', or logits=False."
        )
    if along_time is None:
        along_time = not is_clip(input_shape)
    inputs, x = prepare(input_shape, shape_and_size)
    for n_filters in filters:
        x = convolve(x, n_filters, (kernel_size if along_time else 1, space_kernel))
        x = halve(x, (2 if along_time else 1, 2))
    if frame_units is None:
        x = mean_space(x)
    else:
        x = layers.Dense(frame_units, activation="relu")(flatten_space(x))
    x = layers.LSTM(units, return_sequences=summary != "last")(x)
    if summary == "mean_and_max":
        x = classify(x, n_classes, dropout, logits=logits)
    elif summary == "last":
        x = finish(x, n_classes, dropout, logits=logits)
    else:
        x = layers.Dropout(dropout)(x)
        x = layers.Dense(n_classes, activation="softmax", name="of_steps")(x)
        x = layers.GlobalAveragePooling1D(name="probabilities")(x)
    return keras.Model(inputs, x, name="cnn_lstm")
