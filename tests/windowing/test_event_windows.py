"""Each event gets one window: centred in what was recorded, or stretched."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.errors import SensorharWarning, SpecMismatchError
from sensorhar.preprocess import LowPass
from sensorhar.windowing import make_event_windows
from tests.conftest import make_recording, make_stream

ACC = ["acc_x", "acc_y", "acc_z"]


def windows_of(*recordings, **fields):
    return make_event_windows(recordings, **{"length_s": 2.0, "channels": ACC} | fields)


def readings(recording):
    return recording.streams[0].values


def broken(events, gap_s):
    """Return ten seconds at 50 Hz in which the sensor was silent for a while."""
    stream = make_stream()
    is_there = (stream.time_s < gap_s[0]) | (stream.time_s >= gap_s[1])
    start, stop, labels = zip(*events, strict=True)
    cut = sh.Stream(
        stream.values[is_there], stream.time_s[is_there], stream.channels, rate_hz=50.0
    )
    return sh.Recording([cut], name="anna-01", events=sh.Events(start, stop, labels))


def test_a_short_event_stands_in_the_middle_of_what_was_recorded():
    recording = make_recording([(4.0, 5.0, "throw")], name="one", subject="anna")
    windows = windows_of(recording)
    assert np.array_equal(windows[0], readings(recording)[175:275])
    assert windows.start_s == pytest.approx([3.5])
    assert windows.purity == pytest.approx([0.5])
    assert (windows.y[0], windows.groups[0], windows.recording[0]) == (
        "throw",
        "anna",
        "one",
    )


def test_a_long_event_loses_both_ends_alike():
    recording = make_recording([(2.0, 6.0, "lunge")])
    windows = windows_of(recording)
    assert np.array_equal(windows[0], readings(recording)[150:250])
    assert windows.purity == pytest.approx([1.0])


def test_beyond_the_ends_of_the_recording_samples_are_held():
    recording = make_recording([(0.0, 0.52, "a"), (9.48, 10.0, "b")])
    first, last = np.asarray(windows_of(recording))
    values = readings(recording)
    assert np.array_equal(first[:37], np.repeat(values[:1], 37, axis=0))
    assert np.array_equal(first[37:], values[:63])
    assert np.array_equal(last[:63], values[-63:])
    assert np.array_equal(last[63:], np.repeat(values[-1:], 37, axis=0))


def test_where_the_first_sample_is_held_the_start_lies_before_the_recording():
    windows = windows_of(make_recording([(0.0, 1.0, "a")]))
    assert windows.start_s == pytest.approx([-0.5])


def test_samples_are_held_at_a_gap_too():
    recording = broken([(3.0, 4.0, "a")], gap_s=(4.1, 6.0))
    window = windows_of(recording)[0]
    assert np.array_equal(window[:80], readings(recording)[125:205])
    assert np.array_equal(window[80:], np.repeat(readings(recording)[204:205], 20, 0))


@pytest.mark.parametrize("span", [(3.0, 7.0), (5.0, 7.0), (3.0, 5.0)], ids=str)
def test_an_event_with_a_gap_is_left_out_and_named(span):
    recording = broken([(*span, "a"), (8.0, 9.0, "b")], gap_s=(4.5, 6.0))
    with pytest.warns(SensorharWarning, match=r"1 of 2 events .* 'a' of recording 'an"):
        windows = windows_of(recording)
    assert windows.y.tolist() == ["b"]
    assert len(windows_of(recording, max_gap_s=2.0)) == 2


def test_no_event_at_all_is_refused():
    recording = make_recording([])
    with pytest.raises(ValueError, match="at least one event with all its samples"):
        windows_of(recording)


def test_a_stretched_window_runs_from_start_to_stop():
    stream = make_stream("gyroscope")
    ramp = np.outer(np.arange(500.0), [0.01, 0.02, 0.03])
    recording = sh.Recording(
        [sh.Stream(ramp, stream.time_s, stream.channels, rate_hz=50.0)],
        events=sh.Events([1.0, 4.0], [2.0, 9.0], ["short", "long"]),
    )
    windows = windows_of(recording, fit="stretch", channels=None)
    short, long = np.asarray(windows)
    assert short[:, 0] == pytest.approx(0.01 * np.linspace(50, 99, 100), abs=1e-4)
    assert long[:, 2] == pytest.approx(0.03 * np.linspace(200, 449, 100), abs=1e-3)
    assert windows.start_s == pytest.approx([1.0, 4.0])
    assert windows.purity.tolist() == [1.0, 1.0]
    assert windows.spec.is_stretched
    assert np.isnan(windows.stop_s).all()


def test_an_event_of_the_windows_length_is_as_it_was():
    recording = make_recording([(4.0, 6.0, "a")])
    centred, stretched = (windows_of(recording, fit=fit) for fit in ("centre", None))
    assert np.array_equal(centred, stretched)
    stretched = windows_of(recording, fit="stretch")
    assert np.asarray(stretched) == pytest.approx(np.asarray(centred), abs=1e-5)


def test_shrinking_lets_no_fast_tone_pass_for_a_slow_one():
    time_s = np.arange(1000) / 50
    tone = np.sin(2 * np.pi * 20 * time_s)[:, None].repeat(3, axis=1)
    stream = sh.Stream(tone, time_s, make_stream().channels, rate_hz=50.0)
    recording = sh.Recording([stream], events=sh.Events([0], [20], ["buzz"]))
    window = windows_of(recording, fit="stretch")[0]
    assert np.abs(window[5:-5]).max() < 0.01


def test_one_sample_is_repeated():
    recording = make_recording([(1.0, 1.01, "tap")])
    windows = windows_of(recording, fit="stretch")
    assert np.array_equal(windows[0], np.repeat(readings(recording)[50:51], 100, 0))
    assert windows_of(recording, fit="stretch", length_s=0.02).shape == (1, 1, 3)


def test_events_may_overlap():
    windows = windows_of(make_recording([(1, 5, "a"), (2, 3, "b"), (2, 3, "c")]))
    assert windows.y.tolist() == ["a", "b", "c"]


def test_a_recording_without_events_is_one_event_without_a_label():
    bare = make_recording(None, name="new")
    windows = windows_of(bare, fit="stretch")
    assert windows.y is None
    assert windows.recording.tolist() == ["new"]
    mixed = windows_of(bare, make_recording([(1, 2, "a")]))
    assert mixed.y.tolist() == [None, "a"]


def test_streams_of_different_rates_meet_on_one_clock():
    recording = sh.Recording(
        [make_stream(), make_stream("gyroscope", 1000, 100.0)],
        events=sh.Events([2], [5], ["a"]),
    )
    with pytest.raises(
        ValueError, match=r"make_event_windows needs rate_hz .* 50, 100"
    ):
        windows_of(recording, channels=None)
    windows = windows_of(recording, channels=None, rate_hz=25)
    assert windows.shape == (1, 50, 6)
    assert windows.spec.rate_hz == 25.0


@pytest.mark.parametrize("fit", ["centre", "stretch"])
def test_a_sensor_that_is_not_there_is_masked(fit):
    events = [(2, 5, "a")]
    whole = make_recording(events)
    half = make_recording(events).with_streams(whole.streams[:1])
    windows = windows_of(whole, half, channels=None, missing="mask", fit=fit)
    is_masked = np.isnan(np.asarray(windows)).all(axis=1)
    assert is_masked.tolist() == [[False] * 6, [False] * 3 + [True] * 3]


@pytest.mark.parametrize("fit", ["centre", "stretch"])
def test_the_spec_makes_the_same_windows_again(fit):
    recording = make_recording([(1, 2, "a"), (3, 7, "b")])
    windows = windows_of(recording, fit=fit, steps=[LowPass(cutoff_hz=10)])
    spec = sh.WindowSpec.from_dict(windows.spec.to_dict())
    again = make_event_windows([recording], spec=spec)
    assert again.spec == windows.spec
    assert np.array_equal(again, windows)


def test_windows_on_the_clock_cannot_be_made_by_a_stretched_spec():
    recording = make_recording([(1, 2, "a")])
    spec = windows_of(recording, fit="stretch").spec
    assert "whole events" in spec.describe()
    assert "whole events" in repr(spec)
    with pytest.raises(ValueError, match="spec must be of windows on the clock"):
        sh.make_windows([recording], spec=spec)


def test_gravity_must_be_as_in_the_spec():
    recording = make_recording([(1, 2, "a")])
    spec = windows_of(recording).spec
    other = recording.with_streams([make_stream(has_gravity=False)])
    with pytest.raises(SpecMismatchError, match="'acc_x' of recording"):
        make_event_windows([other], spec=spec)


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"length_s": None}, "make_event_windows needs length_s"),
        ({"length_s": -1}, "length_s must be a number of s above 0"),
        ({"rate_hz": 0}, "rate_hz must be a number of Hz above 0"),
        ({"fit": "pad"}, "fit must be one of 'centre', 'stretch'; got 'pad'"),
        ({"missing": "drop"}, "missing must be one of"),
        ({"channels": ["acc_x", "acc_x"]}, "channels must be names that differ"),
    ],
    ids=str,
)
def test_what_cannot_be_asked_for(fields, words):
    with pytest.raises(ValueError, match=words):
        windows_of(make_recording([(1, 2, "a")]), **fields)


def test_nothing_may_stand_beside_the_spec():
    recording = make_recording([(1, 2, "a")])
    spec = windows_of(recording).spec
    with pytest.raises(
        ValueError, match="spec says .* got 'fit', 'length_s' beside it"
    ):
        make_event_windows([recording], spec=spec, length_s=1, fit="centre")
    with pytest.raises(ValueError, match="at least one recording"):
        make_event_windows([], length_s=1)


def test_classifiers_and_evaluation_take_them():
    rng = np.random.default_rng(0)
    recordings = []
    for i in range(12):
        n_samples, label = int(rng.integers(60, 200)), ("wave", "hold")[i % 2]
        stream = make_stream(n_samples=n_samples)
        values = stream.values + 5 * (label == "wave") * np.sin(stream.time_s * 12)[
            :, None
        ].astype(np.float32)
        recordings.append(
            sh.Recording(
                [sh.Stream(values, stream.time_s, stream.channels, rate_hz=50.0)],
                name=f"trial-{i}",
                subject=f"s{i // 4}",
                events=sh.Events([0], [n_samples / 50], [label]),
            )
        )
    windows = make_event_windows(recordings, length_s=2, fit="stretch")
    assert windows.recording.tolist() == [f"trial-{i}" for i in range(12)]
    report = sh.evaluate(sh.FeatureLinearClassifier(), windows, cv="loso")
    assert report["FeatureLinearClassifier"].score("accuracy").mean == 1.0
