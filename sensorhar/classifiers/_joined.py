"""The numbers of several modalities side by side, each with whether it is there."""

from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from sensorhar.classifiers._fusing import see
from sensorhar.classifiers._rows import Rows

__all__ = ["Joined", "interleave"]


class Joined(Rows):
    """Rows of which each is a tuple: numbers of a member, 1 where they are there, ...

    Parameters
    ----------
    examples : Modalities, other examples or array
        What there is.
    members : dict of str to classifier
        Who sees which part, and how.
    """

    def __init__(self, examples: Any, members: dict[str, Any]) -> None:
        self.examples = examples
        self.members = members
        size = sum(int(np.prod(m.input_shape_)) for m in members.values())
        self.shape = len(examples), size

    def __getitem__(self, rows: Any) -> Any:
        """Return tuples of arrays; zeros stand for what is missing."""
        chosen = self.examples[rows]
        numbers, there = [], np.zeros((len(chosen), len(self.members)), np.float32)
        for place, (name, member) in enumerate(self.members.items()):
            own = np.zeros((len(chosen), *member.input_shape_), dtype=np.float32)
            seen, at = see(chosen, name)
            if len(at):
                is_raw = isinstance(seen, np.ndarray)
                known = seen if is_raw else member._check_input(seen)
                own[at] = member._unmask(known)[:]
                there[at, place] = 1
            numbers.append(own)
        return interleave(numbers, there)

    def take(self, rows: Any) -> Self:
        """Return some rows, not yet fetched."""
        return type(self)(self.examples[rows], self.members)


def interleave(
    numbers: list[NDArray[np.float32]], there: NDArray[np.float32]
) -> tuple[NDArray[np.float32], ...]:
    """Return the inputs of the joined network in order."""
    pairs = [(own, there[:, i : i + 1]) for i, own in enumerate(numbers)]
    return tuple(array for pair in pairs for array in pair)
