"""Numbers that look like another unit than the one stated."""

import warnings
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.stream import Stream
from sensorhar.errors import SensorharWarning, UnitWarning
from sensorhar.sensors import SENSORS
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["guess_gravity", "guess_unit", "steady_magnitude", "warn_if_implausible"]

#: Rows looked at; enough for a median, few enough to cost nothing.
N_ROWS = 10_000

#: Over this long a person's own acceleration averages to nearly nothing, and gravity
#: does not turn far: two or more strides of walking.
BLOCK_S = 2.0

#: A steady magnitude within this share of a known one counts as that one. Trunk and
#: phone turn during a block, which shortens the mean; scale errors are a few percent.
SHARE = 0.25

#: A steady magnitude in m/s^2 below this is no gravity, even if the unit were g.
NO_GRAVITY = (1 - SHARE) * 1.0

#: No limb turns faster for long; 2000 deg/s, the common range, is 35 rad/s.
MAX_TURN_RADPS = 50.0

_ACC_CURES = (  # steady magnitude a wrong unit leads to, and what to do
    (1.0, 'If the file is in g, pass units={"acc": "g"}.'),
    (1000.0, 'If the file is in mg, pass units={"acc": "mg"}.'),
    (
        STANDARD_GRAVITY**2,
        "It looks converted from g twice: if the file is in m/s^2 already, state "
        "that unit.",
    ),
)
_LIMIT_CURES = {
    "gyroscope": 'If the file is in deg/s, pass units={"gyr": "deg/s"}.',
    "magnetometer": 'If the file is in nT, pass units={"mag": "nT"}.',
}


def warn_if_implausible(stream: Stream, source: str) -> None:
    """Warn when the size of the readings contradicts their unit or gravity flag.

    At most 10 000 rows are looked at. Whether gravity is in them is told by means
    over two seconds, which one's own movement hardly changes::

        mean over 2 s    0          1      9.8         96           1000
                         no gravity g      m/s^2       g twice      mg

    Parameters
    ----------
    stream : Stream
        Readings in the units its channels state.
    source : str
        Name of the file or recording, for the message.

    Warns
    -----
    UnitWarning
        When they look like another unit.
    SensorharWarning
        When an accelerometer said to be without gravity shows it.

    Examples
    --------
    >>> import numpy as np
    >>> import warnings
    >>> in_g = Stream.of_sensor("accelerometer", np.tile([0.0, 0.0, 1.0], (100, 1)),
    ...     np.arange(100) / 50, has_gravity=True)
    >>> with warnings.catch_warnings(record=True) as caught:
    ...     warnings.simplefilter("always")
    ...     warn_if_implausible(in_g, "anna.csv")
    >>> caught[0].category.__name__
    'UnitWarning'
    """
    sensors = dict.fromkeys((c.kind, c.place) for c in stream.channels)
    sensors = {key: None for key in sensors if key[0] != "derived"}
    if not sensors:
        return
    rows = _sample(stream)
    for kind, place in sensors:
        columns = [
            i
            for i, channel in enumerate(stream.channels)
            if (channel.kind, channel.place) == (kind, place)
        ]
        blocks = stream.values[rows][..., columns]
        called = f"the {kind.replace('_', ' ')} of {source!r}"
        found = None
        if kind == "accelerometer" and len(columns) == 3:
            has_gravity = stream.channels[columns[0]].has_gravity
            found = _doubt_gravity(blocks, called, has_gravity is True)
        found = found or _doubt_limit(blocks, called, kind)
        if found is not None:
            warnings.warn(found[0], found[1], stacklevel=3)


def steady_magnitude(stream: Stream) -> float:
    """Return the typical size of a three-axis sensor's mean over two seconds.

    Parameters
    ----------
    stream : Stream
        Of three channels.

    Returns
    -------
    float
        Median over blocks of two seconds, in the stream's unit; NaN when every row
        lacks a reading.
    """
    return _steady(stream.values[_sample(stream)])


def guess_gravity(stream: Stream) -> bool | None:
    """Tell from the readings whether an accelerometer includes gravity.

    Parameters
    ----------
    stream : Stream
        The three channels of an accelerometer.

    Returns
    -------
    bool or None
        None when the size fits neither, in any unit.
    """
    steady = steady_magnitude(stream)
    known = (STANDARD_GRAVITY, *(size for size, _ in _ACC_CURES))
    if any(_is_about(steady, size) for size in known):
        return True
    return False if steady < NO_GRAVITY else None


