"""When a sensor samples, and what its time stamps say about it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["sample_times"]

# Crystals keep time to tens of parts per million; a motion chip paces itself with an
# RC oscillator, which is an order worse.
DRIFT_SD = 300e-6
JITTER_SHARE = 0.02  # of a period: 0.4 ms at 50 Hz
MOST_JITTER_SHARE = 0.2  # so that time stamps stay in order


def sample_times(
    duration_s: float, rate_hz: float, rng: np.random.Generator | None
) -> tuple[NDArray[Any], NDArray[Any]]:
    """Draw the sample times of one sensor.

    Parameters
    ----------
    duration_s : float
        Of the recording.
    rate_hz : float
        Nominal rate.
    rng : Generator or None
        Draws when the sensor starts, how fast its clock truly runs, and the jitter of
        its time stamps. None gives a perfect clock.

    Returns
    -------
    true_s : array of shape (n_samples,), in s
        When the sensor samples, within the recording.
    stamp_s : array of shape (n_samples,), in s
        When it says it did; strictly increasing.

    Examples
    --------
    >>> sample_times(0.2, 20.0, None)[1]
    array([0.  , 0.05, 0.1 , 0.15])
    """
    if rng is None:
        n_samples = max(1, int(np.ceil(duration_s * rate_hz - 1e-9)))
        perfect_s = np.arange(n_samples) / rate_hz
        return perfect_s, perfect_s
    period_s = 1 / (rate_hz * (1 + DRIFT_SD * rng.normal()))
    first_s = min(rng.uniform(0.2, 1.2) * period_s, duration_s / 2)
    n_samples = max(1, int((duration_s - first_s) / period_s + 1 - MOST_JITTER_SHARE))
    true_s = first_s + period_s * np.arange(n_samples)
    share = np.clip(
        JITTER_SHARE * rng.normal(size=n_samples), -MOST_JITTER_SHARE, MOST_JITTER_SHARE
    )
    return true_s, np.clip(true_s + period_s * share, 0.0, duration_s)
