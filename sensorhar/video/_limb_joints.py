"""Which joints tell where a limb is and how the trunk stands, and when."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar._words import listing
from sensorhar.data.skeleton import Skeleton
from sensorhar.video._smooth_joints import MIN_FRAMES
from sensorhar.video.pose_sequence import PoseSequence

__all__ = ["LimbJoints", "find_joints", "say_place", "seen_times"]

#: Names of the hip joint after its side, in skeletons and BVH files.
HIP_NAMES = ("hip", "up_leg", "upper_leg", "thigh", "femur")
LEG_WORDS = frozenset(
    ("leg", "thigh", "femur", "knee", "shin", "tibia", "ankle", "foot", "heel", "toe")
)


@dataclass(frozen=True)
class LimbJoints:
    """Numbers of the joints.

    Attributes
    ----------
    begin, end : int
        Of the limb.
    trunk : tuple of four int
        Left and right shoulder, left and right hip.
    is_leg : bool
        Whether the limb is part of a leg, by the name of its end.
    """

    begin: int
    end: int
    trunk: tuple[int, ...]
    is_leg: bool

    @property
    def all(self) -> list[int]:
        """Begin, end and trunk."""
        return [self.begin, self.end, *self.trunk]


def find_joints(
    skeleton: Skeleton,
    joint: str | tuple[str, str],
    trunk: tuple[str, str, str, str] | None,
) -> LimbJoints:
    """Return the joints of a limb and of the trunk.

    Raises
    ------
    ValueError
        When a joint is unknown, no bone leads to it, or the limb has no length.
    """
    names = skeleton.joints
    if isinstance(joint, str):
        check_choice(joint, "joint", names)
        end = names.index(joint)
        parents = [parent for parent, child in skeleton.edges if child == end]
        if not parents:
            raise ValueError(
                f"joint must be one that a bone leads to; got {joint!r}. Name the two "
                f"joints of a limb, such as joint=({joint!r}, ...)."
            )
        begin = parents[0]
    else:
        if len(joint) != 2 or joint[0] == joint[1]:
            raise ValueError(
                f"joint must be a name, or the two joints of a limb; got {joint!r}."
            )
        for name in joint:
            check_choice(name, "joint", names)
        begin, end = (names.index(name) for name in joint)
    is_leg = not LEG_WORDS.isdisjoint(names[end].split("_"))
    return LimbJoints(begin, end, _find_trunk(names, trunk), is_leg)


def _find_trunk(
    names: tuple[str, ...], trunk: tuple[str, str, str, str] | None
) -> tuple[int, ...]:
    if trunk is None:
        hip = next((hip for hip in HIP_NAMES if f"left_{hip}" in names), HIP_NAMES[0])
        trunk = ("left_shoulder", "right_shoulder", f"left_{hip}", f"right_{hip}")
        missing = set(trunk) - set(names)
        if missing:
            raise ValueError(
                f"the skeleton must have {listing(trunk)}, for the axes of the body; "
                f"it lacks {listing(missing)} among {listing(names)}. Name those that "
                "stand for them: trunk=(left shoulder, right shoulder, left hip, right "
                "hip)."
            )
    if len(set(trunk)) != 4:
        raise ValueError(
            "trunk must name left and right shoulder, left and right hip; got "
            f"{trunk!r}."
        )
    for name in trunk:
        check_choice(name, "joint of trunk", names)
    return tuple(names.index(name) for name in trunk)


def say_place(joint: str | tuple[str, str]) -> str:
    """Return the name of a joint, or of the second of two, without its side."""
    name = joint if isinstance(joint, str) else joint[1]
    return name.removeprefix("left_").removeprefix("right_")


def seen_times(
    pose: PoseSequence,
    joints: LimbJoints,
    rate_hz: float,
    max_gap_s: float,
    called: str,
) -> NDArray[np.float64]:
    """Return the ticks of a rate at which all joints are seen or shortly bridged.

    Parameters
    ----------
    pose : PoseSequence
        Whose first frame is the first tick.
    joints : LimbJoints
        Which must be seen.
    rate_hz : float
        Ticks per second.
    max_gap_s : float
        Longest time without a joint that is bridged; the way from a frame to the next
        always is.
    called : str
        How to name the sequence.

    Returns
    -------
    array of shape (n_times,), in s
        Increasing; with holes where a joint was not seen.

    Raises
    ------
    ValueError
        When a joint is seen in too few frames, or there is no such tick.
    """
    frames_s, names = pose.time_s, pose.skeleton.joints
    n_ticks = int((frames_s[-1] - frames_s[0]) * rate_hz + 1e-6) + 1
    time_s = frames_s[0] + np.arange(n_ticks) / rate_hz
    is_known = np.ones(n_ticks, dtype=bool)
    for joint in joints.all:
        seen_s = frames_s[np.isfinite(pose.positions[:, joint]).all(axis=1)]
        if len(seen_s) < MIN_FRAMES:
            raise ValueError(
                f"joint {names[joint]!r} of {called} must be seen in at least "
                f"{MIN_FRAMES} frames; it is in {len(seen_s)} of {len(frames_s)}. "
                "Leave the sequence out, or name other joints."
            )
        longest_s = max(max_gap_s, 1.5 * float(np.median(np.diff(frames_s))))
        after = np.clip(np.searchsorted(seen_s, time_s), 1, len(seen_s) - 1)
        is_known &= seen_s[after] - seen_s[after - 1] <= longest_s
        is_known &= (time_s > seen_s[0] - 1e-6) & (time_s < seen_s[-1] + 1e-6)
    if not is_known.any():
        raise ValueError(
            f"{called} must have a time at which all of "
            f"{listing({names[joint] for joint in joints.all})} are seen; it has none. "
            "Leave it out, or pass a larger max_gap_s."
        )
    return np.asarray(time_s[is_known])
