"""Two streams that meet at their last convolution."""

from collections.abc import Sequence
from typing import Any

import keras
from keras import layers

from sensorhar.networks.blocks import describe
from sensorhar.networks.cnn_m import cnn_m_dense, cnn_m_tower
from sensorhar.networks.space import (
    at_most,
    convolve_space,
    is_clip,
    pool_space,
    rectify,
    scaled,
)
from sensorhar.networks.two_stream import Differences, Fusion, fuse

__all__ = ["fused_two_stream"]


def fused_two_stream(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    motion_shape: tuple[int, ...] | None = None,
    is_motion_kept: bool = True,
    fusion: Fusion = "probabilities_mean",
    along_time: bool | None = None,
    width: float | None = None,
    units: Sequence[int] = (4096, 2048),
    kernel_size: int = 3,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build two streams fused in space and time (Feichtenhofer et al., CVPR 2016).

    Towers on the input and on its motion are stacked at their last convolution, so that
    a filter of three by three by three sees what is where it moves; a maximum over all
    of time follows. The motion stream goes on by itself as well, and both answers are
    fused::

        input   tower ┐
                      ├ convolution ─ maximum ─ dense ─ dense ┐
                ┌─────┘                                       ├ probabilities
        motion  tower ───────────────── maximum ─ dense ─ dense ┘

    The towers are CNN-M-2048, with which the paper compares ways to fuse; see
    :func:`sensorhar.networks.cnn_m`. Carreira & Zisserman (CVPR 2017) let the motion
    stream end where it is fused.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 5 frames of 224 by
        224.
    n_classes : int
        Number of probabilities.
    motion_shape : tuple of int, optional
        Shape of a second input that holds the motion, such as (5, 224, 224, 20) for
        ten frames of optical flow around each frame. By default the motion is the
        change from each timepoint to the next.
    is_motion_kept : bool, default=True
        Whether the motion stream also answers by itself.
    fusion : {"logits_sum", "logits_mean", "probabilities_mean"}
        What of both answers is fused, see
        :func:`sensorhar.networks.two_stream.fuse`; default "probabilities_mean", the
        average of predictions in the paper.
    along_time : bool, optional
        Whether the towers convolve and pool time as they do space; default False for
        clips, whose frames they see one by one, and True otherwise.
    width : float, optional
        Share of the published filters and units; default 1 for clips, 1/4 otherwise.
    units : sequence of int, default=(4096, 2048)
        Neurons of each hidden layer at width 1.
    kernel_size : int, default=3
        Timepoints the convolution that fuses sees.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
    dropout : float, default=0.5
        Share of features dropped after each hidden layer while training; 0.85 in the
        released code.
    shape_and_size : bool, optional
        Whether each channel is accompanied by its amplitude-free shape and its size;
        default for sensors alone. See :class:`sensorhar.networks.blocks.ShapeAndSize`.
    logits : bool, default=False
        Whether the numbers before softmax are returned.

    Returns
    -------
    keras.Model
        From ``(n, *input_shape)``, or that and ``(n, *motion_shape)``, to
        ``(n, n_classes)``.

    Raises
    ------
    ValueError
        If the fusion is unknown, or of probabilities where logits are wanted.
    """
    if along_time is None:
        along_time = not is_clip(input_shape)
    inputs = [keras.Input(tuple(input_shape))]
    if motion_shape is None:
        motion = Differences()(inputs[0])
    else:
        motion = keras.Input(tuple(motion_shape))
        inputs.append(motion)

    def tower(x: Any, name: str) -> Any:
        x = describe(x, shape_and_size)
        return cnn_m_tower(x, input_shape, width, space_kernel, along_time, name)

    def answer(x: Any, name: str) -> Any:
        x = pool_space(x, (x.shape[1], 3), (1, 2))
        sizes = [scaled(n, width, input_shape) for n in units]
        x = cnn_m_dense(layers.Flatten()(x), sizes, dropout, name)
        return layers.Dense(n_classes, name=f"{name}logits")(x)

    towers = [tower(inputs[0], "appearance-"), tower(motion, "motion-")]
    x = convolve_space(
        layers.Concatenate()(towers),
        scaled(512, width, input_shape),
        (kernel_size, at_most(space_kernel, 3)),
        use_bias=True,
        name="fused-conv",
    )
    answers = [answer(rectify(x), "fused-")]
    if is_motion_kept:
        answers.append(answer(towers[1], "motion-"))
    outputs = fuse(answers, fusion, logits=logits)
    return keras.Model(
        inputs if len(inputs) > 1 else inputs[0], outputs, name="fused_two_stream"
    )
