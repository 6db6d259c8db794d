"""Marks that a person set while recording, and labels of rows, as intervals."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

__all__ = ["label_stretches", "mark_label", "marks_until_next"]


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


def label_stretches(
    labels: Sequence[str], times: NDArray[np.int64] | NDArray[np.float64]
) -> tuple[list[int], list[int], list[str]]:
    """Return first row, last row and label of each stretch of rows with one label.

    A stretch lasts to the first row of the next one, the last to the last row. Those
    without a label, or that no time passes in, are none.
    """
    words = np.asarray(labels, dtype=object)
    edges: list[int] = (np.flatnonzero(words[1:] != words[:-1]) + 1).tolist()
    found = [
        (begin, min(stop, len(times) - 1), str(words[begin]))
        for begin, stop in pairwise([0, *edges, len(words)])
        if stop > begin
    ]
    kept = [row for row in found if row[2] and times[row[1]] > times[row[0]]]
    return (
        [begin for begin, _, _ in kept],
        [stop for _, stop, _ in kept],
        [word for _, _, word in kept],
    )
