"""Numbers that look like another unit are told from numbers that do not."""

import warnings

import numpy as np
import pytest

from sensorhar.data.channel import Channel
from sensorhar.data.plausible import (
    guess_gravity,
    steady_magnitude,
    warn_if_implausible,
)
from sensorhar.data.stream import Stream
from sensorhar.errors import SensorharWarning, UnitWarning
from sensorhar.units import STANDARD_GRAVITY

RATE_HZ = 50.0


def walk(n_samples=3000, *, gravity=STANDARD_GRAVITY, vigour=3.0, seed=0):
    """Two strides a second on top of gravity that slowly turns, in m/s^2."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(n_samples) / RATE_HZ
    tilt = 0.3 * np.sin(2 * np.pi * time_s / 60)
    down = np.stack([np.sin(tilt), np.cos(tilt), np.zeros_like(tilt)], axis=1)
    step = vigour * np.sin(2 * np.pi * 2 * time_s)[:, None] * [0.3, 1.0, 0.5]
    return gravity * down + step + 0.05 * rng.normal(size=(n_samples, 3))


def accelerometer(values, *, has_gravity=True, **more):
    time_s = np.arange(len(values)) / RATE_HZ
    return Stream.of_sensor(
        "accelerometer", values, time_s, has_gravity=has_gravity, **more
    )


@pytest.mark.parametrize("vigour", [0.0, 3.0, 12.0])
def test_right_units_pass(vigour):
    values = walk(vigour=vigour)
    warn_if_implausible(accelerometer(values), "a")
    without = walk(gravity=0.0, vigour=vigour)
    warn_if_implausible(accelerometer(without, has_gravity=False), "a")


@pytest.mark.parametrize("vigour", [0.0, 3.0, 12.0])
def test_g_as_si(vigour):
    stream = accelerometer(walk(vigour=vigour) / STANDARD_GRAVITY)
    message = (
        r"the accelerometer of 'anna\.csv' has median magnitude [01]\.?\d* where about "
        r"9\.8 m/s\^2 is expected at rest\. "
        r'If the file is in g, pass units=\{"acc": "g"\}\.$'
    )
    with pytest.warns(UnitWarning, match=message):
        warn_if_implausible(stream, "anna.csv")


def test_mg_as_si():
    stream = accelerometer(walk() / STANDARD_GRAVITY * 1000)
    with pytest.warns(UnitWarning, match=r'in mg, pass units=\{"acc": "mg"\}'):
        warn_if_implausible(stream, "a")


def test_si_as_g():
    stream = accelerometer(walk(), unit="g")
    with pytest.warns(UnitWarning, match="converted from g twice"):
        warn_if_implausible(stream, "a")


def test_gravity_though_said_without():
    stream = accelerometer(walk(), has_gravity=False)
    with pytest.warns(SensorharWarning, match="pass has_gravity=True"):
        warn_if_implausible(stream, "a")


def test_walking_without_gravity_is_not_taken_for_g():
    """Its median magnitude is about 1 too; only the steady part tells."""
    values = walk(gravity=0.0, vigour=1.2)
    assert np.median(np.linalg.norm(values, axis=1)) == pytest.approx(1.0, abs=0.2)
    stream = accelerometer(values, has_gravity=False)
    warn_if_implausible(stream, "a")
    assert guess_gravity(stream) is False


@pytest.mark.parametrize(
    ("factor", "expected"),
    [
        (1.0, True),
        (1 / STANDARD_GRAVITY, True),
        (1000 / STANDARD_GRAVITY, True),
        (0.4, None),
        (3.0, None),
    ],
)
def test_guess_gravity(factor, expected):
    assert guess_gravity(accelerometer(walk() * factor)) is expected


def test_gyroscope_in_degrees():
    values = np.random.default_rng(0).normal(0, 90, (500, 3))
    stream = Stream.of_sensor("gyroscope", values, np.arange(500) / RATE_HZ)
    with pytest.warns(UnitWarning, match=r'at most 140 rad/s .* units=\{"gyr": "deg/s'):
        warn_if_implausible(stream, "a")
    in_si = Stream.of_sensor(
        "gyroscope", values, np.arange(500) / RATE_HZ, unit="deg/s"
    )
    warn_if_implausible(in_si, "a")


def test_beyond_limit_of_another_sensor():
    stream = Stream.of_sensor("heart_rate", [[1000.0]], [0.0])
    with pytest.warns(UnitWarning, match="reads 1000 .* at most 400 bpm .* State the"):
        warn_if_implausible(stream, "a")


def test_lost_readings_are_left_out():
    values = walk()
    values[::7] = np.nan
    values[1000:] = np.nan
    warn_if_implausible(accelerometer(values), "a")
    nothing = accelerometer(np.full((100, 3), np.nan))
    warn_if_implausible(nothing, "a")
    assert np.isnan(steady_magnitude(nothing))


def test_several_sensors_in_one_stream():
    """Of two places, the one in g is found; derived channels are not judged."""
    channels = [
        Channel(f"{place}_acc_{axis}", "m/s^2", "accelerometer", place, True)
        for place in ("wrist", "ankle")
        for axis in "xyz"
    ]
    channels.append(Channel("score", "1"))
    values = np.hstack([walk(), walk() / STANDARD_GRAVITY, np.full((3000, 1), 1e9)])
    stream = Stream(values, np.arange(3000) / RATE_HZ, channels)
    with pytest.warns(UnitWarning) as caught:
        warn_if_implausible(stream, "a")
    assert len(caught) == 1


def test_one_axis_and_one_sample():
    one = accelerometer(np.array([[0.0, 0.0, 9.8]]))
    warn_if_implausible(one, "a")
    assert steady_magnitude(one) == pytest.approx(9.8)
    axis = Stream(np.ones((50, 1)), np.arange(50) / RATE_HZ, one.channels[:1])
    warn_if_implausible(axis, "a")


def test_only_a_sample_is_read():
    """A day costs no more than a minute."""
    values = np.tile(np.float32([0.0, 0.0, 9.8]), (1_000_000, 1))
    stream = accelerometer(values)
    assert steady_magnitude(stream) == pytest.approx(9.8)
    from sensorhar.data import plausible

    assert plausible._sample(stream).size <= plausible.N_ROWS


def test_silent_by_default():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        warn_if_implausible(accelerometer(np.zeros((100, 3))), "a")
