"""ELAN files: tiers, slots without time, references."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io.events import read_events
from sensorhar.io.labels_elan import is_elan, read_elan


def span(key, first, second, label):
    return (
        f'<ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="{key}" '
        f'TIME_SLOT_REF1="{first}" TIME_SLOT_REF2="{second}">'
        f"<ANNOTATION_VALUE>{label}</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION>"
        "</ANNOTATION>\n"
    )


def reference(key, to, label):
    return (
        f'<ANNOTATION><REF_ANNOTATION ANNOTATION_ID="{key}" ANNOTATION_REF="{to}">'
        f"<ANNOTATION_VALUE>{label}</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>\n"
    )


WALK = span("a1", "ts1", "ts2", "walking") + span(
    "a2", "ts2", "ts4", "sitting &amp; up"
)


def document(tiers=(("activity", WALK),), slots=(0, 6000, None, 9500)):
    order = "".join(
        f'<TIME_SLOT TIME_SLOT_ID="ts{i}"'
        + ("" if value is None else f' TIME_VALUE="{value}"')
        + "/>\n"
        for i, value in enumerate(slots, start=1)
    )
    body = "".join(
        f'<TIER LINGUISTIC_TYPE_REF="default-lt" TIER_ID="{name}">\n{rows}</TIER>\n'
        for name, rows in tiers
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<ANNOTATION_DOCUMENT AUTHOR="" '
        'DATE="2026-09-01T12:00:00+00:00" FORMAT="3.0" VERSION="3.0">\n'
        '<HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>\n'
        f"<TIME_ORDER>\n{order}</TIME_ORDER>\n{body}</ANNOTATION_DOCUMENT>\n"
    )


def write(folder, text):
    path = folder / "labels.eaf"
    path.write_text(text)
    return path


def test_one_tier(tmp_path):
    path = write(tmp_path, document([("activity", WALK), ("empty", "")]))
    events = read_elan(path)
    assert list(events.labels) == ["walking", "sitting & up"]
    np.testing.assert_array_equal(events.start_s, [0, 6])
    np.testing.assert_array_equal(events.stop_s, [6, 9.5])
    assert read_events(path) == events


def test_several_tiers_must_be_chosen_from(tmp_path):
    hand = span("b1", "ts1", "ts3", "reach")
    path = write(tmp_path, document([("activity", WALK), ("hand", hand)]))
    with pytest.raises(DataError, match=r"tier of .*'activity', 'hand'; got None"):
        read_elan(path)
    (event,) = read_events(path, track="hand")
    assert event.stop_s == 7.75  # the slot lies half way between its neighbours


def test_references_take_the_times_of_others(tmp_path):
    rows = reference("c1", "c2", "slow") + reference("c2", "a2", "tired")
    path = write(tmp_path, document([("activity", WALK), ("how", rows)]))
    events = read_elan(path, track="how")
    np.testing.assert_array_equal(events.start_s, [6, 6])
    assert set(events.labels) == {"slow", "tired"}


def test_empty_annotations_are_left_out(tmp_path):
    rows = WALK + span("a3", "ts4", "ts4", "point") + span("a4", "ts1", "ts2", " ")
    with pytest.warns(SensorharWarning, match=r"2 of 4 have not and were left out"):
        assert len(read_elan(write(tmp_path, document([("activity", rows)])))) == 2
    assert len(read_elan(write(tmp_path, document([])))) == 0


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (document()[:600], r"breaks at line \d+, column \d+"),
        (document(slots=(0, 6.5, 1, 2)), "TIME_VALUE in line 6 .* got '6.5'"),
        (document(slots=(0, 1)), "annotation in line 10 .* time slots .* 'ts4'"),
        (document(slots=(None,) * 4), "time slots of the file; got 'ts1'"),
        (document([("a", reference("c", "d", "x"))]), "one with times; got 'd'"),
        (
            document([("a", reference("c", "d", "x") + reference("d", "c", "y"))]),
            "one with times",
        ),
        (
            document().replace("<ANNOTATION_DOC", "<!DOCTYPE a>\n<ANNOTATION_DOC"),
            "line 2",
        ),
        ("<ELAN/>", "root element 'ANNOTATION_DOCUMENT'; got 'ELAN'"),
    ],
)
def test_messages(tmp_path, text, match):
    with pytest.raises(DataError, match=match):
        read_elan(write(tmp_path, text))


def test_is_elan(tmp_path):
    assert is_elan(Source(write(tmp_path, document())))
    assert not is_elan(Source(write(tmp_path, "<ELAN/>")))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_files(takes_broken, seed):
    takes_broken(read_elan, document().encode(), seed)
