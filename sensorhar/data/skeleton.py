"""Which joints a skeleton has, and which bones join them."""

from dataclasses import dataclass

__all__ = ["COCO", "KINECT", "KINECT_2", "Skeleton"]


@dataclass(frozen=True)
class Skeleton:
    """Joints by name and bones as pairs of their numbers.

    Parameters
    ----------
    joints : tuple of str
        Names in the order of the axis; those of the two sides begin with ``left_`` and
        ``right_``.
    edges : tuple of (int, int), default=()
        Bones as (parent, child), so that child minus parent is the bone; a tree.

    Raises
    ------
    ValueError
        When a name occurs twice or an edge names no joint.

    Examples
    --------
    >>> arms = Skeleton(("neck", "left_hand", "right_hand"), ((0, 1), (0, 2)))
    >>> arms.mirrored
    (0, 2, 1)
    """

    joints: tuple[str, ...]
    edges: tuple[tuple[int, int], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "joints", tuple(self.joints))
        pairs = tuple((int(a), int(b)) for a, b in self.edges)
        object.__setattr__(self, "edges", pairs)
        if not self.joints or len(set(self.joints)) < len(self.joints):
            raise ValueError(
                "joints must have names of their own, at least one; got "
                f"{self.joints!r}"
            )
        for edge in self.edges:
            if not all(0 <= joint < len(self.joints) for joint in edge):
                raise ValueError(
                    f"edges must join joints 0 to {len(self.joints) - 1}; got {edge}."
                )

    @property
    def n_joints(self) -> int:
        """How many joints there are."""
        return len(self.joints)

    @property
    def mirrored(self) -> tuple[int, ...]:
        """Number of the joint that stands in each place after left becomes right."""
        return tuple(
            self.joints.index(_other_side(j, self.joints)) for j in self.joints
        )


def _other_side(name: str, names: tuple[str, ...]) -> str:
    for side, other in (("left", "right"), ("right", "left")):
        if name.startswith(side):
            swapped = other + name.removeprefix(side)
            return swapped if swapped in names else name
    return name


#: The 17 key points of a person in COCO, in the order of its annotation files
#: (T.-Y. Lin et al., Microsoft COCO, ECCV 2014). Bones are a tree from the nose; the
#: published drawing closes loops in the face and the trunk.
COCO = Skeleton(
    (
        "nose", "left_eye", "right_eye", "left_ear", "right_ear", "left_shoulder",
        "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist",
        "left_hip", "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle",
    ),
    (
        (0, 1), (0, 2), (1, 3), (2, 4), (0, 5), (0, 6), (5, 7), (7, 9), (6, 8), (8, 10),
        (5, 11), (6, 12), (11, 13), (13, 15), (12, 14), (14, 16),
    ),
)  # fmt: skip

#: The 20 joints of the first Kinect, in the order of UTD-MHAD's
#: Skeleton_joint_order.txt.
KINECT = Skeleton(
    (
        "head", "shoulder_center", "spine", "hip_center", "left_shoulder", "left_elbow",
        "left_wrist", "left_hand", "right_shoulder", "right_elbow", "right_wrist",
        "right_hand", "left_hip", "left_knee", "left_ankle", "left_foot", "right_hip",
        "right_knee", "right_ankle", "right_foot",
    ),
    (
        (3, 2), (2, 1), (1, 0), (1, 4), (4, 5), (5, 6), (6, 7), (1, 8), (8, 9), (9, 10),
        (10, 11), (3, 12), (12, 13), (13, 14), (14, 15), (3, 16), (16, 17), (17, 18),
        (18, 19),
    ),
)  # fmt: skip

#: The 25 joints of the second Kinect, in the order of NTU RGB+D (A. Shahroudy et al.,
#: NTU RGB+D, CVPR 2016, figure 2).
KINECT_2 = Skeleton(
    (
        "spine_base", "spine_middle", "neck", "head", "left_shoulder", "left_elbow",
        "left_wrist", "left_hand", "right_shoulder", "right_elbow", "right_wrist",
        "right_hand", "left_hip", "left_knee", "left_ankle", "left_foot", "right_hip",
        "right_knee", "right_ankle", "right_foot", "spine", "left_hand_tip",
        "left_thumb", "right_hand_tip", "right_thumb",
    ),
    (
        (20, 1), (1, 0), (20, 2), (2, 3), (20, 4), (4, 5), (5, 6), (6, 7), (20, 8),
        (8, 9), (9, 10), (10, 11), (0, 12), (12, 13), (13, 14), (14, 15), (0, 16),
        (16, 17), (17, 18), (18, 19), (7, 22), (22, 21), (11, 24), (24, 23),
    ),
)  # fmt: skip
