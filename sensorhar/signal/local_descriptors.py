"""Local descriptors of windows and poses: the dense trajectories of sensors."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view
from numpy.typing import ArrayLike, NDArray

from sensorhar._checks import check_choice
from sensorhar.signal._inputs import as_float, check_count, check_finite, check_positive

__all__ = ["local_descriptors"]

Array = NDArray[np.float64]

#: Each time scale is this much slower than the one before: the step of sizes in video.
SCALE_STEP = 2**0.5

#: Stretches of a track that are described each on its own, as in video.
N_TIMES = 3

#: Motion below this counts as none, in the unit of motion: video's 0.4 px.
STILL = 0.4

#: Added to each sum of a histogram of changes for each sample: below it they are noise.
LEAST_SUM = 0.05


def local_descriptors(
    points: ArrayLike,
    *,
    motion: Literal["reading", "displacement"] = "reading",
    unit: float = 1.0,
    length: int = 15,
    step: int = 5,
    n_scales: int = 8,
) -> dict[str, NDArray[np.float32]]:
    r"""Describe short tracks of sensors or joints, as dense trajectories do for video.

    A sensor is a point, and so is a joint: both draw a line. Tracks of ``length``
    samples start at every ``step``-th one, at several time scales, each slower by
    :math:`\sqrt 2`, as long as a track fits. ::

        scale 1         o----o----o----o----o           start every 5 samples,
                                                        15 samples long
        scale sqrt(2)   o------o------o------o          the window at 1/sqrt(2) of its
                                                        rate: a track sees 21 samples

    Each track is described four times, three of them in thirds of its time:

    ========== ============================================== ====================
    kind       what it holds                                  in video
    ========== ============================================== ====================
    trajectory motion, as shares of all of it                 the shape of the path
    place      mean of the readings, and logarithms of how    hog
               much motion and change there is
    motion     directions of motion, and how often none       hof
    change     directions of the change of motion             mbh
    ========== ============================================== ====================

    Motion of a sensor is its reading without the mean over the window, which takes the
    place of the camera's motion in video: of an accelerometer that is gravity. Motion
    of a joint is its displacement from sample to sample, and its place is counted from
    the middle of all joints.

    Parameters
    ----------
    points : array of shape (n_windows, n_timepoints, n_points, n_axes)
        Sensors of one to three axes, such as ``windows[:, :, [[0, 1, 2], [3, 4, 5]]]``,
        or joints. Shorter windows than a track are lengthened by their last sample.
    motion : {"reading", "displacement"}, default="reading"
        Whether readings are motion themselves, or positions that move.
    unit : float, default=1
        How much motion is usual, in the unit of the points; below two fifths of it a
        point stands still, as it does below 0.4 px in video.
    length, step : int, default=15 and 5
        Samples of a track, and from one start to the next.
    n_scales : int, default=8
        Most time scales.

    Returns
    -------
    dict of str to array of float32 of shape (n_windows, n_tracks, n_points, n_columns)
        The four kinds. With d axes, and b directions, they have ``length * d``,
        ``3 * (d + 2)``, ``3 * (b + 1)`` and ``3 * b`` columns, where b is 2, 8 or 12
        for one to three axes.

    Raises
    ------
    ValueError
        If points have another shape, or are not finite.

    Notes
    -----
    Directions are both signs, eight directions in the plane, or the twelve corners of
    the icosahedron. A vector is shared out between those nearest to it as in [2]_
    (section 3.3): its cosines with all, less that of two neighbours, and never below 0.
    Histograms are divided by their sum, and roots are taken, as in [1]_.

    References
    ----------
    .. [1] H. Wang and C. Schmid, Action Recognition with Improved Trajectories, ICCV
       2013.
    .. [2] A. Kläser, M. Marszałek and C. Schmid, A Spatio-Temporal Descriptor Based on
       3D-Gradients, BMVC 2008.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> windows = rng.normal(size=(4, 128, 6))
    >>> found = local_descriptors(windows[:, :, [[0, 1, 2], [3, 4, 5]]])
    >>> {kind: values.shape for kind, values in found.items()}["trajectory"]
    (4, 63, 2, 45)
    """
    numbers = as_float(points, "points").astype(np.float64, copy=False)
    check_choice(motion, "motion", ["reading", "displacement"])
    check_positive(unit, "unit", "the unit of the points")
    check_count(length, "length", minimum=N_TIMES)
    check_count(step, "step")
    check_count(n_scales, "n_scales")
    if numbers.ndim != 4 or not 1 <= numbers.shape[3] <= 3 or not all(numbers.shape):
        raise ValueError(
            f"points must have shape (n_windows, n_timepoints, n_points, 1 to 3 axes), "
            f"got {numbers.shape!r}; pick the axes of each sensor: windows[:, :, "
            f"[[0, 1, 2]]]."
        )
    check_finite(numbers, "points")
    moved, place = _motion(numbers, motion)
    parts = [
        _describe(moved_then / unit, place_then / unit, length, step)
        for moved_then, place_then in _scales(moved, place, length, n_scales)
    ]
    return {
        kind: np.concatenate([part[kind] for part in parts], axis=1)
        for kind in parts[0]
    }


def _motion(numbers: Array, motion: str) -> tuple[Array, Array]:
    """Return how points move, and where they are."""
    if motion == "reading":
        return numbers - numbers.mean(axis=1, keepdims=True), numbers
    if numbers.shape[1] == 1:
        return np.zeros_like(numbers), numbers - numbers.mean(axis=2, keepdims=True)
    place = numbers - numbers.mean(axis=2, keepdims=True)
    return np.diff(numbers, axis=1), (place[:, 1:] + place[:, :-1]) / 2


def _scales(
    moved: Array, place: Array, length: int, n_scales: int
) -> Iterator[tuple[Array, Array]]:
    """Yield motion and place at each time scale, filtered by a triangle."""
    n_times = moved.shape[1]
    for i in range(n_scales):
        slower = SCALE_STEP**i
        n_wanted = int(n_times / slower + 1e-9)
        if i and n_wanted < length:
            return
        start = (n_times - n_wanted * slower) / 2
        centre = start + (np.arange(n_wanted) + 0.5) * slower
        distance = np.abs(np.arange(n_times) + 0.5 - centre[:, None]) / slower
        weights = np.maximum(1 - distance, 0)
        weights /= weights.sum(axis=1, keepdims=True)
        missing = ((0, max(length - n_wanted, 0)), (0, 0))
        weights = np.pad(weights, missing, mode="edge")
        yield _weighted(weights, moved), _weighted(weights, place)


def _weighted(weights: Array, series: Array) -> Array:
    """Return sums over time, (n_windows, n_wanted, n_points, n_axes)."""
    flat = series.reshape(len(series), series.shape[1], -1)
    return (weights @ flat).reshape(len(series), len(weights), *series.shape[2:])


def _describe(
    moved: Array, place: Array, length: int, step: int
) -> dict[str, NDArray[np.float32]]:
    """Return the descriptors of all tracks of one scale; a unit of motion is 1."""
    directions = _directions(moved.shape[3])
    change = np.gradient(moved, axis=1)
    own = sliding_window_view(moved, length, axis=1)[:, ::step]
    own = np.moveaxis(own, -1, 3)  # windows, tracks, points, samples, axes
    size = np.linalg.norm(own, axis=4).sum(axis=3)[..., None, None]
    # Where nothing moves, noise must not be blown up to the size of motion.
    shape = own / np.maximum(size, length * STILL)
    effort = [np.sum(vectors**2, axis=3, keepdims=True) for vectors in (moved, change)]
    means = _thirds(np.concatenate([place, *effort], axis=3), length, step, mean=True)
    means[..., -2:] = 0.5 * np.log(means[..., -2:] + LEAST_SUM**2)
    of_motion = _thirds(_shared(moved, directions, STILL), length, step)
    of_change = _thirds(_shared(change, directions, 0)[..., :-1], length, step)
    of_change += LEAST_SUM * length / N_TIMES
    found = {
        "trajectory": shape,
        "place": means,
        "motion": _rooted(of_motion),
        "change": _rooted(of_change),
    }
    return {
        kind: values.reshape(*values.shape[:3], -1).astype(np.float32)
        for kind, values in found.items()
    }


def _thirds(series: Array, length: int, step: int, *, mean: bool = False) -> Array:
    """Return sums or means of each third of each track.

    Of shape (n_windows, n_tracks, n_points, N_TIMES, n_columns).
    """
    total = np.zeros((len(series), series.shape[1] + 1, *series.shape[2:]))
    np.cumsum(series, axis=1, out=total[:, 1:])
    first = np.arange(0, series.shape[1] - length + 1, step)
    edges = np.rint(np.linspace(0, length, N_TIMES + 1)).astype(int)
    at_edges = total[:, first[:, None] + edges]
    sums = np.moveaxis(np.diff(at_edges, axis=2), 2, 3)
    return sums / np.diff(edges)[:, None] if mean else sums


def _rooted(sums: Array) -> Array:
    """Divide histograms by their sums over all thirds, and take roots."""
    whole = sums.sum(axis=(3, 4), keepdims=True)
    rooted: Array = np.sqrt(np.maximum(sums, 0) / np.maximum(whole, 1e-12))
    return rooted


def _shared(vectors: Array, directions: Array, still: float) -> Array:
    """Share the length of vectors out between directions; the last column is for none.

    Of shape (n_windows, n_timepoints, n_points, n_directions + 1). A vector shorter
    than ``still`` counts as one that has no direction.
    """
    size = np.linalg.norm(vectors, axis=3, keepdims=True)
    cosines = vectors @ directions.T / np.maximum(size, 1e-12)
    between = np.sort(directions @ directions.T, axis=1)[0, -2]  # of two neighbours
    share = np.maximum(cosines - max(between, 0), 0)
    share /= np.maximum(np.linalg.norm(share, axis=3, keepdims=True), 1e-12)
    moves = size >= still
    return np.concatenate([share * size * moves, ~moves], axis=3)


def _directions(n_axes: int) -> Array:
    """Return unit vectors spread evenly: 2, 8 or 12 for one to three axes."""
    if n_axes == 1:
        return np.array([[1.0], [-1.0]])
    if n_axes == 2:
        angle = np.arange(8) * np.pi / 4
        return np.stack([np.cos(angle), np.sin(angle)], axis=1)
    golden = (1 + 5**0.5) / 2
    corner = np.array(
        [(0, one, other * golden) for one in (1, -1) for other in (1, -1)]
    )
    corners = np.concatenate([np.roll(corner, turn, axis=1) for turn in range(3)])
    units: Array = corners / np.hypot(1, golden)
    return units
