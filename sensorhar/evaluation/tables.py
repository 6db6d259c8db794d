"""The tables of a report: scores, classes, subjects and confusion."""

import math
import string
from typing import TYPE_CHECKING

from sensorhar.evaluation.table import Table

if TYPE_CHECKING:
    from sensorhar.evaluation.report import Report
    from sensorhar.evaluation.result import Result, Score

__all__ = [
    "class_table",
    "confusion_table",
    "number",
    "score_table",
    "subject_table",
]

LEAKY = "LEAKY - "
SCORES_NOTE = (
    "± SD over seeds; 95 % interval of macro F1 over subjects (bootstrap);\n"
    "  weighted: F1 by frequency; worst: accuracy on the hardest subject."
)
N_NAME = 22  # longest name of a classifier or subject in a table


def score_table(report: "Report", *, without_null: bool = False) -> Table:
    """Return one row for each classifier.

    Parameters
    ----------
    report : Report
        What was evaluated.
    without_null : bool, default=False
        Score only the windows whose truth is not null.

    Returns
    -------
    Table
        Rows in the order given; the worst subject only over all windows.
    """
    title = "Scores"
    if report.has_null:
        title += f" without {report.null_label!r}" * without_null
        title += f" with {report.null_label!r}" * (not without_null)
    rows = tuple(_score_row(result, without_null) for result in report.results)
    header: tuple[str, ...] = (
        *("classifier", "macro F1", "interval"),
        *("balanced", "accuracy", "weighted", "worst"),
    )
    if without_null:
        rows, header = tuple(row[:-1] for row in rows), header[:-1]
    return Table(_mark(report) + title, header, rows, SCORES_NOTE)


def class_table(report: "Report") -> Table:
    """Return F1 of each label by each classifier."""
    per_class = [result.per_class() for result in report.results]
    rows = [
        (
            label,
            f"{per_class[0][label]['support']:.0f}",
            *(number(table[label]["f1"]) for table in per_class),
        )
        for label in report.labels
    ]
    names = [_short(result.name) for result in report.results]
    return Table(
        f"{_mark(report)}F1 of each label", ("label", "windows", *names), tuple(rows)
    )


def subject_table(report: "Report") -> Table:
    """Return accuracy on each subject by each classifier, the hardest first."""
    n_windows = report.best.counts[0].sum(axis=(1, 2)).tolist()
    count = dict(zip(report.subjects, n_windows, strict=True))
    per_subject = [result.per_subject() for result in report.results]
    order = report.best.per_subject()
    rows = [
        (_short(who), str(count[who]), *(number(table[who]) for table in per_subject))
        for who in sorted(report.subjects, key=lambda who: order[who])
    ]
    names = [_short(result.name) for result in report.results]
    return Table(
        f"{_mark(report)}Accuracy on each subject, hardest for {report.best.name} "
        "first",
        ("subject", "windows", *names),
        tuple(rows),
    )


def confusion_table(report: "Report", result: "Result") -> Table:
    """Return counts of truth (rows) against prediction (columns, by letter)."""
    letters = [_letter(i) for i in range(len(report.labels))]
    rows = [
        (f"{letter} {label}", *map(str, counts))
        for letter, label, counts in zip(
            letters, report.labels, result.confusion.tolist(), strict=True
        )
    ]
    n_seeds = len(result.seeds)
    summed = f", summed over {n_seeds} seeds" if n_seeds > 1 else ""
    return Table(
        f"{_mark(report)}Confusion of {result.name}: windows{summed}",
        ("truth \\ predicted", *letters),
        tuple(rows),
    )


def number(value: float) -> str:
    """Say a score with three decimals, or a dash when there is none."""
    return "-" if math.isnan(value) else f"{value:.3f}"


def _score_row(result: "Result", without_null: bool) -> tuple[str, ...]:
    def of(metric: str) -> "Score":
        return result.score(metric, without_null=without_null)

    main = of("macro_f1")
    interval = "-"
    if not math.isnan(main.low):
        interval = f"{main.low:.3f}-{main.high:.3f}"
    return (
        _short(result.name),
        number(main.mean) + ("" if math.isnan(main.sd) else f" ±{number(main.sd)}"),
        interval,
        number(of("balanced_accuracy").mean),
        number(of("accuracy").mean),
        number(of("weighted_f1").mean),
        number(result.worst_subject()[1]),
    )


def _mark(report: "Report") -> str:
    return LEAKY if report.is_leaky else ""


def _short(name: str) -> str:
    return name if len(name) <= N_NAME else f"{name[: N_NAME - 1]}…"


def _letter(i: int) -> str:
    """Return a, b, ... z, aa, ab, ..."""
    high, low = divmod(i, 26)
    return (_letter(high - 1) if high else "") + string.ascii_lowercase[low]
