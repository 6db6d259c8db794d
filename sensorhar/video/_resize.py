"""Scale frames to one size, the same way whoever decoded them."""

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

__all__ = ["resize", "to_grey"]

#: Some lines of the output, the lines of the input they need, and the weights.
Band = tuple[slice, slice, NDArray[np.float32]]

BAND = 16  # lines of output at a time

#: Share of red, green and blue in brightness (ITU-R BT.601).
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)


def resize(
    frame: NDArray[np.uint8], height: int, width: int, *, fit: str = "crop"
) -> NDArray[np.uint8]:
    """Return a frame of another size, filtered by a triangle against aliasing.

    ``"crop"`` keeps proportions, fills the new size and cuts off the rest on both
    sides alike; ``"stretch"`` keeps all and not the proportions.

    Parameters
    ----------
    frame : array of shape (rows, columns, n_channels), uint8
    height, width : int
        Wanted, in px.
    fit : {"crop", "stretch"}, default="crop"

    Returns
    -------
    array of shape (height, width, n_channels), uint8
    """
    rows, columns, n_channels = frame.shape
    if (rows, columns) == (height, width):
        return frame
    down, across = rows / height, columns / width
    if fit == "crop":
        down = across = min(down, across)
    left, right, across_bands = _bands(columns, width, across)
    top, bottom, down_bands = _bands(rows, height, down)
    part = frame[top:bottom, left:right].astype(np.float32)
    scaled = np.empty((height, (right - left) * n_channels), dtype=np.float32)
    lines = part.reshape(bottom - top, -1)
    for outputs, inputs, weights in down_bands:
        np.matmul(weights, lines[inputs], out=scaled[outputs])
    # Columns come first for the other axis, so that it is the same matrix product.
    turned = scaled.reshape(height, right - left, n_channels).transpose(1, 0, 2)
    lines = np.ascontiguousarray(turned).reshape(right - left, -1)
    out = np.empty((width, height * n_channels), dtype=np.float32)
    for outputs, inputs, weights in across_bands:
        np.matmul(weights, lines[inputs], out=out[outputs])
    upright = out.reshape(width, height, n_channels).transpose(1, 0, 2)
    return np.ascontiguousarray(np.clip(np.rint(upright), 0, 255).astype(np.uint8))


def to_grey(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the brightness of a frame, as one channel."""
    grey: NDArray[np.uint8] = np.rint(frame @ LUMA).astype(np.uint8)
    return grey[..., None]


@lru_cache(maxsize=64)
def _bands(n_in: int, n_out: int, scale: float) -> tuple[int, int, list[Band]]:
    """Return the stretch of input that is used, and the weights of it in each output.

    Pixel i of the output stands for the stretch of ``scale`` pixels of the input
    around ``(n_in - n_out scale) / 2 + (i + 1/2) scale``. Few inputs count for each
    output; cut into bands, most of the zeros are never multiplied.
    """
    centre = (n_in - n_out * scale) / 2 + (np.arange(n_out) + 0.5) * scale
    reach = max(scale, 1.0)
    distance = np.abs(np.arange(n_in) + 0.5 - centre[:, None]) / reach
    weights = np.maximum(1 - distance, 0).astype(np.float32)
    weights /= weights.sum(axis=1, keepdims=True)
    used = np.flatnonzero(weights.any(axis=0))
    start, stop = int(used[0]), int(used[-1]) + 1
    bands = []
    for first in range(0, n_out, BAND):
        outputs = slice(first, min(first + BAND, n_out))
        inside = np.flatnonzero(weights[outputs].any(axis=0))
        inputs = slice(int(inside[0]), int(inside[-1]) + 1)
        shifted = slice(inputs.start - start, inputs.stop - start)
        bands.append((outputs, shifted, np.ascontiguousarray(weights[outputs, inputs])))
    return start, stop, bands
