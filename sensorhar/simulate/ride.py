"""How fast one goes with each means of transport: roads, stops, traffic and turns."""

from dataclasses import dataclass
from math import inf, sqrt
from typing import Any

import numpy as np
from numpy.typing import NDArray

__all__ = ["GRID_HZ", "RIDES", "Course", "Ride", "Road", "drive"]

GRID_HZ = 10.0
KMH = 1 / 3.6

# Numbers without a source are assumptions. Buses and cars follow H. S. Levinson,
# "Analyzing transit travel time performance", Transportation Research Record 915
# (1983): local buses stop at 68 to 78 % of their stops, for 5 s and 2.75 s for each
# passenger; 48 to 75 % of their time they move, 9 to 25 % are spent at stops, 12 to
# 26 % in traffic; they make 23 km/h in suburbs, 16 in a city, 8 in its centre, and
# cars on the same roads 1.4 to 1.6 times that. Measured on what is made here: see
# simulate_journeys.


@dataclass(frozen=True)
class Road:
    """One kind of way, and what holds one up on it.

    Attributes
    ----------
    share : float
        Of the rides that go there.
    limits_mps : tuple of float
        Speeds that are allowed or usual, changing along the way.
    junction_m : float
        Mean way between junctions or crossings; infinite for none.
    red : float
        Chance that one must stop there.
    turn : float
        Chance to turn off there.
    station_m : float
        Mean way between stops for passengers; infinite for none.
    """

    share: float
    limits_mps: tuple[float, ...]
    junction_m: float = inf
    red: float = 0.0
    turn: float = 0.0
    station_m: float = inf


@dataclass(frozen=True)
class Ride:
    """One means of transport.

    Attributes
    ----------
    roads : tuple of Road
        Where it goes; a ride stays on one kind.
    own_mps : float or None
        Speed of the average person under their own power; None for engines.
    own_sd : float
        Its spread over people, relative.
    accelerate_mps2, brake_mps2 : float
        Usual, not the most possible.
    corner_m : float
        Radius of a turn at a junction.
    bend_m : float
        Typical radius of the bends between.
    sideways_mps2 : float
        Most acceleration in a bend.
    stop_at_station : float
        Chance to stop at a station.
    dwell_s : tuple of two float
        Time there: least, and mean of what comes on top.
    red_s : tuple of two float
        Shortest and longest wait at a junction.
    """

    roads: tuple[Road, ...]
    accelerate_mps2: float
    brake_mps2: float
    corner_m: float
    bend_m: float
    sideways_mps2: float
    own_mps: float | None = None
    own_sd: float = 0.0
    stop_at_station: float = 0.0
    dwell_s: tuple[float, float] = (0.0, 0.0)
    red_s: tuple[float, float] = (4.0, 45.0)


def _kmh(*speeds: float) -> tuple[float, ...]:
    return tuple(speed * KMH for speed in speeds)


