"""ExtraSensory: days full of gaps, units told from readings, labels for each minute."""

from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from sensorhar.datasets.extra_sensory import (
    CARD,
    CLEANED,
    ORIGINAL,
    SUBJECTS,
    load_extra_sensory,
    read_recordings,
)
from sensorhar.errors import DataError, SensorharWarning
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY
from tests.datasets._layouts import put

WHO, OTHER = SUBJECTS[:2]
FIRST = 1_449_601_597


def example(rate_hz=40.0, xyz=(0.0, 0.0, 1.0), n=400, start=5000.0, scale=1.0):
    """One file: the phone's own clock, then readings."""
    return "".join(
        f"{start + scale * i / rate_hz:.4f} {xyz[0]} {xyz[1]} {xyz[2]} \n"
        for i in range(n)
    )


def write_labels(root, rows, who=WHO, names=CLEANED, ending="features_labels"):
    head = ",".join(["timestamp", "raw_acc:mean", *names, "label_source"])
    lines = [
        f"{stamp},0.5,"
        + ",".join({True: "1.0", False: "0.0", None: "nan"}[v] for v in values)
        + ",2"
        for stamp, values in rows
    ]
    name = f"ExtraSensory.per_uuid/{who}.{ending}.csv"
    put(root / "ExtraSensory" / name, "\n".join([head, *lines]) + "\n", True)


def one_of(word, names=CLEANED):
    return [label == word for label in names.values()]


def write(root, who=WHO, acc=None):
    """Four examples a minute apart: walking, sitting, both, and not recorded."""
    home = root / "ExtraSensory"
    both = [a or b for a, b in zip(one_of("walking"), one_of("sitting"), strict=True)]
    none = [None] * len(CLEANED)
    truth = [one_of("walking"), one_of("sitting"), both, none]
    stamps = [FIRST + 60 * i for i in range(4)]
    write_labels(root, zip(stamps, truth, strict=True), who)
    for stamp in stamps[:3]:
        text = example() if acc is None else acc
        put(home / "raw_acc" / who / f"{stamp}.m_raw_acc.dat", text)
    put(home / "raw_acc" / who / f"{stamps[3]}.m_raw_acc.dat", "nan\n")
    return home


def test_true_layout(tmp_path):
    home = write(tmp_path)
    write(tmp_path, OTHER, example(xyz=(0, 9.8, 0)))
    put(
        home / "proc_gyro" / WHO / f"{FIRST}.m_proc_gyro.dat",
        example(xyz=(0.5, 0, 0)),
    )
    put(
        home / "raw_magnet" / WHO / f"{FIRST}.m_raw_magnet.dat",
        example(xyz=(30, 0, 0)),
    )
    put(
        home / "watch_acc" / "watch_acc" / WHO / f"{FIRST + 1}.m_watch_acc.dat",
        example(25, (0, 0, -1008), 500, 0, 1000),
    )
    first, second = read_recordings(home)
    assert (first.name, first.subject, second.subject) == (WHO, WHO, OTHER)
    assert first.start == datetime.fromtimestamp(FIRST, UTC)
    acc, gyr, mag, watch = first.streams
    assert acc.n_samples == 3 * 400
    np.testing.assert_allclose(acc.values[0], [0, 0, STANDARD_GRAVITY], rtol=1e-6)
    np.testing.assert_allclose(acc.time_s[:3], [0, 0.025, 0.05], atol=1e-9)
    np.testing.assert_allclose(acc.time_s[400], 60)
    np.testing.assert_allclose(second.streams[0].values[0], [0, 9.8, 0], rtol=1e-6)
    np.testing.assert_allclose(gyr.values[0], [0.5, 0, 0])
    np.testing.assert_allclose(mag.values[0], [30, 0, 0])
    assert watch.channel_names[0] == "wrist_acc_x"
    np.testing.assert_allclose(watch.values[0, 2], -1.008 * STANDARD_GRAVITY, 1e-6)
    np.testing.assert_allclose(watch.time_s[:2], [1, 1.04], atol=1e-9)
    # One label only; the example with two has no event.
    assert list(first.events.labels) == ["walking", "sitting"]
    np.testing.assert_allclose(first.events.start_s, [0, 60])
    np.testing.assert_allclose(first.events.stop_s, [10, 70])
    card = replace(
        CARD,
        n_recordings=2,
        subjects=(WHO, OTHER),
        activities=("walking", "sitting"),
    )
    check_recordings([first, second], card)


