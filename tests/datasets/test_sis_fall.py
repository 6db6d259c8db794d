"""SisFall is read from bits, whatever ends a line, and each file is one trial."""

from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets.sis_fall import CARD, LABELS, load_sis_fall, read_recordings
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_recordings
from sensorhar.units import STANDARD_GRAVITY
from tests.datasets._layouts import put


def write_trial(root, subject, code, n=40, end=";\r\n"):
    """Write readings in bits: 1 g is 256 and 1024."""
    rng = np.random.default_rng(n)
    rest = (0, -256, 0, 0, 0, 0, 0, -1024, 0)
    bits = rng.integers(-9, 9, (n, 9)) + rest
    lines = [",".join(f"{bit:>4d}" for bit in row) for row in bits]
    put(root / subject / f"{code}_{subject}_R01.txt", end.join(lines) + end)
    return bits


def test_true_layout(tmp_path):
    root = tmp_path / "SisFall_dataset"
    bits = {
        code: write_trial(root, "SA01", code, n=40 + i) for i, code in enumerate(LABELS)
    }
    put(root / "Readme.txt", "bits")
    recordings = load_sis_fall(data_dir=tmp_path, subjects=["SA01"])
    check_recordings(recordings, replace(CARD, subjects=("SA01",)))
    first = recordings[0]
    assert (first.name, first.subject) == ("D01_SA01_R01", "SA01")
    adxl, gyr, mma = first.streams
    raw = bits["D01"]
    np.testing.assert_allclose(adxl.values, raw[:, :3] / 256 * STANDARD_GRAVITY, 1e-6)
    np.testing.assert_allclose(gyr.values, np.deg2rad(raw[:, 3:6] * 4000 / 65536), 1e-6)
    np.testing.assert_allclose(mma.values, raw[:, 6:] / 1024 * STANDARD_GRAVITY, 1e-6)
    assert mma.channels[1] == sh.Channel(
        "mma_acc_y", "m/s^2", "accelerometer", "waist", has_gravity=True
    )
    assert adxl.rate_hz == 200
    assert list(first.events) == [
        sh.Event(0, 0.2, "walking_slowly", pytest.approx(np.nan, nan_ok=True))
    ]
    assert [r.metadata["is_fall"] for r in recordings] == [False] * 19 + [True] * 15


@pytest.mark.parametrize("end", [";\n", "\n", " ;\n", ";\n\n"])
def test_line_ends(tmp_path, end):
    bits = write_trial(tmp_path, "SE06", "F05", end=end)
    (recording,) = read_recordings(tmp_path)
    np.testing.assert_allclose(
        recording.channel("mma_acc_z")[1], bits[:, 8] / 1024 * STANDARD_GRAVITY, 1e-6
    )


def test_people_missing(tmp_path):
    write_trial(tmp_path, "SA01", "D01")
    with pytest.raises(
        DataError, match="must have recordings of 38 subjects; .*'SA02'"
    ):
        load_sis_fall(data_dir=tmp_path)
    with pytest.raises(ValueError, match="subjects of 'sis-fall' must be some of SA01"):
        load_sis_fall(data_dir=tmp_path, subjects=["SA24"])


def test_how_to_get_it(tmp_path):
    with pytest.raises(DataError, match="cannot be fetched by a program.*by the paper"):
        load_sis_fall(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        (
            "D01_SA02_R01.txt",
            "1",
            "called D01_SA01_R01.txt and the like; got 'D01_SA02",
        ),
        ("notes.txt", "1", "called D01_SA01_R01.txt and the like; got 'notes.txt'"),
        ("D20_SA01_R01.txt", "1", "must be D01 to D19 or F01 to F15; got 'D20'"),
        ("D01_SA01_R01.txt", "1,2,3;\n", "must hold 9 numbers a line; got 3 or"),
        ("D01_SA01_R01.txt", "1,2,3,4,5,6,7,8,x;\n", "9 numbers a line; it cannot be"),
        ("D01_SA01_R01.txt", "", "9 numbers a line; it cannot be read"),
        (
            "D01_SA01_R01.txt",
            "1,2,3,4,5,6,7,8,9;\n1,2;\n",
            "must hold 9 numbers a line; got 9 or lines that are too short",
        ),
        (
            "D01_SA01_R01.txt",
            "1,2,4097,4,5,6,7,8,9;\n",
            "must hold readings in bits; those of 'ADXL345' lie beyond",
        ),
    ],
)
def test_broken_files(tmp_path, name, text, message):
    put(tmp_path / "SA01" / name, text)
    with pytest.raises(DataError, match=message):
        read_recordings(tmp_path)


def test_card():
    check_card(CARD)
    assert len(LABELS) == 19 + 15