def guess_unit(stream: Stream) -> str | None:
    """Tell from the size of the readings that they are in no SI unit.

    ::

        accelerometer, mean over 2 s     1       g         1000         mg
        gyroscope, 999 of 1000 below     > 50    deg/s     (rad/s: 8 turns a second)
        magnetometer, mean over 2 s      0.2-1   gauss     2e4-1e5      nT

    Parameters
    ----------
    stream : Stream
        The channels of one sensor, in an unknown unit.

    Returns
    -------
    str or None
        The unit they are in; None when they may be SI.

    Notes
    -----
    The Earth's field is 22 to 67 uT at the surface (World Magnetic Model 2020).

    Examples
    --------
    >>> import numpy as np
    >>> guess_unit(Stream.of_sensor("accelerometer", np.tile([0.0, 0.0, 1.0], (100, 1)),
    ...     np.arange(100) / 50, has_gravity=True))
    'g'
    """
    if stream.n_channels != 3:
        return None
    if stream.kind == "gyroscope":
        largest = np.nanquantile(np.abs(stream.values[_sample(stream)]), 0.999)
        return "deg/s" if largest > MAX_TURN_RADPS else None
    steady = steady_magnitude(stream)
    if stream.kind == "accelerometer":
        if _is_about(steady, 1.0):
            return "g"
        return "mg" if _is_about(steady, 1000.0) else None
    if stream.kind == "magnetometer":
        if 0.2 < steady < 1.0:
            return "gauss"
        return "nT" if 2e4 < steady < 1e5 else None
    return None


def _sample(stream: Stream) -> NDArray[np.intp]:
    """Return row numbers of blocks of two seconds, spread over the stream.

    Shape (n_blocks, n_rows).
    """
    n = stream.n_samples
    n_rows = int(np.clip(round(BLOCK_S * stream.rate_hz), 1, min(n, N_ROWS)))
    n_blocks = min(n // n_rows, N_ROWS // n_rows)
    first = np.linspace(0, n - n_rows, n_blocks).astype(np.intp)
    return np.asarray(first[:, None] + np.arange(n_rows, dtype=np.intp))


def _steady(blocks: NDArray[Any]) -> float:
    is_whole = ~np.isnan(blocks).any(axis=(1, 2))
    if is_whole.any():
        means = blocks[is_whole].mean(axis=1, dtype=np.float64)
    else:  # a lost reading here and there
        is_known = ~np.isnan(blocks).any(axis=2)
        if not is_known.any():
            return float("nan")
        means = blocks[is_known].mean(axis=0, dtype=np.float64)[None]
    return float(np.median(np.linalg.norm(means, axis=1)))


def _doubt_gravity(
    blocks: NDArray[Any], called: str, has_gravity: bool
) -> tuple[str, type[SensorharWarning]] | None:
    """Say when gravity is there in another unit, or though it should not be."""
    steady = _steady(blocks)
    if np.isnan(steady):
        return None
    median = float(np.nanmedian(np.linalg.norm(blocks.astype(np.float64), axis=-1)))
    if not has_gravity:
        if not _is_about(steady, STANDARD_GRAVITY):
            return None
        return (
            f"{called} is said to be without gravity, and has median magnitude "
            f"{median:.3g} m/s^2 where about 0 is expected at rest. If gravity is "
            "included, pass has_gravity=True.",
            SensorharWarning,
        )
    for size, cure in _ACC_CURES:
        if _is_about(steady, size):
            return (
                f"{called} has median magnitude {median:.3g} where about 9.8 m/s^2 "
                f"is expected at rest. {cure}",
                UnitWarning,
            )
    return None


def _doubt_limit(
    blocks: NDArray[Any], called: str, kind: str
) -> tuple[str, type[SensorharWarning]] | None:
    """Say when readings lie beyond what any body-worn sensor gives."""
    sensor = SENSORS[kind]
    largest = float(np.fmax.reduce(np.abs(blocks), axis=None))
    if not largest > sensor.limit:  # NaN is no doubt either
        return None
    return (
        f"{called} reads {largest:.4g} where at most {sensor.limit:g} "
        f"{sensor.units[0]} is possible on a body. "
        f"{_LIMIT_CURES.get(kind, 'State the unit the file is in.')}",
        UnitWarning,
    )


def _is_about(value: float, size: float) -> bool:
    return bool(abs(value / size - 1) < SHARE)
