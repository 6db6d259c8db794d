"""Read videos as clips: any file, folder of frames or array, at one rate and size."""

import warnings
from collections.abc import Iterable, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal

from sensorhar._checks import check_choice, check_positive
from sensorhar._words import listing
from sensorhar.data.clip_spec import ClipSpec
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.video._inputs import BACKENDS, Input, check_there, find_inputs
from sensorhar.video._labels import Labelled, label_inputs
from sensorhar.video._plan import Found, as_sampler, as_size, look
from sensorhar.video._progress import run_all
from sensorhar.video._reel import Sampler, Shelf, Wish
from sensorhar.video.clips import Clips

__all__ = ["read_clips"]


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
        Folder that the names of a list are below. A file that is not where the list
        says is looked for by its name at any depth.
    source_rate_hz : float or None, default=None
        Frame rate of pictures and arrays, which carry none.
    classes : sequence of str or None, default=None
        All labels that are allowed.
    on_error : {"raise", "skip"}, default="raise"
        What to do with files that are broken or missing, or whose label is missing or
        unknown. "skip" decodes every clip once to find them, lists them in
        ``clips.skipped``, and warns.
    lazy : bool, default=True
        Whether to decode only when asked; otherwise frames are kept in memory.
    n_workers : int, default=1
        How many files are decoded at a time.
    backend : {"av", "opencv"} or None, default=None
        Who decodes; None takes PyAV, or OpenCV where PyAV is not installed, which tells
        less of what is wrong and scales frames of changing size to the first.
    progress : bool, default=True
        Whether to show a bar.

    Returns
    -------
    Clips
        In the order of the list, or of the names in a folder.

    Raises
    ------
    DataError
        When a file is missing, empty, broken, cut short, without video, has one frame,
        frames of changing size or, without ``rate_hz``, at a changing rate; it names
        file and frame. When labels are missing or unknown. When all are skipped.
    MissingPackageError
        When neither PyAV nor OpenCV is installed.
    ValueError
        When an option is unknown.

    Warns
    -----
    SensorharWarning
        When files were skipped.

    Examples
    --------
    >>> import numpy as np
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
    wish = Wish(
        n_frames,
        as_size(size),
        fit,
        grey,
        rate_hz,
        source_rate_hz,
        as_sampler(sampling, n_frames),
        backend,
    )
    inputs = find_inputs(sources, root)
    may_skip = on_error == "skip"
    if not may_skip:
        check_there(inputs)
    known = label_inputs(
        inputs,
        labels,
        groups,
        classes=classes,
        is_searched=isinstance(sources, (str, Path)) and Path(sources).is_dir(),
        may_skip=may_skip,
    )
    shelf = Shelf()
    found = run_all(
        "Reading videos",
        [
            partial(_look, one, wish, lazy, may_skip, shelf, known.problems.get(place))
            for place, one in enumerate(inputs)
        ],
        n_workers=n_workers,
        progress=progress,
    )
    return _join(inputs, found, known, wish, n_workers)


def _look(
    one: Input,
    wish: Wish,
    lazy: bool,
    may_skip: bool,
    shelf: Shelf,
    problem: str | None,
) -> Found:
    """Look at one input, unless something is wrong with its label already."""
    if problem is not None:
        return Found(error=DataError(problem))
    return look(one, wish, lazy, may_skip, shelf)


def _join(
    inputs: Sequence[Input],
    found: Sequence[Found],
    known: Labelled,
    wish: Wish,
    n_workers: int,
) -> Clips:
    """Make one Clips of what was found."""
    skipped = [
        (one.name, str(clip.error))
        for one, clip in zip(inputs, found, strict=True)
        if clip.error is not None
    ]
    skipped += known.gone.items()
    n_named = len(inputs) + len(known.gone)
    good = [i for i, clip in enumerate(found) if clip.error is None]
    if not good:
        raise DataError(
            f"none of {n_named} videos can be read; the first: {skipped[0][1]}"
        )
    if skipped:
        warnings.warn(
            f"{len(skipped)} of {n_named} videos are skipped: "
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
    rates = [found[i].rate_hz or 0.0 for i in good]
    has_one_rate = 0 < max(rates) < 1.001 * min(rates)
    rate_hz = rates[0] if has_one_rate else None
    channels = ("grey",) if wish.grey else ("red", "green", "blue")
    spec = ClipSpec(wish.n_frames, *sizes.pop(), channels, rate_hz)
    at = [i for i in good for _ in found[i].makers]
    return Clips(
        [maker for i in good for maker in found[i].makers],
        spec=spec,
        y=None if known.y is None else [known.y[i] for i in at],
        groups=None if known.groups is None else [known.groups[i] for i in at],
        names=[inputs[i].name for i in at],
        start_s=[start for i in good for start in found[i].start_s],
        n_workers=n_workers,
        skipped=skipped,
    )
