"""HHAR is read by person, device and session, and no sample is dropped."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets import hhar
from sensorhar.datasets.hhar import CARD, LABELS, load_hhar, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from tests.datasets._layouts import put

HEAD = "Index,Arrival_Time,Creation_Time,x,y,z,User,Model,Device,gt"
ARRIVAL_MS = 1_424_696_633_908
FILES = (
    "Phones_accelerometer",
    "Phones_gyroscope",
    "Watch_accelerometer",
    "Watch_gyroscope",
)
RNG = np.random.default_rng(0)


def rows_of(
    creation_s, words, person="a", device="nexus4_1", late_s=0.0, arrival_s=None
):
    """Return rows: stamps on the device's clock, arriving as they are made."""
    creation_s = np.asarray(creation_s, dtype=np.float64)
    arrival_s = np.arange(len(creation_s)) / 200 if arrival_s is None else arrival_s
    xyz = RNG.normal((0, 9.8, 0), 0.05, (len(creation_s), 3)).round(6)
    return [
        f"{i},{ARRIVAL_MS + round(1000 * (a + late_s))},"
        f"{round(c * 1e9)},{x},{y},{z},{person},{device[:-2]},{device},{word}"
        for i, (a, c, (x, y, z), word) in enumerate(
            zip(arrival_s, creation_s, xyz.tolist(), words, strict=True)
        )
    ]


def write(root, **files):
    """Write the four files, those not given with their names alone."""
    for name in FILES:
        rows = files.get(name, [])
        put(root / f"{name}.csv", "\n".join([HEAD, *rows]) + "\n")


def readings(rows):
    return np.array([row.split(",")[3:6] for row in rows], dtype=np.float32)


def test_true_layout(tmp_path):
    words = np.repeat(["null", *LABELS], 100).tolist()
    n = len(words)
    acc = rows_of(5000 + np.arange(n) / 200, words)
    gyr = rows_of(5000.001 + np.arange(n) / 200, words, late_s=0.002)
    watch = rows_of(np.arange(n) / 200, words, device="gear_2", person="b")
    root = tmp_path / "Activity recognition exp"
    write(
        root, Phones_accelerometer=acc, Phones_gyroscope=gyr, Watch_accelerometer=watch
    )
    first, second = load_hhar(data_dir=tmp_path, download=False, subjects=["b", "a"])
    check_recordings([first, second], replace(CARD, subjects=("a", "b")))
    assert (first.name, first.subject) == ("a-nexus4_1-1", "a")
    assert (second.name, second.subject) == ("b-gear_2-1", "b")
    assert first.metadata == {"device": "nexus4_1", "is_clock_repaired": False}
    assert first.start == datetime.fromtimestamp(ARRIVAL_MS / 1000, UTC)
    np.testing.assert_array_equal(first.streams[0].values, readings(acc))
    np.testing.assert_allclose(first.streams[0].time_s, np.arange(n) / 200, atol=1e-6)
    np.testing.assert_allclose(first.streams[1].time_s[0], 0.001, atol=1e-6)
    assert first.streams[0].rate_hz == pytest.approx(200)
    assert second.streams[0].channels[0] == sh.Channel(
        "acc_x", "m/s^2", "accelerometer", "wrist", has_gravity=True
    )
    assert list(first.events.labels) == list(LABELS.values())
    np.testing.assert_allclose(first.events.start_s, np.arange(1, 7) / 2, atol=1e-6)
    np.testing.assert_allclose(first.events.stop_s, np.arange(2, 8) / 2, atol=1e-6)


def test_devices_asked_for(tmp_path):
    one = rows_of(np.arange(9) / 200, ["sit"] * 9)
    write(tmp_path, Phones_accelerometer=one, Watch_gyroscope=one)
    (recording,) = read_recordings(tmp_path, devices=["watches"])
    assert recording.streams[0].kind == "gyroscope"
    with pytest.raises(ValueError, match="devices must be one of 'phones', 'watches'"):
        load_hhar(data_dir=tmp_path, devices=["tablets"])


def test_a_clock_set_back_begins_a_session(tmp_path):
    """Both sensors are cut at their own jump; nothing is lost."""
    stamps = np.concatenate([900 + np.arange(400) / 200, np.arange(300) / 200])
    acc = rows_of(stamps, ["walk"] * 400 + ["sit"] * 300)
    gyr = rows_of(stamps[3:], ["walk"] * 397 + ["sit"] * 300, late_s=0.05)
    write(tmp_path, Phones_accelerometer=acc, Phones_gyroscope=gyr)
    first, second = read_recordings(tmp_path)
    assert (first.name, second.name) == ("a-nexus4_1-1", "a-nexus4_1-2")
    assert [s.n_samples for s in first.streams] == [400, 397]
    assert [s.n_samples for s in second.streams] == [300, 300]
    assert list(first.events.labels) == ["walking"]
    assert list(second.events.labels) == ["sitting"]
    assert second.start > first.start
    np.testing.assert_allclose(second.duration_s, 299 / 200)


