"""ConvLSTM: a recurrent network whose cells convolve."""

import keras
from keras import layers

from sensorhar.networks.blocks import Steps, classify, flatten_space, prepare
from sensorhar.networks.space import is_clip, n_space_axes

__all__ = ["conv_lstm"]

_CELLS = (layers.ConvLSTM1D, layers.ConvLSTM2D, layers.ConvLSTM3D)


def conv_lstm(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    filters: int = 32,
    kernel_size: int = 5,
    space_kernel: int = 3,
    n_steps: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build a ConvLSTM network (Shi et al., NeurIPS 2015) over parts of the window.

    The window is cut into parts; the recurrent layer walks from part to part, and
    inside its cells convolutions run along the timepoints of a part and across space.
    Of a clip each frame is a part, as in the paper.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``.
    n_classes : int
        Number of probabilities.
    filters : int, default=32
        Filters of the cell.
    kernel_size : int, default=5
        Timepoints of a part a filter sees; 1 where a part is one timepoint.
    space_kernel : int, default=3
        Joints, or places along height and width, a filter sees.
    n_steps : int, optional
        Parts of the window; default one for each frame of a clip, 4 otherwise.
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
    n_timepoints, *space = input_shape[:-1]
    inputs, x = prepare(input_shape, shape_and_size)
    n_channels = x.shape[-1]
    if n_steps is None:
        n_steps = n_timepoints if is_clip(input_shape) else 4
    size = -(-n_timepoints // n_steps)
    n_parts = -(-n_timepoints // size)
    x = Steps(size)(flatten_space(x))
    x = layers.Reshape((n_parts, size, *space, n_channels))(x)
    rank = n_space_axes(input_shape)
    kernel = (kernel_size if size > 1 else 1, *(space_kernel,) * rank)
    x = _CELLS[rank](filters, kernel, padding="same")(x)
    return keras.Model(
        inputs, classify(x, n_classes, dropout, logits=logits), name="conv_lstm"
    )
