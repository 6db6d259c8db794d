"""What all augmentations ask of a batch of windows, and their smooth curves."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._inputs import check_generator

__all__ = ["Batch", "check_share", "checked_batch", "cosine_basis"]

Batch = NDArray[np.float32]


def checked_batch(batch: ArrayLike, rng: np.random.Generator) -> Batch:
    """Return the windows as float32, refusing another number of axes."""
    check_generator(rng)
    array = np.asarray(batch, dtype=np.float32)
    if array.ndim != 3:
        raise ValueError(
            f"batch must have shape (n_windows, n_timepoints, n_channels), got "
            f"{array.shape!r}; add an axis for a single window: window[None]."
        )
    return array


def check_share(value: float, name: str, *, high: float) -> None:
    """Refuse a number that is not from 0 to high."""
    if not 0 <= value <= high:
        limit = "at least 0" if np.isinf(high) else f"from 0 to {high:.4g}"
        raise ValueError(
            f"{name} must be {limit}, got {value!r}; 0 changes as little as there is."
        )


def cosine_basis(n_timepoints: int, n_knots: int) -> NDArray[np.float64]:
    """Return how much each knot counts at each timepoint; rows add up to 1."""
    position = np.linspace(0, n_knots - 1, n_timepoints)[:, None]
    distance = np.clip(np.abs(position - np.arange(n_knots)), 0, 1)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * distance))
