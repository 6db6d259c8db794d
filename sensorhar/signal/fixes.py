"""Bad GPS fixes, found by their stated accuracy and by what a body cannot do."""

from __future__ import annotations

from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from sensorhar.signal._inputs import check_positive
from sensorhar.signal.geo import distance_m

__all__ = ["FAULTS", "find_bad_fixes"]

#: What a fix can suffer from, in the order in which it is looked for.
FAULTS = ("missing", "accuracy", "stale", "speed", "acceleration")

N_BACK = 30  # stretches a chain may leave out at once
#: Fixes left out at the end of a stretch and at the beginning of the next: one that is
#: wrong but near enough must not cut the chain. Fewest first.
CUTS = sorted(product(range(4), repeat=2), key=sum)
SPEED_MOVING_MPS = 1.0  # beyond it a receiver says that it moves
STATED_AS_M = 5.0  # error of a fix whose accuracy is unknown: open sky
LONGEST_S = 10.0  # over longer steps any place can be reached by accelerating

Array = NDArray[np.float64]


def find_bad_fixes(
    lat_deg: ArrayLike,
    lon_deg: ArrayLike,
    time_s: ArrayLike,
    *,
    speed_mps: ArrayLike | None = None,
    accuracy_m: ArrayLike | None = None,
    max_accuracy_m: float = 50.0,
    max_speed_mps: float = 100.0,
    max_acceleration_mps2: float = 10.0,
) -> NDArray[np.str_]:
    r"""Say of each fix what is wrong with it.

    ``"missing"``: no position, one off the globe, exactly 0° N 0° E, or a negative
    accuracy, which devices write for "none". ``"accuracy"``: its stated accuracy is
    worse than allowed. ``"stale"``: the place of the fix before once more, though the
    receiver says that it moves. ``"speed"``: it cannot be reached. Of all chains of
    fixes in which each can be reached from the one before, the longest is believed::

        o                          cached from yesterday: believed by none
             x-x-x-x   x-x-x-x-x   the longest chain
                     o             a reflection

    so that a first fix from the cache falls out instead of all that follow it.
    ``"acceleration"``: it lies farther off the line between its neighbours than
    :math:`a\,\Delta t_1\,\Delta t_2 / 2`, which is all that a body can do whose
    acceleration never exceeds a, and twice the accuracies of the three.

    Parameters
    ----------
    lat_deg, lon_deg : array-like of shape (n_fixes,), in deg
        Positions; NaN is a missing one.
    time_s : array-like of shape (n_fixes,), in s
        Strictly increasing.
    speed_mps : array-like of shape (n_fixes,) or None, default=None
        Reported speed, NaN where unknown.
    accuracy_m : array-like of shape (n_fixes,) or None, default=None
        Reported accuracy (68 % lie within, by Android's definition), NaN where
        unknown.
    max_accuracy_m : float, default=50
        What is worse is bad.
    max_speed_mps : float, default=100
        What is faster is bad. 100 m/s is a fast train; aeroplanes need 320.
    max_acceleration_mps2 : float, default=10
        Vehicles brake with up to that on a dry road.

    Returns
    -------
    array of str of shape (n_fixes,)
        One of ``FAULTS``, or ``""`` for a good fix.

    Raises
    ------
    ValueError
        When shapes differ or a limit is not above 0.

    Examples
    --------
    >>> lat = [46.9, 47.0, 47.0001, 47.0002]  # the first is 11 km away
    >>> find_bad_fixes(lat, [8, 8, 8, 8], [0, 1, 2, 3]).tolist()
    ['speed', '', '', '']
    """
    for name, value, unit in (
        ("max_accuracy_m", max_accuracy_m, "m"),
        ("max_speed_mps", max_speed_mps, "m/s"),
        ("max_acceleration_mps2", max_acceleration_mps2, "m/s^2"),
    ):
        check_positive(value, name, unit)
    lat, lon = np.asarray(lat_deg, np.float64), np.asarray(lon_deg, np.float64)
    times = np.asarray(time_s, np.float64)
    speed = _column(speed_mps, len(lat))
    accuracy = _column(accuracy_m, len(lat))
    shapes = {array.shape for array in (lat, lon, times, speed, accuracy)}
    if len(shapes) > 1 or lat.ndim != 1:
        raise ValueError(
            "positions, times, speeds and accuracies must have one shape (n_fixes,); "
            f"got {sorted(shapes)!r}."
        )
    fault = np.full(len(lat), "", dtype="<U12")
    with np.errstate(invalid="ignore"):
        is_placed = (np.abs(lat) <= 90) & (np.abs(lon) <= 360)
        is_none = ((lat == 0) & (lon == 0)) | (accuracy < 0)
        fault[~is_placed | is_none] = "missing"
        fault[(fault == "") & (accuracy > max_accuracy_m)] = "accuracy"
        left = np.flatnonzero(fault == "")
        fault[left[_is_stale(lat[left], lon[left], speed[left])]] = "stale"
        fault[(fault == "") & (speed > max_speed_mps)] = "speed"
    left = np.flatnonzero(fault == "")
    chain = _longest_chain(lat[left], lon[left], times[left], max_speed_mps)
    fault[np.setdiff1d(left, left[chain])] = "speed"
    left = np.flatnonzero(fault == "")
    is_off = _is_off(
        lat[left], lon[left], times[left], accuracy[left], max_acceleration_mps2
    )
    fault[left[is_off]] = "acceleration"
    return fault


