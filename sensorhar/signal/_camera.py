"""Motion of the camera between two frames, and how the next frame looks without it."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._flow_methods import Grey

__all__ = ["find_homography", "undo_homography"]

#: What the authors' program asks for: matches tried, inliers found, and how far off an
#: inlier may be.
MIN_MATCHES = 50
MIN_INLIERS = 25
MAX_ERROR_PX = 1.0

#: Corners followed by flow: at most so many, of this share of the best one's strength,
#: so far apart.
N_CORNERS, QUALITY, APART_PX = 1000, 0.001, 3

#: A camera that moves no corner of the picture so far is taken to stand still: so small
#: a homography is mostly its own error.
LEAST_MOTION_PX = 0.5


def find_homography(
    cv2: ModuleType,
    before: Grey,
    after: Grey,
    flow: NDArray[np.float32],
    people: ArrayLike | None = None,
) -> NDArray[np.float64] | None:
    """Return the homography of the background, or None when the camera stands still.

    Descriptors matched between the frames and corners that flow follows are put
    together, as each fails where the other works: most matches lie where texture is
    rich, and most corners at edges. Where people stand none is taken.

    Parameters
    ----------
    cv2 : module
        OpenCV.
    before, after : array of uint8 of shape (height, width)
        The frames.
    flow : array of shape (height, width, 2), in px
        From the first to the second.
    people : array of shape (n_boxes, 4) or None, default=None, in px
        Left, top, right and bottom of the people in the first frame.

    Returns
    -------
    array of shape (3, 3) or None
        Takes positions (x, y, 1) of the first frame to the second.
    """
    mask = np.full(before.shape, 255, dtype=np.uint8)
    boxes = np.zeros((0, 4)) if people is None else np.asarray(people, dtype=float)
    for left, top, right, bottom in boxes.reshape(-1, 4):
        rows = slice(max(int(top), 0), max(int(np.ceil(bottom)), 0))
        mask[rows, max(int(left), 0) : max(int(np.ceil(right)), 0)] = 0
    matched = _match(cv2, before, after, mask)
    corners = cv2.goodFeaturesToTrack(before, N_CORNERS, QUALITY, APART_PX, mask=mask)
    if corners is not None:
        here = corners.reshape(-1, 2)
        column, row = np.rint(here).astype(int).T
        there = here + flow[row, column]
        matched = np.concatenate([matched, np.stack([here, there])], axis=1)
    if matched.shape[1] <= MIN_MATCHES:
        return None
    homography, is_inlier = cv2.findHomography(*matched, cv2.RANSAC, MAX_ERROR_PX)
    if homography is None or np.count_nonzero(is_inlier) <= MIN_INLIERS:
        return None
    height, width = before.shape
    frame = np.array([[0, 0], [width, 0], [0, height], [width, height]], dtype=float)
    moved = cv2.perspectiveTransform(frame[None], homography)[0]
    if np.abs(moved - frame).max() < LEAST_MOTION_PX:
        return None
    found: NDArray[np.float64] = homography
    return found


def undo_homography(
    cv2: ModuleType, before: Grey, after: Grey, homography: NDArray[np.float64]
) -> Grey:
    """Return the second frame as a camera that stands still would have seen it.

    What it did not see is taken from the first frame, where it does not move.
    """
    height, width = before.shape
    steady: Grey = cv2.warpPerspective(
        after,
        homography,
        (width, height),
        dst=before.copy(),
        flags=cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP,
        borderMode=cv2.BORDER_TRANSPARENT,
    )
    return steady


def _match(cv2: ModuleType, before: Grey, after: Grey, mask: Grey) -> Any:
    """Return matched positions of shape (2, n_matches, 2).

    The authors match SURF, which no wheel of OpenCV holds; ORB stands in for it. Only
    pairs that are each other's nearest are taken.
    """
    orb = cv2.ORB_create(N_CORNERS)
    points, described = orb.detectAndCompute(before, mask)
    others, to_match = orb.detectAndCompute(after, None)
    if described is None or to_match is None:
        return np.zeros((2, 0, 2), dtype=np.float32)
    pairs = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True).match(described, to_match)
    here = [points[pair.queryIdx].pt for pair in pairs]
    there = [others[pair.trainIdx].pt for pair in pairs]
    return np.array([here, there], dtype=np.float32).reshape(2, -1, 2)
