"""The silhouettes of Weizmann's actions as clips."""

import gzip
import re
import zlib
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_positive
from sensorhar.data.clip_spec import ClipSpec
from sensorhar.errors import DataError
from sensorhar.video._lines import find_files
from sensorhar.video._resize import resize
from sensorhar.video._sequences import Held
from sensorhar.video.clips import Clips
from sensorhar.video.sampling import segment_indices

__all__ = ["read_weizmann"]

#: Rows and columns of the square that holds all silhouettes: x runs from 10 to 83 and y
#: from 11 to 108 in the files, as measured over all of them.
SIDE = 120
FIRST_X = -13  # so that 46.5, the middle of 10 and 83, is the middle of the square

#: Level of the contour that is filled; the other in the files is 2/3.
LEVEL = 1 / 3

MAX_BYTES = 1 << 26


def read_weizmann(
    folder: str | Path,
    *,
    n_frames: int = 16,
    size: int = 48,
    sampling: Callable[[int], NDArray[Any]] | None = None,
) -> Clips:
    """Read the aligned silhouettes of ten actions by nine persons.

    The authors' masks were kept as contours, a file for each video. The area within
    those of level 1/3 is filled by the even-odd rule.

    Parameters
    ----------
    folder : str or Path
        With ``bend_daria_e01.txt`` and the others, gzipped or not.
    n_frames : int, default=16
        Frames of a clip.
    size : int, default=48
        Side of a frame in px.
    sampling : callable or None, default=None
        Function of the number of frames that returns frame numbers of shape
        (n_clips, n_frames); None takes one from each of ``n_frames`` equal parts.

    Returns
    -------
    Clips
        93 of one channel from 0 to 1, where nothing else is sampled: label the action,
        group the person. The files do not state their rate.

    Raises
    ------
    DataError
        When files are missing or broken.

    References
    ----------
    L. Gorelick, M. Blank, E. Shechtman, M. Irani and R. Basri, Actions as Space-Time
    Shapes, PAMI 29(12), 2007.
    """
    check_positive(n_frames, "n_frames")
    check_positive(size, "size", "px")
    sample = sampling or partial(segment_indices, n_frames=n_frames)
    held, labels, persons, names = [], [], [], []
    for path in find_files(folder, "*_*_e0*.txt*", "the contours of Weizmann"):
        match = re.fullmatch(r"([a-z]+\d?)_([a-z]+)_e0\d\.txt(\.gz)?", path.name)
        if not match:
            continue
        outlines = _outlines(path)
        for row in np.asarray(sample(len(outlines))):
            frames = [resize(_fill(outlines[i]), size, size) for i in row]
            held.append(Held(np.stack(frames)))
            labels.append(match[1])
            persons.append(match[2])
            names.append(path.name.partition(".")[0])
    spec = ClipSpec(n_frames, size, size, ("grey",))
    return Clips(held, spec=spec, y=labels, groups=persons, names=names)


def _outlines(
    path: Path, level_wanted: float = LEVEL
) -> list[list[NDArray[np.float64]]]:
    """Return the outlines (n, 2) of one level in each frame."""
    content = path.read_bytes()
    try:
        if path.suffix == ".gz":
            unpacker = zlib.decompressobj(wbits=31)
            content = unpacker.decompress(content, MAX_BYTES)
        numbers = np.array(content.split(), dtype=np.float64)
    except (zlib.error, gzip.BadGzipFile, ValueError) as error:
        raise DataError(
            f"{path.name} must hold numbers; it cannot be read ({error}). Fetch it "
            "again."
        ) from error
    at = 0

    def take(count: float) -> NDArray[np.float64]:
        nonlocal at
        part = numbers[at : at + int(count)]
        if count < 0 or len(part) < count or not np.isfinite(part).all():
            raise DataError(
                f"frame {len(frames)} of {path.name} must hold contours; its numbers "
                f"end or are wrong after {at} of {len(numbers)}. Fetch it again."
            )
        at += int(count)
        return part

    frames: list[list[NDArray[np.float64]]] = []
    for _ in range(int(take(1)[0])):
        table = take(2 * take(1)[0]).reshape(-1, 2)
        outlines, row = [], 0
        while row < len(table):
            level, n_points = table[row]
            points = table[row + 1 : row + 1 + int(max(n_points, 0))]
            if len(points) != n_points or n_points < 1:
                raise DataError(
                    f"frame {len(frames)} of {path.name} must hold contours; one names "
                    f"{n_points:g} points and has {len(points)}. Fetch it again."
                )
            if abs(level - level_wanted) < 0.01:
                outlines.append(points)
            row += 1 + len(points)
        frames.append(outlines)
    return frames


def _fill(outlines: list[NDArray[np.float64]]) -> NDArray[np.uint8]:
    """Return a frame (SIDE, SIDE, 1) with 255 inside the outlines."""
    changes = np.zeros((SIDE, SIDE + 1), dtype=np.int64)
    rows = np.arange(SIDE)
    for points in outlines:
        x, y = points[:, 0] - FIRST_X, points[:, 1]
        x_next, y_next = np.roll(x, -1), np.roll(y, -1)
        low, high = np.minimum(y, y_next)[:, None], np.maximum(y, y_next)[:, None]
        edge, row = np.nonzero((low <= rows) & (rows < high))
        share = (row - y[edge]) / (y_next[edge] - y[edge])
        crossing = x[edge] + share * (x_next[edge] - x[edge])
        # A pixel is inside when an odd number of edges crosses its row to its right.
        n_left_of_it = np.clip(np.ceil(crossing), 0, SIDE).astype(np.intp)
        np.add.at(changes, (row, n_left_of_it), 1)
    n_right = changes.sum(axis=1, keepdims=True) - np.cumsum(changes, axis=1)
    inside: NDArray[np.uint8] = ((n_right[:, :SIDE] % 2) * 255).astype(np.uint8)
    return inside[..., None]
