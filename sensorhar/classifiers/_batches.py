"""Batches that are fetched, and augmented, as they are drawn."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["batches"]


def batches(
    numbers: Any,
    codes: NDArray[np.intp],
    weight: NDArray[np.float32] | None,
    batch_size: int,
    *,
    augment: Callable[..., Any] | None = None,
    rng: np.random.Generator | None = None,
) -> Any:
    """Return a ``keras.utils.PyDataset`` of batches.

    Parameters
    ----------
    numbers : array or Rows of shape (n_examples, n_timepoints, ..., n_channels)
    codes : array of int of shape (n_examples,)
    weight : array of shape (n_examples,) or None
    batch_size : int
    augment : callable, optional
        ``augment(batch, rng) -> batch`` of the same shape.
    rng : numpy.random.Generator, optional
        Source of all randomness; without it batches come in order.
    """
    import keras

    class Batches(keras.utils.PyDataset):
        def __init__(self) -> None:
            super().__init__()
            self.order = np.arange(len(numbers))
            self.on_epoch_end()

        def __len__(self) -> int:
            return -(-len(numbers) // batch_size)

        def on_epoch_end(self) -> None:
            if rng is not None:
                self.order = rng.permutation(len(numbers))

        def __getitem__(self, index: int) -> tuple[Any, ...]:
            rows = self.order[index * batch_size : (index + 1) * batch_size]
            batch = numbers[rows]
            if augment is not None:
                batch = augment(batch, rng)
            if not isinstance(batch, tuple):  # of several modalities
                batch = np.asarray(batch, dtype=np.float32)
                if batch.shape != (len(rows), *numbers.shape[1:]):
                    raise ValueError(
                        "augment must return a batch of the shape it got, "
                        f"{(len(rows), *numbers.shape[1:])}; got {batch.shape}."
                    )
            if weight is None:
                return batch, codes[rows]
            return batch, codes[rows], weight[rows]

    return Batches()
