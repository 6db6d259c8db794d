"""What is seen while something is recorded: rates, losses, battery, labels."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from sensorhar._words import say_duration

if TYPE_CHECKING:
    from sensorhar.collect.recorder import RecorderState

__all__ = ["Screen", "draw"]


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
        """Show it while a block runs; only on a terminal."""
        from rich.console import Console
        from rich.live import Live

        console = Console(stderr=True, highlight=False)
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


def draw(state: "RecorderState", *, title: str, keys: str = "") -> Any:
    """Return what rich prints of a state."""
    from rich.console import Group
    from rich.table import Table
    from rich.text import Text

    now = say_duration(round(state.elapsed_s)) if state.n_samples else "no reading yet"
    words = state.label or "no label"
    if state.moment is not None and state.n_samples:
        words = str(state.moment)
    parts: list[Any] = [
        Text(title, style="dim"),
        Text.assemble((now, "bold"), "   ", (words, "bold green")),
    ]
    table = Table(box=None, pad_edge=False, header_style="dim")
    names = ("stream", "Hz", "samples", "lost", "twice", "late", "bad")
    for name in names:
        table.add_column(name, justify="left" if name == "stream" else "right")
    for source in state.sources:
        charge = source.battery_percent
        battery = "" if charge is None else f", battery {charge:.0f} %"
        is_on = "connected" if source.is_connected else "not connected"
        colour = "green" if source.is_connected else "yellow"
        table.add_row(Text(f"{source.name}: {is_on}{battery}", style=colour))
        for stream in source.streams:
            counts = (
                *(stream.n_samples, stream.n_lost, stream.n_duplicates),
                *(stream.n_reordered, stream.n_bad),
            )
            table.add_row(
                f"  {stream.name}", f"{stream.rate_hz:.1f}", *map(str, counts)
            )
        if source.n_dropped:
            table.add_row(Text(f"  {source.n_dropped} chunks dropped", style="red"))
    parts.append(table)
    if state.n_gaps:
        said = f"{state.n_gaps} gaps, {say_duration(state.gap_s)} together"
        parts.append(Text(said, style="yellow"))
    if state.problem:
        parts.append(Text(state.problem, style="bold red"))
    if keys:
        parts.append(Text(keys, style="dim"))
    return Group(*parts)
