"""Random variants of windows in time: warped, cropped, in another order."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._batches import Batch, check_share, checked_batch, cosine_basis
from sensorhar.signal._inputs import check_count

__all__ = ["crop", "permute_segments", "time_warp"]


def time_warp(
    batch: ArrayLike,
    rng: np.random.Generator,
    *,
    sigma: float = 0.2,
    n_knots: int = 4,
) -> Batch:
    """Let time pass faster here and slower there, smoothly and never backwards.

    Parameters
    ----------
    batch : array of shape (n_windows, n_timepoints, n_channels)
        Windows; left as they are.
    rng : numpy.random.Generator
        Where chance comes from.
    sigma : float, default=0.2
        Standard deviation of the logarithm of the speed.
    n_knots : int, default=4
        Moments with a speed of their own, spread evenly over the window.

    Returns
    -------
    array of float32 of the shape of batch
        First and last sample stay where they are.

    Raises
    ------
    ValueError
        If batch has not three axes, sigma is negative or n_knots is below 2.

    Examples
    --------
    >>> ramp = np.arange(9.0).reshape(1, 9, 1)
    >>> warped = time_warp(ramp, np.random.default_rng(0))[0, :, 0]
    >>> bool((np.diff(warped) > 0).all()), warped[[0, -1]].tolist()
    (True, [0.0, 8.0])
    """
    array = checked_batch(batch, rng)
    check_share(sigma, "sigma", high=np.inf)
    n_timepoints = array.shape[1]
    knots = rng.standard_normal(
        (len(array), check_count(n_knots, "n_knots", minimum=2))
    )
    speed = np.exp(sigma * knots @ cosine_basis(n_timepoints, n_knots).T)
    position = np.zeros((len(array), n_timepoints))
    np.cumsum((speed[:, 1:] + speed[:, :-1]) / 2, axis=1, out=position[:, 1:])
    if n_timepoints > 1:
        position *= (n_timepoints - 1) / position[:, -1:]
    return _read_at(array, position)


def crop(
    batch: ArrayLike, rng: np.random.Generator, *, min_share: float = 0.8
) -> Batch:
    """Cut a stretch out of each window and draw it out to the whole length.

    Where it lies and how long it is (at least min_share) is drawn per window. Motion
    becomes slower by the same share.

    Parameters
    ----------
    batch : array of shape (n_windows, n_timepoints, n_channels)
        Windows; left as they are.
    rng : numpy.random.Generator
        Where chance comes from.
    min_share : float, default=0.8
        Shortest stretch as a share of the window, from 0 to 1.

    Returns
    -------
    array of float32 of the shape of batch

    Raises
    ------
    ValueError
        If batch has not three axes or min_share is not from 0 to 1.

    Examples
    --------
    >>> ramp = np.arange(9.0).reshape(1, 9, 1)
    >>> cut = crop(ramp, np.random.default_rng(0), min_share=0.5)[0, :, 0]
    >>> cut.shape, bool(0 <= cut[0] < cut[-1] <= 8)
    ((9,), True)
    """
    array = checked_batch(batch, rng)
    check_share(min_share, "min_share", high=1)
    last = array.shape[1] - 1
    share = rng.uniform(min_share, 1, size=(len(array), 1))
    start = rng.uniform(size=share.shape) * (1 - share) * last
    return _read_at(array, start + share * np.arange(last + 1))


def permute_segments(
    batch: ArrayLike, rng: np.random.Generator, *, n_segments: int = 4
) -> Batch:
    """Cut each window into equal pieces and put them in another order.

    Parameters
    ----------
    batch : array of shape (n_windows, n_timepoints, n_channels)
        Windows; left as they are.
    rng : numpy.random.Generator
        Where chance comes from.
    n_segments : int, default=4
        Pieces; samples left over by the division stay at the end.

    Returns
    -------
    array of float32 of the shape of batch

    Raises
    ------
    ValueError
        If batch has not three axes, or n_segments is not from 1 to n_timepoints.

    Examples
    --------
    >>> window = np.arange(6.0).reshape(1, 6, 1)
    >>> permute_segments(window, np.random.default_rng(0), n_segments=3)[0, :, 0]
    array([4., 5., 0., 1., 2., 3.], dtype=float32)
    """
    array = checked_batch(batch, rng)
    n_windows, n_timepoints, _ = array.shape
    if check_count(n_segments, "n_segments") > n_timepoints:
        raise ValueError(
            f"n_segments must be at most the {n_timepoints} timepoints of a window, "
            f"got {n_segments!r}; take fewer pieces."
        )
    length = n_timepoints // n_segments
    order = np.tile(np.arange(n_segments), (n_windows, 1))
    order = rng.permuted(order, axis=1)
    index = np.tile(np.arange(n_timepoints), (n_windows, 1))
    moved = order[:, :, None] * length + np.arange(length)
    index[:, : n_segments * length] = moved.reshape(n_windows, n_segments * length)
    return np.take_along_axis(array, index[:, :, None], axis=1)


def _read_at(array: Batch, position: NDArray[np.float64]) -> Batch:
    """Read windows between their samples (n_windows, n_positions), by cubics.

    Catmull-Rom pieces: unlike straight lines they do not flatten fast motion much.
    """
    last = array.shape[1] - 1
    if last == 0:
        return array.copy()
    # One more sample at either end, straight on, for the first and last piece.
    padded = np.concatenate(
        [
            2 * array[:, :1] - array[:, 1:2],
            array,
            2 * array[:, -1:] - array[:, -2:-1],
        ],
        axis=1,
    )
    left = np.clip(np.floor(position).astype(np.intp), 0, last - 1)
    part = (position - left).astype(np.float32)[:, :, None]
    weights = (
        0.5 * part * (part * (2 - part) - 1),
        0.5 * (part * part * (3 * part - 5) + 2),
        0.5 * part * (part * (4 - 3 * part) + 1),
        0.5 * part * part * (part - 1),
    )
    read = np.zeros((len(array), position.shape[1], array.shape[2]), dtype=np.float32)
    for offset, weight in enumerate(weights):
        index = (left + offset)[:, :, None]
        read += weight * np.take_along_axis(padded, index, axis=1)
    return read
