"""Host times of a device's ticks, while its packets come."""

from __future__ import annotations

import math

from sensorhar._checks import check_positive
from sensorhar.signal.clock_map import CausalClockMap

__all__ = ["DeviceClock"]

#: A device whose time goes back or ahead by more has started anew.
STEP_S = 1.0

#: When the line is corrected downwards, time goes on at this share of its speed until
#: it is reached, so that samples neither swap nor clump.
SLOWEST = 0.5

#: Least step from one sample to the next where neither ticks nor a rate tell it.
MIN_STEP_S = 1e-6


class DeviceClock:
    """Give each tick of a device its time by the host's clock.

    ::

        device ticks   65534 65535 0 1 ...      the counter wraps: goes on
                       812044 ... 17 ...        it starts anew: a new segment
        host time      strictly increasing in all cases

    Where one knows only when packets came, the least delay of the last minute tells
    the offset and the drift (:class:`sensorhar.signal.clock_map.CausalClockMap`); the
    least delay itself (some ms over Bluetooth) stays unknown.

    Parameters
    ----------
    tick_s : float
        Length of one tick of the device's clock in s.
    n_bits : int or None, default=None
        Width of its counter. None means that it does not wrap.
    rate_hz : float or None, default=None
        Nominal rate of updates. Where two fall on the same tick, the second is put
        half a period later.

    Attributes
    ----------
    n_resets : int
        How often the device's clock started anew.
    offset_s : float
        Host minus device time at the last tick; NaN before the first.
    skew_ppm : float
        Drift of the last minute, at most 500 either way.

    Raises
    ------
    ValueError
        When the tick, width or rate is not above 0.

    Notes
    -----
    After a pause the number of wraps is told by how much time has passed on the host.
    A device that starts anew within 1 s of where its counter would be is not noticed.
    Leave out packets that came twice or late (:class:`SequenceCounter`) first.

    Examples
    --------
    >>> clock = DeviceClock(tick_s=1e-3, n_bits=16)
    >>> [round(clock.update(ticks, arrival), 3)
    ...  for ticks, arrival in ((65_530, 2.0), (4, 2.010), (14, 2.027))]
    [2.0, 2.01, 2.02]
    """

    def __init__(
        self, tick_s: float, n_bits: int | None = None, rate_hz: float | None = None
    ) -> None:
        check_positive(tick_s, "tick_s", "s")
        if n_bits is not None:
            check_positive(n_bits, "n_bits", "bits")
        if rate_hz is not None:
            check_positive(rate_hz, "rate_hz", "Hz")
        self._tick_s = tick_s
        self._wrap_s = None if n_bits is None else tick_s * 2**n_bits
        self._min_step_s = MIN_STEP_S if rate_hz is None else 0.5 / rate_hz
        self._follow = CausalClockMap()
        self._device_s = -math.inf
        self._host_s = -math.inf
        self.n_resets = 0

    @property
    def offset_s(self) -> float:
        """Host minus device time at the last tick in s; NaN before the first."""
        if self._follow.is_empty:
            return math.nan
        return self._follow.line.at(self._device_s) - self._device_s

    @property
    def skew_ppm(self) -> float:
        """Drift of the last minute in ppm."""
        return self._follow.line.skew_ppm

    def update(self, ticks: int, arrival_s: float) -> float:
        """Return the host time of a tick that has just come.

        Parameters
        ----------
        ticks : int
            What the device's counter said.
        arrival_s : float
            When the packet came, by the host's monotonic clock in s.

        Returns
        -------
        float
            Its time in s, later than all before.
        """
        device_s = self._unwrapped(ticks * self._tick_s, arrival_s)
        if self._is_anew(device_s, arrival_s):
            self.n_resets += 1
            # The quartz is the same, so its drift is.
            self._follow = CausalClockMap(skew_ppm=self._follow.line.skew_ppm)
            device_s, self._device_s = ticks * self._tick_s, -math.inf
        host_s = self._follow.update(device_s, arrival_s).at(device_s)
        step_s = device_s - self._device_s
        if math.isfinite(step_s) and step_s > 0:
            host_s = max(host_s, self._host_s + SLOWEST * step_s)
        else:
            host_s = max(host_s, self._host_s + self._min_step_s)
        self._device_s = max(device_s, self._device_s)
        self._host_s = host_s
        return host_s

    def _unwrapped(self, device_s: float, arrival_s: float) -> float:
        """Return the latest time that a wrapped counter can mean."""
        if self._wrap_s is None or self._follow.is_empty:
            return device_s
        latest = self._expected(arrival_s) + min(STEP_S, self._wrap_s / 2)
        n_wraps = math.floor((latest - device_s) / self._wrap_s)
        return float(device_s + self._wrap_s * n_wraps)

    def _is_anew(self, device_s: float, arrival_s: float) -> bool:
        """Return whether the device's time jumped, which a late packet's does not."""
        if self._follow.is_empty:
            return False
        return (
            device_s < self._device_s - STEP_S
            or device_s > self._expected(arrival_s) + STEP_S
        )

    def _expected(self, arrival_s: float) -> float:
        """Return the device time of a packet that came without delay."""
        line = self._follow.line
        since = arrival_s - line.offset_s - line.at_s
        return line.at_s + since / (1 + line.skew_ppm * 1e-6)
