"""When nobody wore the device: hours in which it lay perfectly still."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._blocks import block_statistics
from sensorhar.signal._inputs import check_positive
from sensorhar.signal.segments import runs
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["find_non_wear"]


def find_non_wear(
    values: ArrayLike,
    time_s: ArrayLike,
    *,
    window_s: float = 3600.0,
    step_s: float = 900.0,
    max_sd_mps2: float = 0.013 * STANDARD_GRAVITY,
    max_range_mps2: float = 0.050 * STANDARD_GRAVITY,
    min_axes: int = 2,
) -> NDArray[np.float64]:
    """Return when an accelerometer lay still for so long that nobody wore it.

    Parameters
    ----------
    values : array of shape (n_samples, 3), in m/s^2
        Acceleration, with or without gravity.
    time_s : array of shape (n_samples,), in s
        Increasing stamps.
    window_s : float, default=3600.0
        Length of the windows that are looked at.
    step_s : float, default=900.0
        From one window to the next; the window is a whole number of them.
    max_sd_mps2 : float, default=13 mg
        An axis is still when it varies less ...
    max_range_mps2 : float, default=50 mg
        ... and spans less than this.
    min_axes : int, default=2
        So many axes must be still.

    Returns
    -------
    array of shape (n_stretches, 2), in s
        Start and end of each stretch, rounded to steps; empty for recordings
        shorter than a window.

    Raises
    ------
    ValueError
        When shapes disagree, or the window is not a whole number of steps.

    Notes
    -----
    Windows and thresholds are those of van Hees et al. [1]_ as the R package GGIR
    applies them, which asks for both a small spread and a small range. The whole
    window counts as unworn, not only its middle. People asleep move more than this
    within an hour, save some.

    References
    ----------
    .. [1] van Hees et al., "Separating movement and gravity components in an
       acceleration signal and implications for the assessment of human daily physical
       activity", PLoS ONE 8(4):e61691, 2013.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> values = rng.normal(0, 0.5, (4 * 3600, 3))  # four hours at 1 Hz
    >>> values[3600:11_000] = [0.0, 0.0, 9.81]
    >>> find_non_wear(values, np.arange(4 * 3600.0)).tolist()
    [[3600.0, 10800.0]]
    """
    n_steps = round(window_s / check_positive(step_s, "step_s", "s"))
    if n_steps < 1 or abs(n_steps * step_s - window_s) > 1e-6 * window_s:
        raise ValueError(
            f"window_s must be a whole number of steps, got {window_s!r} s of "
            f"{step_s!r} s; pass step_s={window_s / 4:g}."
        )
    blocks = block_statistics(values, time_s, length_s=step_s)
    if len(blocks.start_s) < n_steps:
        return np.empty((0, 2))

    def windows(array: NDArray[Any]) -> NDArray[Any]:
        return np.lib.stride_tricks.sliding_window_view(array, n_steps, axis=0)

    n = windows(blocks.n_samples)[:, None, :]
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = (windows(blocks.mean) * n).sum(-1) / n.sum(-1)
        inner = windows(blocks.sd) ** 2 + (windows(blocks.mean) - mean[..., None]) ** 2
        sd = np.sqrt((inner * n).sum(-1) / n.sum(-1))
    span = windows(blocks.high).max(-1) - windows(blocks.low).min(-1)
    still = ((sd < max_sd_mps2) & (span < max_range_mps2)).sum(axis=1) >= min_axes
    still &= windows(blocks.is_full).all(axis=-1)
    is_off = np.zeros(len(blocks.start_s), dtype=np.bool_)
    for first in np.flatnonzero(still):
        is_off[first : first + n_steps] = True
    edges = runs(is_off)
    stop_s = np.append(blocks.start_s[1:], blocks.start_s[-1] + step_s)
    return np.column_stack([blocks.start_s[edges[:, 0]], stop_s[edges[:, 1] - 1]])
