"""Frames of a video side by side, with what a classifier says of them."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_positive
from sensorhar.plot.theme import Theme, dress, new_figure, theme_of
from sensorhar.video.frames import read_frames
from sensorhar.video.scan import scan_video
from sensorhar.video.timeline import Timeline

if TYPE_CHECKING:
    from matplotlib.figure import Figure

__all__ = ["plot_frames", "plot_video"]

WIDTH = 10.0  # inches
N_COLUMNS = 4
LETTER = 0.088  # inches that a letter of a title takes
NOTE = 1.0  # inches that time and probability take beside it
N_NAMED = 8  # labels in the legend; more have no colour of their own


def plot_video(
    source: Any,
    timeline: Timeline | None = None,
    *,
    n_frames: int = 12,
    source_rate_hz: float | None = None,
    theme: str = "light",
) -> "Figure":
    """Draw frames of a video on one sheet, with labels and a bar of what happens when.

    Parameters
    ----------
    source : str, Path or array of shape (n_frames, height, width, 3), uint8
        A video, a folder of pictures, or frames.
    timeline : Timeline or None, default=None
        From :func:`sensorhar.video.predict_timeline`; None shows times alone.
    n_frames : int, default=12
        How many frames, spread over the video.
    source_rate_hz : float or None, default=None
        Frame rate of pictures and arrays, which carry none.
    theme : {"light", "dark"}, default="light"
        Paper.

    Returns
    -------
    Figure
        ``figure.savefig("sheet.png")`` writes it.

    Raises
    ------
    DataError
        When the video is broken, or has no stamps.
    ValueError
        When a number is not positive, or the theme is unknown.

    Examples
    --------
    >>> video = np.full((20, 48, 64, 3), 200, np.uint8)
    >>> line = Timeline("a", ("run", "walk"), [0], [2], np.array([[0.9, 0.1]]), 2.0)
    >>> figure = plot_video(video, line, n_frames=2, source_rate_hz=10)
    >>> [ax.get_title(loc="left") for ax in figure.axes[:2]]
    ['run', 'run']
    """
    check_positive(n_frames, "n_frames")
    colours = theme_of(theme)
    facts = scan_video(source, source_rate_hz=source_rate_hz)
    whole_s = facts.duration_s or 0.0
    part_s = whole_s / n_frames
    times = part_s * (np.arange(n_frames) + 0.5) if whole_s else None
    played = read_frames(source, times_s=times, source_rate_hz=source_rate_hz)
    shown = [pair for _, pair in zip(range(n_frames), played, strict=False)]
    notes = ["" if np.isnan(time) else f"{time:.1f} s" for time, _ in shown]
    frames = [frame for _, frame in shown]
    if timeline is None:
        return plot_frames(frames, notes, theme=theme)
    labels = timeline.events().classes
    paint = {
        label: colours.cycle[i % len(colours.cycle)] for i, label in enumerate(labels)
    }
    titles, inks = [], []
    for place, (time_s, _) in enumerate(shown):
        said = timeline.at(time_s)
        code = int(np.nan_to_num(said).argmax())
        is_silent = bool(np.isnan(said[code]))
        titles.append("" if is_silent else timeline.classes[code])
        inks.append(paint.get(titles[-1], colours.faint))
        if not is_silent:
            notes[place] += f"   {said[code]:.0%}"
    figure, bottom = _sheet(frames, titles, notes, colours, inks, has_bar=True)
    _draw_bar(bottom, timeline, paint, colours)
    return figure


def plot_frames(
    frames: Sequence[NDArray[np.uint8]],
    titles: Sequence[str] = (),
    *,
    theme: str = "light",
) -> "Figure":
    """Draw pictures of any size side by side, each with its name.

    Parameters
    ----------
    frames : sequence of arrays of shape (height, width, 3), uint8
        The pictures.
    titles : sequence of str, default=()
        One above each.
    theme : {"light", "dark"}, default="light"
        Paper.

    Returns
    -------
    Figure
        Four in a row.

    Raises
    ------
    ValueError
        When there is no picture, or the theme is unknown.

    Examples
    --------
    >>> figure = plot_frames([np.zeros((48, 64, 3), np.uint8)] * 5, list("abcde"))
    >>> len(figure.axes)
    5
    """
    colours = theme_of(theme)
    if not len(frames):
        raise ValueError("plot_frames needs at least one picture; got none.")
    notes = list(titles) or [""] * len(frames)
    blank = [""] * len(frames)
    figure, _ = _sheet(frames, blank, notes, colours, blank, has_bar=False)
    return figure


def _sheet(
    frames: Sequence[NDArray[np.uint8]],
    titles: Sequence[str],
    notes: Sequence[str],
    colours: Theme,
    inks: Sequence[str],
    *,
    has_bar: bool,
) -> tuple["Figure", Any]:
    """Return a figure of all frames, and the axes below them if there are any."""
    n_columns = min(N_COLUMNS, len(frames))
    n_rows = -(-len(frames) // n_columns)
    cell = WIDTH / n_columns
    shape = max(frame.shape[0] / frame.shape[1] for frame in frames)
    row = cell * shape + 0.3
    foot = 0.95 if has_bar else 0.0
    figure = new_figure(WIDTH, n_rows * row + foot + 0.15, colours)
    ratios = [row] * n_rows + [foot] * has_bar
    grid = figure.add_gridspec(n_rows + has_bar, n_columns, height_ratios=ratios)
    for i, frame in enumerate(frames):
        ax = figure.add_subplot(grid[i // n_columns, i % n_columns])
        ax.imshow(frame, aspect="equal", interpolation="antialiased")
        ax.set_axis_off()
        ax.set_anchor("N")
        words: dict[str, Any] = {"fontsize": 9, "pad": 4}
        if titles[i]:
            ink: dict[str, Any] = {"color": inks[i], "fontweight": "bold"}
            n_letters = int((cell - NOTE) / LETTER)
            ax.set_title(_short(titles[i], n_letters), loc="left", **words, **ink)
            ax.set_title(notes[i], loc="right", color=colours.faint, **words)
        else:
            title = _short(notes[i], int(cell / LETTER))
            ax.set_title(title, loc="left", color=colours.faint, **words)
    return figure, figure.add_subplot(grid[-1, :]) if has_bar else None


def _draw_bar(
    ax: Any, timeline: Timeline, paint: dict[str, str], colours: Theme
) -> None:
    """Draw the events of a timeline, as high as they are sure."""
    named: set[str] = set()
    for event in timeline.events():
        is_new = event.label not in named and len(named) < N_NAMED
        named |= {event.label} if is_new else set()
        ax.bar(
            event.start_s,
            event.score,
            event.stop_s - event.start_s,
            align="edge",
            color=paint[event.label],
            edgecolor=colours.paper,
            linewidth=0.8,
            label=event.label if is_new else None,
        )
    ax.set_facecolor(colours.paper)
    ax.set_xlim(0, timeline.duration_s)
    ax.set_ylim(0, 1)
    ax.set_yticks([0, 1])
    dress(ax, colours, x="s", y="probability", grid="", spines=("bottom",))
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=min(len(named), 4),
        frameon=False,
        fontsize=9,
        labelcolor=colours.ink,
        handlelength=1,
        borderpad=0,
    )


def _short(words: str, n_letters: int) -> str:
    return words if len(words) <= n_letters else f"{words[: n_letters - 1]}…"
