"""HMP's coded integers become m/s^2, and the folders of models stay out."""

from dataclasses import replace

import numpy as np
import pytest

from sensorhar.datasets import uci_hmp
from sensorhar.datasets.uci_hmp import CARD, load_uci_hmp, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY
from tests.datasets._layouts import put

CLIMB = "Climb_stairs/Accelerometer-2011-03-24-10-24-39-climb_stairs-f1.txt"
WALK = "Walk/Accelerometer-2012-06-06-09-00-24-walk-m5.txt"
CODES = "00 63 34\n02 41 34\n05 39 34\n" * 40


def write(root, name=CLIMB, text=CODES):
    home = root / "UCI_HMP" / "HMP_Dataset"
    put(home / name, text)
    return home


def test_true_layout(tmp_path):
    home = write(tmp_path)
    write(tmp_path, WALK, CODES.replace("\n", "\r\n"))
    write(tmp_path, CLIMB.replace("stairs/", "stairs_MODEL/"))
    write(tmp_path, "MANUAL.txt", "Manual\n")
    climb, walk = read_recordings(home)
    assert climb.name == "f1-walking_upstairs-2011-03-24_10-24-39"
    assert (climb.subject, walk.subject) == ("f1", "m5")
    assert climb.metadata["recorded"] == "2011-03-24 10:24:39"
    (acc,) = climb.streams
    assert (acc.n_samples, acc.rate_hz, acc.place) == (120, 32, "wrist")
    # 0 is -1.5 g, 63 is +1.5 g, and 34 is 0.119 g (MANUAL.txt, section 4.2).
    expected = np.array([-1.5, 1.5, -1.5 + 34 / 63 * 3]) * STANDARD_GRAVITY
    np.testing.assert_allclose(acc.values[0], expected, rtol=1e-6)
    assert expected[1] == pytest.approx(14.709, abs=1e-3)
    (event,) = climb.events
    assert (event.start_s, event.stop_s) == (0, 120 / 32)
    card = replace(
        CARD,
        n_recordings=2,
        subjects=("f1", "m5"),
        activities=("walking_upstairs", "walking"),
    )
    check_recordings([climb, walk], card)


def test_load(tmp_path, monkeypatch):
    write(tmp_path)
    (climb,) = load_uci_hmp(data_dir=tmp_path, subjects=["f1"])
    assert climb.subject == "f1"
    with pytest.raises(DataError, match="those of 'f2', 'f3'.* are missing"):
        load_uci_hmp(data_dir=tmp_path)
    with pytest.raises(ValueError, match="subjects of 'uci-hmp' must be some of"):
        load_uci_hmp(data_dir=tmp_path, subjects=["x1"])
    monkeypatch.setattr(
        uci_hmp, "CARD", replace(CARD, subjects=("f1",), n_recordings=2)
    )
    with pytest.raises(DataError, match="must have 2 recordings; got 1"):
        load_uci_hmp(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (CLIMB, "1 2 64\n", "must hold readings coded 0 to 63; got 1 to 64"),
        (CLIMB, "1 2\n", "must hold 3 numbers a line"),
        (CLIMB, "", "must hold 3 numbers a line"),
        (CLIMB, "a b c\n", "must hold 3 numbers a line"),
        (CLIMB.replace("climb_stairs-", "fly-"), CODES, "among .* got 'fly'"),
        ("Climb_stairs/x.txt", CODES, "must hold files such as Climb_stairs"),
    ],
)
def test_broken_files(tmp_path, name, text, message):
    home = write(tmp_path, name, text)
    with pytest.raises(DataError, match=message):
        read_recordings(home)


def test_card():
    check_card(CARD)
    assert CARD.n_recordings == 839
