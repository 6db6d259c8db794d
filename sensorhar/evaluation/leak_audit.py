"""What a leak would have claimed: the same classifier on leaky and honest splits."""

from dataclasses import dataclass
from typing import Any

import numpy as np

from sensorhar.data.windows import Windows
from sensorhar.evaluation.evaluate import evaluate
from sensorhar.evaluation.leakage import known_groups
from sensorhar.evaluation.table import Table
from sensorhar.evaluation.tables import number

__all__ = ["AuditRow", "LeakAudit", "leak_audit"]

HONEST = "subjects"


@dataclass(frozen=True)
class AuditRow:
    """Scores under one way of splitting.

    Parameters
    ----------
    split : str
        What was dealt into folds.
    is_leaky : bool
        Whether training and test share people or samples.
    n_windows : int
        Windows used.
    accuracy, macro_f1 : float
        Pooled over the folds.
    """

    split: str
    is_leaky: bool
    n_windows: int
    accuracy: float
    macro_f1: float


@dataclass(frozen=True)
class LeakAudit:
    """Scores of one classifier under leaky and honest splits.

    Parameters
    ----------
    name : str
        The classifier.
    rows : tuple of AuditRow
        One for each way of splitting.
    notes : tuple of str, default=()
        Ways that could not be tried, and why.

    Examples
    --------
    >>> rows = (AuditRow("random windows", True, 90, 0.98, 0.98),
    ...     AuditRow("subjects", False, 90, 0.86, 0.87))
    >>> audit = LeakAudit("ExtraTreesClassifier", rows)
    >>> round(audit.flattered("random windows"), 2)
    0.11
    """

    name: str
    rows: tuple[AuditRow, ...]
    notes: tuple[str, ...] = ()

    def __getitem__(self, split: str) -> AuditRow:
        for row in self.rows:
            if row.split == split:
                return row
        raise KeyError(
            f"split must be one of {[row.split for row in self.rows]!r}; got {split!r}."
        )

    def flattered(self, split: str) -> float:
        """Return by how much macro F1 exceeds that of the honest split.

        Parameters
        ----------
        split : str
            One of the rows.

        Returns
        -------
        float
            Difference of macro F1.
        """
        return self[split].macro_f1 - self[HONEST].macro_f1

    def to_dict(self) -> dict[str, Any]:
        """Return the rows as plain JSON values."""
        return {
            "classifier": self.name,
            "rows": [
                {
                    "split": row.split,
                    "is_leaky": row.is_leaky,
                    "n_windows": row.n_windows,
                    "accuracy": row.accuracy,
                    "macro_f1": row.macro_f1,
                    "flattered": self.flattered(row.split),
                }
                for row in self.rows
            ],
            "notes": list(self.notes),
        }

    def __str__(self) -> str:
        rows = [
            (
                f"{row.split} (LEAKY)" if row.is_leaky else row.split,
                str(row.n_windows),
                number(row.accuracy),
                number(row.macro_f1),
                f"{100 * self.flattered(row.split):+.1f}",
            )
            for row in self.rows
        ]
        header = ("folds of", "windows", "accuracy", "macro F1", "flattered")
        table = Table(f"Leak audit of {self.name}", header, tuple(rows))
        first = self.rows[0]
        points = 100 * self.flattered(first.split)
        return "\n".join(
            [
                table.to_text(),
                f"  Folds of {first.split} would have claimed macro F1 "
                f"{number(first.macro_f1)},",
                f"  {abs(points):.1f} points {'above' if points >= 0 else 'below'} "
                f"the {number(self[HONEST].macro_f1)} on people not seen before.",
                *(f"  {note}" for note in self.notes),
            ]
        )


def leak_audit(
    classifier: Any,
    windows: Windows,
    *,
    n_splits: int = 5,
    random_state: int = 0,
    progress: bool = True,
) -> LeakAudit:
    """Measure how much leaks and easy windows would flatter a classifier.

    It is trained and tested on folds of random windows, of whole recordings, and of
    whole subjects; and on folds of subjects with pure windows only, which leaves out
    the changes between activities that a real user meets.

    Parameters
    ----------
    classifier : estimator
        As for :func:`sensorhar.evaluate`.
    windows : Windows
        With labels and subjects.
    n_splits : int, default=5
        Number of folds.
    random_state : int, default=0
        Seed of dealing and training.
    progress : bool, default=True
        Show a bar in the terminal.

    Returns
    -------
    LeakAudit
        Print it.

    Raises
    ------
    ValueError
        As :func:`sensorhar.evaluate`.

    Examples
    --------
    >>> from sklearn.dummy import DummyClassifier
    >>> from sensorhar import Channel, WindowSpec
    >>> spec = WindowSpec((Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 60)
    >>> windows = Windows.from_array(np.zeros((8, 60, 1)), spec=spec,
    ...     y=list("abababab"), groups=["anna"] * 4 + ["ben"] * 4)
    >>> audit = leak_audit(DummyClassifier(), windows, n_splits=2, progress=False)
    >>> audit.flattered("random windows")
    0.0
    """
    plans: list[tuple[str, str, Windows]] = [
        ("random windows", f"random-leaky-{n_splits}", windows)
    ]
    notes = []
    groups = known_groups(windows)
    n_recordings = len(set(zip(groups, windows.recording, strict=True)))
    if (windows.recording == "").any():
        notes.append("recordings: not tried, for some windows do not name theirs.")
    elif n_recordings < n_splits:
        notes.append(f"recordings: not tried, for there are only {n_recordings}.")
    else:
        plans.append(("recordings", f"recording-leaky-{n_splits}", windows))
    plans.append((HONEST, f"group-{n_splits}", windows))
    is_pure = windows.purity == 1
    if np.isnan(windows.purity).any():
        notes.append("pure windows only: not tried, for the purity is unknown.")
    elif is_pure.all():
        notes.append("pure windows only: not tried, for all windows are pure.")
    else:
        plans.append(("subjects, pure windows only", plans[-1][1], windows[is_pure]))
    rows = []
    name = type(classifier).__name__
    for split, cv, used in plans:
        report = evaluate(
            {name: classifier},
            used,
            cv=cv,
            seeds=(random_state,),
            random_state=random_state,
            progress=progress,
        )
        result = report[name]
        rows.append(
            AuditRow(
                split=split,
                is_leaky=report.is_leaky,
                n_windows=len(used),
                accuracy=result.score("accuracy").mean,
                macro_f1=result.score().mean,
            )
        )
    return LeakAudit(name, tuple(rows), tuple(notes))
