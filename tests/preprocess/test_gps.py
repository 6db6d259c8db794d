"""Bad fixes go, places become motion, and the recording stays what it was."""

import json
from dataclasses import asdict

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.preprocess import Align
from sensorhar.preprocess.gps import CleanGps, GpsMotion
from sensorhar.signal.local_metres import from_local_m
from sensorhar.simulate.journeys import simulate_journeys
from tests.conftest import make_recording, make_stream

NAMES = ("speed_mps", "accel_mps2", "turn_radps", "climb_mps", "is_stopped")


def gps_recording(local, time_s=None, **columns):
    """Return fixes at local metres, other columns as given or unknown."""
    local = np.asarray(local, dtype=float)
    lat, lon = from_local_m(local, origin=(47, 8, 0))
    fixes = np.full((len(local), 6), np.nan)
    fixes[:, 0], fixes[:, 1] = lat, lon
    names = ["lat", "lon", "alt_m", "speed_mps", "bearing_deg", "accuracy_m"]
    for name, values in columns.items():
        fixes[:, names.index(name)] = values
    times = np.arange(len(local), dtype=float) if time_s is None else time_s
    gps = sh.Stream.of_sensor("gps", fixes, times, rate_hz=1.0)
    return sh.Recording([gps, make_stream()], subject="anna", name="r")


def circle(n_fixes=60, speed_mps=10.0, radius_m=50.0):
    angle = np.arange(n_fixes) * speed_mps / radius_m  # clockwise from north
    return radius_m * np.stack([-np.cos(angle), np.sin(angle)], axis=1), angle


@pytest.mark.parametrize("step", [CleanGps(), GpsMotion(climb_s=5)], ids=repr)
def test_contract(step):
    recording = gps_recording(np.zeros((20, 2)) + np.arange(20)[:, None])
    before = [stream.values.tobytes() for stream in recording.streams]
    result = step(recording)
    assert [stream.values.tobytes() for stream in recording.streams] == before
    assert (result.subject, result.name) == ("anna", "r")
    assert result.streams[-1] is recording.streams[-1]
    assert type(step)(**json.loads(json.dumps(asdict(step)))) == step
    with pytest.raises(ValueError, match="needs a GPS stream with lat_deg and lon_deg"):
        step(make_recording())


def test_clean_leaves_out_bad_fixes_and_says_when_all_are():
    local, _ = circle()
    local[0] = [9000, 0]
    local[30] += 400
    accuracy = np.full(60, 5.0)
    accuracy[10] = 90
    recording = gps_recording(local, accuracy_m=accuracy)
    cleaned = CleanGps()(recording)
    np.testing.assert_array_equal(
        cleaned.streams[0].time_s, np.delete(np.arange(60.0), [0, 10, 30])
    )
    assert cleaned.streams[0].rate_hz == 1
    assert CleanGps()(cleaned).streams[0] is cleaned.streams[0]
    with pytest.raises(
        ValueError, match=r"all 60 are bad \(60 accuracy\).*max_accuracy_m=4"
    ):
        CleanGps(max_accuracy_m=2)(recording)
    assert not CleanGps().is_causal


def test_motion_of_a_circle():
    local, angle = circle()
    bearing = np.mod(np.rad2deg(angle), 360)
    recording = gps_recording(
        local, alt_m=450 + np.arange(60.0), speed_mps=10.0, bearing_deg=bearing
    )
    motion = GpsMotion()(recording).streams[0]
    assert motion.channel_names == NAMES
    assert [c.unit for c in motion.channels] == ["m/s", "m/s^2", "rad/s", "m/s", "1"]
    assert motion.kind == "derived"
    speed, accel, turn, climb, stopped = motion.values.T
    assert speed == pytest.approx(10)
    assert accel == pytest.approx(0)
    assert turn[1:] == pytest.approx(0.2)  # through north too, where 360 is 0
    assert climb[1:] == pytest.approx(1)
    assert not stopped.any()
    assert motion.values[0, 1:4].tolist() == [0, 0, 0]


