"""One line of bench.json, and how times are taken."""

from collections.abc import Callable
from dataclasses import dataclass
from time import perf_counter
from typing import Any

__all__ = ["Row", "best_times"]


@dataclass(frozen=True)
class Row:
    """One measured figure beside its target and its rival."""

    name: str
    value: float
    unit: str
    target: float | None
    rival: dict[str, Any] | None
    passed: bool
    wanted: str = "at most"

    @classmethod
    def at_most(cls, name, value, unit, target, rival=None):
        """Return a row that passes when the value is not above the target."""
        passed = target is None or bool(value <= target)
        return cls(name, float(value), unit, target, rival, passed)

    @classmethod
    def at_least(cls, name, value, unit, target, rival=None):
        """Return a row that passes when the value is not below the target."""
        passed = target is None or bool(value >= target)
        return cls(name, float(value), unit, target, rival, passed, "at least")


def best_times(*functions: Callable[[], Any], n_rounds: int = 3) -> list[float]:
    """Return the shortest time of each in s; they take turns, as machines are noisy."""
    shortest = [float("inf")] * len(functions)
    for _ in range(n_rounds):
        for i, function in enumerate(functions):
            start = perf_counter()
            function()
            shortest[i] = min(shortest[i], perf_counter() - start)
    return shortest
