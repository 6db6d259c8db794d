"""ST-GCN: convolutions over a graph of joints and over time."""

import math
from collections.abc import Sequence
from typing import Any, Literal

import keras
import numpy as np
from keras import layers

from sensorhar.networks.blocks import describe
from sensorhar.networks.graph import Bones, GraphMixing, partitions
from sensorhar.networks.space import (
    add_streams,
    convolve_space,
    finish,
    global_mean,
    n_space_axes,
    normalise,
    rectify,
    scaled,
)
from sensorhar.networks.two_stream import Differences, Fusion, fuse

__all__ = ["st_gcn"]

#: Filters of the ten blocks; where their number grows, time is halved.
FILTERS = (64, 64, 64, 64, 128, 128, 128, 256, 256, 256)

Stream = Literal["joint", "bone", "joint_motion", "bone_motion"]
STREAMS = ("joint", "bone", "joint_motion", "bone_motion")


def st_gcn(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    edges: Sequence[tuple[int, int]] | None = None,
    centre: int = 0,
    streams: Sequence[Stream] = ("joint",),
    fusion: Fusion = "logits_sum",
    filters: Sequence[int] = FILTERS,
    width: float | None = None,
    kernel_size: int = 9,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build ST-GCN (Yan et al., AAAI 2018) with partitions by distance to a centre.

    Ten blocks, each a convolution on the graph and one over time beside a shortcut, as
    the MMAction2 model zoo has it; ``width=1`` is the published network. A sensor is
    one joint; the places of a clip are joints linked to their neighbours.

    With several streams there is one such network for each, and their answers are
    fused: joints and bones as in 2s-AGCN (Shi et al., CVPR 2019), and the motion of
    both, all four as in MS-AAGCN (Shi et al., IEEE TIP 2020).

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``.
    n_classes : int
        Number of probabilities.
    edges : sequence of pairs of int, optional
        Joints that are linked, for streams of bones as (parent, child). By default
        every joint of a pose is linked to every other, and what matters is learned.
    centre : int, default=0
        The joint from which distances are counted, such as the neck.
    streams : sequence of str, default=("joint",)
        Of "joint", where joints are; "bone", from the joint each hangs on;
        "joint_motion" and "bone_motion", their change from each timepoint to the next.
    fusion : {"logits_sum", "logits_mean", "probabilities_mean"}, default="logits_sum"
        What of several streams is fused; see
        :func:`sensorhar.networks.two_stream.fuse`.
    filters : sequence of int
        Filters of each block; where their number grows, time is halved. The published
        ones are four of 64, three of 128, three of 256.
    width : float, optional
        Share of these filters; default 1 for clips, 1/4 otherwise.
    kernel_size : int, default=9
        Timepoints a filter sees.
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
        From ``(n, *input_shape)`` to ``(n, n_classes)``. Where there are several
        streams, its layers of their names are the networks.

    Raises
    ------
    ValueError
        If an edge or the centre names a joint that is not there, a stream or the fusion
        is unknown, or bones are wanted and edges are no tree.
    """
    if not streams or set(streams) - set(STREAMS) or len(set(streams)) < len(streams):
        raise ValueError(
            f"streams must be of {STREAMS}, each once, got {tuple(streams)!r}."
        )
    is_sensor = n_space_axes(input_shape) == 0
    n_timepoints, *space, n_channels = input_shape
    n_joints = math.prod(space)
    links = _default_edges(space) if edges is None else edges
    partitions(n_joints, links, centre)  # refuses unknown joints

    def features(x: Any) -> Any:
        x = describe(x, is_sensor if shape_and_size is None else shape_and_size)
        x = _scale(x)
        for i, n_filters in enumerate(filters):
            x = _block(
                x,
                scaled(n_filters, width, input_shape),
                (kernel_size, 2 if i and n_filters > filters[i - 1] else 1),
                GraphMixing(links, centre, name=f"block{i + 1}-graph"),
                is_residual=i > 0,  # before the first there is nothing to add
                name=f"block{i + 1}",
            )
        return global_mean(x)

    inputs = keras.Input(tuple(input_shape))
    joints = layers.Reshape((n_timepoints, n_joints, n_channels))(inputs)
    if len(streams) == 1:
        x = features(_view(joints, streams[0], links))
        x = finish(x, n_classes, dropout, logits=logits)
        return keras.Model(inputs, x, name="st_gcn")
    answers = []
    for name in streams:
        seen = keras.Input(joints.shape[1:])
        x = finish(features(seen), n_classes, dropout, logits=True)
        answers.append(keras.Model(seen, x, name=name)(_view(joints, name, links)))
    outputs = fuse(answers, fusion, logits=logits)
    return keras.Model(inputs, outputs, name="st_gcn")


def _view(joints: Any, stream: Stream, edges: Sequence[tuple[int, int]]) -> Any:
    """Return what a stream sees of the joints."""
    x = Bones(edges)(joints) if stream.startswith("bone") else joints
    return Differences()(x) if stream.endswith("motion") else x


def _scale(x: Any) -> Any:
    """Give each coordinate of each joint a scale of its own."""
    _, n_timepoints, n_joints, n_channels = x.shape
    x = layers.Reshape((n_timepoints, n_joints * n_channels))(x)
    x = normalise(x, name="scale")
    return layers.Reshape((n_timepoints, n_joints, n_channels))(x)


def _block(
    x: Any,
    filters: int,
    time: tuple[int, int],
    mixing: GraphMixing,
    *,
    is_residual: bool,
    name: str,
) -> Any:
    """Convolve on the graph and over time, of which kernel and stride are given."""
    kernel, stride = time
    y = convolve_space(x, 3 * filters, (1, 1), use_bias=True, name=f"{name}-graph-conv")
    y = rectify(normalise(mixing(y), name=f"{name}-bn1"))
    y = convolve_space(
        y,
        filters,
        (kernel, 1),
        strides=(stride, 1),
        use_bias=True,
        name=f"{name}-time",
    )
    y = normalise(y, name=f"{name}-bn2")
    if not is_residual:
        return rectify(y)
    if x.shape[-1] != filters or stride > 1:
        x = convolve_space(
            x,
            filters,
            (1, 1),
            strides=(stride, 1),
            use_bias=True,
            name=f"{name}-shortcut",
        )
        x = normalise(x, name=f"{name}-bn3")
    return add_streams(y, x)


def _default_edges(space: Sequence[int]) -> list[tuple[int, int]]:
    """Link all joints of a pose, and neighbouring places of a clip."""
    if len(space) < 2:
        n_joints = space[0] if space else 1
        return [(a, b) for a in range(n_joints) for b in range(a)]
    index = np.arange(int(np.prod(space))).reshape(space)
    pairs = [(index[1:], index[:-1]), (index[:, 1:], index[:, :-1])]
    return [
        (int(a), int(b))
        for one, other in pairs
        for a, b in zip(one.ravel(), other.ravel(), strict=True)
    ]
