"""How frames become clips, and many clips of one video are decoded in one go."""

from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.video._footage import Footage, Frames, check_frame
from sensorhar.video._inputs import Input, open_input
from sensorhar.video._resize import resize, to_grey

__all__ = ["Cut", "Reel", "Sampler", "Shelf", "Wish"]

Sampler = Callable[[int], NDArray[Any]]

#: A gap of so many frames is sought over, where the file allows it; decoding across a
#: smaller one is faster.
FAR = 250


@dataclass(frozen=True)
class Wish:
    """How every clip is to be made."""

    n_frames: int
    size: tuple[int, int] | None
    fit: str
    grey: bool
    rate_hz: float | None
    source_rate_hz: float | None
    sampler: Sampler
    backend: str | None

    def shape(self, footage: Footage) -> tuple[int, int, int]:
        """Return height, width and number of channels of a frame."""
        height, width = self.size or (footage.height, footage.width)
        return height, width, 1 if self.grey else 3

    def make(
        self, frame: NDArray[np.uint8], number: int, footage: Footage
    ) -> NDArray[np.uint8]:
        """Return a decoded frame in the size and colours wanted."""
        check_frame(footage, number, frame)
        height, width, _ = self.shape(footage)
        small = resize(frame, height, width, fit=self.fit)
        return to_grey(small) if self.grey else small


@dataclass(frozen=True, eq=False)
class Cut:
    """Takes the frames of one clip from a reel when called."""

    reel: "Reel"
    indices: NDArray[np.intp]

    def __call__(self) -> NDArray[np.uint8]:
        wanted, place = np.unique(self.indices, return_inverse=True)
        return self.reel.take(wanted)[place]


class Shelf:
    """Lets few reels stay open at a time: files and frames in memory are scarce."""

    def __init__(self, n_open: int = 8) -> None:
        self.n_open = n_open
        self._lock = Lock()
        self._reels: list[Reel] = []  # the one used last stands last

    def put(self, reel: "Reel") -> None:
        """Note that a reel is used, and close the one not used for longest."""
        with self._lock:
            self._reels = [one for one in self._reels if one is not reel] + [reel]
            late = self._reels[: -self.n_open]
            self._reels = self._reels[-self.n_open :]
        for one in late:
            one.close()

    def __reduce__(self) -> tuple[Any, ...]:
        return Shelf, (self.n_open,)


class Reel:
    """Plays one video forwards, and keeps the frames that clips still want.

    ::

        frames     0 1 2 3 4 5 6 7 8 9
        clip 0     [-------]               decodes 0 to 3
        clip 1         [-------]           has 2 and 3, decodes 4 and 5
        clip 2             [-------]       has 4 and 5, decodes 6 and 7

    Asked for what lies behind, it begins again there. It closes at the last frame that
    any clip wants.
    """

    _lock: Lock
    _frames: Frames | None
    _held: dict[int, NDArray[np.uint8]]
    _first: int
    _reached: int

    def __init__(
        self,
        one: Input,
        footage: Footage,
        wish: Wish,
        wanted: NDArray[np.intp],
        shelf: Shelf,
    ) -> None:
        self.one = one
        self.footage = footage
        self.wish = wish
        self.wanted = wanted  # sorted numbers of all frames that any clip has
        self.shelf = shelf
        self._lock = Lock()
        self._rewind()

    def take(self, indices: NDArray[np.intp]) -> NDArray[np.uint8]:
        """Return some frames, given by number in rising order."""
        with self._lock:
            first, last = int(indices[0]), int(indices[-1])
            is_behind = first < self._first
            if self._frames is None or is_behind or first > self._reached + FAR:
                self._rewind()
                self._play(first)
            self._first = first
            self._held = {n: kept for n, kept in self._held.items() if n >= first}
            goes_on = False
            try:
                while self._reached < last:
                    self._advance()
                taken = np.stack([self._held[number] for number in indices.tolist()])
                goes_on = self._reached < self.wanted[-1]
            finally:
                if not goes_on:  # at the end, or something went wrong
                    self._rewind()
            if not goes_on:
                return taken
        self.shelf.put(self)
        return taken

    def close(self) -> None:
        """Let go of the file and the frames, unless they are in use just now."""
        if self._lock.acquire(blocking=False):
            try:
                self._rewind()
            finally:
                self._lock.release()

    def _rewind(self) -> None:
        frames: Any = getattr(self, "_frames", None)
        if frames is not None:
            frames.close()
        self._frames, self._held = None, {}
        self._first = self._reached = -1

    def _play(self, first: int) -> None:
        source = open_input(
            self.one.where,
            self.one.name,
            self.wish.backend,
            self.wish.source_rate_hz,
        )
        rest = self.wanted[np.searchsorted(self.wanted, first) :]
        self._frames = source.frames(rest, self.footage)

    def _advance(self) -> None:
        assert self._frames is not None
        number, frame = next(self._frames)
        self._reached = number
        if number >= self._first:
            self._held[number] = self.wish.make(frame, number, self.footage)

    def __getstate__(self) -> dict[str, Any]:
        kept = ("one", "footage", "wish", "wanted", "shelf")
        return {name: getattr(self, name) for name in kept}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        self._lock = Lock()
        self._rewind()
