"""Counts of what is taken for what, which every score is made from."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._words import listing

__all__ = ["confusion_by_group", "confusion_matrix"]

Counts = NDArray[np.int64]


def confusion_matrix(
    y_true: ArrayLike, y_pred: ArrayLike, *, labels: Sequence[str] | None = None
) -> Counts:
    """Count how often each label is taken for each.

    Parameters
    ----------
    y_true, y_pred : array-like of str of shape (n_windows,)
        Truth and prediction.
    labels : sequence of str or None, default=None
        Order of rows and columns; it must hold every label. None takes all that
        occur in either, sorted.

    Returns
    -------
    array of int of shape (n_classes, n_classes)
        Rows are the truth.

    Raises
    ------
    ValueError
        When lengths differ, or a label is not among ``labels``.

    Examples
    --------
    >>> confusion_matrix(["sit", "sit", "walk"], ["sit", "walk", "walk"])
    array([[1, 1],
           [0, 1]])
    """
    everyone = np.zeros(len(np.asarray(y_true, dtype=object)), dtype=np.int64)
    counts = confusion_by_group(y_true, y_pred, everyone, labels=labels, subjects=[0])
    only: Counts = counts[0]
    return only


def confusion_by_group(
    y_true: ArrayLike,
    y_pred: ArrayLike,
    groups: ArrayLike,
    *,
    labels: Sequence[str] | None = None,
    subjects: Sequence[Any] | None = None,
) -> Counts:
    """Count how often each label is taken for each, subject by subject.

    Parameters
    ----------
    y_true, y_pred, groups : array-like of shape (n_windows,)
        Truth, prediction and subject.
    labels : sequence of str or None, default=None
        Order of rows and columns. None takes all that occur, sorted.
    subjects : sequence or None, default=None
        Order of the matrices. None takes all that occur, sorted.

    Returns
    -------
    array of int of shape (n_subjects, n_classes, n_classes)
        One matrix for each subject.

    Raises
    ------
    ValueError
        When lengths differ, or a label or subject is not among those given.

    Examples
    --------
    >>> confusion_by_group(list("aab"), list("abb"), ["anna", "ben", "ben"])
    array([[[1, 0],
            [0, 0]],
    <BLANKLINE>
           [[0, 1],
            [0, 1]]])
    """
    true, pred, who = (np.asarray(a, dtype=object) for a in (y_true, y_pred, groups))
    if not true.shape == pred.shape == who.shape or true.ndim != 1:
        raise ValueError(
            "y_true, y_pred and groups must have one length; got shapes "
            f"{true.shape}, {pred.shape} and {who.shape}."
        )
    names = sorted(set(true) | set(pred)) if labels is None else list(labels)
    people = sorted(set(who)) if subjects is None else list(subjects)
    n_classes = len(names)
    cell = _codes(who, people, "subjects") * n_classes
    cell = (cell + _codes(true, names, "labels")) * n_classes
    cell += _codes(pred, names, "labels")
    shape = (len(people), n_classes, n_classes)
    return np.bincount(cell, minlength=int(np.prod(shape))).reshape(shape)


def _codes(values: NDArray[Any], names: Sequence[Any], what: str) -> Counts:
    """Return the position of each value in the names."""
    place = {name: i for i, name in enumerate(names)}
    strange = set(values) - set(place)
    if strange:
        raise ValueError(
            f"{what} must hold every one that occurs; got {listing(strange)} beside "
            f"{listing(names)}."
        )
    return np.fromiter((place[v] for v in values), dtype=np.int64, count=len(values))
