"""What to read: files, folders of frames, arrays and listed clips, with labels."""

import csv
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sensorhar._soft import require
from sensorhar._words import listing
from sensorhar.errors import DataError, MissingPackageError
from sensorhar.video._footage import Backend
from sensorhar.video._lines import read_text
from sensorhar.video._opencv import OpenCVFile
from sensorhar.video._pictures import (
    PICTURES,
    ArrayOfFrames,
    FolderOfFrames,
    natural_key,
)
from sensorhar.video._pyav import PyAVFile
from sensorhar.video.listed import ListedClip

__all__ = ["Input", "find_inputs", "name_values", "open_input"]

#: Endings taken for video when a folder is searched; a file given by name is tried
#: whatever its ending.
VIDEOS = (
    ".3gp", ".avi", ".flv", ".gif", ".h264", ".hevc", ".m2ts", ".m4v", ".mkv", ".mov",
    ".mp4", ".mpeg", ".mpg", ".mts", ".ogv", ".ts", ".webm", ".wmv",
)  # fmt: skip

BACKENDS = ("av", "opencv")


@dataclass(frozen=True)
class Input:
    """One video to be read: where it is, what to call it, and what a list says."""

    where: Any
    name: str
    listed: ListedClip | None = None


def find_inputs(sources: Any, root: str | Path | None) -> list[Input]:
    """Return the videos in a folder, or those that a list names."""
    if isinstance(sources, (str, Path)):
        path = Path(sources)
        if not path.is_dir():
            return [Input(path, path.name)]
        found = sorted(_walk(path), key=lambda p: natural_key(p.as_posix()))
        if not found:
            raise DataError(
                f"folder {str(path)!r} must hold videos or folders of pictures; it "
                f"holds {listing(p.name for p in path.iterdir()) or 'nothing'}. Pass "
                "the folder of the videos."
            )
        return [Input(p, p.relative_to(path).as_posix() or p.name) for p in found]
    below = Path() if root is None else Path(root)
    inputs = []
    for place, source in enumerate(sources):
        if isinstance(source, ListedClip):
            inputs.append(Input(below / source.path, source.path, source))
        elif isinstance(source, (str, Path)):
            inputs.append(Input(below / source, Path(source).as_posix()))
        else:
            inputs.append(Input(source, f"array {place}"))
    if not inputs:
        raise ValueError("read_clips needs at least one video; got an empty list.")
    return inputs


def open_input(
    where: Any, name: str, backend: str | None, source_rate_hz: float | None
) -> Backend:
    """Return what scans and decodes one input."""
    if not isinstance(where, Path):
        return ArrayOfFrames(where, name, source_rate_hz)
    if where.is_dir():
        if not any(_is_picture(path) for path in where.iterdir()):
            raise DataError(
                f"folder {name!r} must hold pictures; it holds "
                f"{listing(p.name for p in where.iterdir()) or 'nothing'}. Pass the "
                "folder of the frames."
            )
        return FolderOfFrames(where, name, source_rate_hz)
    if not where.is_file():
        raise DataError(
            f"{name} is not there: {str(where)!r} is no file and no folder. Pass "
            "root=..., the folder of the videos, or correct the list."
        )
    if where.stat().st_size == 0:
        raise DataError(f"{name} must be a video; it is empty. Fetch it again.")
    if where.suffix == ".npy":
        try:
            values = np.load(where, mmap_mode="r", allow_pickle=False)
        except (ValueError, OSError, EOFError) as error:
            raise DataError(
                f"{name} must be an array of numbers; it cannot be read ({error})."
            ) from error
        return ArrayOfFrames(values, name, source_rate_hz)
    if backend == "opencv":
        return OpenCVFile(where, name)
    if backend == "av" or _is_installed("av") or not _is_installed("cv2"):
        return PyAVFile(where, name)
    return OpenCVFile(where, name)


def name_values(
    given: Any, inputs: Sequence[Input], column: str
) -> list[str | None] | None:
    """Return the label, or the group, of each input, or None when there are none.

    ``given`` is None, "folder", a mapping by name, the path of a csv file, a function
    of the name, or one for each.
    """
    if given is None:
        listed = [one.listed for one in inputs]
        if column == "label":
            found = [None if clip is None else clip.label for clip in listed]
        else:
            found = [None if clip is None else clip.group or None for clip in listed]
        return found if any(value is not None for value in found) else None
    if isinstance(given, str) and given == "folder":
        return [_parent(one) for one in inputs]
    if isinstance(given, (str, Path)):
        table = _csv_column(Path(given), column)
        if table is None:
            return None
        return _look_up(table, inputs, f"{Path(given).name} has no {column} for")
    if isinstance(given, Mapping):
        table = {str(key): str(value) for key, value in given.items()}
        return _look_up(table, inputs, f"{column}s has none for")
    if callable(given):
        function: Callable[[str], Any] = given
        answers = [function(one.name) for one in inputs]
        return [None if answer is None else str(answer) for answer in answers]
    values = [None if value is None else str(value) for value in given]
    if len(values) != len(inputs):
        raise ValueError(
            f"{column}s must have one for each of {len(inputs)} videos; got "
            f"{len(values)}. They are read in the order of their names."
        )
    return values


def _look_up(
    table: Mapping[str, str], inputs: Iterable[Input], message: str
) -> list[str | None]:
    found, missing = [], []
    for one in inputs:
        path = Path(one.name)
        keys = (one.name, path.name, path.with_suffix("").as_posix(), path.stem)
        key = next((key for key in keys if key in table), None)
        if key is None:
            missing.append(one.name)
        found.append(None if key is None else table[key])
    if missing:
        raise ValueError(
            f"{message} {listing(missing)}, of {len(found)} videos. Add them, or leave "
            "those videos out."
        )
    return found


def _csv_column(path: Path, column: str) -> dict[str, str] | None:
    """Return one column of a csv file by its first; None when it has no such."""
    rows = [row for row in csv.reader(read_text(path).splitlines()) if row]
    header = [word.strip().lower() for word in rows[0]] if rows else []
    if len(header) < 2 or "label" not in header[1:]:
        raise DataError(
            f"{path.name} must have a header 'file,label' or 'file,label,group'; got "
            f"{','.join(header)!r}. Add it."
        )
    if column not in header:
        return None
    at = header.index(column)
    table = {}
    for number, row in enumerate(rows[1:], start=2):
        if len(row) != len(header):
            raise DataError(
                f"row {number} of {path.name} must have {len(header)} columns; got "
                f"{','.join(row)[:80]!r}. Quote names that hold commas."
            )
        table[row[0].strip()] = row[at].strip()
    return table


def _parent(one: Input) -> str:
    path = one.where if isinstance(one.where, Path) else Path()
    if not path.parent.name:
        raise ValueError(
            f'"folder" takes the folder of each video for its label; {one.name!r} has '
            "none. Pass the labels."
        )
    return path.parent.name


def _is_installed(package: str) -> bool:
    try:
        require(package, extra="video", purpose="decoding video")
    except MissingPackageError:
        return False
    return True


def _is_picture(path: Path) -> bool:
    return path.suffix.lower() in PICTURES and not path.name.startswith(".")


def _walk(folder: Path) -> list[Path]:
    """Return videos and folders of pictures at any depth, but for hidden ones."""
    if any(_is_picture(path) for path in folder.iterdir()):
        return [folder]
    found = []
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir():
            found += _walk(path)
        elif path.suffix.lower() in VIDEOS:
            found.append(path)
    return found
