"""Read the lists that data sets come with, and say which line is wrong."""

import json
from pathlib import Path
from typing import Any, NoReturn

from sensorhar._words import listing
from sensorhar.errors import DataError

__all__ = ["find_files", "read_json", "read_lines", "read_names", "refuse"]

#: Lists have at most a few hundred thousand lines; a video given by mistake is larger.
MAX_BYTES = 1 << 28


def read_text(path: str | Path) -> str:
    """Return the text of a file; DataError when it is none or not there."""
    path = Path(path)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise DataError(
                f"{path.name} must be a list of at most {MAX_BYTES >> 20} MiB; it has "
                f"{path.stat().st_size >> 20}. Pass the list, not a video."
            )
        return path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise DataError(
            f"{path.name} must be a file that can be read; got {str(path)!r} "
            f"({error.strerror}). Check the path."
        ) from error
    except UnicodeDecodeError as error:
        raise DataError(
            f"{path.name} must be text in UTF-8; byte {error.start} is not. Pass the "
            "list itself."
        ) from error


def read_lines(path: str | Path) -> list[tuple[int, str]]:
    """Return the lines that are not empty, with their numbers from 1, any line ends."""
    numbered = enumerate(read_text(path).splitlines(), start=1)
    return [(number, line.strip()) for number, line in numbered if line.strip()]


def read_names(path: str | Path) -> list[str]:
    """Return a list of names, one a line; the place is the code."""
    return [line for _, line in read_lines(path)]


def read_json(path: str | Path) -> Any:
    """Return what a JSON file holds; DataError when it is none."""
    try:
        return json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        if isinstance(error, DataError):
            raise
        raise DataError(
            f"{Path(path).name} must be JSON; it cannot be read ({error}). Fetch it "
            "again."
        ) from error


def refuse(path: str | Path, number: int, expected: str, got: str) -> NoReturn:
    """Raise a DataError that names file and line."""
    raise DataError(
        f"line {number} of {Path(path).name} must hold {expected}; got {got[:80]!r}. "
        "Correct it, or fetch the list again."
    )


def find_files(folder: str | Path, pattern: str, what: str) -> list[Path]:
    """Return the files of a pattern in a folder, sorted; DataError when none."""
    folder = Path(folder)
    found = sorted(folder.glob(pattern)) if folder.is_dir() else []
    if not found:
        beside = [p.name for p in folder.iterdir()] if folder.is_dir() else []
        raise DataError(
            f"{str(folder)!r} must be a folder with {what} ({pattern}); it holds "
            f"{listing(beside) or 'nothing'}. Pass the folder of the lists."
        )
    return found
