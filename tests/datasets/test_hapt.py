"""HAPT is read whole, with its labels to the sample, and nothing else passes for it."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets import hapt
from sensorhar.datasets.hapt import CARD, load_hapt, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY
from tests.datasets._layouts import put, write_hapt


@pytest.mark.parametrize("packed", [False, True])
def test_true_layout(tmp_path, packed):
    home, written = write_hapt(tmp_path, packed=packed)
    first, second = read_recordings(home)
    assert (first.name, first.subject) == ("exp01-user01", "1")
    assert (second.name, second.subject) == ("exp12-user03", "3")
    acc, gyr = first.streams
    np.testing.assert_array_equal(
        acc.values, (written[1][0] * STANDARD_GRAVITY).astype(np.float32)
    )
    np.testing.assert_array_equal(gyr.values, written[1][1].astype(np.float32))
    assert acc.time_s.base is gyr.time_s.base
    assert acc.rate_hz == 50
    assert acc.channels[0] == sh.Channel(
        "acc_x", "m/s^2", "accelerometer", "waist", has_gravity=True
    )


def test_events_cover_the_samples_labelled(tmp_path):
    """Labels count from 1 and include both ends."""
    home, _ = write_hapt(tmp_path)
    first, second = read_recordings(home)
    assert list(first.events.labels) == ["standing", "stand_to_sit", "sitting"]
    np.testing.assert_allclose(first.events.start_s, [0, 2, 5])
    np.testing.assert_allclose(first.events.stop_s, [2, 4, 10])
    windows = sh.make_windows([first], length_s=0.02, null="keep", channels=["acc_x"])
    expected = ["standing"] * 100 + ["stand_to_sit"] * 100 + [None] * 50
    assert list(windows.y) == expected + ["sitting"] * 250
    windows = sh.make_windows([second], length_s=0.02, null="keep", channels=["acc_x"])
    assert list(windows.y) == [None] * 10 + ["lying"] * 390


def test_other_recordings_do_not_pass(tmp_path):
    write_hapt(tmp_path)
    message = (
        "HAPT must have 61 recordings, 1122772 samples, 815614 labelled.* got 2, 9"
    )
    with pytest.raises(DataError, match=message):
        load_hapt(data_dir=tmp_path)


def test_layout_of_the_newer_archive(tmp_path, monkeypatch):
    """There RawData lies at the top."""
    home, _ = write_hapt(tmp_path)
    (home / "RawData").rename(tmp_path / "RawData")
    for name, value in (
        ("N_RECORDINGS", 2),
        ("N_SAMPLES", 900),
        ("N_LABELLED", 840),
        ("N_SEGMENTS", (0, 0, 0, 1, 1, 1, 1, 0, 0, 0, 0, 0)),
    ):
        monkeypatch.setattr(hapt, name, value)
    assert len(load_hapt(data_dir=tmp_path)) == 2


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "labels.txt",
            "1 1 13 1 10\n",
            "activities in labels.txt must be 1 to 12; got",
        ),
        (
            "labels.txt",
            "1 1 1 0 10\n",
            "numbers within 1 to 500 for exp01_user01; got 0",
        ),
        (
            "labels.txt",
            "1 1 1 9 501\n",
            "within 1 to 500 for exp01_user01; got 9 to 501",
        ),
        ("labels.txt", "2 1 1 1 9\n", "it lacks 'acc_exp02_user01.txt'. Fetch"),
        ("gyro_exp01_user01.txt", "1 2 3\n", "must have as many lines; got 500 and 1"),
        ("gyro_exp01_user01.txt", "1 2\n", "must hold 3 numbers a line; got 2 or"),
        ("gyro_exp01_user01.txt", "1 2 3\n1 2\n", "lines that are too short"),
        ("gyro_exp01_user01.txt", "1 2 3\n1 2 3 4\n", "3 numbers a line; it cannot be"),
    ],
)
def test_broken_files(tmp_path, name, text, message):
    home, _ = write_hapt(tmp_path)
    put(home / "RawData" / name, text)
    with pytest.raises(DataError, match=message):
        read_recordings(home)


def test_card():
    check_card(CARD)
    assert sum(hapt.N_SEGMENTS) == 1214


def test_published_files(real_data):
    """Counts of SOURCE.txt, and what the card says of them."""
    recordings = load_hapt(data_dir=real_data, download=False)
    check_recordings(recordings, CARD)
    lengths = [(r.events.labels, r.events.duration_s) for r in recordings]
    labels = np.concatenate([a for a, _ in lengths])
    durations = np.concatenate([b for _, b in lengths])
    assert len(labels) == 1214
    assert round(durations.sum() * 50) == 815_614
    assert round(100 * (1 - 815_614 / 1_122_772)) == 27
    is_transition = np.char.find(labels.astype(str), "_to_") > 0
    share = durations[is_transition].sum() / durations.sum()
    assert round(100 * share) == 8
    assert 2.5 < np.median(durations[is_transition]) < 5
    counts = np.unique([r.subject for r in recordings], return_counts=True)[1]
    assert sorted(counts) == [2] * 29 + [3]
    standing = [
        np.linalg.norm(r.streams[0].crop(e.start_s, e.stop_s).values, axis=1)
        for r in recordings
        for e in r.events.select(["standing"])
    ]
    in_g = np.median(np.concatenate(standing)) / STANDARD_GRAVITY
    assert 1.02 <= in_g <= 1.04
