"""Slide clips over an untrimmed video, so that what happens when can be told."""

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive
from sensorhar.data.clip_spec import ClipSpec
from sensorhar.errors import DataError
from sensorhar.video._footage import Footage
from sensorhar.video._inputs import BACKENDS, Input
from sensorhar.video._plan import nearest, scan
from sensorhar.video._reel import Cut, Reel, Shelf, Wish
from sensorhar.video.clips import Clips
from sensorhar.video.sampling import segment_indices

__all__ = ["Slide", "slide", "slide_clips"]

_COLOURS = (("red", "green", "blue"), ("grey",))


@dataclass(frozen=True)
class Slide:
    """Clips of one video and where they stand in it."""

    clips: Clips
    length_s: float
    duration_s: float


def slide_clips(
    source: Any,
    *,
    spec: ClipSpec,
    step_s: float | None = None,
    length_s: float | None = None,
    fit: Literal["crop", "stretch"] = "crop",
    source_rate_hz: float | None = None,
    backend: Literal["av", "opencv"] | None = None,
) -> Clips:
    """Cut a whole video into clips like those a classifier was fitted on.

    Frames are decoded when the clips are asked for, and in their order the file is
    decoded once, however much they overlap::

        video    |----------------------------------|
        clips    [-- 0 --]
                     [-- 1 --]                          one every step_s
                                 ...     [-- n --]      the last ends with the video

    Parameters
    ----------
    source : str, Path or array of shape (n_frames, height, width, 3), uint8
        A video, a folder of pictures, or frames.
    spec : ClipSpec
        Of the classifier, ``clf.spec_``.
    step_s : float or None, default=None
        From the start of one clip to the next; None puts them side by side.
    length_s : float or None, default=None
        Duration of a clip, where the spec has no rate since training spread clips over
        files of any length. None then makes one clip of the whole video.
    fit : {"crop", "stretch"}, default="crop"
        As in training, see :func:`~sensorhar.video.read_clips`.
    source_rate_hz : float or None, default=None
        Frame rate of pictures and arrays, which carry none.
    backend : {"av", "opencv"} or None, default=None
        Who decodes.

    Returns
    -------
    Clips
        Without labels, in the order of their ``start_s``.

    Raises
    ------
    DataError
        When the video is broken, has no stamps, or is shorter than a clip.
    ValueError
        When the spec is not of coloured or grey video, or an option is wrong.

    Examples
    --------
    >>> video = np.zeros((100, 6, 8, 3), np.uint8)
    >>> spec = ClipSpec(8, 6, 6, rate_hz=10)
    >>> clips = slide_clips(video, spec=spec, step_s=0.5, source_rate_hz=25)
    >>> len(clips), clips.start_s[-1].item()
    (8, 3.2)
    """
    return slide(
        source,
        spec=spec,
        step_s=step_s,
        length_s=length_s,
        fit=fit,
        source_rate_hz=source_rate_hz,
        backend=backend,
    ).clips


def slide(
    source: Any,
    *,
    spec: ClipSpec,
    step_s: float | None,
    length_s: float | None,
    fit: str,
    source_rate_hz: float | None,
    backend: str | None,
) -> Slide:
    """Return the clips of :func:`slide_clips` with their duration and the video's."""
    check_choice(fit, "fit", ["crop", "stretch"])
    if backend is not None:
        check_choice(backend, "backend", BACKENDS)
    for name, value in (("step_s", step_s), ("length_s", length_s)):
        if value is not None:
            check_positive(value, name, "s")
    if spec.channels not in _COLOURS:
        raise ValueError(
            "spec must be of red, green and blue, or of grey, to be decoded from "
            f"video; got {', '.join(spec.channels)}. Make these clips yourself, with "
            "window_indices and Clips.from_array."
        )
    if spec.rate_hz is not None and length_s is not None:
        raise ValueError(
            f"length_s must be left out: clips of {spec!r} last {spec.length_s:g} s; "
            f"got {length_s:g}."
        )
    size = spec.height, spec.width
    grey = spec.channels == ("grey",)
    sampler = partial(segment_indices, n_frames=spec.n_frames)
    wish = Wish(spec.n_frames, size, fit, grey, None, source_rate_hz, sampler, backend)
    if isinstance(source, (str, Path)):
        one = Input(Path(source), Path(source).name)
    else:
        one = Input(source, "array")
    footage = scan(one, wish)
    if footage.rate_hz is None:
        raise DataError(
            f"{one.name} has no time stamps, without which nobody knows when something "
            "happens. Pass source_rate_hz=..., the rate of its frames."
        )
    duration_s = footage.duration_s
    lasts_s = spec.length_s if spec.rate_hz is not None else length_s or duration_s
    starts = _starts(footage, lasts_s, step_s or lasts_s, spec)
    moments = np.arange(spec.n_frames) * (lasts_s / spec.n_frames)
    if spec.rate_hz is None:
        moments += lasts_s / spec.n_frames / 2  # the middle of each part
    frames = nearest(footage.stamps_s, starts[:, None] + moments)
    reel = Reel(one, footage, wish, np.unique(frames), Shelf())
    clips = Clips(
        [Cut(reel, row) for row in frames],
        spec=spec,
        names=[one.name] * len(starts),
        start_s=starts,
    )
    return Slide(clips, lasts_s, duration_s)


def _starts(
    footage: Footage, length_s: float, step_s: float, spec: ClipSpec
) -> NDArray[np.float64]:
    """Return where clips start; the last ends with the video."""
    slack = 0.5 * length_s / spec.n_frames  # half a frame more or less is no other clip
    room = footage.duration_s - length_s
    if room < -slack:
        raise DataError(
            f"{footage.name} must last at least {length_s:.4g} s, as a clip of "
            f"{spec.n_frames} frames does; it lasts {footage.duration_s:.4g} s. Leave "
            "it out."
        )
    room = max(room, 0.0)
    n_steps = int(room / step_s + 1e-9)
    starts: NDArray[np.float64] = np.arange(n_steps + 1, dtype=np.float64) * step_s
    if room - starts[-1] > slack:
        starts = np.append(starts, room)
    return starts
