"""Counting what a network costs, by a convention that is named."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Literal

import keras
from keras import layers

__all__ = ["count_params", "flops", "without_weights"]

_CONVENTIONS = ("macs", "flops", "mmcv")
_POOLS = (
    layers.MaxPooling1D,
    layers.MaxPooling2D,
    layers.MaxPooling3D,
    layers.AveragePooling1D,
    layers.AveragePooling2D,
    layers.AveragePooling3D,
    layers.GlobalAveragePooling1D,
    layers.GlobalAveragePooling2D,
    layers.GlobalAveragePooling3D,
    layers.GlobalMaxPooling1D,
    layers.GlobalMaxPooling2D,
    layers.GlobalMaxPooling3D,
)
_PADDINGS = (layers.ZeroPadding1D, layers.ZeroPadding2D, layers.ZeroPadding3D)
_CONVOLUTIONS = (layers.Conv1D, layers.Conv2D, layers.Conv3D)
_UPSAMPLINGS = (layers.UpSampling1D, layers.UpSampling2D, layers.UpSampling3D)
_CELLS = (layers.SimpleRNN, layers.GRU, layers.LSTM)
_CONVOLVING_CELLS = (layers.ConvLSTM1D, layers.ConvLSTM2D, layers.ConvLSTM3D)


@contextmanager
def without_weights() -> Iterator[None]:
    """Build networks without storing their weights, to count them.

    A network of a hundred million parameters is then built in the time of its graph.
    It has shapes and no values: it can be counted and drawn, not run.

    Yields
    ------
    None
        Nothing; networks built inside have no values.

    Examples
    --------
    >>> from sensorhar.networks.c3d import c3d
    >>> with without_weights():
    ...     network = c3d((16, 112, 112, 3), 101)
    >>> f"{count_params(network):,}"
    '78,409,573'
    """
    from keras.src.backend.common import global_state

    # Keras lists variables without a value and fills them at the end of any later
    # scope; ours are never to be filled, so the list is put back as it was.
    key = "uninitialized_variables"
    before = list(global_state.get_global_attribute(key) or [])
    try:
        with keras.StatelessScope(initialize_variables=False):
            yield
    finally:
        global_state.set_global_attribute(key, before)


def count_params(
    network: keras.Model, *, which: Literal["trainable", "all"] = "trainable"
) -> int:
    """Count the parameters of a network.

    The two numbers one reads of one network differ by the running means and variances
    of batch normalisation, which are stored but not trained.

    Parameters
    ----------
    network : keras.Model
        What to count.
    which : {"trainable", "all"}, default="trainable"
        "trainable" is the usual number of model zoos; "all" is every stored number,
        as Keras' own ``count_params``.

    Returns
    -------
    int
        Number of parameters.

    Raises
    ------
    ValueError
        If ``which`` is neither.

    Examples
    --------
    >>> from sensorhar.networks.mlp import mlp
    >>> count_params(mlp((10, 2), 3, units=(4,), shape_and_size=False))
    99
    """
    if which not in ("trainable", "all"):
        raise ValueError(f"which must be 'trainable' or 'all', got {which!r}.")
    weights = network.trainable_weights if which == "trainable" else network.weights
    return sum(math.prod(weight.shape) for weight in weights)


def flops(
    network: keras.Model,
    *,
    convention: Literal["macs", "flops", "mmcv"] = "macs",
    input_shape: Sequence[int] | None = None,
) -> int:
    """Count the operations of one forward pass of one example.

    Published numbers follow unlike conventions, and are printed beside input sizes at
    which they were not measured; so both are arguments here.

    Parameters
    ----------
    network : keras.Model
        A network of this library, or any functional one of the layers named below.
    convention : {"macs", "flops", "mmcv"}, default="macs"
        "macs": multiply-accumulates of convolutions, dense, recurrent and graph layers.
        "flops": twice as many, a multiplication and an addition each.
        "mmcv": the rule of the MMAction2 0.x model zoo: multiply-accumulates, one for
        each bias of a convolution at each output, two for each element normalised, one
        for each element rectified, pooled (its input) or upsampled (its output).
    input_shape : sequence of int, optional
        Shape of one example, time first; default the shape it was built for. Only
        networks whose weights fit that shape too can be counted at another.

    Returns
    -------
    int
        Number of operations.

    Raises
    ------
    ValueError
        If the convention is unknown, the network has several inputs, its weights do not
        fit the shape, or it holds a layer of weights that is not known here.

    Examples
    --------
    >>> from sensorhar.networks.mlp import mlp
    >>> flops(mlp((10, 2), 3, units=(4,), shape_and_size=False))
    92
    """
    if convention not in _CONVENTIONS:
        raise ValueError(
            f"convention must be one of {_CONVENTIONS}, got {convention!r}."
        )
    if len(network.inputs) != 1 and input_shape is not None:
        raise ValueError(
            f"a network of {len(network.inputs)} inputs is counted at the shapes it "
            f"was built for; leave input_shape out, got {tuple(input_shape)!r}."
        )
    shapes = [tuple(each.shape[1:]) for each in network.inputs]
    if input_shape is not None:
        shapes = [tuple(input_shape)]
    rule = _mmcv if convention == "mmcv" else _multiply_accumulates
    total = _walk(network, shapes, rule)
    return 2 * total if convention == "flops" else total


def _walk(network: keras.Model, shapes: list[tuple[int, ...]], rule: Any) -> int:
    """Lay the graph anew, without weights and for one example, and sum over its calls.

    One example, so that a layer which folds time into examples shows how many it makes.
    """
    counts: list[int] = []
    unpadded: dict[int, tuple[Any, tuple[int, ...]]] = {}  # the tensor keeps its id

    def call(layer: Any, *args: Any, **kwargs: Any) -> Any:
        outputs = layer(*args, **kwargs)
        if isinstance(layer, keras.Model):
            inner = keras.tree.flatten(args)
            n_times = inner[0].shape[0]
            each = _walk(layer, [tuple(x.shape[1:]) for x in inner], rule)
            counts.append(n_times * each)
        else:
            given = keras.tree.flatten(args)[0]
            shape = tuple(given.shape)
            if isinstance(layer, _PADDINGS):
                unpadded[id(outputs)] = outputs, shape
            if isinstance(layer, _POOLS):  # elsewhere padding is a part of pooling
                _, shape = unpadded.get(id(given), (given, shape))
            counts.append(rule(layer, shape, outputs))
        return outputs

    with without_weights():
        inputs = [keras.Input(batch_shape=(1, *shape)) for shape in shapes]
        twin = keras.models.clone_model(
            network,
            input_tensors=inputs if len(inputs) > 1 else inputs[0],
            call_function=call,
        )
    if count_params(twin, which="all") != count_params(network, which="all"):
        raise ValueError(
            f"the weights of {network.name!r} fit {network.input_shape[1:]!r} and not "
            f"{shapes[0]!r}; build it for that shape and count again."
        )
    return sum(counts)


def _multiply_accumulates(layer: Any, given: tuple[int, ...], outputs: Any) -> int:
    if hasattr(layer, "multiply_accumulates"):
        return int(layer.multiply_accumulates(given))
    if isinstance(layer, _CONVOLUTIONS):
        places = math.prod(outputs.shape[:-1])
        return math.prod(layer.kernel.shape) * places
    if isinstance(layer, layers.Dense):
        return math.prod(layer.kernel.shape) * math.prod(given[:-1])
    if isinstance(layer, layers.Bidirectional):
        one, other = layer.forward_layer, layer.backward_layer
        return sum(_multiply_accumulates(x, given, outputs) for x in (one, other))
    if isinstance(layer, _CELLS):
        weights = layer.cell.kernel, layer.cell.recurrent_kernel
        return sum(math.prod(w.shape) for w in weights) * math.prod(given[:2])
    if isinstance(layer, _CONVOLVING_CELLS):
        weights = layer.cell.kernel, layer.cell.recurrent_kernel
        places = math.prod(outputs.shape[2 - len(given) : -1])
        each = sum(math.prod(w.shape) for w in weights) * places
        return each * math.prod(given[:2])
    if layer.weights and not isinstance(layer, layers.BatchNormalization):
        raise ValueError(
            f"layer {layer.name!r} of type {type(layer).__name__} cannot be counted; "
            "give it a method multiply_accumulates(input_shape) -> int."
        )
    return 0


def _mmcv(layer: Any, given: tuple[int, ...], outputs: Any) -> int:
    n_given = math.prod(given)
    if isinstance(layer, layers.BatchNormalization):
        return 2 * n_given
    if isinstance(layer, (layers.ReLU, *_POOLS)):
        return n_given
    if isinstance(layer, _UPSAMPLINGS):
        return math.prod(outputs.shape)
    if hasattr(layer, "multiply_accumulates"):
        return 0  # products of functions are not seen by that rule
    total = _multiply_accumulates(layer, given, outputs)
    if isinstance(layer, _CONVOLUTIONS) and layer.use_bias:
        total += math.prod(outputs.shape)
    return total
