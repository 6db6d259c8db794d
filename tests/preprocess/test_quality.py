"""Each flaw put into a recording is measured, and told in a sentence of its own."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.preprocess.quality import quality_report
from sensorhar.signal.clock import repair_clock

G = 9.80665


def walk(n=6000, rate_hz=50.0, seed=0):
    """Return a minute or two of movement around 1 g."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(n) / rate_hz
    values = rng.normal([0, 0, G], 0.05, (n, 3))
    values += 2 * np.sin(2 * np.pi * 1.8 * time_s + 0.1)[:, None] * [0.5, 0.3, 1.0]
    values[: n // 4] = rng.normal([0, 0, G], 0.02, (n // 4, 3))
    return values, time_s


def recorded(values, time_s, kind="accelerometer", rate_hz=None, **fields):
    gravity = True if kind == "accelerometer" else None
    stream = sh.Stream.of_sensor(
        kind, values, time_s, has_gravity=gravity, rate_hz=rate_hz
    )
    return sh.Recording([stream], name="anna", **fields)


def only(recording):
    """Return the measurement of the only stream, and the only problem."""
    report = quality_report(recording)
    (stream,) = report.streams
    assert len(report.problems) == 1, report.problems
    return stream, report.problems[0]


def test_nothing_is_wrong_with_a_good_recording():
    report = quality_report(recorded(*walk()))
    assert report.problems == ()
    (stream,) = report.streams
    assert stream.measured_rate_hz == pytest.approx(50)
    assert stream.median_magnitude == pytest.approx(G, abs=0.2)
    assert stream.rest_magnitude == pytest.approx(G, abs=0.01)
    assert stream.gravity_share > 0.9
    assert stream.jitter_p99_s < 1e-6
    assert str(report).startswith("anna: 2 min 0 s\n\n  accelerometer: acc_x acc_y ac")
    assert str(report).endswith("No labels.\n\nNothing wrong was found.")


def test_simulated_people_have_no_problems():
    for recording in sh.simulate_recordings(2, minutes_per_activity=0.2):
        assert quality_report(recording).problems == ()


def test_units_come_first_and_calibration_is_not_blamed():
    values, time_s = walk()
    stream, problem = only(recorded(values / G, time_s))
    assert 'pass units={"acc": "g"}' in problem
    assert stream.gravity_share == 0


def test_an_accelerometer_that_is_off_at_rest_wants_calibration():
    values, time_s = walk()
    stream, problem = only(recorded(values * 1.05, time_s))
    assert "reads 10.30 m/s^2 at rest" in problem
    assert "CalibrateAccelerometer()" in problem
    assert stream.rest_magnitude == pytest.approx(1.05 * G, abs=0.01)


def test_clipping():
    values, time_s = walk()
    stream, problem = only(recorded(np.clip(values, -11, 11), time_s))
    assert "clipped (acc_z 2" in problem
    assert stream.clipped_shares[:2] == (0, 0)
    assert stream.clipped_shares[2] > 0.2


def test_a_stuck_axis_and_a_log_that_stopped():
    values, time_s = walk()
    values[2000:3000, 1] = 0.25
    stream, problem = only(recorded(values, time_s))
    assert stream.stuck_s == pytest.approx((0, 19.98, 0))
    assert "acc_y for 20 s while its other axes go on" in problem
    values, time_s = walk()
    values[2000:3000] = values[2000]
    stream, problem = only(recorded(values, time_s))
    assert stream.frozen_s == pytest.approx(19.98)
    assert stream.stuck_s == (0, 0, 0)
    assert "repeats one reading on all axes for 20 s" in problem


def test_a_sensor_asked_too_often():
    values, _ = walk()
    stream, problem = only(
        recorded(np.repeat(values, 2, axis=0), np.arange(12e3) / 100)
    )
    assert stream.repeated_share == pytest.approx(0.5, abs=0.01)
    assert "it measures about 50 times a second and was asked 100 times" in problem
    assert "rate_hz=50 or less" in problem


def test_rates_jitter_gaps_and_lost_readings():
    values, time_s = walk()
    stream, problem = only(recorded(values, time_s, rate_hz=60.0))
    assert "gives 50 samples a second, not the stated 60" in problem
    assert (stream.rate_hz, round(stream.measured_rate_hz, 6)) == (60.0, 50.0)

    late = np.where(np.arange(6000) % 5 == 4, 0.0, 0.012)
    stream, problem = only(recorded(values, time_s + late))
    assert "more than 12 ms off" in problem
    assert "repair_clock" in problem

    there = (time_s < 30) | (time_s >= 40)
    stream, problem = only(recorded(values[there], time_s[there]))
    assert (stream.n_gaps, stream.gap_s) == (1, pytest.approx(10.02))
    assert "has 1 gap of 10 s together, the longest 10 s" in problem

    values[100:200, 1] = np.nan
    stream, problem = only(recorded(values, time_s))
    assert stream.n_missing == 100
    assert "100 of 6000 rows of the accelerometer lack a reading" in problem


def test_the_clock_in_the_file_is_told_of():
    values, time_s = walk()
    raw_s = np.repeat(time_s[4::5], 5)
    repair = repair_clock(raw_s)
    note = {"clock acc_x": json.dumps(repair.report.to_dict())}
    stream, problem = only(recorded(values, repair.time_s, metadata=note))
    assert stream.n_duplicates == 4800
    assert stream.raw_clock["n_repeats"] == 4800
    assert "4800 repeated stamps (80.0%) and 0 steps backwards" in problem
    for text in ("my own note", "[1, 2]"):
        report = quality_report(
            recorded(values, time_s, metadata={"clock acc_x": text})
        )
        assert report.streams[0].raw_clock is None


def test_non_wear():
    rng = np.random.default_rng(0)
    values = rng.normal([0, 0, G], 0.7, (4 * 3600 * 5, 3))
    values[18_000:45_000] = rng.normal([0, 0, G], 0.02, (27_000, 3))
    stream, problem = only(recorded(values, np.arange(len(values)) / 5))
    assert stream.non_wear_s == 5400
    assert "lay still for 1 h 30 min" in problem
    assert "probably not worn" in problem


def test_stale_and_early_fixes():
    values, time_s = walk()
    fixes = np.full((60, 6), np.nan)
    fixes[:, :2] = 48.0 + np.arange(60)[:, None] * 1e-5
    fixes[10:30, :2] = fixes[10, :2]
    gps = sh.Stream.of_sensor("gps", fixes, np.arange(60.0))
    recording = recorded(values, time_s)
    report = quality_report(recording.with_streams([*recording.streams, gps]))
    assert (report.streams[1].n_stale, report.streams[1].n_missing) == (19, 0)
    assert "19 of 60 fixes of the gps repeat the one before" in report.problems[0]
    early = sh.Stream(gps.values[40:], gps.time_s[40:] - 150, gps.channels)
    report = quality_report(recording.with_streams([*recording.streams, early]))
    assert report.streams[1].n_early == 20
    assert "20 fixes of the gps are older than the recording" in report.problems[0]


def test_sensors_that_start_late_or_stop_early():
    values, time_s = walk()
    recording = recorded(values, time_s)
    rng = np.random.default_rng(0)
    part = slice(500, 4000)
    gyr = sh.Stream.of_sensor("gyroscope", rng.normal(size=(3500, 3)), time_s[part])
    report = quality_report(recording.with_streams([*recording.streams, gyr]))
    assert report.problems == (
        "The gyroscope starts 10 s late and stops 40 s early. Only the time that all "
        "streams share makes windows; leave a short one out with channels=...",
    )


def test_labels():
    events = sh.Events([0, 20, 100], [30, 40, 110], ["sit", "walk", "sit"])
    start = datetime(2026, 5, 4, 9, tzinfo=UTC)
    recording = recorded(*walk(), events=events, subject="anna k", start=start)
    report = quality_report(recording)
    assert report.label_coverage == pytest.approx(50 / 119.98)
    assert report.label_s == {"sit": (2, 40.0), "walk": (1, 20.0)}
    assert "1 events overlap others" in report.problems[0]
    text = str(report)
    assert text.startswith(
        "anna of anna k: 2 min 0 s, from 2026-05-04T09:00:00+00:00\n"
    )
    assert "3 events label 41.7% of the recording; 1 overlap." in text
    empty = quality_report(recording.with_events(sh.Events.empty()))
    assert "0 events label 0.0%" in str(empty)


def test_dict_is_plain_json():
    heart = sh.Stream.of_sensor("heart_rate", [[60.0]], [0.0])
    values, time_s = walk()
    recording = recorded(values, time_s)
    report = quality_report(recording.with_streams([*recording.streams, heart]))
    plain = report.to_dict()
    assert json.loads(json.dumps(plain, allow_nan=False)) == plain
    assert plain["streams"][1]["jitter_p50_s"] is None
    assert plain["streams"][0]["channels"] == ["acc_x", "acc_y", "acc_z"]
    assert "heart rate" in str(report)
