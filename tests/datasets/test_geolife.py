"""Geolife is read in its true layout: GMT, feet, gaps, labels that overlap."""

import dataclasses
from datetime import UTC, datetime

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets.geolife import CARD, load_geolife, read_recordings
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.preprocess.gps import CleanGps, GpsMotion
from sensorhar.testing.dataset_battery import check_recordings

HEADER = (
    "Geolife trajectory\nWGS 84\nAltitude is in Feet\nReserved 3\n"
    "0,2,255,My Track,0,0,2,8421376\n0\n"
)


def write_plt(path, seconds, lat=39.9, alt=492):
    """Write fixes at these seconds after 2008-10-23 02:53:04, going north."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for i, second in enumerate(seconds):
        day = 39744 + (10384 + second) / 86400
        at = datetime.fromtimestamp(1224730384 + second, tz=UTC)
        lines.append(
            f"{lat + i * 1e-4:.6f},116.318417,0,{alt},{day:.10f},"
            f"{at:%Y-%m-%d},{at:%H:%M:%S}"
        )
    path.write_bytes((HEADER + "\r\n".join(lines) + "\r\n").encode())


def write_geolife(root):
    """Three users: one with labels and a gap, one with other labels, one without."""
    home = root / "Geolife" / "Geolife Trajectories 1.3"
    data = home / "Data"
    track = [*range(0, 100, 2), *range(3000, 3100, 5)]
    write_plt(data / "000" / "Trajectory" / "20081023025304.plt", track)
    (data / "000" / "labels.txt").write_text(
        "Start Time\tEnd Time\tTransportation Mode\n"
        "2008/10/23 02:53:10\t2008/10/23 02:54:00\twalk\n"
        "2008/10/23 02:53:50\t2008/10/23 02:54:20\ttaxi\n"
        "2008/10/24 02:53:50\t2008/10/24 02:54:20\tbus\n"
    )
    write_plt(data / "010" / "Trajectory" / "20081023025304.plt", range(60), alt=-777)
    (data / "010" / "labels.txt").write_text(
        "Start Time\tEnd Time\tTransportation Mode\n"
        "2008/10/23 02:50:00\t2008/10/23 03:54:00\ttrain\n"
    )
    write_plt(data / "020" / "Trajectory" / "20081023025304.plt", [0, 1, 1, 2])
    return home


def test_true_layout(tmp_path):
    first, second = read_recordings(write_geolife(tmp_path))
    assert (first.name, first.subject) == ("000-20081023025304", "000")
    assert first.start == datetime(2008, 10, 23, 2, 53, 4, tzinfo=UTC)
    (gps,) = first.streams
    assert gps.channel_names == CARD.channels
    assert gps.values[0, :3] == pytest.approx([39.9, 116.318417, 492 * 0.3048])
    assert np.isnan(gps.values[:, 3:]).all()
    np.testing.assert_array_equal(gps.time_s, np.arange(0, 100, 2))
    assert second.name == "010-20081023025304"
    assert np.isnan(second.streams[0].values[:, 2]).all()


def test_labels_to_the_second_and_apart(tmp_path):
    first, second = read_recordings(write_geolife(tmp_path))
    assert [(e.start_s, e.stop_s, e.label) for e in first.events] == [
        (6, 46, "walk"),
        (46, 76, "taxi"),
    ]
    assert [(e.start_s, e.stop_s, e.label) for e in second.events] == [(0, 59, "train")]


def test_loader_finds_it_and_takes_parts(tmp_path):
    write_geolife(tmp_path)
    recordings = load_geolife(data_dir=tmp_path, labelled=False, taxi_as_car=True)
    assert [r.name for r in recordings] == [
        "000-20081023025304",
        "000-20081023025304-2",
        "010-20081023025304",
        "020-20081023025304",
    ]
    assert list(recordings[0].events.labels) == ["walk", "car"]
    assert [r.events is None for r in recordings] == [False, True, False, True]
    np.testing.assert_array_equal(recordings[3].streams[0].time_s, [0, 1, 2])
    (one,) = load_geolife(data_dir=tmp_path, subjects=["010"])
    assert one.subject == "010"
    whole = load_geolife(data_dir=tmp_path, subjects=["000"], max_gap_s=5000)
    assert [r.duration_s for r in whole] == [3095]
    with pytest.raises(ValueError, match="max_gap_s must be a number of s above 0"):
        load_geolife(data_dir=tmp_path, max_gap_s=0)


def test_battery(tmp_path):
    recordings = read_recordings(write_geolife(tmp_path))
    card = dataclasses.replace(
        CARD,
        n_recordings=2,
        subjects=("000", "010"),
        activities=("taxi", "train", "walk"),
    )
    check_recordings(recordings, card)


def test_windows_of_motion(tmp_path):
    recordings = read_recordings(write_geolife(tmp_path), subjects=["010"])
    windows = sh.make_windows(
        recordings,
        steps=[CleanGps(), GpsMotion()],
        channels=["speed_mps"],
        rate_hz=1,
        length_s=10,
    )
    assert set(windows.y) == {"train"}
    # A ten-thousandth of a degree of latitude each second.
    assert np.asarray(windows) == pytest.approx(11.12, abs=0.01)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "labels.txt",
            "head\n2008/10/23 02:53:10 walk\n",
            r"line 2 of .*labels.txt must hold start, end .*got '2008/10/23",
        ),
        (
            "labels.txt",
            "head\n2008/10/23 02:53:10\t2008/10/23 02:54:10\trocket\n",
            "modes in .* must be of .*got 'rocket' in line 2",
        ),
        (
            "Trajectory/20081023025304.plt",
            HEADER + "39.9,116.3,0,x,39744.1,a,b\n",
            "must hold, after 6 lines, latitude.*cannot be read",
        ),
        (
            "Trajectory/20081023025304.plt",
            HEADER + "39.9,116.3,0,,39744.1,a,b\n",
            r"line 7 of .*plt must hold five numbers; one is missing",
        ),
        ("Trajectory/20081023025304.plt", HEADER, "it cannot be read"),
        ("Trajectory/20081023025304.plt", "\x00\x01", "it cannot be read"),
    ],
)
def test_broken_files(tmp_path, name, text, message):
    home = write_geolife(tmp_path)
    (home / "Data" / "000" / name).write_text(text)
    with pytest.raises(DataError, match=message):
        read_recordings(home)


def test_unknown_user_and_missing_set(tmp_path):
    with pytest.raises(DataError, match="subjects must be folders of .*got '999'"):
        read_recordings(write_geolife(tmp_path), subjects=["999"])
    with pytest.raises(DataError, match="'geolife'.*Geolife"):
        load_geolife(data_dir=tmp_path / "nowhere")


def test_reversed_labels_are_left_out(tmp_path):
    home = write_geolife(tmp_path)
    path = home / "Data" / "010" / "labels.txt"
    path.write_text(
        path.read_text() + "2008/10/23 02:54:10\t2008/10/23 02:53:10\twalk\n"
    )
    with pytest.warns(SensorharWarning, match="1 labels of .* end before they begin"):
        recordings = read_recordings(home, subjects=["010"])
    assert list(recordings[0].events.labels) == ["train"]


def test_card():
    assert CARD.url is None
    assert not CARD.tried_on_real_files
    assert "must not be passed on" in str(CARD).replace("\n", " ")
    assert len(CARD.subjects) == 182
