"""RealWorld is read from zips, zips in zips and folders, a clock for each phone."""

import io
import zipfile
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets import real_world
from sensorhar.datasets.real_world import (
    CARD,
    LABELS,
    PLACES,
    load_real_world,
    read_recordings,
)
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings

START_MS = 1_435_988_743_342
NAMES = {"acc": "acc", "gyr": "Gyroscope", "mag": "MagneticField"}
REST = {"acc": (0, 9.8, 0), "gyr": (0, 0, 0), "mag": (20, 0, 40)}


def make_table(stem, n=100, late_ms=0, seed=0):
    """Return a table as text, and its readings."""
    rng = np.random.default_rng(seed)
    values = rng.normal(REST[stem], 0.1, (n, 3)).round(6)
    stamps = START_MS + late_ms + 20 * np.arange(n)
    rows = [
        f"{i + 1},{t},{x},{y},{z}"
        for i, (t, (x, y, z)) in enumerate(zip(stamps, values.tolist(), strict=True))
    ]
    return "\n".join(["id,attr_time,attr_x,attr_y,attr_z", *rows]) + "\n", values


def make_zip(members):
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as opened:
        for name, member in members.items():
            opened.writestr(name, member)
    return content.getvalue()


def write(path, content):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)


def tables(stem, activity, infix="", late_ms=0, places=PLACES):
    return {
        f"{NAMES[stem]}_{activity}{infix}_{place}.csv": make_table(
            stem, late_ms=late_ms + 3 * i, seed=i
        )[0]
        for i, place in enumerate(places)
    }


def write_proband(root, number=1):
    """Write all sensors of walking, and of the others the accelerometer."""
    data = root / f"proband{number}" / "data"
    for activity in LABELS:
        for stem in NAMES if activity == "walking" else ["acc"]:
            # What a Mac adds, and the readme of each zip.
            more = {"__MACOSX/._acc_walking_chest.csv": "x", "readMe": "words"}
            content = make_zip(tables(stem, activity) | more)
            write(data / f"{stem}_{activity}_csv.zip", content)
    write(data / "gps_walking_csv.zip", b"not looked at")
    write(root / f"proband{number}" / "images" / "chest.jpg", b"")


def test_true_layout(tmp_path):
    write_proband(tmp_path / "realworld2016_dataset")
    recordings = load_real_world(data_dir=tmp_path, download=False, subjects=["1"])
    check_recordings(recordings, replace(CARD, subjects=("1",)))
    assert [r.name for r in recordings] == [f"proband1-{a}" for a in LABELS]
    walking = recordings[-1]
    assert len(walking.streams) == 21
    assert walking.start == datetime.fromtimestamp(START_MS / 1000, UTC)
    arm = walking.stream_of("upper_arm_acc_x")
    assert arm.channels[0] == sh.Channel(
        "upper_arm_acc_x", "m/s^2", "accelerometer", "upper_arm", has_gravity=True
    )
    place = list(PLACES).index("upperarm")
    np.testing.assert_allclose(arm.time_s, 0.003 * place + np.arange(100) / 50)
    np.testing.assert_array_equal(
        arm.values, make_table("acc", seed=place)[1].astype(np.float32)
    )
    assert walking.events.labels.tolist() == ["walking"]
    np.testing.assert_allclose(walking.events.start_s, [0])
    np.testing.assert_allclose(walking.events.stop_s, [0.018 + 2.0])


def test_sensors_asked_for(tmp_path):
    write_proband(tmp_path)
    (recording,) = read_recordings(tmp_path, sensors=["gyroscope"])
    assert {stream.kind for stream in recording.streams} == {"gyroscope"}
    with pytest.raises(ValueError, match="sensors must be some of 'acc.*; got 'gps'"):
        read_recordings(tmp_path, sensors=["gps"])


def test_zips_in_zips_are_parts(tmp_path):
    """The first part of the accelerometer is numbered, of the others not."""
    data = tmp_path / "proband4" / "data"
    for stem in NAMES:
        inner = {}
        for part, infix in ((1, ""), (2, "_2"), (3, "_3")):
            numbered = f"_{part}" if part > 1 or stem == "acc" else ""
            inner[f"{stem}_climbingup{numbered}_csv.zip"] = make_zip(
                tables(stem, "climbingup", infix, late_ms=60_000 * part)
            )
        write(data / f"{stem}_climbingup_csv.zip", make_zip(inner))
    recordings = read_recordings(tmp_path)
    assert [r.name for r in recordings] == [
        f"proband4-climbingup-{i}" for i in (1, 2, 3)
    ]
    assert {len(r.streams) for r in recordings} == {21}
    assert [r.duration_s for r in recordings] == pytest.approx([0.018 + 1.98] * 3)
    assert {r.events.labels[0] for r in recordings} == {"walking_upstairs"}


