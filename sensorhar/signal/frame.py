"""Sliding frames over a recording as one view, without a copy."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._inputs import check_count

__all__ = ["frame"]


def frame(values: ArrayLike, *, n_timepoints: int, step: int) -> NDArray[np.generic]:
    r"""View a recording as overlapping frames of equal length.

    .. math:: F_{i,t,c} = V_{i \cdot \mathrm{step} + t,\ c}, \quad
        n_\mathrm{windows} =
        \left\lfloor \frac{n_\mathrm{samples} - n_\mathrm{timepoints}}
        {\mathrm{step}} \right\rfloor + 1

    With ``n_timepoints=4, step=2`` over nine samples (the ninth is left over)::

        samples   0  1  2  3  4  5  6  7  8
        frame 0  [0  1  2  3]
        frame 1        [2  3  4  5]
        frame 2              [4  5  6  7]

    Parameters
    ----------
    values : array of shape (n_samples, n_channels) or (n_samples, ...)
        The recording, time first.
    n_timepoints : int
        Samples in a frame.
    step : int
        Samples from the start of a frame to the start of the next.

    Returns
    -------
    array of shape (n_windows, n_timepoints, n_channels)
        A read-only view of values: frames share their samples, so writing into one
        would change its neighbours. No frames when the recording is too short.

    Raises
    ------
    ValueError
        If n_timepoints or step is not a whole number above 0, or values have no axis.

    Examples
    --------
    >>> frame(np.arange(9), n_timepoints=4, step=2)
    array([[0, 1, 2, 3],
           [2, 3, 4, 5],
           [4, 5, 6, 7]])
    """
    array = np.asarray(values)
    n_timepoints = check_count(n_timepoints, "n_timepoints")
    step = check_count(step, "step")
    if array.ndim == 0:
        raise ValueError(
            f"values must have time as their first axis, got the single number "
            f"{array.item()!r}; pass an array of shape (n_samples, n_channels)."
        )
    n_windows = max(0, (len(array) - n_timepoints) // step + 1)
    stride = array.strides[0]
    return np.lib.stride_tricks.as_strided(
        array,
        shape=(n_windows, n_timepoints, *array.shape[1:]),
        strides=(stride * step, stride, *array.strides[1:]),
        writeable=False,
    )
