"""Frames that lie in a folder of pictures or in an array."""

import re
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._soft import require
from sensorhar.errors import DataError, MissingPackageError
from sensorhar.video._footage import Footage, Frames

__all__ = ["ArrayOfFrames", "FolderOfFrames", "is_picture", "natural_key"]

PICTURES = (".jpg", ".jpeg", ".png", ".bmp", ".webp", ".tif", ".tiff", ".ppm", ".pgm")

#: Names of pictures of flow, as TSN, MMAction2 and dense_flow write them beside the
#: frames: ``x_00001.jpg``, ``flow_y_00001.jpg``.
_FLOW = re.compile(r"(flow_?)?[xy]_?\d+\.")


def natural_key(name: str) -> list[Any]:
    """Sort ``img_10`` after ``img_9``."""
    parts = re.split(r"(\d+)", name)
    return [int(p) if p.isdecimal() else p.lower() for p in parts]


def is_picture(path: Path) -> bool:
    """Return whether a file is a picture, by its ending, and not hidden."""
    return path.suffix.lower() in PICTURES and not path.name.startswith(".")


class FolderOfFrames:
    """One folder of pictures, a frame each, in the order of their numbers.

    Pictures of flow that lie beside frames are none of them.
    """

    def __init__(self, path: Path, name: str, rate_hz: float | None) -> None:
        self.name = name
        self.rate_hz = rate_hz
        found = [p for p in path.iterdir() if is_picture(p)]
        frames = [p for p in found if not _FLOW.match(p.name.lower())]
        self.paths = sorted(frames or found, key=lambda p: natural_key(p.name))

    def scan(self) -> Footage:
        """Read the first picture."""
        height, width = self._read(0).shape[:2]
        return Footage(self.name, _stamps(len(self.paths), self.rate_hz), height, width)

    def frames(self, wanted: NDArray[np.intp], footage: Footage) -> Frames:
        """Read some pictures."""
        for number in wanted.tolist():
            yield number, self._read(number)

    def _read(self, number: int) -> NDArray[np.uint8]:
        path = self.paths[number]
        try:
            av: Any = require("av", extra="video", purpose="reading pictures")
        except MissingPackageError:
            cv2: Any = require("cv2", extra="video", purpose="reading pictures")
            pixels = cv2.imread(str(path), cv2.IMREAD_COLOR)
            if pixels is not None:
                return np.ascontiguousarray(pixels[..., ::-1])
            reason = "OpenCV cannot read it"
        else:
            try:
                with av.open(str(path)) as container:
                    for frame in container.decode(video=0):
                        if frame.is_corrupt:
                            break
                        rgb: NDArray[np.uint8] = frame.to_ndarray(format="rgb24")
                        return rgb
                reason = "it is damaged"
            except (av.error.FFmpegError, IndexError) as error:
                reason = str(getattr(error, "strerror", None) or error)
        raise DataError(
            f"frame {number} of {self.name}, {path.name!r}, must be a picture; it "
            f"cannot be read ({reason}). Fetch it again, or remove it."
        )


class ArrayOfFrames:
    """One array (n_frames, height, width, n_channels)."""

    def __init__(self, values: Any, name: str, rate_hz: float | None) -> None:
        array = np.asarray(values)
        if array.ndim == 3:
            array = array[..., None]
        if array.ndim != 4 or array.dtype != np.uint8 or array.shape[3] not in (1, 3):
            raise DataError(
                f"{name} must be uint8 of shape (n_frames, height, width, 3), or 1 or "
                f"nothing in place of 3; got {array.dtype} of {np.shape(values)}. "
                "For other numbers use Clips.from_array."
            )
        self.name = name
        self.rate_hz = rate_hz
        self.values = array

    def scan(self) -> Footage:
        """Look at the shape."""
        n_frames, height, width = self.values.shape[:3]
        return Footage(self.name, _stamps(n_frames, self.rate_hz), height, width)

    def frames(self, wanted: NDArray[np.intp], footage: Footage) -> Frames:
        """Give some of them, with three channels."""
        for number in wanted.tolist():
            frame = self.values[number]
            yield number, np.repeat(frame, 3, axis=2) if frame.shape[2] == 1 else frame


def _stamps(n_frames: int, rate_hz: float | None) -> NDArray[np.float64]:
    if rate_hz is None:
        return np.full(n_frames, np.nan)
    return np.arange(n_frames) / rate_hz
