"""How long to wait before a connection is tried again."""

from __future__ import annotations

import random

__all__ = ["BackOff"]

FIRST_S, LONGEST_S = 0.25, 30.0


class BackOff:
    """Waits of 0.25, 0.5, 1 .. 30 s, each up to a fifth longer by chance.

    Several collectors that lost the same phone do not come back at the same moment.
    """

    def __init__(self) -> None:
        self._wait_s = FIRST_S

    def reset(self) -> None:
        """Begin anew after a success."""
        self._wait_s = FIRST_S

    def next_s(self) -> float:
        """Return how long to wait now, in s."""
        wait_s = self._wait_s
        self._wait_s = min(2 * self._wait_s, LONGEST_S)
        return wait_s * random.uniform(1.0, 1.2)
