"""A report as one web page that needs nothing beside itself."""

import base64
import math
from collections.abc import Callable
from functools import partial
from html import escape
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sensorhar.evaluation.report import Report
from sensorhar.evaluation.result import MAJORITY, Result
from sensorhar.evaluation.table import Table
from sensorhar.evaluation.tables import confusion_table, number
from sensorhar.evaluation.write import write_text
from sensorhar.plot._style import STYLE
from sensorhar.plot.confusion import plot_confusion
from sensorhar.plot.history import plot_history
from sensorhar.plot.subjects import plot_subjects
from sensorhar.plot.theme import new_figure, theme_of
from sensorhar.plot.windows import plot_windows

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["html_report"]

DPI = 160  # sharp on screens of high density, still small in bytes
CSS_DPI = 96
WIDE = (9.8, 3.2)  # inches that fill the page
#: Tables whose cells are scores and get a shade, by the end of their title.
SHADED = ("F1 of each label", "Accuracy on each subject")


def html_report(report: Report, path: str | Path, *, overwrite: bool = False) -> Path:
    """Write a report as a single HTML file with its plots inside.

    Nothing is fetched from elsewhere: style and pictures are in the file. Each plot is
    there twice, for light and for dark screens.

    Parameters
    ----------
    report : Report
        What :func:`sensorhar.evaluate` returned, or ``Report.from_json`` read.
    path : str or Path
        File to write.
    overwrite : bool, default=False
        Whether a file of that name may be replaced.

    Returns
    -------
    Path
        Where it lies.

    Raises
    ------
    FileExistsError
        When the file exists and must not be replaced.

    Examples
    --------
    >>> import numpy as np, tempfile
    >>> counts = np.array([[[[9, 1], [0, 10]], [[5, 5], [0, 10]]]])
    >>> result = Result("toy", "Toy()", ("sit", "walk"), ("anna", "ben"), (0,),
    ...     counts, np.array([[0.1, 0.1]]))
    >>> report = Report((result,), "leave one subject out", "40 windows",
    ...     ("sit", "walk"), ("anna", "ben"), 2, "0123456789ab", {})
    >>> folder = tempfile.TemporaryDirectory()
    >>> html_report(report, f"{folder.name}/report.html").name
    'report.html'
    >>> folder.cleanup()
    """
    path = Path(path)
    if path.exists() and not overwrite:
        write_text(path, "", overwrite=False)  # refuse before drawing
    return write_text(path, _page(report), overwrite=overwrite)


def _page(report: Report) -> str:
    best = report.best
    leaky = "LEAKY " * report.is_leaky
    title = f"{leaky}sensorhar report: {best.name}"
    banner = f'<p class="leaky">{escape(report.warning)}</p>' * report.is_leaky
    scores, *others, classes, subjects = report.tables()
    score = best.score()
    parts = [
        banner,
        f"<h1>{leaky}sensorhar report</h1>",
        f'<p class="lead">{escape(best.name)} reaches macro F1 {number(score.mean)}'
        f"{_interval(report)}</p>",
        f"<p>{escape(_sentence(report.protocol))}</p>",
        f'<p class="quiet">{escape(_sentence(report.data))}</p>',
        _cards(best),
        _score_section(report, scores),
        *(_section(table) for table in others),
        f"<h2>{leaky}What is taken for what</h2>",
        '<p class="quiet">Rows are the truth. Shade is the share of the row, numbers '
        "count windows.</p>",
        _confusions(report),
        _section(classes),
        f"<h2>{leaky}People</h2>",
        _figure(
            partial(_wide, plot_subjects, report, best.name),
            f"Accuracy of {best.name} on each subject",
        ),
        _fold(subjects.title, _table(subjects, shade=True)),
        _histories(report),
        _examples(report),
        f"<h2>{leaky}How it was made</h2>",
        _facts(report),
    ]
    body = "\n".join(part for part in parts if part)
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(title)}</title>\n<style>{STYLE}</style>\n</head>\n"
        f"<body>\n<main>\n{body}\n</main>\n</body>\n</html>\n"
    )


def _interval(report: Report) -> str:
    """Say whom the score holds for, and how far it may move."""
    score = report.best.score()
    if report.is_leaky:
        return ", flattered by a leak"
    if math.isnan(score.low):
        return " on people it has not seen"
    return f" on people it has not seen ({number(score.low)} to {number(score.high)})"


def _sentence(words: str) -> str:
    return f"{words[:1].upper()}{words[1:]}."


def _cards(best: Result) -> str:
    subject, lowest = best.worst_subject()
    score = best.score()
    n_seeds = len(best.seeds)
    spread = f"± {number(score.sd)} over {n_seeds} seeds" if n_seeds > 1 else "one seed"
    cards = [
        ("macro F1", number(score.mean), spread),
        ("accuracy", number(best.score("accuracy").mean), "share of windows"),
        (
            "balanced accuracy",
            number(best.score("balanced_accuracy").mean),
            "mean recall of the labels",
        ),
        ("worst subject", number(lowest), f"accuracy on {subject}"),
    ]
    rows = "".join(
        f"<div><dt>{escape(name)}</dt><dd>{value}<small>{escape(note)}</small></dd></div>"
        for name, value, note in cards
    )
    return f'<dl class="cards">{rows}</dl>'


def _score_section(report: Report, table: Table) -> str:
    """Return the main table with each interval drawn beside its numbers."""
    ranges = [_range(result) for result in report.results]
    best = report.results.index(report.best)
    body = _table(table, best=best, last=("macro F1, 0 to 1", ranges))
    return f"<h2>{escape(table.title)}</h2>{body}{_note(table)}"


