"""Two devices that felt one shake end up on one timeline."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.preprocess.synchronise import synchronise
from sensorhar.simulate import Person, simulate_recording

START = datetime(2026, 5, 4, 9, tzinfo=UTC)


def shaken(offset_s=0.0, place="waist", rate_hz=50.0, start=None, drift=0.0, **fields):
    """Shake a device after 20, 21.7 and 50 s of true time; its clock is off."""
    rng = np.random.default_rng(5)
    true_s = np.arange(0, 60, 1 / rate_hz)
    frequency, phase = rng.uniform(2, 9, 12), rng.uniform(0, 6, 12)
    waves = np.sin(2 * np.pi * np.outer(true_s, frequency) + phase) @ rng.normal(
        0, 3, (12, 3)
    )
    level = sum(np.exp(-(((true_s - at) / 0.4) ** 2)) for at in (20, 21.7, 50))
    values = waves * level[:, None] + np.array([0, 0, 9.81])
    values += rng.normal(0, 0.1, values.shape)
    acc = sh.Stream.of_sensor(
        "accelerometer",
        values,
        (true_s - offset_s) / (1 + drift),
        place=place,
        has_gravity=True,
        rate_hz=rate_hz,
    )
    return sh.Recording([acc], name=place, start=start, **fields)


def test_a_known_offset_is_undone_within_a_sample():
    phone = shaken(subject="anna", start=START, metadata={"phone": "x"})
    watch = shaken(1.37, "wrist", 102.5, events=sh.Events([10.0], [12.0], ["shaking"]))
    both = synchronise(watch, phone)
    assert both.metadata["sync_offset_s"] == pytest.approx(1.37, abs=1 / 102.5)
    assert both.metadata["sync_confidence"] > 0.8
    assert both.metadata["phone"] == "x"
    assert (both.name, both.subject, both.start) == ("waist", "anna", START)
    assert both.channel_names[:3] == ("acc_x", "acc_y", "acc_z")
    assert both.channel_names[3:] == ("wrist_acc_x", "wrist_acc_y", "wrist_acc_z")
    assert both.events.start_s == pytest.approx([11.37], abs=0.01)
    assert both.stream_of("wrist_acc_x").rate_hz == 102.5
    assert both.streams[0] is phone.streams[0]


def test_events_of_the_reference_come_first():
    events = sh.Events([1.0], [2.0], ["standing"])
    phone = shaken(events=events)
    watch = shaken(1.37, "wrist", events=sh.Events([10.0], [12.0], ["shaking"]))
    assert synchronise(watch, phone).events == events


def test_start_times_narrow_the_search():
    phone = shaken(start=START)
    watch = shaken(3601.2, "wrist", start=START + timedelta(seconds=3600))
    both = synchronise(watch, phone, expected_s="start", max_offset_s=5)
    assert both.metadata["sync_offset_s"] == pytest.approx(3601.2, abs=0.02)
    with pytest.raises(ValueError, match='expected_s="start" needs both start times'):
        synchronise(shaken(), phone, expected_s="start")
    with pytest.raises(ValueError, match="expected_s must be one of 'start'"):
        synchronise(shaken(), phone, expected_s="begin")


def test_walking_without_a_shake_is_refused():
    """Each step is like the next: no offset stands out, and none is made up."""
    schedule = [("standing", 15), ("walking", 40)]
    waist, wrist = (
        simulate_recording(
            Person("anna"),
            schedule,
            place=place,
            sensors=["accelerometer"],
            random_state=3,
        )
        for place in ("waist", "wrist")
    )
    with pytest.raises(ValueError, match=r"one offset must stand out.*Shake or clap"):
        synchronise(wrist, waist)


def test_what_cannot_be_joined_is_refused():
    with pytest.raises(ValueError, match=r"names must differ.*'acc_x'.*place='wrist'"):
        synchronise(shaken(place=""), shaken())
    gps = sh.Recording([sh.Stream.of_sensor("gps", np.ones((9, 6)), np.arange(9.0))])
    with pytest.raises(ValueError, match=r"both recordings must have an accelero.*gps"):
        synchronise(gps, shaken())
