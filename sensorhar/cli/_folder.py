"""Recordings in a folder, with the labels that lie beside them."""

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sensorhar import Recording

__all__ = [
    "LABELS",
    "find_events_file",
    "read_labelled",
    "recording_files",
    "subject_of",
]

#: Endings of files in a folder that are taken for recordings.
ENDINGS = (
    *(".npz", ".csv", ".tsv", ".csv.gz", ".tsv.gz", ".zip", ".xdf", ".cwa", ".bin"),
    *(".gt3x", ".gpx", ".plt", ".cbor"),
)
#: Endings that name the labels of the recording beside them.
LABELS = (
    *("_labels.csv", ".events.csv", "_labels.txt", "_labels.eaf", "_labels.json"),
)
#: Neither recordings nor labels: the demo writes such, and so may a user.
PREDICTED = "predicted.csv"


def recording_files(folder: Path) -> list[Path]:
    """Return the recordings of a folder in order, or raise."""
    files = sorted(
        path
        for path in folder.iterdir()
        if path.is_file()
        and not path.name.startswith(".")
        and path.name.endswith(ENDINGS)
        and not path.name.endswith((*LABELS, PREDICTED))
    )
    if not files:
        raise FileNotFoundError(
            f"{folder} must hold recordings ({', '.join(ENDINGS)}); got none among "
            f"{len(list(folder.iterdir()))} entries. Save recordings there with "
            "recording.save, or name another folder."
        )
    return files


def read_labelled(path: Path) -> "Recording":
    """Read one recording; add the labels beside it, and the subject of its name."""
    from sensorhar import Recording, Windows, read, read_events
    from sensorhar.errors import DataError

    found = read(path)
    if isinstance(found, Windows):
        raise DataError(
            f"{path.name} must be a recording; it holds windows. Move it elsewhere, or "
            f"name it alone: {path}."
        )
    beside = find_events_file(path)
    return Recording(
        found.streams,
        name=found.name or _stem(path),
        subject=found.subject or subject_of(path),
        events=found.events
        if beside is None
        else read_events(beside, start=found.start),
        start=found.start,
        metadata=found.metadata,
    )


def find_events_file(path: Path) -> Path | None:
    """Return the file of labels beside a recording, if there is one."""
    for ending in LABELS:
        beside = path.with_name(_stem(path) + ending)
        if beside.is_file():
            return beside
    return None


def subject_of(path: Path) -> str:
    """Return who a file is of: its name up to the first ``_`` or ``-``."""
    return _stem(path).replace("-", "_").partition("_")[0] or _stem(path)


def _stem(path: Path) -> str:
    """Return the file name without its ending, be it double."""
    for ending in sorted(ENDINGS, key=len, reverse=True):
        if path.name.endswith(ending):
            return path.name.removesuffix(ending)
    return path.stem
