"""Clips of equal size as one array-like that decodes nothing until it must."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike

from sensorhar._checks import check_finite
from sensorhar.data.clip_spec import ClipSpec
from sensorhar.video._progress import run_all
from sensorhar.video._sequences import Held, Sequences

__all__ = ["Clips"]

#: What the last axis holds when nobody says, by its length.
_CHANNELS = {
    1: ("grey",),
    2: ("flow_x", "flow_y"),
    3: ("red", "green", "blue"),
    4: ("red", "green", "blue", "alpha"),
}


class Clips(Sequences):
    """Clips of shape (n_clips, n_frames, height, width, n_channels), with labels.

    The video sibling of :class:`sensorhar.Windows`: it has ``shape``, ``len``, slices
    and ``np.asarray``, and passes through scikit-learn's splitters. Numbers are
    float32; brightness runs from 0 to 1. Frames are decoded when they are asked for;
    :meth:`load` keeps them.

    Made by :func:`sensorhar.video.read_clips` or :meth:`Clips.from_array`.

    Attributes
    ----------
    y : object array of str of shape (n_clips,), or None
        Labels; None in it marks a clip without one.
    groups : object array of str of shape (n_clips,), or None
        Who or what must stay on one side of a split: person, or source video.
    names : object array of str of shape (n_clips,)
        The file each comes from.
    start_s : array of shape (n_clips,), in s
        Time of the first frame in its file; NaN when unknown.
    spec : ClipSpec
        Frames, size, channels and rate.
    skipped : tuple of (str, str)
        File and reason of those left out by ``on_error="skip"``.

    Examples
    --------
    >>> import numpy as np
    >>> clips = Clips.from_array(
    ...     np.zeros((4, 8, 6, 6, 3), np.uint8), y=list("abab"), rate_hz=25)
    >>> clips
    <Clips 4 x 8 x 6 x 6 x 3 | 25 Hz | red green blue | a 2, b 2>
    >>> clips[1:3].y
    array(['b', 'a'], dtype=object)
    """

    __slots__ = ()

    spec: ClipSpec

    @classmethod
    def from_array(
        cls,
        values: ArrayLike,
        *,
        y: Any = None,
        groups: Any = None,
        names: Any = None,
        start_s: ArrayLike | None = None,
        rate_hz: float | None = None,
        channels: Sequence[str] | None = None,
    ) -> Self:
        """Make clips from an array that is there already, without copying it.

        Parameters
        ----------
        values : array-like of shape (n_clips, n_frames, height, width, n_channels)
            uint8 in 0 to 255, or numbers in a scale of your own.
        y, groups : sequence of str of length n_clips, or None, default=None
            Labels and groups.
        names : sequence of str of length n_clips, or None, default=None
            Name of the file of each.
        start_s : array-like of shape (n_clips,), or None, default=None
            Start in its file in s.
        rate_hz : float or None, default=None
            Frames per second.
        channels : sequence of str or None, default=None
            Names of the last axis; None takes red, green and blue for three, grey for
            one, flow_x and flow_y for two.

        Returns
        -------
        Clips
            Views on the array.

        Raises
        ------
        ValueError
            When shapes disagree or values are NaN or infinite.
        """
        array = np.asarray(values)
        if array.ndim != 5 or not all(array.shape[1:]):
            raise ValueError(
                "values must have shape (n_clips, n_frames, height, width, n_channels)"
                f"; got shape {array.shape}. Give grey clips a last axis of length 1."
            )
        if array.dtype != np.uint8:
            if array.dtype not in (np.float32, np.float64):
                array = array.astype(np.float32)
            check_finite(array, "values", "Leave out the clips that hold them.")
        n_channels = array.shape[-1]
        if channels is None:
            made_up = tuple(f"channel_{i + 1}" for i in range(n_channels))
            channels = _CHANNELS.get(n_channels, made_up)
        if len(channels) != n_channels:
            raise ValueError(
                f"channels must name each of {n_channels}; got {tuple(channels)!r}."
            )
        n_frames, height, width = array.shape[1:4]
        spec = ClipSpec(n_frames, height, width, tuple(channels), rate_hz)
        makers = [Held(clip) for clip in array]
        return cls(makers, spec=spec, y=y, groups=groups, names=names, start_s=start_s)

    def load(self, *, progress: bool = True) -> Self:
        """Decode all frames now and keep them, as they come from their files.

        Parameters
        ----------
        progress : bool, default=True
            Whether to show a bar.

        Returns
        -------
        Clips
            The same clips, held in memory: a byte a number for coloured video.

        Raises
        ------
        DataError
            When a file cannot be decoded.
        """
        frames = run_all(
            "Decoding", self._makers, n_workers=self._n_workers, progress=progress
        )
        return self._like(makers=[Held(values) for values in frames])
