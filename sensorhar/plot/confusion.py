"""A confusion matrix as a map: shade is the share of the truth, numbers are counts."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike

from sensorhar.evaluation.metrics import as_counts
from sensorhar.evaluation.report import Report
from sensorhar.plot.theme import dress, new_axes, theme_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

__all__ = ["plot_confusion"]

N_LARGE = 12  # labels beyond which counts are printed smaller
STRONG = 0.5  # share from which the shade calls for the colour of the paper as ink


def plot_confusion(
    report: Report | ArrayLike,
    labels: Sequence[str] | None = None,
    *,
    name: str | None = None,
    ax: "Axes | None" = None,
    theme: str = "light",
) -> "Axes":
    """Draw what is taken for what.

    Parameters
    ----------
    report : Report, or array-like of int of shape (n_classes, n_classes)
        A report, or counts whose rows are the truth.
    labels : sequence of str or None, default=None
        Names of rows and columns; needed for counts, known to a report.
    name : str or None, default=None
        Which classifier of the report; None takes the best.
    ax : Axes or None, default=None
        Where to draw; None makes a figure.
    theme : {"light", "dark"}, default="light"
        Paper.

    Returns
    -------
    Axes
        ``ax.figure.savefig(path)`` writes it.

    Raises
    ------
    ValueError
        When labels are missing or not as many as rows, or the name is unknown.

    Examples
    --------
    >>> ax = plot_confusion([[9, 1], [0, 10]], ["sit", "walk"])
    >>> [text.get_text() for text in ax.texts]
    ['9', '1', '10']
    """
    colours = theme_of(theme)
    title = ""
    if isinstance(report, Report):
        result = report.best if name is None else report[name]
        counts, labels = result.confusion, report.labels
        summed = f" ({len(result.seeds)} seeds)" if len(result.seeds) > 1 else ""
        title = f"{'LEAKY - ' * report.is_leaky}{result.name}{summed}"
    else:
        counts = as_counts(report)
    if labels is None or counts.shape != (len(labels), len(labels)):
        raise ValueError(
            f"labels must name each of {len(counts)} rows and columns; got {labels!r}."
        )
    n_classes = len(labels)
    size = max(3.6, 0.55 * n_classes + 1.8)
    ax = new_axes(ax, size + 0.6, size, colours)
    share = counts / np.maximum(counts.sum(axis=1, keepdims=True), 1)
    ax.imshow(share, cmap=_heat(colours.heat), vmin=0, vmax=1, aspect="equal")
    for row, column in zip(*np.nonzero(counts), strict=True):
        is_strong = share[row, column] > STRONG
        ax.text(
            column,
            row,
            str(counts[row, column]),
            color=colours.paper if is_strong else colours.ink,
            fontsize=9 if n_classes <= N_LARGE else 7,
            ha="center",
            va="center",
        )
    places = range(n_classes)
    dress(ax, colours, title=title, x="predicted", y="truth", spines=())
    ax.set_xticks(places, labels, rotation=40, ha="right", rotation_mode="anchor")
    ax.set_yticks(places, labels)
    ax.set_xticks(np.arange(n_classes + 1) - 0.5, minor=True)
    ax.set_yticks(np.arange(n_classes + 1) - 0.5, minor=True)
    ax.grid(True, which="minor", color=colours.line, linewidth=0.7)
    ax.tick_params(which="minor", length=0)
    return ax


def _heat(colours: Sequence[str]) -> Any:
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("sensorhar", list(colours))
