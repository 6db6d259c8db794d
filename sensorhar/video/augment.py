"""Change clips and poses as the camera might have: mirror, shift, crop, colour.

What is random takes a batch and a generator, as ``augment=`` of the networks does, and
changes all frames of a clip alike. Mirroring may change what is done: ``swipe_left``
becomes ``swipe_right``. It therefore works on whole :class:`Clips` and :class:`Poses`,
whose labels it changes too.
"""

import re
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._checks import check_positive
from sensorhar.data.skeleton import Skeleton
from sensorhar.video._sequences import Maker
from sensorhar.video.clips import Clips
from sensorhar.video.poses import Poses

__all__ = [
    "flip_frames",
    "flip_joints",
    "mirror",
    "mirror_label",
    "random_colour",
    "random_crop",
    "random_shift",
]

Batch = NDArray[np.float32]
Kind = TypeVar("Kind", Clips, Poses)

#: Share of red, green and blue in brightness (ITU-R BT.601).
LUMA = np.array([0.299, 0.587, 0.114], dtype=np.float32)

_SIDES = {"left": "right", "right": "left"}


def mirror(examples: Kind, *, width_px: float | None = None) -> Kind:
    """Return clips or poses as a mirror shows them, with labels that are true of them.

    Parameters
    ----------
    examples : Clips or Poses
        Decoded only when asked for, as before.
    width_px : float or None, default=None
        Width of the picture, for poses in px; None mirrors them about x = 0.

    Returns
    -------
    Clips or Poses
        Of the same kind; join both with ``concat``.

    Raises
    ------
    ValueError
        When a width is given for clips.

    Examples
    --------
    >>> clips = Clips.from_array(np.zeros((2, 4, 6, 6, 3)), y=["swipe_left", "wave"])
    >>> mirror(clips).y
    array(['swipe_right', 'wave'], dtype=object)
    """
    y = examples.y
    labels = None if y is None else [v if v is None else mirror_label(v) for v in y]
    if isinstance(examples, Poses):
        skeleton = examples.spec.skeleton
        makers: list[Any] = [
            _FlippedPose(maker, skeleton, width_px) for maker in examples._makers
        ]
    else:
        if width_px is not None:
            raise ValueError("width_px is for poses; clips know their width.")
        channels = examples.spec.channels
        makers = [_FlippedClip(maker, channels) for maker in examples._makers]
    return examples._like(makers=makers, y=labels)


def mirror_label(label: str) -> str:
    """Return a label with left and right exchanged.

    Parameters
    ----------
    label : str
        Whole words are changed, between blanks, underscores or capitals.

    Returns
    -------
    str
        With the same capitals.

    Examples
    --------
    >>> mirror_label("Pushing something from left to right")
    'Pushing something from right to left'
    >>> mirror_label("swipe_left"), mirror_label("copyright")
    ('swipe_right', 'copyright')
    """

    def swap(match: re.Match[str]) -> str:
        word = match[0]
        other = _SIDES[word.lower()]
        if word.isupper():
            return other.upper()
        return other.capitalize() if word[0].isupper() else other

    small = r"(?<![A-Za-z])(?:left|right|LEFT|RIGHT)(?![a-z])"
    return re.sub(small + r"|(?<![A-Z])(?:Left|Right)(?![a-z])", swap, label)


def flip_frames(values: ArrayLike, *, channels: tuple[str, ...] = ()) -> NDArray[Any]:
    """Mirror frames, left for right; flow along x changes its sign, too.

    Parameters
    ----------
    values : array of shape (..., height, width, n_channels)
        Frames, clips or batches of them.
    channels : tuple of str, default=()
        Names of the last axis; those that begin with ``flow_x`` change sign.

    Returns
    -------
    array of the same shape
        A view, unless there is flow.

    Examples
    --------
    >>> flip_frames(np.arange(3).reshape(1, 1, 3, 1))[0, 0, :, 0]
    array([2, 1, 0])
    """
    flipped = np.asarray(values)[..., ::-1, :]
    sideways = [i for i, name in enumerate(channels) if name.startswith("flow_x")]
    if not sideways:
        return flipped
    flipped = flipped.copy()
    if flipped.dtype == np.uint8:  # flow kept in bytes has its zero in the middle
        flipped[..., sideways] = 255 - flipped[..., sideways]
    else:
        flipped[..., sideways] *= -1
    return flipped


def flip_joints(
    values: ArrayLike, skeleton: Skeleton, *, width_px: float | None = None
) -> NDArray[Any]:
    """Mirror poses: x changes its sign, and left and right joints change places.

    Parameters
    ----------
    values : array of shape (..., n_joints, n_dims)
        x is the first coordinate.
    skeleton : Skeleton
        Names tell the sides.
    width_px : float or None, default=None
        Width of the picture, where x runs from 0 to ``width_px - 1``.

    Returns
    -------
    array of the same shape
        A copy.

    Examples
    --------
    >>> hands = Skeleton(("left_hand", "right_hand"))
    >>> flip_joints([[-1.0, 0.0], [3.0, 0.5]], hands)
    array([[-3. ,  0.5],
           [ 1. ,  0. ]])
    """
    array = np.asarray(values)
    flipped = array[..., list(skeleton.mirrored), :]
    origin = 0 if width_px is None else width_px - 1
    flipped[..., 0] = origin - flipped[..., 0]
    return flipped


