"""Inflation: weights of a smaller network, spread over a larger one."""

from collections.abc import Sequence
from typing import Any, Literal

import keras
import numpy as np
from keras import layers
from numpy.typing import NDArray

from sensorhar.networks.blocks import ShapeAndSize

__all__ = ["inflate", "inflate_kernel"]

_CONVOLUTIONS = (
    layers.Conv1D,
    layers.Conv2D,
    layers.Conv3D,
    layers.ConvLSTM1D,
    layers.ConvLSTM2D,
    layers.ConvLSTM3D,
)


def inflate_kernel(
    kernel: NDArray[Any],
    shape: Sequence[int],
    *,
    new_axis: Literal["time", "space"] = "time",
    channels: Literal["repeat", "zero"] = "repeat",
    n_blocks: int = 1,
) -> NDArray[np.float32]:
    """Spread a kernel over a larger shape so that what does not vary is answered alike.

    Along time a kernel is stretched and divided by as much, so that the sum over time
    stays: an image repeated for ever gives the response of the image (Carreira &
    Zisserman, CVPR 2017, section 2.2), and a constant signal that of the short kernel.
    A kernel that is not stretched to a multiple of its length is averaged area by area.

    Parameters
    ----------
    kernel : array of shape (..., n_in, n_out)
        Weights of a convolution, time first where it has one.
    shape : sequence of int
        Shape to fill, with the same last number.
    new_axis : {"time", "space"}, default="time"
        What axes the kernel lacks: "time" puts one in front (images to clips), "space"
        adds them behind time (sensors to poses or clips), the weights in their middle.
    channels : {"repeat", "zero"}, default="repeat"
        More input channels: "repeat" is for n sensors for one, the weights divided by
        n; "zero" lets the added ones be ignored.
    n_blocks : int, default=1
        Blocks in which the channels stand, each to be repeated by itself; 3 behind
        :class:`sensorhar.networks.blocks.ShapeAndSize`.

    Returns
    -------
    array of that shape, float32
        The weights.

    Raises
    ------
    ValueError
        If the shape cannot be filled from the kernel.

    Examples
    --------
    >>> import numpy as np
    >>> inflate_kernel(np.ones((1, 1, 1, 1)), (4, 1, 1, 1, 1)).ravel().tolist()
    [0.25, 0.25, 0.25, 0.25]
    """
    weights = np.asarray(kernel, np.float64)
    target = tuple(shape)
    n_new = len(target) - weights.ndim
    if n_new < 0 or (new_axis == "time" and n_new > 1):
        raise _unfit(kernel, target)
    if n_new and new_axis == "time":
        weights = weights[None]
    elif n_new:
        weights = weights.reshape((weights.shape[0], *(1,) * n_new, *weights.shape[1:]))
    weights = _stretch(weights, target[0])
    if new_axis == "space":
        weights = _centre(weights, target)
    weights = _widen(weights, target[-2], channels, n_blocks)
    if weights.shape != target:
        raise _unfit(kernel, target)
    return weights.astype(np.float32)


def inflate(
    source: keras.Model,
    target: keras.Model,
    *,
    new_axis: Literal["time", "space"] = "time",
    channels: Literal["repeat", "zero"] = "repeat",
    is_head_kept: bool = True,
) -> keras.Model:
    """Fill a network with the weights of a smaller one.

    From images to clips, from short kernels to long, from one sensor to many, from a
    sensor to poses and clips: layers are paired by name where all names agree, and in
    their order otherwise; kernels are spread by :func:`inflate_kernel`, all other
    weights copied. With zeros at the ends of time the first and last timepoints of an
    inflated network differ from the smaller one's; ``i3d(..., borders="replicate")``
    does away with that.

    Parameters
    ----------
    source : keras.Model
        The network that has learned.
    target : keras.Model
        The network to fill; changed in place.
    new_axis : {"time", "space"}, default="time"
        See :func:`inflate_kernel`.
    channels : {"repeat", "zero"}, default="repeat"
        See :func:`inflate_kernel`.
    is_head_kept : bool, default=True
        Whether the last layer is copied; without, the target may have other classes.

    Returns
    -------
    keras.Model
        The target.

    Raises
    ------
    ValueError
        If the networks have unlike layers, or weights that cannot be filled. Nothing
        is changed then.

    Examples
    --------
    >>> from sensorhar.networks.cnn import cnn
    >>> short = cnn((40, 3), 5, filters=(4,), kernel_size=3)
    >>> long = cnn((80, 6), 5, filters=(4,), kernel_size=9)
    >>> inflate(short, long).input_shape
    (None, 80, 6)
    """
    pairs = _pairs(source, target)
    if not is_head_kept:
        pairs = pairs[:-1]
    n_blocks = 3 if _has_blocks(source) else 1
    fillings = []
    for name, old, new in pairs:
        given = [keras.ops.convert_to_numpy(w) for w in old.weights]
        shapes = [tuple(w.shape) for w in new.weights]
        values = []
        for w, shape in zip(given, shapes, strict=True):
            if w.shape == shape:
                values.append(w)
            elif isinstance(new, _CONVOLUTIONS) and w.ndim > 1:
                try:
                    values.append(
                        inflate_kernel(
                            w,
                            shape,
                            new_axis=new_axis,
                            channels=channels,
                            n_blocks=n_blocks,
                        )
                    )
                except ValueError as error:
                    raise ValueError(f"layer {name!r}: {error}") from error
            else:
                raise ValueError(
                    f"layer {name!r} has weights of shape {w.shape} and is to have "
                    f"{shape}; only kernels of convolutions are spread. Build the "
                    "target alike in all but time, space and input channels"
                    + ("." if not is_head_kept else ", or pass is_head_kept=False.")
                )
        fillings.append((new, values))
    for layer, values in fillings:
        layer.set_weights(values)
    return target


