"""The battery passes a right set and names what is wrong with others."""

from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets import Card
from sensorhar.testing.dataset_battery import (
    check_card,
    check_recordings,
    check_windows,
)

CHANNELS = ("acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z")
CARD = Card(
    name="tiny",
    title="A tiny set",
    holds="recordings",
    licence="CC0",
    citation="Nobody, 2026.",
    address="https://example.org/tiny",
    url="https://example.org/tiny.zip",
    sha256=None,
    size_bytes=None,
    folder="TINY",
    inner_folder="",
    landmark="a.txt",
    rate_hz=50.0,
    channels=CHANNELS,
    units=("m/s^2",) * 3 + ("rad/s",) * 3,
    places=("waist",),
    subjects=("1", "2"),
    activities=("standing", "walking"),
    protocol="Leave one subject out.",
    traps=("Small.",),
    tried_on_real_files=False,
    n_recordings=2,
)
OF_WINDOWS = replace(CARD, holds="windows", n_recordings=None, n_windows=36)


def make(number, *, gravity=9.8, gyr=0.5, place="waist", rate_hz=50.0, **fields):
    rng = np.random.default_rng(int(number))
    time_s = np.arange(500) / rate_hz
    acc = rng.normal((0, 0, gravity), 0.1, (500, 3))
    streams = [
        sh.Stream.of_sensor(
            "accelerometer", acc, time_s, place=place, has_gravity=True
        ),
        sh.Stream.of_sensor(
            "gyroscope", rng.normal(0, gyr, (500, 3)), time_s, place=place
        ),
    ]
    events = sh.Events([0, 4], [4, 9], ["standing", "walking"])
    fields = {"name": f"r{number}", "subject": number, "events": events, **fields}
    return sh.Recording(streams, **fields)


def windows_of(*recordings):
    return sh.make_windows(list(recordings), length_s=0.5, rate_hz=50)


def test_right_sets_pass():
    recordings = [make("1"), make("2")]
    check_recordings(recordings, CARD)
    windows = windows_of(*recordings)
    check_windows(windows, OF_WINDOWS)
    check_windows([windows_of(r) for r in recordings], OF_WINDOWS)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"licence": ""}, "card 'tiny' must fill in 'licence'"),
        ({"traps": ()}, "must fill in 'traps'"),
        ({"units": ("g",) * 3 + ("rad/s",) * 3}, "as loaded, in SI; got 'g'"),
        ({"activities": ("Walking",)}, "lower-case words joined by '_'; got 'Walking'"),
        ({"activities": ("to-sit",)}, "lower-case words joined by '_'; got 'to-sit'"),
    ],
)
def test_cards_that_lack_something(fields, message):
    with pytest.raises(AssertionError, match=message):
        check_card(replace(CARD, **fields))


def test_card_that_does_not_print():
    class Silent(Card):
        def __str__(self):
            return ""

    silent = Silent(**{f: getattr(CARD, f) for f in CARD.__dataclass_fields__})
    with pytest.raises(AssertionError, match="must print its title and traps"):
        check_card(silent)


@pytest.mark.parametrize(
    ("other", "message"),
    [
        ({"name": "r1"}, "must have names that differ; got 'r1', 'r1'"),
        ({"subject": "1"}, "subjects of data set 'tiny' .*; missing '2', unknown none"),
        ({"subject": "3"}, "missing '2', unknown '3'"),
        (
            {"events": sh.Events([0], [9], ["running"])},
            "labels .* missing none, unknown 'running'",
        ),
        (
            {"place": "wrist"},
            r"'acc_x' of recording 'r2' must be \[m/s\^2\] at 'waist'",
        ),
        (
            {"gravity": 1.0},
            "'r2' must read about 9.8 m/s.2 at rest; got a median of 0.9",
        ),
        ({"gyr": 90.0}, "gyroscope of recording 'r2' must stay within ±140"),
        ({"rate_hz": 49.0}, None),
        ({"rate_hz": 40.0}, "recording 'r2' must run at 50 Hz; got 40 Hz"),
    ],
)
def test_wrong_recordings(other, message):
    recordings = [make("1"), make("2", **other)]
    if message is None:
        check_recordings(recordings, CARD)
        return
    with pytest.raises(AssertionError, match=message):
        check_recordings(recordings, CARD)


def test_wrong_sets():
    with pytest.raises(AssertionError, match="must hold 2 recordings; got 1"):
        check_recordings([make("1")], CARD)
    bare = [make("1", events=None), make("2", events=None)]
    with pytest.raises(AssertionError, match="must have events; got none"):
        check_recordings(bare, CARD)
    one = [r.with_streams(r.streams[:1]) for r in (make("1"), make("2"))]
    with pytest.raises(
        AssertionError, match="channels .* missing 'gyr_x', 'gyr_y', 'gy"
    ):
        check_recordings(one, CARD)


def test_times_must_increase(monkeypatch):
    """A Stream sees to it; the battery does not take its word."""
    recordings = [make("1"), make("2")]
    stream = recordings[1].streams[0]
    object.__setattr__(stream, "time_s", stream.time_s[::-1])
    with pytest.raises(
        AssertionError, match="times of recording 'r2' must increase; a"
    ):
        check_recordings(recordings, CARD)


def test_wrong_windows():
    first, second = make("1"), make("2")
    both = windows_of(first, second)
    with pytest.raises(
        AssertionError, match="card 'tiny' must say it holds windows; go"
    ):
        check_windows(both, CARD)
    with pytest.raises(AssertionError, match="must hold 36 windows; got 18"):
        check_windows(both[:18], OF_WINDOWS)
    with pytest.raises(
        AssertionError, match="must have labels and subjects; got y=True"
    ):
        check_windows(windows_of(make("1", subject=None), second), OF_WINDOWS)
    with pytest.raises(
        AssertionError, match="parts .* not share subjects; got '1' in t"
    ):
        check_windows([both[:20], both[:16]], OF_WINDOWS)
    with pytest.raises(AssertionError, match="the card's channels, units and places"):
        check_windows(both.select_channels(CHANNELS[:3]), OF_WINDOWS)
    with pytest.raises(AssertionError, match="must run at 25 Hz; got 50 Hz"):
        check_windows(both, replace(OF_WINDOWS, rate_hz=25.0))
    with pytest.raises(AssertionError, match="must read about 9.8 m/s.2 at rest"):
        check_windows(windows_of(first, make("2", gravity=4.0)), OF_WINDOWS)
    with pytest.raises(
        AssertionError, match="labels .* missing 'running', unknown none"
    ):
        check_windows(
            both, replace(OF_WINDOWS, activities=("running", *CARD.activities))
        )
