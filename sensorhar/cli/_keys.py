"""Keys of the terminal while something is recorded."""

import asyncio
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Protocol

__all__ = ["listening", "press", "say_keys"]


class Recorder(Protocol):
    """What keys act on."""

    def label(self, label: str | None) -> None:
        """Say what happens from now on."""

    def mark(self, text: str) -> None:
        """Note that something happened."""

    def stop(self) -> None:
        """End the recording."""


def say_keys(labels: Sequence[str]) -> str:
    """Say which key does what."""
    words = [f"{i} {label}" for i, label in enumerate(labels[:9], 1)]
    return "   ".join([*words, "0 no label", "m mark", "q end"])


def press(key: str, labels: Sequence[str], recorder: Recorder) -> None:
    """Do what a key stands for; others do nothing."""
    if key == "q":
        recorder.stop()
    elif key == "m":
        recorder.mark("key m")
    elif key == "0":
        recorder.label(None)
    elif key.isdigit() and int(key) <= len(labels):
        recorder.label(labels[int(key) - 1])


@contextmanager
def listening(
    labels: Sequence[str], recorder: Recorder, file: int | None = None
) -> Iterator[bool]:
    """Listen to keys while a block runs; yield whether there is a keyboard.

    Parameters
    ----------
    labels : sequence of str
        Of keys 1 to 9.
    recorder : Recorder
        What keys act on.
    file : int or None, default=None
        Descriptor of a terminal; None is that of this process.
    """
    terminal = _terminal() if file is None else file
    try:
        import termios
        import tty
    except ImportError:  # Windows
        terminal = None
    if terminal is None:
        yield False
        return

    def read() -> None:
        for key in os.read(terminal, 64).decode(errors="ignore"):
            press(key, labels, recorder)

    loop = asyncio.get_running_loop()
    before = termios.tcgetattr(terminal)
    try:
        tty.setcbreak(terminal)  # keys come at once; Ctrl-C stays a signal
        loop.add_reader(terminal, read)
        yield True
    finally:
        loop.remove_reader(terminal)
        termios.tcsetattr(terminal, termios.TCSADRAIN, before)


def _terminal() -> int | None:
    """Return the descriptor of the keyboard, if somebody sits before it."""
    if sys.stdin is None or not sys.stdin.isatty():
        return None
    # In the background, touching the terminal would stop the process.
    is_front = os.name == "nt" or os.tcgetpgrp(sys.stdin.fileno()) == os.getpgrp()
    return sys.stdin.fileno() if is_front else None
