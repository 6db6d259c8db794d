"""The methods of optical flow, and frames as they take them."""

from __future__ import annotations

from collections.abc import Callable
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._checks import check_choice
from sensorhar._soft import require
from sensorhar.errors import MissingPackageError
from sensorhar.signal._inputs import as_float

__all__ = ["Grey", "flow_function", "grey_frames"]

Grey = NDArray[np.uint8]

METHODS = ("tvl1", "farneback", "dis")

#: Share of red, green and blue in brightness (ITU-R BT.601).
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)

#: Least side of a frame: below it the methods have no room for their patches.
MIN_SIDE_PX = 16

#: Farnebäck's method as the authors of dense trajectories call it: pyramid of factor
#: 1/sqrt(2) and 5 levels, Gaussian mean over 10 px, 2 passes, polynomials over 7 px
#: weighted by a Gaussian of 1.5 px.
FARNEBACK = {
    "pyr_scale": 2**-0.5,
    "levels": 5,
    "winsize": 10,
    "iterations": 2,
    "poly_n": 7,
    "poly_sigma": 1.5,
}


def grey_frames(frames: ArrayLike) -> Grey:
    """Return frames as brightness from 0 to 255.

    Parameters
    ----------
    frames : array of shape (n_frames, height, width) or (..., 1 or 3)
        Grey, or red, green and blue: uint8, or numbers from 0 to 1.

    Returns
    -------
    array of uint8 of shape (n_frames, height, width)

    Raises
    ------
    ValueError
        When they have another shape or range.

    Examples
    --------
    >>> grey_frames(np.full((1, 16, 16, 3), [1.0, 0.0, 0.0]))[0, 0, 0]
    np.uint8(76)
    """
    array = np.asarray(frames)
    is_shaped = array.ndim == 3 or (array.ndim == 4 and array.shape[3] in (1, 3))
    if not is_shaped or min(array.shape[1:3]) < MIN_SIDE_PX:
        raise ValueError(
            f"frames must have shape (n_frames, height, width), or that with 1 or 3 "
            f"channels, and sides of at least {MIN_SIDE_PX} px, got {array.shape!r}."
        )
    if array.dtype != np.uint8:
        array = as_float(array, "frames").astype(np.float32, copy=False)
        low, high = (array.min(), array.max()) if array.size else (0, 0)
        if not (low >= 0 and high <= 1):
            raise ValueError(
                f"frames must be uint8, or lie in [0, 1], got {low:.4g} to {high:.4g}; "
                f"scale them."
            )
        array = array * np.float32(255)
    if array.ndim == 4:
        array = array @ LUMA if array.shape[3] == 3 else array[..., 0]
    if array.dtype == np.uint8:
        return np.ascontiguousarray(array)
    levels: Grey = np.rint(array).astype(np.uint8)
    return levels


def flow_function(method: str) -> Callable[[Grey, Grey], Any]:
    """Return what computes the flow between two grey frames."""
    check_choice(method, "method", METHODS)
    cv2 = require("cv2", extra="video", purpose="optical flow")
    if method == "farneback":
        settings = {**FARNEBACK, "flags": cv2.OPTFLOW_FARNEBACK_GAUSSIAN}
        return lambda a, b: cv2.calcOpticalFlowFarneback(a, b, None, **settings)
    if method == "dis":
        dis = cv2.DISOpticalFlow_create(cv2.DISOPTICAL_FLOW_PRESET_MEDIUM)
        return lambda a, b: dis.calc(a, b, None)
    tvl1 = _tvl1(cv2)
    return lambda a, b: tvl1.calc(a, b, None)


def _tvl1(cv2: ModuleType) -> Any:
    """Return OpenCV's TV-L1, which is not in every build."""
    try:
        return cv2.optflow.DualTVL1OpticalFlow_create()
    except AttributeError as error:
        raise MissingPackageError(
            "TV-L1 is in opencv-contrib-python-headless, and not in the OpenCV that is "
            "installed. Uninstall that, for the two share their files, and install "
            'pip install opencv-contrib-python-headless; or pass method="dis".'
        ) from error
