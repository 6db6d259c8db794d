"""Labels of windows from events, by cumulative counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.events import Events

__all__ = ["LabelTrack"]

#: Event times within this many seconds of a sample count as at the sample, so that
#: times written with microseconds lose none.
SLACK_S = 1e-6


@dataclass(frozen=True)
class LabelTrack:
    """How many samples of each label lie before a sample, without a row a sample.

    The count of a label before sample k rises by one a sample inside its events and
    is flat between them, so its corners tell it everywhere: a window's count is the
    difference at its two ends, and a day costs no more than its events.

    Attributes
    ----------
    corners : list of (array, array)
        Sample numbers and counts where each label's count bends.
    """

    corners: list[tuple[NDArray[np.float64], NDArray[np.float64]]]

    @classmethod
    def of(
        cls, events: Events, time_s: NDArray[np.float64], classes: Sequence[str]
    ) -> Self:
        """Count the labels of events that do not overlap along a clock."""
        first = np.searchsorted(time_s, events.start_s - SLACK_S)
        last = np.searchsorted(time_s, events.stop_s - SLACK_S)
        corners = []
        for label in classes:
            is_label = events.labels == label
            ends = np.stack([first[is_label], last[is_label]], axis=1)
            counts = np.cumsum(ends[:, 1] - ends[:, 0])
            before = np.concatenate([[0], counts[:-1]]) if len(counts) else counts
            x = np.concatenate([[0], ends.ravel()]).astype(np.float64)
            y = np.concatenate([[0], np.stack([before, counts], axis=1).ravel()])
            corners.append((x, y.astype(np.float64)))
        return cls(corners)

    def count(
        self, start: NDArray[np.int64], stop: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """Return samples of each label in ``start <= k < stop``.

        Returns
        -------
        array of shape (n_windows, n_classes)
            Counts.
        """
        columns = [
            np.rint(np.interp(stop, x, y) - np.interp(start, x, y))
            for x, y in self.corners
        ]
        if not columns:
            return np.zeros((len(start), 0), dtype=np.int64)
        return np.stack(columns, axis=1).astype(np.int64)

    def label(
        self, start: NDArray[np.int64], n_timepoints: int, rule: str
    ) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
        """Return the label code (-1 is null) and the share it covers, per window."""
        counts = self.count(start, start + n_timepoints)
        null = n_timepoints - counts.sum(axis=1)
        if not counts.shape[1]:
            return np.full(len(start), -1, dtype=np.intp), null / n_timepoints
        if rule == "majority":
            code = counts.argmax(axis=1)
            code[counts.max(axis=1) < null] = -1
        else:
            at = start + (n_timepoints // 2 if rule == "centre" else n_timepoints - 1)
            here = self.count(at, at + 1)
            code = np.where(here.any(axis=1), here.argmax(axis=1), -1)
        own = counts[np.arange(len(start)), code]
        return code, np.where(code < 0, null, own) / n_timepoints
