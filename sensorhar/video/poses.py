"""Poses of equal length as one array-like: the skeleton sibling of windows."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._checks import check_choice, check_finite, check_positive
from sensorhar._words import listing
from sensorhar.data.pose_spec import PoseSpec
from sensorhar.data.skeleton import Skeleton
from sensorhar.errors import DataError
from sensorhar.video._sequences import Held, Sequences
from sensorhar.video.pose_sequence import PoseSequence

__all__ = ["Poses", "make_poses"]


class Poses(Sequences):
    """Poses of shape (n, n_frames, n_joints, n_dims), with labels and groups.

    Has ``shape``, ``len``, slices and ``np.asarray`` like
    :class:`sensorhar.Windows`; numbers are float32.

    Made by :func:`sensorhar.video.make_poses` or :meth:`Poses.from_array`.

    Attributes
    ----------
    y : object array of str of shape (n,), or None
        Labels; None in it marks one without.
    groups : object array of str of shape (n,), or None
        Who moves.
    names : object array of str of shape (n,)
        The file each comes from.
    start_s : array of shape (n,), in s
        Time of the first frame in its file; NaN when unknown.
    spec : PoseSpec
        Frames, joints, bones, coordinates, unit and rate.
    skipped : tuple of (str, str)
        File and reason of those left out by ``on_error="skip"``.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar.video import Skeleton
    >>> legs = Skeleton(("hip", "left_knee", "right_knee"), ((0, 1), (0, 2)))
    >>> Poses.from_array(np.zeros((2, 8, 3, 2)), skeleton=legs, unit="px", y=["a", "b"])
    <Poses 2 x 8 x 3 x 2 | any rate | x y [px] | a 1, b 1>
    """

    __slots__ = ()

    spec: PoseSpec

    @classmethod
    def from_array(
        cls,
        values: ArrayLike,
        *,
        skeleton: Skeleton,
        unit: str = "m",
        rate_hz: float | None = None,
        y: Any = None,
        groups: Any = None,
        names: Any = None,
        start_s: ArrayLike | None = None,
    ) -> Self:
        """Make poses from an array that is there already, without copying it.

        Parameters
        ----------
        values : array-like of shape (n, n_frames, n_joints, n_dims)
            Positions.
        skeleton : Skeleton
            Names and bones of the joints.
        unit : str, default="m"
            Of the positions.
        rate_hz : float or None, default=None
            Frames per second.
        y, groups, names : sequence of str of length n, or None, default=None
            Labels, persons and files.
        start_s : array-like of shape (n,), or None, default=None
            Start in its file in s.

        Returns
        -------
        Poses
            Views on the array.

        Raises
        ------
        ValueError
            When shapes disagree or positions are NaN or infinite.
        """
        array = np.asarray(values)
        if array.ndim != 4 or array.shape[2] != skeleton.n_joints:
            raise ValueError(
                f"values must have shape (n, n_frames, {skeleton.n_joints}, 2 or 3) "
                f"for this skeleton; got shape {array.shape}."
            )
        if array.dtype not in (np.float32, np.float64):
            array = array.astype(np.float32)
        check_finite(array, "values", "make_poses fills joints that were not seen.")
        spec = PoseSpec(array.shape[1], skeleton, array.shape[3], unit, rate_hz)
        makers = [Held(pose) for pose in array]
        return cls(makers, spec=spec, y=y, groups=groups, names=names, start_s=start_s)


def make_poses(
    sequences: Sequence[PoseSequence],
    *,
    n_frames: int = 32,
    rate_hz: float | None = None,
    step_s: float | None = None,
    centre: str | None = None,
    missing: str = "raise",
) -> Poses:
    """Cut sequences of any length into poses of one length.

    Joints that are not seen for a while move in a straight line from where they were
    to where they are seen again.

    Parameters
    ----------
    sequences : sequence of PoseSequence
        Of one skeleton, unit and number of coordinates.
    n_frames : int, default=32
        Frames of an example.
    rate_hz : float or None, default=None
        Frames per second: each sequence is cut into windows, the rest at the end left
        out. None stretches or shrinks each whole sequence to one example.
    step_s : float or None, default=None
        From the start of one window to the next; None puts them side by side.
    centre : str or None, default=None
        Joint whose position in each frame is taken from that of all others.
    missing : {"raise", "zero"}, default="raise"
        What to do with joints that are never seen in a sequence.

    Returns
    -------
    Poses
        With label, group and name of the sequences, where they have them.

    Raises
    ------
    DataError
        When a joint is never seen, or a sequence is shorter than a window.
    ValueError
        When sequences differ in kind, only some have a group, or there are none.

    Examples
    --------
    >>> from sensorhar.video import Skeleton
    >>> rise = np.arange(10.0)[:, None, None] * np.ones((1, 2, 2))
    >>> one = PoseSequence(rise, np.arange(10) / 10, Skeleton(("hip", "head")), "px")
    >>> make_poses([one], n_frames=4)[0][:, 0, 0]
    array([0., 3., 6., 9.], dtype=float32)
    """
    check_choice(missing, "missing", ["raise", "zero"])
    check_positive(n_frames, "n_frames")
    if not sequences:
        raise ValueError("make_poses needs at least one sequence; got none.")
    first = sequences[0]
    for one in sequences[1:]:
        if (one.skeleton, one.unit, one.positions.shape[2]) != (
            first.skeleton,
            first.unit,
            first.positions.shape[2],
        ):
            raise ValueError(
                "sequences must share skeleton, unit and coordinates; "
                f"{first.name or 'the first'} is {first!r}, {one.name or 'one'} "
                f"{one!r}. Make poses of each kind on its own."
            )
    n_grouped = sum(one.group is not None for one in sequences)
    if 0 < n_grouped < len(sequences):
        raise ValueError(
            f"all sequences or none must have a group; got one for {n_grouped} of "
            f"{len(sequences)}."
        )
    origin = None
    if centre is not None:
        check_choice(centre, "centre", first.skeleton.joints)
        origin = first.skeleton.joints.index(centre)
    cut, starts, source = [], [], []
    for one in sequences:
        positions = _filled(one, missing)
        if origin is not None:
            positions = positions - positions[:, [origin]]
        for times in _moments(one, n_frames, rate_hz, step_s):
            cut.append(Held(_at(times, one.time_s, positions)))
            starts.append(times[0])
            source.append(one)
    n_dims = first.positions.shape[2]
    spec = PoseSpec(n_frames, first.skeleton, n_dims, first.unit, rate_hz, centre)
    labels = [one.label for one in source]
    return Poses(
        cut,
        spec=spec,
        y=labels if any(label is not None for label in labels) else None,
        groups=[one.group for one in source] if n_grouped else None,
        names=[one.name for one in source],
        start_s=starts,
    )


def _moments(
    one: PoseSequence, n_frames: int, rate_hz: float | None, step_s: float | None
) -> list[NDArray[np.float64]]:
    """Return the times of each example."""
    begin, end = one.time_s[0], one.time_s[-1]
    if rate_hz is None:
        return [np.linspace(begin, end, n_frames)]
    check_positive(rate_hz, "rate_hz", "Hz")
    step = n_frames / rate_hz if step_s is None else step_s
    check_positive(step, "step_s", "s")
    span = (n_frames - 1) / rate_hz
    slack = 0.5 / rate_hz  # the last frame lasts a while, too
    n_windows = int(np.floor((end - begin + slack - span) / step)) + 1
    if end - begin + slack < span:
        raise DataError(
            f"{one.name or 'each sequence'} must last at least {span:.4g} s for "
            f"{n_frames} frames at {rate_hz:g} Hz; it lasts {end - begin:.4g} s. Leave "
            "it out, or pass a smaller n_frames."
        )
    grid = np.arange(n_frames) / rate_hz
    return [np.minimum(begin + k * step + grid, end) for k in range(n_windows)]


def _at(
    times: NDArray[np.float64],
    time_s: NDArray[np.float64],
    positions: NDArray[np.float64],
) -> NDArray[np.float32]:
    """Interpolate all coordinates linearly."""
    after = np.clip(np.searchsorted(time_s, times), 1, max(len(time_s) - 1, 1))
    if len(time_s) == 1:
        return np.repeat(positions, len(times), axis=0).astype(np.float32)
    share = (times - time_s[after - 1]) / (time_s[after] - time_s[after - 1])
    share = np.clip(share, 0, 1)[:, None, None]
    mixed = positions[after - 1] * (1 - share) + positions[after] * share
    return mixed.astype(np.float32)


def _filled(one: PoseSequence, missing: str) -> NDArray[np.float64]:
    """Return positions without NaN."""
    positions = one.positions
    if not np.isnan(positions).any():
        return positions
    positions = positions.copy()
    is_seen: NDArray[np.bool_] = np.isfinite(positions.sum(axis=2))
    never = [
        name
        for name, seen in zip(one.skeleton.joints, is_seen.T, strict=True)
        if not seen.any()
    ]
    if never and missing == "raise":
        raise DataError(
            f"joints must be seen at least once in a sequence; "
            f"{one.name or 'one sequence'} lacks {listing(never)}. Leave it out, or "
            'pass missing="zero".'
        )
    for joint, seen in enumerate(is_seen.T):
        for dim in range(positions.shape[2]):
            line = positions[:, joint, dim]
            known = line[seen]
            line[:] = (
                np.interp(one.time_s, one.time_s[seen], known) if seen.any() else 0
            )
    return positions