def random_crop(
    values: ArrayLike, rng: np.random.Generator, *, size: int | tuple[int, int]
) -> NDArray[Any]:
    """Cut a random part out of each clip, the same from all its frames.

    Parameters
    ----------
    values : array of shape (n_clips, n_frames, height, width, n_channels)
        The clips.
    rng : numpy.random.Generator
        Source of chance.
    size : int or (int, int)
        Side, or height and width, of the part in px.

    Returns
    -------
    array of shape (n_clips, n_frames, height, width, n_channels)
        A copy.

    Raises
    ------
    ValueError
        When the part does not fit.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> random_crop(np.zeros((2, 4, 8, 8, 3)), rng, size=6).shape
    (2, 4, 6, 6, 3)
    """
    array = _batch(values)
    height, width = (size, size) if isinstance(size, int) else size
    rows, columns = array.shape[2:4]
    if not 0 < height <= rows or not 0 < width <= columns:
        raise ValueError(
            f"size must fit in frames of {rows} x {columns}; got {height} x {width}."
        )
    top = rng.integers(rows - height + 1, size=len(array))
    left = rng.integers(columns - width + 1, size=len(array))
    out = np.empty((*array.shape[:2], height, width, array.shape[4]), array.dtype)
    for i, clip in enumerate(array):
        out[i] = clip[:, top[i] : top[i] + height, left[i] : left[i] + width]
    return out


def random_shift(
    values: ArrayLike, rng: np.random.Generator, *, max_px: int = 8
) -> NDArray[Any]:
    """Shift each clip by up to some px; its border is repeated, its shape kept.

    Parameters
    ----------
    values : array of shape (n_clips, n_frames, height, width, n_channels)
        The clips.
    rng : numpy.random.Generator
        Source of chance.
    max_px : int, default=8
        Largest shift, up, down and to both sides.

    Returns
    -------
    array of the same shape
        A copy.

    Raises
    ------
    ValueError
        When the shift is not above 0.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> random_shift(np.zeros((2, 4, 8, 8, 3)), rng, max_px=2).shape
    (2, 4, 8, 8, 3)
    """
    check_positive(max_px, "max_px", "px")
    array = _batch(values)
    edges = ((0, 0), (0, 0), (max_px, max_px), (max_px, max_px), (0, 0))
    padded = np.pad(array, edges, mode="edge")
    return random_crop(padded, rng, size=(array.shape[2], array.shape[3]))


def random_colour(
    values: ArrayLike,
    rng: np.random.Generator,
    *,
    brightness: float = 0.2,
    contrast: float = 0.2,
    saturation: float = 0.2,
) -> Batch:
    """Change light and colour of each clip, all its frames alike.

    Each strength s draws a factor from 1 - s to 1 + s: of the numbers, of their
    distance from the mean brightness of the clip, and of their distance from grey, in
    this order. Results are kept within 0 and 1.

    Parameters
    ----------
    values : array of shape (n_clips, n_frames, height, width, n_channels)
        Numbers from 0 to 1. Saturation changes clips of three channels only.
    rng : numpy.random.Generator
        Source of chance.
    brightness, contrast, saturation : float, default=0.2
        Strengths in [0, 1].

    Returns
    -------
    array of the same shape, float32
        A copy.

    Raises
    ------
    ValueError
        When a strength or the numbers are out of range.

    Examples
    --------
    >>> rng = np.random.default_rng(0)
    >>> half = np.full((1, 2, 4, 4, 3), 0.5)
    >>> bool(random_colour(half, rng).std() < 1e-6)
    True
    """
    strengths = {
        "brightness": brightness,
        "contrast": contrast,
        "saturation": saturation,
    }
    for name, strength in strengths.items():
        if not 0 <= strength <= 1:
            raise ValueError(f"{name} must lie in [0, 1]; got {strength!r}.")
    clips = _batch(values).astype(np.float32)
    if clips.size and not (clips.min() >= 0 and clips.max() <= 1):
        raise ValueError(
            f"values must lie in [0, 1]; got {clips.min():g} to {clips.max():g}. "
            "Divide bytes by 255."
        )
    factor = {
        name: rng.uniform(1 - strength, 1 + strength, (len(clips), 1, 1, 1, 1)).astype(
            np.float32
        )
        for name, strength in strengths.items()
    }
    out = clips * factor["brightness"]
    is_coloured = out.shape[-1] == 3
    grey = (out @ LUMA)[..., None] if is_coloured else out
    mean = grey.mean(axis=(1, 2, 3, 4), keepdims=True)
    out = mean + (out - mean) * factor["contrast"]
    if is_coloured:
        grey = (out @ LUMA)[..., None]
        out = grey + (out - grey) * factor["saturation"]
    kept: Batch = np.clip(out, 0, 1)
    return kept


@dataclass(frozen=True, eq=False)
class _FlippedClip:
    maker: Maker
    channels: tuple[str, ...]

    def __call__(self) -> NDArray[Any]:
        return flip_frames(self.maker(), channels=self.channels)


@dataclass(frozen=True, eq=False)
class _FlippedPose:
    maker: Maker
    skeleton: Skeleton
    width_px: float | None

    def __call__(self) -> NDArray[Any]:
        return flip_joints(self.maker(), self.skeleton, width_px=self.width_px)


def _batch(values: ArrayLike) -> NDArray[Any]:
    array = np.asarray(values)
    if array.ndim != 5:
        raise ValueError(
            "values must have shape (n_clips, n_frames, height, width, n_channels); "
            f"got {array.shape}."
        )
    return array
