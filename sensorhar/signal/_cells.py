"""Histograms of directions in the cells around a point, for all points at once."""

from __future__ import annotations

from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from sensorhar.signal._flow_methods import Grey

__all__ = ["KINDS", "N_BINS", "cells_at", "sums_over_cells"]

Maps = NDArray[np.float32]

#: Bins of each kind of histogram; that of flow has one for pixels which do not move.
KINDS = {"hog": 8, "hof": 9, "mbh_x": 8, "mbh_y": 8}
N_BINS = sum(KINDS.values())

#: Flow below this counts as none, in px per frame: the authors' value.
LEAST_FLOW_PX = 0.4


def sums_over_cells(
    cv2: ModuleType, grey: Grey, flow: NDArray[np.float32], cell_px: int
) -> Maps:
    """Return, at each pixel, the histograms of the cell around it.

    Parameters
    ----------
    cv2 : module
        OpenCV.
    grey : array of uint8 of shape (height, width)
        A frame.
    flow : array of shape (height, width, 2), in px
        From it to the next.
    cell_px : int
        Side of a cell. Its middle is the pixel right of and below its centre when the
        side is even.

    Returns
    -------
    array of float32 of shape (height, width, N_BINS)
        Gradients of brightness (hog), flow (hof), and gradients of flow along x
        (mbh_x) and along y (mbh_y): in each bin the lengths of the vectors about that
        way, split between the two nearest bins.
    """
    height, width = grey.shape
    maps = np.zeros((height, width, N_BINS), dtype=np.float32)
    first = 0
    for kind, n_bins in KINDS.items():
        own = maps[..., first : first + n_bins]
        first += n_bins
        if kind == "hof":
            size = _spread(cv2, flow[..., 0], flow[..., 1], own[..., :-1])
            is_still = size < LEAST_FLOW_PX
            own[is_still] = 0
            own[..., -1] = is_still
            continue
        values = grey if kind == "hog" else flow[..., int(kind == "mbh_y")]
        values = np.ascontiguousarray(values, dtype=np.float32)
        along_x = cv2.Sobel(values, cv2.CV_32F, 1, 0, ksize=1)
        along_y = cv2.Sobel(values, cv2.CV_32F, 0, 1, ksize=1)
        _spread(cv2, along_x, along_y, own)
    summed: Maps = cv2.boxFilter(
        maps, -1, (cell_px, cell_px), normalize=False, borderType=cv2.BORDER_CONSTANT
    )
    return summed


def cells_at(
    sums: Maps, points: NDArray[np.floating], cell_px: int, n_cells: int
) -> Maps:
    """Return the histograms of the cells around points.

    Parameters
    ----------
    sums : array of shape (height, width, N_BINS)
        As of ``sums_over_cells``.
    points : array of shape (n_points, 2), in px
        x and y. Near the border cells are moved inwards.
    cell_px, n_cells : int
        Side of a cell, and cells a side.

    Returns
    -------
    array of shape (n_points, n_cells, n_cells, N_BINS)
        Rows of cells, from the top.
    """
    side = cell_px * n_cells
    height, width = sums.shape[:2]
    most = np.array([width - side, height - side])
    corner = np.clip(np.rint(points).astype(int) - side // 2, 0, most)
    inside = np.arange(n_cells) * cell_px + cell_px // 2
    rows = corner[:, 1, None, None] + inside[:, None]
    columns = corner[:, 0, None, None] + inside[None, :]
    found: Maps = sums[rows, columns]
    return found


def _spread(
    cv2: ModuleType, x: NDArray[np.float32], y: NDArray[np.float32], out: Maps
) -> NDArray[np.float32]:
    """Put lengths into the bins of their directions; return them."""
    n_bins = out.shape[2]
    size, angle = cv2.cartToPolar(np.ascontiguousarray(x), np.ascontiguousarray(y))
    place = angle * np.float32(n_bins / (2 * np.pi))
    low = place.astype(np.intp)
    above = size * (place - low)
    row, column = np.ogrid[: x.shape[0], : x.shape[1]]
    out[row, column, low % n_bins] = size - above
    out[row, column, (low + 1) % n_bins] += above
    lengths: NDArray[np.float32] = size
    return lengths
