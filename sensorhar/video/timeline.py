"""What a classifier says over one video: probabilities by time, and events."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.events import Events

__all__ = ["Timeline"]


@dataclass(frozen=True, eq=False)
class Timeline:
    """Probabilities of each label, clip by clip.

    Where clips overlap, each moment gets the mean of those that cover it::

        clips     [-- a .9 --]
                       [-- b .6 --]
                            [-- b .8 --]
        events     a    a    b    b    b

    Made by :func:`sensorhar.video.predict_timeline`.

    Parameters
    ----------
    name : str
        Of the file.
    classes : tuple of str
        Labels in the order of the columns.
    start_s, stop_s : array of shape (n_clips,), in s
        Of each clip, in order.
    probability : array of shape (n_clips, n_classes)
        Of each label in each clip; rows sum to 1.
    duration_s : float
        Of the whole file.

    Raises
    ------
    ValueError
        When shapes disagree, there is no clip, or a stop is not after its start.

    Examples
    --------
    >>> said = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]])
    >>> line = Timeline("a.mp4", ("run", "walk"), [0, 1, 2], [2, 3, 4], said, 4.0)
    >>> line.events()
    <Events 2 in 4 s | run 1, walk 1>
    >>> line.top(1)
    [('run', 0.5)]
    """

    name: str
    classes: tuple[str, ...]
    start_s: NDArray[np.float64]
    stop_s: NDArray[np.float64]
    probability: NDArray[np.float64]
    duration_s: float

    def __post_init__(self) -> None:
        # To the microsecond, so that the stop of one clip is the start of the next.
        start = np.round(np.asarray(self.start_s, dtype=np.float64), 6)
        stop = np.round(np.asarray(self.stop_s, dtype=np.float64), 6)
        said = np.asarray(self.probability, dtype=np.float64)
        shape = (len(start), len(self.classes))
        if said.shape != shape or stop.shape != start.shape or not said.size:
            raise ValueError(
                "probability must have shape (n_clips, n_classes), here "
                f"{shape}, with at least one of each; got {said.shape}."
            )
        if not (stop > start).all():
            raise ValueError("each clip must stop after it starts; one does not.")
        object.__setattr__(self, "classes", tuple(str(name) for name in self.classes))
        object.__setattr__(self, "start_s", start)
        object.__setattr__(self, "stop_s", stop)
        object.__setattr__(self, "probability", said)

    def moments(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Return the moments between which nothing changes, and what is said in each.

        Returns
        -------
        edges_s : array of shape (n_moments + 1,), in s
            Starts and stops of all clips.
        probability : array of shape (n_moments, n_classes)
            Mean over the clips that cover it; NaN where none does.
        """
        edges = np.unique(np.concatenate([self.start_s, self.stop_s]))
        middle = (edges[1:] + edges[:-1]) / 2
        covers = (self.start_s <= middle[:, None]) & (middle[:, None] < self.stop_s)
        count = covers.sum(axis=1, keepdims=True)
        total = covers.astype(np.float64) @ self.probability
        return edges, np.where(count, total / np.maximum(count, 1), np.nan)

    def at(self, time_s: float) -> NDArray[np.float64]:
        """Return the probability of each label at one time.

        Parameters
        ----------
        time_s : float
            In s from the start of the file; before the first clip and after the last,
            the nearest speaks.

        Returns
        -------
        array of shape (n_classes,)
            NaN in a gap between clips.
        """
        inside = min(max(time_s, self.start_s.min()), self.stop_s.max() - 1e-6)
        covers = (self.start_s <= inside) & (inside < self.stop_s)
        if not covers.any():
            return np.full(len(self.classes), np.nan)
        mean: NDArray[np.float64] = self.probability[covers].mean(axis=0)
        return mean

    def events(self) -> Events:
        """Return what happens when: neighbouring moments of one label are one event.

        Returns
        -------
        Events
            Score is the mean probability of the label over the event.
        """
        edges, said = self.moments()
        rows: list[list[Any]] = []
        for k, row in enumerate(said):
            if np.isnan(row[0]):
                continue
            code = int(row.argmax())
            length = edges[k + 1] - edges[k]
            if rows and rows[-1][1] == edges[k] and rows[-1][2] == code:
                rows[-1][1] = edges[k + 1]
                rows[-1][3] += row[code] * length
            else:
                rows.append([edges[k], edges[k + 1], code, row[code] * length])
        return Events(
            [row[0] for row in rows],
            [row[1] for row in rows],
            [self.classes[row[2]] for row in rows],
            [min(row[3] / (row[1] - row[0]), 1.0) for row in rows],
        )

    def top(self, n_labels: int = 5) -> list[tuple[str, float]]:
        """Return the labels of the highest mean probability over all clips.

        Parameters
        ----------
        n_labels : int, default=5
            How many at most.

        Returns
        -------
        list of (str, float)
            Label and probability, the highest first.
        """
        mean = self.probability.mean(axis=0)
        order = np.argsort(-mean, kind="stable")[:n_labels]
        return [(self.classes[i], float(mean[i])) for i in order]

    def to_dict(self, n_labels: int | None = None) -> dict[str, Any]:
        """Return all as plain JSON values.

        Parameters
        ----------
        n_labels : int or None, default=None
            How many labels of each clip, the highest first; None gives all.

        Returns
        -------
        dict
            ``file``, ``duration_s``, ``labels``, ``clips`` and ``events``.
        """
        return {
            "file": self.name,
            "duration_s": self.duration_s,
            "labels": [
                {"label": label, "probability": share}
                for label, share in self.top(n_labels or len(self.classes))
            ],
            "clips": [
                {
                    "start_s": float(start),
                    "stop_s": float(stop),
                    "probability": self._by_label(row, n_labels),
                }
                for start, stop, row in zip(
                    self.start_s, self.stop_s, self.probability, strict=True
                )
            ],
            "events": [event._asdict() for event in self.events()],
        }

    def _by_label(
        self, row: NDArray[np.float64], n_labels: int | None
    ) -> dict[str, float]:
        order: Sequence[int] = np.argsort(-row, kind="stable")[:n_labels].tolist()
        return {self.classes[i]: float(row[i]) for i in order}

    def __repr__(self) -> str:
        label, share = self.top(1)[0]
        return (
            f"<Timeline {self.name} {self.duration_s:.4g} s | {len(self.start_s)} "
            f"clips | {label} {share:.2f}>"
        )
