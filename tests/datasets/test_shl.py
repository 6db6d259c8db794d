"""SHL preview: four phones and a label track, each with its own stamps."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from sensorhar.datasets.shl import CARD, load_shl, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from tests.datasets._layouts import put

START_MS = 1_498_120_392_920
READINGS = "0 9.81 0 0.1 0.2 0.3 20 30 40 1 0 0 0 0 9.8 0 0.1 0.01 0 1013.25 30.5 25"


def motion(n=300, start_ms=START_MS, readings=READINGS):
    return "".join(f"{start_ms + 10 * i}.00 {readings}\n" for i in range(n))


def labels(codes=(0, 2, 8), n=100, start_ms=START_MS):
    return "".join(
        f"{start_ms + 10 * i} {codes[i // n]} 5 0 0 0 1 0\n"
        for i in range(n * len(codes))
    )


def write(root, subject=1, day="220617", phones=("Hips", "Bag"), **files):
    home = root / "SHL" / "SHLDataset_preview_v1"
    folder = home / f"User{subject}" / day
    put(folder / "Label.txt", files.get("labels", labels()))
    for phone in phones:
        put(folder / f"{phone}_Motion.txt", files.get("motion", motion()))
    return home


def test_true_layout(tmp_path):
    write(tmp_path, 3, "270617")
    home = write(tmp_path)
    first, second = read_recordings(home)
    assert (first.name, first.subject) == ("user1-220617", "1")
    assert (second.name, second.subject) == ("user3-270617", "3")
    assert first.start == datetime.fromtimestamp(START_MS / 1000, UTC)
    assert [stream.kind for stream in first.streams] == 2 * [
        "accelerometer",
        "gyroscope",
        "magnetometer",
        "orientation",
        "gravity",
        "linear_acceleration",
        "barometer",
    ]
    assert [stream.place for stream in first.streams[::7]] == ["backpack", "pocket"]
    one = {stream.kind: stream.values[0] for stream in first.streams}
    np.testing.assert_allclose(one["accelerometer"], [0, 9.81, 0], rtol=1e-6)
    np.testing.assert_allclose(one["gyroscope"], [0.1, 0.2, 0.3], rtol=1e-6)
    np.testing.assert_allclose(one["magnetometer"], [20, 30, 40])
    np.testing.assert_allclose(one["orientation"], [1, 0, 0, 0])
    np.testing.assert_allclose(one["gravity"], [0, 9.8, 0], rtol=1e-6)
    np.testing.assert_allclose(one["linear_acceleration"], [0.1, 0.01, 0], rtol=1e-6)
    np.testing.assert_allclose(one["barometer"], [101325])
    assert list(first.events.labels) == ["walking", "subway"]
    np.testing.assert_allclose(first.events.start_s, [1, 2])
    np.testing.assert_allclose(first.events.stop_s, [2, 3])
    names = tuple(name for s in first.streams for name in s.channel_names)
    units = dict(zip(CARD.channels, CARD.units, strict=True))
    card = replace(
        CARD,
        n_recordings=2,
        subjects=("1", "3"),
        activities=("walking", "subway"),
        channels=names,
        units=tuple(units[name] for name in names),
    )
    check_recordings([first, second], card)


def test_labels_on_their_own_clock(tmp_path):
    """Labels begin half a second before the sensors."""
    home = write(tmp_path, labels=labels((2, 1), 200, START_MS - 500))
    (day,) = read_recordings(home)
    np.testing.assert_allclose(day.events.start_s, [0, 1.5])
    np.testing.assert_allclose(day.events.stop_s, [1.5, 3.0])


def test_missing_sensors(tmp_path):
    nothing = READINGS.replace("1013.25", "NaN").replace("20 30 40", "NaN NaN NaN")
    text = motion(100) + motion(100, START_MS + 1000, nothing)
    (day,) = read_recordings(write(tmp_path, phones=["Hips"], motion=text))
    n_samples = {stream.kind: stream.n_samples for stream in day.streams}
    assert n_samples["accelerometer"] == 200
    assert n_samples["magnetometer"] == n_samples["barometer"] == 100


def test_choose(tmp_path):
    write(tmp_path)
    (day,) = load_shl(data_dir=tmp_path, places=["pocket"])
    assert {stream.place for stream in day.streams} == {"pocket"}
    with pytest.raises(DataError, match="it lacks those of '2'"):
        load_shl(data_dir=tmp_path, subjects=["1", "2"])
    with pytest.raises(ValueError, match="places must be some of .* got 'ankle'"):
        load_shl(data_dir=tmp_path, places=["ankle"])
    with pytest.raises(DataError, match="must hold 'Hand_Motion.txt'; it holds none"):
        load_shl(data_dir=tmp_path, places=["hand"])


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"labels": ""}, "Label.txt must hold 8 numbers a line"),
        ({"labels": labels((9,))}, "labels of .*Label.txt must be among"),
        ({"motion": "1 2 3\n"}, "must hold 23 numbers a line"),
        ({"motion": motion().replace("9.81", "x", 1)}, "must hold 23 numbers a line"),
        (
            {"motion": motion(5) + "NaN " + READINGS + "\n" + motion(5)},
            "must have a time in each line",
        ),
        ({"motion": motion(3, readings="NaN " * 22)}, "readings; all are missing"),
        (
            {"motion": "\n".join(motion().split("\n")[::-1]).lstrip() + "\n"},
            "Hips|Bag|pocket|backpack.* must hold samples in order of time",
        ),
    ],
)
def test_broken_files(tmp_path, files, message):
    home = write(tmp_path, **files)
    with pytest.raises(DataError, match=message):
        read_recordings(home)


def test_no_days(tmp_path):
    with pytest.raises(DataError, match="must hold folders such as User1/220617"):
        read_recordings(tmp_path)


def test_card():
    check_card(CARD)
