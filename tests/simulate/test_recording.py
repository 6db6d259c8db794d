"""Simulated recordings: streams, truth, repeatability, messages."""

import numpy as np
import pytest

from sensorhar.simulate import Person, random_people, simulate_recording

SCHEDULE = [("standing", 6), ("sitting", 6), ("walking", 12)]


@pytest.fixture(scope="module")
def clean():
    return simulate_recording(
        Person("anna"), SCHEDULE, rate_hz=50, clean=True, random_state=0
    )


def during(recording, label, channel):
    time_s, values = recording.channel(channel)
    event = next(event for event in recording.events if event.label == label)
    inside = (time_s > event.start_s + 1) & (time_s < event.stop_s - 1)
    return time_s[inside], values[inside]


def magnitude(recording, label, prefix="acc"):
    axes = [during(recording, label, f"{prefix}_{axis}")[1] for axis in "xyz"]
    return np.linalg.norm(axes, axis=0)


def test_streams_are_what_the_house_expects(clean):
    assert [stream.kind for stream in clean.streams] == [
        "accelerometer", "gyroscope", "magnetometer", "gps",
    ]  # fmt: skip
    assert clean.subject == "anna"
    assert clean.metadata["simulated"] is True
    assert clean.metadata["place"] == "waist"
    accelerometer = clean.stream_of("acc_x")
    assert accelerometer.place == "waist"
    assert accelerometer.channels[0].has_gravity is True
    assert accelerometer.values.dtype == np.float32
    assert accelerometer.n_samples == int(np.ceil(clean.events.stop_s[-1] * 50))
    assert clean.stream_of("lat_deg").rate_hz == 1
    np.testing.assert_allclose(np.diff(accelerometer.time_s), 0.02)


def test_one_g_at_rest():
    rest = simulate_recording(
        Person(), [("lying", 60)], rate_hz=50, clean=True, random_state=1
    )
    norm = np.linalg.norm(rest.stream_of("acc_x").values, axis=1)
    assert np.mean(norm) == pytest.approx(9.80665, abs=1e-3)
    assert np.median(norm) == pytest.approx(9.81, abs=0.02)
    noisy = [
        np.linalg.norm(
            simulate_recording(
                Person(), [("sitting", 20)], sensors=["accelerometer"], random_state=i
            ).streams[0].values,
            axis=1,
        ).mean()
        for i in range(8)
    ]  # fmt: skip
    assert np.mean(noisy) == pytest.approx(9.81, abs=0.05)


def test_magnetometer_norm_is_constant_when_clean(clean):
    norm = np.linalg.norm(clean.stream_of("mag_x").values, axis=1)
    np.testing.assert_allclose(norm, 48.0, atol=1e-4)


def test_gps_speed_is_the_derivative_of_its_position():
    recording = simulate_recording(
        Person(), [("walking", 30)], rate_hz={"gps": 20}, sensors=["gps"], clean=True,
        random_state=0,
    )  # fmt: skip
    time_s, speed = recording.channel("speed_mps")
    latitude = recording.channel("lat_deg")[1]
    longitude = recording.channel("lon_deg")[1]
    north = np.gradient(latitude * 111_185.7, time_s)
    east = np.gradient(longitude * 76_061.6, time_s)
    np.testing.assert_allclose(np.hypot(north, east)[2:-2], speed[2:-2], atol=0.01)
    assert speed[100:].mean() == pytest.approx(1.24, abs=0.25)


def test_events_cover_the_recording_in_order(clean):
    events = clean.events
    assert list(events.labels) == [
        "standing", "stand_to_sit", "sitting", "sit_to_stand", "walking",
    ]  # fmt: skip
    assert events.start_s[0] == 0
    np.testing.assert_allclose(events.start_s[1:], events.stop_s[:-1])
    assert events.stop_s[-1] == pytest.approx(clean.duration_s, abs=0.05)


