"""The top of a sampled peak, between its samples."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

__all__ = ["top_of_parabola"]


def top_of_parabola(curve: NDArray[np.float64], at: int) -> float:
    """Return how far the top of the parabola through three points is off the middle."""
    if not 0 < at < len(curve) - 1:
        return 0.0
    left, top, right = (float(value) for value in curve[at - 1 : at + 2])
    bend = left - 2 * top + right
    if not np.isfinite(bend) or bend >= 0:
        return 0.0
    return float(np.clip((left - right) / (2 * bend), -0.5, 0.5))
