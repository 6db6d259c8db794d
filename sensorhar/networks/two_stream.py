"""Two streams: what is there, and how it moves."""

from collections.abc import Callable
from typing import Any, Literal

import keras
from keras import layers, ops

from sensorhar.networks.i3d import i3d
from sensorhar.networks.space import n_space_axes

__all__ = ["Differences", "Fusion", "fuse", "two_stream"]

Fusion = Literal["logits_sum", "logits_mean", "probabilities_mean"]
FUSIONS = ("logits_sum", "logits_mean", "probabilities_mean")


@keras.saving.register_keras_serializable("sensorhar")
class Differences(layers.Layer):
    """Change from each timepoint to the next; 0 at the first.

    What does not change with time, an offset or gravity at rest, leaves no trace.
    """

    def call(self, inputs: Any) -> Any:
        """Return the differences."""
        change = inputs[:, 1:] - inputs[:, :-1]
        return ops.concatenate([ops.zeros_like(inputs[:, :1]), change], axis=1)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """Return the same shape."""
        return input_shape


def fuse(streams: list[Any], fusion: Fusion, *, logits: bool = False) -> Any:
    """Fuse the logits of several streams in the declared way.

    The three differ: a sum of logits is surer of itself than their mean, with the same
    winner, and the mean of probabilities may have another winner.

    Parameters
    ----------
    streams : list of keras tensors of shape (n, n_classes)
        Logits.
    fusion : {"logits_sum", "logits_mean", "probabilities_mean"}
        What is done with them.
    logits : bool, default=False
        Whether the fused logits are returned.

    Returns
    -------
    keras tensor
        Of shape ``(n, n_classes)``.

    Raises
    ------
    ValueError
        If the fusion is unknown, or of probabilities where logits are wanted.
    """
    if fusion not in FUSIONS:
        raise ValueError(f"fusion must be one of {FUSIONS}, got {fusion!r}.")
    if fusion == "probabilities_mean":
        if logits:
            raise ValueError(
                "a mean of probabilities has no logits; use fusion='logits_sum' or "
                "'logits_mean', or logits=False."
            )
        each = [layers.Softmax()(x) for x in streams]
        return layers.Average(name="probabilities")(each)
    merge = layers.Add if fusion == "logits_sum" else layers.Average
    x = merge(name="logits")(streams)
    return x if logits else layers.Softmax(name="probabilities")(x)


def two_stream(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    network: Callable[..., Any] | None = None,
    motion_shape: tuple[int, ...] | None = None,
    fusion: Fusion = "logits_sum",
    width: float | None = None,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build two networks, one on the input and one on its motion, and fuse them.

    Two streams are Simonyan & Zisserman's (NeurIPS 2014); with I3D in both it is the
    two-stream I3D of Carreira & Zisserman (CVPR 2017), whose released code adds logits.
    Of a clip the motion is optical flow, a second input; where none is given, and for
    sensors and poses, it is the change from each timepoint to the next.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``.
    n_classes : int
        Number of probabilities.
    network : callable, optional
        The network of both streams: a function of this library that takes ``width``,
        ``space_kernel``, ``dropout``, ``shape_and_size`` and ``logits``, such as
        :func:`sensorhar.networks.cnn_m`, of which Simonyan & Zisserman's streams are.
        Default :func:`sensorhar.networks.i3d`.
    motion_shape : tuple of int, optional
        Shape of a second input that holds the motion, such as (64, 224, 224, 2) for
        optical flow. By default motion is made of the input.
    fusion : {"logits_sum", "logits_mean", "probabilities_mean"}, default="logits_sum"
        What is fused; see :func:`fuse`.
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
        From ``(n, *input_shape)``, or that and ``(n, *motion_shape)``, to
        ``(n, n_classes)``. Its layers "appearance" and "motion" are the two networks.

    Raises
    ------
    ValueError
        If the fusion is unknown, or of probabilities where logits are wanted.
    """
    n_space_axes(input_shape)
    if network is None:
        network = i3d
    inputs = [keras.Input(tuple(input_shape))]
    if motion_shape is None:
        motion = Differences()(inputs[0])
    else:
        motion = keras.Input(tuple(motion_shape))
        inputs.append(motion)
    streams = []
    for name, x in (("appearance", inputs[0]), ("motion", motion)):
        built = network(
            tuple(x.shape[1:]),
            n_classes,
            width=width,
            space_kernel=space_kernel,
            dropout=dropout,
            shape_and_size=shape_and_size,
            logits=True,
        )
        streams.append(keras.Model(built.inputs[0], built.outputs[0], name=name)(x))
    outputs = fuse(streams, fusion, logits=logits)
    return keras.Model(
        inputs if len(inputs) > 1 else inputs[0], outputs, name="two_stream"
    )
