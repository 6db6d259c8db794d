"""Run a recorder under a terminal: screen, keys, signals, and the file at the end."""

import asyncio
import contextlib
import signal
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from sensorhar.cli._convert import LOG_ENDING, export_paths, is_export, write_export
from sensorhar.cli._keys import listening, say_keys
from sensorhar.cli._say import check_free, say
from sensorhar.cli._screen import Screen

if TYPE_CHECKING:
    from sensorhar import Recording
    from sensorhar.collect.recorder import Recorder
    from sensorhar.collect.source import Source

__all__ = ["Wishes", "record_sources"]

#: What is counted of a stream or a source, and how to say it.
COUNTS = {
    "n_lost": "lost {}",
    "n_duplicates": "came twice {}",
    "n_reordered": "came late {}",
    "n_bad": "unreadable {}",
    "n_gaps": "gaps {}",
    "gap_s": "without readings {} s",
    "n_clock_jumps": "clock jumped {}",
    "n_dropped_chunks": "chunks dropped {}",
}


@dataclass(frozen=True)
class Wishes:
    """What the options that all sources share say."""

    out: Path | None
    label: str | None
    protocol: str | None
    duration_s: float | None
    subject: str | None
    keys: str | None
    force: bool
    quiet: bool

    @property
    def labels(self) -> list[str]:
        """Labels of the keys 1 to 9."""
        words = (self.keys or "").split(",")
        return ["_".join(w.split()).lower() for w in words if w.strip()]

    @property
    def script(self) -> str | None:
        """The protocol, read from a file if it names one."""
        if self.protocol is None:
            return None
        is_name = len(self.protocol) < 255 and "\n" not in self.protocol
        if is_name and Path(self.protocol).is_file():
            return Path(self.protocol).read_text("utf-8")
        return self.protocol


def record_sources(
    make: Callable[[], "Sequence[Source]"],
    wishes: Wishes,
    *,
    tell: "Callable[[Source], str] | None" = None,
) -> None:
    """Record sources into the file wished for, and say what became of it.

    Parameters
    ----------
    make : callable
        Returns the sources; called after the options were checked.
    wishes : Wishes
        The options.
    tell : callable or None, default=None
        Called with each source when all are open; returns what to tell of it.
    """
    now = f"{datetime.now():%Y%m%d-%H%M%S}"
    out = wishes.out or Path(f"recording-{now}{LOG_ENDING}")
    log = out.with_suffix(LOG_ENDING) if is_export(out) else out
    check_free(log, *(export_paths(out) if is_export(out) else ()), force=wishes.force)
    if len(wishes.labels) > 9:
        raise ValueError(
            f"--keys must be at most 9 labels, for keys 1 to 9; got "
            f"{len(wishes.labels)}."
        )
    from sensorhar.collect.recorder import Recorder

    sources = list(make())
    recorder = Recorder(
        sources,
        path=log,
        duration_s=wishes.duration_s,
        label=wishes.label,
        subject=wishes.subject,
        protocol=wishes.script,
        overwrite=wishes.force,
    )
    screen = Screen(f"Record to {log}. Ctrl-C ends it.", is_quiet=wishes.quiet)

    def opened() -> None:
        for source in sources:
            if tell is not None:
                screen.say(tell(source))

    recorder.on_open = opened
    recorder.on_second = screen.show
    try:
        recording = asyncio.run(_run(recorder, screen, wishes.labels))
    except asyncio.CancelledError:  # asked to end twice
        raise KeyboardInterrupt from None
    _conclude(recording, out, log, wishes)


async def _run(
    recorder: "Recorder", screen: Screen, labels: Sequence[str]
) -> "Recording":
    task = asyncio.current_task()

    def end() -> None:
        """Stop; at the second time, at once."""
        if recorder.is_stopping and task is not None:
            task.cancel()
        recorder.stop()

    loop = asyncio.get_running_loop()
    signals = (signal.SIGINT, signal.SIGTERM)
    for number in signals:
        with contextlib.suppress(NotImplementedError):  # Windows cancels the task
            loop.add_signal_handler(number, end)
    try:
        with screen.shown(), listening(labels, recorder) as has_keys:
            screen.keys = say_keys(labels) if has_keys else ""
            screen.show(recorder.state())
            return await recorder.run()
    finally:
        for number in signals:
            with contextlib.suppress(NotImplementedError):
                loop.remove_signal_handler(number)


def _conclude(recording: "Recording", out: Path, log: Path, wishes: Wishes) -> None:
    """Say what was recorded and lost, and write the format asked for."""
    for line in _losses(recording.metadata):
        say(line, quiet=wishes.quiet)
    written = [log]
    if is_export(out):
        written += write_export(recording, out, force=wishes.force)
    print(f"{out}: {recording!r}")
    others = [str(path) for path in written if path != out]
    if others:
        say(f"Beside it: {', '.join(others)}", quiet=wishes.quiet, style="dim")


def _losses(metadata: Mapping[str, object]) -> list[str]:
    """Return a line on each stream or source of which something is missing."""
    found: dict[str, list[str]] = {}
    for key, value in metadata.items():
        name, _, what = key.rpartition(" ")
        if what in COUNTS:
            number = f"{value:.2f}" if isinstance(value, float) else str(value)
            found.setdefault(name, []).append(COUNTS[what].format(number))
    return [f"{name}: {', '.join(words)}" for name, words in found.items()]
