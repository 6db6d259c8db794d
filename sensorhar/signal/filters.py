"""Butterworth low-, high- and band-pass filters and the moving median."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._butterworth import as_samples, design, ringing_samples
from sensorhar.signal._extend import extend
from sensorhar.signal._inputs import check_count

__all__ = ["band_pass", "high_pass", "low_pass", "moving_median"]


def low_pass(
    values: ArrayLike,
    *,
    rate_hz: float,
    cutoff_hz: float,
    order: int = 3,
    causal: bool = False,
) -> NDArray[np.floating]:
    """Keep what is slower than the cutoff (Butterworth).

    Zero-phase by default: the filter runs forwards and backwards, so nothing is
    delayed, the order doubles, and the gain at the cutoff is 1/2 (-6 dB) instead
    of -3 dB. Beyond both ends linear prediction continues the signal, however short
    it is. With ``causal=True`` the filter runs forwards once, as a device could,
    started in the steady state of the first sample: a constant stays constant.

    Parameters
    ----------
    values : array of shape (n_samples,) or (n_samples, n_channels)
        Regularly sampled, without NaN. float32 and float64 keep their dtype.
    rate_hz : float
        Sampling rate.
    cutoff_hz : float
        Corner frequency, below half the rate.
    order : int, default=3
        Order of one pass.
    causal : bool, default=False
        Whether the future may not be used.

    Returns
    -------
    array of the shape of values

    Raises
    ------
    ValueError
        If the cutoff is not between 0 and half the rate, or values hold NaN.

    See Also
    --------
    CausalFilter : The same causal filter for a stream that comes in chunks.

    Notes
    -----
    Stretches of 10 and 30 s of HAPT (acceleration of experiments 1 to 6, 50 Hz) were
    filtered by themselves and compared with the whole recording filtered: below
    0.3 Hz the first 2 s were off by 0.05 m/s^2 on average with linear prediction,
    by 0.07 with a mirror image and by 0.26 with scipy's ``sosfiltfilt`` as it comes.

    Examples
    --------
    >>> time_s = np.arange(200) / 100
    >>> slow, fast = np.sin(2 * np.pi * time_s), np.sin(2 * np.pi * 30 * time_s)
    >>> kept = low_pass(slow + fast, rate_hz=100, cutoff_hz=8)
    >>> bool(np.abs(kept - slow)[50:150].max() < 0.01)
    True
    """
    sos = design("low_pass", rate_hz, cutoff_hz, order)
    return _apply(values, sos, causal)


def high_pass(
    values: ArrayLike,
    *,
    rate_hz: float,
    cutoff_hz: float,
    order: int = 3,
    causal: bool = False,
) -> NDArray[np.floating]:
    """Keep what is faster than the cutoff (Butterworth).

    Parameters
    ----------
    values : array of shape (n_samples,) or (n_samples, n_channels)
        Regularly sampled, without NaN.
    rate_hz : float
        Sampling rate.
    cutoff_hz : float
        Corner frequency, below half the rate.
    order : int, default=3
        Order of one pass.
    causal : bool, default=False
        Whether the future may not be used; see `low_pass`.

    Returns
    -------
    array of the shape of values

    Raises
    ------
    ValueError
        If the cutoff is not between 0 and half the rate, or values hold NaN.

    Examples
    --------
    >>> high_pass([9.81] * 50, rate_hz=50, cutoff_hz=0.5).round(6).max().item()
    0.0
    """
    sos = design("high_pass", rate_hz, cutoff_hz, order)
    return _apply(values, sos, causal)


def band_pass(
    values: ArrayLike,
    *,
    rate_hz: float,
    low_hz: float,
    high_hz: float,
    order: int = 3,
    causal: bool = False,
) -> NDArray[np.floating]:
    """Keep what lies between two frequencies (Butterworth).

    Parameters
    ----------
    values : array of shape (n_samples,) or (n_samples, n_channels)
        Regularly sampled, without NaN.
    rate_hz : float
        Sampling rate.
    low_hz, high_hz : float
        Corner frequencies, ``0 < low_hz < high_hz < rate_hz / 2``.
    order : int, default=3
        Order of one pass (of each flank).
    causal : bool, default=False
        Whether the future may not be used; see `low_pass`.

    Returns
    -------
    array of the shape of values

    Raises
    ------
    ValueError
        If the corners are not in order below half the rate, or values hold NaN.

    Examples
    --------
    >>> time_s = np.arange(400) / 100
    >>> step = np.sin(2 * np.pi * 2 * time_s)
    >>> kept = band_pass(9.81 + step, rate_hz=100, low_hz=0.5, high_hz=8)
    >>> bool(np.abs(kept - step)[150:250].max() < 0.01)
    True
    """
    sos = design("band_pass", rate_hz, (low_hz, high_hz), order)
    return _apply(values, sos, causal)


def moving_median(
    values: ArrayLike, *, n_timepoints: int, causal: bool = False
) -> NDArray[np.floating]:
    """Replace each sample by the median of its neighbourhood.

    It takes away single spikes and keeps steps sharp. The ends are continued with
    the first and the last sample.

    Parameters
    ----------
    values : array of shape (n_samples,) or (n_samples, n_channels)
        Samples without NaN.
    n_timepoints : int
        Odd number of samples the median is taken of: the sample and equally many on
        both sides, or with ``causal=True`` the sample and those before it.
    causal : bool, default=False
        Whether the future may not be used; delays by ``(n_timepoints - 1) / 2``.

    Returns
    -------
    array of the shape of values

    Raises
    ------
    ValueError
        If n_timepoints is not an odd number above 0, or values hold NaN.

    Examples
    --------
    >>> moving_median([0.0, 0, 99, 0, 1, 1], n_timepoints=3).tolist()
    [0.0, 0.0, 0.0, 1.0, 1.0, 1.0]
    """
    from scipy.ndimage import median_filter

    array = as_samples(values)
    check_count(n_timepoints, "n_timepoints")
    if n_timepoints % 2 == 0:
        raise ValueError(
            f"n_timepoints must be odd, got {n_timepoints!r}; an even window has no "
            f"middle sample, take {n_timepoints + 1}."
        )
    filtered = np.empty_like(array)
    origin = n_timepoints // 2 if causal else 0
    for column, out in _columns(array, filtered):
        out[:] = median_filter(column, n_timepoints, mode="nearest", origin=origin)
    return filtered


def _apply(
    values: ArrayLike, sos: NDArray[np.float64], causal: bool
) -> NDArray[np.floating]:
    """Run the sections over axis 0, one channel at a time to spare memory."""
    from scipy.signal import sosfilt, sosfilt_zi, sosfiltfilt

    array = as_samples(values)
    filtered = np.empty_like(array)
    if len(array) == 0:
        return filtered
    steady = sosfilt_zi(sos)
    margin = ringing_samples(sos)
    for column, out in _columns(array, filtered):
        signal = np.asarray(column, dtype=np.float64)
        if causal:
            out[:] = sosfilt(sos, signal, zi=steady * signal[0])[0]
        else:
            longer = extend(signal[:, None], margin)[:, 0]
            both_ways = sosfiltfilt(sos, longer, padtype=None)
            out[:] = both_ways[margin : margin + len(signal)]
    return filtered


def _columns(
    array: NDArray[np.floating], out: NDArray[np.floating]
) -> list[tuple[NDArray[np.floating], NDArray[np.floating]]]:
    """Pair every channel with the place its result goes to."""
    if array.ndim == 1:
        return [(array, out)]
    return [(array[:, k], out[:, k]) for k in range(array.shape[1])]
