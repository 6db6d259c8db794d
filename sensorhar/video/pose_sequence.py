"""One skeleton that moves: positions of joints over time, of any length."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.skeleton import Skeleton

__all__ = ["PoseSequence"]


@dataclass(frozen=True, eq=False)
class PoseSequence:
    """The positions of one person's joints in one file.

    Parameters
    ----------
    positions : array of shape (n_frames, n_joints, n_dims)
        Two or three coordinates; NaN where a joint was not seen.
    time_s : array of shape (n_frames,), in s
        When, strictly increasing.
    skeleton : Skeleton
        Names and bones of the joints.
    unit : str, default="m"
        Of the positions: m, px, or 1 for shares of the picture.
    name : str, default=""
        The file it comes from.
    label, group : str or None, default=None
        What is done, and by whom.
    split : str, default=""
        Such as train or test; empty when unknown.

    Raises
    ------
    ValueError
        When shapes disagree, there is no frame, or time does not increase.

    Examples
    --------
    >>> from sensorhar.video import KINECT
    >>> still = PoseSequence(np.zeros((30, 20, 3)), np.arange(30) / 30, KINECT)
    >>> still
    <PoseSequence 30 x 20 x 3 in 0.967 s [m]>
    """

    positions: NDArray[np.float64]
    time_s: NDArray[np.float64]
    skeleton: Skeleton
    unit: str = "m"
    name: str = ""
    label: str | None = None
    group: str | None = None
    split: str = ""

    def __post_init__(self) -> None:
        positions = np.asarray(self.positions, dtype=np.float64)
        time_s = np.asarray(self.time_s, dtype=np.float64)
        shape = (len(time_s), self.skeleton.n_joints)
        is_shaped = positions.ndim == 3 and positions.shape[:2] == shape
        if not is_shaped or positions.shape[2] not in (2, 3) or not len(time_s):
            raise ValueError(
                f"positions must have shape ({shape[0]}, {shape[1]}, 2 or 3), a frame "
                f"a time and a joint a name, with at least one frame; got shape "
                f"{positions.shape}."
            )
        if not np.isfinite(time_s).all() or (np.diff(time_s) <= 0).any():
            raise ValueError("time_s must be finite and increase from frame to frame.")
        if np.isinf(positions).any():
            raise ValueError("positions must be finite, or NaN where not seen.")
        object.__setattr__(self, "positions", positions)
        object.__setattr__(self, "time_s", time_s)

    def __repr__(self) -> str:
        shape = " x ".join(str(n) for n in self.positions.shape)
        length = self.time_s[-1] - self.time_s[0]
        return f"<PoseSequence {shape} in {length:.3g} s [{self.unit}]>"
