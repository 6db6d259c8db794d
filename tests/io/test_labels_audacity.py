"""Audacity label tracks."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io.events import read_events
from sensorhar.io.labels_audacity import is_audacity, read_audacity

TRACK = "0.000000\t6.000000\twalking\n6.000000\t9.500000\tsitting down\n"


def write(folder, text):
    path = folder / "labels.txt"
    path.write_text(text)
    return path


def test_regions(tmp_path):
    path = write(tmp_path, TRACK)
    events = read_audacity(path)
    assert list(events.labels) == ["walking", "sitting down"]
    np.testing.assert_array_equal(events.stop_s, [6, 9.5])
    assert read_events(path) == events


def test_spectral_lines_and_decimal_commas(tmp_path):
    text = "0,5\t6,25\twalking\n\\\t100.0\t2000.0\n7,0\t8,0\tsitting\n"
    events = read_events(write(tmp_path, text))
    np.testing.assert_array_equal(events.start_s, [0.5, 7])


def test_points_and_empty_labels_are_left_out(tmp_path):
    path = write(tmp_path, TRACK + "9.5\t9.5\tclap\n9.5\t10\t\n")
    with pytest.warns(SensorharWarning, match="2 of 4 have not and were left out"):
        assert len(read_audacity(path)) == 2


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (
            TRACK + "12.0\tstart\twalking\n",
            r"line 3 of labels.txt .* column 2 holds 'st",
        ),
        (TRACK + "12.0\n", "line 3 of labels.txt .* got '12.0'"),
        (TRACK + "1e999\t2\ta\n", "line 3"),
    ],
)
def test_messages(tmp_path, text, match):
    with pytest.raises(DataError, match=match):
        read_audacity(write(tmp_path, text))


@pytest.mark.parametrize(
    ("text", "is_track"),
    [
        (TRACK, True),
        ("0\t1\ta\n", True),
        ("0\t1\t2\n", True),  # labels may be numbers
        ("start_s\tstop_s\tlabel\n0\t1\ta\n", False),
        ("", False),
    ],
)
def test_is_audacity(tmp_path, text, is_track):
    assert is_audacity(Source(write(tmp_path, text))) is is_track


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_files(takes_broken, seed):
    takes_broken(read_audacity, TRACK.encode(), seed)
