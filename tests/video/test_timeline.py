"""Overlapping clips become probabilities by time, and events."""

import json

import numpy as np
import pytest

from sensorhar.video import Timeline

SAID = np.array([[0.9, 0.1], [0.4, 0.6], [0.2, 0.8]])


def line(start=(0, 1, 2), stop=(2, 3, 4), said=SAID, duration_s=4.0):
    return Timeline("a.mp4", ("run", "walk"), start, stop, said, duration_s)


def test_moments_are_means_of_what_covers_them():
    edges, said = line().moments()
    assert edges.tolist() == [0, 1, 2, 3, 4]
    wanted = [[0.9, 0.1], [0.65, 0.35], [0.3, 0.7], [0.2, 0.8]]
    assert said == pytest.approx(np.array(wanted))


def test_events_join_equal_neighbours():
    events = line().events()
    assert [tuple(event)[:3] for event in events] == [(0, 2, "run"), (2, 4, "walk")]
    assert events.score == pytest.approx([(0.9 + 0.65) / 2, (0.7 + 0.8) / 2])


def test_a_gap_stays_empty():
    gappy = line(start=[0, 5, 6], stop=[1, 6, 7], duration_s=7)
    events = gappy.events()
    assert [(e.start_s, e.stop_s, e.label) for e in events] == [
        (0, 1, "run"),
        (5, 7, "walk"),
    ]
    assert np.isnan(gappy.at(3)).all()


def test_one_label_throughout_is_one_event():
    rng = np.random.default_rng(0)
    start = np.arange(40) * 0.1
    said = np.column_stack([rng.uniform(0.6, 1, 40), np.zeros(40)])
    said[:, 1] = 1 - said[:, 0]
    (event,) = line(start, start + 0.64, said, 4.54).events()
    assert (event.start_s, event.stop_s, event.label) == (0, 4.54, "run")


def test_at_one_time():
    assert line().at(0.5).tolist() == [0.9, 0.1]
    assert line().at(1.5) == pytest.approx([0.65, 0.35])
    assert line().at(-1).tolist() == [0.9, 0.1]
    assert line().at(4).tolist() == [0.2, 0.8]  # the end belongs to the last


def test_top_and_dict():
    assert line().top() == [("run", pytest.approx(0.5)), ("walk", pytest.approx(0.5))]
    document = json.loads(json.dumps(line().to_dict(1), allow_nan=False))
    assert document["file"] == "a.mp4"
    assert document["labels"] == [{"label": "run", "probability": 0.5}]
    assert [clip["probability"] for clip in document["clips"]] == [
        *({"run": 0.9}, {"walk": 0.6}, {"walk": 0.8}),
    ]
    assert document["clips"][1]["start_s"] == 1
    assert [event["label"] for event in document["events"]] == ["run", "walk"]
    assert len(line().to_dict()["clips"][0]["probability"]) == 2
    assert repr(line()) == "<Timeline a.mp4 4 s | 3 clips | run 0.50>"


def test_what_cannot_be_is_refused():
    with pytest.raises(
        ValueError, match=r"must have shape \(n_clips, n_classes\), here "
    ):
        line(said=SAID[:2])
    with pytest.raises(ValueError, match="with at least one of each"):
        line([], [], np.zeros((0, 2)))
    with pytest.raises(ValueError, match="each clip must stop after it starts"):
        line(stop=(2, 1, 4))
