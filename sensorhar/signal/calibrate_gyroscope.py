"""Find what a gyroscope reads when nothing turns."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._blocks import block_statistics
from sensorhar.signal._inputs import as_float

__all__ = ["GyroscopeBias", "gyroscope_bias"]

#: No working part is off by more: 20 deg/s is the zero-rate tolerance that makers of
#: cheap parts state. A larger mean is a steady turn.
MAX_BIAS_RADPS = 0.35


@dataclass(frozen=True)
class GyroscopeBias:
    """What to subtract from a gyroscope.

    Attributes
    ----------
    bias : tuple of three floats, in rad/s
        Reading of each axis at rest.
    n_windows : int
        Still windows it stands on.
    spread_radps : float, in rad/s
        How far these windows differ (median distance of the worst axis): what the
        bias drifted.
    """

    bias: tuple[float, float, float]
    n_windows: int = 0
    spread_radps: float = float("nan")

    def apply(self, values: ArrayLike) -> NDArray[np.floating]:
        """Return the readings without the bias, in the dtype of those given.

        Parameters
        ----------
        values : array of shape (n_samples, 3), in rad/s
            Readings.

        Returns
        -------
        array of shape (n_samples, 3), in rad/s
        """
        array = as_float(values)
        return np.asarray(array - np.asarray(self.bias), dtype=array.dtype)


def gyroscope_bias(
    values: ArrayLike,
    time_s: ArrayLike,
    *,
    window_s: float = 2.0,
    max_sd_radps: float = 0.015,
    min_windows: int = 3,
) -> GyroscopeBias:
    """Return the median reading of windows in which the device lay still.

    Parameters
    ----------
    values : array of shape (n_samples, 3), in rad/s
        Rates of turn; rows with NaN are left out.
    time_s : array of shape (n_samples,), in s
        Increasing stamps.
    window_s : float, default=2.0
        Length of the windows.
    max_sd_radps : float, default=0.015
        Windows in which every axis varies less than this are still: some times the
        noise of a phone's part, a tenth of what a standing person does.
    min_windows : int, default=3
        How many still windows are enough.

    Returns
    -------
    GyroscopeBias
        What to subtract.

    Raises
    ------
    ValueError
        When there is too little stillness, or what looks like a bias is too large
        to be one.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> turning = rng.normal(size=(1000, 3)) + [0.01, -0.02, 0.0]
    >>> turning[400:] = [0.01, -0.02, 0.0]  # put down after 8 s
    >>> gyroscope_bias(turning, np.arange(1000) / 50).bias
    (0.01, -0.02, 0.0)
    """
    array = as_float(values)
    if array.ndim != 2 or array.shape[1] != 3:
        raise ValueError(
            f"values must have shape (n_samples, 3), got {array.shape!r}; pick the "
            "three axes of one gyroscope."
        )
    blocks = block_statistics(array, time_s, length_s=window_s)
    is_still = blocks.is_full & (blocks.sd < max_sd_radps).all(axis=1)
    # A steady turn varies little too, but is seldom as slow as a bias.
    is_bias = is_still & (np.abs(blocks.mean) < MAX_BIAS_RADPS).all(axis=1)
    if is_still.sum() >= min_windows > is_bias.sum():
        mean = np.median(blocks.mean[is_still], axis=0)
        raise ValueError(
            f"a gyroscope at rest must read below {MAX_BIAS_RADPS} rad/s; got a median "
            f"of {', '.join(f'{value:.3g}' for value in mean)}. The file may be in "
            "deg/s: state its unit."
        )
    means = blocks.mean[is_bias]
    if len(means) < min_windows:
        raise ValueError(
            f"the bias needs at least {min_windows} still windows of {window_s:g} s "
            f"(every axis varies by less than {max_sd_radps:g} rad/s); got "
            f"{len(means)}. Put the device down for {2 * min_windows * window_s:g} s "
            "while recording, or pass a bias measured elsewhere."
        )
    median = np.median(means, axis=0)
    x, y, z = (float(round(value, 12)) for value in median)
    spread = float(np.median(np.abs(means - median), axis=0).max())
    return GyroscopeBias((x, y, z), len(means), spread)
