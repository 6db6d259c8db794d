"""UCI HAR is read as published, and nothing else passes for it."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets.uci_har import CARD, PUBLISHED, load_uci_har, read_part
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_windows
from sensorhar.units import STANDARD_GRAVITY
from tests.datasets._layouts import put, write_uci_har


@pytest.mark.parametrize("packed", [False, True])
def test_true_layout(tmp_path, packed):
    home, written = write_uci_har(tmp_path, packed=packed)
    train = read_part(home, "train")
    test = read_part(home, "test")
    assert train.shape == (6, 128, 9)
    assert test.shape == (4, 128, 9)
    expected = written["train"].copy()
    expected[:, :, :6] *= STANDARD_GRAVITY
    np.testing.assert_allclose(np.asarray(train), expected, rtol=2e-7, atol=2e-7)
    assert list(train.y) == list(CARD.activities)
    assert set(train.groups) == {"1"}
    assert set(test.groups) == {"2"}
    assert set(test.recording) == {"subject-2"}
    assert np.isnan(train.start_s).all()
    assert train.spec == test.spec


def test_channels(tmp_path):
    home, _ = write_uci_har(tmp_path)
    spec = read_part(home, "test").spec
    assert spec.channel_names == CARD.channels
    assert [c.kind for c in spec.channels[::3]] == [
        "accelerometer",
        "linear_acceleration",
        "gyroscope",
    ]
    assert [c.has_gravity for c in spec.channels[::3]] == [True, None, None]
    assert {c.place for c in spec.channels} == {"waist"}
    assert (spec.rate_hz, spec.step_s, spec.is_overlapping) == (50.0, 1.28, True)


def test_other_windows_do_not_pass(tmp_path):
    write_uci_har(tmp_path / "UCI_HAR")
    message = (
        r"the train part of UCI HAR must have 7352 windows, \(1226, .* got 6, \(1,"
    )
    with pytest.raises(DataError, match=message):
        load_uci_har(data_dir=tmp_path)


def test_other_subjects_do_not_pass(tmp_path, monkeypatch):
    home, _ = write_uci_har(tmp_path / "UCI_HAR")
    monkeypatch.setitem(PUBLISHED, "train", (1,) * 6)
    monkeypatch.setitem(PUBLISHED, "test", (1, 1, 1, 1, 0, 0))
    assert len(load_uci_har(data_dir=tmp_path)[0]) == 6
    put(home / "train" / "subject_train.txt", "1\n2\n1\n1\n1\n1\n")
    message = "the train part of UCI HAR must have the published subjects; got 1, 2"
    with pytest.raises(DataError, match=message):
        load_uci_har(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("y_train.txt", "1\n2\n", "must have one line a window; got 2, 6 lines"),
        (
            "y_train.txt",
            "1\n2\n3\n4\n5\n7\n",
            "labels in y_train.txt must be 1 to 6; g",
        ),
        ("y_train.txt", "a\nb\n", r"y_train\.txt must hold 1 numbers a line; it c"),
        ("y_train.txt", "", r"y_train\.txt must hold 1 numbers a line; it cannot be"),
        ("subject_train.txt", "1 1\n1 1\n", r"must hold 1 numbers a line; got 2 or"),
        ("subject_train.txt", None, "must hold subject_train.txt or .*gz; it does not"),
    ],
)
def test_broken_files(tmp_path, name, text, message):
    home, _ = write_uci_har(tmp_path)
    path = home / "train" / name
    path.unlink() if text is None else put(path, text)
    with pytest.raises(DataError, match=message):
        read_part(home, "train")


def test_damaged_gzip(tmp_path):
    home, _ = write_uci_har(tmp_path, packed=True)
    path = home / "test" / "Inertial Signals" / "body_acc_y_test.txt.gz"
    path.write_bytes(path.read_bytes()[:200])
    with pytest.raises(DataError, match=r"body_acc_y_test\.txt must hold 128 numbers"):
        read_part(home, "test")


def test_card():
    check_card(CARD)
    assert sum(map(sum, PUBLISHED.values())) == CARD.n_windows


def test_published_files(real_data):
    """Counts of SOURCE.txt; acc minus its slow part is lin."""
    train, test = load_uci_har(data_dir=real_data, download=False)
    check_windows((train, test), CARD)
    assert (len(train), len(test)) == (7352, 2947)
    assert (len(set(train.groups)), len(set(test.groups))) == (21, 9)
    values = np.asarray(test[:200])
    gravity = values[:, :, :3] - values[:, :, 3:6]
    np.testing.assert_allclose(
        np.linalg.norm(gravity, axis=2).mean(), STANDARD_GRAVITY, rtol=0.05
    )
    assert (
        np.diff(gravity, axis=1).std() < 0.1 * np.diff(values[:, :, :3], axis=1).std()
    )
    # Neighbours overlap by half: 64 samples are there twice.
    same = (values[:-1, 64:] == values[1:, :64]).all(axis=(1, 2))
    assert same.mean() > 0.9
    assert repr(test).startswith(
        "<Windows 2947 x 128 x 9 | 50 Hz | acc_x acc_y acc_z l"
    )
    assert sh.datasets.cards()["uci-har"] is CARD
