"""Scores of each subject as bars, the hardest first."""

from typing import TYPE_CHECKING

import numpy as np

from sensorhar.evaluation.report import Report
from sensorhar.plot.theme import dress, new_axes, theme_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_subjects"]

WORDS = {"macro_f1": "macro F1", "cohen_kappa": "Cohen's kappa"}


def plot_subjects(
    report: Report,
    *,
    name: str | None = None,
    metric: str = "accuracy",
    ax: "Axes | None" = None,
    theme: str = "light",
) -> "Axes":
    """Draw how each subject fares, with the mean over subjects as a line.

    Parameters
    ----------
    report : Report
        What was evaluated.
    name : str or None, default=None
        Which classifier; None takes the best.
    metric : str, default="accuracy"
        Such as ``"macro_f1"``.
    ax : Axes or None, default=None
        Where to draw; None makes a figure.
    theme : {"light", "dark"}, default="light"
        Paper.

    Returns
    -------
    Axes
        One bar for each subject.

    Raises
    ------
    ValueError
        When name, metric or theme are unknown.

    Examples
    --------
    >>> from sensorhar.evaluation import Report, Result
    >>> counts = np.array([[[[9, 1], [0, 10]], [[5, 5], [0, 10]]]])
    >>> result = Result("toy", "Toy()", ("sit", "walk"), ("anna", "ben"), (0,),
    ...     counts, np.array([[0.1, 0.1]]))
    >>> report = Report((result,), "leave one subject out", "40 windows",
    ...     ("sit", "walk"), ("anna", "ben"), 2, "0123456789ab", {})
    >>> ax = plot_subjects(report)
    >>> [tick.get_text() for tick in ax.get_xticklabels()]
    ['ben', 'anna']
    """
    colours = theme_of(theme)
    result = report.best if name is None else report[name]
    scores = result.per_subject(metric)
    people = sorted(scores, key=lambda who: scores[who])
    heights = np.array([scores[who] for who in people])
    ax = new_axes(ax, min(max(4.5, 0.38 * len(people) + 1.5), 11), 3.2, colours)
    bars = ax.bar(np.arange(len(people)), heights, width=0.72, color=colours.cycle[0])
    bars[0].set_color(colours.cycle[1])
    mean = float(np.nanmean(heights))
    ax.axhline(mean, color=colours.ink, linewidth=1, linestyle=(0, (4, 3)))
    ax.annotate(
        f"mean {mean:.3f}",
        (1, mean),
        xycoords=("axes fraction", "data"),
        xytext=(6, 0),
        textcoords="offset points",
        color=colours.ink,
        fontsize=9,
        va="center",
        annotation_clip=False,
    )
    ax.annotate(
        f"{heights[0]:.2f}",
        (0, heights[0]),
        xytext=(0, -5),  # inside the bar, clear of the line of the mean
        textcoords="offset points",
        color=colours.paper,
        fontsize=9,
        ha="center",
        va="top",
    )
    words = WORDS.get(metric, metric.replace("_", " "))
    leaky = "LEAKY - " * report.is_leaky
    dress(
        ax,
        colours,
        title=f"{leaky}{result.name}: {words} on each subject",
        x="subject",
        y=words,
        grid="y",
        spines=("bottom",),
    )
    is_long = sum(map(len, people)) > 60
    ax.set_xticks(
        np.arange(len(people)),
        people,
        rotation=60 if is_long else 0,
        ha="right" if is_long else "center",
        rotation_mode="anchor",
    )
    ax.set_xlim(-0.6, len(people) - 0.4)
    ax.set_ylim(min(0.0, float(np.nanmin(heights))), 1.05)
    return ax
