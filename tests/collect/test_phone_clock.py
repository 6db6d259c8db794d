"""The page's clock is known within half a round trip, and never runs back."""

import numpy as np
import pytest

from sensorhar.collect._page_clock import PageClock


def simulate(length_s, *, drift=0.0, fastest_s=0.004, seed=0):
    """Ping each 2 s over a jittery network; return the errors of the map, and times."""
    rng = np.random.default_rng(seed)
    clock = PageClock()
    host, stamps = [], []
    begins = np.arange(0.0, length_s, 2.0)
    there, back = fastest_s / 2 + rng.exponential(0.02, (2, len(begins)))
    answers = begins + there
    grid = np.arange(0, length_s, 0.01)
    parts = np.split(grid, np.searchsorted(grid, answers))[1:]
    for i, readings in enumerate(parts):
        page_s = answers[i] * (1 + drift) - 1000
        clock.pong(begins[i], page_s, answers[i] + back[i])
        host.append(readings)
        stamps.append(clock.to_host(readings * (1 + drift) - 1000))
    mapped = np.concatenate(stamps)
    return mapped - np.concatenate(host), mapped, clock


@pytest.mark.parametrize("drift", [-50e-6, 0.0, 50e-6])
def test_an_hour_of_drift_is_followed(drift):
    error_s, mapped_s, clock = simulate(3600, drift=drift)
    settled = np.abs(error_s[6000:])  # after the first minute
    assert np.percentile(settled, 99) < 0.005
    assert np.median(settled) < 0.002
    assert np.all(np.diff(mapped_s) > 0)
    assert clock.n_jumps == 0


def test_a_jump_begins_a_new_map():
    clock = PageClock()
    assert not clock.pong(10.0, 1.0, 10.01)
    assert not clock.pong(12.0, 3.0, 12.01)
    assert clock.pong(14.0, 500.0, 14.01)
    assert clock.n_jumps == 1
    assert clock.to_host([500.0])[0] == pytest.approx(14.005)


def test_a_message_from_the_past_or_the_future_is_a_jump():
    clock = PageClock()
    clock.pong(10.0, 1.0, 10.01)
    assert not clock.heard(1.5, 10.6)
    assert clock.heard(0.5, 10.7)  # clocks do not go backwards
    assert clock.to_host([0.5])[0] == pytest.approx(10.7)
    assert clock.heard(5.0, 10.8)  # nothing comes before it was sent
    assert clock.to_host([5.0])[0] == pytest.approx(10.8)
    assert clock.n_jumps == 2


def test_a_small_step_is_followed_by_the_newest_ping():
    clock = PageClock()
    clock.pong(10.0, 1.0, 10.001)
    clock.to_host([1.0])
    assert not clock.pong(12.0, 3.1, 12.001)
    assert clock.uncertainty_s == pytest.approx(0.0005)
    assert clock.to_host([500.0])[0] == pytest.approx(508.9005)  # after the ramp


def test_slow_pings_do_not_move_a_good_map():
    clock = PageClock()
    clock.pong(10.0, 1.0, 10.004)
    before = clock.to_host([1.5])[0]
    clock.pong(12.0, 3.0 + 0.4, 13.0)  # waited 0.4 s on the way there
    assert clock.to_host([1.5])[0] == before
    assert clock.to_host([5.0])[0] - 5.0 == pytest.approx(9.002, abs=1e-6)
    assert clock.uncertainty_s == pytest.approx(0.002 + 3e-4 / 2, abs=2e-4)


def test_old_batches_get_the_offset_of_their_time():
    clock = PageClock()
    clock.pong(10.0, 1.0, 10.0)
    first = clock.to_host([1.0])[0]
    for i in range(1, 100):
        clock.pong(10.0 + 2 * i, 1 + 2 * i * (1 + 1e-4), 10.0 + 2 * i)
    assert clock.to_host([1.0])[0] == first


def test_before_a_ping_nothing_is_known():
    clock = PageClock()
    assert not clock.is_known
    with pytest.raises(RuntimeError, match="not known before a ping came back"):
        clock.to_host([1.0])
