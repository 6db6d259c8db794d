"""ST-GCN: convolutions over a graph of joints and over time."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

from sensorhar.networks.space import (
    add_streams,
    convolve_space,
    finish,
    global_mean,
    normalise,
    prepare,
    rectify,
    scaled,
)

__all__ = ["GraphMixing", "partitions", "st_gcn"]

#: Filters of the ten blocks; where their number grows, time is halved.
FILTERS = (64, 64, 64, 64, 128, 128, 128, 256, 256, 256)


def partitions(
    n_joints: int, edges: Sequence[tuple[int, int]], centre: int = 0
) -> NDArray[np.float32]:
    """Weights with which a joint hears itself, neighbours inwards, and those outwards.

    Parameters
    ----------
    n_joints : int
        Number of joints.
    edges : sequence of pairs of int
        Joints that are linked; the order within a pair does not matter.
    centre : int, default=0
        The joint from which distances are counted in links.

    Returns
    -------
    array of shape (3, n_joints, n_joints)
        ``[k, v, w]`` is the weight of joint v at joint w: k = 0 as far from the centre
        as w, itself among them; 1 nearer; 2 farther. All weights at w sum to 1.

    Raises
    ------
    ValueError
        If an edge or the centre names a joint that is not there.

    Examples
    --------
    >>> partitions(3, [(0, 1), (1, 2)], centre=1)[1].round(2).tolist()
    [[0.0, 0.0, 0.0], [0.5, 0.0, 0.5], [0.0, 0.0, 0.0]]
    """
    named = {joint for edge in edges for joint in edge} | {centre}
    outside = sorted(joint for joint in named if not 0 <= joint < n_joints)
    if outside:
        raise ValueError(
            f"edges and centre must name joints from 0 to {n_joints - 1}, got "
            f"{outside[:5]!r}; joints are counted from 0."
        )
    linked = np.eye(n_joints, dtype=bool)
    for a, b in edges:
        linked[a, b] = linked[b, a] = True
    distance = np.full(n_joints, np.inf)
    reached = np.arange(n_joints) == centre
    for steps in range(n_joints):
        distance[reached & np.isinf(distance)] = steps
        reached = linked[reached].any(axis=0)
    weights = linked / linked.sum(axis=0, keepdims=True)
    of, at = distance[:, None], distance[None, :]
    masks = np.stack([of == at, of < at, of > at])
    return (masks * weights).astype(np.float32)


@keras.saving.register_keras_serializable("sensorhar")
class GraphMixing(layers.Layer):
    """Mix the joints of three groups of channels, each along its part of a graph.

    Parameters
    ----------
    edges : sequence of pairs of int
        Joints that are linked.
    centre : int
        See :func:`partitions`. Each weight of it is multiplied by one that is learned.
    """

    def __init__(
        self, edges: Sequence[tuple[int, int]], centre: int = 0, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.edges = [(int(a), int(b)) for a, b in edges]
        self.centre = centre

    def build(self, input_shape: tuple[int, ...]) -> None:
        """Make the learned weights."""
        n_joints = input_shape[2]
        self._graph = partitions(n_joints, self.edges, self.centre)
        self.importance = self.add_weight(
            shape=self._graph.shape, initializer="ones", name="importance"
        )

    def call(self, inputs: Any) -> Any:
        """Return a third of the channels."""
        _, n_timepoints, n_joints, n_channels = inputs.shape
        shape = (-1, n_timepoints, n_joints, 3, n_channels // 3)
        graph = ops.cast(self._graph, inputs.dtype) * self.importance
        return ops.einsum("ntvkc,kvw->ntwc", ops.reshape(inputs, shape), graph)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """Return a third of the channels."""
        assert input_shape[-1] is not None
        return (*input_shape[:-1], input_shape[-1] // 3)

    def multiply_accumulates(self, input_shape: tuple[int, ...]) -> int:
        """Return the cost; see :func:`sensorhar.networks.flops.flops`."""
        n_examples, n_timepoints, n_joints, n_channels = input_shape
        return n_examples * n_timepoints * n_joints**2 * n_channels

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "edges": self.edges, "centre": self.centre}


def st_gcn(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    edges: Sequence[tuple[int, int]] | None = None,
    centre: int = 0,
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

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``.
    n_classes : int
        Number of probabilities.
    edges : sequence of pairs of int, optional
        Joints that are linked. By default every joint of a pose is linked to every
        other, and what matters is learned.
    centre : int, default=0
        The joint from which distances are counted, such as the neck.
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
        From ``(n, *input_shape)`` to ``(n, n_classes)``.

    Raises
    ------
    ValueError
        If an edge or the centre names a joint that is not there.
    """
    inputs, x = prepare(input_shape, shape_and_size)
    n_timepoints, *space = input_shape[:-1]
    n_joints, n_channels = int(np.prod(space)), x.shape[-1]
    if edges is None:
        edges = _default_edges(space)
    partitions(n_joints, edges, centre)  # refuses unknown joints

    x = layers.Reshape((n_timepoints, n_joints * n_channels))(x)
    x = normalise(x, name="scale")
    x = layers.Reshape((n_timepoints, n_joints, n_channels))(x)
    before = None
    for i, published in enumerate(filters):
        n_filters = scaled(published, width, input_shape)
        stride = 2 if before is not None and published > before else 1
        name = f"block{i + 1}"
        y = convolve_space(
            x, 3 * n_filters, (1, 1), use_bias=True, name=f"{name}.graph.conv"
        )
        y = GraphMixing(edges, centre, name=f"{name}.graph")(y)
        y = rectify(normalise(y, name=f"{name}.bn1"))
        y = convolve_space(
            y,
            n_filters,
            (kernel_size, 1),
            strides=(stride, 1),
            use_bias=True,
            name=f"{name}.time",
        )
        y = normalise(y, name=f"{name}.bn2")
        if before is None:  # nothing to add yet
            x = rectify(y)
        else:
            if x.shape[-1] != n_filters or stride > 1:
                x = convolve_space(
                    x,
                    n_filters,
                    (1, 1),
                    strides=(stride, 1),
                    use_bias=True,
                    name=f"{name}.shortcut",
                )
                x = normalise(x, name=f"{name}.bn3")
            x = add_streams(y, x)
        before = published
    x = finish(global_mean(x), n_classes, dropout, logits=logits)
    return keras.Model(inputs, x, name="st_gcn")


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
