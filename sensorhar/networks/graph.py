"""Joints as a graph: who hears whom, and the bones between them."""

from collections.abc import Sequence
from typing import Any

import keras
import numpy as np
from keras import layers, ops
from numpy.typing import NDArray

__all__ = ["Bones", "GraphMixing", "parents", "partitions"]


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


def parents(n_joints: int, edges: Sequence[tuple[int, int]]) -> NDArray[np.int32]:
    """Return the joint each joint hangs on; itself where there is none.

    Parameters
    ----------
    n_joints : int
        Number of joints.
    edges : sequence of pairs of int
        ``(parent, child)``.

    Returns
    -------
    array of int of shape (n_joints,)
        Numbers of joints.

    Raises
    ------
    ValueError
        If a joint hangs on two.

    Examples
    --------
    >>> parents(3, [(0, 1), (1, 2)]).tolist()
    [0, 0, 1]
    """
    above = np.arange(n_joints, dtype=np.int32)
    for parent, child in edges:
        if above[child] not in (child, parent):
            raise ValueError(
                f"joint {child} must hang on one other joint, got {above[child]} and "
                f"{parent}; bones need edges of (parent, child), as a skeleton has."
            )
        above[child] = parent
    return above


@keras.saving.register_keras_serializable("sensorhar")
class Bones(layers.Layer):
    """Take from the place of each joint that of the joint it hangs on.

    What is left does not change when all joints move alike; it is 0 at the root.

    Parameters
    ----------
    edges : sequence of pairs of int
        ``(parent, child)``.
    """

    def __init__(self, edges: Sequence[tuple[int, int]], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.edges = [(int(a), int(b)) for a, b in edges]

    def build(self, input_shape: tuple[int, ...]) -> None:
        """Find the joint each joint hangs on."""
        self._parents = parents(input_shape[2], self.edges)

    def call(self, inputs: Any) -> Any:
        """Return the bones, each at the place of its child."""
        return inputs - ops.take(inputs, self._parents, axis=2)

    def compute_output_shape(
        self, input_shape: tuple[int | None, ...]
    ) -> tuple[int | None, ...]:
        """Return the same shape."""
        return input_shape

    def get_config(self) -> dict[str, Any]:
        """Return the parameters."""
        return {**super().get_config(), "edges": self.edges}
