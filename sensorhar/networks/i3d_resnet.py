"""I3D on a residual network: every other bottleneck sees time."""

from collections.abc import Sequence

import keras

from sensorhar.networks.blocks import prepare
from sensorhar.networks.residual import default_blocks, residual_stage, residual_stem
from sensorhar.networks.space import finish, global_mean, pool_space, scaled

__all__ = ["i3d_resnet"]

#: Which blocks of each stage see time: all, the even ones, the odd ones.
_PHASES = ((True,), (True, False), (True, False), (False, True))


def i3d_resnet(
    input_shape: tuple[int, ...],
    n_classes: int,
    *,
    blocks: Sequence[int] | None = None,
    width: float | None = None,
    stem_kernel: int = 5,
    kernel_size: int = 3,
    space_kernel: int | None = None,
    dropout: float = 0.5,
    shape_and_size: bool | None = None,
    logits: bool = False,
) -> keras.Model:
    """Build I3D-ResNet-50 (Wang et al., "Non-local Neural Networks", CVPR 2018).

    As the MMAction2 model zoo has it: the first convolution sees five timepoints, both
    of the first poolings and one after the first stage halve time, and 3x1x1 kernels
    stand in all blocks of the first stage, every even one of the second and third and
    every odd one of the fourth, counted from 0.

    Parameters
    ----------
    input_shape : tuple of int
        ``(n_timepoints, n_channels)``, ``(n_timepoints, n_joints, n_dims)`` or
        ``(n_timepoints, height, width, n_channels)``; published at 32 frames.
    n_classes : int
        Number of probabilities.
    blocks : sequence of int, optional
        Bottlenecks of each stage; default (3, 4, 6, 3) for clips, one each otherwise.
    width : float, optional
        Share of the published filters; default 1 for clips, 1/4 otherwise.
    stem_kernel : int, default=5
        Timepoints the first convolution sees.
    kernel_size : int, default=3
        Timepoints a filter of the blocks sees, where it sees time.
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
        From ``(n, *input_shape)`` to ``(n, n_classes)``.
    """
    inputs, x = prepare(input_shape, shape_and_size)
    base = scaled(64, width, input_shape)
    x = residual_stem(
        x,
        base,
        time_kernel=stem_kernel,
        time_stride=2,
        pool_time=(1, 2),
        space_kernel=space_kernel,
    )
    for i, n_blocks in enumerate(default_blocks(blocks, input_shape)):
        phase = _PHASES[min(i, len(_PHASES) - 1)]
        # a stage of one block would never reach its odd one
        if n_blocks == 1:
            phase = (True,)
        x = residual_stage(
            x,
            base * 2**i,
            n_blocks,
            number=i + 1,
            time_kernels=[(kernel_size if sees else 1, 1) for sees in phase],
            space_kernel=space_kernel,
        )
        if i == 0:
            x = pool_space(x, (2, 1))
    x = finish(global_mean(x), n_classes, dropout, logits=logits)
    return keras.Model(inputs, x, name="i3d_resnet")
