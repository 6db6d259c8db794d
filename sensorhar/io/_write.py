"""Write text files whole or not at all, and never over another by accident."""

import os
from pathlib import Path

__all__ = ["refuse_to_replace", "write_whole"]


def refuse_to_replace(path: Path, overwrite: bool) -> None:
    """Raise a FileExistsError when a file is there and must stay."""
    if path.exists() and not overwrite:
        raise FileExistsError(
            f"{path} exists. Choose another name, or pass overwrite=True."
        )


def write_whole(path: Path, text: str) -> None:
    """Write a text file whole or not at all."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    try:
        part.write_text(text, encoding="utf-8", newline="\n")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
