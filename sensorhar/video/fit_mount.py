"""How a real sensor was turned on its limb, told by recordings with video beside."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.video._best_lag import best_lag

__all__ = ["fit_mount"]

#: Pairs whose magnitudes are less alike than this do not show the same motion.
MIN_CORRELATION = 0.5

Array = NDArray[np.float64]
Row = tuple[float, float, float]


def fit_mount(
    virtual: Sequence[Recording],
    real: Sequence[Recording],
    *,
    max_lag_s: float = 0.5,
) -> tuple[Row, Row, Row]:
    r"""Find the turn from the axes of a limb to those of a real sensor on it.

    It learns: give recordings of training subjects only. Recordings of one name belong
    together. Each pair is shifted to where the magnitudes of acceleration agree best;
    then the turn M is found that minimises

    .. math:: \sum_t \left|\frac{a_t - M \tilde a_t}{\sigma_a}\right|^2
              + \left|\frac{\omega_t - M \tilde \omega_t}{\sigma_\omega}\right|^2

    with :math:`\tilde a, \tilde \omega` the virtual readings and σ the RMS of the real
    ones.

    Parameters
    ----------
    virtual : sequence of Recording
        What :class:`PoseToIMU` made without a mount.
    real : sequence of Recording
        Of a sensor at that place, worn in one way; accelerometer, and gyroscope if
        there is one.
    max_lag_s : float, default=0.5
        How far the clocks of a pair may be apart.

    Returns
    -------
    tuple of three rows of three float
        For ``mount`` of :class:`PoseToIMU`.

    Raises
    ------
    ValueError
        When no names are shared, a recording lacks an accelerometer, or no pair shows
        the same motion.

    References
    ----------
    G. Wahba, problem 65-1, SIAM Review 7 (1965); solved by singular values as in
    F. L. Markley, J. Astronautical Sciences 36 (1988).

    Examples
    --------
    >>> from dataclasses import replace
    >>> from sensorhar.video import PoseToIMU, simulate_pose_sequences
    >>> poses = simulate_pose_sequences(2, random_state=0)
    >>> limb = PoseToIMU()
    >>> sensor = replace(limb, mount=((0, 1, 0), (-1, 0, 0), (0, 0, 1)))
    >>> found = fit_mount(limb(poses), sensor(poses))
    >>> np.round(found).astype(int).tolist()
    [[0, 1, 0], [-1, 0, 0], [0, 0, 1]]
    """
    pairs = {recording.name: recording for recording in virtual}
    shared = [other for other in real if other.name in pairs]
    if not shared:
        raise ValueError(
            "virtual and real recordings must share names; got "
            f"{listing(pairs)} and {listing({other.name for other in real})}."
        )
    products = {kind: np.zeros((3, 3)) for kind in ("accelerometer", "gyroscope")}
    power = dict.fromkeys(products, 0.0)
    highest = 0.0
    for other in shared:
        correlation, parts = _align(pairs[other.name], other, max_lag_s)
        highest = max(highest, correlation)
        if correlation < MIN_CORRELATION:
            continue
        for kind, (limb, sensor) in parts.items():
            products[kind] += sensor.T @ limb
            power[kind] += float(np.sum(sensor**2))
    if highest < MIN_CORRELATION:
        raise ValueError(
            "magnitudes of virtual and real acceleration must correlate by at least "
            f"{MIN_CORRELATION} in some pair; the best of {len(shared)} reaches "
            f"{highest:.2f}. Check joint and place, or pass a larger max_lag_s."
        )
    total = sum(products[kind] / power[kind] for kind in products if power[kind] > 0)
    left, _, right = np.linalg.svd(total)
    sign = np.sign(np.linalg.det(left @ right))
    turn = left @ np.diag([1.0, 1.0, sign]) @ right
    x, y, z = ((float(a), float(b), float(c)) for a, b, c in turn)
    return x, y, z


def _align(
    virtual: Recording, real: Recording, max_lag_s: float
) -> tuple[float, dict[str, tuple[Array, Array]]]:
    """Return the correlation of a pair, and readings (n_samples, 3) that go together.

    Both are taken at the rate of the virtual one.
    """
    limb, sensor = _acceleration(virtual), _acceleration(real)
    rate_hz = limb.rate_hz
    virtual_s, real_s = _ticks(limb, rate_hz), _ticks(sensor, rate_hz)
    moved, read = _at(limb, virtual_s), _at(sensor, real_s)
    correlation, lag = best_lag(
        np.linalg.norm(moved, axis=1),
        np.linalg.norm(read, axis=1),
        round(max_lag_s * rate_hz),
    )
    first, start = max(0, lag), max(0, -lag)
    n = min(len(virtual_s) - first, len(real_s) - start)
    parts = {}
    for kind in ("accelerometer", "gyroscope"):
        both = [_find(recording, kind) for recording in (virtual, real)]
        if both[0] is not None and both[1] is not None:
            parts[kind] = (
                _at(both[0], virtual_s[first : first + n]),
                _at(both[1], real_s[start : start + n]),
            )
    return correlation, parts


def _find(recording: Recording, kind: str) -> Stream | None:
    streams = [s for s in recording.streams if s.kind == kind and s.n_channels == 3]
    return streams[0] if streams else None


def _acceleration(recording: Recording) -> Stream:
    stream = _find(recording, "accelerometer")
    if stream is None:
        raise ValueError(
            f"recording {recording.name!r} must have an accelerometer of three axes; "
            f"it has {', '.join(recording.channel_names)}."
        )
    return stream


def _at(stream: Stream, time_s: Array) -> Array:
    """Return readings at other times, on the straight line between neighbours."""
    columns = [np.interp(time_s, stream.time_s, column) for column in stream.values.T]
    return np.stack(columns, axis=1)


def _ticks(stream: Stream, rate_hz: float) -> Array:
    n_ticks = int(stream.duration_s * rate_hz + 1e-6) + 1
    return np.asarray(stream.start_s + np.arange(n_ticks) / rate_hz)
