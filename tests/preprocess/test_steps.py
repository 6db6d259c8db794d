"""Every step keeps the contract: Recording in, new Recording out, written as JSON."""

import json

import numpy as np
import pytest

import sensorhar as sh
from sensorhar import preprocess
from sensorhar.preprocess import (
    Align,
    CalibrateAccelerometer,
    CalibrateMagnetometer,
    CleanGps,
    GpsMotion,
    GravityAlign,
    LowPass,
    Magnitude,
    Median,
    Orientation,
    RemapAxes,
    RemoveGyroBias,
    SplitGravity,
    build,
    describe,
)
from sensorhar.signal import low_pass
from tests.conftest import make_recording, make_stream

STEPS = [
    Align(rate_hz=25),
    CalibrateAccelerometer((1.01, 1, 1), (0, 0, 0.1)),
    CalibrateMagnetometer((1, 2, 3)),
    CleanGps(),
    GpsMotion(),
    GravityAlign(),
    GravityAlign(causal=True),
    LowPass(cutoff_hz=5),
    LowPass(cutoff_hz=5, causal=True),
    Magnitude(),
    Median(),
    Orientation(),
    RemapAxes(axes=("y", "-x", "z")),
    RemoveGyroBias((0.01, 0, 0)),
    SplitGravity(),
    SplitGravity(causal=True),
]


def test_every_public_step_is_tested_here():
    names = set(preprocess.__all__) - {"Step", "build", "describe"}
    assert {type(step).__name__ for step in STEPS} == names


@pytest.fixture(scope="module")
def phone():
    """Return a phone with each sensor that some step needs, on clean clocks."""
    (recording,) = sh.simulate_recordings(1, minutes_per_activity=0.2)
    clean = [
        stream
        if stream.kind == "gps"
        else sh.Stream(
            stream.values,
            np.arange(stream.n_samples) / stream.rate_hz,
            stream.channels,
            rate_hz=stream.rate_hz,
        )
        for stream in recording.streams
    ]
    return recording.with_streams(clean).crop(0, 60)


@pytest.mark.parametrize("step", STEPS, ids=repr)
def test_contract(step, phone):
    recording = phone
    before = [stream.values.tobytes() for stream in recording.streams]
    result = step(recording)
    assert [stream.values.tobytes() for stream in recording.streams] == before
    assert (result.subject, result.name) == (phone.subject, phone.name)
    assert result.events == recording.events
    assert all(np.isfinite(stream.values).all() for stream in result.streams)
    assert build(json.loads(json.dumps(describe(step)))) == step
    assert not hasattr(step, "fit")


@pytest.mark.parametrize("step", [step for step in STEPS if step.is_causal], ids=repr)
def test_a_causal_step_never_looks_ahead(step, phone):
    early = step(phone.crop(0, 20))
    whole = step(phone)
    for part, all_of_it in zip(early.streams, whole.streams, strict=True):
        n = part.n_samples
        assert part.values == pytest.approx(all_of_it.values[:n], abs=1e-5)


def test_low_pass_filters_each_run_by_itself():
    values = make_stream(n_samples=400).values
    time_s = np.arange(400) / 50
    time_s[150:] += 3
    stream = sh.Stream.of_sensor("accelerometer", values, time_s, has_gravity=True)
    filtered = LowPass(cutoff_hz=5)(sh.Recording([stream])).streams[0].values
    for run in (slice(0, 150), slice(150, 400)):
        expected = low_pass(values[run], rate_hz=50, cutoff_hz=5)
        assert filtered[run] == pytest.approx(expected, abs=1e-5)


def test_filters_leave_positions_alone():
    gps = sh.Stream.of_sensor("gps", np.ones((20, 6)), np.arange(20.0))
    recording = sh.Recording([make_stream(), gps])
    assert LowPass(cutoff_hz=5)(recording).streams[1] is gps


def test_split_gravity_adds_streams_that_sum_up():
    result = SplitGravity()(make_recording())
    total, linear, gravity = (
        result.stream_of(name).values for name in ("acc_x", "lin_x", "grav_x")
    )
    assert linear + gravity == pytest.approx(total, abs=1e-5)
    assert np.linalg.norm(gravity, axis=1).mean() == pytest.approx(9.81, abs=0.2)
    with pytest.raises(ValueError, match="needs an accelerometer with gravity"):
        SplitGravity()(sh.Recording([make_stream("gyroscope")]))


def test_magnitude_adds_the_norm_of_each_sensor():
    result = Magnitude()(make_recording())
    acc = result.stream_of("acc_x").values
    _, norm = result.channel("acc_norm")
    assert norm == pytest.approx(np.linalg.norm(acc, axis=1))
    assert "gyr_norm" in result.channel_names
    gps = sh.Stream.of_sensor("gps", np.ones((20, 6)), np.arange(20.0))
    with pytest.raises(ValueError, match="needs a sensor with three axes"):
        Magnitude()(sh.Recording([gps]))


def test_align_puts_all_on_one_clock_and_leaves_gaps_out():
    time_s = np.arange(400) / 50
    time_s[150:] += 3
    values = make_stream(n_samples=400).values
    broken = sh.Stream.of_sensor("accelerometer", values, time_s, has_gravity=True)
    other = make_stream("gyroscope", 1200, 100.0)
    aligned = Align(rate_hz=25)(sh.Recording([broken, other]))
    first, second = aligned.streams
    assert np.array_equal(first.time_s, second.time_s)
    assert not ((first.time_s > 3.0) & (first.time_s < 5.99)).any()
    assert first.rate_hz == 25


def test_align_turns_bearings_the_short_way():
    table = np.zeros((10, 6))
    table[:, 4] = [350, 10] * 5
    gps = sh.Stream.of_sensor("gps", table, np.arange(10.0))
    _, bearing = Align(rate_hz=2)(sh.Recording([gps])).channel("bearing_deg")
    assert (np.minimum(bearing, 360 - bearing) <= 11).all()


def test_align_refuses_streams_that_never_meet():
    late = make_stream("gyroscope")
    late = sh.Stream(late.values, late.time_s + 100, late.channels)
    with pytest.raises(ValueError, match="must share some time to be aligned"):
        Align(rate_hz=50)(sh.Recording([make_stream(), late]))


def test_filters_say_what_to_do_about_clocks_and_lost_readings():
    time_s = np.cumsum(np.random.default_rng(0).uniform(0.005, 0.04, 400))
    values = make_stream(n_samples=400).values
    stream = sh.Stream.of_sensor("accelerometer", values, time_s, has_gravity=True)
    with pytest.raises(ValueError, match=r"LowPass needs a regular clock.*Align"):
        LowPass(cutoff_hz=5)(sh.Recording([stream]))
    lost = values.copy()
    lost[3] = np.nan
    with pytest.raises(ValueError, match=r"needs a value at each sample.*Align"):
        LowPass(cutoff_hz=5)(
            sh.Recording([make_stream(n_samples=400).with_values(lost)])
        )


def test_only_steps_of_the_library_go_into_a_spec():
    with pytest.raises(TypeError, match="a step must be one of sensorhar.preprocess"):
        describe(lambda recording: recording)
    with pytest.raises(ValueError, match="step must be one of 'Align'"):
        build({"step": "Explode"})
