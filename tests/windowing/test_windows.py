"""Windows are cut where they should be and labelled by what truly happened."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import ExtraTreesClassifier
from sklearn.model_selection import GridSearchCV, GroupKFold, cross_validate
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer

import sensorhar as sh
from sensorhar.preprocess import LowPass, Magnitude, SplitGravity
from tests.conftest import make_recording, make_stream

TEN_S = [(0, 4, "sitting"), (4, 7, "walking")]  # 7 to 10 s is null


def windows_of(recording, **fields):
    return sh.make_windows([recording], **{"length_s": 2.0, **fields})


def test_windows_are_views_on_the_recording():
    recording = make_recording(TEN_S)
    windows = windows_of(recording, channels=["acc_x", "acc_y", "acc_z"])
    assert np.shares_memory(windows[1], recording.streams[0].values)
    assert np.array_equal(windows[1], recording.streams[0].values[100:200])


def test_channels_of_two_streams_lie_side_by_side_in_the_order_asked():
    recording = make_recording(TEN_S)
    windows = windows_of(recording, channels=["gyr_z", "acc_x", "gyr_x"])
    gyr, acc = recording.streams[1].values, recording.streams[0].values
    expected = np.stack([gyr[:100, 2], acc[:100, 0], gyr[:100, 0]], axis=1)
    assert np.array_equal(windows[0], expected)
    assert np.array_equal(np.asarray(windows)[0], expected)
    assert windows.spec.channel_names == ("gyr_z", "acc_x", "gyr_x")


def test_starts_and_overlap():
    recording = make_recording(TEN_S)
    for fields in ({"overlap": 0.75}, {"step_s": 0.5}):
        windows = windows_of(recording, null="class", **fields)
        assert windows.start_s == pytest.approx(np.arange(0, 8.01, 0.5))
        assert windows.spec.step_s == 0.5


@pytest.mark.parametrize(
    ("null", "labels"),
    [
        ("drop", ["sitting", "sitting", "walking", "walking"]),
        ("keep", ["sitting", "sitting", "walking", "walking", None]),
        ("class", ["sitting", "sitting", "walking", "walking", "null"]),
    ],
)
def test_null_is_dropped_kept_or_a_class(null, labels):
    windows = windows_of(make_recording(TEN_S), null=null)
    assert windows.y.tolist() == labels
    assert windows.null_label == ("null" if null == "class" else None)
    assert windows.purity[3] == pytest.approx(0.5)


def test_a_tie_goes_to_the_activity_and_then_to_the_alphabet():
    windows = windows_of(make_recording([(0, 1, "b"), (1, 2, "a"), (2, 3, "c")]))
    assert windows.y.tolist() == ["a", "c"]


def test_rules_look_at_the_middle_or_the_end():
    recording = make_recording([(0, 0.9, "a"), (0.9, 1.7, "b"), (1.7, 2, "c")])
    for rule, label in {"majority": "a", "centre": "b", "last": "c"}.items():
        windows = windows_of(recording, label_rule=rule)
        assert windows.y[0] == label
    assert windows.purity[0] == pytest.approx(0.15)


def test_min_purity_leaves_mixed_windows_out():
    events = [(0, 3, "a"), (3, 10, "b")]
    assert len(windows_of(make_recording(events), min_purity=1.0)) == 4
    assert len(windows_of(make_recording(events), min_purity=0.5)) == 5


def test_rare_labels_may_have_a_step_of_their_own():
    recording = make_recording([(0, 6, "sitting"), (6, 10, "falling")])
    windows = windows_of(recording, label_step_s={"falling": 0.5})
    counts = dict(
        zip(*np.unique(windows.y.astype(str), return_counts=True), strict=True)
    )
    assert counts == {"falling": 7, "sitting": 3}
    assert (np.diff(windows.start_s) > 0).all()
    with pytest.raises(ValueError, match="label_step_s must name labels that occur"):
        windows_of(recording, label_step_s={"flying": 0.5})


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(1, 120)), max_size=8),
    st.integers(2, 60),
    st.integers(1, 60),
)
@settings(max_examples=60, deadline=None)
def test_labels_agree_with_counting_sample_by_sample(parts, n_timepoints, step):
    n_samples = 400
    truth = np.full(n_samples, -1)
    events, at = [], 0
    for code, length in parts:
        stop = min(at + length, n_samples)
        if stop > at and code < 3:  # code 3 leaves a hole
            truth[at:stop] = code
            events.append((at / 50, stop / 50, "abc"[code]))
        at = stop
    recording = make_recording(events, n_samples=n_samples)
    windows = windows_of(
        recording, length_s=n_timepoints / 50, step_s=step / 50, null="class"
    )
    for i, start in enumerate(range(0, n_samples - n_timepoints + 1, step)):
        counts = np.bincount(truth[start : start + n_timepoints] + 1, minlength=4)
        best = int(counts[1:].argmax())
        is_null = counts[1 + best] < counts[0]
        assert windows.y[i] == ("null" if is_null else "abc"[best])
        share = counts[0] if is_null else counts[1 + best]
        assert windows.purity[i] == pytest.approx(share / n_timepoints)


def test_no_window_crosses_a_gap():
    values = make_stream(n_samples=400).values
    time_s = np.arange(400) / 50
    time_s[150:] += 3  # three seconds lost
    stream = sh.Stream.of_sensor("accelerometer", values, time_s, has_gravity=True)
    windows = windows_of(sh.Recording([stream]), step_s=0.1)
    assert ((windows.stop_s <= 3.0 + 1e-9) | (windows.start_s >= 6.0 - 1e-9)).all()
    for i, start_s in enumerate(windows.start_s):
        first = np.searchsorted(time_s, start_s - 1e-6)
        assert np.array_equal(windows[i], values[first : first + 100])


def test_lost_readings_are_a_gap():
    values = make_stream(n_samples=400).values.copy()
    values[190:220] = np.nan
    stream = sh.Stream.of_sensor(
        "accelerometer", values, np.arange(400) / 50, has_gravity=True
    )
    windows = windows_of(sh.Recording([stream]), step_s=0.5)
    assert np.isfinite(np.asarray(windows)).all()
    assert ((windows.stop_s < 3.9) | (windows.start_s > 4.3)).all()


def test_streams_of_two_rates_need_a_rate_and_get_one():
    recording = sh.Recording(
        [make_stream("accelerometer", 1000, 100.0), make_stream("gyroscope", 500, 50.0)]
    )
    with pytest.raises(
        ValueError, match=r"needs rate_hz when streams differ .* 50, 10"
    ):
        windows_of(recording)
    windows = windows_of(recording, rate_hz=50)
    assert windows.shape[1:] == (100, 6)
    gyr = recording.streams[1].values
    assert np.asarray(windows)[0, :, 3:] == pytest.approx(gyr[:100], abs=1e-6)


def test_groups_and_names_travel():
    recordings = [
        make_recording(TEN_S, subject=subject, name="walk") for subject in ("a", "b")
    ]
    windows = sh.make_windows(recordings, length_s=2)
    assert windows.groups.tolist() == ["a"] * 4 + ["b"] * 4
    assert set(windows.recording) == {"walk", "walk#2"}
    unknown = sh.make_windows([make_recording(TEN_S)], length_s=2)
    assert unknown.groups is None


def test_steps_are_applied_and_kept_in_the_spec():
    recording = make_recording(TEN_S)
    steps = [LowPass(cutoff_hz=5), SplitGravity(), Magnitude()]
    windows = windows_of(recording, steps=steps, channels=["lin_x", "acc_norm"])
    again = windows_of(recording, length_s=None, spec=windows.spec)
    assert np.array_equal(np.asarray(windows), np.asarray(again))
    assert again.spec == windows.spec
    assert [step["step"] for step in windows.spec.steps] == [
        "LowPass",
        "SplitGravity",
        "Magnitude",
    ]


def test_a_spec_makes_the_same_windows_of_another_recording():
    spec = windows_of(make_recording(TEN_S), overlap=0.5).spec
    other = make_recording(None, n_samples=1200, rate_hz=100.0)
    windows = sh.make_windows([other], spec=spec)
    assert windows.spec == spec
    assert windows.y is None
    with pytest.raises(ValueError, match="spec says length, rate, channels and steps"):
        sh.make_windows([other], spec=spec, rate_hz=50)


def test_a_spec_refuses_another_gravity():
    spec = windows_of(make_recording(TEN_S)).spec
    linear = make_stream(has_gravity=False)
    recording = sh.Recording([linear, make_stream("gyroscope")])
    with pytest.raises(
        sh.SpecMismatchError, match=r"must be Channel\(acc_x .* without"
    ):
        sh.make_windows([recording], spec=spec)


@pytest.mark.parametrize(
    ("fields", "match"),
    [
        ({"length_s": None}, "needs length_s"),
        ({"length_s": -1}, "length_s must be a number of s above 0; got -1"),
        ({"overlap": 1.0}, r"overlap must be a share in \[0, 1\); got 1.0"),
        ({"overlap": 0.5, "step_s": 1}, "give overlap or step_s, not both"),
        ({"step_s": 0}, "step_s must be a number of s above 0; got 0"),
        ({"min_purity": 2}, r"min_purity must lie in \[0, 1\]; got 2"),
        ({"null": "no"}, "null must be one of 'class', 'drop', 'keep'; got 'no'"),
        ({"label_rule": "first"}, "label_rule must be one of"),
        ({"channels": ["acc_w"]}, "channel must be one of acc_x.* got 'acc_w'"),
        ({"channels": ["acc_x", "acc_x"]}, "channels must be names that differ"),
        ({"length_s": 60}, "no window came out of 1 recordings"),
    ],
)
def test_refuses(fields, match):
    with pytest.raises(ValueError, match=match):
        windows_of(make_recording(TEN_S), **fields)


def test_refuses_no_recordings_overlapping_events_and_half_labelled_sets():
    with pytest.raises(ValueError, match="needs at least one recording; got none"):
        sh.make_windows([], length_s=2)
    twice = make_recording([(0, 5, "sitting"), (4, 9, "walking")], name="r")
    with pytest.raises(ValueError, match=r"must not overlap .* 'sitting' \(0-5 s\)"):
        windows_of(twice)
    half = [make_recording(TEN_S, name="a"), make_recording(None, name="b")]
    with pytest.raises(ValueError, match="all have events or none; 'b' have none of 2"):
        sh.make_windows(half, length_s=2)
    assert sh.make_windows(half, length_s=2, null="keep").y[-1] is None


def test_numbers_that_look_like_g_are_pointed_out():
    values = np.tile([0.0, 0.0, 1.0], (500, 1))
    stream = sh.Stream.of_sensor(
        "accelerometer", values, np.arange(500) / 50, has_gravity=True
    )
    recording = sh.Recording([stream], name="anna.csv")
    with pytest.warns(sh.UnitWarning, match=r"'anna.csv' has median magnitude 1 "):
        windows_of(recording)


def test_windows_go_through_scikit_learn_unchanged():
    events = [(i, i + 1, "ab"[i % 2]) for i in range(0, 10)]
    recordings = [
        make_recording(events, subject=subject, name=subject) for subject in "abcd"
    ]
    windows = sh.make_windows(recordings, length_s=0.5)
    seen = []

    def flatten(X):
        seen.append(type(X))
        return np.asarray(X).reshape(len(X), -1)

    model = make_pipeline(
        FunctionTransformer(flatten), ExtraTreesClassifier(5, random_state=0)
    )
    cv = GroupKFold(2)
    scores = cross_validate(model, windows, windows.y, groups=windows.groups, cv=cv)
    assert len(scores["test_score"]) == 2
    search = GridSearchCV(
        model,
        {"extratreesclassifier__n_estimators": [2, 5]},
        cv=cv,
        error_score="raise",
    )
    search.fit(windows, windows.y, groups=windows.groups)
    assert search.predict(windows[:3]).shape == (3,)
    assert set(seen) == {sh.Windows}
