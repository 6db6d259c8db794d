"""Linear-phase low-pass filters that change the rate by a whole factor."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from sensorhar.signal._extend import extend

__all__ = ["decimate", "half_length", "refine"]

PASS_SHARE, STOP_SHARE = 0.8, 1.0  # of the new Nyquist frequency
SUPPRESSED_DB = 65.0


def decimate(
    fine: NDArray[np.floating], factor: int, skip: int, n_out: int
) -> NDArray[np.floating]:
    """Low-pass a regular stretch and keep n_out samples, every factor-th from skip.

    Output i stands exactly on input ``skip + i * factor``.
    """
    if factor == 1:
        return fine[skip : skip + n_out]
    from scipy.signal import upfirdn

    taps = _low_pass_taps(factor, PASS_SHARE, STOP_SHARE)
    half = len(taps) // 2
    # upfirdn starts on its ramp: leading zeros bring the first full overlap of taps
    # and signal onto a multiple of the factor.
    lead = -2 * half % factor
    ramp = (2 * half + lead) // factor
    column = np.zeros(lead + (n_out - 1) * factor + 2 * half + 1)
    decimated = np.empty((n_out, fine.shape[1]), dtype=fine.dtype)
    for channel in range(fine.shape[1]):
        longer = extend(fine[:, channel : channel + 1].astype(np.float64), half)
        column[lead:] = longer[skip : skip + len(column) - lead, 0]
        kept = upfirdn(taps, column, down=factor)
        decimated[:, channel] = kept[ramp : ramp + n_out]
    return decimated


def refine(knots: NDArray[np.float64], factor: int) -> NDArray[np.float64]:
    """Insert factor - 1 band-limited values between regular samples.

    Shape (n_samples, n_channels) becomes ((n_samples - 1) * factor + 1, n_channels);
    right up to 0.84 of the old Nyquist frequency.
    """
    from scipy.signal import upfirdn

    taps = _low_pass_taps(factor, 0.84, 1.16) * factor
    half = len(taps) // 2
    margin = -(-half // factor)
    dense = upfirdn(taps, extend(knots, margin), up=factor, axis=0)
    first = half + margin * factor
    return np.asarray(dense[first : first + (len(knots) - 1) * factor + 1])


def half_length(factor: int, width: float = STOP_SHARE - PASS_SHARE) -> int:
    """Return the taps on either side, by Kaiser's formula for the window's length."""
    if factor == 1:
        return 0
    n_taps = (SUPPRESSED_DB - 7.95) / (2.285 * math.pi * width / factor) + 1
    return math.ceil(n_taps / 2)


@lru_cache(maxsize=32)
def _low_pass_taps(
    factor: int, pass_share: float, stop_share: float
) -> NDArray[np.float64]:
    """Design a Kaiser low-pass; the shares are of the Nyquist frequency / factor."""
    from scipy.signal import firwin
    from scipy.signal.windows import kaiser

    n_taps = 2 * half_length(factor, stop_share - pass_share) + 1
    beta = 0.1102 * (SUPPRESSED_DB - 8.7)  # Kaiser's formula above 50 dB
    cutoff = (pass_share + stop_share) / 2 / factor
    sinc = firwin(n_taps, cutoff, window="boxcar", scale=False)
    taps = np.asarray(sinc * kaiser(n_taps, beta), dtype=np.float64)
    taps /= taps.sum()
    taps.setflags(write=False)  # shared by all callers through the cache
    return taps
