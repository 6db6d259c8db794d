"""What one packet says of one sensor, in SI units."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.channel import Channel

__all__ = ["Reading"]


@dataclass(frozen=True, eq=False)
class Reading:
    """Samples of one sensor from one packet, not yet on any host's clock.

    Parameters
    ----------
    kind : str
        A row of :data:`sensorhar.sensors.SENSORS`, or ``"derived"``.
    channels : tuple of Channel or None
        What the columns are. None means those of the kind.
    values : array of shape (n_samples, n_channels)
        In SI units; NaN where the device gave no value, never infinite.
    ticks : int or None, default=None
        Device time of the **last** sample, as counted by the device.
    tick_s : float or None, default=None
        Length of one tick in s; None without device time.
    n_time_bits : int or None, default=None
        The ticks start over at 2^n_time_bits. None means they do not.
    sequence : int or None, default=None
        Number of the packet; packets count up by one.
    n_sequence_bits : int or None, default=None
        The number starts over at 2^n_sequence_bits.
    rate_hz : float or None, default=None
        Nominal rate.
    place : str, default=""
        Where on the body.
    has_gravity : bool or None, default=None
        Whether gravity is included; a bool for an accelerometer.
    offsets_s : array of shape (n_samples,), in s, or None, default=None
        Time of each sample from the last one, so the last is 0, where samples are not
        evenly spaced, such as beats of a heart.

    Examples
    --------
    >>> import numpy as np
    >>> reading = Reading("heart_rate", None, np.array([[72.0]]))
    >>> reading.n_samples, reading.ticks
    (1, None)
    """

    kind: str
    channels: tuple[Channel, ...] | None
    values: NDArray[np.float64]
    ticks: int | None = None
    tick_s: float | None = None
    n_time_bits: int | None = None
    sequence: int | None = None
    n_sequence_bits: int | None = None
    rate_hz: float | None = None
    place: str = ""
    has_gravity: bool | None = None
    offsets_s: NDArray[np.float64] | None = None

    @property
    def n_samples(self) -> int:
        """Number of samples."""
        return len(self.values)
