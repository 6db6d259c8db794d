"""Training curves: what was learned, and what was learned by heart."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sensorhar.evaluation.report import Report
from sensorhar.plot.theme import dress, new_axes, theme_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_history"]


def plot_history(
    report: Report,
    *,
    name: str | None = None,
    curve: str = "loss",
    ax: "Axes | None" = None,
    theme: str = "light",
) -> "Axes":
    """Draw one curve of all fits, and their mean, in training and validation.

    Parameters
    ----------
    report : Report
        With a classifier that keeps ``history_``.
    name : str or None, default=None
        Which classifier; None takes the best of those with curves.
    curve : str, default="loss"
        Such as ``"accuracy"``; ``"val_" + curve`` is drawn beside it where it exists.
    ax : Axes or None, default=None
        Where to draw; None makes a figure.
    theme : {"light", "dark"}, default="light"
        Paper.

    Returns
    -------
    Axes
        A thin line for each fit, a strong one for the mean.

    Raises
    ------
    ValueError
        When no classifier, or not this one, keeps this curve.

    Examples
    --------
    >>> from sensorhar.evaluation import Report, Result
    >>> from sensorhar.evaluation.result import History
    >>> counts = np.array([[[[9, 1], [0, 10]], [[5, 5], [0, 10]]]])
    >>> result = Result("toy", "Toy()", ("sit", "walk"), ("anna", "ben"), (0,), counts,
    ...     np.array([[0.1, 0.1]]), histories=(History(0, 0, {"loss": (2.0, 1.0)}),))
    >>> report = Report((result,), "leave one subject out", "40 windows",
    ...     ("sit", "walk"), ("anna", "ben"), 2, "0123456789ab", {})
    >>> plot_history(report).get_xlabel()
    'epoch'
    """
    from matplotlib.ticker import MaxNLocator

    colours = theme_of(theme)
    having = [r for r in report if any(curve in h.curves for h in r.histories)]
    result = None
    if name is not None:
        result = report[name] if report[name] in having else None
    elif having:
        result = max(having, key=lambda r: r.score().mean)
    if result is None:
        kept = sorted({c for r in report for h in r.histories for c in h.curves})
        raise ValueError(
            f"plot_history needs a classifier with the curve {curve!r}; "
            f"{name or 'none'} of this report has it. Curves kept: "
            f"{', '.join(kept) or 'none'}."
        )
    ax = new_axes(ax, 5.2, 3.2, colours)
    for i, (key, words) in enumerate(
        ((curve, "training"), (f"val_{curve}", "held out"))
    ):
        runs = [h.curves[key] for h in result.histories if key in h.curves]
        if not runs:
            continue
        for run in runs if len(runs) > 1 else ():
            epochs = np.arange(1, len(run) + 1)
            ax.plot(epochs, run, color=colours.cycle[i], linewidth=0.8, alpha=0.25)
        mean = _mean(runs)
        ax.plot(
            np.arange(1, len(mean) + 1),
            mean,
            color=colours.cycle[i],
            linewidth=2,
            label=words,
            marker="o" if len(mean) == 1 else None,
        )
    leaky = "LEAKY - " * report.is_leaky
    n_fits = len(result.histories)
    dress(
        ax,
        colours,
        title=f"{leaky}{result.name}: {curve}, {n_fits} fit{'s' * (n_fits != 1)}",
        x="epoch",
        y=curve,
        grid="y",
        spines=("bottom",),
    )
    ax.legend(frameon=False, labelcolor=colours.ink, fontsize=9)
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.margins(x=0.01)
    return ax


def _mean(runs: Sequence[Sequence[float]]) -> NDArray[np.float64]:
    """Average runs of different length: each epoch over those that reached it."""
    longest = max(map(len, runs))
    table = np.full((len(runs), longest), np.nan)
    for row, run in zip(table, runs, strict=True):
        row[: len(run)] = run
    mean: NDArray[np.float64] = np.nansum(table, axis=0)
    mean /= np.sum(~np.isnan(table), axis=0)
    return mean
