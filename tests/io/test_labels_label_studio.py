"""Label Studio exports, long and short."""

import json
from datetime import UTC, datetime

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io.events import read_events
from sensorhar.io.labels_label_studio import is_label_studio, read_label_studio

START = datetime(2026, 9, 1, 12, tzinfo=UTC)
SPANS = [(0, 6.5, "Walk"), (6.5, 9, "Sit")]


def region(start, end, *labels):
    return {
        "start": start,
        "end": end,
        "instant": start == end,
        "timeserieslabels": labels,
    }


def task(spans=SPANS, key=17, **changed):
    results = [
        {
            "id": f"r{i}",
            "from_name": "label",
            "to_name": "ts",
            "type": "timeserieslabels",
            "value": region(*span),
        }
        for i, span in enumerate(spans)
    ]
    other = {"type": "choices", "value": {"choices": ["good"]}}
    annotation = {"id": 3, "was_cancelled": False, "result": [*results, other]}
    return {"id": key, "annotations": [annotation], "data": {"ts": "a.csv"}, **changed}


def write(folder, content):
    path = folder / "export.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    return path


def test_long_and_short_export(tmp_path):
    events = read_label_studio(write(tmp_path, [task()]))
    assert list(events.labels) == ["Walk", "Sit"]
    np.testing.assert_array_equal(events.stop_s, [6.5, 9])
    short = [{"id": 17, "ts": "a.csv", "label": [region(*span) for span in SPANS]}]
    path = write(tmp_path, short)
    assert read_label_studio(path) == events
    assert read_events(path) == events


def test_a_sound_and_a_video(tmp_path):
    sound = {"start": 0.5, "end": 2, "channel": 0, "labels": ["Clap"]}
    text = {"start": 3, "end": 9, "text": "a word", "labels": ["Noun"]}
    results = [{"type": "labels", "value": value} for value in (sound, text)]
    path = write(tmp_path, [{"id": 1, "annotations": [{"result": results}]}])
    (event,) = read_events(path)
    assert (event.start_s, event.stop_s, event.label) == (0.5, 2, "Clap")
    video = {"ranges": [{"start": 1, "end": 50}], "timelinelabels": ["Walk"]}
    results = [{"type": "timelinelabels", "value": video}]
    path = write(tmp_path, [{"id": 1, "annotations": [{"result": results}]}])
    with pytest.raises(DataError, match="of a video, in frames whose rate it does"):
        read_events(path)


def test_dates_and_unix_times(tmp_path):
    spans = [("2026-09-01 12:00:01.5", "2026-09-01 12:00:04", "Walk")]
    path = write(tmp_path, [task(spans)])
    (event,) = read_events(path, start=START)
    assert (event.start_s, event.stop_s) == (1.5, 4)
    with pytest.raises(DataError, match="needs the start of the recording"):
        read_events(path)
    first = round(START.timestamp() * 1000)
    path = write(tmp_path, [task([(first + 500, first + 900, "Walk")])])
    (event,) = read_events(path, time_base="unix", start=START, time_unit="ms")
    assert (event.start_s, event.stop_s) == (0.5, 0.9)


def test_the_last_valid_annotation_counts(tmp_path):
    both = task()
    both["annotations"] += [
        {"result": [{"value": region(1, 2, "Run")}]},
        {"was_cancelled": True, "result": []},
    ]
    assert list(read_label_studio(write(tmp_path, both)).labels) == ["Run"]


def test_several_tasks_must_be_chosen_from(tmp_path):
    path = write(tmp_path, [task(key=1), task([(1, 2, "Run")], key=2), task([], key=3)])
    with pytest.raises(DataError, match=r"id of a task .*'1', '2'; got None"):
        read_label_studio(path)
    assert list(read_events(path, track="2").labels) == ["Run"]
    assert len(read_label_studio(write(tmp_path, [task([])]))) == 0


def test_instants_are_left_out_and_two_labels_are_two_events(tmp_path):
    spans = [(0, 0, "Clap"), (1, 2), (1, 2, "Walk", "Talk")]
    with pytest.warns(SensorharWarning, match="2 have not and were left out"):
        events = read_label_studio(write(tmp_path, [task(spans)]))
    assert sorted(events.labels) == ["Talk", "Walk"]


@pytest.mark.parametrize(
    ("content", "match"),
    [
        ('[{"id": 1,\n "annotations": [}', r"breaks in line 2, column \d+"),
        ("[" * 99_999, "must be (plain|whole) JSON"),
        ([1, 2], "must be a list of tasks"),
        ([{"id": 5, "label": [{"timeserieslabels": ["a"]}]}], "region in task '5' of"),
        ([task([([1], 2, "a")])], "must start and end at numbers or dates"),
        ([task([(0, float("inf"), "a")])], "must start and end at finite times"),
        ([task([("noon", "one", "a")])], "start or end of regions in task '17'"),
    ],
)
def test_messages(tmp_path, content, match):
    with pytest.raises(DataError, match=match):
        read_label_studio(write(tmp_path, content), start=START)


def test_numbers_are_no_dates(tmp_path):
    with pytest.raises(DataError, match="at dates, as time_unit='iso' says; got 0"):
        read_label_studio(write(tmp_path, [task()]), time_unit="iso")


def test_is_label_studio(tmp_path):
    assert is_label_studio(Source(write(tmp_path, [task()])))
    assert not is_label_studio(Source(write(tmp_path, [{"time": 1}])))
    assert not is_label_studio(Source(write(tmp_path, "start_s,stop_s,label\n")))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_files(takes_broken, seed):
    takes_broken(read_label_studio, json.dumps([task()]).encode(), seed)
