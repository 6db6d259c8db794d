"""Colours and dress of all plots, on light and on dark paper."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sensorhar._checks import check_choice

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = [
    "DARK",
    "LIGHT",
    "THEMES",
    "Theme",
    "dress",
    "new_axes",
    "new_figure",
    "theme_of",
]


@dataclass(frozen=True)
class Theme:
    """Colours of one kind of paper.

    Parameters
    ----------
    paper, ink, faint, line : str
        Ground, text, secondary text, and rules.
    cycle : tuple of str
        Colours of curves, distinct to colour-blind readers and readable on the paper.
    heat : tuple of str
        From nothing to everything.

    Notes
    -----
    The cycle follows M. Okabe and K. Ito, Color Universal Design (2008); yellow and
    black are replaced by what can be seen on either paper, and some hues are brighter
    on the dark one.
    """

    paper: str
    ink: str
    faint: str
    line: str
    cycle: tuple[str, ...]
    heat: tuple[str, ...]


LIGHT = Theme(
    paper="#ffffff",
    ink="#1b1f24",
    faint="#5b6570",
    line="#d5dae0",
    cycle=(
        *("#0072b2", "#d55e00", "#009e73", "#cc79a7"),
        *("#e69f00", "#56b4e9", "#6b5ca5", "#7f7f7f"),
    ),
    heat=("#ffffff", "#cfe3f1", "#6fb1d9", "#0072b2", "#00436b"),
)
DARK = Theme(
    paper="#15181c",
    ink="#e8eaed",
    faint="#a3adb8",
    line="#353b43",
    cycle=(
        *("#56b4e9", "#f0803c", "#2dc997", "#e39ac3"),
        *("#f0b93a", "#9ad0f5", "#a99be0", "#a6a6a6"),
    ),
    heat=("#15181c", "#17364c", "#1d6292", "#3f9bd6", "#a8dcff"),
)
THEMES = {"light": LIGHT, "dark": DARK}


def theme_of(name: str) -> Theme:
    """Return a theme by name.

    Parameters
    ----------
    name : {"light", "dark"}
        Which paper.

    Returns
    -------
    Theme
        Its colours.

    Raises
    ------
    ValueError
        When there is no such theme.

    Examples
    --------
    >>> theme_of("light").paper
    '#ffffff'
    """
    check_choice(name, "theme", THEMES)
    return THEMES[name]


def new_figure(width: float, height: float, theme: Theme) -> "Figure":
    """Return a figure that no global state knows of.

    Parameters
    ----------
    width, height : float
        In inches.
    theme : Theme
        Its paper becomes the ground.

    Returns
    -------
    Figure
        ``figure.savefig(path)`` writes it; it needs no display.

    Examples
    --------
    >>> new_figure(4, 3, LIGHT).get_size_inches().tolist()
    [4.0, 3.0]
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(
        figsize=(width, height), facecolor=theme.paper, layout="constrained"
    )
    FigureCanvasAgg(figure)
    return figure


def new_axes(ax: "Axes | None", width: float, height: float, theme: Theme) -> "Axes":
    """Return the axes given, or the only ones of a new figure.

    Parameters
    ----------
    ax : Axes or None
        Where to draw, if the caller has a place.
    width, height : float
        Size of a new figure in inches.
    theme : Theme
        Colours of a new figure.

    Returns
    -------
    Axes
        Ready to draw on.

    Examples
    --------
    >>> new_axes(None, 4, 3, LIGHT).get_facecolor()
    (1.0, 1.0, 1.0, 1.0)
    """
    if ax is None:
        ax = new_figure(width, height, theme).add_subplot()
    ax.set_facecolor(theme.paper)
    return ax


def dress(
    ax: "Axes",
    theme: Theme,
    *,
    title: str = "",
    x: str = "",
    y: str = "",
    grid: str = "",
    spines: Iterable[str] = ("left", "bottom"),
) -> None:
    """Give axes their words, colours and rules.

    Parameters
    ----------
    ax : Axes
        What to dress.
    theme : Theme
        Colours.
    title, x, y : str, default=""
        Words above, below and beside.
    grid : {"", "x", "y"}, default=""
        Along which axis rules mark the values.
    spines : iterable of str, default=("left", "bottom")
        Borders to keep.

    Examples
    --------
    >>> ax = new_axes(None, 4, 3, LIGHT)
    >>> dress(ax, LIGHT, title="Loss", x="epoch")
    >>> ax.get_xlabel()
    'epoch'
    """
    kept = set(spines)
    for side, spine in ax.spines.items():
        spine.set_visible(side in kept)
        spine.set_color(theme.line)
    ax.tick_params(colors=theme.faint, labelsize=9, length=0, pad=5)
    if grid:
        ax.grid(True, axis=grid, color=theme.line, linewidth=0.7)  # type: ignore[arg-type]
        ax.set_axisbelow(True)
    words: dict[str, Any] = {"color": theme.faint, "fontsize": 9}
    ax.set_xlabel(x, **words)
    ax.set_ylabel(y, **words)
    if title:
        ax.set_title(title, loc="left", color=theme.ink, fontsize=11, fontweight="bold")
