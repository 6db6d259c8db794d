"""Scale frames to one size, the same way whoever decoded them."""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["resize", "to_grey"]

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
    left, right, across_weights = _weights(columns, width, across)
    top, bottom, down_weights = _weights(rows, height, down)
    part = frame[top:bottom, left:right].astype(np.float32)
    # Sparse, and not as a product of full matrices, which would wake all threads of the
    # algebra package for each frame: twenty times slower when others compute, too.
    tall = down_weights @ part.reshape(bottom - top, -1)
    # Columns come first for the other axis, so that it is the same product.
    turned = tall.reshape(height, right - left, n_channels).transpose(1, 0, 2)
    out = across_weights @ turned.reshape(right - left, -1)
    whole = np.rint(out, out=out).astype(np.uint8)  # means of bytes, and so bytes
    upright = whole.reshape(width, height, n_channels).transpose(1, 0, 2)
    return np.ascontiguousarray(upright)


def to_grey(frame: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the brightness of a frame, as one channel."""
    red, green, blue = (frame[..., i] * LUMA[i] for i in range(3))
    grey: NDArray[np.uint8] = np.rint(red + green + blue).astype(np.uint8)
    return grey[..., None]


@lru_cache(maxsize=64)
def _weights(n_in: int, n_out: int, scale: float) -> tuple[int, int, Any]:
    """Return the stretch of input that is used, and the weight of it in each output.

    Pixel i of the output stands for the stretch of ``scale`` pixels of the input
    around ``(n_in - n_out scale) / 2 + (i + 1/2) scale``. Few inputs count for each
    output, so that the matrix is sparse.
    """
    from scipy.sparse import csr_array

    centre = (n_in - n_out * scale) / 2 + (np.arange(n_out) + 0.5) * scale
    reach = max(scale, 1.0)
    distance = np.abs(np.arange(n_in) + 0.5 - centre[:, None]) / reach
    weights = np.maximum(1 - distance, 0).astype(np.float32)
    weights /= weights.sum(axis=1, keepdims=True)
    used = np.flatnonzero(weights.any(axis=0))
    start, stop = int(used[0]), int(used[-1]) + 1
    return start, stop, csr_array(weights[:, start:stop])
