"""Which frames make a clip: the published formulas, for any rank.

Every function takes the number of frames that there are and returns an array of frame
numbers of shape (n_clips, n_frames), counted from 0. Since time is axis 1 everywhere,
the same numbers choose samples of sensors, frames of poses and frames of clips::

    frames      0 1 2 3 4 5 6 7 8 9 10 11
    dense       . . . . # # # # . . .  .      neighbours, here from the middle
    segments    . # . . # . . # . . #  .      the middle of each of four parts
    windows     [ 0 1 2 3 ][ 4 5 6 7 ] ...    everything, part after part
"""

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive

__all__ = [
    "dense_indices",
    "segment_indices",
    "spread_indices",
    "strided_indices",
    "uniform_indices",
    "view_crops",
    "view_indices",
    "window_indices",
]

Indices = NDArray[np.intp]


def dense_indices(
    n_available: int,
    *,
    n_frames: int,
    interval: int = 1,
    n_clips: int = 1,
    rng: np.random.Generator | None = None,
    beyond: str = "loop",
) -> Indices:
    """Choose clips of neighbouring frames, spread over the video.

    With c frames, interval s, K clips and n available, as MMAction2's SampleFrames:

    - training (``rng`` given): ``offset[k] = k * a + randint(a)`` with
      ``a = (n - c s + 1) // K``; when a is 0 and n > max(K, c s), K sorted random
      starts; when a is 0 otherwise, ``round(k (n - c s + 1) / K)``; else 0;
    - test, c > 1: ``round(k max(n - (c - 1) s - 1, 0) / (K - 1))``, for one clip the
      middle, ``max(n - (c - 1) s - 1, 0) // 2``;
    - test, c = 1: the middle of each of K equal parts.

    Parameters
    ----------
    n_available : int
        Frames that there are.
    n_frames : int
        Frames of a clip.
    interval : int, default=1
        From one frame of a clip to the next.
    n_clips : int, default=1
        How many clips.
    rng : numpy.random.Generator or None, default=None
        Source of chance, for training. None gives the clips for testing.
    beyond : {"loop", "repeat"}, default="loop"
        Frames past the end start again from the first, or repeat the last.

    Returns
    -------
    array of int of shape (n_clips, n_frames)
        Frame numbers from 0.

    Raises
    ------
    ValueError
        When a number is not positive or ``beyond`` is unknown.

    References
    ----------
    MMAction2 0.24.1, mmaction/datasets/pipelines/loading.py, SampleFrames.

    Examples
    --------
    >>> dense_indices(12, n_frames=4)
    array([[4, 5, 6, 7]])
    """
    _check(n_available=n_available, n_frames=n_frames, interval=interval)
    _check(n_clips=n_clips)
    check_choice(beyond, "beyond", ["loop", "repeat"])
    if rng is not None:
        offsets = _random_offsets(n_available, n_frames * interval, n_clips, rng)
    elif n_frames == 1:
        part = n_available / n_clips
        offsets = (np.arange(n_clips) * part + part / 2).astype(np.intp)
    else:
        last = max(n_available - (n_frames - 1) * interval - 1, 0)
        if n_clips == 1:
            offsets = np.array([last // 2])
        else:
            offsets = np.round(np.arange(n_clips) * last / (n_clips - 1))
    indices: Indices = offsets.astype(np.intp)[:, None]
    indices = indices + np.arange(n_frames) * interval
    if beyond == "loop":
        return indices % n_available
    return np.minimum(indices, n_available - 1)


def segment_indices(
    n_available: int, *, n_frames: int, rng: np.random.Generator | None = None
) -> Indices:
    """Choose one frame from each of equal segments (TSN).

    With n available and K frames: in training ``k (n // K) + randint(n // K)``; in
    testing the middle of each, ``int(n / (2 K) + n k / K)``. Videos of fewer than K
    frames give frame 0 in training, and repeat frames in testing.

    Parameters
    ----------
    n_available : int
        Frames that there are.
    n_frames : int
        How many segments, a frame of each.
    rng : numpy.random.Generator or None, default=None
        Source of chance, for training. None takes the middle of each segment.

    Returns
    -------
    array of int of shape (1, n_frames)
        Frame numbers from 0.

    Raises
    ------
    ValueError
        When a number is not positive.

    References
    ----------
    L. Wang et al., Temporal Segment Networks, ECCV 2016.

    Examples
    --------
    >>> segment_indices(12, n_frames=4)
    array([[ 1,  4,  7, 10]])
    """
    _check(n_available=n_available, n_frames=n_frames)
    if rng is None:
        tick = n_available / n_frames
        return (tick / 2 + tick * np.arange(n_frames)).astype(np.intp)[None]
    part = n_available // n_frames
    if part:
        chosen = np.arange(n_frames) * part + rng.integers(part, size=n_frames)
        return chosen.astype(np.intp)[None]
    return np.zeros((1, n_frames), dtype=np.intp)


def uniform_indices(
    n_available: int,
    *,
    n_frames: int,
    n_clips: int = 1,
    rng: np.random.Generator | None = None,
) -> Indices:
    """Choose frames one from each of equal parts of the first n - 1 frames.

    Part i runs from ``round(i (n - 1) / c)`` to ``round((i + 1) (n - 1) / c)``. In
    training a random frame of it, its end included; in testing clip k of K takes
    ``start + int((n - 1) / c / (K + 1) (k + 1))``.

    Parameters
    ----------
    n_available : int
        Frames that there are.
    n_frames : int
        Frames of a clip, and parts.
    n_clips : int, default=1
        How many clips.
    rng : numpy.random.Generator or None, default=None
        Source of chance, for training. None gives the clips for testing.

    Returns
    -------
    array of int of shape (n_clips, n_frames)
        Frame numbers from 0.

    Raises
    ------
    ValueError
        When a number is not positive.

    References
    ----------
    MMAction2 1.x, mmaction/datasets/transforms/loading.py, UniformSample.

    Examples
    --------
    >>> uniform_indices(13, n_frames=4)
    array([[ 1,  4,  7, 10]])
    """
    _check(n_available=n_available, n_frames=n_frames, n_clips=n_clips)
    part = (n_available - 1) / n_frames
    edge = np.round(part * np.arange(n_frames + 1)).astype(np.intp)
    if rng is not None:
        return rng.integers(edge[:-1], edge[1:] + 1, size=(n_clips, n_frames))
    shift = (part / (n_clips + 1) * np.arange(1, n_clips + 1)).astype(np.intp)
    return edge[:-1] + shift[:, None]


def strided_indices(
    n_available: int,
    *,
    n_frames: int,
    window: int = 64,
    n_clips: int = 10,
    rng: np.random.Generator | None = None,
) -> Indices:
    """Choose frames at a fixed stride within windows (the dense sampling of TSM).

    The stride is ``window // n_frames``; testing starts K windows at
    ``linspace(0, n - window, K)``, cut to whole numbers; training starts each at random
    before ``n - window``. What runs over the end goes on at the start.

    Parameters
    ----------
    n_available : int
        Frames that there are.
    n_frames : int
        Frames of a clip.
    window : int, default=64
        Frames that a clip spans.
    n_clips : int, default=10
        How many clips.
    rng : numpy.random.Generator or None, default=None
        Source of chance, for training. None gives the clips for testing.

    Returns
    -------
    array of int of shape (n_clips, n_frames)
        Frame numbers from 0.

    Raises
    ------
    ValueError
        When a number is not positive, or a window shorter than a clip.

    References
    ----------
    J. Lin, C. Gan and S. Han, TSM: Temporal Shift Module for Efficient Video
    Understanding, ICCV 2019, and its published code.

    Examples
    --------
    >>> strided_indices(100, n_frames=4, n_clips=2)
    array([[ 0, 16, 32, 48],
           [36, 52, 68, 84]])
    """
    _check(n_available=n_available, n_frames=n_frames, window=window, n_clips=n_clips)
    if window < n_frames:
        raise ValueError(
            f"window must span at least the {n_frames} frames of a clip; got {window}."
        )
    last = max(n_available - window, 0)
    if rng is None:
        starts = np.linspace(0, last, n_clips).astype(np.intp)
    else:
        starts = rng.integers(max(last, 1), size=n_clips)
    steps = np.arange(n_frames) * (window // n_frames)
    return (starts[:, None] + steps) % n_available


def view_indices(
    n_available: int, *, n_frames: int, interval: int = 1, n_views: int = 10
) -> Indices:
    """Choose the temporal views of multi-view testing (SlowFast).

    A view spans ``c s`` frames and view k of K starts at
    ``max(n - c s, 0) k / K``; its frames are ``linspace(start, start + c s - 1, c)``,
    kept within the video and cut to whole numbers.

    Parameters
    ----------
    n_available : int
        Frames that there are.
    n_frames : int
        Frames of a view.
    interval : int, default=1
        Frames that each of them stands for.
    n_views : int, default=10
        How many views.

    Returns
    -------
    array of int of shape (n_views, n_frames)
        Frame numbers from 0.

    Raises
    ------
    ValueError
        When a number is not positive.

    References
    ----------
    PySlowFast, slowfast/datasets/decoder.py.

    Examples
    --------
    >>> view_indices(20, n_frames=4, interval=2, n_views=3)
    array([[ 0,  2,  4,  7],
           [ 4,  6,  8, 11],
           [ 8, 10, 12, 15]])
    """
    _check(n_available=n_available, n_frames=n_frames, interval=interval)
    _check(n_views=n_views)
    span = n_frames * interval
    starts = max(n_available - span, 0) * np.arange(n_views) / n_views
    views = np.linspace(starts, starts + span - 1, n_frames, axis=1)
    return np.clip(views, 0, n_available - 1).astype(np.intp)


def view_crops(height: int, width: int, size: int) -> Indices:
    """Return the three spatial views of multi-view testing (SlowFast).

    Squares at the start, the centre and the end of the longer side, centred on the
    shorter, with odd rests rounded up.

    Parameters
    ----------
    height, width : int
        Of the frame in px.
    size : int
        Of the square in px.

    Returns
    -------
    array of int of shape (3, 2)
        Row and column of the upper left corner of each.

    Raises
    ------
    ValueError
        When the square does not fit.

    References
    ----------
    PySlowFast, slowfast/datasets/transform.py, uniform crop.

    Examples
    --------
    >>> view_crops(256, 340, 256)
    array([[ 0,  0],
           [ 0, 42],
           [ 0, 84]])
    """
    _check(height=height, width=width, size=size)
    if size > min(height, width):
        raise ValueError(
            f"size must fit in frames of {height} x {width}; got {size}. Scale the "
            "shorter side to it first."
        )
    middle = [-(-(side - size) // 2) for side in (height, width)]
    longer = 0 if height > width else 1
    crops = np.array([middle, middle, middle])
    crops[0, longer] = 0
    crops[2, longer] = (height, width)[longer] - size
    return crops


def window_indices(
    n_available: int,
    *,
    n_frames: int,
    interval: int = 1,
    step: int | None = None,
    rest: str = "drop",
) -> Indices:
    """Cut all clips of a video, as windows are cut from a recording.

    Parameters
    ----------
    n_available : int
        Frames that there are.
    n_frames : int
        Frames of a clip.
    interval : int, default=1
        From one frame of a clip to the next.
    step : int or None, default=None
        From the start of one clip to the next; None puts them side by side.
    rest : {"drop", "back"}, default="drop"
        What to do with frames left over at the end: leave them, or add a clip that
        ends with the last frame.

    Returns
    -------
    array of int of shape (n_clips, n_frames)
        Frame numbers from 0; no rows when the video is shorter than a clip.

    Raises
    ------
    ValueError
        When a number is not positive or ``rest`` is unknown.

    Examples
    --------
    >>> window_indices(10, n_frames=4, rest="back")
    array([[0, 1, 2, 3],
           [4, 5, 6, 7],
           [6, 7, 8, 9]])
    """
    _check(n_available=n_available, n_frames=n_frames, interval=interval)
    check_choice(rest, "rest", ["drop", "back"])
    span = (n_frames - 1) * interval + 1
    step = n_frames * interval if step is None else step
    _check(step=step)
    starts = list(range(0, n_available - span + 1, step))
    if rest == "back" and starts and starts[-1] + span < n_available:
        starts.append(n_available - span)
    frames = np.arange(n_frames, dtype=np.intp) * interval
    return np.array(starts, dtype=np.intp)[:, None] + frames


def spread_indices(n_available: int, *, n_frames: int) -> Indices:
    """Choose frames from the first to the last at equal distances.

    Parameters
    ----------
    n_available : int
        Frames that there are.
    n_frames : int
        Frames of the clip.

    Returns
    -------
    array of int of shape (1, n_frames)
        ``round(linspace(0, n - 1, c))``; frames repeat when there are too few.

    Raises
    ------
    ValueError
        When a number is not positive.

    Examples
    --------
    >>> spread_indices(9, n_frames=5)
    array([[0, 2, 4, 6, 8]])
    """
    _check(n_available=n_available, n_frames=n_frames)
    return np.round(np.linspace(0, n_available - 1, n_frames)).astype(np.intp)[None]


def _random_offsets(
    n_available: int, span: int, n_clips: int, rng: np.random.Generator
) -> NDArray[np.generic]:
    average = (n_available - span + 1) // n_clips
    order = np.arange(n_clips)
    if average > 0:
        return order * average + rng.integers(average, size=n_clips)
    if n_available > max(n_clips, span):
        return np.sort(rng.integers(n_available - span + 1, size=n_clips))
    if average == 0:
        return np.round(order * (n_available - span + 1) / n_clips)
    return np.zeros(n_clips)


def _check(**numbers: int) -> None:
    for name, number in numbers.items():
        is_whole = isinstance(number, (int, np.integer))
        if not is_whole:
            raise ValueError(f"{name} must be a whole number; got {number!r}.")
        check_positive(number, name)
