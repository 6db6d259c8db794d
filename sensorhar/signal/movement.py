"""How strong movement is at each moment, and when something clapped."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._inputs import as_float, check_positive
from sensorhar.signal._peak import top_of_parabola
from sensorhar.signal.gravity import magnitude
from sensorhar.signal.grid import as_stamps
from sensorhar.signal.resample import resample

__all__ = ["find_claps", "movement_envelope"]

#: Rate of the envelopes: a tenth of a frame of video, and enough for a clap.
RATE_HZ = 100.0

#: Devices feel the same shake with different shapes; this blurs them until alike. A
#: clap is blurred less, or it would drown in steps.
BLUR_S = 0.05
CLAP_BLUR_S = 0.02

#: What changes slower than this is posture and gravity, not movement.
SLOW_S = 1.0


def movement_envelope(
    values: ArrayLike,
    time_s: ArrayLike,
    *,
    rate_hz: float = RATE_HZ,
    blur_s: float = BLUR_S,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return how strong movement is at each moment, on a regular clock.

    The distance of each axis from its mean over a second (posture, gravity), all axes
    together, blurred.

    Parameters
    ----------
    values : array of shape (n_samples,) or (n_samples, n_axes)
        Readings; NaN and gaps count as rest.
    time_s : array of shape (n_samples,), in s
        Increasing stamps.
    rate_hz : float, default=100.0
        Of the result.
    blur_s : float, default=0.05
        Standard deviation of the blur.

    Returns
    -------
    envelope : array of shape (n_grid,), in the unit of values
        Never negative.
    grid_s : array of shape (n_grid,), in s
        Its times.

    Raises
    ------
    ValueError
        When there are fewer than two samples, or stamps do not increase.

    Examples
    --------
    >>> knock = np.zeros(300)
    >>> knock[150] = 10.0
    >>> envelope, grid_s = movement_envelope(knock, np.arange(300) / 100)
    >>> round(float(grid_s[envelope.argmax()]), 2)
    1.5
    """
    from scipy.ndimage import gaussian_filter1d, uniform_filter1d

    array = as_float(values)
    stamps = as_stamps(time_s)
    if len(stamps) < 2:
        raise ValueError(
            f"movement needs at least two samples, got {len(stamps)}; pass a longer "
            "stretch."
        )
    table = array.reshape(len(array), -1)
    # Without its mean first: interpolation would ripple on a large one.
    mean = np.nan_to_num(table).mean(axis=0, dtype=np.float64)
    regular, grid_s, _ = resample(table - mean, stamps, rate_hz=rate_hz)
    away = np.empty(regular.shape)
    for column, into in zip(regular.T, away.T, strict=True):
        is_known = np.isfinite(column)
        filled = np.where(is_known, column, 0.0).astype(np.float64)
        size = max(3, round(SLOW_S * rate_hz))
        weight = uniform_filter1d(is_known.astype(np.float64), size, mode="constant")
        total = uniform_filter1d(filled, size, mode="constant")
        slow = total / np.maximum(weight, 1 / size)
        into[:] = np.where(is_known, filled - slow, 0.0)
    envelope = magnitude(away)
    blurred = gaussian_filter1d(envelope, blur_s * rate_hz, mode="constant")
    return np.asarray(blurred, dtype=np.float64), grid_s


def find_claps(
    values: ArrayLike,
    time_s: ArrayLike,
    *,
    min_ratio: float = 8.0,
    min_distance_s: float = 0.25,
) -> NDArray[np.float64]:
    """Return when something short and strong happened: claps, knocks, jumps.

    Parameters
    ----------
    values : array of shape (n_samples,) or (n_samples, n_axes)
        Movement or sound in any unit.
    time_s : array of shape (n_samples,), in s
        Increasing stamps.
    min_ratio : float, default=8.0
        A clap is so many times as strong as what is usual (the median) in the
        second around it and in the whole.
    min_distance_s : float, default=0.25
        Of two peaks closer than this the stronger one counts.

    Returns
    -------
    array of shape (n_claps,), in s
        Sorted; empty where nothing stands out.

    Raises
    ------
    ValueError
        When there are fewer than two samples, or min_ratio or min_distance_s is not
        above 0.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> sound = rng.normal(size=6000)
    >>> sound[[2000, 2100, 2200]] = 80.0
    >>> find_claps(sound, np.arange(6000) / 100).round(2).tolist()
    [20.0, 21.0, 22.0]
    """
    from scipy.ndimage import median_filter
    from scipy.signal import find_peaks

    check_positive(min_ratio, "min_ratio", "times")
    check_positive(min_distance_s, "min_distance_s", "s")
    envelope, grid_s = movement_envelope(values, time_s, blur_s=CLAP_BLUR_S)
    # Every fifth value is enough for a median, and costs a twenty-fifth.
    thin = envelope[::5]
    size = min(len(thin), round(SLOW_S * RATE_HZ / 5))
    around = np.repeat(median_filter(thin, size=size, mode="nearest"), 5)
    usual = np.maximum(around[: len(envelope)], np.median(envelope))
    usual = np.maximum(usual, 1e-9 * envelope.max(initial=0.0))
    distance = max(1, round(min_distance_s * RATE_HZ))
    peaks, _ = find_peaks(np.append(envelope, 0.0), distance=distance)
    peaks = peaks[envelope[peaks] > min_ratio * usual[peaks]]
    shift = np.array([top_of_parabola(envelope, int(peak)) for peak in peaks])
    return np.asarray(grid_s[peaks] + shift / RATE_HZ)
