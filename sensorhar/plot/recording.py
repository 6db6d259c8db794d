"""A recording over time: one panel a sensor, and what happened as coloured bands."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.plot.theme import Theme, dress, new_figure, theme_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_recording"]

N_POINTS = 4000  # of one curve; a screen shows no more, and extremes are kept
BAND_ALPHA = 0.16


def plot_recording(recording: Recording, *, theme: str = "light") -> "Figure":
    r"""Draw all streams of a recording with its events behind them.

    Long streams are thinned to what a screen can show: the lowest and the highest
    reading of each stretch are kept.

    Parameters
    ----------
    recording : Recording
        With or without events.
    theme : {"light", "dark"}, default="light"
        Paper.

    Returns
    -------
    Figure
        A panel for each unit of each stream; the events are named below.

    Raises
    ------
    ValueError
        When the theme is unknown.

    Examples
    --------
    >>> from sensorhar import Events
    >>> acc = Stream.of_sensor("accelerometer", np.zeros((500, 3)),
    ...     np.arange(500) / 50, has_gravity=False)
    >>> recording = Recording([acc], name="anna-01",
    ...     events=Events([2], [5], ["walking"]))
    >>> [ax.get_ylabel() for ax in plot_recording(recording).axes]
    ['accelerometer\n[m/s²]']
    """
    colours = theme_of(theme)
    panels = [panel for stream in recording.streams for panel in _panels(stream)]
    figure = new_figure(10, 1.7 * len(panels) + 1.1, colours)
    axes = figure.subplots(len(panels), 1, sharex=True, squeeze=False)[:, 0]
    for i, (ax, (stream, unit, columns)) in enumerate(zip(axes, panels, strict=True)):
        for n, column in enumerate(columns):
            time_s, values = _thin(stream.time_s, stream.values[:, column])
            ax.plot(
                time_s,
                values,
                color=colours.cycle[n % len(colours.cycle)],
                linewidth=0.9,
                label=stream.channel_names[column],
            )
        ax.set_facecolor(colours.paper)
        who = f" of {recording.subject}" if recording.subject else ""
        dress(
            ax,
            colours,
            title=f"{recording.name or 'recording'}{who}" if i == 0 else "",
            x="s" if i == len(panels) - 1 else "",
            y=f"{stream.kind.replace('_', ' ')}\n[{unit.replace('^2', '²')}]",
            grid="y",
            spines=("bottom",),
        )
        ax.legend(
            loc="upper left",
            bbox_to_anchor=(1, 1),
            frameon=False,
            labelcolor=colours.ink,
            fontsize=8,
        )
        ax.margins(x=0)
        _draw_bands(ax, recording, colours)
    _name_bands(figure, recording, colours)
    return figure


def _panels(stream: Stream) -> list[tuple[Stream, str, list[int]]]:
    """Group the columns of a stream by unit; each group shares an axis."""
    units = list(dict.fromkeys(channel.unit for channel in stream.channels))
    return [
        (stream, u, [i for i, c in enumerate(stream.channels) if c.unit == u])
        for u in units
    ]


def _thin(
    time_s: NDArray[np.float64], values: NDArray[np.floating]
) -> tuple[NDArray[np.float64], NDArray[np.floating]]:
    """Keep the lowest and the highest reading of each stretch, in order of time."""
    n_stretches = N_POINTS // 2
    size = len(values) // n_stretches
    if size < 2:
        return time_s, values
    n_whole = len(values) // size * size
    table = values[:n_whole].reshape(-1, size)
    known = np.nan_to_num(table, nan=np.inf)
    low = known.argmin(axis=1)
    high = np.nan_to_num(table, nan=-np.inf).argmax(axis=1)
    first = np.arange(len(table)) * size
    kept = np.sort(np.concatenate([first + low, first + high]))
    kept = np.concatenate([kept, np.arange(n_whole, len(values))])
    return time_s[kept], values[kept]


def _colour(recording: Recording, colours: Theme) -> dict[str, str]:
    classes = recording.events.classes if recording.events is not None else ()
    return {
        label: colours.cycle[i % len(colours.cycle)] for i, label in enumerate(classes)
    }


def _draw_bands(ax: "Axes", recording: Recording, colours: Theme) -> None:
    if recording.events is None:
        return
    colour = _colour(recording, colours)
    for event in recording.events:
        ax.axvspan(
            event.start_s,
            event.stop_s,
            facecolor=colour[event.label],
            alpha=BAND_ALPHA,
            edgecolor="none",
            zorder=0,
        )


def _name_bands(figure: "Figure", recording: Recording, colours: Theme) -> None:
    """Name the colours of the bands below the panels."""
    from matplotlib.patches import Patch

    colour = _colour(recording, colours)
    if not colour:
        return
    patches = [
        Patch(facecolor=c, alpha=2.5 * BAND_ALPHA, label=label)
        for label, c in colour.items()
    ]
    figure.legend(
        handles=patches,
        loc="outside lower center",
        ncols=min(6, len(patches)),
        frameon=False,
        labelcolor=colours.ink,
        fontsize=9,
    )
