"""Turn the numbers of a published file into readings in SI."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.errors import DataError
from sensorhar.units import to_si

__all__ = ["as_readings"]


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
