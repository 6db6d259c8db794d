"""Read tables of numbers in which some may be missing, or only some are wanted."""

import csv
import io
import zlib
from collections.abc import Sequence
from gzip import decompress as gunzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar.datasets._readings import is_number
from sensorhar.errors import DataError

__all__ = ["read_bytes", "read_table"]


def read_bytes(path: Path) -> bytes:
    """Return the content of a file, or of the same with ``.gz``, unpacked.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    bytes
        Its content.

    Raises
    ------
    DataError
        When neither is there, or the packed one is damaged.
    """
    packed = path.with_name(path.name + ".gz")
    if path.is_file():
        return path.read_bytes()
    if not packed.is_file():
        raise DataError(
            f"{path.parent} must hold {path.name} or {packed.name}; it does not. The "
            "data set is incomplete: fetch it again."
        )
    try:
        return gunzip(packed.read_bytes())
    except (EOFError, OSError, zlib.error) as error:
        raise DataError(
            f"{packed} must be a whole gzip file; it cannot be unpacked ({error}). "
            "Fetch the data set again."
        ) from error


def read_table(
    path: Path,
    n_columns: int,
    *,
    separator: str | None = None,
    columns: Sequence[int] | None = None,
    may_miss: bool = False,
) -> NDArray[np.float64]:
    """Read numbers, or some columns of them.

    Parameters
    ----------
    path : Path
        The file; when it is not there, the same with ``.gz`` is read.
    n_columns : int
        Numbers in each line.
    separator : str or None, default=None
        What lies between numbers; None means blanks.
    columns : sequence of int or None, default=None
        Which to return, increasing, counted from 0; None means all.
    may_miss : bool, default=False
        Whether ``NaN`` may stand for a number.

    Returns
    -------
    array of shape (n_rows, n_chosen), float64
        The numbers.

    Raises
    ------
    DataError
        When the file is missing, empty, damaged or not of that many columns, or
        lacks numbers that it must not.
    """
    import pandas as pd

    content = read_bytes(path)
    wanted = list(range(n_columns)) if columns is None else list(columns)
    lines = content.rstrip()
    for line in (
        lines[: lines.find(b"\n") + 1 or None],
        lines[lines.rfind(b"\n") + 1 :],
    ):
        n_fields = len(line.decode("latin-1").split(separator))
        if n_fields != n_columns or not line.strip():
            raise DataError(
                f"{path} must hold {n_columns} numbers a line; got {n_fields} in "
                f"{line.strip()[:40]!r}. Fetch the data set again."
            )
    try:
        # All columns are parsed, for pandas forgives long lines when some are chosen.
        table = pd.read_csv(
            io.BytesIO(content),
            sep=separator or r"\s+",
            header=None,
            dtype=np.float64,
            low_memory=False,
            quoting=csv.QUOTE_NONE,
        ).to_numpy()[:, wanted]
    except (ValueError, OverflowError) as error:
        raise DataError(
            f"{path} must hold {n_columns} numbers a line; it cannot be read "
            f"({error}). Fetch the data set again."
        ) from error
    bad = ~is_number(table)
    if may_miss:
        bad &= ~np.isnan(table)
    if bad.any():
        row, column = (int(i) for i in np.argwhere(bad)[0])
        raise DataError(
            f"{path} must hold {n_columns} numbers a line, of a sensor's size; got "
            f"{float(table[row, column])!r} in row {row + 1}, column "
            f"{wanted[column] + 1}. Fetch the data set again."
        )
    return table
