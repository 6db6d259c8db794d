"""Marks set while recording, as intervals."""

from sensorhar.io._marks import mark_label, marks_until_next


def test_labels():
    assert mark_label(" Walking upstairs! ") == "walking_upstairs"
    assert mark_label("Gehen / schnell") == "gehen_schnell"
    assert mark_label("...") == ""


def test_until_next():
    marks = [(10, "Sit"), (20, ""), (30, "walk"), (30, "run")]
    assert marks_until_next(marks, 50) == ([10, 30], [20, 50], ["sit", "run"])
    assert marks_until_next(marks[:1], 5) is None
    assert marks_until_next([], 5) is None
