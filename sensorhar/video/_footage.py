"""What is known of a video before its frames are decoded."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sensorhar.errors import DataError

__all__ = ["Backend", "Footage", "Frames", "check_even"]

#: Numbers of frames with their pixels (height, width, 3), uint8, in rising order.
Frames = Iterator[tuple[int, NDArray[np.uint8]]]

#: An interval this much longer or shorter than the usual one is no rounding.
UNEVEN = 0.5


@dataclass(frozen=True, eq=False)
class Footage:
    """A file, folder or array of frames.

    Parameters
    ----------
    name : str
        For messages.
    stamps_s : array of shape (n_frames,), in s
        When each frame is shown, in the order shown; NaN when unknown.
    height, width : int
        Of a frame in px.
    pts, key_pts : array of int
        Stamps in the file's own unit, of all frames and of those that decoding can
        start from; empty when it must start at the first.
    codec : str, default=""
        How frames are stored, such as h264; empty when unknown.
    has_sound : bool or None, default=None
        Whether there is a sound track; None when unknown.
    """

    name: str
    stamps_s: NDArray[np.float64]
    height: int
    width: int
    pts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    key_pts: NDArray[np.int64] = field(default_factory=lambda: np.zeros(0, np.int64))
    codec: str = ""
    has_sound: bool | None = None

    @property
    def n_frames(self) -> int:
        """How many frames there are."""
        return len(self.stamps_s)

    @property
    def rate_hz(self) -> float | None:
        """Frames per second, by the median interval; None when unknown."""
        if self.n_frames < 2 or not np.isfinite(self.stamps_s).all():
            return None
        interval = float(np.median(np.diff(self.stamps_s)))
        return 1 / interval if interval > 0 else None

    @property
    def uneven(self) -> NDArray[np.intp]:
        """Numbers of the frames that do not follow the one before as usual."""
        gaps = np.diff(self.stamps_s)
        if len(gaps) < 2 or not np.isfinite(gaps).all():
            return np.zeros(0, dtype=np.intp)
        usual = float(np.median(gaps))
        return np.flatnonzero(np.abs(gaps - usual) > UNEVEN * usual) + 1

    @property
    def duration_s(self) -> float:
        """From the first frame to the end of the last, in s; NaN when unknown."""
        if self.rate_hz is None:
            return float("nan")
        return float(self.stamps_s[-1] - self.stamps_s[0]) + 1 / self.rate_hz


class Backend(Protocol):
    """Something that scans and decodes one kind of input."""

    def scan(self) -> Footage:
        """Return what is known without decoding all of it."""

    def frames(self, wanted: NDArray[np.intp], footage: Footage) -> Frames:
        """Decode some frames, given as sorted numbers without repeats."""


def check_even(footage: Footage) -> None:
    """Raise a DataError when frames do not follow each other evenly."""
    if len(footage.uneven):
        first = int(footage.uneven[0])
        gaps = np.diff(footage.stamps_s)
        usual = float(np.median(gaps))
        raise DataError(
            f"frames of {footage.name} must follow each other evenly; frame {first} "
            f"comes {gaps[first - 1]:.4g} s after the one before, and usually it is "
            f"{usual:.4g} s. Pass rate_hz={1 / usual if usual > 0 else 25:.4g}, or "
            "another rate, to resample it by its time stamps."
        )


def check_frame(footage: Footage, number: int, frame: NDArray[Any]) -> None:
    """Raise a DataError when the size of a frame is not that of the first."""
    if frame.shape[:2] != (footage.height, footage.width):
        raise DataError(
            f"frames of {footage.name} must all be {footage.height} x {footage.width} "
            f"like its first; frame {number} is {frame.shape[0]} x {frame.shape[1]}. "
            "Convert it, or cut it where the size changes."
        )
