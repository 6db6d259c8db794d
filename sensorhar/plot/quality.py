"""The quality of a recording over time: rate, gaps, size, clipping and labels."""

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.plot.theme import Theme, dress, new_figure, theme_of
from sensorhar.signal.gravity import magnitude
from sensorhar.signal.grid import find_gaps
from sensorhar.signal.non_wear import find_non_wear
from sensorhar.signal.quality import find_clipped, find_stuck
from sensorhar.units import STANDARD_GRAVITY

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

__all__ = ["plot_quality"]

N_BINS = 400  # of the rate; a screen shows no more
N_MARKS = 2000  # of clipped readings
MOTION = ("accelerometer", "linear_acceleration", "gyroscope", "magnetometer")
SCALES = ((7200.0, 3600.0, "h"), (600.0, 60.0, "min"), (0.0, 1.0, "s"))


def plot_quality(recording: Recording, *, theme: str = "light") -> "Figure":
    r"""Draw what :func:`sensorhar.quality_report` measures, over time.

    Above the samples per second of each sensor, below them the size of each
    three-axis sensor with what is wrong marked on it, and the labels as a bar::

        Hz   ______     ______      rate; it falls in gaps
        |a|  ~~~~~~ gap ~x~~~x      x clipped, shaded: gap, stuck, not worn
             [walking ][ sitting ]  labels

    Parameters
    ----------
    recording : Recording
        With or without events.
    theme : {"light", "dark"}, default="light"
        Paper.

    Returns
    -------
    Figure
        ``figure.savefig(path)`` writes it.

    Raises
    ------
    ValueError
        When the theme is unknown.

    Examples
    --------
    >>> acc = Stream.of_sensor("accelerometer", np.tile([0.0, 0.0, 9.8], (500, 1)),
    ...     np.arange(500) / 50, has_gravity=True)
    >>> figure = plot_quality(Recording([acc], name="anna-01"))
    >>> [ax.get_ylabel() for ax in figure.axes]
    ['samples\nper s', 'accelerometer\n[m/s²]', 'labels']
    """
    colours = theme_of(theme)
    sized = [s for s in recording.streams if s.kind in MOTION and s.n_channels == 3]
    heights = [1.2, *[1.6] * len(sized), 0.35]
    figure = new_figure(10, sum(heights) * 1.15 + 1.0, colours)
    axes = figure.subplots(len(heights), 1, sharex=True, height_ratios=heights)
    _, scale_s, unit = next(s for s in SCALES if recording.duration_s >= s[0])
    _draw_rates(axes[0], recording, colours, scale_s)
    for ax, stream in zip(axes[1:], sized, strict=False):
        _draw_size(ax, stream, colours, scale_s)
    _draw_labels(axes[-1], recording, colours, scale_s)
    who = f" of {recording.subject}" if recording.subject else ""
    for i, ax in enumerate(axes):
        ax.set_facecolor(colours.paper)
        is_bar = ax is axes[-1]
        dress(
            ax,
            colours,
            title=f"{recording.name or 'recording'}{who}" if i == 0 else "",
            x=unit if is_bar else "",
            y=ax.get_ylabel(),
            grid="" if is_bar else "y",
            spines=("bottom",),
        )
        if is_bar:  # too low for a word on its side
            ax.yaxis.label.set(rotation=0, ha="right", va="center")
        if ax.get_legend_handles_labels()[0]:
            ax.legend(
                loc="upper left",
                bbox_to_anchor=(1, 1.05),
                frameon=False,
                labelcolor=colours.ink,
                fontsize=8,
            )
    start_s, stop_s = recording.start_s / scale_s, recording.stop_s / scale_s
    axes[-1].set_xlim(start_s, max(stop_s, start_s + 1e-6))
    return figure


def _draw_rates(
    ax: "Axes", recording: Recording, colours: Theme, scale_s: float
) -> None:
    """Draw how many samples of each motion sensor came in each moment."""
    ax.set_ylabel("samples\nper s")
    chosen = [s for s in recording.streams if s.kind in MOTION] or recording.streams
    top = 0.0
    for i, stream in enumerate(chosen):
        # Some ten samples a bin: fewer only show that they are whole numbers.
        width_s = max(recording.duration_s / N_BINS, 10 / max(stream.rate_hz, 1e-3))
        n_bins = max(1, int(stream.duration_s / width_s))
        edges = stream.start_s + width_s * np.arange(n_bins + 1)
        first = np.searchsorted(stream.time_s, edges - 1e-9)
        rate = np.diff(first) / width_s
        colour = colours.cycle[i % len(colours.cycle)]
        ax.stairs(
            rate, edges / scale_s, color=colour, linewidth=1.1, label=_title(stream)
        )
        top = max(top, 1.15 * float(np.median(rate)), 1.15 * stream.rate_hz)
    ax.set_ylim(0, top or 1.0)


