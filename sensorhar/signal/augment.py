"""Random variants of windows for training: same motion, another sensor or mount."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._batches import Batch, check_share, checked_batch, cosine_basis
from sensorhar.signal._inputs import check_count, check_triples
from sensorhar.signal._rotations import axis_remaps, random_rotations

__all__ = [
    "channel_dropout",
    "jitter",
    "magnitude_warp",
    "remap_axes",
    "rotate",
    "scale",
]

Triples = Sequence[tuple[int, int, int]]


def jitter(batch: ArrayLike, rng: np.random.Generator, *, sigma: float = 0.05) -> Batch:
    """Add white noise, as a worse sensor would.

    Parameters
    ----------
    batch : array of shape (n_windows, n_timepoints, n_channels)
        Windows; left as they are.
    rng : numpy.random.Generator
        Where chance comes from.
    sigma : float, default=0.05
        Standard deviation of the noise as a share of each window's own standard
        deviation in each channel, so that it means the same for m/s^2 and rad/s and
        drowns no small motion.

    Returns
    -------
    array of float32 of the shape of batch

    Raises
    ------
    ValueError
        If batch has not three axes or sigma is negative.

    Examples
    --------
    >>> jitter(np.ones((1, 4, 2)), np.random.default_rng(0))[0, :, 0].tolist()
    [1.0, 1.0, 1.0, 1.0]
    """
    array = checked_batch(batch, rng)
    check_share(sigma, "sigma", high=np.inf)
    noise = rng.standard_normal(array.shape, dtype=np.float32)
    noise *= np.float32(sigma) * array.std(axis=1, keepdims=True)
    return np.add(noise, array, out=noise)


def scale(batch: ArrayLike, rng: np.random.Generator, *, sigma: float = 0.1) -> Batch:
    """Multiply each channel of each window by one factor near 1.

    Parameters
    ----------
    batch : array of shape (n_windows, n_timepoints, n_channels)
        Windows; left as they are.
    rng : numpy.random.Generator
        Where chance comes from.
    sigma : float, default=0.1
        Standard deviation of the logarithm of the factor: never negative, and
        doubling is as likely as halving.

    Returns
    -------
    array of float32 of the shape of batch

    Raises
    ------
    ValueError
        If batch has not three axes or sigma is negative.

    Examples
    --------
    >>> scaled = scale(np.ones((5, 8, 3)), np.random.default_rng(0))
    >>> bool((scaled == scaled[:, :1]).all())
    True
    """
    array = checked_batch(batch, rng)
    check_share(sigma, "sigma", high=np.inf)
    shape = (len(array), 1, array.shape[2])
    return array * np.exp(sigma * rng.standard_normal(shape)).astype(np.float32)


def magnitude_warp(
    batch: ArrayLike,
    rng: np.random.Generator,
    *,
    sigma: float = 0.2,
    n_knots: int = 4,
) -> Batch:
    """Multiply each channel of each window by a smooth curve around 1.

    Parameters
    ----------
    batch : array of shape (n_windows, n_timepoints, n_channels)
        Windows; left as they are.
    rng : numpy.random.Generator
        Where chance comes from.
    sigma : float, default=0.2
        Standard deviation of the logarithm of the curve.
    n_knots : int, default=4
        Moments with a factor of their own, spread evenly over the window.

    Returns
    -------
    array of float32 of the shape of batch

    Raises
    ------
    ValueError
        If batch has not three axes, sigma is negative or n_knots is below 2.

    Examples
    --------
    >>> warped = magnitude_warp(np.zeros((1, 8, 1)), np.random.default_rng(0))
    >>> bool((warped == 0).all())
    True
    """
    array = checked_batch(batch, rng)
    check_share(sigma, "sigma", high=np.inf)
    n_windows, n_timepoints, n_channels = array.shape
    check_count(n_knots, "n_knots", minimum=2)
    knots = rng.standard_normal((n_windows, n_knots, n_channels))
    curve = np.exp(sigma * (cosine_basis(n_timepoints, n_knots) @ knots))
    return array * curve.astype(np.float32)


def rotate(
    batch: ArrayLike,
    triples: Triples,
    rng: np.random.Generator,
    *,
    max_angle_rad: float = np.pi,
) -> Batch:
    """Turn the device: one random rotation per window, alike for all its sensors.

    Accelerometer, gyroscope and magnetometer of one place sit on one board, so they
    turn together. Rotations are uniform among all of SO(3) that turn by at most the
    given angle; lengths of vectors are kept.

    Parameters
    ----------
    batch : array of shape (n_windows, n_timepoints, n_channels)
        Windows; left as they are.
    triples : sequence of (int, int, int)
        Columns of x, y, z of each sensor of the place, as `find_triples` returns
        them. Call once for every place.
    rng : numpy.random.Generator
        Where chance comes from.
    max_angle_rad : float, default=pi
        Largest angle, from 0 to pi.

    Returns
    -------
    array of float32 of the shape of batch

    Raises
    ------
    ValueError
        If batch has not three axes, a column does not exist or occurs twice, or the
        angle is not from 0 to pi.

    Examples
    --------
    >>> gravity = np.tile([0.0, 0.0, 9.81], (2, 5, 1))
    >>> turned = rotate(gravity, [(0, 1, 2)], np.random.default_rng(0))
    >>> np.allclose(np.linalg.norm(turned, axis=2), 9.81)
    True
    """
    array = checked_batch(batch, rng)
    triples = check_triples(triples, array.shape[2])
    check_share(max_angle_rad, "max_angle_rad", high=np.pi)
    return _turned(array, triples, random_rotations(len(array), rng, max_angle_rad))


def remap_axes(batch: ArrayLike, triples: Triples, rng: np.random.Generator) -> Batch:
    """Put the device in another of the 24 ways a box can lie.

    Axes change places and signs by a proper rotation (never a mirror image), one per
    window, alike for all sensors of the place. Values are moved, not computed anew.

    Parameters
    ----------
    batch : array of shape (n_windows, n_timepoints, n_channels)
        Windows; left as they are.
    triples : sequence of (int, int, int)
        Columns of x, y, z of each sensor of the place.
    rng : numpy.random.Generator
        Where chance comes from.

    Returns
    -------
    array of float32 of the shape of batch

    Raises
    ------
    ValueError
        If batch has not three axes, or a column does not exist or occurs twice.

    Examples
    --------
    >>> window = np.array([[[1.0, 2.0, 3.0]]])
    >>> moved = remap_axes(window, [(0, 1, 2)], np.random.default_rng(1))
    >>> sorted(np.abs(moved[0, 0]).tolist())
    [1.0, 2.0, 3.0]
    """
    array = checked_batch(batch, rng)
    triples = check_triples(triples, array.shape[2])
    ways = axis_remaps()
    return _turned(array, triples, ways[rng.integers(len(ways), size=len(array))])


def channel_dropout(
    batch: ArrayLike,
    rng: np.random.Generator,
    *,
    probability: float = 0.1,
    groups: Sequence[Sequence[int]] | None = None,
) -> Batch:
    """Silence some channels of each window, but never all of them.

    Parameters
    ----------
    batch : array of shape (n_windows, n_timepoints, n_channels)
        Windows; left as they are.
    rng : numpy.random.Generator
        Where chance comes from.
    probability : float, default=0.1
        With which each group becomes zero, from 0 to 1.
    groups : sequence of sequences of int, default=None
        Columns that fall out together, as the axes of one sensor; columns in no
        group never do. None lets every channel fall out by itself.

    Returns
    -------
    array of float32 of the shape of batch

    Raises
    ------
    ValueError
        If batch has not three axes, probability is not from 0 to 1, or a column does
        not exist.

    Examples
    --------
    >>> kept = channel_dropout(
    ...     np.ones((1, 2, 3)), np.random.default_rng(0), probability=1.0
    ... )
    >>> int(kept[0, 0].sum())
    1
    """
    array = checked_batch(batch, rng)
    check_share(probability, "probability", high=1)
    n_windows, _, n_channels = array.shape
    if groups is None:
        groups = [[column] for column in range(n_channels)]
    members = np.zeros((len(groups), n_channels), dtype=np.bool_)
    for row, columns in enumerate(groups):
        if not all(0 <= column < n_channels for column in columns):
            raise ValueError(
                f"groups must hold columns from 0 to {n_channels - 1}, got "
                f"{columns!r}; windows have {n_channels} channels."
            )
        members[row, list(columns)] = True
    chance = rng.random((n_windows, len(members)))
    is_silent = chance < probability
    if len(members) and members.any(axis=0).all():
        # The group with the best draw stays: a window of zeros would teach nothing.
        best = np.argmax(chance, axis=1)
        is_silent[np.arange(n_windows), best] = False
    is_silent_channel = is_silent @ members
    return np.where(is_silent_channel[:, None, :], np.float32(0), array)


def _turned(array: Batch, triples: Triples, rotations: NDArray[np.float64]) -> Batch:
    """Apply one rotation (n_windows, 3, 3) per window to each triple of columns."""
    turned = array.copy()
    # Rows are vectors: v @ R^T is R applied to every v.
    transposed = rotations.transpose(0, 2, 1).astype(np.float32)
    for triple in triples:
        columns = list(triple)
        turned[:, :, columns] = array[:, :, columns] @ transposed
    return turned
