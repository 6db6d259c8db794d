"""What a window of poses is: everything needed to make the same kind again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sensorhar._checks import check_choice, check_positive
from sensorhar.data.skeleton import Skeleton

__all__ = ["PoseSpec"]


@dataclass(frozen=True)
class PoseSpec:
    """The recipe of poses; it travels with a fitted classifier.

    Parameters
    ----------
    n_frames : int
        Frames of an example.
    skeleton : Skeleton
        Names and bones of the joints.
    n_dims : int, default=3
        Coordinates of a joint: x, y and mostly z.
    unit : str, default="m"
        Of the coordinates.
    rate_hz : float or None, default=None
        Frames per second; None when sequences of any length are stretched.
    centre : str or None, default=None
        Joint that all positions are counted from; None where the file has its origin.

    Attributes
    ----------
    shape : tuple of int
        ``(n_frames, n_joints, n_dims)``.
    length_s : float
        Duration in s; NaN when the rate is unknown.

    Raises
    ------
    ValueError
        When a number is not positive, there are neither two nor three coordinates, or
        the centre is no joint.

    Examples
    --------
    >>> PoseSpec(32, Skeleton(("hip", "knee")), rate_hz=30)
    <PoseSpec 32 frames at 30 Hz of 2 joints x 3 [m]>
    """

    n_frames: int
    skeleton: Skeleton
    n_dims: int = 3
    unit: str = "m"
    rate_hz: float | None = None
    centre: str | None = None

    def __post_init__(self) -> None:
        check_positive(self.n_frames, "n_frames", "frames")
        check_choice(str(self.n_dims), "n_dims", ["2", "3"])
        if self.rate_hz is not None:
            check_positive(self.rate_hz, "rate_hz", "Hz")
        if self.centre is not None:
            check_choice(self.centre, "centre", self.skeleton.joints)

    @property
    def shape(self) -> tuple[int, int, int]:
        """``(n_frames, n_joints, n_dims)``."""
        return self.n_frames, self.skeleton.n_joints, self.n_dims

    @property
    def length_s(self) -> float:
        """Duration in s; NaN when the rate is unknown."""
        return float("nan") if self.rate_hz is None else self.n_frames / self.rate_hz

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Names of the coordinates in order."""
        return tuple("xyz"[: self.n_dims])

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return {
            "n_frames": self.n_frames,
            "joints": list(self.skeleton.joints),
            "edges": [list(edge) for edge in self.skeleton.edges],
            "n_dims": self.n_dims,
            "unit": self.unit,
            "rate_hz": self.rate_hz,
            "centre": self.centre,
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """Build a spec from what ``to_dict`` returned."""
        rest = {k: v for k, v in fields.items() if k not in ("joints", "edges")}
        edges = tuple((a, b) for a, b in fields["edges"])
        return cls(skeleton=Skeleton(tuple(fields["joints"]), edges), **rest)

    def brief(self) -> str:
        """Say rate and unit."""
        rate = "any rate" if self.rate_hz is None else f"{self.rate_hz:g} Hz"
        return f"{rate} | {' '.join(self.channel_names)} [{self.unit}]"

    def describe(self) -> str:
        """Say the spec in words, as messages do."""
        rate = "" if self.rate_hz is None else f" at {self.rate_hz:g} Hz"
        joints = f"{self.skeleton.n_joints} joints x {self.n_dims}"
        origin = "" if self.centre is None else f" from {self.centre}"
        return f"{self.n_frames} frames{rate} of {joints}{origin} [{self.unit}]"

    def __repr__(self) -> str:
        return f"<PoseSpec {self.describe()}>"
