"""Samples of one sensor on one clock."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._checks import check_choice, check_positive
from sensorhar._words import listing
from sensorhar.data.channel import Channel
from sensorhar.sensors import SENSORS
from sensorhar.units import to_si

__all__ = ["Stream"]

#: A clock is regular when every sample lies within this share of a period of the
#: exact grid. Half of that is what a millisecond stamp costs at 50 Hz.
REGULAR_SHARE = 0.05


class Stream:
    """Samples of one sensor on one clock. A live chunk is a short Stream.

    Parameters
    ----------
    values : array-like of shape (n_samples, n_channels)
        Readings in the SI unit of each channel. Kept as float32 or float64 without a
        copy and made read-only. NaN marks a lost reading; infinity is refused.
    time_s : array-like of shape (n_samples,), in s
        Time of each sample from the start of the recording, strictly increasing.
    channels : sequence of Channel
        One for each column.
    rate_hz : float or None, default=None
        Nominal rate in Hz. None measures it from the times.

    Attributes
    ----------
    n_samples, n_channels : int
        Shape of the values.
    start_s, stop_s, duration_s : float
        First and last time, and their difference, in s.
    has_missing : bool
        Whether any value is NaN.
    is_regular : bool
        Whether the clock is a regular grid.

    Raises
    ------
    ValueError
        When shapes disagree, values are infinite, there are no samples, or times
        are not finite, repeat or go backwards.

    See Also
    --------
    Stream.of_sensor : build a Stream from readings in any unit.

    Examples
    --------
    >>> import numpy as np
    >>> Stream.of_sensor("accelerometer", np.tile([0.0, 0.0, 1.0], (100, 1)),
    ...     np.arange(100) / 50, unit="g", place="waist", has_gravity=True)
    <Stream accelerometer at waist | 100 x 3 | 50 Hz | acc_x acc_y acc_z [m/s^2]>
    """

    __slots__ = (
        "_rate_hz",
        "channels",
        "has_missing",
        "is_regular",
        "time_s",
        "values",
    )

    values: NDArray[Any]
    time_s: NDArray[np.float64]
    channels: tuple[Channel, ...]
    has_missing: bool
    is_regular: bool
    _rate_hz: float | None

    def __init__(
        self,
        values: ArrayLike,
        time_s: ArrayLike,
        channels: Sequence[Channel],
        *,
        rate_hz: float | None = None,
    ) -> None:
        table, has_missing = _as_table(values, channels)
        times = np.asarray(time_s, dtype=np.float64)
        name = channels[0].name
        if times.shape != (len(table),):
            raise ValueError(
                f"time_s of stream {name!r} must have shape ({len(table)},), one time "
                f"for each row of values; got shape {times.shape}."
            )
        if rate_hz is not None:
            check_positive(rate_hz, "rate_hz", "Hz")
        is_regular, measured_hz = _measure_clock(times, name)
        put = object.__setattr__
        put(self, "values", _read_only(table))
        put(self, "time_s", _read_only(times))
        put(self, "channels", tuple(channels))
        put(self, "has_missing", has_missing)
        put(self, "is_regular", is_regular)
        put(self, "_rate_hz", rate_hz if rate_hz is not None else measured_hz)

    def __setattr__(self, name: str, value: Any) -> None:
        raise AttributeError(
            f"a Stream is frozen; {name!r} cannot be set. Build a new one, for "
            "example with stream.with_values(...)."
        )

    def __reduce__(self) -> tuple[Any, ...]:
        return _rebuild, (self.values, self.time_s, self.channels, self._rate_hz)

    @classmethod
    def of_sensor(
        cls,
        kind: str,
        values: ArrayLike,
        time_s: ArrayLike,
        *,
        unit: str | None = None,
        place: str = "",
        has_gravity: bool | None = None,
        rate_hz: float | None = None,
        prefix_place: bool = False,
    ) -> Self:
        """Build the stream of one sensor from readings in any unit.

        Parameters
        ----------
        kind : str
            A row of :data:`sensorhar.sensors.SENSORS`, such as ``"gyroscope"``.
        values : array-like of shape (n_samples, n_channels)
            Readings, columns in the order of that row.
        time_s : array-like of shape (n_samples,), in s
            Time of each sample.
        unit : str or None, default=None
            Unit of all columns; they are converted to SI. None means SI already.
        place : str, default=""
            Where on the body.
        has_gravity : bool or None, default=None
            Whether an accelerometer includes gravity; it must be said.
        rate_hz : float or None, default=None
            Nominal rate in Hz.
        prefix_place : bool, default=False
            Name channels ``wrist_acc_x`` instead of ``acc_x``.

        Returns
        -------
        Stream
            The readings in SI.

        Raises
        ------
        ValueError
            As the constructor, and when kind or unit are unknown or the number of
            columns is not that of the sensor.
        """
        check_choice(kind, "kind", SENSORS)
        sensor = SENSORS[kind]
        table = np.asarray(values)
        if unit is not None:
            table, si_unit = to_si(table, unit)
            if set(sensor.units) != {si_unit}:
                raise ValueError(
                    f"unit of a {kind} must convert to {listing(set(sensor.units))}; "
                    f"got {unit!r}."
                )
        prefix = f"{place}_" if prefix_place and place else ""
        channels = [
            Channel(prefix + name, si, kind, place, has_gravity)
            for name, si in zip(sensor.channels, sensor.units, strict=True)
        ]
        return cls(table, time_s, channels, rate_hz=rate_hz)

    @property
    def kind(self) -> str:
        """Sensor kind of the first channel."""
        return self.channels[0].kind

    @property
    def place(self) -> str:
        """Place on the body of the first channel."""
        return self.channels[0].place

    @property
    def channel_names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return tuple(channel.name for channel in self.channels)

    @property
    def n_samples(self) -> int:
        """Number of rows."""
        return len(self.values)

    @property
    def n_channels(self) -> int:
        """Number of columns."""
        return len(self.channels)

    @property
    def rate_hz(self) -> float:
        """Nominal rate, or the rate measured from the times, in Hz (0 if unknown)."""
        return self._rate_hz or 0.0

    @property
    def start_s(self) -> float:
        """Time of the first sample in s."""
        return float(self.time_s[0])

    @property
    def stop_s(self) -> float:
        """Time of the last sample in s."""
        return float(self.time_s[-1])

    @property
    def duration_s(self) -> float:
        """Time from the first to the last sample in s."""
        return self.stop_s - self.start_s

    def with_values(
        self, values: ArrayLike, channels: Sequence[Channel] | None = None
    ) -> Self:
        """Return a stream with other values on the same clock."""
        chosen = self.channels if channels is None else channels
        return type(self)(values, self.time_s, chosen, rate_hz=self._rate_hz)

    def crop(self, start_s: float, stop_s: float) -> Self:
        """Return the samples with ``start_s <= time < stop_s``, as views."""
        first, last = np.searchsorted(self.time_s, [start_s, stop_s])
        if first == last:
            raise ValueError(
                f"crop of stream {self.channels[0].name!r} must keep samples; "
                f"[{start_s!r}, {stop_s!r}) s holds none of its "
                f"{self.start_s:g}-{self.stop_s:g} s."
            )
        keep = slice(int(first), int(last))
        return type(self)(
            self.values[keep], self.time_s[keep], self.channels, rate_hz=self._rate_hz
        )

    def __len__(self) -> int:
        return self.n_samples

    def __repr__(self) -> str:
        place = f" at {self.place}" if self.place else ""
        units = dict.fromkeys(channel.unit for channel in self.channels)
        without = " without gravity" if self.channels[0].has_gravity is False else ""
        return (
            f"<Stream {self.kind}{place}{without} | {self.n_samples} x "
            f"{self.n_channels} | {self.rate_hz:.4g} Hz | "
            f"{' '.join(self.channel_names)} [{', '.join(units)}]>"
        )


def _rebuild(
    values: NDArray[Any],
    time_s: NDArray[np.float64],
    channels: tuple[Channel, ...],
    rate_hz: float | None,
) -> Stream:
    """Build a stream again when it is unpickled."""
    return Stream(values, time_s, channels, rate_hz=rate_hz)


def _as_table(
    values: ArrayLike, channels: Sequence[Channel]
) -> tuple[NDArray[Any], bool]:
    """Check the values; return them as a 2-D float array, and whether any is NaN."""
    table = np.asarray(values)
    if table.dtype not in (np.float32, np.float64):
        table = table.astype(np.float64)
    if not len(channels) or table.ndim != 2 or table.shape[1] != len(channels):
        raise ValueError(
            f"values must have shape (n_samples, {len(channels)}), one column for "
            f"each of {len(channels)} channels; got shape {table.shape}."
        )
    names = [channel.name for channel in channels]
    if len(set(names)) < len(names):
        raise ValueError(f"channel names must differ; got {names!r}.")
    if not len(table):
        raise ValueError(
            f"stream {names[0]!r} must hold at least one sample; got none. "
            "Leave an empty sensor out of the recording."
        )
    with np.errstate(over="ignore", invalid="ignore"):
        total = np.sum(table)  # not finite if any value is not, and cheap
    if np.isfinite(total):
        return table, False
    if np.isinf(table).any():
        row, column = np.argwhere(np.isinf(table))[0]
        raise ValueError(
            f"values must not be infinite; got {table[row, column]} in channel "
            f"{names[column]!r} at sample {row}. Mark lost readings with NaN."
        )
    return table, bool(np.isnan(table).any())


def _measure_clock(times: NDArray[np.float64], name: str) -> tuple[bool, float | None]:
    """Check that times increase; return whether they are regular, and the rate."""
    if not np.isfinite(times).all():
        raise ValueError(
            f"times of stream {name!r} must be finite; got "
            f"{int((~np.isfinite(times)).sum())} that are not."
        )
    if len(times) < 2:
        return False, None
    steps = np.diff(times)
    if steps.min() <= 0:
        n_back, n_repeat = int((steps < 0).sum()), int((steps == 0).sum())
        first = int(np.argmax(steps <= 0)) + 1
        raise ValueError(
            f"times of stream {name!r} must increase; got {n_back} steps backwards "
            f"and {n_repeat} repeats, the first at sample {first} "
            f"({times[first]:g} s after {times[first - 1]:g} s). If the sensor "
            "samples regularly, number the samples anew: "
            "time_s = time_s[0] + np.arange(n_samples) / rate_hz."
        )
    period = float(times[-1] - times[0]) / (len(times) - 1)
    deviation = np.arange(len(times), dtype=np.float64)
    deviation *= period
    deviation += times[0]
    deviation -= times
    is_regular = max(deviation.max(), -deviation.min()) < REGULAR_SHARE * period
    return bool(is_regular), 1 / (period if is_regular else float(np.median(steps)))


def _read_only(array: NDArray[Any]) -> NDArray[Any]:
    """Return a read-only view."""
    view = array.view()
    view.flags.writeable = False
    return view
