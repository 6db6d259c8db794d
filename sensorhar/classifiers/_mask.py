"""Sensors that were not there: found by NaN, and filled with what training saw."""

import numpy as np
from numpy.typing import NDArray

__all__ = ["fill", "find_masks", "training_level"]


def find_masks(numbers: NDArray[np.float32]) -> NDArray[np.bool_] | None:
    """Return which channels of which windows are masked; None when none is.

    Parameters
    ----------
    numbers : array of shape (n_windows, n_timepoints, n_channels)
        A masked channel is NaN at all timepoints of a window.

    Returns
    -------
    array of bool of shape (n_windows, n_channels), or None

    Raises
    ------
    ValueError
        When single values are NaN, or a window has no channel left.
    """
    if np.isfinite(np.sum(numbers)):
        return None
    is_lost = np.isnan(numbers)
    masked = np.asarray(is_lost.all(axis=1))
    n_single = int(is_lost.sum() - masked.sum() * numbers.shape[1])
    if n_single:
        raise ValueError(
            f"X must hold no NaN, but for channels masked over whole windows; got "
            f"{n_single} single values. Make windows with make_windows, which leaves "
            "gaps out."
        )
    if masked.all(axis=1).any():
        raise ValueError(
            f"each window must have at least one channel; {int(masked.all(1).sum())} "
            "have none. Leave these windows out."
        )
    return masked if masked.any() else None


def training_level(
    numbers: NDArray[np.float32], masked: NDArray[np.bool_] | None
) -> NDArray[np.float32]:
    """Return the mean of each channel where it is known, of shape (n_channels,)."""
    if masked is None:
        return numbers.mean(axis=(0, 1), dtype=np.float64).astype(np.float32)
    sums = np.where(masked, 0.0, numbers.mean(axis=1, dtype=np.float64)).sum(axis=0)
    level: NDArray[np.float32] = (sums / np.maximum((~masked).sum(axis=0), 1)).astype(
        np.float32
    )
    return level


def fill(
    numbers: NDArray[np.float32],
    masked: NDArray[np.bool_] | None,
    level: NDArray[np.float32],
) -> NDArray[np.float32]:
    """Return windows whose masked channels stand still at the training level."""
    if masked is None:
        return numbers
    filled: NDArray[np.float32] = np.where(masked[:, None, :], level, numbers)
    return filled
