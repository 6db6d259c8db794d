"""Design of Butterworth filters, and what all filters ask of their input."""

from __future__ import annotations

from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._inputs import (
    as_float,
    check_count,
    check_finite,
    check_positive,
)

__all__ = ["Kind", "as_samples", "design", "ringing_samples"]

Kind = Literal["low_pass", "high_pass", "band_pass"]

BAND_TYPES: dict[Kind, Literal["lowpass", "highpass", "bandpass"]] = {
    "low_pass": "lowpass",
    "high_pass": "highpass",
    "band_pass": "bandpass",
}
SETTLED = 1e-3  # ringing is over where it fell to this share


def design(
    kind: Kind, rate_hz: float, cutoff_hz: float | tuple[float, float], order: int
) -> NDArray[np.float64]:
    """Return the second-order sections, after checking the corners."""
    from scipy.signal import butter

    if kind not in BAND_TYPES:
        raise ValueError(
            f"kind must be one of {sorted(BAND_TYPES)!r}, got {kind!r}; choose one of "
            f"them."
        )
    rate_hz = check_positive(rate_hz, "rate_hz", "Hz")
    check_count(order, "order")
    corners = np.atleast_1d(np.asarray(cutoff_hz, dtype=np.float64))
    if len(corners) != (2 if kind == "band_pass" else 1):
        raise ValueError(
            f"cutoff_hz of a {kind} must be "
            f"{'a pair of frequencies' if kind == 'band_pass' else 'one frequency'}, "
            f"got {cutoff_hz!r}; only a band_pass has two corners."
        )
    is_inside = np.all((corners > 0) & (corners < rate_hz / 2))
    if not is_inside:
        raise ValueError(
            f"the cutoff must lie between 0 and {rate_hz / 2:g} Hz, half the rate of "
            f"{rate_hz:g} Hz, got {cutoff_hz!r} Hz; lower it, or leave the filter out: "
            f"the signal holds nothing above half its rate."
        )
    if kind == "band_pass" and corners[0] >= corners[1]:
        raise ValueError(
            f"low_hz must be below high_hz, got {corners[0]:g} and {corners[1]:g} Hz; "
            f"swap them."
        )
    critical = corners if kind == "band_pass" else float(corners[0])
    sos = butter(order, critical, btype=BAND_TYPES[kind], fs=rate_hz, output="sos")
    return np.asarray(sos, dtype=np.float64)


def ringing_samples(sos: NDArray[np.float64]) -> int:
    """Count the samples until the slowest pole has decayed to SETTLED."""
    radius = max(np.abs(np.roots(section[3:])).max() for section in sos)
    return int(np.ceil(np.log(SETTLED) / np.log(radius))) if radius > 0 else 1


def as_samples(values: ArrayLike, name: str = "values") -> NDArray[np.floating]:
    """Return values as floats of one or two dimensions without NaN."""
    array = as_float(values, name)
    if array.ndim not in (1, 2):
        raise ValueError(
            f"{name} must have shape (n_samples,) or (n_samples, n_channels), got "
            f"{array.shape!r}; filter a recording before it is cut into windows."
        )
    check_finite(array, name)
    return array
