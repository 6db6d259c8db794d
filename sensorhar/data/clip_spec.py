"""What a clip is: everything needed to cut the same kind of clip again."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from sensorhar._checks import check_positive

__all__ = ["ClipSpec"]


@dataclass(frozen=True)
class ClipSpec:
    """The recipe of clips; it travels with a fitted classifier.

    Parameters
    ----------
    n_frames, height, width : int
        Frames of a clip, and rows and columns of a frame in px.
    channels : tuple of str
        What the last axis holds, such as ``("red", "green", "blue")``.
    rate_hz : float or None, default=None
        Frames per second; None when frames are spread over files of any length.

    Attributes
    ----------
    shape : tuple of int
        ``(n_frames, height, width, n_channels)``.
    length_s : float
        Duration of a clip in s; NaN when the rate is unknown.

    Raises
    ------
    ValueError
        When there is no channel or a number is not positive.

    Examples
    --------
    >>> ClipSpec(16, 112, 112, rate_hz=25)
    <ClipSpec 16 frames of 112 x 112 at 25 Hz (0.64 s) of red, green, blue>
    """

    n_frames: int
    height: int
    width: int
    channels: tuple[str, ...] = ("red", "green", "blue")
    rate_hz: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "channels", tuple(self.channels))
        if not self.channels:
            raise ValueError("a ClipSpec must name at least one channel; got none.")
        for name in ("n_frames", "height", "width"):
            check_positive(getattr(self, name), name, "frames" * (name == "n_frames"))
        if self.rate_hz is not None:
            check_positive(self.rate_hz, "rate_hz", "Hz")

    @property
    def shape(self) -> tuple[int, int, int, int]:
        """``(n_frames, height, width, n_channels)``."""
        return self.n_frames, self.height, self.width, len(self.channels)

    @property
    def length_s(self) -> float:
        """Duration of a clip in s; NaN when the rate is unknown."""
        return float("nan") if self.rate_hz is None else self.n_frames / self.rate_hz

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Names of the channels in order."""
        return self.channels

    def to_dict(self) -> dict[str, Any]:
        """Return the fields as plain JSON values."""
        return {
            "n_frames": self.n_frames,
            "height": self.height,
            "width": self.width,
            "channels": list(self.channels),
            "rate_hz": self.rate_hz,
        }

    @classmethod
    def from_dict(cls, fields: Mapping[str, Any]) -> Self:
        """Build a spec from what ``to_dict`` returned."""
        return cls(**fields)

    def brief(self) -> str:
        """Say rate and channels."""
        rate = "any rate" if self.rate_hz is None else f"{self.rate_hz:g} Hz"
        return f"{rate} | {' '.join(self.channels)}"

    def describe(self) -> str:
        """Say the spec in words, as messages do."""
        rate = "" if self.rate_hz is None else f" at {self.rate_hz:g} Hz"
        return (
            f"{self.n_frames} frames of {self.height} x {self.width}{rate} of "
            f"{', '.join(self.channels)}"
        )

    def __repr__(self) -> str:
        length = "" if self.rate_hz is None else f" ({self.length_s:g} s)"
        head, tail = self.describe().rsplit(" of ", 1)
        return f"<ClipSpec {head}{length} of {tail}>"
