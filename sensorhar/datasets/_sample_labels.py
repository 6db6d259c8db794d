"""Turn a label for each sample, as many sets are published, into events."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.data.events import Events
from sensorhar.errors import DataError
from sensorhar.signal.segments import label_runs

__all__ = ["events_of_samples"]


def events_of_samples(
    codes: NDArray[Any],
    time_s: NDArray[np.float64],
    names: Mapping[Any, str],
    *,
    null: Any = None,
    rate_hz: float,
    called: str,
) -> Events:
    """Return one event for each stretch of samples that share a label.

    An event covers ``start <= t < stop``. It stops where the next sample lies, or,
    before a gap and at the end, one period after its last sample::

        samples   a a a 0 0 b b      b
        events    |a   |    |b       b|

    Parameters
    ----------
    codes : array of shape (n_samples,)
        Label of each sample as in the file.
    time_s : array of shape (n_samples,), in s
        Time of each sample, increasing.
    names : mapping of code to str
        Our word for each code.
    null : object, default=None
        The code that means nothing in particular; it makes no event.
    rate_hz : float
        Nominal rate in Hz.
    called : str
        What to call the file in messages.

    Returns
    -------
    Events
        In the order of time.

    Raises
    ------
    DataError
        When a code has no name.
    """
    unknown = set(np.unique(codes).tolist()) - set(names) - {null}
    if unknown:
        raise DataError(
            f"labels of {called} must be among {listing(names)}; got "
            f"{listing(unknown)}. Fetch the data set again."
        )
    starts, stops, values = label_runs(codes)
    keep = values != null if null is not None else np.ones(len(starts), dtype=np.bool_)
    starts, stops, values = starts[keep], stops[keep], values[keep]
    period_s = 1 / rate_hz
    ends = time_s[stops - 1] + period_s
    has_next = stops < len(time_s)
    following = time_s[np.minimum(stops, len(time_s) - 1)]
    # The very time of the next sample where there is no gap, so that no rounding
    # lets an event reach it.
    is_near = has_next & (following < ends + period_s / 2)
    return Events(
        time_s[starts],
        np.where(is_near, following, ends),
        [names[value] for value in values.tolist()],
    )