def _range(result: Result) -> str:
    """Draw mean and interval on a line from 0 to 1."""
    score = result.score()
    x = 100 * score.mean
    whisker = ""
    if not math.isnan(score.low):
        whisker = (
            f'<line x1="{100 * score.low:.1f}%" x2="{100 * score.high:.1f}%" y1="50%" '
            'y2="50%" stroke="var(--accent)" stroke-width="11" stroke-opacity=".35" '
            'stroke-linecap="round"/>'
        )
    return (
        '<svg class="range" aria-hidden="true"><line x1="0" x2="100%" y1="50%" '
        f'y2="50%" stroke="var(--line)"/>{whisker}<circle cx="{x:.1f}%" cy="50%" '
        'r="3.5" fill="var(--accent)"/></svg>'
    )


def _section(table: Table) -> str:
    shade = any(words in table.title for words in SHADED)
    return f"<h2>{escape(table.title)}</h2>{_table(table, shade=shade)}{_note(table)}"


def _note(table: Table) -> str:
    note = " ".join(table.note.split())
    return f'<p class="quiet">{escape(note)}</p>' if note else ""


def _table(
    table: Table,
    *,
    best: int | None = None,
    shade: bool = False,
    last: tuple[str, list[str]] | None = None,
) -> str:
    """Return a table; ``last`` adds a column of ready-made cells."""
    caption = "<caption>LEAKY</caption>" if table.title.startswith("LEAKY") else ""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in table.header)
    if last is not None:
        head += f'<th scope="col">{escape(last[0])}</th>'
    lines = []
    for i, (name, *cells) in enumerate(table.rows):
        mark = ' class="best"' if i == best else ""
        row = f'<th scope="row">{escape(name)}</th>'
        row += "".join(_cell(cell, shade) for cell in cells)
        if last is not None:
            row += f'<td class="range">{last[1][i]}</td>'
        lines.append(f"<tr{mark}>{row}</tr>")
    return (
        f'<div class="wide"><table>{caption}<thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(lines)}</tbody></table></div>"
    )


def _cell(words: str, shade: bool) -> str:
    if shade and "." in words:
        return f'<td class="heat" style="--v:{float(words):.3f}">{words}</td>'
    return f"<td>{escape(words)}</td>"


def _confusions(report: Report) -> str:
    """Return the confusion of the best in view, those of the others folded away."""
    parts = [_confusion(report, report.best)]
    for result in report.results:
        if result is not report.best and result.name != MAJORITY:
            title = f"Confusion of {result.name}"
            parts.append(_fold(title, _confusion(report, result)))
    counts = confusion_table(report, report.best)
    parts.append(_fold(f"{counts.title}, as a table", _table(counts)))
    return "\n".join(parts)


def _confusion(report: Report, result: Result) -> str:
    def draw(theme: str) -> "Figure":
        figure = plot_confusion(report, name=result.name, theme=theme).get_figure(True)
        assert figure is not None  # a new one was made
        return figure

    return _figure(draw, f"Confusion matrix of {result.name}")


def _wide(draw: Any, report: Report, name: str, theme: str) -> "Figure":
    """Draw on the whole width of the page."""
    figure = new_figure(*WIDE, theme_of(theme))
    draw(report, name=name, ax=figure.add_subplot(), theme=theme)
    return figure


def _histories(report: Report) -> str:
    having = [r for r in report if any("loss" in h.curves for h in r.histories)]
    if not having:
        return ""
    figures = [
        _figure(
            partial(_wide, plot_history, report, result.name),
            f"Training curves of {result.name}",
        )
        for result in having
    ]
    leaky = "LEAKY " * report.is_leaky
    return (
        f"<h2>{leaky}Training</h2>"
        '<p class="quiet">Thin lines are single fits, strong ones their mean. Held out '
        "is what the classifier kept aside of its training part.</p>"
        + "\n".join(figures)
    )


def _examples(report: Report) -> str:
    if not report.examples:
        return ""
    leaky = "LEAKY " * report.is_leaky
    return f"<h2>{leaky}A typical window of each label</h2>" + _figure(
        lambda theme: plot_windows(report, theme=theme),
        "The window of median liveliness of each label, on equal axes",
    )


def _facts(report: Report) -> str:
    rows = [(name, words) for name, words in report.facts() if name != "best"]
    fits = [
        (result.name, f"{float(result.fit_s.mean()):.3g} s a fit; {result.estimator}")
        for result in report.results
    ]
    facts = "".join(
        f"<dt>{escape(name)}</dt><dd>{escape(words)}</dd>" for name, words in rows
    )
    table = "".join(
        f"<dt>{escape(name)}</dt><dd><code>{escape(words)}</code></dd>"
        for name, words in fits
    )
    return (
        f'<dl class="facts">{facts}</dl>'
        + "<h3>Classifiers</h3>"
        + f'<dl class="facts">{table}</dl>'
    )


def _fold(title: str, inside: str) -> str:
    return f"<details><summary>{escape(title)}</summary>{inside}</details>"


def _figure(draw: Callable[[str], "Figure"], words: str) -> str:
    """Return a picture drawn for light and for dark screens."""
    light, dark = draw("light"), draw("dark")
    width, height = (round(size * CSS_DPI) for size in light.get_size_inches())
    return (
        '<figure><picture><source media="(prefers-color-scheme: dark)" '
        f'srcset="{_png(dark)}"><img src="{_png(light)}" width="{width}" '
        f'height="{height}" alt="{escape(words)}"></picture></figure>'
    )


def _png(figure: "Figure") -> str:
    buffer = BytesIO()
    # Without the version of the drawing program, equal reports are equal files.
    figure.savefig(buffer, format="png", dpi=DPI, metadata={"Software": None})
    return f"data:image/png;base64,{base64.b64encode(buffer.getvalue()).decode()}"