def test_original_labels(tmp_path):
    home = write(tmp_path)
    rows = [(FIRST, one_of("standing_in_place", ORIGINAL))]
    write_labels(tmp_path, rows, names=ORIGINAL, ending="original_labels")
    (day,) = read_recordings(home, labels="original", subjects=[WHO])
    assert list(day.events.labels) == ["standing_in_place"]
    with pytest.raises(ValueError, match="labels must be one of 'cleaned', 'orig"):
        load_extra_sensory(data_dir=tmp_path, labels="x")


def test_watch_without_times(tmp_path):
    home = write(tmp_path)
    put(
        home / "watch_acc" / WHO / f"{FIRST}.m_watch_acc.dat",
        "0 0 1000\n" * 50,
    )
    (day,) = read_recordings(home)
    np.testing.assert_allclose(day.streams[-1].time_s[:2], [0, 0.04])


def test_examples_that_overlap(tmp_path):
    home = write(tmp_path)
    put(home / "raw_acc" / WHO / f"{FIRST + 5}.m_raw_acc.dat", example())
    with pytest.warns(SensorharWarning, match="1 of 4 examples of raw_acc/.* begin"):
        (day,) = read_recordings(home)
    assert day.streams[0].n_samples == 3 * 400


def test_load(tmp_path):
    write(tmp_path)
    assert len(load_extra_sensory(data_dir=tmp_path)) == 1
    with pytest.raises(DataError, match="subjects asked for; it lacks those of"):
        load_extra_sensory(data_dir=tmp_path, subjects=[WHO, OTHER])
    with pytest.raises(ValueError, match="subjects of 'extra-sensory' must be some"):
        load_extra_sensory(data_dir=tmp_path, subjects=["anna"])


@pytest.mark.parametrize(
    ("acc", "message"),
    [
        ("1 2\n", "got 2 numbers in the first line and 2 in all"),
        ("1 2 3 4\n5 6\n", "got 4 numbers in the first line and 6 in all"),
        ("1 2 x 4\n", "must hold numbers; it cannot be read"),
        ("1 2 nan 4\n", "in each line, all finite"),
        (example(xyz=(0, 0, 99)), "must read gravity in g, m/s.2 or mg; .* is 99"),
        (
            "\n".join(example().split("\n")[-2::-1]),
            "must be a clock that runs",
        ),
        ("nan", "must hold readings of .*; all its files are empty"),
    ],
)
def test_broken_files(tmp_path, acc, message):
    home = write(tmp_path, acc=acc)
    with pytest.raises(DataError, match=message):
        read_recordings(home)


def test_broken_labels(tmp_path):
    home = write(tmp_path)
    name = home / "ExtraSensory.per_uuid" / f"{WHO}.features_labels.csv"
    put(name, "timestamp,label:SITTING\n1,1\n", packed=True)
    with pytest.raises(DataError, match="must be a table with 'timestamp' and"):
        read_recordings(home)
    write_labels(tmp_path, [("nan", one_of("walking"))])
    with pytest.raises(DataError, match="must have a timestamp in each line"):
        read_recordings(home)
    name.with_name(name.name + ".gz").unlink()
    with pytest.raises(DataError, match="must hold .*csv.gz for the 'cleaned' labels"):
        read_recordings(home)
    with pytest.raises(DataError, match="must hold folders such as raw_acc/00EABED2"):
        read_recordings(tmp_path)


def test_card():
    check_card(CARD)
    assert len(set(SUBJECTS)) == 60
