"""I3D: Inception whose kernels also see time."""

from typing import Any, Literal

import keras
from keras import layers

from sensorhar.networks.blocks import prepare
from sensorhar.networks.space import (
    at_most,
    convolve_space,
    n_space_axes,
    normalise,
    pool_space,
    rectify,
    scaled,
)

__all__ = ["i3d"]

#: Filters of each module: 1x1x1; 1x1x1 then 3x3x3; 1x1x1 then 3x3x3; pooled then 1x1x1.
MODULES = {
    "3b": (64, 96, 128, 16, 32, 32),
    "3c": (128, 128, 192, 32, 96, 64),
    "4b": (192, 96, 208, 16, 48, 64),
    "4c": (160, 112, 224, 24, 64, 64),
    "4d": (128, 128, 256, 24, 64, 64),
    "4e": (112, 144, 288, 32, 64, 64),
    "4f": (256, 160, 320, 32, 128, 128),
    "5b": (256, 160, 320, 32, 128, 128),
    "5c": (384, 192, 384, 48, 128, 128),
}

#: Added to the variance by the batch normalisation of the published network.
EPSILON = 1e-3


def i3d(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    last_module: str = "5c",
    width: float | None = None,
    stem_kernel: int = 7,
    kernel_size: int = 3,
    space_kernel: int | None = None,
    borders: Literal["zeros", "replicate"] = "zeros",
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build I3D (Carreira & Zisserman, CVPR 2017, figure 3) for every kind of input.

    Inception-V1 with all kernels inflated over time; batch normalisation without a
    factor. The last convolution gives logits at each remaining timepoint, and their
    mean over time goes into softmax, as in the released code. Layers carry the names of
    the released checkpoints, a dot where those have a slash.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at (64, 224, 224, 3)
        for images and with 2 channels for optical flow.
    n_classes : int
        Number of probabilities.
    last_module : {"3b", "3c", "4b", "4c", "4d", "4e", "4f", "5b", "5c"}, default="5c"
        The module whose features are classified; a shallower network ends earlier.
    width : float, optional
        Share of the published filters; default 1 for clips, 1/4 otherwise.
    stem_kernel : int, default=7
        Timepoints the first convolution sees.
    kernel_size : int, default=3
        Timepoints a filter of the modules sees.
    space_kernel : int, optional
        Largest kernel across space; default as published. 1 sees each place alone.
    borders : {"zeros", "replicate"}, default="zeros"
        What convolutions see before the first and after the last timepoint. With
        "replicate" a still scene is answered alike at all timepoints.
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
        If ``borders`` is neither, or there is no such module.
    """
    if last_module not in MODULES:
        raise ValueError(
            f"last_module must be one of {tuple(MODULES)}, got {last_module!r}."
        )
    if borders not in ("zeros", "replicate"):
        raise ValueError(f"borders must be 'zeros' or 'replicate', got {borders!r}.")
    padding: Any = "same" if borders == "zeros" else "replicate"

    def size(n: int) -> int:
        return scaled(n, width, input_shape)

    def unit(
        x: Any, n: int, kernel: tuple[int, int], name: str, stride: int = 1
    ) -> Any:
        x = convolve_space(
            x,
            size(n),
            kernel,
            strides=(stride, stride),
            padding=padding,
            name=f"{name}-conv_3d",
        )
        x = normalise(x, epsilon=EPSILON, scale=False, name=f"{name}-batch_norm")
        return rectify(x)

    one = 1, 1
    three = kernel_size, at_most(space_kernel, 3)

    def mixed(x: Any, name: str) -> Any:
        b0, b1a, b1b, b2a, b2b, b3 = MODULES[name]
        at = f"Mixed_{name}-Branch_"
        # one name of the released checkpoint departs from the rule
        second = "Conv3d_0a_3x3" if name == "5b" else "Conv3d_0b_3x3"
        parts = [unit(x, b0, one, f"{at}0-Conv3d_0a_1x1")]
        y = unit(x, b1a, one, f"{at}1-Conv3d_0a_1x1")
        parts.append(unit(y, b1b, three, f"{at}1-Conv3d_0b_3x3"))
        y = unit(x, b2a, one, f"{at}2-Conv3d_0a_1x1")
        parts.append(unit(y, b2b, three, f"{at}2-{second}"))
        y = pool_space(x, (3, 3), one, padding="same")
        parts.append(unit(y, b3, one, f"{at}3-Conv3d_0b_1x1"))
        return layers.Concatenate(name=f"Mixed_{name}")(parts)

    inputs, x = prepare(input_shape, shape_and_size)
    stem = stem_kernel, at_most(space_kernel, 7)
    x = unit(x, 64, stem, "Conv3d_1a_7x7", stride=2)
    x = pool_space(x, (1, 3), (1, 2), padding="same", name="MaxPool3d_2a_3x3")
    x = unit(x, 64, one, "Conv3d_2b_1x1")
    x = unit(x, 192, three, "Conv3d_2c_3x3")
    x = pool_space(x, (1, 3), (1, 2), padding="same", name="MaxPool3d_3a_3x3")
    for name in MODULES:
        if name == "4b":
            x = pool_space(x, (3, 3), (2, 2), padding="same", name="MaxPool3d_4a_3x3")
        if name == "5b":
            x = pool_space(x, (2, 2), (2, 2), padding="same", name="MaxPool3d_5a_2x2")
        x = mixed(x, name)
        if name == last_module:
            break
    x = pool_space(x, (2, 7), one, kind="mean", name="features")
    x = layers.Dropout(dropout)(x)
    x = convolve_space(
        x, n_classes, one, use_bias=True, name="Logits-Conv3d_0c_1x1-conv_3d"
    )
    pools = (
        layers.GlobalAveragePooling1D,
        layers.GlobalAveragePooling2D,
        layers.GlobalAveragePooling3D,
    )
    x = pools[n_space_axes(input_shape)](name="logits")(x)
    if not logits:
        x = layers.Softmax(name="probabilities")(x)
    return keras.Model(inputs, x, name="i3d")
