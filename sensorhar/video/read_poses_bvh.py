"""Read motion capture in BVH files as poses."""

import re
from pathlib import Path

from sensorhar.data.skeleton import Skeleton
from sensorhar.io.bvh import read_bvh
from sensorhar.video.pose_sequence import PoseSequence

__all__ = ["read_bvh_poses"]


def read_bvh_poses(
    path: str | Path,
    *,
    unit: str | None = None,
    label: str | None = None,
    group: str | None = None,
) -> PoseSequence:
    """Read a BVH file as a sequence of poses.

    Parameters
    ----------
    path : str or Path
        The file.
    unit : {"m", "cm", "mm", "inch"} or None, default=None
        Unit of length; None tells it from the size of the skeleton.
    label, group : str or None, default=None
        What is done, and by whom.

    Returns
    -------
    PoseSequence
        In m, with the joints and bones of the file.

    Raises
    ------
    DataError
        When the file is broken; it names the line.

    See Also
    --------
    sensorhar.io.read_bvh : The same as a recording.
    """
    recording = read_bvh(path, unit=unit)
    stream = recording.streams[0]
    joints = tuple(name.removesuffix("_pos_x") for name in stream.channel_names[::3])
    positions = stream.values.reshape(stream.n_samples, len(joints), 3)
    skeleton = Skeleton(joints, tuple(_bones(path)))
    return PoseSequence(
        positions, stream.time_s, skeleton, "m", recording.name, label, group
    )


def _bones(path: str | Path) -> list[tuple[int, int]]:
    """Return (parent, child) of the joints of a file that read_bvh has accepted."""
    from sensorhar.io._source import Source

    text = Source(Path(path)).read().decode("utf-8-sig", errors="replace")
    bones: list[tuple[int, int]] = []
    open_joints: list[int] = []
    n_joints, waiting = 0, -1
    for word in re.findall(r"[{}]|\b(?:ROOT|JOINT|END|MOTION)\b", text.upper()):
        if word == "MOTION":
            break
        if word in ("ROOT", "JOINT"):
            waiting = n_joints
            if open_joints:
                bones.append((open_joints[-1], n_joints))
            n_joints += 1
        elif word == "END":
            waiting = -1
        elif word == "{":
            open_joints.append(waiting)
        else:
            open_joints.pop()
    return bones