#: Means of transport by label.
RIDES: dict[str, Ride] = {
    # 1.35 m/s: about the mean of comfortable gaits of adults of 20 to 69 years in
    # R. W. Bohannon, Age and Ageing 26 (1997), 1.27 to 1.46 m/s.
    "walk": Ride(
        (Road(1.0, (9.9,), junction_m=140, red=0.25, turn=0.35),),
        accelerate_mps2=0.7, brake_mps2=0.8, corner_m=1.5, bend_m=25,
        sideways_mps2=0.8, own_mps=1.35, own_sd=0.11, red_s=(3, 40),
    ),
    # 17 km/h in the saddle: most studies found 12 to 20 (D. P. Allen et al.,
    # "Operational analysis of uninterrupted bicycle facilities", Transportation
    # Research Record 1636, 1998).
    "bike": Ride(
        (
            Road(0.7, (9.9,), junction_m=180, red=0.28, turn=0.25),
            Road(0.3, (9.9,), junction_m=600, red=0.15, turn=0.3),
        ),
        accelerate_mps2=0.7, brake_mps2=1.2, corner_m=4, bend_m=60,
        sideways_mps2=1.5, own_mps=4.8, own_sd=0.18, red_s=(3, 45),
    ),
    "bus": Ride(
        (
            Road(0.7, _kmh(30, 50, 50), 220, 0.35, 0.12, station_m=330),
            Road(0.3, _kmh(50, 50, 70), 450, 0.30, 0.10, station_m=600),
        ),
        accelerate_mps2=0.9, brake_mps2=1.0, corner_m=12, bend_m=150,
        sideways_mps2=1.2, stop_at_station=0.73, dwell_s=(5, 11), red_s=(4, 55),
    ),
    "car": Ride(
        (
            Road(0.5, _kmh(30, 50, 50), 220, 0.35, 0.20),
            Road(0.3, _kmh(50, 70, 80), 500, 0.28, 0.15),
            Road(0.2, _kmh(80, 100, 120), 5000, 0.0, 0.0),
        ),
        accelerate_mps2=1.3, brake_mps2=1.6, corner_m=9, bend_m=150,
        sideways_mps2=2.0, red_s=(4, 55),
    ),
    "train": Ride(
        (
            Road(0.5, _kmh(60, 70, 80), station_m=1400),
            Road(0.5, _kmh(80, 120, 140), station_m=4500),
        ),
        accelerate_mps2=0.8, brake_mps2=0.8, corner_m=300, bend_m=1500,
        sideways_mps2=0.6, stop_at_station=0.9, dwell_s=(20, 20),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Course:
    """One ride on a grid of 10 Hz.

    Attributes
    ----------
    speed_mps, turn_radps : arrays of shape (n_steps,)
        Speed along the way and rate of turning, counter-clockwise.
    is_station : bool array of shape (n_steps,)
        Whether one stands at, leaves or nears a stop for passengers.
    """

    speed_mps: NDArray[np.float64]
    turn_radps: NDArray[np.float64]
    is_station: NDArray[np.bool_]


def drive(
    mode: str, duration_s: float, style: dict[str, float], rng: np.random.Generator
) -> Course:
    """Drive for a while, from a standstill to a standstill.

    Ahead lie points: junctions, stations and corners. One accelerates to the speed of
    the road, brakes in time for the next point, waits there or turns, and goes on.

    Parameters
    ----------
    mode : str
        A row of ``RIDES``.
    duration_s : float
        How long.
    style : dict of str to float
        ``"own"`` and ``"vigour"`` of the person, about 1.
    rng : Generator
        Draws road, traffic, points and waits.

    Returns
    -------
    Course
        Of ``duration_s * 10`` steps.
    """
    ride = RIDES[mode]
    road = ride.roads[rng.choice(len(ride.roads), p=[r.share for r in ride.roads])]
    points = _Points(ride, road, rng)
    # One ride meets one density of traffic; trains and walkers meet none.
    flow = rng.uniform(0.6, 1.05) if mode in ("car", "bus") else rng.uniform(0.93, 1.05)
    # Drivers differ more than the vehicles do.
    vigour = float(np.exp(rng.normal(0, 0.25)))
    if mode in ("walk", "bike"):
        vigour = style["vigour"]
    n_steps = round(duration_s * GRID_HZ)
    speeds, turns = np.zeros(n_steps), np.zeros(n_steps)
    stations = np.zeros(n_steps, dtype=bool)
    wander = _wander(n_steps, 12.0, rng).tolist()
    bends = (_wander(n_steps, 15.0, rng) / ride.bend_m).tolist()
    unsteady = 0.02 if mode == "train" else 0.07
    brake_mps2, pull_mps2 = ride.brake_mps2 * vigour, ride.accelerate_mps2 * vigour
    corner_mps = _corner_mps(ride)
    step_s = 1 / GRID_HZ
    speed = acceleration = 0.0
    limit = wait_s = corner_left = corner_turn = 0.0
    limit_left_s = 0.0
    for i in range(n_steps):
        if limit_left_s <= 0:
            limit = float(rng.choice(road.limits_mps)) * flow
            if ride.own_mps is not None:
                limit = min(limit, ride.own_mps * style["own"] * flow)
            limit_left_s = rng.exponential(45.0) + 10
        limit_left_s -= step_s
        point = points.next
        stations[i] = point.is_station and point.ahead_m < 150
        if wait_s > 0:  # standing
            wait_s -= step_s
            speed = acceleration = 0.0
            if wait_s <= 0:
                points.advance()
            continue
        wanted = limit * (1 + unsteady * wander[i])
        if corner_left > 0:
            wanted = min(wanted, corner_mps)
        # One arrives in time: the ride ends at a standstill.
        left_s = (n_steps - i) * step_s - 1.5
        wanted = min(wanted, max(0.9 * brake_mps2 * left_s, 0.0))
        room_m = max(point.ahead_m - 0.3, 0.0)
        wanted = min(wanted, sqrt(point.speed_mps**2 + 2 * brake_mps2 * room_m))
        # Engines pull less the faster it goes.
        pull = min((wanted - speed) / 0.8, pull_mps2 / (1 + speed / 25.0))
        pull = max(pull, -1.6 * brake_mps2)
        acceleration += (pull - acceleration) * step_s / 0.4  # nobody jerks
        speed = max(speed + acceleration * step_s, 0.0)
        speeds[i] = speed
        points.go(speed * step_s)
        if corner_left > 0:
            turns[i] = corner_turn * speed
            corner_left -= speed * step_s
        else:
            most = ride.sideways_mps2 / max(speed, 1.0) ** 2
            turns[i] = speed * min(max(bends[i], -most), most)
        if point.wait_s > 0:
            if point.ahead_m < 0.8 and speed < 0.2:
                wait_s, speed, acceleration = point.wait_s, 0.0, 0.0
        elif point.ahead_m <= 0:
            if point.turn_rad:
                corner_left = abs(point.turn_rad) * ride.corner_m
                corner_turn = (1 if point.turn_rad > 0 else -1) / ride.corner_m
            points.advance()
    return Course(speeds, turns, stations)


def _corner_mps(ride: Ride) -> float:
    """Return how fast one takes the corner of a junction."""
    return sqrt(0.8 * ride.sideways_mps2 * ride.corner_m)


@dataclass
class _Point:
    """Something ahead that one must slow down for, or not."""

    ahead_m: float
    speed_mps: float
    wait_s: float
    turn_rad: float
    is_station: bool


class _Points:
    """The next point along the way, drawn one by one."""

    def __init__(self, ride: Ride, road: Road, rng: np.random.Generator) -> None:
        self._ride, self._road, self._rng = ride, road, rng
        self._junction_m = self._station_m = 0.0
        self._draw_junction()
        self._draw_station()
        self.next = self._nearest()

    def go(self, way_m: float) -> None:
        """Move on by some metres."""
        self._junction_m -= way_m
        self._station_m -= way_m
        self.next.ahead_m -= way_m

    def advance(self) -> None:
        """Leave the point behind and look for the next one."""
        if self.next.is_station:
            self._draw_station()
        else:
            self._draw_junction()
        self.next = self._nearest()

    def _draw_junction(self) -> None:
        mean = self._road.junction_m
        self._junction_m = mean * self._rng.uniform(0.4, 1.6)

    def _draw_station(self) -> None:
        mean = self._road.station_m
        self._station_m = mean * self._rng.uniform(0.6, 1.4)

    def _nearest(self) -> _Point:
        rng, ride, road = self._rng, self._ride, self._road
        free = _Point(inf, inf, 0.0, 0.0, False)
        if min(self._junction_m, self._station_m) == inf:
            return free
        if self._station_m < self._junction_m:
            wait_s = 0.0
            if rng.uniform() < ride.stop_at_station:
                wait_s = ride.dwell_s[0] + float(rng.gamma(2.0, ride.dwell_s[1] / 2))
            speed = 0.0 if wait_s else inf
            return _Point(max(self._station_m, 0.0), speed, wait_s, 0.0, True)
        turn_rad = 0.0
        if rng.uniform() < road.turn:
            turn_rad = float(rng.choice([-1, 1])) * rng.uniform(1.0, 1.75)
        if rng.uniform() < road.red:
            wait_s = float(rng.uniform(*ride.red_s))
            return _Point(max(self._junction_m, 0.0), 0.0, wait_s, turn_rad, False)
        speed = _corner_mps(ride) if turn_rad else inf
        return _Point(max(self._junction_m, 0.0), speed, 0.0, turn_rad, False)


def _wander(n_steps: int, tau_s: float, rng: np.random.Generator) -> NDArray[Any]:
    """Return noise of spread 1 that forgets itself after tau, smoothed."""
    from scipy.signal import lfilter

    keep = np.exp(-1 / (tau_s * GRID_HZ))
    white = rng.normal(size=n_steps + round(5 * tau_s * GRID_HZ))
    twice = lfilter([1 - keep], [1, -keep], lfilter([1.0], [1, -keep], white))
    # Power of two equal first-order filters in a row, unit white noise in.
    power = (1 + keep**2) / (1 - keep**2) ** 3 * (1 - keep) ** 2
    return np.asarray(twice[len(white) - n_steps :] / np.sqrt(power))
