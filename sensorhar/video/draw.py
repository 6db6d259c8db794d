"""Poses drawn as clips: limbs as strokes, the way a silhouette camera sees them."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_positive
from sensorhar.data.clip_spec import ClipSpec
from sensorhar.video._sequences import Held
from sensorhar.video.clips import Clips
from sensorhar.video.pose_sequence import PoseSequence
from sensorhar.video.sampling import segment_indices

__all__ = ["draw_clips"]


def draw_clips(
    sequences: Sequence[PoseSequence],
    *,
    n_frames: int = 16,
    size: int = 64,
    thickness: float = 0.06,
    noise: float = 0.02,
    random_state: int | None = 0,
) -> Clips:
    """Draw sequences of poses as grey clips.

    Bones become strokes with round ends, seen along z; the picture holds the sequence
    with a margin. Frames are spread over the whole sequence.

    Parameters
    ----------
    sequences : sequence of PoseSequence
        With bones in their skeletons; joints that were not seen leave a gap.
    n_frames : int, default=16
        Frames of a clip.
    size : int, default=64
        Rows and columns of a frame in px.
    thickness : float, default=0.06
        Thickness of a limb over the height of the picture.
    noise : float, default=0.02
        Standard deviation of the brightness, which runs from 0 to 1.
    random_state : int or None, default=0
        Seed of the noise.

    Returns
    -------
    Clips
        Of shape (n_sequences, n_frames, size, size, 1), uint8 in memory, with labels,
        groups and names of the sequences.

    Raises
    ------
    ValueError
        When there is no sequence, or a number is not above 0.

    Examples
    --------
    >>> from sensorhar.video import simulate_pose_sequences
    >>> draw_clips(simulate_pose_sequences(1, n_repeats=1, exercises=["waving"]))
    <Clips 1 x 16 x 64 x 64 x 1 | any rate | grey | waving 1 | 1 group>
    """
    if not sequences:
        raise ValueError("draw_clips needs at least one sequence of poses; got none.")
    check_positive(n_frames, "n_frames", "frames")
    check_positive(size, "size", "px")
    check_positive(thickness, "thickness")
    rng = np.random.default_rng(random_state)
    makers = []
    for sequence in sequences:
        chosen = segment_indices(len(sequence.time_s), n_frames=n_frames)[0]
        frames = _draw(sequence, chosen, size, thickness)
        frames += rng.normal(0, noise, frames.shape)
        pixels = np.round(255 * np.clip(frames, 0, 1)).astype(np.uint8)
        makers.append(Held(pixels[..., None]))
    labels = [sequence.label for sequence in sequences]
    groups = [sequence.group for sequence in sequences]
    return Clips(
        makers,
        spec=ClipSpec(n_frames, size, size, ("grey",)),
        y=None if all(label is None for label in labels) else labels,
        groups=None if any(group is None for group in groups) else groups,
        names=[sequence.name for sequence in sequences],
    )


def _draw(
    sequence: PoseSequence, chosen: NDArray[np.intp], size: int, thickness: float
) -> NDArray[np.float64]:
    """Return frames of shape (n_frames, size, size): how much of a pixel is covered."""
    flat = sequence.positions[..., :2]
    low, high = np.nanmin(flat, axis=(0, 1)), np.nanmax(flat, axis=(0, 1))
    extent = 1.15 * max(high - low)
    # rows count downwards; in a picture's own pixels y does too
    points = (flat[chosen] - (low + high) / 2) / extent
    if sequence.unit != "px":
        points[..., 1] *= -1
    points += 0.5
    starts, stops = (
        points[:, [edge[end] for edge in sequence.skeleton.edges]] for end in (0, 1)
    )
    axis = (np.arange(size) + 0.5) / size
    x, y = axis[None, None, :], axis[None, :, None]
    nearest = np.full((len(chosen), size, size), np.inf)
    for start, stop in zip(starts.swapaxes(0, 1), stops.swapaxes(0, 1), strict=True):
        distance = _to_stroke(x, y, start[:, :, None, None], stop[:, :, None, None])
        np.fmin(nearest, distance, out=nearest)
    covered: NDArray[np.float64] = (thickness / 2 - np.sqrt(nearest)) * size + 0.5
    return np.clip(covered, 0, 1)


def _to_stroke(
    x: NDArray[np.float64],
    y: NDArray[np.float64],
    start: NDArray[np.float64],
    stop: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return the squared distance of each pixel to a stroke in each frame."""
    along_x, along_y = (stop - start).swapaxes(0, 1)
    left, above = x - start[:, 0], y - start[:, 1]
    squared = np.maximum(along_x**2 + along_y**2, 1e-12)
    share = np.clip((left * along_x + above * along_y) / squared, 0, 1)
    distance: NDArray[np.float64] = (left - share * along_x) ** 2 + (
        above - share * along_y
    ) ** 2
    return distance
