"""Text into a new file, never over an old one unasked."""

import json
import math
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

__all__ = ["json_text", "write_text"]


def json_text(value: Any) -> str:
    """Write plain values as JSON that people can read too.

    NaN becomes null, for JSON knows no NaN, and a list of numbers stays on one line.

    Parameters
    ----------
    value : dict, list, str, number or None
        Nested as one likes.

    Returns
    -------
    str
        With a final newline.

    Examples
    --------
    >>> print(json_text({"f1": float("nan"), "counts": [[3, 1], [0, 4]]}), end="")
    {
     "f1": null,
     "counts": [
      [3, 1],
      [0, 4]
     ]
    }
    """
    text = json.dumps(
        _without_nan(value), indent=1, allow_nan=False, ensure_ascii=False
    )

    def join(match: re.Match[str]) -> str:
        # JSON has no line break inside a string, so none is lost from one.
        inner = re.sub(r"(?<=\[)\n\s*|\n\s*(?=\])", "", match[0])
        return re.sub(r"\n\s*", " ", inner)

    return re.sub(r"\[[^\[\]{}]*\]", join, text) + "\n"


def write_text(path: str | Path, text: str, *, overwrite: bool = False) -> Path:
    """Write text as UTF-8.

    Parameters
    ----------
    path : str or Path
        File to write; its folder must exist.
    text : str
        What to write.
    overwrite : bool, default=False
        Whether a file of that name may be replaced.

    Returns
    -------
    Path
        Where it lies.

    Raises
    ------
    FileExistsError
        When the file exists and must not be replaced.

    Examples
    --------
    >>> import tempfile
    >>> folder = tempfile.TemporaryDirectory()
    >>> write_text(f"{folder.name}/report.md", "# Report").name
    'report.md'
    >>> folder.cleanup()
    """
    path = Path(path)
    if path.exists() and not overwrite:
        raise FileExistsError(
            f"{path} exists. Choose another name, or pass overwrite=True."
        )
    path.write_text(text, encoding="utf-8")
    return path


def _without_nan(value: Any) -> Any:
    """Replace NaN by None throughout."""
    if isinstance(value, float):
        return None if math.isnan(value) else value
    if isinstance(value, Mapping):
        return {key: _without_nan(v) for key, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_without_nan(v) for v in value]
    return value
