"""From the numbers of a packet to the channels of one sensor, and back."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.reading import Reading
from sensorhar.data.channel import Channel

__all__ = ["SensorMap", "Stamp"]


@dataclass(frozen=True)
class Stamp:
    """Device time and number of a packet, as every reading of it carries them.

    Parameters
    ----------
    ticks, tick_s, n_time_bits, sequence, n_sequence_bits, rate_hz
        See :class:`sensorhar.collect.profiles.Reading`.
    """

    ticks: int | None = None
    tick_s: float | None = None
    n_time_bits: int | None = None
    sequence: int | None = None
    n_sequence_bits: int | None = None
    rate_hz: float | None = None


@dataclass(frozen=True)
class SensorMap:
    """Which numbers of a sample are a sensor's, and what one of them is worth.

    Parameters
    ----------
    kind : str
        A row of :data:`sensorhar.sensors.SENSORS`, or ``"derived"``.
    columns : tuple of int
        Which number of the sample each channel takes; -1 where the device has none.
    factors : tuple of float
        SI value of one unit of each, negative where the axis points the other way.
    channels : tuple of Channel or None, default=None
        None means those of the kind.
    place : str, default=""
        Where on the body.
    has_gravity : bool or None, default=None
        A bool for an accelerometer.

    Examples
    --------
    >>> import numpy as np
    >>> turned = SensorMap("magnetometer", (1, 0, 2), (1.0, -1.0, 1.0))
    >>> turned.read(np.array([[10.0, 20.0, 30.0]]), Stamp()).values.tolist()
    [[20.0, -10.0, 30.0]]
    """

    kind: str
    columns: tuple[int, ...]
    factors: tuple[float, ...]
    channels: tuple[Channel, ...] | None = None
    place: str = ""
    has_gravity: bool | None = None

    def read(self, rows: NDArray[np.float64], stamp: Stamp) -> Reading:
        """Return the reading of a packet.

        Parameters
        ----------
        rows : array of shape (n_samples, n_fields)
            Numbers as sent.
        stamp : Stamp
            Of the packet.

        Returns
        -------
        Reading
            In SI units.

        Raises
        ------
        BadPacketError
            When a value is infinite.
        """
        columns = np.array(self.columns)
        with np.errstate(over="ignore", invalid="ignore"):
            values = rows[:, columns] * np.array(self.factors)
        values[:, columns < 0] = np.nan
        if np.isinf(values).any():
            raise BadPacketError(
                f"readings of the {self.kind} must be finite; got an infinite one."
            )
        return Reading(
            self.kind,
            self.channels,
            values,
            stamp.ticks,
            stamp.tick_s,
            stamp.n_time_bits,
            stamp.sequence,
            stamp.n_sequence_bits,
            stamp.rate_hz,
            self.place,
            self.has_gravity,
        )

    def write(self, reading: Reading, rows: NDArray[np.float64]) -> None:
        """Put a reading back as the numbers that a device would send.

        Parameters
        ----------
        reading : Reading
            In SI units.
        rows : array of shape (n_samples, n_fields)
            Changed in place.
        """
        for values, column, factor in zip(
            reading.values.T, self.columns, self.factors, strict=True
        ):
            if column >= 0:
                rows[:, column] = values / factor
