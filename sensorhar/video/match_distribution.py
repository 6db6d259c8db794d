"""Give virtual readings the distribution of real ones."""

from collections.abc import Callable, Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar._words import listing
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.signal.gravity import magnitude

__all__ = ["match_distribution"]

#: Quantiles that are matched; between them the map is straight.
SHARES = np.linspace(0.0, 1.0, 201)

Array = NDArray[np.float64]
Map = Callable[[Array], Array]
Key = tuple[str, str, bool | None]


def match_distribution(
    virtual: Sequence[Recording],
    real: Sequence[Recording],
    *,
    by: Literal["magnitude", "channel"] = "magnitude",
) -> list[Recording]:
    r"""Map virtual readings so that their quantiles are those of real ones.

    It learns: give as ``real`` recordings of training subjects only, never of those a
    model is tested on. Both should hold the same activities in like shares, since what
    is done more often weighs more.

    A value of which a share q of the virtual readings is smaller becomes the value of
    which a share q of the real ones is smaller. The map only grows, so the order of
    values is kept, and with it the course of a motion in time.

    Parameters
    ----------
    virtual : sequence of Recording
        From :class:`PoseToIMU`.
    real : sequence of Recording
        Of sensors of the same kinds at the same places, at any rate.
    by : {"magnitude", "channel"}, default="magnitude"
        Match the length of the vectors of a sensor and keep their directions, or match
        each channel by itself: for sensors whose axes agree, see
        :func:`fit_mount`.

    Returns
    -------
    list of Recording
        The virtual ones, with other values.

    Raises
    ------
    ValueError
        When a virtual sensor has no real one of its kind at its place, with gravity or
        without alike.

    Examples
    --------
    >>> from sensorhar.video import PoseToIMU, simulate_pose_sequences
    >>> (pose,) = simulate_pose_sequences(1, n_repeats=1, exercises=["waving"])
    >>> weak, real = PoseToIMU(cutoff_hz=2.0)(pose), PoseToIMU(cutoff_hz=8.0)(pose)
    >>> (matched,) = match_distribution([weak], [real])
    >>> top = [np.linalg.norm(recording.streams[0].values, axis=1).max()
    ...     for recording in (weak, matched, real)]
    >>> bool(top[0] < top[2]), bool(np.isclose(top[1], top[2]))
    (True, True)
    """
    check_choice(by, "by", ("magnitude", "channel"))
    columns = _lengths if by == "magnitude" else _channels
    given, wanted = _gather(virtual, columns), _gather(real, columns)
    missing = {f"{kind} at {place}" for kind, place, _ in set(given) - set(wanted)}
    if missing:
        raise ValueError(
            f"real recordings must have each sensor of the virtual ones; they lack "
            f"{listing(missing)}, with gravity or without alike. Pass place=... to "
            "PoseToIMU, or leave the sensor out."
        )
    maps = {key: _map(given[key], wanted[key]) for key in given}
    return [
        recording.with_streams(
            [_matched(stream, maps[_key(stream)], by) for stream in recording.streams]
        )
        for recording in virtual
    ]


def _key(stream: Stream) -> Key:
    return stream.kind, stream.place, stream.channels[0].has_gravity


def _lengths(stream: Stream) -> Array:
    return magnitude(stream.values).astype(np.float64)[:, None]


def _channels(stream: Stream) -> Array:
    return stream.values.astype(np.float64)


def _gather(
    recordings: Sequence[Recording], columns: Callable[[Stream], Array]
) -> dict[Key, Array]:
    """Return the quantiles of each sensor, (n_shares, n_columns)."""
    found: dict[Key, list[Array]] = {}
    for recording in recordings:
        for stream in recording.streams:
            found.setdefault(_key(stream), []).append(columns(stream))
    return {
        key: np.nanquantile(np.concatenate(parts), SHARES, axis=0)
        for key, parts in found.items()
    }


def _map(given: Array, wanted: Array) -> Map:
    def apply(values: Array) -> Array:
        pairs = zip(values.T, given.T, wanted.T, strict=True)
        return np.stack([np.interp(v, g, w) for v, g, w in pairs], axis=1)

    return apply


def _matched(stream: Stream, apply: Map, by: str) -> Stream:
    if by == "channel":
        values = apply(_channels(stream))
    else:
        length = _lengths(stream)
        values = stream.values * (apply(length) / np.maximum(length, 1e-9))
    return stream.with_values(values.astype(stream.values.dtype))
