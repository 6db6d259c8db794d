"""Tables in whose rows the last reading is written again until the next arrives."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

__all__ = ["fixes_once", "only_new", "since_begin"]

#: Phones find their place about once a second; in rows that follow faster, a place
#: that stays the same is the old one written again.
FIX_S = 1.0
FAST_ROW_S = 0.4

#: In a table with a row for each report, hardly a row has two new readings, and no
#: sensor is new in nearly all rows.
SHARE_OF_TWO = 0.1
SHARE_OF_ALL = 0.9


def since_begin(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return readings with NaN before the first that is not 0, which is none yet."""
    has_begun = np.logical_or.accumulate((np.nan_to_num(values) != 0).any(axis=1))
    return np.where(has_begun[:, None], values, np.nan)


def only_new(sensors: Sequence[NDArray[np.float64]]) -> list[NDArray[np.float64]]:
    """Return readings of several sensors with NaN where one is only written again.

    Some apps write a row whenever any sensor reports::

        time   acc          gyr
        0.076  0.06  held   0.00         acc has reported
        0.092  0.06         0.25  held   gyr has: acc is written again, not measured
        0.142  -0.12 held   0.25         acc has

    Tables that a timer writes have new readings of all sensors in most rows, and stay
    as they are.
    """
    is_new = [
        np.append(True, (np.diff(np.nan_to_num(values), axis=0) != 0).any(axis=1))
        for values in sensors
    ]
    n_new = np.sum(is_new, axis=0)[1:] if is_new else np.empty(0)
    shares = [float(new[1:].mean()) if len(new) > 1 else 1.0 for new in is_new]
    is_by_report = (
        sum(share > 0 for share in shares) > 1
        and max(shares) < SHARE_OF_ALL
        and (n_new > 1).sum() < SHARE_OF_TWO * max(1, int((n_new > 0).sum()))
    )
    if not is_by_report:
        return list(sensors)
    return [
        np.where(new[:, None], values, np.nan)
        for new, values in zip(is_new, sensors, strict=True)
    ]


def fixes_once(
    fixes: NDArray[np.float64], times: NDArray[np.int64] | NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return satellite fixes with NaN where one is only written again.

    Of a place that stays the same one a second is kept.
    """
    seconds = (times - times[0]) / (1e9 if times.dtype.kind == "i" else 1.0)
    if len(seconds) < 2 or np.median(np.diff(seconds)) >= FAST_ROW_S:
        return fixes
    is_new = np.append(True, (np.diff(np.nan_to_num(fixes), axis=0) != 0).any(axis=1))
    is_new |= np.append(True, np.diff(np.floor(seconds / FIX_S)) != 0)
    return np.where(is_new[:, None], fixes, np.nan)
