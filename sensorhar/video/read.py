"""Read videos as clips: any file, folder of frames or array, at one rate and size."""

import warnings
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive
from sensorhar._words import listing
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.video._footage import Footage, check_even, check_frame
from sensorhar.video._inputs import (
    BACKENDS,
    Input,
    find_inputs,
    name_values,
    open_input,
)
from sensorhar.video._progress import run_all
from sensorhar.video._resize import resize, to_grey
from sensorhar.video._sequences import Held, Maker
from sensorhar.data.clip_spec import ClipSpec
from sensorhar.video.clips import Clips
from sensorhar.video.listed import ListedClip
from sensorhar.video.sampling import dense_indices, segment_indices, window_indices

__all__ = ["read_clips"]

Sampler = Callable[[int], NDArray[Any]]

_SAMPLERS: dict[str, Callable[..., NDArray[np.intp]]] = {
    "segments": segment_indices,
    "dense": dense_indices,
    "windows": window_indices,
}


@dataclass(frozen=True)
class _Wish:
    """How every clip is to be made."""

    n_frames: int
    size: tuple[int, int] | None
    fit: str
    grey: bool
    rate_hz: float | None
    source_rate_hz: float | None
    sampler: Sampler
    backend: str | None


@dataclass(frozen=True, eq=False)
class _Clip:
    """Decodes the frames of one clip when called."""

    where: Any
    name: str
    footage: Footage
    indices: NDArray[np.intp]
    wish: _Wish

    def __call__(self) -> NDArray[np.uint8]:
        wish = self.wish
        source = open_input(self.where, self.name, wish.backend, wish.source_rate_hz)
        wanted, place = np.unique(self.indices, return_inverse=True)
        height, width = wish.size or (self.footage.height, self.footage.width)
        n_channels = 1 if wish.grey else 3
        out = np.empty((len(wanted), height, width, n_channels), dtype=np.uint8)
        frames = source.frames(wanted, self.footage)
        for filled, (number, frame) in enumerate(frames):
            check_frame(self.footage, number, frame)
            small = resize(frame, height, width, fit=wish.fit)
            out[filled] = to_grey(small) if wish.grey else small
        return out[place]


@dataclass(frozen=True, eq=False)
class _Found:
    """The clips of one input, or why there are none."""

    makers: Sequence[Maker] = ()
    start_s: tuple[float, ...] = ()
    rate_hz: float | None = None
    size: tuple[int, int] = (0, 0)
    error: DataError | None = None


