"""WEAR: four limbs on one clock, null as no event, second sessions of one person."""

from dataclasses import replace

import numpy as np
import pytest

from sensorhar.datasets.wear import CARD, LABELS, load_wear, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY
from tests.datasets._layouts import put

LIMBS = ("right_arm", "right_leg", "left_leg", "left_arm")
HEADER = ",".join(
    ["sbj_id", *(f"{limb}_acc_{axis}" for limb in LIMBS for axis in "xyz"), "label"]
)


def table(number, labels=("null", "jogging", "push-ups (complex)", "null"), n=50):
    rows = [
        f"{number},1.0,0,0,0,1.0,0,0,0,1.0,0.5,0.5,0.5,{label}"
        for label in labels
        for _ in range(n)
    ]
    return "\n".join([HEADER, *rows]) + "\n"


def write(root, number=0, text=None, folder="inertial"):
    text = table(number) if text is None else text
    put(root / "WEAR" / folder / f"sbj_{number}.csv", text)
    return root / "WEAR"


def test_true_layout(tmp_path):
    write(tmp_path, 2, table(2, ["jogging", "", "push-ups (complex)"]))
    write(tmp_path, 18, table(18, ["push-ups (complex)"]))
    first, second, third = read_recordings(write(tmp_path))
    assert [r.name for r in (first, second, third)] == ["sbj_0", "sbj_2", "sbj_18"]
    assert [r.subject for r in (first, second, third)] == ["0", "2", "0"]
    assert first.channel_names == CARD.channels
    right, *_, left = first.streams
    np.testing.assert_allclose(right.values[0], [STANDARD_GRAVITY, 0, 0], rtol=1e-6)
    np.testing.assert_allclose(left.values[0], [STANDARD_GRAVITY / 2] * 3, rtol=1e-6)
    assert (right.place, left.place, right.rate_hz) == (
        "right_wrist",
        "left_wrist",
        50,
    )
    assert list(first.events.labels) == ["jogging", "push_ups_complex"]
    np.testing.assert_allclose(first.events.start_s, [1, 2])
    np.testing.assert_allclose(first.events.stop_s, [2, 3])
    np.testing.assert_allclose(second.events.start_s, [0, 2])
    card = replace(
        CARD,
        n_recordings=3,
        subjects=("0", "2"),
        activities=("jogging", "push_ups_complex"),
    )
    check_recordings([first, second, third], card)


def test_lost_readings_and_a_lost_watch(tmp_path):
    text = table(0).replace(
        "0,1.0,0,0,0,1.0,0,0,0,1.0,0.5,0.5,0.5", "0,,,,0,1,0,,,,1,1,1"
    )
    (recording,) = read_recordings(write(tmp_path, text=text))
    assert {stream.place for stream in recording.streams} == {
        "right_ankle",
        "left_wrist",
    }
    text = table(0).replace("\n0,1.0,0,0,", "\n0,,,,", 3)
    (recording,) = read_recordings(write(tmp_path, text=text))
    assert np.isnan(recording.streams[0].values[:3]).all()


def test_load(tmp_path):
    write(tmp_path)
    assert len(load_wear(data_dir=tmp_path)) == 1
    with pytest.raises(DataError, match="subjects asked for; it lacks those of '3'"):
        load_wear(data_dir=tmp_path, subjects=["0", "3"])
    with pytest.raises(ValueError, match="subjects of 'wear' must be some of"):
        load_wear(data_dir=tmp_path, subjects=["18"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "must be a table with the columns 'sbj_id'"),
        ("a,b\n1,2\n", "must be a table with the columns 'sbj_id'"),
        (table(0).replace("0.5", "x", 1), "must be a table .* cannot be read"),
        (table(0).replace("0.5", "inf", 1), "readings; those of 'left_arm' are not"),
        (table(1), "must hold sbj_id 0 in each row; got '1'"),
        (table(0, ["flying"]), "labels of sbj_0.csv .* got 'flying'"),
        (
            HEADER + "\n" + "0" + "," * 12 + ",jogging\n",
            "must hold readings; all are missing",
        ),
    ],
)
def test_broken_files(tmp_path, text, message):
    root = write(tmp_path, text=text)
    with pytest.raises(DataError, match=message):
        read_recordings(root)


def test_broken_folder(tmp_path):
    root = write(tmp_path)
    write(tmp_path, folder="inertial_12hz")
    with pytest.raises(DataError, match="once, at 50 Hz; got it in 'inertial', "):
        read_recordings(root)
    (tmp_path / "empty").mkdir()
    with pytest.raises(DataError, match="must hold files such as inertial/sbj_0"):
        read_recordings(tmp_path / "empty")


def test_card():
    check_card(CARD)
    assert len(LABELS) == 18
