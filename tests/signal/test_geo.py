"""Distances, local metres, speed, bearings, climb and stops against known answers."""

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from sensorhar.signal.geo import (
    acceleration_mps2,
    bearing_deg,
    climb_mps,
    distance_m,
    find_stops,
    speed_mps,
    wrap_deg,
)
from sensorhar.signal.local_metres import from_local_m, to_local_m

PLACES = st.tuples(st.floats(-80, 80), st.floats(-180, 180), st.floats(-100, 4000))


def test_distances_known_in_closed_form():
    quarter = np.pi / 2 * 6_371_008.8
    assert distance_m(0, 0, 0, 90) == pytest.approx(quarter)
    assert distance_m(-90, 0, 90, 0) == pytest.approx(2 * quarter)
    assert distance_m(0, 179.5, 0, -179.5) == pytest.approx(quarter / 90)
    assert distance_m(47, 8, 47, 8) == 0
    # Small ways must not drown in rounding, as they do by the law of cosines.
    assert distance_m(47, 8, 47 + 1e-9, 8) == pytest.approx(1.112e-4, rel=1e-3)
    assert np.isnan(distance_m(np.nan, 8, 47, 8))


def test_degrees_on_the_ellipsoid():
    """Lengths of one degree on WGS 84, in any table: 111 132 and 78 847 m at 45°."""
    north = to_local_m([44.5, 45.5], [8.0, 8.0], origin=(45.0, 8.0, 0.0))
    assert np.ptp(north[:, 1]) == pytest.approx(111_132, abs=6)
    east = to_local_m([45.0, 45.0], [7.5, 8.5], origin=(45.0, 8.0, 0.0))
    assert np.ptp(east[:, 0]) == pytest.approx(78_847, abs=6)


@settings(max_examples=25, deadline=None)
@given(PLACES, st.floats(-7e4, 7e4), st.floats(-7e4, 7e4))
@example((80.0, 0.0, 0.0), 7e4, 7e4)
@example((79.0, 0.0, 0.0), 35720.0, 0.0)
def test_local_metres_and_back(origin, east, north):
    wanted = np.array([[east, north]])
    lat, lon = from_local_m(wanted, origin=origin)
    assert to_local_m(lat, lon, origin=origin) == pytest.approx(wanted, abs=1e-6)


def test_local_metres_agree_with_the_sphere_nearby():
    rng = np.random.default_rng(0)
    lat, lon = 47 + rng.normal(0, 1e-3, 50), 8 + rng.normal(0, 1e-3, 50)
    local = to_local_m(lat, lon)
    by_sphere = distance_m(lat[0], lon[0], lat, lon)
    assert np.linalg.norm(local, axis=1) == pytest.approx(by_sphere, rel=4e-3)
    gone = to_local_m([np.nan, *lat], [8.0, *lon])
    assert np.isnan(gone[0]).all()
    assert gone[1:] == pytest.approx(local)


