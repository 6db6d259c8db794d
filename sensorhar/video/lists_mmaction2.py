"""The list and proposal files of MMAction2."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar.errors import DataError
from sensorhar.video._lines import read_json, read_lines, read_names, refuse
from sensorhar.video.listed import ListedClip

__all__ = ["ProposedVideo", "read_mmaction2", "read_mmaction2_proposals"]

#: Numbers between path and labels, by kind of list.
_KINDS = {"video": (), "frames": ("n",), "frames_with_offset": ("offset", "n")}


@dataclass(frozen=True)
class ProposedVideo:
    """A video with the segments that a proposal file states.

    Parameters
    ----------
    name : str
        As the file names it.
    n_frames : int
        As the file states it; lists normalised to the length may say 1.
    rate_hz : float
        Frames per second, or 1.
    truth : array of shape (n_truth, 3)
        Code of the class, start, stop.
    proposals : array of shape (n_proposals, 5)
        Code of the class that fits best, intersection over union with it, overlap with
        the proposal itself, start, stop.
    """

    name: str
    n_frames: int
    rate_hz: float
    truth: NDArray[np.float64]
    proposals: NDArray[np.float64]


def read_mmaction2(
    path: str | Path,
    *,
    kind: str = "video",
    labels: str | Path | Sequence[str] | None = None,
) -> list[ListedClip]:
    """Read a list of videos or of folders of frames.

    ::

        video                some/clip.mp4 3         path, one or more codes
        frames               some/folder 120 3       path, frames, codes
        frames_with_offset   some/folder 10 120 3    path, first, frames, codes

    Lists that end in ``.json`` hold objects with ``filename`` or ``frame_dir``,
    ``total_frames`` and ``label``, whatever the kind.

    Parameters
    ----------
    path : str or Path
        The list.
    kind : {"video", "frames", "frames_with_offset"}, default="video"
        What stands in its lines, which the numbers alone do not tell.
    labels : str, Path, sequence of str or None, default=None
        Names of the classes in order, or a file with one a line. None leaves the codes,
        as words.

    Returns
    -------
    list of ListedClip
        In the order of the list.

    Raises
    ------
    DataError
        When a line is not of this kind, or a code is beyond the labels.
    ValueError
        When the kind is unknown.

    References
    ----------
    MMAction2 0.24.1 and 1.2.0, documentation of the annotation files.
    """
    check_choice(kind, "kind", _KINDS)
    if isinstance(labels, (str, Path)):
        labels = read_names(labels)
    if Path(path).suffix == ".json":
        return _json_list(path, labels)
    clips = []
    n_numbers = len(_KINDS[kind])
    for number, line in read_lines(path):
        words = line.split()
        # A path may hold blanks: numbers are counted from the end when there is one
        # label, which is the rule; several labels need a path without blanks.
        n_tail = 0
        while n_tail < len(words) - 1 and words[-1 - n_tail].isdecimal():
            n_tail += 1
        if n_tail < n_numbers + 1:
            wanted = ("a path",) + ("a number",) * n_numbers + ("codes of labels",)
            refuse(path, number, ", ".join(wanted), line)
        tail = [int(word) for word in words[len(words) - n_tail :]]
        stated = dict(zip(_KINDS[kind], tail, strict=False))
        clips.append(
            ListedClip(
                " ".join(words[: len(words) - n_tail]),
                _names(tail[n_numbers:], labels, f"line {number}", path),
                first_frame=stated.get("offset", 0),
                n_frames=stated.get("n"),
            )
        )
    return clips


def read_mmaction2_proposals(path: str | Path) -> list[ProposedVideo]:
    """Read a proposal file of SSN, in frames or normalised to the length.

    Parts begin with ``# number``; then name, frames, frames per second, the number of
    true segments and a line for each, the number of proposals and a line for each::

        # 0
        some/folder
        5
        1
        1
        3 0.2000 0.4000                    class start stop
        1
        3 0.5000 0.5000 0.2000 0.6000      class iou overlap start stop

    Parameters
    ----------
    path : str or Path
        The file.

    Returns
    -------
    list of ProposedVideo
        In the order of the file.

    Raises
    ------
    DataError
        When a line is not as described.

    References
    ----------
    Y. Zhao et al., Temporal Action Detection with Structured Segment Networks, ICCV
    2017, and its published lists.
    """
    lines = read_lines(path)
    videos: list[ProposedVideo] = []
    at = 0

    def take(expected: str) -> tuple[int, str]:
        nonlocal at
        if at >= len(lines):
            last = lines[-1][0] if lines else 0
            raise DataError(
                f"{Path(path).name} ends after line {last} where {expected} must "
                "follow. Fetch the list again."
            )
        at += 1
        return lines[at - 1]

    def number_of(expected: str) -> float:
        number, line = take(expected)
        try:
            value = float(line)
        except ValueError:
            value = -1.0
        if not 0 <= value < 1e9:
            refuse(path, number, expected, line)
        return value

    def rows(n_rows: int, n_columns: int, expected: str) -> NDArray[np.float64]:
        table = []
        for _ in range(n_rows):
            number, line = take(expected)
            try:
                row = [float(word) for word in line.split()]
            except ValueError:
                row = []
            if len(row) != n_columns:
                refuse(path, number, expected, line)
            table.append(row)
        return np.array(table).reshape(n_rows, n_columns)

    while at < len(lines):
        number, line = take("'# number'")
        if not line.startswith("#"):
            refuse(path, number, "'# number' before the next video", line)
        _, name = take("the name of a video")
        n_frames = number_of("a number of frames")
        rate_hz = number_of("frames per second")
        n_truth = int(number_of("a number of true segments"))
        truth = rows(n_truth, 3, "class, start and stop")
        n_proposals = int(number_of("a number of proposals"))
        proposals = rows(n_proposals, 5, "class, iou, overlap, start and stop")
        videos.append(ProposedVideo(name, int(n_frames), rate_hz, truth, proposals))
    return videos


def _json_list(path: str | Path, labels: Sequence[str] | None) -> list[ListedClip]:
    table = read_json(path)
    clips = []
    for place, entry in enumerate(table if isinstance(table, list) else [table]):
        fields: dict[str, Any] = entry if isinstance(entry, dict) else {}
        names = [fields.get(key) for key in ("filename", "frame_dir", "video_dir")]
        name = next((name for name in names if isinstance(name, str)), None)
        codes = fields.get("label", [])
        if isinstance(codes, dict):  # several sorts of labels, as in HVU
            labels_here = tuple(
                f"{sort}:{code}" for sort, group in codes.items() for code in group
            )
        else:
            codes = codes if isinstance(codes, list) else [codes]
            if not all(isinstance(code, int) for code in codes):
                name = None
                codes = []
            labels_here = _names(codes, labels, f"entry {place}", path)
        n_frames = fields.get("total_frames")
        if name is None or not isinstance(n_frames, (int, type(None))):
            raise DataError(
                f"entry {place} of {Path(path).name} must have 'filename' or "
                f"'frame_dir', and whole numbers as 'label' and 'total_frames'; got "
                f"{str(entry)[:80]!r}. Correct it."
            )
        clips.append(ListedClip(name, labels_here, n_frames=n_frames))
    return clips


def _names(
    codes: list[int], labels: Sequence[str] | None, where: str, path: str | Path
) -> tuple[str, ...]:
    """Return the names of codes; DataError for a code that has none."""
    if labels is None:
        return tuple(str(code) for code in codes)
    unknown = [code for code in codes if not 0 <= code < len(labels)]
    if unknown:
        raise DataError(
            f"{where} of {Path(path).name} must hold codes below {len(labels)}, one a "
            f"label; got {unknown[0]}. Pass the labels of this list."
        )
    return tuple(labels[code] for code in codes)
