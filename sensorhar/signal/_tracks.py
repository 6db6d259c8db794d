"""Points on a grid, followed through flow at one size of the frames."""

from __future__ import annotations

from dataclasses import dataclass
from types import ModuleType

import numpy as np
from numpy.typing import NDArray

from sensorhar.signal._cells import N_BINS, cells_at, sums_over_cells
from sensorhar.signal._flow_methods import Grey

__all__ = ["N_CELLS", "N_TIMES", "Found", "Tracker"]

Numbers = NDArray[np.float32]

#: Cells of the volume around a trajectory: a side, and in time.
N_CELLS, N_TIMES = 2, 3

#: Points are taken where the smaller eigenvalue of the structure is above this share of
#: the largest in the frame.
QUALITY = 0.001

MEDIAN_PX = 3  # of the filter of flow that tracking uses


@dataclass(frozen=True)
class Found:
    """Trajectories that came to their full length.

    Attributes
    ----------
    path : array of shape (n, length + 1, 3)
        x and y in px of the frames as given, and the number of the frame.
    steps : array of shape (n, length, 2), in px of the frames as given
        Without the motion of the camera.
    sums : array of shape (n, N_TIMES, N_CELLS, N_CELLS, N_BINS)
        Histograms.
    """

    path: Numbers
    steps: Numbers
    sums: Numbers


class Tracker:
    """Follows points at one size of the frames.

    Parameters
    ----------
    cv2 : module
        OpenCV.
    size : (int, int)
        Width and height of the frames here, in px.
    factor : float
        How much larger the frames as given are.
    length, step_px, patch_px : int
        Of :func:`dense_trajectories`.
    """

    def __init__(
        self,
        cv2: ModuleType,
        size: tuple[int, int],
        factor: float,
        length: int,
        step_px: int,
        patch_px: int,
    ) -> None:
        self.cv2, self.size, self.factor = cv2, size, factor
        self.length, self.step_px = length, step_px
        self.cell_px = patch_px // N_CELLS
        self.found: list[Found] = []
        self._path = np.zeros((0, length + 1, 3), np.float32)
        self._steps = np.zeros((0, length, 2), np.float32)
        self._sums = np.zeros((0, N_TIMES, N_CELLS, N_CELLS, N_BINS), np.float32)
        self._age = np.zeros(0, np.intp)

    def shrink(self, frame: Grey) -> Grey:
        """Return a frame at this size; itself, where it has it."""
        if self.factor == 1:
            return frame
        small: Grey = self.cv2.resize(
            frame, self.size, interpolation=self.cv2.INTER_AREA
        )
        return small

    def follow(self, number: int, grey: Grey, flow: Numbers, own: Numbers) -> None:
        """Go on to the next frame.

        Parameters
        ----------
        number : int
            Of this frame.
        grey : array of uint8 of shape (height, width)
            The frame at this size.
        flow : array of shape (height, width, 2), in px
            To the next frame: tracks follow it.
        own : array of the same shape, in px
            Flow without the motion of the camera: it is described.
        """
        self._start(number, grey)
        each = np.arange(len(self._age))
        here = self._path[each, self._age, :2]
        column, row = np.rint(here).astype(np.intp).T
        sums = sums_over_cells(self.cv2, grey, own, self.cell_px)
        time = self._age * N_TIMES // self.length
        self._sums[each, time] += cells_at(sums, here, self.cell_px, N_CELLS)
        self._steps[each, self._age] = self._filtered(own)[row, column]
        there = here + self._filtered(flow)[row, column]
        self._age += 1
        self._path[each, self._age, :2] = there
        self._path[each, self._age, 2] = number + 1
        inside = ((there >= 0) & (there <= np.array(self.size) - 1)).all(axis=1)
        is_long = inside & (self._age == self.length)
        if is_long.any():
            path = self._path[is_long]
            path[..., :2] = (path[..., :2] + 0.5) * self.factor - 0.5
            steps = self._steps[is_long] * np.float32(self.factor)
            self.found.append(Found(path, steps, self._sums[is_long]))
        self._keep(inside & ~is_long)

    def _start(self, number: int, grey: Grey) -> None:
        """Add points where the frame has texture and no point is near."""
        step = self.step_px
        columns, rows = self.size[0] // step, self.size[1] // step
        is_free = np.ones((rows, columns), dtype=bool)
        now = self._path[np.arange(len(self._age)), self._age, :2]
        column, row = (np.rint(now) // step).astype(np.intp).T
        inside = (row < rows) & (column < columns)
        is_free[row[inside], column[inside]] = False
        strength = self.cv2.cornerMinEigenVal(grey, 3, ksize=3)
        middle_row = np.arange(rows) * step + step // 2
        middle_column = np.arange(columns) * step + step // 2
        at_points = strength[np.ix_(middle_row, middle_column)]
        is_free &= at_points > QUALITY * strength.max()
        row, column = np.nonzero(is_free)
        n_new = len(row)
        path = np.zeros((n_new, *self._path.shape[1:]), np.float32)
        path[:, 0] = np.stack(
            [middle_column[column], middle_row[row], np.full(n_new, number)], axis=1
        )
        self._path = np.concatenate([self._path, path])
        self._steps = _lengthened(self._steps, n_new)
        self._sums = _lengthened(self._sums, n_new)
        self._age = np.concatenate([self._age, np.zeros(n_new, np.intp)])

    def _filtered(self, flow: Numbers) -> Numbers:
        """Return flow without single pixels that move otherwise than all around."""
        parts = [np.ascontiguousarray(flow[..., i]) for i in range(2)]
        return np.stack([self.cv2.medianBlur(part, MEDIAN_PX) for part in parts], -1)

    def _keep(self, is_kept: NDArray[np.bool_]) -> None:
        self._path, self._steps = self._path[is_kept], self._steps[is_kept]
        self._sums, self._age = self._sums[is_kept], self._age[is_kept]


def _lengthened(array: Numbers, n_more: int) -> Numbers:
    """Return an array with rows of zeros at its end."""
    return np.concatenate([array, np.zeros((n_more, *array.shape[1:]), array.dtype)])