def read_clips(
    sources: str | Path | Iterable[Any],
    *,
    labels: Any = None,
    groups: Any = None,
    n_frames: int = 16,
    size: int | tuple[int, int] | None = 112,
    rate_hz: float | None = None,
    sampling: Literal["segments", "dense", "windows"] | Sampler = "segments",
    fit: Literal["crop", "stretch"] = "crop",
    grey: bool = False,
    root: str | Path | None = None,
    source_rate_hz: float | None = None,
    classes: Sequence[str] | None = None,
    on_error: Literal["raise", "skip"] = "raise",
    lazy: bool = True,
    n_workers: int = 1,
    backend: Literal["av", "opencv"] | None = None,
    progress: bool = True,
) -> Clips:
    r"""Read videos as clips of equal length, size and rate.

    All files are looked through now, for the stamps of their frames; frames are decoded
    when the clips are asked for, or now with ``lazy=False``::

        stamps in the file    0    33   67   100  133  167  200  233 ms
        wanted at 10 Hz       0              100            200
        frames                0              3              6      nearest in time

    Parameters
    ----------
    sources : str, Path or sequence
        A folder, searched at any depth for videos, GIFs and folders of pictures; a
        file; or a list of files, such folders, ``.npy`` files, uint8 arrays
        (n_frames, height, width, 3) and :class:`~sensorhar.video.ListedClip`.
    labels : None, "folder", csv file, mapping, callable or sequence, default=None
        Label of each: the folder it lies in; a csv file ``file,label`` (and ``group``,
        if you like); a mapping by name of the file; a function of that name; or one a
        video, in their order. None takes those of listed clips.
    groups : as ``labels``, default=None
        Person or source video of each, which a split must keep on one side. None takes
        those of listed clips, or of the csv file of the labels.
    n_frames : int, default=16
        Frames of a clip.
    size : int, (int, int) or None, default=112
        Side of a square, or height and width, in px. None keeps what the files have.
    rate_hz : float or None, default=None
        Frames per second to resample to, by the stamps. None takes the frames as they
        are, and refuses files whose frames do not follow each other evenly.
    sampling : {"segments", "dense", "windows"} or callable, default="segments"
        Which frames: one from the middle of each of ``n_frames`` equal parts of the
        video; neighbours from the middle of it; all clips, side by side. Or a function
        of the number of frames that returns numbers of shape (n_clips, n_frames), such
        as those of :mod:`sensorhar.video.sampling` with
        :func:`functools.partial`.
    fit : {"crop", "stretch"}, default="crop"
        Cut off what does not fit the size, or give up proportions.
    grey : bool, default=False
        Whether to keep brightness alone, as one channel.
    root : str, Path or None, default=None
        Folder that the names of a list are below.
    source_rate_hz : float or None, default=None
        Frame rate of pictures and arrays, which carry none.
    classes : sequence of str or None, default=None
        All labels that are allowed.
    on_error : {"raise", "skip"}, default="raise"
        What to do with broken files. "skip" decodes every clip once to find them,
        lists them in ``clips.skipped``, and warns.
    lazy : bool, default=True
        Whether to decode only when asked; otherwise frames are kept in memory.
    n_workers : int, default=1
        How many files are decoded at a time.
    backend : {"av", "opencv"} or None, default=None
        Who decodes; None takes PyAV, or OpenCV where PyAV is not installed.
    progress : bool, default=True
        Whether to show a bar.

    Returns
    -------
    Clips
        In the order of the list, or of the names in a folder.

    Raises
    ------
    DataError
        When a file is missing, empty, broken, without video, has one frame, frames of
        changing size or, without ``rate_hz``, at a changing rate; it names file and
        frame. When all are skipped.
    MissingPackageError
        When neither PyAV nor OpenCV is installed.
    ValueError
        When labels are missing or unknown, or an option is.

    Warns
    -----
    SensorharWarning
        When files were skipped.

    Examples
    --------
    >>> ramp = np.arange(40, dtype=np.uint8)[:, None, None, None]
    >>> video = np.broadcast_to(ramp, (40, 6, 8, 3))
    >>> clips = read_clips([video, video], labels=["run", "walk"], n_frames=4, size=6,
    ...     source_rate_hz=20, rate_hz=10, sampling="dense")
    >>> clips
    <Clips 2 x 4 x 6 x 6 x 3 | 10 Hz | red green blue | run 1, walk 1>
    >>> np.rint(clips[0][:, 0, 0, 0] * 255).astype(int).tolist()
    [16, 18, 20, 22]
    """
    check_choice(on_error, "on_error", ["raise", "skip"])
    check_choice(fit, "fit", ["crop", "stretch"])
    for name, number in (("n_frames", n_frames), ("n_workers", n_workers)):
        check_positive(number, name)
    if rate_hz is not None:
        check_positive(rate_hz, "rate_hz", "Hz")
    if backend is not None:
        check_choice(backend, "backend", BACKENDS)
    wish = _Wish(
        n_frames,
        _check_size(size),
        fit,
        grey,
        rate_hz,
        source_rate_hz,
        _sampler(sampling, n_frames),
        backend,
    )
    inputs = find_inputs(sources, root)
    if groups is None and isinstance(labels, (str, Path)) and labels != "folder":
        groups = labels
    y = name_values(labels, inputs, "label")
    members = name_values(groups, inputs, "group")
    _check_labels(y, classes, inputs)
    may_skip = on_error == "skip"
    found = run_all(
        "Reading videos",
        [partial(_look, one, wish, lazy, may_skip) for one in inputs],
        n_workers=n_workers,
        progress=progress,
    )
    return _join(inputs, found, y, members, wish, n_workers)


