"""Which frames make the clips of one file, and how they are decoded."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive
from sensorhar.errors import DataError
from sensorhar.video._footage import Footage, check_even
from sensorhar.video._inputs import Input, open_input
from sensorhar.video._reel import Cut, Reel, Sampler, Shelf, Wish
from sensorhar.video._sequences import Held, Maker
from sensorhar.video.listed import ListedClip
from sensorhar.video.sampling import dense_indices, segment_indices, window_indices

__all__ = ["Found", "as_sampler", "as_size", "look", "nearest", "scan"]

_SAMPLERS: dict[str, Callable[..., NDArray[np.intp]]] = {
    "segments": segment_indices,
    "dense": dense_indices,
    "windows": window_indices,
}


@dataclass(frozen=True, eq=False)
class Found:
    """The clips of one input, or why there are none."""

    makers: Sequence[Maker] = ()
    start_s: tuple[float, ...] = ()
    rate_hz: float | None = None
    size: tuple[int, int] = (0, 0)
    error: DataError | None = None


def scan(one: Input, wish: Wish) -> Footage:
    """Return what is known of an input without decoding it."""
    source = open_input(one.where, one.name, wish.backend, wish.source_rate_hz)
    footage = source.scan()
    if footage.n_frames < 2:
        raise DataError(
            f"{one.name} must hold at least two frames; it holds one picture. Leave "
            'it out, or pass on_error="skip".'
        )
    return footage


def nearest(stamps_s: NDArray[Any], times_s: NDArray[Any]) -> NDArray[np.intp]:
    """Return the number of the frame whose stamp is nearest to each time."""
    if len(stamps_s) < 2:
        return np.zeros(len(times_s), dtype=np.intp)
    middle = (stamps_s[1:] + stamps_s[:-1]) / 2
    # A hair less, so that rounding cannot move a tie now to one frame, now to the next.
    hair = 1e-6 * float(np.median(np.diff(stamps_s)))
    return np.searchsorted(middle, times_s - hair)


def look(one: Input, wish: Wish, lazy: bool, may_skip: bool, shelf: Shelf) -> Found:
    """Scan one input and plan its clips."""
    try:
        footage = scan(one, wish)
        grid, rate_hz = _number_frames(footage, one.listed, wish)
        chosen = _choose(wish, len(grid), one.name)
        steps = np.unique(np.diff(chosen, axis=1)) if wish.n_frames > 1 else [1]
        is_regular = len(steps) == 1 and steps[0] > 0
        frames = grid[chosen]
        reel = Reel(one, footage, wish, np.unique(frames), shelf)
        makers: list[Maker] = [Cut(reel, row) for row in frames]
        if may_skip or not lazy:
            held: list[Maker] = [Held(maker()) for maker in makers]
            makers = makers if lazy else held
    except DataError as error:
        if not may_skip:
            raise
        return Found(error=error)
    return Found(
        makers,
        tuple(footage.stamps_s[grid[row[0]]] for row in chosen),
        rate_hz / steps[0] if is_regular and rate_hz is not None else None,
        wish.size or (footage.height, footage.width),
    )


def _number_frames(
    footage: Footage, listed: ListedClip | None, wish: Wish
) -> tuple[NDArray[np.intp], float | None]:
    """Return the frames to choose from, in time steps of one rate."""
    first, n_frames = 0, footage.n_frames
    if listed is not None and (listed.first_frame or listed.n_frames is not None):
        first = listed.first_frame
        n_frames = listed.n_frames or footage.n_frames - first
        if first + n_frames > footage.n_frames or n_frames < 1:
            raise DataError(
                f"the list wants frames {first} to {first + n_frames - 1} of "
                f"{footage.name}; it has {footage.n_frames}. Pass the list of these "
                "files."
            )
    stretch = np.arange(first, first + n_frames)
    if wish.rate_hz is None:
        check_even(footage)
        return stretch, footage.rate_hz
    stamps = footage.stamps_s[stretch]
    if not np.isfinite(stamps).all():
        raise DataError(
            f"{footage.name} has no time stamps, which rate_hz={wish.rate_hz:g} needs. "
            "Pass source_rate_hz=..., the rate of its frames, or no rate_hz."
        )
    interval = float(np.median(np.diff(footage.stamps_s)))
    n_wanted = max(round((stamps[-1] - stamps[0] + interval) * wish.rate_hz), 1)
    times = stamps[0] + np.arange(n_wanted) / wish.rate_hz
    return stretch[nearest(stamps, times)], wish.rate_hz


def _choose(wish: Wish, n_available: int, name: str) -> NDArray[np.intp]:
    """Ask the sampler, and check what it says."""
    chosen = np.asarray(wish.sampler(n_available))
    if chosen.ndim != 2 or chosen.shape[1] != wish.n_frames or chosen.dtype.kind != "i":
        raise ValueError(
            "sampling must return whole numbers of shape (n_clips, "
            f"{wish.n_frames}); got {chosen.dtype} of shape {chosen.shape}."
        )
    if not len(chosen):
        raise DataError(
            f"{name} must be at least as long as a clip of {wish.n_frames} frames; it "
            f"has {n_available}. Pass a smaller n_frames, or leave it out."
        )
    if chosen.min() < 0 or chosen.max() >= n_available:
        raise ValueError(
            f"sampling must return numbers from 0 to {n_available - 1} for {name}; got "
            f"{chosen.min()} to {chosen.max()}."
        )
    return chosen


def as_size(size: Any) -> tuple[int, int] | None:
    """Return height and width, given both or the side of a square; or None."""
    if size is None:
        return None
    pair = (size, size) if isinstance(size, (int, np.integer)) else tuple(size)
    if len(pair) != 2 or not all(isinstance(n, (int, np.integer)) for n in pair):
        raise ValueError(
            f"size must be a side, or (height, width), in whole px; got {size!r}."
        )
    for number in pair:
        check_positive(number, "size", "px")
    return int(pair[0]), int(pair[1])


def as_sampler(sampling: Any, n_frames: int) -> Sampler:
    """Return the function of a name, or the function itself."""
    if callable(sampling):
        given: Sampler = sampling
        return given
    check_choice(sampling, "sampling", _SAMPLERS)
    return partial(_SAMPLERS[sampling], n_frames=n_frames)