def test_a_second_without_a_first(tmp_path):
    data = tmp_path / "proband6" / "data"
    content = make_zip(tables("acc", "sitting", "_2", places=["chest", "thigh"]))
    write(data / "acc_sitting_csv.zip", content)
    (recording,) = read_recordings(tmp_path)
    assert recording.name == "proband6-sitting"
    assert [s.place for s in recording.streams] == ["chest", "thigh"]


@pytest.mark.parametrize("folder", ["", "acc_walking_csv"])
def test_unpacked_by_hand(tmp_path, folder):
    """Beside the zip, in its place, or in a folder of its name."""
    data = tmp_path / "proband1" / "data"
    for name, text in tables("acc", "walking").items():
        write(data / folder / name, text.encode())
    (recording,) = read_recordings(tmp_path)
    assert len(recording.streams) == 7
    write(data / "acc_walking_csv.zip", make_zip(tables("acc", "walking")))
    (again,) = read_recordings(tmp_path)
    assert again.channel_names == recording.channel_names


def test_stamps_that_repeat(tmp_path):
    """No sample is dropped."""
    text, values = make_table("acc", n=200)
    rows = text.splitlines()
    rows[51] = rows[51].replace(str(START_MS + 1000), str(START_MS + 980))
    member = {"acc_walking_chest.csv": "\n".join(rows)}
    write(tmp_path / "proband1" / "data" / "acc_walking_csv.zip", make_zip(member))
    (recording,) = read_recordings(tmp_path)
    (stream,) = recording.streams
    np.testing.assert_array_equal(stream.values, values.astype(np.float32))
    np.testing.assert_allclose(stream.time_s, np.arange(200) / 50, atol=5e-3)


GOOD = make_table("acc", n=2)[0]


@pytest.mark.parametrize(
    ("name", "members", "message"),
    [
        ("acc_flying_csv.zip", {}, "activities must be .*; got 'flying' in acc_flying"),
        (
            "acc_walking_csv.zip",
            {"acc_walking_foot.csv": GOOD},
            "must be called as acc_walking_chest.csv.*; got 'acc_walking_foot.csv'",
        ),
        (
            "acc_walking_csv.zip",
            {"acc_walking_chest.csv": "id,attr_time,attr_x\n1,2,3\n"},
            "must have columns attr_time, .*it lacks 'attr_y', 'attr_z'",
        ),
        (
            "acc_walking_csv.zip",
            {"acc_walking_chest.csv": GOOD + "3,noon,1,2,3\n"},
            "must hold numbers in attr_time, .*cannot be read",
        ),
        (
            "acc_walking_csv.zip",
            {"acc_walking_chest.csv": GOOD + f"3,{START_MS + 40},1,2,\n"},
            "acc_walking_chest.csv in acc_walking_csv.zip .* must hold finite readings",
        ),
        (
            "acc_walking_csv.zip",
            {"acc_walking_chest.csv": b"\x00\xff"},
            "must have columns attr_time",
        ),
        (
            "acc_walking_csv.zip",
            {"acc_walking_1_csv.zip": b"PK"},
            "acc_walking_1_csv.zip in acc_walking_csv.zip must be a whole zip archive",
        ),
    ],
)
def test_broken_members(tmp_path, name, members, message):
    write(tmp_path / "proband1" / "data" / name, make_zip(members))
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path)


def test_no_clock(tmp_path):
    rows = [f"{i},{START_MS + 9000 - 700 * (i % 9)},1,2,3" for i in range(90)]
    text = "\n".join([GOOD.splitlines()[0], *rows])
    member = make_zip({"acc_walking_chest.csv": text})
    write(tmp_path / "proband1" / "data" / "acc_walking_csv.zip", member)
    message = "times of the accelerometer at chest in proband1-walking must be a clock"
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path)


def test_bombs(tmp_path, monkeypatch):
    monkeypatch.setattr(real_world, "MAX_BYTES", 1000)
    content = make_zip(tables("acc", "walking"))
    write(tmp_path / "proband1" / "data" / "acc_walking_csv.zip", content)
    with pytest.raises(DataError, match="must unpack to at most 1000 bytes; got 4"):
        read_recordings(tmp_path)


def test_people_missing(tmp_path):
    text = make_table("acc")[0]
    write(tmp_path / "proband1" / "data" / "acc_lying_chest.csv", text.encode())
    with pytest.raises(DataError, match="must have recordings of 15 subjects; .*'10'"):
        load_real_world(data_dir=tmp_path)


def test_card():
    check_card(CARD)
