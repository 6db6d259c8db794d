"""Features of a window's rhythm: autocorrelation and spectrum."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.signal._features_time import ratio

__all__ = [
    "AUTOCORRELATION",
    "SPECTRUM",
    "autocorrelation_features",
    "spectrum_features",
]

Rows = NDArray[np.floating[Any]]

LAGS_S = {"autocorr_100ms": 0.1, "autocorr_250ms": 0.25, "autocorr_500ms": 0.5}
AUTOCORRELATION = (*LAGS_S, "autocorr_peak", "autocorr_peak_lag_s")
BANDS_HZ = {
    "log_power_0p3_1_hz": (0.3, 1.0),
    "log_power_1_2_hz": (1.0, 2.0),
    "log_power_2_3_hz": (2.0, 3.0),
    "log_power_3_5_hz": (3.0, 5.0),
    "log_power_5_8_hz": (5.0, 8.0),
    "log_power_8_12_hz": (8.0, 12.0),
    "log_power_12_hz_up": (12.0, np.inf),
}
SPECTRUM = (
    "dominant_hz",
    "dominant_share",
    "spectral_centroid_hz",
    "spectral_spread_hz",
    "spectral_rolloff_hz",
    "spectral_entropy",
    *BANDS_HZ,
)
ROLLOFF_SHARE = 0.85
SMALLEST_POWER = 1e-10  # SMALLEST_STD squared, added before the logarithm


def autocorrelation_features(centred: Rows, rate_hz: float) -> dict[str, Rows]:
    """Compare each row with itself a little later."""
    from scipy.fft import irfft, next_fast_len, rfft

    n_timepoints = centred.shape[1]
    n_lags = n_timepoints // 2 + 1
    # Padded so far that the end does not meet the beginning within these lags.
    size = next_fast_len(n_timepoints + n_lags, real=True)
    spectrum = rfft(centred, size, axis=1)
    power = spectrum.real**2 + spectrum.imag**2
    raw = irfft(power, size, axis=1)[:, :n_lags]
    correlation = ratio(raw, np.maximum(raw[:, :1], 0))

    found = {}
    for name, lag_s in LAGS_S.items():
        lag = round(lag_s * rate_hz)
        is_inside = 0 < lag < n_lags
        found[name] = correlation[:, lag] if is_inside else np.zeros(len(centred))
    is_negative = correlation < 0
    has_crossed = is_negative.any(axis=1)
    first = np.argmax(is_negative, axis=1)
    later = np.where(np.arange(n_lags) >= first[:, None], correlation, -1.0)
    lag = np.argmax(later, axis=1)
    peak = np.take_along_axis(later, lag[:, None], axis=1)[:, 0]
    has_peak = has_crossed & (peak > 0)
    found["autocorr_peak"] = np.where(has_peak, peak, 0)
    found["autocorr_peak_lag_s"] = np.where(has_peak, lag / rate_hz, 0)
    return found


def spectrum_features(centred: Rows, rate_hz: float) -> dict[str, Rows]:
    """Describe the one-sided power spectrum of each row under a Hann window."""
    from scipy.fft import rfft

    n_timepoints = centred.shape[1]
    hann = 0.5 - 0.5 * np.cos(
        2 * np.pi * (np.arange(n_timepoints) + 0.5) / n_timepoints
    )
    spectrum = rfft(centred * hann, axis=1)[:, 1:]
    # In squared units: the powers of all frequencies add up to about the variance.
    power = spectrum.real**2 + spectrum.imag**2
    power *= 2 / (n_timepoints * (hann @ hann))
    if n_timepoints % 2 == 0:
        power[:, -1] /= 2  # the Nyquist frequency has no negative twin
    frequency_hz = np.arange(1, power.shape[1] + 1) * rate_hz / n_timepoints

    total = power.sum(axis=1)
    share = ratio(power, total[:, None])
    centroid_hz = share @ frequency_hz
    spread_hz2 = share @ frequency_hz**2 - centroid_hz**2
    peak = np.argmax(power, axis=1)
    sums = np.cumsum(share, axis=1)
    # A tone between two bins lies in both: take the neighbours as part of the peak.
    low, high = np.maximum(peak - 1, 0), np.minimum(peak + 1, power.shape[1] - 1)
    rows = np.arange(len(power))
    around = sums[rows, high] - np.where(low > 0, sums[rows, low - 1], 0)
    rolloff = np.argmax(sums >= ROLLOFF_SHARE, axis=1)
    has_power = total > 0
    surprise = np.log(share, out=np.zeros_like(share), where=share > 0)
    n_bins = max(2, power.shape[1])
    found = {
        "dominant_hz": np.where(has_power, frequency_hz[peak], 0),
        "dominant_share": around,
        "spectral_centroid_hz": centroid_hz,
        "spectral_spread_hz": np.sqrt(np.maximum(spread_hz2, 0)),
        "spectral_rolloff_hz": np.where(has_power, frequency_hz[rolloff], 0),
        "spectral_entropy": -np.einsum("rf,rf->r", share, surprise) / np.log(n_bins),
    }
    edges = np.array(list(BANDS_HZ.values()))
    # Half open: a frequency on the border belongs to the upper band.
    is_in_band = (frequency_hz[:, None] >= edges[:, 0]) & (
        frequency_hz[:, None] < edges[:, 1]
    )
    log_power = np.log(power @ is_in_band.astype(power.dtype) + SMALLEST_POWER)
    for band, name in enumerate(BANDS_HZ):
        found[name] = log_power[:, band]
    return found