def _column(values: ArrayLike | None, n_fixes: int) -> Array:
    if values is None:
        return np.full(n_fixes, np.nan)
    return np.asarray(values, np.float64)


def _is_stale(lat: Array, lon: Array, speed: Array) -> NDArray[np.bool_]:
    """Whether the place before is repeated to the last digit while moving."""
    is_same = np.zeros(len(lat), dtype=bool)
    is_same[1:] = (np.diff(lat) == 0) & (np.diff(lon) == 0)
    return is_same & (speed > SPEED_MOVING_MPS)


def _longest_chain(
    lat: Array, lon: Array, times: Array, max_speed_mps: float
) -> NDArray[np.intp]:
    """Return the fixes of the longest chain in which each can be reached.

    Fixes are first joined to stretches without an impossible step, of which there
    are few; the best chain of stretches is then found from the front, where the ends
    of a stretch may be left out.
    """
    if len(lat) < 2:
        return np.arange(len(lat))
    way = distance_m(lat[:-1], lon[:-1], lat[1:], lon[1:])
    breaks = np.flatnonzero(way > max_speed_mps * np.diff(times)) + 1
    first = np.concatenate([[0], breaks])
    last = np.concatenate([breaks, [len(lat)]]) - 1
    total = (last - first + 1).astype(np.int64)
    link: list[tuple[int, int, int]] = [(-1, 0, 0)] * len(first)
    for i in range(1, len(first)):
        near = np.arange(max(0, i - N_BACK), i)
        best = 0
        for cut in CUTS:
            ends, start = last[near] - cut[0], first[i] + cut[1]
            if start > last[i]:
                continue
            way = distance_m(lat[ends], lon[ends], lat[start], lon[start])
            can = way <= max_speed_mps * (times[start] - times[ends])
            worth = np.where(can & (ends >= first[near]), total[near] - sum(cut), 0)
            if worth.max() > best:
                best = int(worth.max())
                link[i] = (int(near[np.argmax(worth)]), cut[0], cut[1])
        total[i] += best
    # Of equally long ones the latest: what came first may come from a cache.
    now = len(total) - 1 - int(np.argmax(total[::-1]))
    parts, n_cut = [], 0
    while now >= 0:
        before, n_before, n_after = link[now]
        parts.append(np.arange(first[now] + n_after, last[now] + 1 - n_cut))
        now, n_cut = before, n_before
    return np.concatenate(parts[::-1])


def _is_off(
    lat: Array, lon: Array, times: Array, accuracy: Array, max_mps2: float
) -> NDArray[np.bool_]:
    """Whether a fix lies off the line between its neighbours, more than they do."""
    n_fixes = len(lat)
    if n_fixes < 3:
        return np.zeros(n_fixes, dtype=bool)
    before_s, after_s = np.diff(times)[:-1], np.diff(times)[1:]
    share = before_s / (before_s + after_s)
    lat_between = lat[:-2] + share * (lat[2:] - lat[:-2])
    lon_between = lon[:-2] + share * (lon[2:] - lon[:-2])
    off_m = distance_m(lat[1:-1], lon[1:-1], lat_between, lon_between)
    each_m = np.where(np.isnan(accuracy), STATED_AS_M, accuracy)
    error_m = each_m[1:-1] + (1 - share) * each_m[:-2] + share * each_m[2:]
    allowed_m = max_mps2 * before_s * after_s / 2 + 2 * error_m
    excess = np.zeros(n_fixes)
    excess[1:-1] = off_m - allowed_m
    is_short = (before_s < LONGEST_S) & (after_s < LONGEST_S)
    excess[1:-1][~is_short] = 0.0
    # A single fix aside pulls the lines of both neighbours: the worst one is it.
    is_worst = np.zeros(n_fixes, dtype=bool)
    is_worst[1:-1] = (excess[1:-1] >= excess[:-2]) & (excess[1:-1] >= excess[2:])
    return is_worst & (excess > 0)