def _look(one: Input, wish: _Wish, lazy: bool, may_skip: bool) -> _Found:
    """Scan one input and plan its clips."""
    try:
        source = open_input(one.where, one.name, wish.backend, wish.source_rate_hz)
        footage = source.scan()
        if footage.n_frames < 2:
            raise DataError(
                f"{one.name} must hold at least two frames; it holds one picture. "
                'Leave it out, or pass on_error="skip".'
            )
        grid, rate_hz = _grid(footage, one.listed, wish)
        chosen = _choose(wish, len(grid), one.name)
        steps = np.unique(np.diff(chosen, axis=1)) if wish.n_frames > 1 else [1]
        is_regular = len(steps) == 1 and steps[0] > 0
        makers: list[Maker] = [
            _Clip(one.where, one.name, footage, grid[row], wish) for row in chosen
        ]
        if may_skip or not lazy:
            held: list[Maker] = [Held(maker()) for maker in makers]
            makers = makers if lazy else held
    except DataError as error:
        if not may_skip:
            raise
        return _Found(error=error)
    return _Found(
        makers,
        tuple(footage.stamps_s[grid[row[0]]] for row in chosen),
        rate_hz / steps[0] if is_regular and rate_hz is not None else None,
        wish.size or (footage.height, footage.width),
    )


def _grid(
    footage: Footage, listed: ListedClip | None, wish: _Wish
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
    middle = (stamps[1:] + stamps[:-1]) / 2
    # A hair less, so that rounding cannot move a tie now to one frame, now to the next.
    nearest = np.searchsorted(middle, times - 1e-6 * interval)
    return stretch[nearest], wish.rate_hz


def _choose(wish: _Wish, n_available: int, name: str) -> NDArray[np.intp]:
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


def _join(
    inputs: Sequence[Input],
    found: Sequence[_Found],
    y: Sequence[str | None] | None,
    members: Sequence[str | None] | None,
    wish: _Wish,
    n_workers: int,
) -> Clips:
    """Make one Clips of what was found."""
    skipped = [
        (one.name, str(clip.error))
        for one, clip in zip(inputs, found, strict=True)
        if clip.error is not None
    ]
    good = [i for i, clip in enumerate(found) if clip.error is None]
    if not good:
        raise DataError(
            f"none of {len(inputs)} videos can be read; the first: {skipped[0][1]}"
        )
    if skipped:
        warnings.warn(
            f"{len(skipped)} of {len(inputs)} videos are skipped: "
            f"{listing(name for name, _ in skipped)}. Their reasons stand in "
            "clips.skipped.",
            SensorharWarning,
            stacklevel=3,
        )
    sizes = {found[i].size for i in good}
    if len(sizes) > 1:
        first = found[good[0]].size
        other = next(i for i in good if found[i].size != first)
        height, width = found[other].size
        raise DataError(
            f"videos must share one size when size=None; {inputs[good[0]].name} is "
            f"{first[0]} x {first[1]}, {inputs[other].name} {height} x {width}. Pass "
            "size=..."
        )
    rates = {found[i].rate_hz for i in good}
    known = [rate for rate in rates if rate is not None]
    has_one_rate = len(known) == len(rates) and max(known) < 1.001 * min(known)
    rate_hz = known[0] if has_one_rate else None
    channels = ("grey",) if wish.grey else ("red", "green", "blue")
    spec = ClipSpec(wish.n_frames, *sizes.pop(), channels, rate_hz)
    at = [i for i in good for _ in found[i].makers]
    return Clips(
        [maker for i in good for maker in found[i].makers],
        spec=spec,
        y=None if y is None else [y[i] for i in at],
        groups=None if members is None else [members[i] for i in at],
        names=[inputs[i].name for i in at],
        start_s=[start for i in good for start in found[i].start_s],
        n_workers=n_workers,
        skipped=skipped,
    )


def _check_size(size: Any) -> tuple[int, int] | None:
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


def _sampler(sampling: Any, n_frames: int) -> Sampler:
    if callable(sampling):
        given: Sampler = sampling
        return given
    check_choice(sampling, "sampling", _SAMPLERS)
    return partial(_SAMPLERS[sampling], n_frames=n_frames)


def _check_labels(
    y: Sequence[str | None] | None,
    classes: Iterable[str] | None,
    inputs: Sequence[Input],
) -> None:
    """Refuse labels that are not among the classes, and name a file."""
    if y is None or classes is None:
        return
    known = set(classes)
    for label, one in zip(y, inputs, strict=True):
        if label is not None and label not in known:
            raise ValueError(
                f"labels must be among {listing(known)}; {one.name} has {label!r}. "
                "Correct it, or add it to classes."
            )
