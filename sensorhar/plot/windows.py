"""A typical window of each label, side by side on equal axes."""

from typing import TYPE_CHECKING

from sensorhar.data.windows import Windows
from sensorhar.evaluation.example import pick_examples
from sensorhar.evaluation.report import Report
from sensorhar.plot.theme import dress, new_figure, theme_of

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["plot_windows"]

N_FEW = 6  # labels that go in rows of three; more go in rows of four


def plot_windows(source: Report | Windows, *, theme: str = "light") -> "Figure":
    """Draw one window of each label, the one of median liveliness.

    Parameters
    ----------
    source : Report or Windows
        A report of windows, or labelled windows.
    theme : {"light", "dark"}, default="light"
        Paper.

    Returns
    -------
    Figure
        One panel for each label; all share their axes, so that sizes compare.

    Raises
    ------
    ValueError
        When there is no labelled window.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar import Channel, WindowSpec
    >>> spec = WindowSpec((Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 60)
    >>> windows = Windows.from_array(np.zeros((4, 60, 1)), spec=spec, y=list("abab"))
    >>> [ax.get_title(loc="left") for ax in plot_windows(windows).axes]
    ['a', 'b']
    """
    colours = theme_of(theme)
    examples = source.examples if isinstance(source, Report) else pick_examples(source)
    if not examples:
        raise ValueError(
            "plot_windows needs labelled windows; got none. Give the recordings their "
            "events before make_windows."
        )
    n_columns = min(3 if len(examples) <= N_FEW else 4, len(examples))
    n_rows = -(-len(examples) // n_columns)
    figure = new_figure(min(3.2 * n_columns, 9.8), 1.7 * n_rows + 0.7, colours)
    grid = figure.subplots(
        n_rows, n_columns, sharex=True, sharey=True, squeeze=False
    ).ravel()
    for i, (ax, example) in enumerate(zip(grid, examples, strict=False)):
        for column, name in enumerate(example.channels):
            ax.plot(
                example.time_s,
                example.values[:, column],
                color=colours.cycle[column % len(colours.cycle)],
                linewidth=1.2,
                label=name,
            )
        ax.set_facecolor(colours.paper)
        is_bottom = i + n_columns >= len(examples)
        dress(
            ax,
            colours,
            title=example.label,
            x="s" if is_bottom else "",
            y=example.units[0].replace("^2", "²") if i % n_columns == 0 else "",
            grid="y",
            spines=("bottom",),
        )
        ax.xaxis.set_tick_params(labelbottom=is_bottom)
        ax.margins(x=0)
    for ax in grid[len(examples) :]:
        ax.remove()
    handles, names = grid[0].get_legend_handles_labels()
    figure.legend(
        handles,
        names,
        loc="outside upper right",
        ncols=len(names),
        frameon=False,
        labelcolor=colours.ink,
        fontsize=9,
    )
    if isinstance(source, Report) and source.is_leaky:
        figure.suptitle("LEAKY", x=0.01, ha="left", color=colours.cycle[1], fontsize=11)
    return figure