def test_motion_from_positions_alone():
    local, _ = circle()
    motion = GpsMotion()(gps_recording(local)).streams[0]
    assert motion.channel_names == ("speed_mps", "accel_mps2", "turn_radps", NAMES[-1])
    assert motion.n_samples == 59  # the first fix has no speed
    # The chord of an arc of 10 m.
    assert motion.values[:, 0] == pytest.approx(100 * np.sin(0.1), rel=4e-3)
    assert motion.values[2:, 2] == pytest.approx(0.2, rel=0.02)


def test_unknown_speeds_are_filled_and_stops_found():
    local = np.stack([np.r_[0, 0, 0, 10, 20, 30], np.zeros(6)], axis=1)
    speed = [-1, 0.1, 0.2, np.nan, 10, 10]
    motion = GpsMotion()(
        gps_recording(local, speed_mps=speed, bearing_deg=[5, 90, 200, 90, 90, -1])
    ).streams[0]
    assert motion.values[:, 0] == pytest.approx([0.1, 0.2, 10, 10, 10], rel=4e-3)
    assert motion.values[:, -1].tolist() == [1, 1, 0, 0, 0]
    # Bearings while standing mean nothing, unknown ones neither.
    assert motion.values[:, 2] == pytest.approx(0)


def test_positions_stay_on_demand():
    local, _ = circle()
    recording = gps_recording(local, speed_mps=10.0)
    result = GpsMotion(keep_position=True)(recording)
    assert result.streams[0].channel_names == ("lat_deg", "lon_deg")
    assert result.streams[1].channel_names[0] == "speed_mps"
    assert "lat_deg" not in GpsMotion()(recording).channel_names


def test_places_are_kept_in_names():
    table = np.ones((5, 6)) * np.arange(1, 6)[:, None] * 1e-4
    gps = sh.Stream.of_sensor(
        "gps", table, np.arange(5.0), place="wrist", prefix_place=True
    )
    motion = GpsMotion()(sh.Recording([gps])).streams[0]
    assert motion.channel_names == tuple(f"wrist_{name}" for name in NAMES)
    assert motion.place == "wrist"


def test_motion_never_looks_ahead():
    rng = np.random.default_rng(0)
    local = np.cumsum(rng.normal(3, 2, (40, 2)), axis=0)
    recording = gps_recording(local, alt_m=rng.normal(450, 2, 40))
    assert GpsMotion().is_causal
    early = GpsMotion()(recording.crop(0, 20)).streams[0]
    whole = GpsMotion()(recording).streams[0]
    np.testing.assert_array_equal(early.values, whole.values[: early.n_samples])


def test_too_few_fixes():
    recording = gps_recording([[0, 0]], speed_mps=3.0)
    with pytest.raises(ValueError, match="GpsMotion needs at least two fixes.*has 1"):
        GpsMotion()(recording)
    with pytest.raises(ValueError, match="stop_speed_mps must be a number of m/s"):
        GpsMotion(stop_speed_mps=0)(recording)


def test_gps_beside_the_accelerometer():
    """Sample 3 of the API: fixes of 1 Hz and readings of 25 Hz in one window."""
    windows = sh.make_windows(
        simulate_journeys(1, minutes_per_mode=1, modes=["walk", "car"]),
        steps=[CleanGps(), GpsMotion(), Align(rate_hz=25, max_gap_s=20)],
        channels=["acc_x", "acc_y", "acc_z", "speed_mps"],
        length_s=5,
        overlap=0.5,
    )
    assert windows.shape[1:] == (125, 4)
    speed = np.asarray(windows)[:, :, 3].mean(axis=1)
    assert np.median(speed[windows.y == "walk"]) < np.median(speed[windows.y == "car"])


def test_a_stale_fix_makes_no_leap():
    for journey in simulate_journeys(4, minutes_per_mode=1, sensors=["gps"]):
        wild = GpsMotion()(journey).streams[0].values[:, 0].max()
        assert CleanGps()(journey).streams[0].n_samples > 0.9 * len(journey.streams[0])
        positions = journey.streams[0].values.copy()
        positions[:, 3] = np.nan  # a logger that reports no speed
        bare = journey.with_streams([journey.streams[0].with_values(positions)])
        speed = GpsMotion()(CleanGps()(bare)).streams[0].values[:, 0]
        assert speed.max() < 100
        assert wild < 60
