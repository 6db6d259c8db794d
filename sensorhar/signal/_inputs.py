"""Checks that every function of this room makes on what it is given."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = [
    "as_float",
    "check_count",
    "check_finite",
    "check_generator",
    "check_positive",
    "check_triples",
]


def as_float(values: ArrayLike, name: str = "values") -> NDArray[np.floating]:
    """Return an array of float32 or float64 (kept as it is) without copying."""
    array = np.asarray(values)
    if array.dtype in (np.float32, np.float64):
        return array
    if array.dtype.kind not in "fiub":
        raise TypeError(
            f"{name} must be an array of real numbers, got dtype {array.dtype!s}; "
            f"convert it with np.asarray({name}, dtype=float)."
        )
    return array.astype(np.float64)


def check_finite(array: NDArray[np.floating], name: str = "values") -> None:
    """Refuse NaN and infinity, saying where the first one is."""
    # A sum is one pass without a mask: only when it is not finite look closer.
    with np.errstate(over="ignore", invalid="ignore"):
        if math.isfinite(float(array.sum())):
            return
    bad = ~np.isfinite(array)
    if not bad.any():  # the sum alone overflowed
        return
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    raise ValueError(
        f"{name} must be finite, got {int(bad.sum())} NaN or infinite of "
        f"{array.size}, the first at index {first!r}; fill or cut them first "
        f"(sensorhar.signal.resample leaves gaps out, runs() finds finite stretches)."
    )


def check_positive(value: float, name: str, unit: str) -> float:
    """Return the value as a float when it is a finite number above zero."""
    number = float(value)
    if not (math.isfinite(number) and number > 0):
        raise ValueError(
            f"{name} must be a finite number above 0 {unit}, got {value!r}; "
            f"give it in {unit}."
        )
    return number


def check_count(value: int, name: str, *, minimum: int = 1) -> int:
    """Return the value as an int when it is a whole number of at least minimum."""
    is_whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
    if not is_whole or value < minimum:
        raise ValueError(
            f"{name} must be a whole number of at least {minimum}, got {value!r}; "
            f"round it, or multiply seconds by the rate first."
        )
    return int(value)


def check_generator(rng: np.random.Generator) -> None:
    """Refuse anything but a numpy Generator, so that runs can be repeated."""
    if not isinstance(rng, np.random.Generator):
        raise TypeError(
            f"rng must be a numpy.random.Generator, got {type(rng).__name__}; "
            f"pass np.random.default_rng(seed)."
        )


def check_triples(
    triples: Sequence[tuple[int, int, int]], n_channels: int
) -> list[tuple[int, int, int]]:
    """Return the triples of columns when they exist and share none."""
    checked = [tuple(int(column) for column in triple) for triple in triples]
    columns = [column for triple in checked for column in triple]
    is_inside = all(0 <= column < n_channels for column in columns)
    are_three = all(len(triple) == 3 for triple in checked)
    if not (is_inside and are_three and len(set(columns)) == len(columns)):
        raise ValueError(
            f"triples must hold three columns each (x, y, z of one sensor), all of "
            f"them different and from 0 to {n_channels - 1}, got {triples!r}; "
            f"find_triples(channel_names) finds them."
        )
    return [(x, y, z) for x, y, z in checked]
