"""Times of samples from the stamps in a file, repaired only where need be."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.errors import DataError
from sensorhar.signal.clock import ClockRepair, repair_clock

__all__ = ["increasing_times", "repair_stamps"]


def repair_stamps(
    stamps_s: ArrayLike,
    *,
    rate_hz: float,
    called: str,
    sequence: ArrayLike | None = None,
) -> ClockRepair:
    """Return strictly increasing times of samples; none is dropped.

    Parameters
    ----------
    stamps_s : array-like of shape (n_samples,), in s
        Stamps in the order of the samples.
    rate_hz : float
        Nominal rate in Hz, where the stamps tell none.
    called : str
        What to call the file in messages.
    sequence : array-like of int of shape (n_samples,) or None, default=None
        Numbers of the samples.

    Returns
    -------
    ClockRepair
        Times, and what was found.

    Raises
    ------
    DataError
        When the stamps are no clock.

    See Also
    --------
    sensorhar.signal.clock.repair_clock : how.
    """
    try:
        return repair_clock(stamps_s, sequence=sequence, rate_hz=rate_hz)
    except ValueError as error:
        raise DataError(
            f"times of {called} must be a clock that runs; {error} Fetch the data set "
            "again."
        ) from error


def increasing_times(
    stamps_s: NDArray[np.float64],
    *,
    rate_hz: float,
    called: str,
    sequence: NDArray[np.int64] | None = None,
) -> NDArray[np.float64]:
    """Return stamps that increase as they are, and others repaired.

    Parameters
    ----------
    stamps_s : array of shape (n_samples,), in s
        Stamps in the order of the file.
    rate_hz : float
        Nominal rate in Hz, where the stamps tell none.
    called : str
        What to call the file in messages.
    sequence : array of int of shape (n_samples,) or None, default=None
        Numbers of the samples. With them stamps are always checked for bursts.

    Returns
    -------
    array of shape (n_samples,), in s
        Strictly increasing; the given array itself when it does so already.

    Raises
    ------
    DataError
        When the samples are out of order.
    """
    is_fine = bool((np.diff(stamps_s) > 0).all())
    if sequence is None and is_fine and np.isfinite(stamps_s).all():
        return stamps_s
    return repair_stamps(
        stamps_s, rate_hz=rate_hz, called=called, sequence=sequence
    ).time_s
