"""What is seen while something is recorded: rates, losses, battery, labels."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sensorhar._words import say_duration

if TYPE_CHECKING:
    from sensorhar.collect.recorder_state import RecorderState
    from sensorhar.collect.source import SourceState

__all__ = ["Screen", "draw"]

#: Columns after the name of a stream: heading and width.
COLUMNS = {"Hz": 7, "samples": 9, "lost": 6, "twice": 6, "late": 6, "bad": 6}


class Screen:
    """Show the state of a recording, in place, where a person looks at it.

    Parameters
    ----------
    title : str
        First line, such as where it is written.
    is_quiet : bool, default=False
        Whether to show nothing.
    """

    def __init__(self, title: str, *, is_quiet: bool = False) -> None:
        self.title = title
        self.keys = ""
        self._is_quiet = is_quiet
        self._live: Any = None

    @contextmanager
    def shown(self) -> Iterator[None]:
        """Show it while a block runs; only on a terminal, else just the title."""
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True, highlight=False)
        if not console.is_terminal:
            self.say(self.title)
        if self._is_quiet or not console.is_terminal:
            yield
            return
        with Live(console=console, auto_refresh=False, transient=True) as self._live:
            yield
        self._live = None

    def show(self, state: "RecorderState") -> None:
        """Draw a state."""
        if self._live is not None:
            picture = draw(state, title=self.title, keys=self.keys)
            self._live.update(picture, refresh=True)

    def say(self, text: str) -> None:
        """Print what stays, above the state."""
        from sensorhar.cli._say import say

        if self._live is None:
            say(text, quiet=self._is_quiet)
        else:
            self._live.console.print(text, markup=False, soft_wrap=True)


def draw(state: "RecorderState", *, title: str, keys: str = "") -> Any:
    """Return what rich prints of a state."""
    from rich.console import Group
    from rich.text import Text

    now = say_duration(round(state.elapsed_s)) if state.n_samples else "no reading yet"
    words = state.label or "no label"
    if state.moment is not None and state.n_samples:
        words = str(state.moment)
    parts: list[Any] = [
        Text(title, style="dim"),
        Text.assemble((now, "bold"), "   ", (words, "bold green")),
    ]
    for source in state.sources:
        parts += _draw_source(source)
    if state.n_gaps:
        gaps = "1 gap" if state.n_gaps == 1 else f"{state.n_gaps} gaps"
        said = f"{gaps}, {say_duration(round(state.gap_s, 1))} together"
        parts.append(Text(said, style="yellow"))
    if state.problem:
        parts.append(Text(state.problem, style="bold red"))
    if keys:
        parts.append(Text(keys, style="dim"))
    return Group(*parts)


def _draw_source(source: "SourceState") -> list[Any]:
    """Return a line on a source, and a table of its streams."""
    from rich.table import Table
    from rich.text import Text

    charge = source.battery_percent
    battery = "" if charge is None else f", battery {charge:.0f} %"
    is_on = "connected" if source.is_connected else "not connected"
    colour = "green" if source.is_connected else "yellow"
    parts: list[Any] = [Text(f"● {source.name}: {is_on}{battery}", style=colour)]
    if source.streams:
        table = Table(box=None, pad_edge=False, header_style="dim")
        table.add_column("  stream", min_width=16)
        for name, width in COLUMNS.items():
            table.add_column(name, min_width=width, justify="right")
        for stream in source.streams:
            faults = (
                *(stream.n_lost, stream.n_duplicates),
                *(stream.n_reordered, stream.n_bad),
            )
            table.add_row(
                f"  {stream.name}",
                f"{stream.rate_hz:.1f}",
                str(stream.n_samples),
                *(Text(str(n), style="yellow" if n else "dim") for n in faults),
            )
        parts.append(table)
    if source.n_dropped:
        parts.append(Text(f"  {source.n_dropped} chunks dropped", style="red"))
    return parts
