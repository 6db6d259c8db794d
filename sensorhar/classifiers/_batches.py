"""Training batches that are augmented as they are drawn."""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["augmented_batches"]


def augmented_batches(
    numbers: NDArray[np.float32],
    codes: NDArray[np.intp],
    weight: NDArray[np.float32] | None,
    batch_size: int,
    augment: Callable[..., Any],
    rng: np.random.Generator,
) -> Any:
    """Return a ``keras.utils.PyDataset`` of shuffled, augmented batches.

    Parameters
    ----------
    numbers : array of shape (n_windows, n_timepoints, n_channels)
    codes : array of int of shape (n_windows,)
    weight : array of shape (n_windows,) or None
    batch_size : int
    augment : callable
        ``augment(batch, rng) -> batch`` of the same shape.
    rng : numpy.random.Generator
        Source of all randomness.
    """
    import keras

    class Batches(keras.utils.PyDataset):
        def __init__(self) -> None:
            super().__init__()
            self.order = rng.permutation(len(numbers))

        def __len__(self) -> int:
            return -(-len(numbers) // batch_size)

        def on_epoch_end(self) -> None:
            self.order = rng.permutation(len(numbers))

        def __getitem__(self, index: int) -> tuple[Any, ...]:
            rows = self.order[index * batch_size : (index + 1) * batch_size]
            batch = np.asarray(augment(numbers[rows], rng), dtype=np.float32)
            if batch.shape != (len(rows), *numbers.shape[1:]):
                raise ValueError(
                    "augment must return a batch of the shape it got, "
                    f"{(len(rows), *numbers.shape[1:])}; got {batch.shape}."
                )
            if weight is None:
                return batch, codes[rows]
            return batch, codes[rows], weight[rows]

    return Batches()
