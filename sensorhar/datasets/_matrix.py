"""Take one matrix of numbers from a MATLAB file."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.datasets._matlab import read_matlab
from sensorhar.errors import DataError

__all__ = ["read_matrix"]


def read_matrix(path: Path, name: str, n_columns: int) -> NDArray[Any]:
    """Read a matrix of a known width.

    Parameters
    ----------
    path : Path
        The file.
    name : str
        Name of the variable in it.
    n_columns : int
        Width it must have.

    Returns
    -------
    array of shape (n_rows, n_columns)
        Finite numbers, at least one row.

    Raises
    ------
    DataError
        When the file is missing or cannot be read, or does not hold such a matrix.
    """
    if not path.is_file():
        raise DataError(
            f"{path.parent} must hold {path.name}; it does not. The data set is "
            "incomplete: fetch it again."
        )
    found = read_matlab(path)
    if name not in found:
        raise DataError(
            f"{path.name} must hold numbers called {name!r}; it holds "
            f"{listing(key for key in found if key[:2] != '__') or 'none'}. Fetch the "
            "data set again."
        )
    matrix = np.asarray(found[name])
    is_numbers = matrix.ndim == 2 and matrix.dtype.kind in "iuf" and len(matrix) > 0
    if not is_numbers or matrix.shape[1] != n_columns:
        raise DataError(
            f"{name} in {path.name} must be a matrix of {n_columns} columns of "
            f"numbers; got shape {matrix.shape} of {matrix.dtype!s}. Fetch the data "
            "set again."
        )
    return matrix