def _draw_size(ax: "Axes", stream: Stream, colours: Theme, scale_s: float) -> None:
    """Draw the length of each reading, with what is wrong marked on it."""
    unit = stream.channels[0].unit.replace("^2", "²")
    ax.set_ylabel(f"{stream.kind.replace('_', ' ')}\n[{unit}]")
    size = magnitude(stream.values)
    low, high, at_s = _envelope(stream.time_s, size)
    # Lines across a gap would look like readings.
    ax.fill_between(
        at_s / scale_s,
        low,
        high,
        color=colours.cycle[0],
        linewidth=0.8,
        alpha=0.85,
        label="size" if stream.n_channels > 1 else None,
    )
    if stream.kind == "accelerometer" and stream.channels[0].has_gravity:
        ax.axhline(
            STANDARD_GRAVITY,
            color=colours.ink,
            linewidth=0.9,
            linestyle=(0, (5, 4)),
            label="9.81",
        )
    is_clipped = find_clipped(stream.values).any(axis=1)
    at = np.flatnonzero(is_clipped & (stream.kind != "magnetometer"))
    at = at[:: max(1, len(at) // N_MARKS)]
    if len(at):
        ax.plot(
            stream.time_s[at] / scale_s,
            size[at],
            linestyle="none",
            marker="x",
            markersize=4,
            color=colours.cycle[1],
            label="clipped",
        )
    gaps = stream.time_s[find_gaps(stream.time_s)]
    _shade(ax, gaps, "gap", colours.faint, scale_s)
    stuck = np.concatenate(find_stuck(stream.values, stream.time_s))
    _shade(ax, stuck, "an axis is stuck", colours.cycle[4], scale_s)
    if stream.kind == "accelerometer":
        unworn = find_non_wear(stream.values, stream.time_s)
        _shade(ax, unworn, "not worn", colours.cycle[3], scale_s)
    ax.set_ylim(bottom=0)


def _shade(
    ax: "Axes",
    stretches: NDArray[np.float64],
    label: str,
    colour: str,
    scale_s: float,
) -> None:
    for i, (start_s, stop_s) in enumerate(stretches):
        ax.axvspan(
            start_s / scale_s,
            stop_s / scale_s,
            facecolor=colour,
            alpha=0.28,
            edgecolor="none",
            zorder=0,
            label=label if i == 0 else None,
        )


def _draw_labels(
    ax: "Axes", recording: Recording, colours: Theme, scale_s: float
) -> None:
    ax.set_ylabel("labels")
    ax.set_ylim(0, 1)
    ax.set_yticks([])
    events = recording.events
    if events is None or not len(events):
        ax.text(
            0.5,
            0.5,
            "none",
            color=colours.faint,
            fontsize=9,
            ha="center",
            va="center",
            transform=ax.transAxes,
        )
        return
    colour = {
        label: colours.cycle[i % len(colours.cycle)]
        for i, label in enumerate(events.classes)
    }
    told: set[str] = set()
    for event in events:
        ax.axvspan(
            event.start_s / scale_s,
            event.stop_s / scale_s,
            facecolor=colour[event.label],
            alpha=0.75,
            edgecolor=colours.paper,
            linewidth=0.8,
            label=None if event.label in told else event.label,
        )
        told.add(event.label)


def _envelope(
    time_s: NDArray[np.float64], size: NDArray[np.floating]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return lowest and highest size in each of some bins, and NaN where none is."""
    n_bins = int(min(2 * N_BINS, max(2, len(size) // 2)))
    edges = np.linspace(time_s[0], time_s[-1], n_bins + 1)
    first = np.searchsorted(time_s, edges[:-1])
    is_there = np.diff(np.append(first, len(size))) > 0
    low, high = np.full(n_bins, np.nan), np.full(n_bins, np.nan)
    low[is_there] = np.fmin.reduceat(size, first[is_there])
    high[is_there] = np.fmax.reduceat(size, first[is_there])
    return low, high, (edges[:-1] + edges[1:]) / 2


def _title(stream: Stream) -> str:
    place = f" ({stream.place})" if stream.place else ""
    return f"{stream.kind.replace('_', ' ')}{place}"
