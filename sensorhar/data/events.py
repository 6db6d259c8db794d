"""What happened when: the same type for truth and for prediction."""

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._words import say_duration

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["Event", "Events"]


class Event(NamedTuple):
    """One activity from start to stop.

    Attributes
    ----------
    start_s, stop_s : float
        In s from the start of the recording.
    label : str
        What happened.
    score : float
        Confidence of a prediction in [0, 1]; NaN where it has none.
    """

    start_s: float
    stop_s: float
    label: str
    score: float = float("nan")

    def __str__(self) -> str:
        score = "" if np.isnan(self.score) else f"  {self.score:.2f}"
        return f"{self.start_s:.1f}-{self.stop_s:.1f} s  {self.label}{score}"


class Events:
    """Labelled time intervals, sorted by start.

    Parameters
    ----------
    start_s, stop_s : array-like of shape (n_events,), in s
        Each stop lies after its start. An event covers ``start_s <= t < stop_s``.
    labels : sequence of str of length n_events
        What happened.
    score : array-like of shape (n_events,) or None, default=None
        Confidence of each; NaN (all of them, when None) where there is none.

    Raises
    ------
    ValueError
        When lengths differ, a time is not finite, a stop is not after its start, or
        a label is empty or no str.

    Examples
    --------
    >>> Events([0, 60], [60, 90], ["walking", "sitting"])
    <Events 2 in 1 min 30 s | sitting 1, walking 1>
    """

    __slots__ = ("labels", "score", "start_s", "stop_s")

    start_s: NDArray[np.float64]
    stop_s: NDArray[np.float64]
    labels: NDArray[np.object_]
    score: NDArray[np.float64]

    def __init__(
        self,
        start_s: ArrayLike,
        stop_s: ArrayLike,
        labels: Sequence[str] | NDArray[Any],
        score: ArrayLike | None = None,
    ) -> None:
        start = np.atleast_1d(np.asarray(start_s, dtype=np.float64))
        stop = np.atleast_1d(np.asarray(stop_s, dtype=np.float64))
        names = np.empty(len(labels), dtype=object)
        names[:] = list(labels)
        scores = (
            np.full(len(start), np.nan)
            if score is None
            else np.atleast_1d(np.asarray(score, dtype=np.float64))
        )
        _check(start, stop, names, scores)
        order = np.lexsort((stop, start))
        for name, column in (
            ("start_s", start),
            ("stop_s", stop),
            ("labels", names),
            ("score", scores),
        ):
            values = column[order]
            values.flags.writeable = False
            object.__setattr__(self, name, values)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(f"Events are frozen; {name!r} cannot be set.")

    def __reduce__(self) -> tuple[Any, ...]:
        return Events, (self.start_s, self.stop_s, self.labels, self.score)

    @classmethod
    def empty(cls) -> Self:
        """Return Events that hold nothing."""
        return cls([], [], [])

    @classmethod
    def from_list(cls, events: Iterable[Event]) -> Self:
        """Return Events from single ones."""
        rows = list(events)
        return cls(
            [event.start_s for event in rows],
            [event.stop_s for event in rows],
            [event.label for event in rows],
            [event.score for event in rows],
        )

    @property
    def classes(self) -> tuple[str, ...]:
        """The labels that occur, sorted."""
        return tuple(sorted(set(self.labels)))

    @property
    def duration_s(self) -> NDArray[np.float64]:
        """Duration of each event in s."""
        return self.stop_s - self.start_s

    def crop(self, start_s: float, stop_s: float) -> Self:
        """Return the events cut to ``[start_s, stop_s]``; those outside are dropped."""
        start = np.maximum(self.start_s, start_s)
        stop = np.minimum(self.stop_s, stop_s)
        return self._keep(stop > start, start, stop)

    def select(self, labels: Iterable[str]) -> Self:
        """Return the events with one of the labels."""
        wanted = set(labels)
        is_wanted = np.array([label in wanted for label in self.labels], dtype=bool)
        return self._keep(is_wanted, self.start_s, self.stop_s)

    def shift(self, by_s: float) -> Self:
        """Return the events moved in time."""
        return type(self)(
            self.start_s + by_s, self.stop_s + by_s, self.labels, self.score
        )

    def overlapping(self) -> list[tuple[int, int]]:
        """Return pairs of indices of neighbours of which the second starts too early.

        Two events that merely touch do not overlap.
        """
        if len(self) < 2:
            return []
        latest = np.maximum.accumulate(self.stop_s)
        late = np.flatnonzero(self.start_s[1:] < latest[:-1]) + 1
        return [(int(np.argmax(self.stop_s[:i])), int(i)) for i in late]

    def to_frame(self) -> "pd.DataFrame":
        """Return a DataFrame with columns start_s, stop_s, label and score."""
        import pandas as pd

        return pd.DataFrame(
            {
                "start_s": self.start_s,
                "stop_s": self.stop_s,
                "label": self.labels.astype(str),
                "score": self.score,
            }
        )

    def _keep(
        self,
        mask: NDArray[np.bool_],
        start_s: NDArray[np.float64],
        stop_s: NDArray[np.float64],
    ) -> Self:
        return type(self)(
            start_s[mask], stop_s[mask], self.labels[mask], self.score[mask]
        )

    def __len__(self) -> int:
        return len(self.start_s)

    def __iter__(self) -> Iterator[Event]:
        for i in range(len(self)):
            yield self[i]

    def __getitem__(self, index: int) -> Event:
        return Event(
            float(self.start_s[index]),
            float(self.stop_s[index]),
            self.labels[index],
            float(self.score[index]),
        )

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Events):
            return NotImplemented
        return (
            np.array_equal(self.start_s, other.start_s)
            and np.array_equal(self.stop_s, other.stop_s)
            and np.array_equal(self.labels, other.labels)
            and np.array_equal(self.score, other.score, equal_nan=True)
        )

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        if not len(self):
            return "<Events 0>"
        names, counts = np.unique(self.labels.astype(str), return_counts=True)
        tally = ", ".join(f"{n} {c}" for n, c in zip(names, counts, strict=True))
        span = float(self.stop_s.max() - self.start_s.min())
        return f"<Events {len(self)} in {say_duration(span)} | {tally}>"


def _check(
    start: NDArray[np.float64],
    stop: NDArray[np.float64],
    labels: NDArray[np.object_],
    score: NDArray[np.float64],
) -> None:
    """Raise a ValueError for events that cannot be."""
    if not len(start) == len(stop) == len(labels) == len(score):
        raise ValueError(
            "start_s, stop_s, labels and score must have one length; got "
            f"{len(start)}, {len(stop)}, {len(labels)} and {len(score)}."
        )
    if not (np.isfinite(start).all() and np.isfinite(stop).all()):
        first = int(np.argmin(np.isfinite(start) & np.isfinite(stop)))
        raise ValueError(
            f"event times must be finite; got {start[first]}-{stop[first]} s "
            f"for {labels[first]!r}."
        )
    if (stop <= start).any():
        first = int(np.argmax(stop <= start))
        raise ValueError(
            f"each event must stop after it starts; got {labels[first]!r} from "
            f"{start[first]:g} to {stop[first]:g} s."
        )
    for label in labels:
        if not isinstance(label, str) or not label:
            raise ValueError(
                f"labels must be strings that are not empty; got {label!r}. "
                "Turn numbers into words first, for example with a dict."
            )
