"""Temporal pyramid network: the depths of a network, seen at several tempos."""

import math
from collections.abc import Sequence
from typing import Any, Literal

import keras
from keras import layers

from sensorhar.networks.residual import convolve_normalised
from sensorhar.networks.slow_only import slow_only
from sensorhar.networks.space import (
    SENSOR_WIDTH,
    at_most,
    convolve_space,
    finish,
    global_mean,
    is_clip,
    normalise,
    pool_space,
    rectify,
    scaled,
    upsample_time,
)
from sensorhar.networks.tsm import tsm

__all__ = ["tpn"]

Flow = Literal["isolation", "top-down", "bottom-up", "cascade", "parallel"]
FLOWS = ("isolation", "top-down", "bottom-up", "cascade", "parallel")

#: Groups of channels in the convolutions of the published pyramid.
N_GROUPS = 32


def tpn(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    backbone: Literal["slow_only", "tsm"] = "slow_only",
    flow: Flow = "parallel",
    tempos: tuple[int, int] | None = None,
    is_auxiliary: bool = False,
    groups: int | None = None,
    blocks: Sequence[int] | None = None,
    width: float | None = None,
    stem: tuple[int, int] | None = None,
    kernel_size: int = 3,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build TPN (Yang et al., CVPR 2020, figure 2) on SlowOnly or TSM.

    The features of the last two stages are brought to one size in space and to tempos
    of their own in time, exchange information along a flow, and are joined::

        isolation   stages do not meet before they are joined
        top-down    the deep one is added to the shallow one
        bottom-up   the shallow one is added to the deep one
        cascade     top-down, and bottom-up on its result; both are joined
        parallel    top-down, and bottom-up on the same features; both are joined

    The code released with the paper computes "cascade" where it says "parallel" (two
    names of one list), and its settings pool both stages by the same tempo, at least
    the whole clip, so that nothing of time is left. Here flows are what they are called
    and tempos may differ.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 8 and 32 frames.
    n_classes : int
        Number of probabilities.
    backbone : {"slow_only", "tsm"}, default="slow_only"
        The network whose features are used.
    flow : {"isolation", "top-down", "bottom-up", "cascade", "parallel"}
        See above; default "parallel".
    tempos : pair of int, optional
        Timepoints pooled to one in the shallow and in the deep stage; one divides the
        other. Default (8, 8) for clips, as released at 8 frames, and (2, 4) otherwise.
    is_auxiliary : bool, default=False
        Whether the shallow stage answers too, as a second output whose loss the paper
        weighs by one half in training.
    groups : int, optional
        Groups of channels in the convolutions of the pyramid, cut to what divides them;
        default 32 for clips, as published, and 1 otherwise, because the gradient of
        grouped convolutions is very slow on a CPU.
    blocks : sequence of int, optional
        Bottlenecks of each stage; default (3, 4, 6, 3) for clips, one each otherwise.
    width : float, optional
        Share of the published filters; default 1 for clips and 1/8 otherwise, half of
        what other networks have, as the pyramid costs several times its backbone.
    stem : pair of int, optional
        Timepoints the first convolution sees, and its stride; see
        :func:`sensorhar.networks.slow_only.slow_only`.
    kernel_size : int, default=3
        Timepoints a filter of the pyramid sees.
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
        From ``(n, *input_shape)`` to ``(n, n_classes)``, or to two of them.

    Raises
    ------
    ValueError
        If the flow or the backbone is unknown, the tempos do not divide one another,
        groups are below 1, or there are fewer than two stages.
    """
    if flow not in FLOWS:
        raise ValueError(f"flow must be one of {FLOWS}, got {flow!r}.")
    if backbone not in ("slow_only", "tsm"):
        raise ValueError(f"backbone must be 'slow_only' or 'tsm', got {backbone!r}.")
    if blocks is not None and len(blocks) < 2:
        raise ValueError(f"a pyramid needs two stages or more, got {tuple(blocks)!r}.")
    if tempos is None:
        tempos = (8, 8) if is_clip(input_shape) else (2, 4)
    if min(tempos) < 1 or max(tempos) % min(tempos):
        raise ValueError(
            f"tempos must be at least 1 and one must divide the other, got {tempos!r}."
        )
    if width is None and not is_clip(input_shape):
        width = SENSOR_WIDTH / 2
    if groups is None:
        groups = N_GROUPS if is_clip(input_shape) else 1
    if groups < 1:
        raise ValueError(f"groups must be at least 1, got {groups!r}.")
    build = slow_only if backbone == "slow_only" else tsm
    below = build(
        input_shape,
        n_classes,
        blocks=blocks,
        width=width,
        stem=stem,
        space_kernel=space_kernel,
        shape_and_size=shape_and_size,
    )
    n_stages = 4 if blocks is None else len(blocks)
    shallow = below.get_layer(f"stage{n_stages - 1}").output
    deep = below.get_layer(f"stage{n_stages}").output
    n_features = deep.shape[-1]
    inner = scaled(1024, width, input_shape)
    space = at_most(space_kernel, 3)

    def halve(x: Any, name: str) -> Any:
        return convolve_normalised(x, n_features, (1, space), strides=(1, 2), name=name)

    def modulate(x: Any, tempo: int, name: str) -> Any:
        divided = math.gcd(groups, x.shape[-1], inner)
        x = convolve_space(x, inner, (kernel_size, 1), groups=divided, name=name)
        return _pool_time(x, tempo)

    stages = [
        modulate(halve(shallow, "spatial"), tempos[0], "temporal1"),
        modulate(deep, tempos[1], "temporal2"),
    ]
    outputs = []
    if flow == "isolation":
        outputs.append(_join(stages, n_features, groups, "join"))
    down = _top_down(stages) if flow in ("top-down", "cascade", "parallel") else stages
    if down is not stages:
        outputs.append(_join(down, n_features, groups, "join_down"))
    if flow in ("bottom-up", "cascade", "parallel"):
        start = down if flow == "cascade" else stages
        up = _bottom_up(start, kernel_size)
        outputs.append(_join(up, n_features, groups, "join_up"))
    x = outputs[0]
    if len(outputs) == 2:
        x = layers.Concatenate()(outputs)
        x = convolve_normalised(x, n_features, (1, 1), name="pyramid")
    x = finish(global_mean(x), n_classes, dropout, logits=logits)
    if is_auxiliary:
        y = layers.Dropout(dropout)(global_mean(halve(shallow, "auxiliary")))
        activation = None if logits else "softmax"
        y = layers.Dense(n_classes, activation=activation, name="auxiliary")(y)
        return keras.Model(below.inputs[0], [x, y], name="tpn")
    return keras.Model(below.inputs[0], x, name="tpn")


def _pool_time(x: Any, tempo: int) -> Any:
    """Maximum of so many timepoints; those left over at the end count as well."""
    return pool_space(x, (tempo, 1), padding="same")


def _top_down(stages: list[Any]) -> list[Any]:
    """Add the deep stage to the shallow one, at the tempo of the shallow one."""
    shallow, deep = stages
    return [layers.Add()([shallow, _fit(deep, shallow.shape[1])]), deep]


def _bottom_up(stages: list[Any], kernel_size: int) -> list[Any]:
    """Add the shallow stage to the deep one, at the tempo of the deep one."""
    shallow, deep = stages
    x = convolve_space(shallow, shallow.shape[-1], (kernel_size, 1), name="bottom_up")
    return [shallow, layers.Add()([deep, _fit(x, deep.shape[1])])]


def _fit(x: Any, n_timepoints: int) -> Any:
    """Repeat or pool timepoints until there are so many."""
    n_given = x.shape[1]
    if n_given > n_timepoints:
        return _pool_time(x, -(-n_given // n_timepoints))
    return upsample_time(x, -(-n_timepoints // n_given), n_timepoints)


def _join(stages: list[Any], n_features: int, groups: int, name: str) -> Any:
    """Bring the stages to the slower tempo and mix their channels."""
    n_timepoints = min(x.shape[1] for x in stages)
    parts = []
    for i, x in enumerate(stages):
        y = _pool_time(x, -(-x.shape[1] // n_timepoints))
        divided = math.gcd(groups, x.shape[-1])
        y = convolve_space(
            y, x.shape[-1], (1, 1), groups=divided, name=f"{name}-level{i + 1}-conv"
        )
        parts.append(rectify(normalise(y, name=f"{name}-level{i + 1}-bn")))
    return convolve_normalised(
        layers.Concatenate()(parts), n_features, (1, 1), name=name
    )
