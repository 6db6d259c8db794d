"""Repair of sample clocks: bursts, repeats, steps backwards and wraps."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import ArrayLike, NDArray

__all__ = ["ClockRepair", "ClockReport", "repair_clock", "unwrap_counter"]

#: The period is the median over stretches of so many samples, which no burst sways.
STRETCH = 200

#: Or over so many runs of stamps that are the same, if these are longer.
N_RUNS = 4

#: A clock is refitted every so many seconds; a crystal drifts little within them.
BLOCK_S = 30.0

#: Shorter steps are rounding, not time: no sensor is read a billion times a second.
MIN_STEP_S = 1e-9

#: Fewer samples than this make no block.
MIN_BLOCK = 10

#: Delays are never negative, so a low quantile of the deviations is close to the clock
#: itself, and unlike the minimum it does not hang on one sample.
QUANTILE = 0.1

#: Steps under this share of a period are too short to be samples of a regular sensor;
#: more than ``BURST_SHARE`` of them make a clock of arrivals, not of samples.
SHORT_STEP = 0.2
BURST_SHARE = 0.01

#: More steps backwards than this share are no clock but rows out of order; of large
#: ones fewer will do.
MAX_BACKWARDS = 0.25
MAX_FAR_BACKWARDS = 0.05

#: What counters lose when they start over, in s: 16, 24 and 32 bits of ms or us, of
#: Bluetooth's 1/1024 s, and one day of a clock without a date.
WRAPS_S = (65.536, 64.0, 16.777216, 4294.967296, 4_294_967.296, 4_194_304.0, 86_400.0)


@dataclass(frozen=True)
class ClockReport:
    """What was found in the stamps of one sensor, before any repair.

    Attributes
    ----------
    n_samples : int
        Number of stamps.
    n_repeats, n_backwards, n_wraps : int
        Stamps equal to the one before, before it, and of those backwards the
        counters that started over.
    n_gaps : int
        Pauses in which samples are missing.
    rate_hz : float
        Samples per second between gaps.
    jitter_p50_s, jitter_p99_s : float
        Median and 99th percentile of how far steps are off one period, in s.
    is_repaired : bool
        Whether the stamps had to be changed.
    """

    n_samples: int
    n_repeats: int
    n_backwards: int
    n_wraps: int
    n_gaps: int
    rate_hz: float
    jitter_p50_s: float
    jitter_p99_s: float
    is_repaired: bool

    def to_dict(self) -> dict[str, int | float | bool]:
        """Return the fields as plain JSON values."""
        return asdict(self)

    def __str__(self) -> str:
        found = [
            f"{count} {word}"
            for count, word in (
                (self.n_repeats, "repeats"),
                (self.n_backwards, "steps backwards"),
                (self.n_wraps, "wraps"),
                (self.n_gaps, "gaps"),
            )
            if count
        ]
        return (
            f"{self.n_samples} samples at {self.rate_hz:.4g} Hz, jitter p50 "
            f"{1000 * self.jitter_p50_s:.3g} ms, p99 {1000 * self.jitter_p99_s:.3g} ms"
            + (f"; {', '.join(found)}" if found else "")
            + ("; repaired" if self.is_repaired else "")
        )


@dataclass(frozen=True)
class ClockRepair:
    """Stamps that increase, and what was wrong with those given.

    Attributes
    ----------
    time_s : array of shape (n_samples,), in s
        The given array itself when nothing had to be repaired.
    report : ClockReport
        What was found.
    """

    time_s: NDArray[np.float64]
    report: ClockReport


def repair_clock(
    time_s: ArrayLike,
    *,
    sequence: ArrayLike | None = None,
    rate_hz: float | None = None,
    max_gap_s: float | None = None,
) -> ClockRepair:
    r"""Give each sample the time at which it was taken; none is dropped.

    Stamps that increase as those of a regular sensor do are returned as they are.
    Others were given on arrival, several samples at once, or by a clock that was set
    back. Their samples are still in order, so the stamps are regressed on the sample
    index (or the sequence number), piecewise, and samples get the times of that line::

        stamps     | . . | . . . | .      bursts: several samples share a stamp
        samples    |.|.|.|.|.|.|.|.       the line through (index, stamp)

    A pause after which the line goes on is a stall, and its samples are spread over
    it; one after which the line stays behind is a gap, and stays. After a step
    backwards that lasts, time goes on from where it was (a counter that starts over
    keeps what it counted). Delays are never negative, so each piece of the line lies
    at the lowest tenth of the deviations.

    Parameters
    ----------
    time_s : array-like of shape (n_samples,), in s
        Stamps in the order in which the samples were taken.
    sequence : array-like of int of shape (n_samples,), default=None
        Increasing number of each sample; missing numbers are lost samples. See
        :func:`unwrap_counter` for counters that start over.
    rate_hz : float, default=None
        Nominal rate in Hz, only used where the stamps tell none.
    max_gap_s : float, default=None
        Longest pause that is no gap. None takes four periods, but at least 0.1 s, and
        more where stamps are coarser than that.

    Returns
    -------
    ClockRepair
        Strictly increasing times, and the report.

    Raises
    ------
    ValueError
        When stamps are not finite, sequence numbers do not increase, all stamps are
        the same, or rows are out of order.

    Notes
    -----
    A phone's log at 102.5 Hz with 8.5 % of repeated stamps, in bursts of 47 ms, is
    what this was built for; dropping the repeats would lose those samples.

    Examples
    --------
    >>> arrivals = np.repeat(np.arange(200) * 0.05, 5)  # five samples every 50 ms
    >>> repair = repair_clock(arrivals)
    >>> round(repair.report.rate_hz, 2), repair.report.n_repeats
    (100.0, 800)
    >>> bool(np.allclose(np.diff(repair.time_s), 0.01, atol=1e-4))
    True
    """
    raw = _checked(time_s)
    n_samples = len(raw)
    if n_samples < 2:
        return ClockRepair(
            raw, ClockReport(n_samples, 0, 0, 0, 0, rate_hz or 0.0, 0.0, 0.0, False)
        )
    index = _index(sequence, n_samples)
    steps = np.diff(raw)
    regular = None if sequence is not None else _regular(raw, steps)
    if regular is not None:
        return ClockRepair(raw, regular)
    n_repeats, n_backwards = int((steps == 0).sum()), int((steps < 0).sum())
    period = _period(raw, index, rate_hz)
    times, n_wraps = _undo_steps_back(raw, index, period)
    if max_gap_s is None:
        max_gap_s = max(4 * period, 0.1, 1.5 * period * _run_length(raw))
    edges = _find_gaps(times, index, period, max_gap_s)
    is_bursty = np.mean(steps < SHORT_STEP * period) > BURST_SHARE
    is_repaired = bool(steps.min() <= 0 or is_bursty)
    repaired = _refit(times, index, edges, period) if is_repaired else raw
    within = np.ones(n_samples - 1, dtype=np.bool_)
    within[edges - 1] = False
    if within.any():
        passed_s = float(np.diff(repaired)[within].sum())
        period = max(passed_s / float(np.diff(index)[within].sum()), MIN_STEP_S)
    jitter = np.abs(np.diff(times) - period * np.diff(index))[within]
    p50, p99 = np.percentile(jitter, [50, 99]) if len(jitter) else (0.0, 0.0)
    report = ClockReport(
        n_samples,
        n_repeats,
        n_backwards,
        n_wraps,
        len(edges),
        1 / period,
        float(p50),
        float(p99),
        is_repaired,
    )
    return ClockRepair(repaired, report)


def unwrap_counter(counts: ArrayLike, n_bits: int) -> NDArray[np.int64]:
    """Return a counter that starts over as one that goes on.

    Parameters
    ----------
    counts : array-like of int of shape (n_samples,)
        Values below ``2 ** n_bits``, fewer than half of that apart.
    n_bits : int
        Width of the counter, at most 32.

    Returns
    -------
    array of int64 of shape (n_samples,)
        Beginning at the first value.

    Raises
    ------
    ValueError
        When a value does not fit the width.

    Examples
    --------
    >>> unwrap_counter([250, 254, 3, 7], 8).tolist()
    [250, 254, 259, 263]
    """
    array = np.asarray(counts, dtype=np.int64)
    size = 1 << n_bits
    if len(array) and (array.min() < 0 or array.max() >= size):
        raise ValueError(
            f"counts of {n_bits} bits must lie in 0 to {size - 1}; got "
            f"{array.min()} to {array.max()}. Pass the counter's true width."
        )
    steps = (np.diff(array) + size // 2) % size - size // 2
    return np.concatenate([array[:1], array[:1] + np.cumsum(steps)])


def _checked(time_s: ArrayLike) -> NDArray[np.float64]:
    raw = np.asarray(time_s, dtype=np.float64)
    if raw.ndim != 1:
        raise ValueError(
            f"time_s must have shape (n_samples,); got {raw.shape!r}. Pass the column "
            "of stamps alone."
        )
    if not np.isfinite(raw).all():
        raise ValueError(
            f"time_s must be finite; got {int((~np.isfinite(raw)).sum())} stamps that "
            "are not. Leave out their samples first."
        )
    return raw


def _regular(
    raw: NDArray[np.float64], steps: NDArray[np.float64]
) -> ClockReport | None:
    """Return the report of a clock whose steps are all about equal, the common case."""
    shortest, longest = float(steps.min()), float(steps.max())
    if shortest <= 0 or longest > 1.5 * shortest:
        return None
    period = float(raw[-1] - raw[0]) / len(steps)
    middle = slice(None, None, max(1, len(steps) // 100_000))
    p50, p99 = np.percentile(np.abs(steps[middle] - period), [50, 99])
    return ClockReport(len(raw), 0, 0, 0, 0, 1 / period, float(p50), float(p99), False)


def _index(sequence: ArrayLike | None, n_samples: int) -> NDArray[np.float64]:
    if sequence is None:
        return np.arange(n_samples, dtype=np.float64)
    numbers: NDArray[np.float64] = np.asarray(sequence, dtype=np.float64)
    if numbers.shape != (n_samples,) or not (np.diff(numbers) > 0).all():
        raise ValueError(
            f"sequence must be {n_samples} increasing numbers, one a sample; got shape "
            f"{numbers.shape!r} with {int((np.diff(numbers) <= 0).sum())} that do not "
            "increase. Put the samples in order, and unwrap the counter first."
        )
    since: NDArray[np.float64] = numbers - numbers[0]
    return since


def _period(
    raw: NDArray[np.float64], index: NDArray[np.float64], rate_hz: float | None
) -> float:
    """Return the time between samples, untouched by bursts, gaps and jumps."""
    # Short against the record, so that few stretches lie over a gap, but long against
    # the runs of one stamp, which say nothing of the time within them.
    lag = min(max(10, len(raw) // 10), STRETCH)
    lag = max(1, min(len(raw) - 1, max(lag, int(N_RUNS * _run_length(raw)))))
    slopes = (raw[lag:] - raw[:-lag]) / (index[lag:] - index[:-lag])
    forward = slopes[slopes > MIN_STEP_S]
    if len(forward):
        return float(np.median(forward))
    steps = np.diff(raw)
    if (steps > MIN_STEP_S).any():
        return float(np.median(steps[steps > MIN_STEP_S]))
    if rate_hz is not None:
        return 1 / rate_hz
    raise ValueError(
        f"stamps must go forward somewhere; all {len(raw)} are "
        + ("the same. " if not steps.any() else "in falling order. ")
        + "Pass rate_hz=... to number the samples regularly instead."
    )


def _run_length(raw: NDArray[np.float64]) -> float:
    """Return how many samples in a row have the same stamp, on average."""
    return len(raw) / (1 + np.count_nonzero(np.diff(raw)))


def _undo_steps_back(
    raw: NDArray[np.float64], index: NDArray[np.float64], period: float
) -> tuple[NDArray[np.float64], int]:
    """Let time go on where a clock was set back for good or started over."""
    tolerance = max(5 * period, 0.05)
    back = np.flatnonzero(np.diff(raw) < -tolerance) + 1
    n_back = int((np.diff(raw) < 0).sum())
    if len(back) > max(10, MAX_FAR_BACKWARDS * len(raw)) or n_back > max(
        10, MAX_BACKWARDS * len(raw)
    ):
        raise ValueError(
            f"stamps must be in the order of the samples; {n_back} of {len(raw)} go "
            "backwards. Sort the rows by time first."
        )
    if not len(back):
        return raw, 0
    deviation = raw - period * index
    edges = np.concatenate([[0], back, [len(raw)]])
    offset = np.zeros(len(raw))
    total, n_wraps = 0.0, 0
    for before, at, after in zip(edges[:-2], edges[1:-1], edges[2:], strict=True):
        last = np.median(deviation[max(before, at - 50) : at])
        shift = np.median(deviation[at : min(after, at + 50)]) - last
        if shift < -tolerance:
            wrap = _wrap(shift, raw[at - 1], raw[at])
            n_wraps += wrap is not None
            total += -shift if wrap is None else wrap
            offset[at:] = total
    return raw + offset, n_wraps


def _wrap(shift: float, before_s: float, after_s: float) -> float | None:
    """Return what a counter lost, if it went back by that much or from end to start."""
    for wrap_s in WRAPS_S:
        from_end = 0.98 * wrap_s < before_s <= wrap_s and after_s < 0.15 * wrap_s
        if abs(shift + wrap_s) < 0.01 * wrap_s or from_end:
            return wrap_s
    return None


def _find_gaps(
    times: NDArray[np.float64],
    index: NDArray[np.float64],
    period: float,
    gap_s: float,
) -> NDArray[np.intp]:
    """Return the first sample after each gap; stalls that are caught up are none."""
    steps = np.diff(times)
    deviation = times - period * index
    edges: list[int] = []
    edge = 0
    for at in (np.flatnonzero(steps > gap_s) + 1).tolist():
        # A stall's samples come right after it, as many as it was long.
        n_caught_up = int(2 * steps[at - 1] / period) + 50
        before = deviation[max(edge, at - 50) : at].min()
        if deviation[at : at + n_caught_up].min() - before > gap_s / 2:
            edges.append(at)
            edge = at
    return np.array(edges, dtype=np.intp)


def _refit(
    times: NDArray[np.float64],
    index: NDArray[np.float64],
    edges: NDArray[np.intp],
    period: float,
) -> NDArray[np.float64]:
    """Put the samples of each stretch on its line."""
    bounds = np.concatenate([[0], edges, [len(times)]])
    result = np.empty_like(times)
    reached = -np.inf
    for first, last in pairwise(bounds):
        line = _line(times[first:last], index[first:last], period)
        if line[0] <= reached:
            line += reached - line[0] + period / 2
        result[first:last] = line
        reached = line[-1]
    return result


def _line(
    times: NDArray[np.float64], index: NDArray[np.float64], period: float
) -> NDArray[np.float64]:
    """Return the times of one stretch as a piecewise straight line."""
    slope = _slope(times, index, period)
    deviation = times - slope * index
    n_blocks = min(
        int((index[-1] - index[0]) * period / BLOCK_S), len(times) // MIN_BLOCK
    )
    if n_blocks < 2:
        straight: NDArray[np.float64] = slope * index + np.quantile(deviation, QUANTILE)
        return straight
    blocks = np.array_split(np.arange(len(times)), n_blocks)
    centres = np.array([index[block].mean() for block in blocks])
    levels = np.array([np.quantile(deviation[block], QUANTILE) for block in blocks])
    # The line must rise: a level may fall by no more than half a period a sample.
    levels = np.maximum.accumulate(levels + slope / 2 * centres) - slope / 2 * centres
    drift = np.interp(index, centres, levels)
    for edge, inner, is_out in (
        (0, 1, index < centres[0]),
        (-1, -2, index > centres[-1]),
    ):
        tilt = (levels[edge] - levels[inner]) / (centres[edge] - centres[inner])
        tilt = float(np.clip(tilt, -slope / 2, slope / 2))
        drift[is_out] = levels[edge] + tilt * (index[is_out] - centres[edge])
    line: NDArray[np.float64] = slope * index + drift
    return line


def _slope(
    times: NDArray[np.float64], index: NDArray[np.float64], period: float
) -> float:
    """Return the period within one stretch, by least squares without outliers."""
    if len(times) < 10:
        return period
    centred = index - index.mean()
    slope = period
    keep = np.ones(len(times), dtype=np.bool_)
    for _ in range(3):
        chosen = centred[keep] - centred[keep].mean()
        slope = float(chosen @ times[keep] / (chosen @ chosen))
        deviation = times - slope * centred
        deviation -= np.median(deviation)
        spread = np.median(np.abs(deviation))
        keep = np.abs(deviation) <= 5 * spread + 1e-12
        if keep.sum() < 10:
            break
    return slope if abs(slope / period - 1) < 0.2 else period
