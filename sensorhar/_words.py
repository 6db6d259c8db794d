"""How messages and reports say lists and durations."""

from collections.abc import Iterable
from typing import Any

__all__ = ["listing", "say_duration"]

N_NAMED = 5  # names in one message; more would bury the rest of it


def listing(names: Iterable[Any]) -> str:
    """Join names for a message: sorted, quoted, at most five."""
    quoted = [repr(name) for name in sorted(names, key=str)]
    more = len(quoted) - N_NAMED
    tail = f" and {more} more" if more > 0 else ""
    return ", ".join(quoted[:N_NAMED]) + tail


def say_duration(seconds: float) -> str:
    """Say a duration as a person would."""
    if seconds < 60:
        return f"{seconds:.3g} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"
