"""Geolife trajectories and their labels."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._source import Source
from sensorhar.io.events import read_events
from sensorhar.io.geolife_plt import (
    is_geolife_labels,
    is_geolife_plt,
    read_geolife_labels,
    read_geolife_plt,
)

HEADER = """Geolife trajectory
WGS 84
Altitude is in Feet
Reserved 3
0,2,255,My Track,0,0,2,8421376
0
"""
LABELS = """Start Time\tEnd Time\tTransportation Mode
2008/10/23 02:53:00\t2008/10/23 02:53:20\twalk
2008/10/23 02:53:20\t2008/10/23 02:59:00\tbus
2009/01/01 00:00:00\t2009/01/01 01:00:00\ttrain
"""


def row(i, lat="39.984702", altitude="492"):
    return f"{lat},116.318417,0,{altitude},39744.120185,2008-10-23,02:53:{4 + i:02d}\n"


def plt(n_rows=30):
    return HEADER + "".join(row(i) for i in range(n_rows))


def write(folder, text, name="20081023025304.plt"):
    path = folder / name
    path.write_text(text)
    return path


def in_set(folder, labels=LABELS):
    user = folder / "010"
    (user / "Trajectory").mkdir(parents=True)
    (user / "labels.txt").write_text(labels)
    return write(user / "Trajectory", plt())


def test_values(tmp_path):
    text = plt(3) + row(5, altitude="-777") + row(6, altitude="-100.5")
    recording = read_geolife_plt(write(tmp_path, text))
    (gps,) = recording.streams
    assert gps.values[0, :2].tolist() == [39.984702, 116.318417]
    np.testing.assert_allclose(
        gps.values[:, 2], [492 * 0.3048] * 3 + [np.nan, -100.5 * 0.3048]
    )
    np.testing.assert_array_equal(gps.time_s, [0, 1, 2, 5, 6])
    assert recording.start.isoformat() == "2008-10-23T02:53:04+00:00"
    assert recording.events is None


def test_modes_become_events(tmp_path):
    recording = read_geolife_plt(in_set(tmp_path))
    assert recording.subject == "010"
    events = recording.events
    assert list(events.labels) == ["walk", "bus"]
    np.testing.assert_allclose(events.start_s, [0, 16])
    np.testing.assert_allclose(events.stop_s, [16, 29])
    path = tmp_path / "010" / "labels.txt"
    assert read_geolife_plt(in_set(tmp_path / "b"), labels=None).events is None
    assert len(read_events(path, start=recording.start)) == 3
    with pytest.raises(ValueError, match="needs the start of the recording to place"):
        read_events(path)


def test_impossible_fixes_are_left_out(tmp_path):
    path = write(tmp_path, plt(3) + row(3, lat="400.166666666667") + row(4))
    with pytest.warns(SensorharWarning, match="1 of 5 do not, the first in line 10"):
        assert read_geolife_plt(path).streams[0].n_samples == 4
    with pytest.raises(DataError, match="1 of 1 do not, the first in line 7"):
        read_geolife_plt(write(tmp_path, HEADER + row(0, lat="400")))


@pytest.mark.parametrize(
    ("text", "match"),
    [
        ("OziExplorer Track Point File\n", "must begin with the line 'Geolife traj"),
        (HEADER, "it holds none|cannot be read"),
        (plt(2) + row(2, lat="north"), "column 1 of .* got 'north' in line 9"),
        (plt(2).replace("02:53:05", "2:5x"), r"date and time \(columns 6 and 7\)"),
    ],
)
def test_messages(tmp_path, text, match):
    with pytest.raises(DataError, match=match):
        read_geolife_plt(write(tmp_path, text))


def test_labels_that_are_broken(tmp_path):
    start = read_geolife_plt(write(tmp_path, plt())).start
    path = write(tmp_path, "a\tb\n", "labels.txt")
    with pytest.raises(DataError, match="must have the columns Start Time, End Time"):
        read_geolife_labels(path, start=start)
    path = write(tmp_path, LABELS.replace("02:53:00", "x"), "labels.txt")
    with pytest.raises(DataError, match="column 'Start Time' of labels.txt must hold"):
        read_geolife_labels(path, start=start)
    path = write(tmp_path, LABELS.replace("02:53:20\twalk", "02:53:00\twalk"), "l.txt")
    with pytest.warns(SensorharWarning, match="1 of 3 do not, the first in line 2"):
        assert len(read_geolife_labels(path, start=start)) == 2
    path = write(tmp_path, LABELS.splitlines()[0] + "\n", "labels.txt")
    assert len(read_geolife_labels(path, start=start)) == 0


def test_is_geolife(tmp_path):
    assert is_geolife_plt(Source(write(tmp_path, plt())))
    assert is_geolife_labels(Source(write(tmp_path, LABELS)))
    assert not is_geolife_plt(Source(write(tmp_path, LABELS)))


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_files(takes_broken, seed):
    takes_broken(read_geolife_plt, plt().encode(), seed)


@settings(max_examples=40, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_labels(takes_broken, tmp_path_factory, seed):
    start = read_geolife_plt(write(tmp_path_factory.mktemp("p"), plt())).start
    takes_broken(
        lambda path: read_geolife_labels(path, start=start), LABELS.encode(), seed
    )
