"""Tell what is in a video without decoding it."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from sensorhar._checks import check_choice
from sensorhar._words import say_duration
from sensorhar.video._inputs import BACKENDS, Input, open_input

__all__ = ["VideoFacts", "scan_video"]


@dataclass(frozen=True)
class VideoFacts:
    """What is known of a video before its frames are decoded.

    Parameters
    ----------
    name : str
        Of the file.
    n_frames, height, width : int
        How many frames, of how many px.
    rate_hz : float or None
        Frames per second, by the median interval; None when unknown.
    duration_s : float or None
        From the first frame to the end of the last.
    n_uneven : int
        Frames that do not follow the one before as usual; above 0 the rate varies.
    codec : str
        How frames are stored, such as h264; empty when unknown.
    has_sound : bool or None
        Whether there is a sound track; None when unknown.
    """

    name: str
    n_frames: int
    height: int
    width: int
    rate_hz: float | None
    duration_s: float | None
    n_uneven: int
    codec: str
    has_sound: bool | None

    @property
    def is_even(self) -> bool:
        """Whether frames follow each other at one rate, as far as is known."""
        return self.n_uneven == 0

    def __str__(self) -> str:
        rate = "unknown rate" if self.rate_hz is None else f"{self.rate_hz:.4g} Hz"
        parts = [
            f"{self.n_frames} frames of {self.height} x {self.width}",
            rate if self.is_even else f"{rate}, varies in {self.n_uneven} places",
        ]
        if self.duration_s is not None:
            parts.append(say_duration(self.duration_s))
        if self.codec:
            parts.append(self.codec)
        if self.has_sound is not None:
            parts.append("with sound" if self.has_sound else "no sound")
        return f"{self.name}: {', '.join(parts)}"


def scan_video(
    source: Any,
    *,
    source_rate_hz: float | None = None,
    backend: Literal["av", "opencv"] | None = None,
) -> VideoFacts:
    """Tell frames, size, rate, duration and sound of a video.

    Parameters
    ----------
    source : str, Path or array of shape (n_frames, height, width, 3), uint8
        A video, a folder of pictures, or frames.
    source_rate_hz : float or None, default=None
        Frame rate of pictures and arrays, which carry none.
    backend : {"av", "opencv"} or None, default=None
        Who looks; OpenCV must decode all frames for it.

    Returns
    -------
    VideoFacts
        All there is to know.

    Raises
    ------
    DataError
        When the file is missing, empty, broken, cut short or without video.

    Examples
    --------
    >>> import numpy as np
    >>> frames = np.zeros((50, 48, 64, 3), np.uint8)
    >>> print(scan_video(frames, source_rate_hz=25))
    array: 50 frames of 48 x 64, 25 Hz, 2 s
    """
    if backend is not None:
        check_choice(backend, "backend", BACKENDS)
    if isinstance(source, (str, Path)):
        one = Input(Path(source), Path(source).name)
    else:
        one = Input(source, "array")
    footage = open_input(one.where, one.name, backend, source_rate_hz).scan()
    rate_hz = footage.rate_hz
    return VideoFacts(
        one.name,
        footage.n_frames,
        footage.height,
        footage.width,
        rate_hz,
        None if rate_hz is None else footage.duration_s,
        len(footage.uneven),
        footage.codec,
        footage.has_sound,
    )
