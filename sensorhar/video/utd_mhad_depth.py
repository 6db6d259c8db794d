"""The depth videos of UTD-MHAD as clips."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_positive
from sensorhar.data.clip_spec import ClipSpec
from sensorhar.datasets._matlab import read_matlab
from sensorhar.datasets.utd_mhad import LABELS
from sensorhar.errors import DataError
from sensorhar.video._lines import find_files
from sensorhar.video._resize import resize
from sensorhar.video.clips import Clips
from sensorhar.video.sampling import segment_indices

__all__ = ["read_utd_mhad_depth"]

#: Depth in mm of one step of brightness: the sensor sees 0.8 to 4 m, a byte has 256.
STEP_MM = 16


@dataclass(frozen=True, eq=False)
class _DepthClip:
    """Reads one file and cuts its clip when called."""

    path: Path
    size: int
    sample: Callable[[int], NDArray[Any]]

    def __call__(self) -> NDArray[np.uint8]:
        depth_mm = np.asarray(read_matlab(self.path).get("d_depth"))
        if depth_mm.ndim != 3 or not depth_mm.size or depth_mm.dtype.kind not in "uif":
            raise DataError(
                f"{self.path.name} must hold 'd_depth' of shape (height, width, "
                f"n_frames); got shape {depth_mm.shape}. Fetch the data set again."
            )
        chosen = np.asarray(self.sample(depth_mm.shape[2]))[0]
        bright = np.minimum(depth_mm[..., chosen] // STEP_MM, 255).astype(np.uint8)
        frames = [
            resize(bright[..., i, None], self.size, self.size)
            for i in range(len(chosen))
        ]
        return np.stack(frames)


def read_utd_mhad_depth(
    folder: str | Path,
    *,
    n_frames: int = 16,
    size: int = 64,
    sampling: Callable[[int], NDArray[Any]] | None = None,
    subjects: Sequence[str] | None = None,
) -> Clips:
    """Read the depth videos of UTD-MHAD, the third view of its trials.

    Names are those of :func:`sensorhar.datasets.load_utd_mhad` and
    :func:`sensorhar.video.read_utd_mhad_poses`, so that sensor, skeleton and depth of a
    trial can be told to belong together.

    Parameters
    ----------
    folder : str or Path
        With ``a1_s1_t1_depth.mat`` and the others, each with ``d_depth`` of shape
        (240, 320, n_frames), in mm.
    n_frames : int, default=16
        Frames of a clip.
    size : int, default=64
        Side of a frame in px, cut from the middle.
    sampling : callable or None, default=None
        Function of the number of frames that returns frame numbers of shape
        (1, n_frames); None takes one from each of ``n_frames`` equal parts.
    subjects : sequence of str or None, default=None
        Whom to read, such as ``["1", "8"]``; None reads all.

    Returns
    -------
    Clips
        In the order of action, subject and trial; one channel, the depth as a share of
        4.08 m, 0 where there is none; group the person. Files are read when clips are
        asked for.

    Raises
    ------
    DataError
        When files are missing, or of another form, then when they are asked for.

    References
    ----------
    C. Chen, R. Jafari, N. Kehtarnavaz, UTD-MHAD, ICIP 2015.
    """
    check_positive(n_frames, "n_frames")
    check_positive(size, "size", "px")
    sample = sampling or partial(segment_indices, n_frames=n_frames)
    found: list[tuple[int, int, int, Path]] = []
    for path in find_files(folder, "a*_depth.mat", "depth videos of UTD-MHAD"):
        match = re.fullmatch(r"a(\d+)_s(\d+)_t(\d+)_depth\.mat", path.name)
        if not match or int(match[1]) not in LABELS:
            continue
        if subjects is None or match[2] in subjects:
            found.append((int(match[1]), int(match[2]), int(match[3]), path))
    found.sort()
    return Clips(
        [_DepthClip(path, size, sample) for *_, path in found],
        spec=ClipSpec(n_frames, size, size, ("depth",)),
        y=[LABELS[action] for action, *_ in found],
        groups=[str(subject) for _, subject, *_ in found],
        names=[f"a{action}_s{subject}_t{trial}" for action, subject, trial, _ in found],
    )
