"""The person boxes that MMAction2 and AVA keep beside key frames."""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar.errors import DataError
from sensorhar.video._pickles import read_pickle

__all__ = ["read_mmaction2_boxes"]


def read_mmaction2_boxes(
    path: str | Path,
) -> dict[tuple[str, float], NDArray[np.float64]]:
    """Read a proposal pickle of MMAction2: where people are in key frames.

    The file holds ``{"video,0902": array (n_boxes, 5)}``, x1, y1, x2, y2 as shares of
    the picture and a score, by video and second.

    Parameters
    ----------
    path : str or Path
        The pickle; code in it is refused, not run.

    Returns
    -------
    dict of (str, float) to array of shape (n_boxes, 5)
        By name of the video and time in s.

    Raises
    ------
    DataError
        When the file asks for code, or is not of this form; it names the entry.

    References
    ----------
    MMAction2 0.24.1, documentation of AVADataset; C. Gu et al., AVA, CVPR 2018.
    """
    named = Path(path).name
    whole = read_pickle(path)
    if not isinstance(whole, dict):
        raise DataError(
            f"{named} must hold boxes by video and second; got {type(whole).__name__}. "
            "Pass a proposal file of MMAction2."
        )
    boxes = {}
    for key, value in whole.items():
        name, _, word = str(key).rpartition(",")
        rows = np.asarray(value)
        is_good = rows.ndim == 2 and rows.shape[1] == 5 and rows.dtype.kind in "fiu"
        try:
            time_s = float(word)
        except ValueError:
            is_good = False
        if not is_good or not name or not np.isfinite(rows).all():
            raise DataError(
                f"entry {key!r} of {named} must be 'video,second' with boxes of shape "
                f"(n_boxes, 5); got shape {rows.shape}. Write it again."
            )
        boxes[name, time_s] = rows.astype(np.float64)
    return boxes
