"""Marks that a person set while recording, as labelled intervals."""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["mark_label", "marks_until_next"]


def mark_label(text: str) -> str:
    """Return a text as a label: words in lower case joined by ``_``."""
    return re.sub(r"\W+", "_", text.lower()).strip("_")


def marks_until_next(
    marks: Sequence[tuple[int, str]], last_ns: int
) -> tuple[list[int], list[int], list[str]] | None:
    """Return starts, stops and labels: each mark holds until the next one.

    A mark without words ends the one before and starts nothing.
    """
    stops = [*(stamp for stamp, _ in marks), last_ns][1:]
    rows = [
        (start, stop, mark_label(text))
        for (start, text), stop in zip(marks, stops, strict=False)
        if stop > start and mark_label(text)
    ]
    if not rows:
        return None
    starts, ends, labels = (list(column) for column in zip(*rows, strict=True))
    return starts, ends, labels
