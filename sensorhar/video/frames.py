"""Play the frames of a video one by one, with their times."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._checks import check_choice
from sensorhar.errors import DataError
from sensorhar.video._footage import check_frame
from sensorhar.video._inputs import BACKENDS, Input, open_input
from sensorhar.video._plan import nearest

__all__ = ["read_frames"]


def read_frames(
    source: Any,
    *,
    times_s: ArrayLike | None = None,
    source_rate_hz: float | None = None,
    backend: Literal["av", "opencv"] | None = None,
) -> Iterator[tuple[float, NDArray[np.uint8]]]:
    """Decode a video frame by frame; one is in memory at a time.

    Parameters
    ----------
    source : str, Path or array of shape (n_frames, height, width, 3), uint8
        A video, a folder of pictures, or frames.
    times_s : array-like of shape (n_wanted,), in s, or None, default=None
        Which moments to show, rising: the nearest frame of each, once. None plays all.
    source_rate_hz : float or None, default=None
        Frame rate of pictures and arrays, which carry none.
    backend : {"av", "opencv"} or None, default=None
        Who decodes; None takes PyAV, or OpenCV where PyAV is not installed.

    Yields
    ------
    (float, array of shape (height, width, 3), uint8)
        Time in s from the first frame, NaN when unknown, and red, green and blue.

    Raises
    ------
    DataError
        When the file is missing, empty or broken, has no stamps where times are wanted,
        or frames of changing size; it names file and frame.

    Examples
    --------
    >>> ramp = np.arange(40, dtype=np.uint8)[:, None, None, None]
    >>> video = np.broadcast_to(ramp, (40, 6, 8, 3))
    >>> for time_s, frame in read_frames(video, times_s=[0, 1], source_rate_hz=25):
    ...     print(time_s, frame[0, 0, 0])
    0.0 0
    1.0 25
    """
    if backend is not None:
        check_choice(backend, "backend", BACKENDS)
    if isinstance(source, (str, Path)):
        one = Input(Path(source), Path(source).name)
    else:
        one = Input(source, "array")
    player = open_input(one.where, one.name, backend, source_rate_hz)
    footage = player.scan()
    wanted = np.arange(footage.n_frames)
    if times_s is not None:
        if not np.isfinite(footage.stamps_s).all():
            raise DataError(
                f"{one.name} has no time stamps, which times_s needs. Pass "
                "source_rate_hz=..., the rate of its frames."
            )
        moments = np.asarray(times_s, dtype=np.float64)
        wanted = np.unique(nearest(footage.stamps_s, moments))
    for number, frame in player.frames(wanted, footage):
        check_frame(footage, number, frame)
        yield float(footage.stamps_s[number]), frame
