"""Bouts, transitions and the truth about them."""

from itertools import pairwise

import numpy as np
import pytest

from sensorhar.simulate.activities import ACTIVITIES
from sensorhar.simulate.schedule import plan, random_schedule


def make(schedule, seed=0):
    return plan(schedule, np.random.default_rng(seed))


def test_changes_of_posture_become_events():
    timeline = make(
        [("standing", 5), ("sitting", 5), ("lying", 5), ("walking", 5), ("sitting", 5)]
    )
    assert list(timeline.events.labels) == [
        "standing", "stand_to_sit", "sitting", "sit_to_lie", "lying", "lie_to_stand",
        "walking", "stand_to_sit", "sitting",
    ]  # fmt: skip
    np.testing.assert_allclose(timeline.events.stop_s[:-1], timeline.events.start_s[1:])
    assert timeline.events.start_s[0] == 0
    assert timeline.events.stop_s[-1] == timeline.duration_s
    is_activity = [label in ACTIVITIES for label in timeline.events.labels]
    np.testing.assert_allclose(timeline.events.duration_s[is_activity], 5)


def test_getting_on_a_bicycle_has_no_label():
    timeline = make([("standing", 5), ("cycling", 10)])
    assert list(timeline.events.labels) == ["standing", "cycling"]
    assert 2 < timeline.events.start_s[1] - timeline.events.stop_s[0] < 8


def test_same_posture_needs_no_transition():
    timeline = make([("standing", 5), ("walking", 5)])
    assert timeline.duration_s == 10
    first, second = timeline.bouts
    assert first.stop_s < 5 < second.start_s


def test_stairs_have_landings_and_cyclists_coast():
    assert {b.motion for b in make([("walking_upstairs", 40)]).bouts} == {
        "walking_upstairs",
        "walking",
    }
    assert {b.motion for b in make([("cycling", 60)]).bouts} == {"cycling", "coasting"}
    assert list(make([("walking_upstairs", 40)]).events.labels) == ["walking_upstairs"]


def test_bouts_are_ordered_with_room_between():
    schedule = random_schedule(list(ACTIVITIES), 1.0, np.random.default_rng(1))
    bouts = make(schedule).bouts
    for first, second in pairwise(bouts):
        assert first.start_s < first.stop_s < second.start_s


def test_random_schedule_gives_each_its_minutes():
    schedule = random_schedule(["walking", "sitting"], 1.5, np.random.default_rng(0))
    for label in ("walking", "sitting"):
        assert sum(s for name, s in schedule if name == label) == pytest.approx(90)
    names = [name for name, _ in schedule]
    assert all(a != b for a, b in pairwise(names))


def test_one_activity_alone_can_be_scheduled():
    schedule = random_schedule(["walking"], 1.0, np.random.default_rng(0))
    assert sum(seconds for _, seconds in schedule) == pytest.approx(60)


def test_errors():
    with pytest.raises(ValueError, match=r"schedule must hold at least one activity"):
        make([])
    with pytest.raises(ValueError, match=r"activity must be one of .*; got 'flying'"):
        make([("flying", 5)])
    with pytest.raises(ValueError, match=r"duration of 'walking' must be .*got 0"):
        make([("walking", 0)])
    with pytest.raises(ValueError, match=r"activities must name at least one"):
        random_schedule([], 1.0, np.random.default_rng(0))
    with pytest.raises(ValueError, match=r"minutes_per_activity must be .*got -1"):
        random_schedule(["walking"], -1, np.random.default_rng(0))
