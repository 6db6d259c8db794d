"""What GPS makes of a journey: errors that wander, gaps, stale fixes and wild ones."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["COLUMNS", "receive"]

COLUMNS = ("east_m", "north_m", "alt_m", "speed_mps", "bearing_deg", "accuracy_m")

# Phones are typically right to 4.9 m under open sky (F. van Diggelen and P. Enge, "The
# world's first GPS MOOC and worldwide laboratory using smartphones", ION GNSS+ 2015,
# as quoted by gps.gov); taken here for the circle that holds 68 %, whose radius is
# 1.51 times the spread along one axis. The rest are assumptions: errors wander for
# some 40 s as reflections change; the speed comes from the Doppler shift and is far
# better; streets and vehicles cost accuracy.
ERROR_M = 4.9 / 1.51
TAU_S = 40.0
SPEED_ERROR_MPS = 0.15
#: Factor on errors: people on foot keep to walls, trains and buses shield.
SHIELD = {"walk": 1.5, "bike": 1.1, "bus": 1.6, "car": 1.2, "train": 2.0}
WILD_SHARE = 0.004  # a reflection taken for the signal
STALE_SHARE = 0.004  # the last fix given once more
UNDERGROUND_SHARE = 0.3  # of the stations of trains
TUNNEL_EVERY_S = {"train": 240.0, "car": 900.0, "bus": 1200.0}
LOST_EVERY_S = 300.0  # a fix or some fail without a reason


def receive(
    truth: NDArray[np.float64],
    mode: NDArray[np.str_],
    is_station: NDArray[np.bool_],
    rng: np.random.Generator,
) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Add the errors of a receiver to one fix a second.

    Parameters
    ----------
    truth : array of shape (n_fixes, 6)
        Columns of ``COLUMNS``; the accuracy is not looked at.
    mode : array of str of shape (n_fixes,)
        Means of transport, which shield differently.
    is_station : bool array of shape (n_fixes,)
        Whether at a station, which may lie underground.
    rng : Generator
        Draws the errors.

    Returns
    -------
    fixes : array of shape (n_fixes, 6)
        What the receiver says.
    is_kept : bool array of shape (n_fixes,)
        False where there is no fix. The first is kept, and often is an old one.
    """
    n_fixes = len(truth)
    shield = np.array([SHIELD[name] for name in mode])
    canyon = np.exp(0.5 * _slow(n_fixes, 1, 60.0, rng)[:, 0])
    size = np.exp(0.2 * rng.normal()) * shield * canyon
    error = ERROR_M * size[:, None] * _slow(n_fixes, 3, TAU_S, rng) * [1, 1, 2]
    error += 0.3 * rng.normal(size=error.shape)
    fixes = truth.copy()
    fixes[:, :3] += error
    slip = SPEED_ERROR_MPS * size
    fixes[:, 3] = np.maximum(truth[:, 3] + slip * rng.normal(size=n_fixes), 0.0)
    wild_rad = slip / np.maximum(truth[:, 3], 0.1)
    bearing = truth[:, 4] + np.rad2deg(wild_rad) * rng.normal(size=n_fixes)
    fixes[:, 4] = np.mod(bearing, 360.0)
    stated = 1.51 * ERROR_M * size * np.exp(0.25 * rng.normal(size=n_fixes))
    fixes[:, 5] = np.round(np.maximum(stated, 3.0), 1)
    _add_wild(fixes, rng)
    is_kept = ~_lost(mode, is_station, rng)
    is_kept[0] = True
    _repeat(fixes, is_kept, rng)
    _start_stale(fixes, rng)
    return fixes, is_kept


def _add_wild(fixes: NDArray[Any], rng: np.random.Generator) -> None:
    """Throw some fixes aside; half of them are honest about it."""
    for first in np.flatnonzero(rng.uniform(size=len(fixes)) < WILD_SHARE):
        some = slice(first, first + int(rng.integers(1, 4)))
        far_m, way = rng.uniform(60, 400), rng.uniform(0, 2 * np.pi)
        fixes[some, :2] += far_m * np.array([np.cos(way), np.sin(way)])
        if rng.uniform() < 0.5:
            fixes[some, 5] = np.round(far_m * rng.uniform(0.5, 1.0), 1)


def _lost(
    mode: NDArray[np.str_], is_station: NDArray[np.bool_], rng: np.random.Generator
) -> NDArray[np.bool_]:
    """Draw where there is no fix: tunnels, stations underground, and for no reason."""
    n_fixes = len(mode)
    lost = np.zeros(n_fixes, dtype=bool)
    chance = 1 / np.array([TUNNEL_EVERY_S.get(name, np.inf) for name in mode])
    for first in np.flatnonzero(rng.uniform(size=n_fixes) < chance).tolist():
        length_s = int(rng.uniform(8, 75) if mode[first] == "train" else 10)
        # A tunnel ends where the ride does.
        inside = np.arange(first, min(first + length_s, n_fixes))
        lost[inside[mode[inside] == mode[first]]] = True
    is_stop = is_station & (mode == "train")
    edges = np.flatnonzero(np.diff(np.concatenate([[0], is_stop, [0]])))
    for first, last in edges.reshape(-1, 2).tolist():
        if rng.uniform() < UNDERGROUND_SHARE:
            lost[first:last] = True
    none = rng.uniform(size=n_fixes) < 1 / LOST_EVERY_S
    for first in np.flatnonzero(none).tolist():
        lost[first : first + int(rng.integers(1, 6))] = True
    return lost


def _repeat(
    fixes: NDArray[Any], is_kept: NDArray[np.bool_], rng: np.random.Generator
) -> None:
    """Give a fix again in place of the next one or two."""
    for first in np.flatnonzero(rng.uniform(size=len(fixes)) < STALE_SHARE):
        some = slice(first + 1, first + int(rng.integers(2, 4)))
        if is_kept[first]:
            fixes[some] = fixes[first]


def _start_stale(fixes: NDArray[Any], rng: np.random.Generator) -> None:
    """Begin with the place of last time, which the phone still holds to be good."""
    if rng.uniform() < 0.6:
        far_m, way = rng.uniform(300, 5000), rng.uniform(0, 2 * np.pi)
        n_old = int(rng.integers(1, 4))
        fixes[:n_old, :2] += far_m * np.array([np.cos(way), np.sin(way)])
        fixes[:n_old] = fixes[0]
        fixes[:n_old, 3:] = [0.0, 0.0, np.round(rng.uniform(5, 30), 1)]


def _slow(
    n_fixes: int, n_columns: int, tau_s: float, rng: np.random.Generator
) -> NDArray[np.float64]:
    """Return noise of spread 1 that forgets itself after tau (Gauss and Markov's)."""
    from scipy.signal import lfilter

    keep = np.exp(-1 / tau_s)
    white = np.sqrt(1 - keep**2) * rng.normal(size=(n_fixes, n_columns))
    white[0] /= np.sqrt(1 - keep**2)
    return np.asarray(lfilter([1.0], [1.0, -keep], white, axis=0))
