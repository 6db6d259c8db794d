"""What to read: files, folders of frames, arrays and listed clips."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sensorhar._soft import require
from sensorhar._words import listing
from sensorhar.errors import DataError, MissingPackageError
from sensorhar.video._footage import Backend
from sensorhar.video._opencv import OpenCVFile
from sensorhar.video._pictures import (
    ArrayOfFrames,
    FolderOfFrames,
    is_picture,
    natural_key,
)
from sensorhar.video._pyav import PyAVFile
from sensorhar.video._whole import check_whole
from sensorhar.video.listed import ListedClip

__all__ = ["Input", "check_there", "find_inputs", "open_input"]

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
    below = _Below(Path() if root is None else Path(root))
    inputs = []
    for place, source in enumerate(sources):
        if isinstance(source, ListedClip):
            inputs.append(Input(below.find(source.path), source.path, source))
        elif isinstance(source, (str, Path)):
            inputs.append(Input(below.find(source), Path(source).as_posix()))
        else:
            inputs.append(Input(source, f"array {place}"))
    if not inputs:
        raise ValueError("read_clips needs at least one video; got an empty list.")
    return inputs


class _Below:
    """Find what a list names below a folder, also where the list leaves out folders."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._by_name: dict[str, list[Path]] | None = None

    def find(self, name: str | Path) -> Path:
        """Return the path that a list means, or the one it states if there is none."""
        stated = self.root / name
        if stated.exists() or self.root == Path():
            return stated
        if self._by_name is None:
            self._by_name = {}
            for path in self.root.rglob("*"):
                self._by_name.setdefault(path.name, []).append(path)
        found = self._by_name.get(stated.name, [])
        return found[0] if len(found) == 1 else stated


def check_there(inputs: Iterable[Input]) -> None:
    """Raise a DataError that names the files which are not there, if there are any."""
    paths = [one for one in inputs if isinstance(one.where, Path)]
    gone = [one.name for one in paths if not one.where.exists()]
    if len(gone) == 1:
        raise DataError(_say_gone(next(p for p in paths if p.name == gone[0])))
    if gone:
        raise DataError(
            f"all {len(paths)} files must be there; {len(gone)} are not: "
            f"{listing(gone)}. Correct the list or the folder it is below, or pass "
            'on_error="skip".'
        )


def _say_gone(one: Input) -> str:
    return (
        f"{one.name} is not there: {str(one.where)!r} is no file and no folder. Pass "
        "root=..., the folder of the videos, or correct the list."
    )


def open_input(
    where: Any, name: str, backend: str | None, source_rate_hz: float | None
) -> Backend:
    """Return what scans and decodes one input."""
    if not isinstance(where, Path):
        return ArrayOfFrames(where, name, source_rate_hz)
    if where.is_dir():
        if not any(is_picture(path) for path in where.iterdir()):
            raise DataError(
                f"folder {name!r} must hold pictures; it holds "
                f"{listing(p.name for p in where.iterdir()) or 'nothing'}. Pass the "
                "folder of the frames."
            )
        return FolderOfFrames(where, name, source_rate_hz)
    if not where.is_file():
        raise DataError(_say_gone(Input(where, name)))
    if where.stat().st_size == 0:
        raise DataError(f"{name} must be a video; it is empty. Fetch it again.")
    check_whole(where, name)
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


def _is_installed(package: str) -> bool:
    try:
        require(package, extra="video", purpose="decoding video")
    except MissingPackageError:
        return False
    return True


def _walk(folder: Path) -> list[Path]:
    """Return videos and folders of pictures at any depth, but for hidden ones."""
    if any(is_picture(path) for path in folder.iterdir()):
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
