"""The base that windows, clips and poses share: labelled examples in an order."""

from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._words import listing

__all__ = ["Examples"]

Index = Any  # slice, integer array or boolean mask, as numpy takes them


class Examples:
    """Examples with labels and groups; axis 0 is the example, axis 1 is time.

    Subclasses hold the numbers and give ``spec``, ``shape``, ``batch`` and ``_take``.
    """

    __slots__ = ("groups", "y")

    spec: Any
    y: NDArray[np.object_] | None
    groups: NDArray[np.object_] | None

    @property
    def shape(self) -> tuple[int, ...]:
        """Shape of the whole, axis 0 being the example."""
        raise NotImplementedError

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return len(self.shape)

    @property
    def dtype(self) -> np.dtype[Any]:
        """Type of the numbers."""
        return np.dtype(np.float32)

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels that occur, sorted."""
        if self.y is None:
            return ()
        return tuple(sorted({label for label in self.y if label is not None}))

    @property
    def is_labelled(self) -> bool:
        """Whether every example has a label."""
        return self.y is not None and all(label is not None for label in self.y)

    def batch(self, indices: ArrayLike) -> NDArray[np.float32]:
        """Return the numbers of some examples as one new array."""
        raise NotImplementedError

    def _take(self, index: NDArray[np.intp]) -> Self:
        """Return some examples, without copying their numbers."""
        raise NotImplementedError

    def __getitem__(self, index: Index) -> Any:
        """Return one example as an array, or several as examples."""
        raise NotImplementedError

    def __len__(self) -> int:
        return self.shape[0]

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"{type(self).__name__} are frozen; {name!r} cannot be set."
        )

    def _normal_index(self, index: Index) -> NDArray[np.intp]:
        """Turn a slice, mask or integers into an array of positions."""
        if isinstance(index, slice):
            return np.arange(*index.indices(len(self)), dtype=np.intp)
        if isinstance(index, tuple):
            raise IndexError(
                f"{type(self).__name__} are indexed over axis 0 alone; got {index!r}. "
                "For other axes use np.asarray(windows) first."
            )
        array = np.asarray(index)
        if array.dtype == bool:
            if array.shape != (len(self),):
                raise IndexError(
                    f"a mask must have shape ({len(self)},); got {array.shape}."
                )
            return np.flatnonzero(array)
        if array.size == 0:
            return np.zeros(0, dtype=np.intp)
        if array.ndim != 1 or array.dtype.kind not in "iu":
            raise IndexError(
                f"{type(self).__name__} take a slice, integers or a mask; not {index!r}"
            )
        array = array.astype(np.intp)
        if array.min() < -len(self) or array.max() >= len(self):
            raise IndexError(f"index out of range for {len(self)} examples.")
        return np.where(array < 0, array + len(self), array)


def as_labels(
    values: Any, n_examples: int, name: str, *, may_be_none: bool
) -> NDArray[np.object_] | None:
    """Return labels or groups as a read-only object array of str, or None."""
    if values is None:
        return None
    given = np.asarray(values, dtype=object)
    if given.shape != (n_examples,):
        raise ValueError(
            f"{name} must have shape ({n_examples},), one for each example; got "
            f"shape {given.shape}."
        )
    array = given.view()
    types = set(map(type, given))
    if not types <= {str, type(None)}:
        array = np.array([v if v is None else str(v) for v in given], dtype=object)
    if not may_be_none and type(None) in types:
        n_missing = sum(v is None for v in array)
        known = {v for v in array if v is not None}
        raise ValueError(
            f"{name} must name one for every example; got None for {n_missing} of "
            f"{n_examples} beside {listing(known) or 'nothing'}. Give each "
            "recording its subject: Recording(..., subject='anna')."
        )
    array.flags.writeable = False
    return array
