"""Count what was lost, came twice or came late, by sequence number."""

from __future__ import annotations

from dataclasses import dataclass

from sensorhar._checks import check_positive

__all__ = ["Arrival", "SequenceCounter"]

#: So many packets back it is known which of them came.
MEMORY = 4096

#: A counter that jumps further ahead has been set, and nothing was lost.
MAX_JUMP = 100_000


@dataclass(frozen=True)
class Arrival:
    """What one packet's number tells.

    Attributes
    ----------
    is_duplicate : bool
        It came before; leave it out.
    is_late : bool
        It was overtaken by later ones.
    n_lost : int
        Samples missing between it and the one before. One that comes late after all
        is taken off the total of the counter.
    """

    is_duplicate: bool = False
    is_late: bool = False
    n_lost: int = 0


class SequenceCounter:
    """Follow the numbers of packets.

    Parameters
    ----------
    n_bits : int or None, default=None
        Width of the number, which starts over at 2^n_bits. None means it does not.

    Attributes
    ----------
    n_lost : int
        Samples of packets that never came.
    n_duplicates : int
        Packets that came twice.
    n_reordered : int
        Packets that came after later ones.
    n_restarts : int
        How often the number jumped to another range.

    Raises
    ------
    ValueError
        When the width is not above 0.

    Notes
    -----
    A sender that starts anew at 0 looks like one that sends again what came before:
    call ``reset`` where it says so (new session, new device clock).

    Examples
    --------
    >>> counter = SequenceCounter(n_bits=8)
    >>> [counter.update(number).n_lost for number in (254, 255, 0, 3)]
    [0, 0, 0, 2]
    >>> counter.update(2).is_late, counter.update(2).is_duplicate, counter.n_lost
    (True, True, 1)
    """

    def __init__(self, n_bits: int | None = None) -> None:
        if n_bits is not None:
            check_positive(n_bits, "n_bits", "bits")
        self._range = None if n_bits is None else 2**n_bits
        self._memory = MEMORY if self._range is None else min(MEMORY, self._range // 2)
        self.n_lost = self.n_duplicates = self.n_reordered = self.n_restarts = 0
        self.reset()

    def reset(self) -> None:
        """Let the next packet be the first; totals stay."""
        self._first = 0
        self._highest: int | None = None
        self._missing: dict[int, int] = {}

    def update(self, sequence: int, n_samples: int = 1) -> Arrival:
        """Take in the number of a packet.

        Parameters
        ----------
        sequence : int
            As it came; packets count up by one.
        n_samples : int, default=1
            How many samples the packet holds. One that is missing is taken to have
            held as many.

        Returns
        -------
        Arrival
            Whether it is new, and what is missing before it.
        """
        if self._highest is None:
            self._first = self._highest = sequence
            return Arrival()
        number = self._unwrapped(sequence, self._highest)
        ahead = number - self._highest
        if ahead > MAX_JUMP or ahead < -self._memory:
            self.n_restarts += 1
            self.reset()
            return self.update(sequence, n_samples)
        if ahead > 0:
            return self._take_newest(number, n_samples)
        if number in self._missing:
            self.n_lost -= self._missing.pop(number)
        elif number < self._first:  # began to listen between the two
            self._remember(number + 1, self._first, 0)
            self._first = number
        else:
            self.n_duplicates += 1
            return Arrival(is_duplicate=True)
        self.n_reordered += 1
        return Arrival(is_late=True)

    def _unwrapped(self, sequence: int, highest: int) -> int:
        """Return the number nearest to the highest that it can mean."""
        if self._range is None:
            return sequence
        half = self._range // 2
        return int(highest + (sequence - highest + half) % self._range - half)

    def _take_newest(self, number: int, n_samples: int) -> Arrival:
        assert self._highest is not None
        begin = max(self._highest + 1, number - self._memory)
        n_lost = (number - self._highest - 1) * n_samples
        self._remember(begin, number, n_samples)
        self.n_lost += n_lost
        self._highest = number
        return Arrival(n_lost=n_lost)

    def _remember(self, begin: int, end: int, n_samples: int) -> None:
        """Note which numbers may still come, and how many samples count as lost."""
        self._missing.update(dict.fromkeys(range(begin, end), n_samples))
        if len(self._missing) > 2 * self._memory:
            oldest = max(self._missing) - self._memory
            self._missing = {
                number: n for number, n in self._missing.items() if number >= oldest
            }
