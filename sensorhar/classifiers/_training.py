"""What a classifier learns from, once checked, and whom it watches meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.classifiers._lesson import Lesson
from sensorhar.classifiers._rows import Numbers

__all__ = ["Training", "choose_watched", "weigh_classes"]


@dataclass(frozen=True)
class Training:
    """Checked training data.

    Attributes
    ----------
    numbers : array of shape (n_windows, n_timepoints, n_channels), float32
        With axes of space before the channels for poses and clips; of clips it is no
        array, but gives one for the rows that are asked for.
    codes : array of int of shape (n_windows,)
        Position of each label in ``classes_``.
    groups : object array of shape (n_windows,) or None
        Subjects.
    weight : array of shape (n_windows,) or None
    watched : tuple of (numbers, codes) or None
        Windows for early stopping that somebody else chose.
    lesson : Lesson or None
        What a teacher says of the windows.
    """

    numbers: Any
    codes: NDArray[np.intp]
    groups: NDArray[Any] | None
    weight: NDArray[np.float32] | None
    watched: tuple[Numbers, NDArray[np.intp]] | None
    lesson: Lesson | None = None


def choose_watched(
    codes: NDArray[np.intp],
    groups: NDArray[Any] | None,
    share: float,
    rng: np.random.Generator,
) -> list[str]:
    """Choose whole subjects to watch, so that no class is lost for training.

    Parameters
    ----------
    codes : array of int of shape (n_windows,)
        Label codes.
    groups : object array of shape (n_windows,) or None
        Subjects.
    share : float
        Share of the subjects to choose, at least one of them.
    rng : numpy.random.Generator
        Draws the order in which subjects are tried.

    Returns
    -------
    list
        Subjects; empty when there are fewer than three, or none can be spared.
    """
    if groups is None or share <= 0:
        return []
    subjects, member = np.unique(groups.astype(str), return_inverse=True)
    if len(subjects) < 3:
        return []
    n_wanted = max(1, round(share * len(subjects)))
    counts = np.zeros((len(subjects), codes.max() + 1), dtype=int)
    np.add.at(counts, (member, codes), 1)
    left = counts.sum(axis=0)
    chosen: list[str] = []
    for i in rng.permutation(len(subjects)):
        if len(chosen) == n_wanted:
            break
        if ((left - counts[i]) > 0).all():
            left = left - counts[i]
            chosen.append(str(subjects[i]))
    return sorted(chosen)


def weigh_classes(
    class_weight: Any,
    classes: NDArray[Any],
    codes: NDArray[np.intp],
    weight: NDArray[np.float32] | None,
) -> NDArray[np.float32]:
    """Multiply the weights of windows by those of their classes.

    Raises
    ------
    ValueError
        When the class weights are neither "balanced" nor a mapping of labels.
    """
    if class_weight == "balanced":
        # scikit-learn's rule: n_windows / (n_classes * windows of the class)
        counts = np.bincount(codes, minlength=len(classes))
        by_class = len(codes) / (len(classes) * np.maximum(counts, 1))
    elif isinstance(class_weight, Mapping):
        unknown = set(class_weight) - set(classes)
        if unknown:
            raise ValueError(
                f"class_weight must name labels that occur, {list(classes)!r}; got "
                f"{sorted(unknown, key=str)!r}."
            )
        by_class = np.array([class_weight.get(label, 1.0) for label in classes])
    else:
        raise ValueError(
            "class_weight must be None, 'balanced' or a mapping from label to weight; "
            f"got {class_weight!r}."
        )
    own = by_class[codes].astype(np.float32)
    return own if weight is None else own * weight
