"""Find where a clock runs on without a pause or a step backwards."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["find_stretches"]

#: A step back by less is jitter of the stamps, not another start of the clock.
MAX_BACK_S = 0.2


def find_stretches(stamps_s: ArrayLike, *, max_gap_s: float) -> NDArray[np.intp]:
    """Return where each stretch of a clock that runs on begins and ends.

    ::

        stamps   0 1 2 3 . . . 9 10 11 | 5 6 7     a pause, then set back
        result   [0, 4], [4, 7], [7, 10]

    Parameters
    ----------
    stamps_s : array-like of shape (n_samples,), in s
        Stamps in the order of the file.
    max_gap_s : float
        Longest pause within a stretch in s.

    Returns
    -------
    array of int of shape (n_stretches, 2)
        First index of each stretch, and the first index behind it.

    Examples
    --------
    >>> find_stretches([0, 1, 2, 9, 10, 5, 6], max_gap_s=1.5).tolist()
    [[0, 3], [3, 5], [5, 7]]
    """
    stamps = np.asarray(stamps_s, dtype=np.float64)
    if not len(stamps):
        return np.empty((0, 2), dtype=np.intp)
    steps = np.diff(stamps)
    cuts = np.flatnonzero((steps > max_gap_s) | (steps < -MAX_BACK_S)) + 1
    edges = np.concatenate([[0], cuts, [len(stamps)]]).astype(np.intp)
    return np.stack([edges[:-1], edges[1:]], axis=1)