def test_only_one_sensor_pauses(tmp_path):
    """The other is cut at the same arrival, so that both stay together."""
    pause = np.concatenate([np.arange(200) / 200, 60 + np.arange(200) / 200])
    through = np.arange(0, 61, 0.05)
    acc = rows_of(pause, ["bike"] * 400, arrival_s=pause)
    gyr = rows_of(through, ["bike"] * len(through), arrival_s=through)
    write(tmp_path, Phones_accelerometer=acc, Phones_gyroscope=gyr)
    first, second = read_recordings(tmp_path)
    assert [s.n_samples for s in first.streams] == [200, 1200]
    assert [s.n_samples for s in second.streams] == [200, 20]
    assert first.events.stop_s[-1] == pytest.approx(1.0)


def test_sensors_that_count_from_other_moments(tmp_path):
    """Stamps from boot and from 1970 meet by their arrival."""
    words = ["stand"] * 400
    acc = rows_of(77 + np.arange(400) / 200, words)
    gyr = rows_of(1_424_696_631 + np.arange(400) / 200, words, late_s=0.01)
    write(tmp_path, Phones_accelerometer=acc, Phones_gyroscope=gyr)
    (recording,) = read_recordings(tmp_path)
    assert abs(recording.streams[1].start_s) < 0.02
    assert recording.duration_s < 2.02


def test_repeats_and_samples_out_of_order(tmp_path):
    stamps = np.arange(1000) / 200
    stamps[301::10] = stamps[300::10]  # every tenth stamp twice
    order = np.arange(1000)
    order[[500, 501]] = order[[501, 500]]
    rows = rows_of(stamps[order], ["walk"] * 1000)
    write(tmp_path, Phones_accelerometer=rows)
    (recording,) = read_recordings(tmp_path)
    (stream,) = recording.streams
    assert recording.metadata["is_clock_repaired"]
    np.testing.assert_allclose(stream.time_s, np.arange(1000) / 200, atol=6e-3)
    assert stream.rate_hz == pytest.approx(200, rel=1e-3)
    np.testing.assert_array_equal(
        np.sort(stream.values[:, 0]), np.sort(readings(rows)[:, 0])
    )


def test_read_piece_by_piece(tmp_path, monkeypatch):
    """A person's rows may end in the next piece."""
    monkeypatch.setattr(hhar, "_N_ROWS", 70)
    rows = [
        row
        for person in "ab"
        for row in rows_of(np.arange(100) / 200, ["walk"] * 100, person=person)
    ]
    write(tmp_path, Phones_accelerometer=rows)
    first, second = read_recordings(tmp_path)
    np.testing.assert_array_equal(second.streams[0].values, readings(rows[100:]))
    assert first.streams[0].n_samples == 100
    (only,) = read_recordings(tmp_path, subjects=["b"])
    assert only.subject == "b"


def test_people_missing(tmp_path):
    write(tmp_path, Phones_accelerometer=rows_of([0, 1], ["sit"] * 2))
    with pytest.raises(
        DataError, match="must have recordings of 9 subjects; .*'b', 'c'"
    ):
        load_hhar(data_dir=tmp_path)


ROW = "0,1424696633908,1424696631913248572,-5.9,0.6,8.1,a,nexus4,nexus4_1,stand"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f"{HEAD[:-3]}\n", "must have columns Arrival_Time, .*it lacks 'gt'"),
        (f"{HEAD}\n{ROW.replace('5.9', 'x')}\n", "whole numbers as times .*cannot be"),
        (f"{HEAD}\n{ROW.replace('5.9', '')}\n", "whole numbers as times .*cannot be"),
        (f"{HEAD}\n{ROW.replace('5.9', 'inf')}\n", "must hold finite readings"),
        (f"{HEAD}\n{ROW.replace('stand', 'swim')}\n", "labels in .*; got 'swim'"),
        (f"{HEAD}\n{ROW.replace(',a,', ',z,')}\n", "people in .*; got 'z'"),
    ],
)
def test_broken_files(tmp_path, text, message):
    write(tmp_path)
    put(tmp_path / "Phones_accelerometer.csv", text)
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path)


def test_missing_file(tmp_path):
    write(tmp_path)
    (tmp_path / "Watch_gyroscope.csv").unlink()
    with pytest.raises(DataError, match="must hold Watch_gyroscope.csv; it does not"):
        read_recordings(tmp_path)


def test_card():
    check_card(CARD)
