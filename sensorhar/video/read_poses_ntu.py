"""Read the skeletons of NTU RGB+D."""

import re
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.skeleton import KINECT_2
from sensorhar.errors import DataError
from sensorhar.video._lines import read_lines, refuse
from sensorhar.video.pose_sequence import PoseSequence

__all__ = ["read_ntu_skeleton"]

#: Frames per second of the second Kinect.
RATE_HZ = 30.0


def read_ntu_skeleton(
    path: str | Path, *, labels: Sequence[str] | None = None
) -> PoseSequence:
    """Read one ``.skeleton`` file of NTU RGB+D: the person who moves most.

    ::

        103                      frames
        1                        bodies in this frame
        72057594037931101 0 ...  body: id, six states, lean, tracking
        25                       joints
        0.2181 0.1725 3.785 ...  x y z in m, then eight numbers, then tracking

    Parameters
    ----------
    path : str or Path
        Such as ``S001C001P001R001A001.skeleton``.
    labels : sequence of str or None, default=None
        Names of actions 1, 2, ...; None labels with the number, ``A001``.

    Returns
    -------
    PoseSequence
        In m, 30 frames a second; the group is the person, ``P001``.

    Raises
    ------
    DataError
        When the file is broken, holds no body, or its action has no label.

    References
    ----------
    A. Shahroudy et al., NTU RGB+D: A Large Scale Dataset for 3D Human Activity
    Analysis, CVPR 2016, and read_skeleton_file.m beside the data set.
    """
    path = Path(path)
    lines = iter(read_lines(path))

    def take(n_words: int, expected: str) -> list[float]:
        number, line = next(lines, (0, ""))
        words = line.split()
        try:
            values = [float(word) for word in words]
        except ValueError:
            values = []
        if len(values) != n_words or not np.isfinite(values).all():
            if not number:
                raise DataError(
                    f"{path.name} ends where {expected} must follow. Fetch it again."
                )
            refuse(path, number, expected, line)
        return values

    n_frames = int(take(1, "the number of frames")[0])
    bodies: dict[float, dict[int, NDArray[np.float64]]] = {}
    for frame in range(n_frames):
        for _ in range(int(take(1, "the number of bodies")[0])):
            identity = take(10, "the ten numbers of a body")[0]
            if take(1, "the number of joints")[0] != KINECT_2.n_joints:
                raise DataError(
                    f"a body in frame {frame} of {path.name} must have "
                    f"{KINECT_2.n_joints} joints. Fetch it again."
                )
            rows = [take(12, "the twelve numbers of a joint")[:3] for _ in range(25)]
            bodies.setdefault(identity, {})[frame] = np.array(rows)
    if not bodies:
        raise DataError(
            f"{path.name} must hold a body; none of its {n_frames} frames does. It is "
            "one of those with missing skeletons; leave it out."
        )
    moving = max(bodies.values(), key=_motion)
    positions = np.full((n_frames, KINECT_2.n_joints, 3), np.nan)
    for frame, joints in moving.items():
        positions[frame] = joints
    match = re.match(r"S\d{3}C\d{3}(P\d{3})R\d{3}A(\d{3})", path.name)
    label = f"A{match[2]}" if match else None
    if match and labels is not None:
        if int(match[2]) > len(labels):
            raise DataError(
                f"{path.name} is of action {int(match[2])}; labels name "
                f"{len(labels)}. Pass the labels of NTU RGB+D 120."
            )
        label = labels[int(match[2]) - 1]
    time_s = np.arange(n_frames) / RATE_HZ
    group = match[1] if match else None
    return PoseSequence(positions, time_s, KINECT_2, "m", path.stem, label, group)


def _motion(frames: dict[int, NDArray[np.float64]]) -> float:
    """Return how far the joints of a body stray from their means, over all frames."""
    return float(np.stack(list(frames.values())).var(axis=0).sum() * len(frames))