def test_step_frequency_shows_as_a_peak():
    for person in random_people(3, random_state=4):
        recording = simulate_recording(
            person, [("walking", 30)], rate_hz=50, sensors=["accelerometer"],
            random_state=0,
        )  # fmt: skip
        up = recording.stream_of("acc_x").values[:, 0].astype(float)
        power = np.abs(np.fft.rfft((up - up.mean()) * np.hanning(len(up)), 8192)) ** 2
        frequency_hz = np.fft.rfftfreq(8192, 0.02)
        band = (frequency_hz > 1.2) & (frequency_hz < 2.6)
        peak_hz = frequency_hz[band][power[band].argmax()]
        # From bout to bout one's pace varies by some percent.
        assert peak_hz == pytest.approx(person.cadence_hz, rel=0.15)


def test_walking_moves_and_sitting_does_not(clean):
    assert magnitude(clean, "walking").std() > 1.0
    assert magnitude(clean, "sitting").std() < 0.1
    assert magnitude(clean, "sitting", "gyr").mean() < 0.1


def test_same_seed_same_recording():
    first = simulate_recording(Person(), SCHEDULE, rate_hz=50, random_state=3)
    second = simulate_recording(Person(), SCHEDULE, rate_hz=50, random_state=3)
    other = simulate_recording(Person(), SCHEDULE, rate_hz=50, random_state=4)
    for a, b in zip(first.streams, second.streams, strict=True):
        np.testing.assert_array_equal(a.values, b.values)
        np.testing.assert_array_equal(a.time_s, b.time_s)
    assert first.events == second.events
    assert first.events != other.events


def test_leaving_a_sensor_out_changes_nothing_else():
    options = {"rate_hz": 50, "random_state": 3}
    alone = simulate_recording(Person(), SCHEDULE, sensors=["gyroscope"], **options)
    beside = simulate_recording(Person(), SCHEDULE, **options)
    np.testing.assert_array_equal(
        alone.stream_of("gyr_x").values, beside.stream_of("gyr_x").values
    )


def test_clean_is_the_same_motion():
    options = {"rate_hz": 50, "random_state": 3, "sensors": ["accelerometer"]}
    clean = simulate_recording(Person(), SCHEDULE, clean=True, **options)
    noisy = simulate_recording(Person(), SCHEDULE, **options)
    assert clean.events == noisy.events
    time_s, perfect = clean.channel("acc_x")
    stamp_s, real = noisy.channel("acc_x")
    error = np.interp(stamp_s, time_s, perfect) - real
    assert 0.01 < np.std(error) < 0.5


def test_each_sensor_has_its_own_clock():
    recording = simulate_recording(Person(), SCHEDULE, rate_hz=100, random_state=0)
    starts = [stream.time_s[0] for stream in recording.streams]
    assert len(set(starts)) == 4
    assert [stream.rate_hz for stream in recording.streams] == [100, 100, 50, 1]
    for stream in recording.streams[:3]:
        intervals_s = np.diff(stream.time_s) * stream.rate_hz
        assert np.mean(intervals_s) == pytest.approx(1, abs=2e-3)
        assert 0.01 < np.std(intervals_s) < 0.06


def test_people_differ():
    anna, ben = random_people(2, random_state=0)
    options = {"rate_hz": 50, "random_state": 0, "clean": True}
    first = simulate_recording(anna, [("walking", 10)], **options)
    second = simulate_recording(ben, [("walking", 10)], **options)
    difference = first.streams[0].values - second.streams[0].values
    assert np.std(difference) > 1.0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"schedule": [("flying", 5)]}, r"activity must be one of .*got 'flying'"),
        ({"schedule": [("walking", -5)]}, r"duration of 'walking' must be .*got -5"),
        ({"schedule": []}, r"schedule must hold at least one activity"),
        ({"place": "nose"}, r"place must be one of .*got 'nose'"),
        ({"sensors": ["radar"]}, r"sensor must be one of .*got 'radar'"),
        ({"sensors": []}, r"sensors must name at least one"),
        ({"rate_hz": 0}, r"rate_hz must be .*got 0"),
        ({"rate_hz": {"radar": 5}}, r"sensor of rate_hz must be one of"),
        ({"rate_hz": {"gps": -1}}, r"rate_hz of 'gps' must be .*got -1"),
    ],
)
def test_errors(options, message):
    options = {"schedule": SCHEDULE, **options}
    with pytest.raises(ValueError, match=message):
        simulate_recording(Person(), options.pop("schedule"), **options)
