"""The lower hull finds a device's clock under jitter, bursts and stalls."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.signal.clock_map import (
    CausalClockMap,
    ClockMap,
    fit_clock_map,
    lower_hull,
)

LEAST_S = 0.005  # the delay that nobody can see


def simulate(
    *, duration_s=300.0, rate_hz=50.0, ppm=50.0, wander_ppm=0.0, stall_s=3.0, seed=0
):
    """Return true times, device times in ms ticks, arrivals of a radio with a queue."""
    rng = np.random.default_rng(seed)
    true = np.arange(int(duration_s * rate_hz)) / rate_hz
    slow = wander_ppm * 1e-6 * 1200 / (2 * np.pi) * np.sin(2 * np.pi * true / 1200)
    device = np.round((true * (1 + ppm * 1e-6) + slow + 1234.5) * 1000) / 1000
    delay = LEAST_S + rng.uniform(0, 0.03, len(true))
    delay += (rng.random(len(true)) < 0.01) * rng.exponential(0.2, len(true))
    arrival = true + delay
    half = duration_s / 2
    in_stall = (true > half) & (true < half + stall_s)
    arrival[in_stall] = half + stall_s
    return true, device, np.maximum.accumulate(arrival)


@settings(max_examples=50, deadline=None)
@given(
    st.lists(
        st.tuples(st.integers(0, 50), st.integers(-100, 100)), min_size=1, max_size=40
    )
)
def test_all_points_lie_on_or_above_the_hull(points):
    points = sorted(points)
    x, y = [p[0] for p in points], [p[1] for p in points]
    hull = lower_hull(x, y)
    under = np.interp(x, [x[i] for i in hull], [y[i] for i in hull])
    assert (np.array(y) >= under - 1e-9).all()
    corners = [x[i] for i in hull]
    assert corners == sorted(set(corners))
    assert x[hull[0]] == x[0]
    assert x[hull[-1]] == x[-1]
    slopes = np.diff([y[i] for i in hull]) / np.diff(corners)
    assert (np.diff(slopes) > 0).all()


def test_the_hull_is_scipys():
    spatial = pytest.importorskip("scipy.spatial")
    rng = np.random.default_rng(3)
    points = rng.normal(size=(200, 2))
    points = points[np.argsort(points[:, 0])]
    ours = lower_hull(points[:, 0].tolist(), points[:, 1].tolist())
    # scipy walks round the whole hull anticlockwise; the lower part begins at the left.
    theirs = spatial.ConvexHull(points).vertices.tolist()
    theirs = theirs[theirs.index(0) :] + theirs[: theirs.index(0)]
    assert ours == theirs[: theirs.index(len(points) - 1) + 1]


def test_a_clock_without_jitter_is_found_exactly():
    device = np.linspace(1000, 1600, 500)
    line = fit_clock_map(device, 3 + device * (1 - 80e-6))
    assert line.skew_ppm == pytest.approx(-80, abs=1e-3)
    assert line.apply(device) == pytest.approx(3 + device * (1 - 80e-6), abs=1e-9)
    assert line.at(1234.0) == line.apply(1234.0) == line.apply([1234.0])[0]


def test_the_whole_recording_within_a_millisecond():
    true, device, arrival = simulate()
    error = fit_clock_map(device, arrival).apply(device) - true - LEAST_S
    assert np.abs(error).max() < 0.0015
    shuffled = np.random.default_rng(0).permutation(len(device))
    assert fit_clock_map(device[shuffled], arrival[shuffled]) == fit_clock_map(
        device, arrival
    )


def test_one_packet_gives_an_offset_and_no_drift():
    assert fit_clock_map([5.0], [12.5]) == ClockMap(7.5, 0.0, 5.0)
    assert CausalClockMap().update(5.0, 12.5) == ClockMap(7.5, 0.0, 5.0)


def test_the_slope_is_limited():
    device = np.arange(100.0)
    line = fit_clock_map(device, device * 1.01)
    assert line.skew_ppm == 500
    assert (line.apply(device) <= device * 1.01 + 1e-9).all()
    assert fit_clock_map(device, device * 0.9, max_skew_ppm=30).skew_ppm == -30
    follow = CausalClockMap()
    for time_s in device:
        line = follow.update(time_s, time_s * 0.99)
        assert abs(line.skew_ppm) <= 500
        assert line.at(time_s) <= time_s * 0.99 + 1e-9


@pytest.mark.parametrize(("ppm", "wander_ppm"), [(50, 0), (-20, 20), (-400, 0)])
def test_the_causal_line_stays_near(ppm, wander_ppm):
    true, device, arrival = simulate(ppm=ppm, wander_ppm=wander_ppm)
    follow = CausalClockMap()
    pairs = zip(device.tolist(), arrival.tolist(), strict=True)
    found = np.array([follow.update(*pair).at(pair[0]) for pair in pairs])
    assert (found <= arrival + 1e-9).all()
    error = (found - true - LEAST_S)[true > 10]
    assert np.percentile(np.abs(error), 99) < 0.002
    assert follow.line.skew_ppm == pytest.approx(-ppm, abs=40)


def test_the_causal_line_knows_no_future():
    _, device, arrival = simulate(duration_s=40)
    lines = []
    for n in (900, 2000):
        follow = CausalClockMap()
        lines.append(
            [follow.update(d, a) for d, a in zip(device[:n], arrival[:n], strict=True)]
        )
    assert lines[0] == lines[1][:900]


def test_after_a_long_pause_the_drift_goes_on():
    true, device, arrival = simulate(duration_s=1300)
    keep = (true < 100) | (true > 1200)
    follow = CausalClockMap()
    pairs = zip(device[keep], arrival[keep], strict=True)
    found = np.array([follow.update(*pair).at(pair[0]) for pair in pairs])
    error = np.abs(found - true[keep] - LEAST_S)
    assert error[true[keep] > 1200].max() < 0.031
    assert error[true[keep] > 1203].max() < 0.003


def test_a_drift_known_before_is_taken_until_there_is_a_better_one():
    follow = CausalClockMap(skew_ppm=70)
    assert follow.update(0.0, 1.0).skew_ppm == 70
    assert follow.update(2.0, 3.01).skew_ppm == 70


def test_an_older_packet_changes_nothing():
    follow = CausalClockMap()
    line = follow.update(10.0, 20.0)
    assert follow.update(5.0, 14.0) == line
    assert not follow.is_empty


def test_bad_times_are_refused():
    with pytest.raises(
        ValueError, match=r"one shape \(n_packets,\).*\(2,\) and \(1,\)"
    ):
        fit_clock_map([1.0, 2.0], [1.0])
    with pytest.raises(ValueError, match="at least one packet"):
        fit_clock_map([], [])
    with pytest.raises(ValueError, match="arrival_s must be finite.*Leave out packets"):
        fit_clock_map([1.0, 2.0], [1.0, np.nan])
    with pytest.raises(ValueError, match="max_skew_ppm must be a number of ppm above"):
        fit_clock_map([1.0], [1.0], max_skew_ppm=0)
    for name in ("window_s", "bin_s", "max_skew_ppm"):
        with pytest.raises(ValueError, match=f"{name} must be a number"):
            CausalClockMap(**{name: -1.0})
