"""Decode video files with OpenCV, where PyAV is not installed."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._soft import require
from sensorhar.errors import DataError
from sensorhar.video._footage import Footage, Frames

__all__ = ["OpenCVFile"]


class OpenCVFile:
    """One video file."""

    def __init__(self, path: Path, name: str) -> None:
        self.path = path
        self.name = name

    @property
    def cv2(self) -> Any:
        """The package, which does not travel through pickle."""
        return require("cv2", extra="video", purpose="decoding video")

    def scan(self) -> Footage:
        """Go through all frames for their stamps, which needs decoding."""
        capture = self._open()
        stamps = []
        size = (0, 0)
        while capture.grab():
            stamps.append(capture.get(self.cv2.CAP_PROP_POS_MSEC) / 1000)
            if len(stamps) == 1:
                is_read, frame = capture.retrieve()
                size = frame.shape[:2] if is_read else size
        rate_hz = capture.get(self.cv2.CAP_PROP_FPS)
        capture.release()
        if not stamps or not size[0]:
            raise DataError(
                f"{self.name} must hold frames; none can be decoded. Fetch or convert "
                "it again, or install PyAV, which tells more."
            )
        times = np.array(stamps)
        if not (np.diff(times) > 0).all():  # AVI files have no stamps to speak of
            rate_hz = rate_hz if np.isfinite(rate_hz) and rate_hz > 0 else 25.0
            times = np.arange(len(stamps)) / rate_hz
        return Footage(self.name, times - times[0], *size)

    def frames(self, wanted: NDArray[np.intp], footage: Footage) -> Frames:
        """Decode from the first frame on, converting the wanted ones alone."""
        capture = self._open()
        remaining = wanted.tolist()
        for number in range(remaining[-1] + 1):
            is_there = capture.grab()
            if not is_there or number == remaining[0]:
                frame = capture.retrieve()[1] if is_there else None
                if frame is None:
                    capture.release()
                    raise DataError(
                        f"frame {number} of {self.name} cannot be decoded. Fetch or "
                        "convert it again."
                    )
                del remaining[0]
                yield number, np.ascontiguousarray(frame[..., ::-1])
        capture.release()

    def _open(self) -> Any:
        capture = self.cv2.VideoCapture(str(self.path))
        if not capture.isOpened():
            raise DataError(
                f"{self.name} must be a video; OpenCV cannot open it. Fetch or convert "
                "it again, or install PyAV, which tells more."
            )
        return capture
