"""Parts of a file become one recording on one time line."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest

from sensorhar.errors import ClockWarning, DataError, SensorharWarning, UnitWarning
from sensorhar.io._builder import RecordingBuilder

START_NS = 1_700_000_000_123_456_789


def still(n=200, size=9.81):
    return np.tile([0.0, 0.0, size], (n, 1))


def stamps(n=200, rate_hz=100, start_ns=START_NS):
    return start_ns + np.arange(n, dtype=np.int64) * (10**9 // rate_hz)


def test_nanoseconds_since_1970_stay_exact():
    builder = RecordingBuilder("anna.zip")
    builder.add("accelerometer", still(), stamps(), has_gravity=True)
    builder.add("gyroscope", np.zeros((100, 3)), stamps(100, 50, START_NS + 14_000_000))
    recording = builder.build(name="anna", subject="a")
    acc, gyr = recording.streams
    assert recording.start == datetime(2023, 11, 14, 22, 13, 20, 123456, tzinfo=UTC)
    assert acc.time_s[0] == 0
    assert gyr.time_s[0] == 0.014
    np.testing.assert_allclose(np.diff(acc.time_s), 0.01, rtol=1e-12)
    assert recording.subject == "a"


def test_fixes_from_before_are_left_out():
    """A phone hands the last place out again when the recording begins."""
    fixes = np.full((5, 6), np.nan)
    fixes[:, :2] = 49, 8
    fixes[2:, 0] += 1e-5 * np.arange(3)  # at 2 s it is the same, but newly found
    for age_s, n_stale in ((0, 0), (108, 1), (109, 2)):
        builder = RecordingBuilder("anna.zip")
        times = stamps(5, 1)
        times[0] -= age_s * 10**9
        fixes[1, 0] = 49 if age_s == 109 else 48.5
        builder.add("accelerometer", still(500), stamps(500), has_gravity=True)
        builder.add("gps", fixes, times)
        if not n_stale:
            assert builder.build(name="anna").streams[1].n_samples == 5
            continue
        message = f"it does, by {age_s} s. {n_stale} fixes at places"
        with pytest.warns(SensorharWarning, match=message):
            recording = builder.build(name="anna")
        assert recording.start_s == 0
        assert recording.streams[1].n_samples == 5 - n_stale
        assert recording.metadata["gps stale"] == n_stale


def test_only_fixes_begin_at_the_first():
    builder = RecordingBuilder("walk.gpx")
    fixes = np.full((5, 6), np.nan)
    fixes[:, :2] = 49, 8
    times = stamps(5, 1)[[0, 1, 1, 3, 2]]
    builder.add("gps", fixes, times)
    recording = builder.build(name="walk")
    assert recording.streams[0].time_s.tolist() == [0, 1, 2, 3]
    assert recording.metadata["gps repeated"] == 1


def test_clock_is_repaired_and_said():
    builder = RecordingBuilder("anna.zip")
    builder.add("accelerometer", still(), stamps() // 50_000_000 * 50_000_000)
    with pytest.warns(ClockWarning, match="1.. of 200 repeat. The samples were spread"):
        recording = builder.build(name="anna")
    report = json.loads(recording.metadata["clock acc_x"])
    assert report["n_repeats"] == 159
    assert recording.streams[0].n_samples == 200


def test_clock_is_refused_when_told_to():
    builder = RecordingBuilder("anna.zip", repair=False)
    builder.add("accelerometer", still(2), [0.0, 0.0], has_gravity=True)
    with pytest.raises(DataError, match=r"anna.zip: times of stream 'acc_x' must inc"):
        builder.build(name="anna")


@pytest.mark.parametrize(
    ("kind", "values", "factor", "unit"),
    [
        ("accelerometer", still(size=1.0), 9.80665, "g"),
        ("accelerometer", still(size=998.0), 9.80665e-3, "mg"),
        ("gyroscope", still(size=120.0), np.pi / 180, "deg/s"),
        ("magnetometer", still(size=0.48), 100, "gauss"),
        ("magnetometer", still(size=48_000.0), 1e-3, "nT"),
    ],
)
def test_units_nobody_stated(kind, values, factor, unit):
    builder = RecordingBuilder("anna.csv")
    gravity = True if kind == "accelerometer" else None
    builder.add(kind, values, np.arange(200) / 100, is_unit_known=False)
    with pytest.warns(UnitWarning, match=f"is that of {unit}, and it was converted"):
        stream = builder.build(name="anna").streams[0]
    np.testing.assert_allclose(stream.values, values * factor)
    assert stream.channels[0].has_gravity is gravity


def test_units_that_fit_are_kept():
    builder = RecordingBuilder("anna.csv")
    for kind, size in (("accelerometer", 9.7), ("gyroscope", 3), ("magnetometer", 45)):
        builder.add(kind, still(size=size), np.arange(200) / 100, is_unit_known=False)
    sizes = [stream.values[0, 2] for stream in builder.build(name="anna").streams]
    assert sizes == [9.7, 3, 45]


def test_gravity_is_told_by_size():
    builder = RecordingBuilder("anna.csv")
    for place, size in (("wrist", 9.7), ("hip", 0.1)):
        builder.add(
            "accelerometer",
            still(size=size),
            np.arange(200) / 100,
            place=place,
            prefix_place=True,
        )
    recording = builder.build(name="anna")
    assert recording.channel_names[::3] == ("wrist_acc_x", "hip_acc_x")
    flags = [stream.channels[0].has_gravity for stream in recording.streams]
    assert flags == [True, False]


def test_empty_rows_and_parts_are_left_out():
    values = still()
    values[::2] = np.nan
    builder = RecordingBuilder("anna.csv")
    builder.add("gyroscope", values * 0, np.arange(200) / 100)
    builder.add("magnetometer", np.full((5, 3), np.nan), np.arange(5.0))
    builder.add("magnetometer", np.empty((0, 3)), np.empty(0))
    (stream,) = builder.build(name="anna").streams
    assert stream.n_samples == 100
    assert stream.rate_hz == pytest.approx(50)


def test_events_in_unix_time():
    builder = RecordingBuilder("anna.zip")
    builder.add("accelerometer", still(), stamps(), has_gravity=True)
    second = 10**9
    recording = builder.build(
        name="anna",
        unix_events=(
            [START_NS + second // 2, START_NS + 9 * second],
            [START_NS + second, START_NS + 10 * second],
            ["walking", "sitting"],
        ),
    )
    assert [(e.start_s, e.stop_s, e.label) for e in recording.events] == [
        (0.5, 1.0, "walking")
    ]


def test_nothing_to_build_from():
    with pytest.raises(DataError, match="a.zip must hold readings of a sensor; it hol"):
        RecordingBuilder("a.zip").build(name="a")


def test_clocks_of_two_kinds():
    builder = RecordingBuilder("a.zip")
    builder.add("accelerometer", still(), stamps(), has_gravity=True)
    builder.add("gyroscope", still() * 0, np.arange(200) / 100)
    with pytest.raises(DataError, match="must count time in the same way; some count"):
        builder.build(name="a")


def test_beyond_repair():
    builder = RecordingBuilder("a.zip")
    builder.add("accelerometer", still(3), [1.0, 1.0, 1.0], has_gravity=True)
    with pytest.raises(DataError, match="accelerometer of 'a.zip': stamps must go for"):
        builder.build(name="a")
