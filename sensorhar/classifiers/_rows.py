"""Examples that classifiers fetch batch by batch, instead of all as one array."""

from collections.abc import Iterator
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.examples import Examples

__all__ = ["Numbers", "Rows", "in_parts", "moments", "n_at_once", "take"]

#: Numbers held at once while clips are looked through or predicted: 16 MB.
BUDGET = 2**22

#: Windows predicted at once; more gain no speed and cost memory.
MOST_AT_ONCE = 1024


class Rows:
    """The numbers of examples as far as they are asked for.

    A thousand clips of 16 frames of 112 by 112 pixels are 2.4 GB as one array, and
    training sees a few of them at a time.

    Parameters
    ----------
    examples : Examples
        Such as clips.
    """

    def __init__(self, examples: Examples) -> None:
        self.examples = examples
        self.shape = examples.shape

    def __len__(self) -> int:
        return len(self.examples)

    def __getitem__(self, rows: Any) -> NDArray[np.float32]:
        """Return the numbers of some rows, given by a slice or positions."""
        if isinstance(rows, slice):
            rows = np.arange(*rows.indices(len(self)))
        numbers = self.examples.batch(rows)
        if not np.isfinite(np.sum(numbers)):
            raise ValueError(
                "X must hold no NaN or infinite numbers; got some in "
                f"{type(self.examples).__name__}. Leave these examples out."
            )
        return numbers

    def take(self, rows: Any) -> Self:
        """Return some rows, not yet fetched."""
        return type(self)(self.examples[rows])


#: An array of shape (n_examples, n_timepoints, ..., n_channels), or its rows.
Numbers = NDArray[np.float32] | Rows


def take(numbers: Any, rows: Any) -> Any:
    """Return some rows, not yet fetched where they need not be."""
    if not isinstance(numbers, Rows):
        return numbers[rows]
    if isinstance(rows, slice) and rows == slice(None):
        return numbers
    return numbers.take(rows)


def n_at_once(shape: tuple[int, ...]) -> int:
    """Return how many examples of a shape fit into memory with ease."""
    return max(1, min(MOST_AT_ONCE, BUDGET // max(1, int(np.prod(shape)))))


def in_parts(numbers: Any) -> Iterator[NDArray[np.float32]]:
    """Yield the examples in order, as arrays of a handy size."""
    size = n_at_once(numbers.shape[1:])
    for first in range(0, len(numbers), size):
        yield numbers[first : first + size]


def moments(numbers: Any) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return mean and variance of each channel over examples, time and space.

    Parameters
    ----------
    numbers : array or Rows of shape (n_examples, n_timepoints, ..., n_channels)

    Returns
    -------
    mean, variance : arrays of shape (n_channels,)
    """
    axes = tuple(range(len(numbers.shape) - 1))
    if not isinstance(numbers, Rows):
        return (
            numbers.mean(axis=axes, dtype=np.float64),
            numbers.var(axis=axes, dtype=np.float64),
        )
    means, variances, shares = [], [], []
    for part in in_parts(numbers):
        means.append(part.mean(axis=axes, dtype=np.float64))
        variances.append(part.var(axis=axes, dtype=np.float64))
        shares.append(len(part) / len(numbers))
    mean = np.average(means, axis=0, weights=shares)
    spread = np.array(variances) + (np.array(means) - mean) ** 2
    return mean, np.average(spread, axis=0, weights=shares)
