"""Read plain tables of numbers, gzipped or not, as published sets use them."""

import io
import zlib
from gzip import decompress as gunzip
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sensorhar.datasets._readings import is_number
from sensorhar.errors import DataError

__all__ = ["read_numbers"]

WIDTH = 16

#: 10 to this power, and no higher, is exact as a float64.
MAX_EXACT_POWER = 22


def read_numbers(path: Path, n_columns: int) -> NDArray[np.float64]:
    """Read numbers separated by blanks.

    Parameters
    ----------
    path : Path
        The file; when it is not there, the same with ``.gz`` is read.
    n_columns : int
        Numbers in each line.

    Returns
    -------
    array of shape (n_rows, n_columns), float64
        The numbers.

    Raises
    ------
    DataError
        When the file is missing, empty, damaged or not of that many columns.
    """
    import pandas as pd

    packed = path.with_name(path.name + ".gz")
    if not path.exists() and not packed.exists():
        raise DataError(
            f"{path.parent} must hold {path.name} or {packed.name}; it does not. The "
            "data set is incomplete: fetch it again."
        )
    try:
        content = path.read_bytes() if path.exists() else gunzip(packed.read_bytes())
        fast = _fixed_width(content, n_columns)
        if fast is not None:
            return fast
        table = pd.read_csv(
            io.BytesIO(content),
            sep=r"\s+",
            header=None,
            dtype=np.float64,
            low_memory=False,
        )
    except (ValueError, EOFError, OSError, zlib.error) as error:
        raise DataError(
            f"{path} must hold {n_columns} numbers a line; it cannot be read "
            f"({error}). Fetch the data set again."
        ) from error
    numbers = table.to_numpy()
    if numbers.shape[1] != n_columns or not is_number(numbers).all():
        raise DataError(
            f"{path} must hold {n_columns} numbers a line; got {numbers.shape[1]} "
            "or lines that are too short, or numbers too large for a sensor. Fetch the "
            "data set again."
        )
    return numbers


def _fixed_width(content: bytes, n_columns: int) -> NDArray[np.float64] | None:
    """Read fields such as ``-1.2345678e-001``, each after a blank or its own sign.

    The numbers of UCI HAR are written so, 12 million of them. Read all at once they
    cost half of what a parser takes; None when anything is written otherwise.
    """
    n_eol = 2 if content[-2:] == b"\r\n" else 1
    n_line = WIDTH * n_columns + n_eol
    if not content or len(content) % n_line:
        return None
    lines = np.frombuffer(content, dtype=np.uint8).reshape(-1, n_line)
    fields = lines[:, :-n_eol].reshape(-1, WIDTH)
    digits = fields - ord("0")  # others wrap around to beyond 9
    is_minus, is_small = fields[:, 1] == ord("-"), fields[:, 12] == ord("-")
    is_written_so = (
        (lines[:, -1] == ord("\n")).all()
        and (fields[:, 0] == ord(" ")).all()
        and (is_minus | (fields[:, 1] == ord(" "))).all()
        and (fields[:, 3] == ord(".")).all()
        and (fields[:, 11] == ord("e")).all()
        and (is_small | (fields[:, 12] == ord("+"))).all()
        and all((digits[:, at] <= 9).all() for at in (2, *range(4, 11), 13, 14, 15))
    )
    if not is_written_so:
        return None
    mantissa = digits[:, 2].astype(np.int64)
    for at in range(4, 11):
        mantissa *= 10
        mantissa += digits[:, at]
    power = digits[:, 13] * np.int64(100) + digits[:, 14] * np.int64(10) + digits[:, 15]
    power = np.where(is_small, -power, power) - 7
    if np.abs(power).max() > MAX_EXACT_POWER:
        return None
    # Both are exact, so one multiplication or division rounds once, as a parser does.
    scale = np.array([10.0**k for k in range(MAX_EXACT_POWER + 1)])[np.abs(power)]
    values = np.where(power < 0, mantissa / scale, mantissa * scale)
    values[is_minus] *= -1.0
    table: NDArray[np.float64] = values.reshape(-1, n_columns)
    return table
