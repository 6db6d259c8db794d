"""Turn a recording into the file that a user named, with its labels beside it."""

from pathlib import Path
from typing import TYPE_CHECKING

from sensorhar.cli._folder import LABELS

if TYPE_CHECKING:
    from sensorhar import Recording

__all__ = ["LOG_ENDING", "export_paths", "is_export", "write_export"]

#: Ending of logs, which grow while recording.
LOG_ENDING = ".sensorlog"
#: What a log can be turned into.
ENDINGS = (".npz", ".csv", ".parquet", ".xdf")


def is_export(path: Path) -> bool:
    """Return whether a log is to be turned into this file."""
    return path.suffix in ENDINGS


def export_paths(path: Path) -> list[Path]:
    """Return what will be written: the file, and labels that it cannot hold."""
    if path.suffix == ".csv":
        return [path, path.with_name(f"{path.stem}{LABELS[0]}")]
    return [path]


def write_export(recording: "Recording", path: Path, *, force: bool) -> list[Path]:
    """Write a recording in the format of the ending; return what was written."""
    from sensorhar.io import write_events
    from sensorhar.io.export import export

    written = [export(recording, path, overwrite=force)]
    if recording.events is not None:
        written += [
            write_events(recording.events, beside, overwrite=force)
            for beside in export_paths(path)[1:]
        ]
    return written
