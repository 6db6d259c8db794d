"""Map a device's clock to the host's, from when its packets arrived."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar._checks import check_finite, check_positive

__all__ = ["CausalClockMap", "ClockMap", "fit_clock_map", "lower_hull"]

#: No quartz is worse; a steeper line is jitter over too short a time.
MAX_SKEW_PPM = 500.0

#: Below this many bins a slope is jitter; the last one known is kept.
MIN_BINS = 5


@dataclass(frozen=True)
class ClockMap:
    """A straight line from a device's clock to the host's.

    ::

        host = device + offset_s + skew_ppm / 1e6 * (device - at_s)

    Parameters
    ----------
    offset_s : float
        Host minus device time at ``at_s``.
    skew_ppm : float
        How much slower the device's clock is, in us a s.
    at_s : float, default=0.0
        Device time at which the offset holds.

    Examples
    --------
    >>> ClockMap(10.0, 50.0).apply([0.0, 100.0]).tolist()
    [10.0, 110.005]
    """

    offset_s: float
    skew_ppm: float
    at_s: float = 0.0

    def apply(self, device_s: ArrayLike) -> NDArray[np.float64]:
        """Return host times of device times.

        Parameters
        ----------
        device_s : array-like of any shape, in s
            Device times.

        Returns
        -------
        array of the same shape, in s
            Host times.
        """
        device = np.asarray(device_s, dtype=np.float64)
        return np.asarray(
            device + (self.offset_s + self.skew_ppm * 1e-6 * (device - self.at_s))
        )

    def at(self, device_s: float) -> float:
        """Return the host time of one device time, quicker than ``apply``."""
        since = device_s - self.at_s
        return device_s + (self.offset_s + self.skew_ppm * 1e-6 * since)


def lower_hull(x: Sequence[float], y: Sequence[float]) -> list[int]:
    """Return which points are corners of the lower convex hull.

    Parameters
    ----------
    x : sequence of float
        Not decreasing.
    y : sequence of float
        As long as ``x``.

    Returns
    -------
    list of int
        Indices of the corners from left to right.

    Notes
    -----
    Andrew's monotone chain (1979), linear in the number of points.

    Examples
    --------
    >>> lower_hull([0, 1, 2, 3], [0, 5, 1, 4])
    [0, 2, 3]
    """
    hull: list[int] = []
    for i, (xi, yi) in enumerate(zip(x, y, strict=True)):
        if hull and x[hull[-1]] == xi:  # of points above each other the lowest
            if y[hull[-1]] <= yi:
                continue
            hull.pop()
        while len(hull) > 1:
            a, b = hull[-2], hull[-1]
            if (y[b] - y[a]) * (xi - x[a]) < (yi - y[a]) * (x[b] - x[a]):
                break
            hull.pop()
        hull.append(i)
    return hull


def fit_clock_map(
    device_s: ArrayLike, arrival_s: ArrayLike, *, max_skew_ppm: float = MAX_SKEW_PPM
) -> ClockMap:
    r"""Fit the line under all arrivals that is nearest to them.

    A packet can come late but never early, so the delays lie above a line that is
    the clock itself; queues and stalls move no point below it::

        arrival - device
          |    .  .   .      .   stall
          |  . .  .. . .  ..
          |  ._._.__.__.___.  the line: where delay was least
          +------------------ device

    Parameters
    ----------
    device_s : array-like of shape (n_packets,), in s
        When packets were sent by the device's clock, unwrapped, in any order.
    arrival_s : array-like of shape (n_packets,), in s
        When they came by the host's clock.
    max_skew_ppm : float, default=500.0
        Steepest line allowed.

    Returns
    -------
    ClockMap
        Later than the truth by the least delay, which nobody can see one way.

    Raises
    ------
    ValueError
        When shapes disagree, there are no packets, or times are not finite.

    See Also
    --------
    CausalClockMap : the same while packets come.

    Examples
    --------
    >>> device = np.arange(0, 100, 0.1)
    >>> delay = np.tile([0.02, 0.0, 0.01, 0.03], 250)
    >>> line = fit_clock_map(device, 5 + device * 1.00005 + delay)
    >>> round(line.skew_ppm), round(float(line.apply(0.0)), 4)
    (50, 5.0)
    """
    device = np.asarray(device_s, dtype=np.float64)
    arrival = np.asarray(arrival_s, dtype=np.float64)
    if device.ndim != 1 or device.shape != arrival.shape or not len(device):
        raise ValueError(
            "device_s and arrival_s must have one shape (n_packets,) with at least "
            f"one packet; got {device.shape!r} and {arrival.shape!r}."
        )
    check_positive(max_skew_ppm, "max_skew_ppm", "ppm")
    for times, name in ((device, "device_s"), (arrival, "arrival_s")):
        check_finite(times, name, "Leave out packets without a time.")
    order = np.argsort(device, kind="stable")
    x = device[order]
    return _line(x.tolist(), (arrival[order] - x).tolist(), max_skew_ppm)


class CausalClockMap:
    """Follow a device's clock while packets come.

    The line of :func:`fit_clock_map` under the least delays of the last seconds in
    which packets came: one a second, of 60 s. The present second counts too, so that
    the line is under the newest packet.

    Parameters
    ----------
    window_s : float, default=60.0
        How much is looked at; longer is smoother, shorter follows temperature faster.
    bin_s : float, default=1.0
        Of each bin only the least delay is kept.
    skew_ppm : float, default=0.0
        Taken until there are enough bins to tell.
    max_skew_ppm : float, default=500.0
        Steepest line allowed.

    Attributes
    ----------
    line : ClockMap
        The present line.
    is_empty : bool
        Whether no packet has come.

    Raises
    ------
    ValueError
        When a length or the steepest line is not above 0.

    Notes
    -----
    Packets 50 times a second for 1 h, 50 ppm, delays of 5 ms + U(0, 30) ms with 1 % of
    0.2 s more and one stall of 3 s: 0.3 ms s.d. around the least delay, where a single
    offset is 200 ms off at the end (``python -m tests.benchmarks --only clock``).

    Examples
    --------
    >>> follow = CausalClockMap()
    >>> for i in range(300):
    ...     device = i / 10
    ...     late = 0.03 * (i % 4) / 4
    ...     _ = follow.update(device, 7 + device * 1.0001 + late)
    >>> round(follow.line.skew_ppm), round(follow.line.at(30.0), 3)
    (100, 37.003)
    """

    def __init__(
        self,
        *,
        window_s: float = 60.0,
        bin_s: float = 1.0,
        skew_ppm: float = 0.0,
        max_skew_ppm: float = MAX_SKEW_PPM,
    ) -> None:
        check_positive(window_s, "window_s", "s")
        check_positive(bin_s, "bin_s", "s")
        check_positive(max_skew_ppm, "max_skew_ppm", "ppm")
        self.line = ClockMap(0.0, skew_ppm)
        self._bin_s = bin_s
        self._max_skew_ppm = max_skew_ppm
        n_bins = max(1, round(window_s / bin_s))
        self._bins: deque[tuple[float, float]] = deque(maxlen=n_bins)
        self._bin = 0

    @property
    def is_empty(self) -> bool:
        """Whether no packet has come."""
        return not self._bins

    def update(self, device_s: float, arrival_s: float) -> ClockMap:
        """Take in one packet and return the line.

        Parameters
        ----------
        device_s : float
            When it was sent by the device's clock, unwrapped. One from an earlier
            second than the last is not looked at.
        arrival_s : float
            When it came by the host's clock.

        Returns
        -------
        ClockMap
            The line under this packet and those before.
        """
        offset = arrival_s - device_s
        bin_ = int(device_s // self._bin_s)
        if not self._bins or bin_ > self._bin:
            self._bins.append((device_s, offset))
            self._bin = bin_
        elif bin_ == self._bin and self._is_lower(device_s, offset):
            self._bins[-1] = (device_s, offset)
        else:
            return self.line
        x, y = [point[0] for point in self._bins], [point[1] for point in self._bins]
        if len(x) < MIN_BINS:
            self.line = _under(x, y, self.line.skew_ppm)
        else:
            self.line = _line(x, y, self._max_skew_ppm)
        return self.line

    def _is_lower(self, device_s: float, offset: float) -> bool:
        """Return whether a point is under the bin's, seen along the line."""
        kept_s, kept_offset = self._bins[-1]
        return offset - kept_offset < self.line.skew_ppm * 1e-6 * (device_s - kept_s)


def _line(x: list[float], y: list[float], max_skew_ppm: float) -> ClockMap:
    """Return the line under all points with the least sum of distances."""
    hull = lower_hull(x, y)
    if len(hull) < 2:
        return ClockMap(y[hull[0]], 0.0, x[hull[0]])
    # The sum of distances is least for the edge of the hull under the mean.
    mean = sum(x) / len(x)
    left, right = next(
        (pair for pair in pairwise(hull) if x[pair[1]] >= mean), (hull[-2], hull[-1])
    )
    skew_ppm = 1e6 * (y[right] - y[left]) / (x[right] - x[left])
    if abs(skew_ppm) <= max_skew_ppm:
        return ClockMap(y[left], skew_ppm, x[left])
    return _under(x, y, max_skew_ppm if skew_ppm > 0 else -max_skew_ppm)


def _under(x: list[float], y: list[float], skew_ppm: float) -> ClockMap:
    """Return the highest line of a given slope under all points."""
    slope = skew_ppm * 1e-6
    return ClockMap(
        min(yi - slope * (xi - x[-1]) for xi, yi in zip(x, y, strict=True)),
        skew_ppm,
        x[-1],
    )