def _unfit(kernel: NDArray[Any], target: tuple[int, ...]) -> ValueError:
    return ValueError(
        f"a kernel of shape {np.shape(kernel)} cannot be spread over {target}; the "
        "kernel must not be longer or wider, and outputs must be equal in number."
    )


def _stretch(weights: NDArray[Any], length: int) -> NDArray[Any]:
    """Stretch the first axis, keeping its sum."""
    n = weights.shape[0]
    if length < n:
        return weights  # refused by the caller, as the shape is not that wanted
    at = np.linspace(0, n, length + 1)
    zero = np.zeros_like(weights[:1])
    total = np.concatenate([zero, np.cumsum(weights, axis=0)])
    below = np.minimum(np.floor(at).astype(int), n - 1)
    share = (at - below).reshape(-1, *(1,) * (weights.ndim - 1))
    upto = total[below] + share * (total[below + 1] - total[below])
    return np.diff(upto, axis=0)


def _centre(weights: NDArray[Any], target: tuple[int, ...]) -> NDArray[Any]:
    """Put the weights in the middle of the axes of space."""
    margins = [(0, 0)] * weights.ndim
    for axis in range(1, weights.ndim - 2):
        missing = max(target[axis] - weights.shape[axis], 0)
        margins[axis] = (missing // 2, missing - missing // 2)
    return np.pad(weights, margins)


def _widen(
    weights: NDArray[Any], n_channels: int, channels: str, n_blocks: int
) -> NDArray[Any]:
    n_given = weights.shape[-2]
    if n_channels <= n_given:
        return weights
    if channels == "zero":
        margins = [(0, 0)] * weights.ndim
        margins[-2] = (0, n_channels - n_given)
        return np.pad(weights, margins)
    if n_channels % n_given:
        return weights
    n_times = n_channels // n_given
    if n_given % n_blocks:
        n_blocks = 1
    blocks = np.split(weights, n_blocks, axis=-2)
    each = [block for block in blocks for _ in range(n_times)]
    return np.concatenate(each, axis=-2) / n_times


def _weighted(network: Any, prefix: str = "") -> list[tuple[str, Any]]:
    """Return the layers with weights, those of networks inside among them."""
    found: list[tuple[str, Any]] = []
    for layer in network.layers:
        if isinstance(layer, keras.Model):
            found += _weighted(layer, f"{prefix}{layer.name}/")
        elif layer.weights:
            found.append((prefix + layer.name, layer))
    return found


def _pairs(source: Any, target: Any) -> list[tuple[str, Any, Any]]:
    old, new = _weighted(source), _weighted(target)
    if len(old) != len(new):
        raise ValueError(
            f"{source.name!r} has {len(old)} layers with weights and {target.name!r} "
            f"{len(new)}; inflation needs the same architecture."
        )
    by_name = dict(old)
    if {name for name, _ in new} == set(by_name):
        pairs = [(name, by_name[name], layer) for name, layer in new]
    else:
        pairs = [
            (name, one, layer) for (_, one), (name, layer) in zip(old, new, strict=True)
        ]
    for name, one, other in pairs:
        if len(one.weights) != len(other.weights):
            raise ValueError(
                f"layer {name!r} has {len(one.weights)} weights in {source.name!r} and "
                f"{len(other.weights)} in {target.name!r}; inflation needs the same "
                "architecture."
            )
    return pairs


def _has_blocks(network: Any) -> bool:
    return any(isinstance(layer, ShapeAndSize) for layer in network.layers)
