"""Simulated journeys on foot and by bicycle, bus, car and train: GPS and shaking."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive
from sensorhar.data import Events, Recording, Stream
from sensorhar.signal.local_metres import from_local_m
from sensorhar.signal.quaternion import quaternion_product, quaternion_rotate
from sensorhar.simulate.clock import sample_times
from sensorhar.simulate.flaws import FLAWS, flawed
from sensorhar.simulate.read_out import ORIGIN
from sensorhar.simulate.receiver import receive
from sensorhar.simulate.ride import GRID_HZ, RIDES, Course, drive
from sensorhar.simulate.shaking import shake_mps2
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["JOURNEY_SENSORS", "MODES", "simulate_journeys"]

#: Means of transport, which are the labels.
MODES = tuple(RIDES)

JOURNEY_SENSORS = ("gps", "accelerometer")

#: Least and most time in s that one waits for each before it goes; without a label.
WAIT_S = {"walk": (0, 5), "bike": (5, 15), "car": (5, 20), "bus": (15, 90)}
WAIT_S["train"] = (30, 120)

Array = NDArray[np.float64]


def simulate_journeys(
    n_people: int = 8,
    *,
    modes: Sequence[str] | None = None,
    minutes_per_mode: float = 6.0,
    sensors: Sequence[str] = JOURNEY_SENSORS,
    rate_hz: float = 25.0,
    clean: bool = False,
    random_state: int | np.random.Generator | None = 0,
) -> list[Recording]:
    """Simulate one journey of each of several people.

    Everyone goes by every means of transport, in random order, on foot in between::

        walk | wait | bus | walk | bike | walk | wait | train | walk | car | walk

    Speeds overlap as they do in towns: a bus with its stops is no faster than a
    bicycle, a car in traffic no faster than a bus, a car on a motorway as fast as a
    train. The phone lies in a pocket or bag, turned any way, and differently on each
    leg.

    Parameters
    ----------
    n_people : int, default=8
        How many people.
    modes : sequence of str or None, default=None
        Of ``"walk"``, ``"bike"``, ``"bus"``, ``"car"`` and ``"train"``; None takes
        all.
    minutes_per_mode : float, default=6
        How long everyone goes by each, more or less 30 %.
    sensors : sequence of str, default=("gps", "accelerometer")
        What is recorded.
    rate_hz : float, default=25
        Of the accelerometer; GPS gives a fix a second.
    clean : bool, default=False
        True leaves out the errors of both sensors and the gaps; people go alike.
    random_state : int, Generator or None, default=0
        The same number gives the same journeys.

    Returns
    -------
    list of Recording
        With subject and events; waiting has no label. Speed is the derivative of
        position, and the accelerometer feels its derivative.

    Raises
    ------
    ValueError
        When a number is not above 0, or a mode or sensor is unknown.

    Notes
    -----
    A model with stated parameters, not a measurement: see :mod:`sensorhar.simulate.
    ride` for roads, stops and traffic, :mod:`sensorhar.simulate.receiver` for fixes,
    :mod:`sensorhar.simulate.shaking` for vibration, with sources where there are any.
    40 rides of 8 minutes of each kind make these mean speeds (km/h; 5, 50 and 95 % of
    the rides lie below) and stand for so much of their time:

    ======  ====  ====  ====  ========
    mode    5 %   50 %  95 %  standing
    ======  ====  ====  ====  ========
    walk    3.8   4.5   5.6   4 %
    bike    11.1  14.7  19.4  11 %
    bus     12.7  17.8  27.5  33 %
    car     18.1  31.7  91.6  16 %
    train   36.5  61.4  82.3  18 %
    ======  ====  ====  ====  ========

    Compare methods on it, and measure them on real data.

    Examples
    --------
    >>> (journey,) = simulate_journeys(1, minutes_per_mode=1)
    >>> sorted(set(journey.events.labels))
    ['bike', 'bus', 'car', 'train', 'walk']
    >>> [stream.kind for stream in journey.streams]
    ['gps', 'accelerometer']
    """
    check_positive(n_people, "n_people")
    check_positive(minutes_per_mode, "minutes_per_mode", "minutes")
    check_positive(rate_hz, "rate_hz", "Hz")
    chosen = list(dict.fromkeys(MODES if modes is None else modes))
    for name in chosen:
        check_choice(name, "mode", MODES)
    for name in sensors:
        check_choice(name, "sensor", JOURNEY_SENSORS)
    if not chosen or not sensors:
        raise ValueError(
            f"modes and sensors must each name at least one; got {chosen!r} and "
            f"{list(sensors)!r}. Leave them out for all."
        )
    people = np.random.default_rng(random_state).spawn(int(n_people))
    return [
        _journey(
            f"person{number + 1:02d}",
            _schedule(chosen, 60 * minutes_per_mode, rng),
            [name for name in JOURNEY_SENSORS if name in sensors],
            rate_hz,
            clean,
            rng,
        )
        for number, rng in enumerate(people)
    ]


@dataclass(frozen=True)
class _Way:
    """A whole journey on the grid of 10 Hz."""

    time_s: Array
    speed_mps: Array
    turn_radps: Array
    heading_rad: Array  # counter-clockwise from east
    position_m: Array  # east, north, up
    leg: NDArray[np.int64]
    is_station: NDArray[np.bool_]


def _schedule(
    modes: list[str], each_s: float, rng: np.random.Generator
) -> list[tuple[str, float, float]]:
    """Draw the legs of a journey: mode, time waited before, time gone."""
    rides = [str(name) for name in rng.permutation([m for m in modes if m != "walk"])]
    order = rides
    if "walk" in modes:
        order = ["walk"]
        for name in rides:
            order += [name, "walk"]
    legs = []
    for name in order:
        share = order.count(name)
        gone_s = each_s * rng.uniform(0.7, 1.3) / share
        legs.append((name, float(rng.uniform(*WAIT_S[name])), float(gone_s)))
    return legs


def _journey(
    name: str,
    legs: list[tuple[str, float, float]],
    sensors: list[str],
    rate_hz: float,
    clean: bool,
    rng: np.random.Generator,
) -> Recording:
    """Simulate one person."""
    # Each part draws from a stream of its own, so that leaving one sensor or all
    # flaws out changes nothing about the rest.
    way_rng, shake_rng, gps_rng, acc_rng = rng.spawn(4)
    style = {key: float(np.exp(way_rng.normal(0, 0.1))) for key in ("cadence",)}
    style |= {key: float(np.exp(way_rng.normal(0, 0.15))) for key in ("stride",)}
    style["vigour"] = float(np.exp(way_rng.normal(0, 0.15)))
    own = {
        mode: float(np.exp(way_rng.normal(0, ride.own_sd)))
        for mode, ride in RIDES.items()
    }
    courses, start_s, stop_s, now_s = [], [], [], 0.0
    for mode, wait_s, gone_s in legs:
        course = drive(mode, gone_s, {**style, "own": own[mode]}, way_rng)
        n_wait = round(wait_s * GRID_HZ)
        courses.append(_waited(course, n_wait))
        start_s.append(now_s + n_wait / GRID_HZ)
        now_s += len(courses[-1].speed_mps) / GRID_HZ
        stop_s.append(now_s)
    way = _join(courses, way_rng)
    modes = [mode for mode, _, _ in legs]
    streams = []
    if "gps" in sensors:
        origin = (ORIGIN[0] + way_rng.uniform(-2, 2), ORIGIN[1], ORIGIN[2])
        streams.append(_gps(way, modes, origin, None if clean else gps_rng))
    if "accelerometer" in sensors:
        flaws_rng = None if clean else acc_rng
        streams.append(_shaken(way, modes, style, rate_hz, shake_rng, flaws_rng))
    return Recording(
        streams,
        name=name,
        subject=name,
        events=Events(start_s, stop_s, modes),
        metadata={"simulated": True},
    )


def _waited(course: Course, n_wait: int) -> Course:
    """Put a wait before a ride."""
    still = np.zeros(n_wait)
    return Course(
        np.concatenate([still, course.speed_mps]),
        np.concatenate([still, course.turn_radps]),
        # Where one waits for a train one is at its station.
        np.concatenate([np.full(n_wait, course.is_station.any()), course.is_station]),
    )


def _join(courses: list[Course], rng: np.random.Generator) -> _Way:
    """Put rides together and add speed up to position."""
    speed = np.concatenate([course.speed_mps for course in courses])
    turn = np.concatenate([course.turn_radps for course in courses])
    step_s = 1 / GRID_HZ
    heading = rng.uniform(-np.pi, np.pi) + _added_up(turn, step_s)
    grade = 0.015 * np.interp(
        np.arange(len(speed)),
        np.arange(0, len(speed) + 300, 300),
        rng.normal(size=len(range(0, len(speed) + 300, 300))),
    )
    velocity = np.stack(
        [speed * np.cos(heading), speed * np.sin(heading), speed * grade], axis=1
    )
    return _Way(
        time_s=np.arange(len(speed), dtype=np.float64) * step_s,
        speed_mps=speed,
        turn_radps=turn,
        heading_rad=heading,
        position_m=_added_up(velocity, step_s),
        leg=np.repeat(np.arange(len(courses)), [len(c.speed_mps) for c in courses]),
        is_station=np.concatenate([course.is_station for course in courses]),
    )


def _added_up(rate: Array, step_s: float) -> Array:
    """Integrate by the trapezium, from 0."""
    parts = step_s / 2 * (rate[1:] + rate[:-1])
    return np.concatenate([np.zeros_like(rate[:1]), np.cumsum(parts, axis=0)])


def _gps(
    way: _Way,
    modes: list[str],
    origin: tuple[float, float, float],
    rng: np.random.Generator | None,
) -> Stream:
    """Let a receiver give a fix a second."""
    first = 0 if rng is None else int(rng.integers(0, int(GRID_HZ)))
    at = np.arange(first, len(way.time_s), int(GRID_HZ))
    bearing = np.mod(90.0 - np.rad2deg(way.heading_rad[at]), 360.0)
    fixes = np.column_stack(
        [way.position_m[at], way.speed_mps[at], bearing, np.full(len(at), 1.0)]
    )
    time_s = way.time_s[at]
    if rng is not None:
        mode = np.array(modes)[way.leg[at]]
        fixes, is_kept = receive(fixes, mode, way.is_station[at], rng)
        fixes, time_s = fixes[is_kept], time_s[is_kept]
    lat, lon = from_local_m(fixes[:, :2], origin=origin)
    table = np.column_stack([lat, lon, origin[2] + fixes[:, 2], fixes[:, 3:]])
    return Stream.of_sensor("gps", table, time_s, rate_hz=1.0)


def _shaken(
    way: _Way,
    modes: list[str],
    style: dict[str, float],
    rate_hz: float,
    rng: np.random.Generator,
    flaws_rng: np.random.Generator | None,
) -> Stream:
    """Let an accelerometer feel speed, turns, vibration and gravity."""
    duration_s = float(way.time_s[-1])
    true_s, stamp_s = sample_times(duration_s, rate_hz, flaws_rng)
    speed = np.interp(true_s, way.time_s, way.speed_mps)
    forward = np.interp(
        true_s, way.time_s, np.gradient(way.speed_mps, 1 / GRID_HZ, edge_order=1)
    )
    left = speed * np.interp(true_s, way.time_s, way.turn_radps)
    felt = np.stack([forward, left, np.full(len(speed), STANDARD_GRAVITY)], axis=1)
    leg = way.leg[np.minimum((true_s * GRID_HZ).astype(int), len(way.leg) - 1)]
    for i, mode in enumerate(modes):
        here = np.flatnonzero(leg == i)
        if len(here) < 2:
            continue
        part = slice(int(here[0]), int(here[-1]) + 1)
        felt[part] += shake_mps2(mode, speed[part], true_s[part], style, rng)
        felt[part] = quaternion_rotate(_mount(len(here), rate_hz, rng), felt[part])
    if flaws_rng is not None:
        felt = flawed(felt, true_s, FLAWS["accelerometer"], flaws_rng)
    return Stream.of_sensor(
        "accelerometer",
        felt.astype(np.float32),
        stamp_s,
        place="pocket",
        has_gravity=True,
        rate_hz=rate_hz,
    )


def _mount(n_times: int, rate_hz: float, rng: np.random.Generator) -> Array:
    """Return how the phone is turned: anyhow, and sliding by some degrees."""
    # Four normal numbers point evenly in all directions: any turn is as likely.
    whole: Any = rng.normal(size=4)
    whole /= np.linalg.norm(whole)
    n_knots = int(n_times / rate_hz / 20) + 2
    knots = np.deg2rad(4.0) * rng.normal(size=(n_knots, 3))
    where = np.arange(n_times) / rate_hz / 20
    half = [np.interp(where, np.arange(n_knots), knots[:, i]) / 2 for i in range(3)]
    little = np.stack([np.ones(n_times), *half], axis=1)
    little /= np.linalg.norm(little, axis=1, keepdims=True)
    return quaternion_product(whole, little)
