"""What one classifier scored: counts by seed and subject, and all that follows."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, Self

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar.evaluation import metrics
from sensorhar.evaluation.bootstrap import bootstrap_interval

__all__ = ["MAJORITY", "METRICS", "History", "Result", "Score", "Scored"]

#: The row of every report that always answers the commonest training label.
MAJORITY = "majority"

#: What a report shows, the most telling first: under imbalance accuracy and weighted
#: F1 follow the frequent classes.
METRICS = {
    "macro_f1": metrics.macro_f1,
    "balanced_accuracy": metrics.balanced_accuracy,
    "accuracy": metrics.accuracy,
    "weighted_f1": metrics.weighted_f1,
    "cohen_kappa": metrics.cohen_kappa,
    "matthews": metrics.matthews,
}


class Score(NamedTuple):
    """One number and how far to trust it.

    Attributes
    ----------
    mean : float
        Over seeds; all test windows of a seed are pooled before scoring.
    sd : float
        Standard deviation over seeds (n - 1); NaN for a single one.
    low, high : float
        95 % bootstrap interval over subjects; NaN for a single one.
    per_seed : tuple of float
        Score of each seed.
    """

    mean: float
    sd: float
    low: float
    high: float
    per_seed: tuple[float, ...]


class History(NamedTuple):
    """Training curves of one fit.

    Attributes
    ----------
    seed, split : int
        Which fit; splits are counted from 0.
    curves : dict of str to tuple of float
        One number an epoch, such as ``loss`` and ``val_loss``.
    """

    seed: int
    split: int
    curves: dict[str, tuple[float, ...]]


class Scored(NamedTuple):
    """The test windows, in the order of the predictions.

    Attributes
    ----------
    split : array of int of shape (n_scored,)
        In which split it was tested, counted from 0.
    window : array of int of shape (n_scored,)
        Position in the windows given.
    subject, recording : object array of str of shape (n_scored,)
        Who, and in which recording.
    start_s : array of shape (n_scored,), in s
        Start in the recording; NaN when unknown.
    label : object array of str of shape (n_scored,)
        The truth.
    """

    split: NDArray[np.intp]
    window: NDArray[np.intp]
    subject: NDArray[np.object_]
    recording: NDArray[np.object_]
    start_s: NDArray[np.float64]
    label: NDArray[np.object_]


@dataclass(frozen=True, eq=False, repr=False)
class Result:
    """Scores of one classifier, all derived from its confusion counts.

    Parameters
    ----------
    name : str
        What the report calls it.
    estimator : str
        Its repr, with the parameters that were set.
    labels, subjects : tuple of str
        Axes of the counts.
    seeds : tuple of int
        Seeds it was trained with.
    counts : array of int of shape (n_seeds, n_subjects, n_classes, n_classes)
        Test windows; the second last axis is the truth, the last the prediction.
    fit_s : array of shape (n_seeds, n_splits), in s
        Time that each fit took.
    null_label : str or None, default=None
        The label that means "none of the activities".
    histories : tuple of History, default=()
        Training curves, where the classifier keeps them.
    predicted : array of int of shape (n_seeds, n_scored) or None, default=None
        Predicted label of each test window, as a position in ``labels``.
    probability : array of shape (n_seeds, n_scored, n_classes) or None, default=None
        Probabilities, where the classifier gives them.

    Examples
    --------
    >>> import numpy as np
    >>> result = Result("toy", "Toy()", ("sit", "walk"), ("anna", "ben"), (0,),
    ...     np.array([[[[9, 1], [0, 10]], [[5, 5], [0, 10]]]]), np.array([[0.1, 0.1]]))
    >>> result.score("accuracy").mean, result.worst_subject()
    (0.85, ('ben', 0.75))
    """

    name: str
    estimator: str
    labels: tuple[str, ...]
    subjects: tuple[str, ...]
    seeds: tuple[int, ...]
    counts: NDArray[np.int64]
    fit_s: NDArray[np.float64]
    null_label: str | None = None
    histories: tuple[History, ...] = ()
    predicted: NDArray[np.intp] | None = None
    probability: NDArray[np.float32] | None = None

    @property
    def confusion(self) -> NDArray[np.int64]:
        """Counts of shape (n_classes, n_classes) over all subjects and seeds."""
        return self.counts.sum(axis=(0, 1))  # type: ignore[no-any-return]

    @property
    def has_null(self) -> bool:
        """Whether some windows are of the null class."""
        return self.null_label in self.labels

    @cached_property
    def scores(self) -> dict[str, Score]:
        """Each metric of ``METRICS`` over all windows."""
        return _scores(self.counts)

    @cached_property
    def scores_without_null(self) -> dict[str, Score] | None:
        """Each metric over the windows whose truth is not null; None without null.

        An activity taken for null still counts as missed.
        """
        if not self.has_null:
            return None
        counts = self.counts.copy()
        counts[:, :, self.labels.index(str(self.null_label)), :] = 0
        return _scores(counts)

    def score(self, metric: str = "macro_f1", *, without_null: bool = False) -> Score:
        """Return one metric with its spread.

        Parameters
        ----------
        metric : str, default="macro_f1"
            A key of ``METRICS``.
        without_null : bool, default=False
            Leave out the windows whose truth is null.

        Returns
        -------
        Score
            Mean and SD over seeds, and interval over subjects.

        Raises
        ------
        ValueError
            When the metric is unknown, or there is no null class to leave out.
        """
        check_choice(metric, "metric", METRICS)
        scores = self.scores_without_null if without_null else self.scores
        if scores is None:
            raise ValueError(
                f"without_null needs windows of a null class; got labels "
                f"{', '.join(self.labels)}. Keep them with "
                "make_windows(..., null='class')."
            )
        return scores[metric]

    def per_class(self) -> dict[str, dict[str, float]]:
        """Return precision, recall, F1 and support of each label, mean over seeds.

        Returns
        -------
        dict of str to dict of str to float
            Keys are the labels; a label without windows has NaN.
        """
        table = metrics.per_class(self.counts.sum(axis=1))
        columns = {
            name: getattr(table, name).mean(axis=0) for name in metrics.PerClass._fields
        }
        return {
            label: {name: float(column[i]) for name, column in columns.items()}
            for i, label in enumerate(self.labels)
        }

    def per_subject(self, metric: str = "accuracy") -> dict[str, float]:
        """Return one metric for each subject, mean over seeds.

        Parameters
        ----------
        metric : str, default="accuracy"
            A key of ``METRICS``.

        Returns
        -------
        dict of str to float
            Keys are the subjects.

        Raises
        ------
        ValueError
            When the metric is unknown.
        """
        check_choice(metric, "metric", METRICS)
        scores = METRICS[metric](self.counts).mean(axis=0)
        return dict(zip(self.subjects, map(float, scores), strict=True))

    def worst_subject(self, metric: str = "accuracy") -> tuple[str, float]:
        """Return the subject with the lowest score, and the score.

        Parameters
        ----------
        metric : str, default="accuracy"
            A key of ``METRICS``.

        Returns
        -------
        subject : str
            The first of equals.
        score : float
            Mean over seeds.
        """
        scores = self.per_subject(metric)
        subject = min(scores, key=lambda who: scores[who])
        return subject, scores[subject]

    def to_dict(self) -> dict[str, Any]:
        """Return scores and counts as plain JSON values; predictions stay behind."""
        without = self.scores_without_null
        subject, lowest = self.worst_subject()
        accuracy, macro_f1 = (self.per_subject(m) for m in ("accuracy", "macro_f1"))
        n_windows = self.counts[0].sum(axis=(1, 2)).tolist()
        return {
            "name": self.name,
            "estimator": self.estimator,
            "seeds": list(self.seeds),
            "scores": _plain_scores(self.scores),
            "scores_without_null": None if without is None else _plain_scores(without),
            "worst_subject": {"subject": subject, "accuracy": lowest},
            "subject_sd": {"accuracy": _sd(accuracy), "macro_f1": _sd(macro_f1)},
            "per_class": self.per_class(),
            "per_subject": {
                who: {"n_windows": n, "accuracy": accuracy[who], "macro_f1": f}
                for (who, f), n in zip(macro_f1.items(), n_windows, strict=True)
            },
            "confusion": self.confusion.tolist(),
            "fit_s": self.fit_s.tolist(),
            "histories": [
                {"seed": h.seed, "split": h.split, "curves": h.curves}
                for h in self.histories
            ],
            "confusion_by_seed_and_subject": self.counts.tolist(),
        }

    @classmethod
    def from_dict(
        cls,
        fields: Mapping[str, Any],
        *,
        labels: tuple[str, ...],
        subjects: tuple[str, ...],
        null_label: str | None,
    ) -> Self:
        """Build a result from what ``to_dict`` returned; the scores are made anew."""
        return cls(
            name=fields["name"],
            estimator=fields["estimator"],
            labels=labels,
            subjects=subjects,
            seeds=tuple(fields["seeds"]),
            counts=np.array(fields["confusion_by_seed_and_subject"], dtype=np.int64),
            fit_s=np.array(fields["fit_s"], dtype=np.float64),
            null_label=null_label,
            histories=tuple(
                History(
                    h["seed"],
                    h["split"],
                    {k: tuple(_numbers(v)) for k, v in h["curves"].items()},
                )
                for h in fields["histories"]
            ),
        )

    def __repr__(self) -> str:
        score = self.score()
        return f"<Result {self.name!r} | macro F1 {score.mean:.3f}>"


def _scores(counts: NDArray[np.int64]) -> dict[str, Score]:
    pooled = counts.sum(axis=1)
    scores = {}
    for name, metric in METRICS.items():
        per_seed = tuple(map(float, metric(pooled)))
        sd = float(np.std(per_seed, ddof=1)) if len(per_seed) > 1 else float("nan")
        low, high = bootstrap_interval(counts, metric)
        scores[name] = Score(float(np.mean(per_seed)), sd, low, high, per_seed)
    return scores


def _plain_scores(scores: Mapping[str, Score]) -> dict[str, dict[str, Any]]:
    return {
        name: {**score._asdict(), "per_seed": list(score.per_seed)}
        for name, score in scores.items()
    }


def _sd(scores: Mapping[str, float]) -> float:
    """Return the standard deviation over subjects (n - 1)."""
    values = [value for value in scores.values() if not np.isnan(value)]
    return float(np.std(values, ddof=1)) if len(values) > 1 else float("nan")


def _numbers(values: Any) -> list[float]:
    """Read numbers back in which null stands for NaN."""
    return [float("nan") if value is None else value for value in values]
