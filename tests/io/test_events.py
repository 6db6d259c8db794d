"""Labels beside a recording, in its own time or in Unix time."""

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar import Events
from sensorhar.errors import DataError
from sensorhar.io.events import read_events, write_events

START = datetime(2023, 11, 14, 22, 13, 20, 250_000, tzinfo=UTC)  # 1_700_000_000.25


def write(folder, text, name="labels.csv"):
    path = folder / name
    path.write_text(text)
    return path


def test_plain(tmp_path):
    path = write(tmp_path, "label,stop_s,start_s\nwalking,60.5,0\nsitting,90,60.5\n")
    events = read_events(path)
    assert list(events.labels) == ["walking", "sitting"]
    np.testing.assert_array_equal(events.start_s, [0, 60.5])
    assert np.isnan(events.score).all()


@pytest.mark.parametrize("label", ["null", "NA", "None", "nan", "1", "a, b", 'say "x"'])
def test_labels_stay_words(tmp_path, label):
    events = Events([0], [1], [label])
    assert read_events(write_events(events, tmp_path / "e.csv")) == events


@settings(max_examples=25, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.floats(-1e6, 1e6),
            st.floats(1e-3, 1e4),
            st.sampled_from(["walking", "null", "sit_to_stand"]),
            st.floats(0, 1) | st.just(float("nan")),
        ),
        max_size=8,
    )
)
def test_round_trip_is_bit_exact(tmp_path_factory, rows):
    start, length, labels, score = zip(*rows, strict=True) if rows else ([],) * 4
    events = Events(start, np.add(start, length), labels, score)
    path = tmp_path_factory.mktemp("events") / "e.csv"
    assert read_events(write_events(events, path)) == events


def test_nothing_is_replaced(tmp_path):
    path = write_events(Events.empty(), tmp_path / "e.csv")
    assert path.read_text() == "start_s,stop_s,label,score\n"
    assert len(read_events(path)) == 0
    with pytest.raises(FileExistsError, match="Choose another name, or pass overwrite"):
        write_events(Events.empty(), path)
    write_events(Events([0], [1], ["a"]), path, overwrite=True)
    assert len(read_events(path)) == 1


@pytest.mark.parametrize(
    ("unit", "rows"),
    [
        ("s", "1700000001.25,1700000002.25"),
        ("ms", "1700000001250,1700000002250"),
        ("us", "1700000001250000,1700000002250000"),
        ("ns", "1700000001250000000,1700000002250000000"),
        ("iso", "2023-11-14T22:13:21.250Z,2023-11-14T23:13:22.250+01:00"),
    ],
)
def test_unix_times(tmp_path, unit, rows):
    path = write(tmp_path, f"from,to,what\n{rows},walking\n")
    events = read_events(
        path,
        time_base="unix",
        start=START.astimezone(timezone(timedelta(hours=5))),
        time_unit=unit,
        start_column="from",
        stop_column="to",
        label_column="what",
    )
    np.testing.assert_array_equal(events.start_s, [1.0])
    np.testing.assert_array_equal(events.stop_s, [2.0])


def test_unix_times_need_a_start(tmp_path):
    path = write(tmp_path, "start_s,stop_s,label\n1700000001,1700000002,walking\n")
    with pytest.raises(ValueError, match=r"got start=None. Pass start=rec"):
        read_events(path, time_base="unix")
    with pytest.raises(ValueError, match="start must have a time zone; got"):
        read_events(path, time_base="unix", start=datetime(2023, 1, 1))
    with pytest.raises(DataError, match="must hold Unix times, as time_base='unix'"):
        read_events(path, time_base="unix", start=START, time_unit="ms")


def test_unix_times_taken_for_recording_times(tmp_path, recording):
    path = write(tmp_path, "start_s,stop_s,label\n1700000001,1700000002,walking\n")
    with pytest.raises(ValueError, match="look like Unix times: pass time_base='unix'"):
        recording.with_events(read_events(path))


def test_missing_columns(tmp_path):
    path = write(tmp_path, "start,finish,label\n0,1,a\n")
    message = (
        r"labels\.csv must have columns 'start_s', 'stop_s', 'label'; it has 'start', "
        r"'finish', 'label'\. Name them with start_column"
    )
    with pytest.raises(DataError, match=message):
        read_events(path)
    with pytest.raises(DataError, match="must have columns 'from', 'stop_s', 'label'"):
        read_events(path, start_column="from")
    path = write(tmp_path, "start,begin,end,label\n0,1,2,a\n")
    with pytest.raises(DataError, match="one column for each .* 'start', 'begin' look"):
        read_events(path)


@pytest.mark.parametrize(
    "text",
    [
        "start,end,activity\n1.5,4,walk\n",
        "Start (s);End (s);Label\n1,5;4;walk\n",
        "onset_ms,offset_ms,event\n1500,4000,walk\n",
        "begin [ms],duration [ms],class\n1500,2500,walk\n",
        "onset,duration,annotation\n1.5,2.5,walk\n",
        "1.5,4,walk\n",
        "1,5;4;walk\n",
        "1.5\t4\twalk\n",
    ],
)
def test_other_names_for_the_columns(tmp_path, text):
    (event,) = read_events(write(tmp_path, text))
    assert (event.start_s, event.stop_s, event.label) == (1.5, 4, "walk")


def test_a_duration_after_unix_times(tmp_path):
    path = write(tmp_path, "start_time_ms,duration,label\n1700000001250,2500,walk\n")
    (event,) = read_events(path, time_base="unix", start=START, time_unit="ms")
    assert (event.start_s, event.stop_s) == (1.0, 3.5)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "5,5,walking",
            r"labels\.csv: each event must stop after it starts; got 'w",
        ),
        ("0,1,", r"labels\.csv: labels must be strings that are not empty; got ''"),
        (",1,walking", r"column 'start_s' of labels\.csv must hold a time in each row"),
        ("a,1,walking", r"column 'start_s' of labels\.csv must hold numbers"),
    ],
)
def test_rows_that_are_no_events(tmp_path, row, message):
    path = write(tmp_path, f"start_s,stop_s,label\n{row}\n")
    with pytest.raises(DataError, match=message):
        read_events(path)


def test_unknown_choices(tmp_path):
    path = write(tmp_path, "start_s,stop_s,label\n0,1,a\n")
    with pytest.raises(ValueError, match="time_base must be one of 'recording', "):
        read_events(path, time_base="utc")
    with pytest.raises(ValueError, match="time_unit must be one of"):
        read_events(path, time_unit="min")


def test_annotation_tools_have_their_own_clock(tmp_path):
    """The formats themselves are tested in test_labels_*.py."""
    path = write(tmp_path, "0.0\t6.0\twalking\n", "labels.txt")
    assert list(read_events(path).labels) == ["walking"]
    with pytest.raises(ValueError, match="count from the start of its media"):
        read_events(path, time_base="unix", start=START)


def test_a_table_has_no_tracks(tmp_path):
    path = write(tmp_path, "start_s,stop_s,label\n0,1,walking\n")
    with pytest.raises(ValueError, match="track chooses labels of an ELAN or Label"):
        read_events(path, track="hand")
