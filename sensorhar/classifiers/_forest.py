"""A forest of decision trees as plain arrays, so that it is saved without pickle."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["flatten_trees", "forest_proba"]


def flatten_trees(
    trees: Sequence[Any],
) -> tuple[
    NDArray[np.int32], NDArray[np.int16], NDArray[np.float64], NDArray[np.float64]
]:
    """Return all nodes of scikit-learn trees, one tree after the other.

    Returns
    -------
    children : array of shape (n_nodes, 2)
        Nodes to go to below or at the threshold, and above; a leaf points to itself.
    feature : array of shape (n_nodes,)
        Feature asked for.
    threshold : array of shape (n_nodes,)
        Where to part.
    shares : array of shape (n_nodes, n_classes)
        Classes of the training rows that came here.
    roots come first: the first node of tree i is where the trees before it end.
    """
    children, feature, threshold, shares = [], [], [], []
    offset = 0
    for estimator in trees:
        tree = estimator.tree_
        nodes = np.stack([tree.children_left, tree.children_right], axis=1)
        own = np.arange(tree.node_count)[:, None]
        is_leaf = nodes[:, :1] < 0
        children.append(np.where(is_leaf, own, nodes) + offset)
        feature.append(np.where(is_leaf[:, 0], 0, tree.feature))
        threshold.append(tree.threshold)
        counts = tree.value[:, 0, :]
        shares.append(counts / counts.sum(axis=1, keepdims=True))
        offset += tree.node_count
    return (
        np.concatenate(children).astype(np.int32),
        np.concatenate(feature).astype(np.int16),
        np.concatenate(threshold),
        np.concatenate(shares),
    )


def forest_proba(
    features: NDArray[np.float32],
    roots: NDArray[np.int32],
    children: NDArray[np.int32],
    feature: NDArray[np.int16],
    threshold: NDArray[np.float64],
    shares: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the mean of the trees' class shares.

    Parameters
    ----------
    features : array of shape (n_windows, n_features), float32
        Scaled features.
    roots : array of shape (n_trees,)
        First node of each tree.
    children, feature, threshold, shares : arrays
        As :func:`flatten_trees` returns them.

    Returns
    -------
    array of shape (n_windows, n_classes)
        Rows sum to 1.
    """
    total = np.zeros((len(features), shares.shape[1]))
    rows = np.arange(len(features))
    for root in roots:
        node = np.full(len(features), root, dtype=np.int32)
        while True:
            is_above = features[rows, feature[node]] > threshold[node]
            following = children[node, is_above.astype(np.intp)]
            if np.array_equal(following, node):
                break
            node = following
        total += shares[node]
    return total / len(roots)
