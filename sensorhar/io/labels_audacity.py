"""Labels made with Audacity: a text file of start, stop and label."""

from __future__ import annotations

import math
import re
import warnings
from pathlib import Path

from sensorhar.data.events import Events
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source

__all__ = ["is_audacity", "read_audacity"]

_NUMBER = r"-?\d+(?:[.,]\d*)?(?:[eE][-+]?\d+)?"
_ROW = re.compile(rf"({_NUMBER})\t({_NUMBER})(?:\t(.*))?")


def is_audacity(source: Source) -> bool:
    """Return whether a file is a label track, by its first line.

    Parameters
    ----------
    source : Source
        The start of the file.

    Returns
    -------
    bool
        Whether it begins with two numbers and a label, separated by tabs.
    """
    for line in source.text.splitlines():
        if line.strip():
            return _ROW.fullmatch(line.strip("\r\n")) is not None
    return False


def read_audacity(path: str | Path) -> Events:
    r"""Read a label track exported by Audacity, in s from the start of the audio.

    Each line is start, stop and label, separated by tabs; lines that begin with a
    backslash tell the frequencies of a spectral selection and are passed over. Labels
    of a point in time have no duration and are left out.

    Parameters
    ----------
    path : str or Path
        The ``.txt`` file.

    Returns
    -------
    Events
        One for each label of a region.

    Raises
    ------
    DataError
        When the file is broken; it names line and column.

    Warns
    -----
    SensorharWarning
        When labels without a text or a duration were left out.

    References
    ----------
    Audacity manual, "Importing and Exporting Labels".

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "labels.txt"
    ...     _ = path.write_text("0.0\t6.0\twalking\n6.0\t9.5\tsitting\n")
    ...     read_audacity(path)
    <Events 2 in 9.5 s | sitting 1, walking 1>
    """
    source = Source(Path(path))
    text = source.read().decode("utf-8-sig", errors="replace")
    start, stop, labels = [], [], []
    n_left_out = 0
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("\\"):
            continue
        found = _ROW.fullmatch(line)
        times = (
            [float(found[i].replace(",", ".")) for i in (1, 2)] if found else [math.nan]
        )
        if found is None or not all(math.isfinite(time) for time in times):
            raise DataError(
                f"line {number} of {source.name} must be start, stop and label, "
                f"separated by tabs; {_fault(line)}. Export the labels again."
            )
        label = (found[3] or "").strip()
        if not label or times[1] <= times[0]:
            n_left_out += 1
            continue
        start.append(times[0])
        stop.append(times[1])
        labels.append(label)
    if n_left_out:
        warnings.warn(
            f"labels of {source.name} must have a text and a duration; {n_left_out} of "
            f"{n_left_out + len(labels)} have not and were left out. Drag a region in "
            "place of a point.",
            SensorharWarning,
            stacklevel=2,
        )
    return Events(start, stop, labels)


def _fault(line: str) -> str:
    """Say which column is wrong."""
    fields = line.split("\t")
    for column, field in enumerate(fields[:2], start=1):
        if not re.fullmatch(_NUMBER, field):
            return f"column {column} holds {field[:40]!r}"
    return f"got {line[:60]!r}"
