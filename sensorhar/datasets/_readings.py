"""Turn the numbers of a published file into readings in SI."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.errors import DataError
from sensorhar.units import to_si

__all__ = ["as_readings", "is_number"]

#: No reading is as large, nor is a time in nanoseconds before 2116. Numbers below it
#: fit into int64 and float32, in whatever unit they are.
LARGEST = 2.0**62


def is_number(values: NDArray[Any]) -> NDArray[np.bool_]:
    """Tell numbers of files from missing ones and from those too large for any.

    Parameters
    ----------
    values : array
        Numbers as in the file.

    Returns
    -------
    array of bool, of the same shape
        Where a number is.
    """
    found: NDArray[np.bool_] = np.abs(values) < LARGEST
    return found


def as_readings(values: NDArray[Any], unit: str, called: str) -> NDArray[np.float32]:
    """Convert to SI and to single precision, once.

    Parameters
    ----------
    values : array of shape (n_samples, n_channels)
        Numbers as in the file.
    unit : str
        Their unit.
    called : str
        What to call the file in messages.

    Returns
    -------
    array of shape (n_samples, n_channels), float32, in SI
        All finite.

    Raises
    ------
    DataError
        When a number is missing, or too large for any reading.
    """
    with np.errstate(over="ignore"):
        readings = to_si(values, unit)[0].astype(np.float32)
    is_finite = np.isfinite(readings)
    if not is_finite.all():
        row, column = (int(i) for i in np.argwhere(~is_finite)[0])
        raise DataError(
            f"{called} must hold a number that a sensor can give in each row; got "
            f"{float(values[row, column])!r} in row {row + 1}. Fetch the data set "
            "again."
        )
    return readings
