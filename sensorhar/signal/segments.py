"""Stretches: where a mask is true, and where a label stays the same."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["label_runs", "runs"]


def runs(mask: ArrayLike) -> NDArray[np.intp]:
    """Return where each unbroken stretch of true begins and ends.

    ::

        mask    F T T T F F T F
        index   0 1 2 3 4 5 6 7    ->  [[1, 4], [6, 7]]

    Parameters
    ----------
    mask : array of bool of shape (n_samples,)
        For example ``np.isfinite(values).all(axis=1)``.

    Returns
    -------
    array of int of shape (n_runs, 2)
        First index of each stretch, and the first index behind it.

    Raises
    ------
    ValueError
        If the mask is not one-dimensional or not of booleans.

    Examples
    --------
    >>> runs([False, True, True, True, False, False, True, False]).tolist()
    [[1, 4], [6, 7]]
    """
    array = np.asarray(mask)
    if array.ndim != 1 or (array.dtype != np.bool_ and array.size):
        raise ValueError(
            f"mask must be booleans of shape (n_samples,), got {array.dtype!s} of "
            f"shape {array.shape!r}; write a condition such as values[:, 0] > 1."
        )
    padded = np.zeros(len(array) + 2, dtype=np.bool_)
    padded[1:-1] = array
    return np.flatnonzero(padded[1:] != padded[:-1]).reshape(-1, 2)


def label_runs(
    labels: ArrayLike,
) -> tuple[NDArray[np.intp], NDArray[np.intp], NDArray[np.generic]]:
    """Return the stretches in which a label stays the same.

    Parameters
    ----------
    labels : array of shape (n_samples,)
        Strings, numbers or objects; None is a label like any other.

    Returns
    -------
    starts : array of int of shape (n_runs,)
        First index of each stretch.
    stops : array of int of shape (n_runs,)
        First index behind each stretch.
    labels : array of shape (n_runs,)
        The label of each stretch; neighbours differ.

    Raises
    ------
    ValueError
        If labels are not one-dimensional.

    Examples
    --------
    >>> starts, stops, labels = label_runs(["sit", "sit", "walk", "sit"])
    >>> starts.tolist(), stops.tolist(), labels.tolist()
    ([0, 2, 3], [2, 3, 4], ['sit', 'walk', 'sit'])
    """
    array = np.asarray(labels)
    if array.ndim != 1:
        raise ValueError(
            f"labels must have shape (n_samples,), got {array.shape!r}; take the "
            f"label column alone."
        )
    if len(array) == 0:
        empty = np.empty(0, dtype=np.intp)
        return empty, empty.copy(), array
    changes = np.flatnonzero(array[1:] != array[:-1]) + 1
    starts = np.concatenate([[0], changes])
    stops = np.concatenate([changes, [len(array)]])
    return starts, stops, array[starts]
