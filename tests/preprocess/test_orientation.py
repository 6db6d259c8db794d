"""Gravity-aligned channels and the orientation, as steps."""

import json
from dataclasses import asdict

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.preprocess import Align
from sensorhar.preprocess.gravity_align import GravityAlign
from sensorhar.preprocess.orientation import Orientation
from sensorhar.signal.orientation import align_to_gravity
from sensorhar.signal.quaternion import quaternion_rotate
from tests.conftest import make_recording, make_stream


@pytest.fixture(scope="module")
def phone():
    """Return half a minute of one phone with all sensors, at 50 Hz."""
    person = sh.simulate.Person()
    recording = sh.simulate.simulate_recording(
        person, [("standing", 8), ("walking", 12)], place="pocket", random_state=0
    )
    return Align(rate_hz=50)(recording)


@pytest.mark.parametrize(
    "step",
    [GravityAlign(), GravityAlign(cutoff_hz=0.5, causal=True), Orientation(gain=0.5)],
    ids=repr,
)
def test_contract(step, phone):
    before = [stream.values.tobytes() for stream in phone.streams]
    result = step(phone)
    assert [stream.values.tobytes() for stream in phone.streams] == before
    assert result.events == phone.events
    assert result.streams[: len(phone.streams)] == phone.streams
    assert all(np.isfinite(stream.values).all() for stream in result.streams)
    assert type(step)(**json.loads(json.dumps(asdict(step)))) == step
    if step.is_causal:
        early = step(phone.crop(0, 9))
        for part, whole in zip(early.streams, result.streams, strict=True):
            expected = whole.values[: part.n_samples]
            assert part.values == pytest.approx(expected, abs=1e-5)


def test_gravity_align_is_the_function(phone):
    result = GravityAlign()(phone)
    found = result.stream_of("acc_vertical")
    assert found.channel_names == ("acc_vertical", "acc_horizontal")
    assert found.place == "pocket"
    acc = phone.stream_of("acc_x").values
    expected = align_to_gravity(acc, rate_hz=50)
    assert found.values == pytest.approx(expected, abs=1e-5)


def test_a_phone_mounted_otherwise_gives_equal_channels(phone):
    acc = phone.stream_of("acc_x")
    turn = np.array([0.5, -0.1, 0.7, 0.5])
    double = acc.values.astype(np.float64)
    plain, turned = (
        GravityAlign()(sh.Recording([acc.with_values(values)])).streams[-1].values
        for values in (
            double,
            quaternion_rotate(turn / np.linalg.norm(turn), double),
        )
    )
    assert np.abs(plain - turned).max() <= 1e-5


def test_orientation_lies_beside(phone):
    result = Orientation()(phone)
    quaternion = result.stream_of("quat_w")
    assert quaternion.kind == "orientation"
    assert np.linalg.norm(quaternion.values, axis=1) == pytest.approx(1, abs=1e-6)
    tilt, heading = result.stream_of("tilt_rad").values.T
    # A phone upright in a pocket: its z axis lies flat.
    assert np.rad2deg(np.median(tilt)) == pytest.approx(90, abs=25)
    assert ((heading >= 0) & (heading < 2 * np.pi)).all()
    acc = phone.stream_of("acc_x").values
    up = quaternion_rotate(quaternion.values, acc)[100:].mean(axis=0)
    assert up == pytest.approx([0, 0, 9.8], abs=0.5)


def test_each_run_between_gaps_starts_anew(phone):
    time_s = phone.streams[0].time_s
    keep = (time_s < 5) | (time_s > 7)
    holed = phone.with_streams(
        [
            sh.Stream(s.values[keep], s.time_s[keep], s.channels, rate_hz=50)
            for s in phone.streams
        ]
    )
    n = int((time_s < 5).sum())
    found = Orientation()(holed).stream_of("quat_w").values
    part = Orientation()(phone.crop(0, 5)).stream_of("quat_w").values
    np.testing.assert_allclose(found[:n], part, atol=1e-6)


def test_refusals(phone):
    with pytest.raises(ValueError, match="GravityAlign needs an accelerometer with"):
        GravityAlign()(sh.Recording([make_stream("gyroscope")]))
    with pytest.raises(
        ValueError, match=r"three-axis magnetometer;.*magnetometer=False"
    ):
        Orientation()(make_recording())
    assert "tilt_rad" in Orientation(magnetometer=False)(make_recording()).channel_names
    with pytest.raises(ValueError, match="three-axis accelerometer with gravity"):
        Orientation()(sh.Recording([make_stream("gyroscope")]))
    other = [make_stream(), make_stream("gyroscope", rate_hz=100.0)]
    with pytest.raises(ValueError, match="needs 'gyr_x' on the clock of 'acc_x'"):
        Orientation(magnetometer=False)(sh.Recording(other))