def test_local_metres_refusals():
    with pytest.raises(ValueError, match=r"one shape \(n_fixes,\); got \(2,\) and"):
        to_local_m([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="needs a known fix .*got 2 unknown"):
        to_local_m([np.nan, np.nan], [1.0, 2.0])
    with pytest.raises(ValueError, match=r"shape \(n_fixes, 2\), east and north"):
        from_local_m([1.0, 2.0], origin=(0, 0, 0))


def test_speed_and_acceleration_of_a_steady_start():
    """From rest at 2 m/s²: the mean speed over each second is 1, 3, 5 ... m/s."""
    time_s = np.arange(6.0)
    lat, lon = from_local_m(
        np.stack([0 * time_s, time_s**2], axis=1), origin=(47, 8, 0)
    )
    speed = speed_mps(lat, lon, time_s)
    assert np.isnan(speed[0])
    assert speed[1:] == pytest.approx([1, 3, 5, 7, 9], rel=4e-3)
    acceleration = acceleration_mps2(speed[1:], time_s[1:])
    assert acceleration[1:] == pytest.approx(2, rel=4e-3)


@pytest.mark.parametrize(
    ("to", "expected"),
    [((48, 8), 0), ((46, 8), 180), ((47, 8.001), 90), ((47, 7.999), 270)],
)
def test_bearings_of_the_four_winds(to, expected):
    assert bearing_deg(47, 8, *to) == pytest.approx(expected, abs=1e-3)


def test_no_way_has_no_bearing():
    assert np.isnan(bearing_deg(47, 8, 47, 8))


@settings(max_examples=25, deadline=None)
@given(st.floats(-1000, 1000))
def test_wrap_is_the_short_way(angle):
    wrapped = float(wrap_deg(angle))
    assert -180 <= wrapped < 180
    assert np.cos(np.deg2rad(wrapped)) == pytest.approx(np.cos(np.deg2rad(angle)))


def test_climb_over_a_span():
    time_s = np.arange(30.0)
    alt = 450 + 0.5 * time_s
    alt[[0, 7, 8]] = np.nan
    climb = climb_mps(alt, time_s, span_s=10)
    assert np.isnan(climb[:2]).all()
    # From the second fix on, which is the first known, though 7 and 8 stand still.
    assert climb[[2, 6, 12, 25]] == pytest.approx(0.5)
    assert climb[8] == pytest.approx(0.5 * 5 / 7)
    assert np.isnan(climb_mps([np.nan, np.nan], [0, 1])).all()
    with pytest.raises(ValueError, match="span_s must be a finite number above 0 s"):
        climb_mps(alt, time_s, span_s=0)


def test_climb_never_looks_ahead():
    rng = np.random.default_rng(0)
    time_s, alt = np.arange(50.0), rng.normal(450, 3, 50)
    part = climb_mps(alt[:20], time_s[:20])
    np.testing.assert_array_equal(part, climb_mps(alt, time_s)[:20])


def by_loop(lat, lon, times, radius, least):
    """Stay points as Li et al. (2008) write them, fix by fix."""
    stops, i = [], 0
    while i < len(lat):
        j = i + 1
        while j < len(lat) and distance_m(lat[i], lon[i], lat[j], lon[j]) <= radius:
            j += 1
        if times[j - 1] - times[i] >= least:
            stops.append([i, j])
            i = j
        else:
            i += 1
    return stops


def test_stops_are_those_of_the_algorithm():
    rng = np.random.default_rng(0)
    speed = np.repeat([1.5, 0, 12, 0, 1.5, 0], [60, 90, 40, 20, 30, 70])
    local = np.stack([np.cumsum(speed), np.zeros(len(speed))], axis=1)
    local += rng.normal(0, 2, local.shape)
    lat, lon = from_local_m(local, origin=(47, 8, 0))
    times = np.arange(len(lat), dtype=float)
    stops = find_stops(lat, lon, times, radius_m=15, min_duration_s=45)
    assert stops.tolist() == by_loop(lat, lon, times, 15, 45)
    assert len(stops) == 2
    assert stops[0] == pytest.approx([60, 150], abs=12)
    assert find_stops([47.0], [8.0], [0.0]).shape == (0, 2)


def test_refusals():
    with pytest.raises(ValueError, match=r"time_s must have shape \(2,\).*got shape"):
        speed_mps([1.0, 2.0], [1.0, 2.0], [0.0])
    with pytest.raises(ValueError, match=r"time_s must increase; got a step of .*0.0"):
        speed_mps([1.0, 2.0], [1.0, 2.0], [0.0, 0.0])
    with pytest.raises(ValueError, match="needs every position; got NaN"):
        find_stops([1.0, np.nan], [1.0, 2.0], [0.0, 1.0])
    with pytest.raises(ValueError, match="radius_m must be a finite number above 0 m"):
        find_stops([1.0], [1.0], [0.0], radius_m=0)
