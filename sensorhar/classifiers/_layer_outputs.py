"""Layers of a network, and of networks inside it, and what they give."""

from collections.abc import Iterator
from difflib import get_close_matches
from typing import Any

from sensorhar._words import listing

__all__ = ["find_layer", "has_graph", "outputs_of"]


def has_graph(model: Any) -> bool:
    """Return whether a model was laid out from inputs to outputs."""
    import keras

    return isinstance(model, keras.Model) and bool(getattr(model, "inputs", None))


def _paths(network: Any) -> Iterator[tuple[str, ...]]:
    """Yield the layers, those inside other layers after the names of these."""
    for layer in network.layers:
        yield (layer.name,)
        if has_graph(layer):
            yield from ((layer.name, *rest) for rest in _paths(layer))


def find_layer(network: Any, layer: str) -> tuple[str, ...]:
    """Return the one path that is the name, or ends with it."""
    paths = {"/".join(path): path for path in _paths(network)}
    if layer in paths:
        return paths[layer]
    ends = [path for path in paths if path.endswith(f"/{layer}")]
    if len(ends) > 1:
        raise ValueError(
            f"layer must name one layer of {network.name!r}; {layer!r} is the name of "
            f"{len(ends)}. Pass one of {listing(ends)}."
        )
    if not ends:
        names = paths if "/" in str(layer) else {path[-1] for path in paths.values()}
        near = get_close_matches(str(layer), sorted(names), n=5, cutoff=0)
        raise ValueError(
            f"layer must name a layer of {network.name!r}; got {layer!r}. Nearest are "
            f"{listing(near)}."
        )
    return paths[ends[0]]


def outputs_of(network: Any, path: tuple[str, ...]) -> list[Any]:
    """Return what a layer gives at each of its calls, as tensors of the network."""
    import keras

    first, *rest = path
    layer = network.get_layer(first)
    # Keras has no public way to the calls of a layer that belong to one network.
    graph = keras.Function(network.inputs, network.outputs)._nodes_by_depth
    calls = [node for nodes in graph.values() for node in nodes]
    calls = [node for node in calls if node.operation is layer]
    if not rest:
        return [tensor for node in calls for tensor in node.output_tensors]
    inner = keras.Model(layer.inputs, outputs_of(layer, tuple(rest)))
    outputs = []
    for node in calls:
        given = node.input_tensors
        outputs += keras.tree.flatten(inner(given if len(given) > 1 else given[0]))
    return outputs
