"""Layers over time, height and width, computed as layers over height and width.

TensorFlow has swift gradients for convolutions and maxima of images, and slow ones for
those of clips: on a CPU, the gradient of a strided kernel of 7 x 7 x 7 takes a hundred
times as long as the answer itself. What a layer of clips does can be said of images
exactly, so these two do, and are the layers of Keras in all else.
"""

import math
from typing import Any

import keras
from keras import layers, ops

__all__ = ["ClipConvolution", "ClipMaxPooling", "same_margins"]

#: Channels below which frames side by side are swifter without strides, too.
FEW = 8


@keras.saving.register_keras_serializable("sensorhar")
class ClipConvolution(layers.Conv3D):
    """A convolution of clips that learns about as fast as it answers.

    A kernel of one frame is a convolution of images; a kernel of one pixel is one over
    an image of time and place; and where strides are above 1, or channels few, a kernel
    of k frames is one of images whose channels are those of k frames. All else is left
    to Keras, as its gradient is swift there. Channels come last.
    """

    def convolution_op(self, inputs: Any, kernel: Any) -> Any:
        """Convolve as images where that is exact and swifter."""
        if self.groups > 1 or max(self.dilation_rate) > 1:
            return super().convolution_op(inputs, kernel)
        if self.kernel_size[0] == 1:
            return self._frame_by_frame(inputs[:, :: self.strides[0]], kernel[0])
        if self.kernel_size[1:] == (1, 1):
            return self._place_by_place(inputs, kernel[:, 0])
        if max(self.strides) > 1 or inputs.shape[-1] < FEW:
            return self._several_frames_at_once(inputs, kernel)
        return super().convolution_op(inputs, kernel)

    def _frame_by_frame(self, inputs: Any, kernel: Any) -> Any:
        n_frames = inputs.shape[1]
        images = ops.reshape(inputs, (-1, *inputs.shape[2:]))
        images = ops.conv(images, kernel, self.strides[1:], self.padding)
        return ops.reshape(images, (-1, n_frames, *images.shape[1:]))

    def _place_by_place(self, inputs: Any, kernel: Any) -> Any:
        _, down, across = self.strides
        if max(down, across) > 1:
            inputs = inputs[:, :, ::down, ::across]
        _, n_frames, height, width, n_channels = inputs.shape
        places = ops.reshape(inputs, (-1, n_frames, height * width, n_channels))
        places = ops.conv(places, kernel, (self.strides[0], 1), self.padding)
        return ops.reshape(places, (-1, places.shape[1], height, width, self.filters))

    def _several_frames_at_once(self, inputs: Any, kernel: Any) -> Any:
        size, *across, n_in, n_out = kernel.shape
        kernel = ops.reshape(
            ops.transpose(kernel, (1, 2, 0, 3, 4)), (*across, size * n_in, n_out)
        )
        return self._frame_by_frame(self._neighbours(inputs, size), kernel)

    def _neighbours(self, inputs: Any, size: int) -> Any:
        """Lay the frames which a kernel sees beside one another, as channels."""
        step, n_frames = self.strides[0], inputs.shape[1]
        before = after = 0
        if self.padding == "same":
            before, after = same_margins(n_frames, size, step)
        n_out = (before + n_frames + after - size) // step + 1
        n_needed = (n_out + (size - 1) // step) * step
        after = n_needed - before - n_frames
        if after < 0:
            inputs, after = inputs[:, :after], 0
        if before or after:
            inputs = ops.pad(inputs, ((0, 0), (before, after), *((0, 0),) * 3))
        inputs = ops.reshape(inputs, (-1, n_needed // step, step, *inputs.shape[2:]))
        parts = [divmod(i, step) for i in range(size)]
        return ops.concatenate(
            [inputs[:, late : late + n_out, phase] for late, phase in parts], axis=-1
        )


@keras.saving.register_keras_serializable("sensorhar")
class ClipMaxPooling(layers.MaxPooling3D):
    """The maximum over time, height and width: of each image, and then over time.

    Channels come last.
    """

    def call(self, inputs: Any) -> Any:
        """Return the maxima."""
        _, n_frames, height, width, n_channels = inputs.shape
        x, size, step = inputs, self.pool_size, self.strides
        if math.prod(size[1:]) * math.prod(step[1:]) > 1:
            x = ops.reshape(x, (-1, height, width, n_channels))
            x = ops.max_pool(x, size[1:], step[1:], self.padding)
            _, height, width, _ = x.shape
        if size[0] * step[0] > 1:
            x = ops.reshape(x, (-1, n_frames, height * width, n_channels))
            x = ops.max_pool(x, (size[0], 1), (step[0], 1), self.padding)
            n_frames = x.shape[1]
        return ops.reshape(x, (-1, n_frames, height, width, n_channels))


def same_margins(extent: int, kernel: int, stride: int) -> tuple[int, int]:
    """Return what TensorFlow's "same" adds before and after an axis.

    Parameters
    ----------
    extent, kernel, stride : int
        Length of the axis, and of the kernel and its steps along it.

    Returns
    -------
    tuple of int
        Zeros before and after.
    """
    total = max((-(-extent // stride) - 1) * stride + kernel - extent, 0)
    return total // 2, total - total // 2
