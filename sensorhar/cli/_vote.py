"""From overlapping windows to events: each moment is decided by all that cover it."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.events import Events
from sensorhar.data.windows import Windows

__all__ = ["predict_events", "vote"]


def predict_events(clf: object, windows: Windows) -> Events:
    """Return what a classifier says happened in one recording."""
    classes: NDArray[np.object_] = clf.classes_  # type: ignore[attr-defined]
    probability = clf.predict_proba(windows)  # type: ignore[attr-defined]
    return vote(
        windows.start_s,
        probability,
        [str(name) for name in classes],
        rate_hz=windows.spec.rate_hz,
        n_timepoints=windows.spec.n_timepoints,
    )


def vote(
    start_s: NDArray[np.float64],
    probability: NDArray[np.float64],
    classes: Sequence[str],
    *,
    rate_hz: float,
    n_timepoints: int,
) -> Events:
    """Average the windows over each moment and join equal neighbours.

    ::

        windows   [-- a .9 --]
                       [-- b .6 --]
                            [-- b .8 --]
        mean       a    a .65  b .7  b       moments that no window covers stay empty

    Parameters
    ----------
    start_s : array of shape (n_windows,), in s
        Starts, in any order.
    probability : array of shape (n_windows, n_classes)
        Of each class for each window.
    classes : sequence of str
        Names of the columns.
    rate_hz, n_timepoints
        Rate and length of the windows.

    Returns
    -------
    Events
        Score is the mean probability of the label over the event.
    """
    if not len(start_s):
        return Events.empty()
    origin = float(start_s.min())
    # Whole samples, so that a stop meets the next start exactly.
    first = np.rint((start_s - origin) * rate_hz).astype(np.int64)
    edges = np.unique(np.concatenate([first, first + n_timepoints]))
    enter = np.searchsorted(edges, first)
    leave = np.searchsorted(edges, first + n_timepoints)
    change = np.zeros((len(edges), len(classes)))
    np.add.at(change, enter, probability)
    np.subtract.at(change, leave, probability)
    count = np.zeros(len(edges), dtype=np.int64)
    np.add.at(count, enter, 1)
    np.subtract.at(count, leave, 1)
    covering = np.cumsum(count)[:-1]
    mean = np.cumsum(change, axis=0)[:-1] / np.maximum(covering, 1)[:, None]
    code = np.where(covering > 0, mean.argmax(axis=1), -1)
    size = np.diff(edges)
    begin = np.concatenate([[0], np.flatnonzero(np.diff(code)) + 1])
    end = np.concatenate([begin[1:], [len(code)]])
    kept = code[begin] >= 0
    begin, end = begin[kept], end[kept]
    strength = mean[np.arange(len(code)), code] * size
    score = [
        strength[a:b].sum() / size[a:b].sum() for a, b in zip(begin, end, strict=True)
    ]
    return Events(
        origin + edges[begin] / rate_hz,
        origin + edges[end] / rate_hz,
        [classes[i] for i in code[begin]],
        np.clip(score, 0.0, 1.0),
    )
