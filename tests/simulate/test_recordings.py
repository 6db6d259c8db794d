"""Several people: enough to learn from, different enough to be honest."""

import subprocess
import sys

import numpy as np
import pytest

from sensorhar.simulate import ACTIVITIES, simulate_recordings


@pytest.fixture(scope="module")
def recordings():
    return simulate_recordings(2, minutes_per_activity=0.1)


def test_everybody_does_everything(recordings):
    assert [r.subject for r in recordings] == ["person01", "person02"]
    for recording in recordings:
        assert set(ACTIVITIES) <= set(recording.events.labels)
        assert not recording.events.overlapping()
        seconds = {
            label: recording.events.select([label]).duration_s.sum()
            for label in ACTIVITIES
        }
        np.testing.assert_allclose(list(seconds.values()), 6)
        assert recording.metadata["simulated"] is True
        for stream in recording.streams:
            assert np.isfinite(stream.values).all()


def test_same_seed_same_recordings(recordings):
    options = {"minutes_per_activity": 0.1, "sensors": ["accelerometer"]}
    again = simulate_recordings(2, **options)
    other = simulate_recordings(2, random_state=1, **options)
    for first, second, third in zip(recordings, again, other, strict=True):
        np.testing.assert_array_equal(first.streams[0].values, second.streams[0].values)
        assert first.events != third.events


def test_more_people_leave_the_first_as_they_are(recordings):
    more = simulate_recordings(3, minutes_per_activity=0.1, sensors=["accelerometer"])
    np.testing.assert_array_equal(
        recordings[0].streams[0].values, more[0].streams[0].values
    )


def test_choice_of_activities_sensors_place_and_rate():
    recording = simulate_recordings(
        1, minutes_per_activity=0.2, activities=["walking", "running"],
        place="wrist", rate_hz=25, sensors=["accelerometer"],
    )[0]  # fmt: skip
    assert set(recording.events.labels) == {"walking", "running"}
    assert recording.channel_names == ("acc_x", "acc_y", "acc_z")
    assert recording.streams[0].rate_hz == 25
    assert recording.streams[0].place == "wrist"


def test_waist_looks_like_hapt():
    """Means and spreads within what 30 people gave in HAPT (waist, x up, y forward)."""
    recordings = simulate_recordings(
        5, minutes_per_activity=0.15, sensors=["accelerometer"], random_state=5
    )
    spread, mean = {}, {}
    for label in ACTIVITIES:
        parts = []
        for recording in recordings:
            time_s = recording.streams[0].time_s
            for event in recording.events.select([label]):
                inside = (time_s > event.start_s + 1) & (time_s < event.stop_s - 1)
                parts.append(recording.streams[0].values[inside])
        spread[label] = np.median([part.std(axis=0) for part in parts], axis=0)
        mean[label] = np.median([part.mean(axis=0) for part in parts], axis=0)
    # Medians in HAPT: walking 2.3 1.8 1.2, upstairs 2.5 1.7 1.4, down 3.7 1.8 1.4.
    for label, expected in (
        ("walking", [2.3, 1.8, 1.2]),
        ("walking_upstairs", [2.5, 1.7, 1.4]),
        ("walking_downstairs", [3.7, 1.8, 1.4]),
    ):
        np.testing.assert_allclose(spread[label], expected, rtol=0.45)
    assert np.all(spread["sitting"] < 0.6)
    assert mean["standing"][0] > 9.3
    assert mean["walking_upstairs"][1] < mean["sitting"][1]  # leaning forward, back
    assert abs(mean["lying"][0]) < 4


def test_errors():
    with pytest.raises(ValueError, match=r"n_subjects must be .* above 0; got 0"):
        simulate_recordings(0)
    with pytest.raises(ValueError, match=r"minutes_per_activity must be .*got 0"):
        simulate_recordings(1, minutes_per_activity=0)
    with pytest.raises(ValueError, match=r"activity must be one of .*got 'flying'"):
        simulate_recordings(1, activities=["flying"])
    with pytest.raises(ValueError, match=r"activities must name at least one"):
        simulate_recordings(1, activities=[])


def test_import_loads_numpy_only():
    code = (
        "import sys, sensorhar.simulate; "
        "heavy = {'scipy', 'pandas', 'sklearn', 'matplotlib', 'keras', 'tensorflow'}; "
        "sys.exit(str(sorted(heavy & set(sys.modules))) if heavy & set(sys.modules) "
        "else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
