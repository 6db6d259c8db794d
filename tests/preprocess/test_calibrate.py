"""Calibration steps use fixed numbers or the recording itself, and say when neither."""

import json

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.errors import SensorharWarning
from sensorhar.preprocess._step import describe
from sensorhar.preprocess.calibrate import (
    CalibrateAccelerometer,
    CalibrateMagnetometer,
    RemoveGyroBias,
)
from tests.conftest import make_recording, make_stream

G = 9.80665


def turned_about(seconds=20, n_sides=40):
    """Lay a device with three sensors on many sides."""
    rng = np.random.default_rng(0)
    sides = rng.normal(size=(n_sides, 3))
    sides /= np.linalg.norm(sides, axis=1, keepdims=True)
    still = np.repeat(sides, seconds * 20, axis=0)
    time_s = np.arange(len(still)) / 20
    noise = rng.normal(size=still.shape)
    acc = sh.Stream.of_sensor(
        "accelerometer",
        (1.03 * G * still + 0.4 + 0.02 * noise).astype(np.float32),
        time_s,
        has_gravity=True,
    )
    gyr = sh.Stream.of_sensor("gyroscope", 0.02 + 0.003 * noise, time_s)
    mag = sh.Stream.of_sensor("magnetometer", 48 * still + 30 + 0.2 * noise, time_s)
    events = sh.Events([0], [5], ["lying"])
    return sh.Recording([acc, gyr, mag], name="anna-1", subject="anna", events=events)


def test_each_sensor_is_corrected_on_its_own_readings():
    recording = turned_about()
    result = recording
    for step in (CalibrateAccelerometer(), RemoveGyroBias(), CalibrateMagnetometer()):
        assert not step.is_causal
        result = step(result)
    acc, gyr, mag = (stream.values for stream in result.streams)
    assert acc.dtype == np.float32
    assert np.linalg.norm(acc, axis=1).mean() == pytest.approx(G, abs=0.01)
    assert gyr.mean(axis=0) == pytest.approx([0, 0, 0], abs=1e-3)
    assert np.linalg.norm(mag, axis=1) == pytest.approx(48, abs=2)
    assert (result.name, result.subject) == ("anna-1", "anna")
    assert result.events == recording.events
    assert recording.streams[1].values.mean() == pytest.approx(0.02, abs=1e-3)


@pytest.mark.parametrize(
    ("step", "channel", "expected"),
    [
        (CalibrateAccelerometer((2, 1, 1), (0, 0, 1)), "acc_x", [2, 1, 2]),
        (RemoveGyroBias((0.5, 0, 1)), "gyr_x", [0.5, 1, 0]),
        (CalibrateMagnetometer((1, 1, 0)), "mag_x", [0, 0, 1]),
        (
            CalibrateMagnetometer((0, 0, 0), ((2, 0, 0), (0, 1, 0), (0, 0, 0.5))),
            "mag_x",
            [2, 1, 0.5],
        ),
    ],
    ids=repr,
)
def test_fixed_numbers_are_applied_and_written_as_json(step, channel, expected):
    kind = {"acc": "accelerometer", "gyr": "gyroscope", "mag": "magnetometer"}
    stream = make_stream(kind[channel[:3]]).with_values(np.ones((500, 3)))
    result = step(sh.Recording([stream]))
    assert result.stream_of(channel).values[7].tolist() == expected
    assert step.is_causal
    written = json.loads(json.dumps(describe(step)))
    assert written.pop("step") == type(step).__name__
    assert type(step)(**written) == step
    assert hash(type(step)(**written)) == hash(step)


@pytest.mark.parametrize(
    ("step", "why"),
    [
        (CalibrateAccelerometer, "at least 10 still windows"),
        (RemoveGyroBias, "at least 3 still windows"),
        (CalibrateMagnetometer, "all its axes"),
    ],
)
def test_a_recording_that_does_not_tell_is_refused_or_kept(step, why):
    recording = make_recording(name="anna-2")
    walk = make_stream("magnetometer").with_values(
        np.random.default_rng(0).normal([20, 5, -42], 2, (500, 3))
    )
    recording = recording.with_streams([*recording.streams, walk])
    with pytest.raises(ValueError, match=f"of recording 'anna-2'.*({why})"):
        step()(recording)
    with pytest.warns(SensorharWarning, match="stays as it is"):
        kept = step(is_required=False)(recording)
    assert all(a is b for a, b in zip(kept.streams, recording.streams, strict=True))


def test_sensors_that_are_not_there_are_missed():
    gps = sh.Recording([sh.Stream.of_sensor("gps", np.ones((9, 6)), np.arange(9.0))])
    linear = make_stream(has_gravity=False)
    with pytest.raises(ValueError, match="needs a three-axis gyroscope; recording"):
        RemoveGyroBias((0, 0, 0))(gps)
    with pytest.raises(ValueError, match="three-axis accelerometer with gravity"):
        CalibrateAccelerometer()(sh.Recording([linear]))
    with pytest.raises(ValueError, match="needs a three-axis magnetometer"):
        CalibrateMagnetometer()(gps)


def test_half_of_the_numbers_is_refused():
    with pytest.raises(ValueError, match="scale and offset must both be given"):
        CalibrateAccelerometer(scale=(1, 1, 1))(make_recording())
    with pytest.raises(ValueError, match="matrix must come with an offset"):
        CalibrateMagnetometer(matrix=np.eye(3).tolist())(make_recording())
    with pytest.raises(ValueError, match="bias must be three numbers"):
        RemoveGyroBias(bias=(1.0, 2.0))
