"""What commands print, and the check that nothing is overwritten."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

__all__ = ["check_free", "print_json", "print_table", "say"]


def say(text: str, *, quiet: bool = False, style: str = "") -> None:
    """Tell a person what happens, on the error stream, so that results stay clean."""
    if quiet:
        return
    from rich.console import Console

    console = Console(stderr=True, highlight=False)
    console.print(text, style=style or None, markup=False, soft_wrap=True)


def print_json(value: Any) -> None:
    """Print one JSON document on the output stream."""
    from sensorhar.evaluation.write import json_text

    print(json_text(value), end="")


def print_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Print rows of words under a header, numbers to the right.

    A line wider than the terminal is left to it: broken by the terminal it can still
    be copied whole, broken here it could not.
    """
    columns = []
    for name, *words in zip(header, *rows, strict=True):
        size = max(map(len, (name, *words)))
        is_right = bool(words) and all(w[:1].isdigit() or w == "-" for w in words)
        pad = str.rjust if is_right else str.ljust
        columns.append([pad(word, size) for word in (name, *words)])
    for line in zip(*columns, strict=True):
        print("  ".join(line).rstrip())


def check_free(*paths: Path | None, force: bool) -> None:
    """Raise unless each file can be written: its folder there, the name free."""
    for path in paths:
        if path is None:
            continue
        if path.is_dir():
            raise IsADirectoryError(f"{path} is a folder; a file name is needed.")
        if path.exists() and not force:
            raise FileExistsError(
                f"{path} exists. Choose another name, or pass --force."
            )
        if not path.parent.is_dir():
            raise FileNotFoundError(
                f"{path} cannot be written: there is no folder {path.parent}. Make it "
                "first."
            )
