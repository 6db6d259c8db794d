"""Checks that many rooms share: expected, got, what to do."""

from collections.abc import Iterable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing

__all__ = ["check_choice", "check_finite", "check_positive"]


def check_choice(value: Any, name: str, choices: Iterable[str]) -> None:
    """Raise a ValueError unless the value is one of the choices."""
    choices = list(choices)
    if value not in choices:
        raise ValueError(f"{name} must be one of {listing(choices)}; got {value!r}.")


def check_positive(value: float, name: str, unit: str = "") -> None:
    """Raise a ValueError unless the value is a finite number above zero."""
    is_number = isinstance(value, (int, float, np.integer, np.floating))
    if not is_number or not np.isfinite(value) or value <= 0:
        of_unit = f" of {unit}" if unit else ""
        raise ValueError(f"{name} must be a number{of_unit} above 0; got {value!r}.")


def check_finite(values: NDArray[Any], name: str, cure: str) -> None:
    """Raise a ValueError that counts NaN and infinite numbers, if there are any."""
    # One sum is far cheaper than a mask, and is finite whenever all numbers are
    # finite and small enough, which sensor readings are.
    with np.errstate(over="ignore", invalid="ignore"):
        if np.isfinite(np.sum(values, dtype=np.float64)):
            return
    bad = ~np.isfinite(values)
    if not bad.any():
        return
    first = tuple(int(i) for i in np.argwhere(bad)[0])
    n_nan = int(np.isnan(values).sum())
    n_infinite = int(bad.sum()) - n_nan
    raise ValueError(
        f"{name} must be finite; got {n_nan} NaN and {n_infinite} infinite of "
        f"{values.size} numbers, the first at index {first}. {cure}"
    )
