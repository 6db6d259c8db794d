"""Dense trajectories: what moves in a video, and how it looks and moves on its way."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._soft import require
from sensorhar.signal._camera import find_homography, undo_homography
from sensorhar.signal._cells import KINDS
from sensorhar.signal._flow_methods import flow_function, grey_frames
from sensorhar.signal._inputs import check_count
from sensorhar.signal._tracks import N_CELLS, N_TIMES, Found, Tracker

__all__ = ["dense_trajectories", "trajectory_parts"]

Numbers = NDArray[np.float32]

SCALE_STEP = 2**0.5

#: What the authors' program takes for a trajectory, in px of the frames as given: its
#: points vary by at least and at most this along x or y; no step is both this long and
#: this share of the whole path; and some step is longer than this without the camera.
LEAST_SPREAD_PX, MOST_SPREAD_PX = 3**0.5, 50.0
MOST_STEP_PX, MOST_STEP_SHARE = 20.0, 0.7
CAMERA_STEP_PX = 1.0

#: Added to each bin, for each frame: below it histograms are noise. The authors' value.
LEAST_SUM = 0.05


def trajectory_parts(length: int = 15) -> dict[str, slice]:
    """Return where each descriptor stands in the columns of dense trajectories.

    Parameters
    ----------
    length : int, default=15
        Steps of a trajectory.

    Returns
    -------
    dict of str to slice
        ``trajectory``, ``hog``, ``hof``, ``mbh_x`` and ``mbh_y``.

    Examples
    --------
    >>> {name: part.stop - part.start for name, part in trajectory_parts().items()}
    {'trajectory': 30, 'hog': 96, 'hof': 108, 'mbh_x': 96, 'mbh_y': 96}
    """
    parts = {"trajectory": slice(0, 2 * check_count(length, "length"))}
    stop = parts["trajectory"].stop
    for kind, n_bins in KINDS.items():
        start, stop = stop, stop + n_bins * N_CELLS**2 * N_TIMES
        parts[kind] = slice(start, stop)
    return parts


def dense_trajectories(
    frames: ArrayLike,
    *,
    length: int = 15,
    step_px: int = 5,
    patch_px: int = 32,
    n_scales: int = 8,
    method: Literal["tvl1", "farneback", "dis"] = "farneback",
    camera_motion: bool = True,
    people: Sequence[ArrayLike] | None = None,
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    r"""Describe what moves in a video by improved dense trajectories.

    Points on a grid are followed through median-filtered flow, at several sizes of the
    frames; where none is left, new ones start. What stands still, jumps, or moves with
    the camera is left out. ::

        frame 0     5    10    15
          .---- ---- ---- ----.        32 x 32 px around the point, 2 x 2 cells,
         /    /    /    /    /|        3 stretches of 5 frames
        '----'----'----'----' |
        |  o--o--o-.     |  | '        trajectory: 15 steps, as shares of the path
        |    |    | `-o--o  |/         hog, hof, mbh: directions in each cell
        '----'----'----'----'

    Parameters
    ----------
    frames : array of shape (n_frames, height, width) or (..., 1 or 3)
        Grey, or red, green and blue: uint8, or numbers from 0 to 1. Time grows with the
        pixels: a frame of 240 x 320 px takes a core 0.2 s.
    length : int, default=15
        Steps of a trajectory, L.
    step_px : int, default=5
        Distance of the points, W.
    patch_px : int, default=32
        Side of what is described around a point; frames must not be smaller.
    n_scales : int, default=8
        Most sizes; each is smaller by :math:`\sqrt 2`, as long as a patch fits.
    method : {"tvl1", "farneback", "dis"}, default="farneback"
        Whose flow: see :func:`optical_flow`. The default is that of the paper.
    camera_motion : bool, default=True
        Whether to find how the camera moves, and to describe motion without it. Pass
        False for cameras that stand still: it costs a third of the time, and where
        nearly all that has texture moves, such as silhouettes, that is mistaken for the
        background.
    people : sequence of arrays of shape (n_boxes, 4) or None, default=None, in px
        For each frame left, top, right and bottom of the people in it, whose motion
        tells nothing of the camera's.

    Returns
    -------
    descriptors : array of float32 of shape (n, 2 * length + 396)
        The columns are those of :func:`trajectory_parts`. There may be none.
    positions : array of float32 of shape (n, length + 1, 3)
        x and y in px, and the number of the frame, of each point.

    Raises
    ------
    MissingPackageError
        Without OpenCV.
    ValueError
        When frames have another shape or range, are smaller than a patch, or fewer than
        ``length + 1``; or people are not given for each.

    Notes
    -----
    The method and its numbers are those of [1]_ and [2]_: section 3 of [1]_ describes
    sampling, tracking and what is left out, section 3 of [2]_ how the camera's motion
    is removed. Bounds that the papers do not give are those of the authors' program.
    With :math:`\Delta_t` the steps without the camera's motion, the shape is
    :math:`(\Delta_1, \ldots, \Delta_L) / \sum |\Delta_t|`. Each histogram is divided by
    its sum, and roots are taken (section 4.1 of [2]_).

    Two things differ. ORB takes the place of SURF, which no wheel of OpenCV holds. And
    a camera that moves no corner of the picture by half a px is taken to stand still.

    References
    ----------
    .. [1] H. Wang, A. Kläser, C. Schmid and C.-L. Liu, Dense Trajectories and Motion
       Boundary Descriptors for Action Recognition, IJCV 103, 2013.
    .. [2] H. Wang and C. Schmid, Action Recognition with Improved Trajectories, ICCV
       2013.

    Examples
    --------
    >>> frames = np.zeros((17, 64, 96), np.uint8)
    >>> for i, frame in enumerate(frames):
    ...     frame[20:40, 10 + 2 * i : 30 + 2 * i] = 200
    >>> descriptors, positions = dense_trajectories(frames, camera_motion=False)
    >>> descriptors.shape[1], positions.shape[1:]
    (426, (16, 3))
    >>> float(np.median(np.diff(positions[:, :, 0])).round())  # px per frame
    2.0
    """
    grey = grey_frames(frames)
    for name, value in (("length", length), ("step_px", step_px)):
        check_count(value, name)
    check_count(patch_px, "patch_px", minimum=N_CELLS)
    check_count(n_scales, "n_scales")
    if len(grey) <= length or min(grey.shape[1:]) < patch_px:
        raise ValueError(
            f"frames must be at least {length + 1} of {patch_px} x {patch_px} px, got "
            f"{len(grey)} of {grey.shape[1]} x {grey.shape[2]}; pass a smaller length "
            f"or patch_px, or more of the video."
        )
    if people is not None and len(people) != len(grey):
        raise ValueError(
            f"people must hold boxes for each of {len(grey)} frames, got "
            f"{len(people)}; an empty list stands for nobody."
        )
    cv2 = require("cv2", extra="video", purpose="dense trajectories")
    between = flow_function(method)
    trackers = [
        Tracker(cv2, size, factor, length, step_px, patch_px)
        for size, factor in _sizes(grey.shape[1:], patch_px, n_scales)
    ]
    for i, (before, after) in enumerate(pairwise(grey)):
        flow = between(before, after)
        steady = after
        if camera_motion:
            boxes = None if people is None else people[i]
            homography = find_homography(cv2, before, after, flow, boxes)
            if homography is not None:
                steady = undo_homography(cv2, before, after, homography)
        for tracker in trackers:
            here, there = tracker.shrink(before), tracker.shrink(after)
            seen = flow if here is before else between(here, there)
            own = seen
            if steady is not after:
                own = between(here, tracker.shrink(steady))
            tracker.follow(i, here, seen, own)
    descriptors = [np.zeros((0, trajectory_parts(length)["mbh_y"].stop), np.float32)]
    positions = [np.zeros((0, length + 1, 3), np.float32)]
    for found in (one for tracker in trackers for one in tracker.found):
        is_one = _is_trajectory(found, camera_motion)
        descriptors.append(_describe(found, is_one))
        positions.append(found.path[is_one])
    return np.concatenate(descriptors), np.concatenate(positions)


def _sizes(
    shape: tuple[int, ...], patch_px: int, n_scales: int
) -> list[tuple[tuple[int, int], float]]:
    """Return width and height of the frames at each scale, and how much was larger."""
    sizes = []
    for i in range(n_scales):
        factor = SCALE_STEP**i
        height, width = (round(side / factor) for side in shape)
        if min(height, width) < patch_px:
            break
        sizes.append(((width, height), factor))
    return sizes


def _is_trajectory(found: Found, camera_motion: bool) -> NDArray[np.bool_]:
    """Say which tracks move, in a way that bodies do."""
    spread = found.path[..., :2].std(axis=1)
    is_moving = (spread >= LEAST_SPREAD_PX).any(axis=1)
    is_moving &= (spread <= MOST_SPREAD_PX).all(axis=1)
    steps = np.linalg.norm(np.diff(found.path[..., :2], axis=1), axis=2)
    longest = steps.max(axis=1)
    jumps = (longest > MOST_STEP_PX) & (longest > MOST_STEP_SHARE * steps.sum(axis=1))
    is_one: NDArray[np.bool_] = is_moving & ~jumps
    if camera_motion:
        is_one &= np.linalg.norm(found.steps, axis=2).max(axis=1) > CAMERA_STEP_PX
    return is_one


def _describe(found: Found, is_one: NDArray[np.bool_]) -> Numbers:
    """Return the descriptors of some of what was found."""
    steps, sums = found.steps[is_one], found.sums[is_one]
    n_found, length = steps.shape[:2]
    path_px = np.linalg.norm(steps, axis=2).sum(axis=1)[:, None]
    parts = [steps.reshape(n_found, 2 * length) / np.maximum(path_px, 1e-6)]
    n_frames = np.bincount(np.arange(length) * N_TIMES // length, minlength=N_TIMES)
    first = 0
    for n_bins in KINDS.values():
        own = sums[..., first : first + n_bins]
        first += n_bins
        own = own + LEAST_SUM * n_frames.astype(np.float32)[:, None, None, None]
        own = own.reshape(n_found, n_bins * N_CELLS**2 * N_TIMES)
        parts.append(np.sqrt(own / own.sum(axis=1, keepdims=True)))
    return np.concatenate(parts, axis=1)
