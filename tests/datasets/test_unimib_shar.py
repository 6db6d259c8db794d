"""UniMiB SHAR is read as its windows, axes one after the other in a row."""

from dataclasses import replace

import numpy as np
import pytest
from scipy.io import savemat

from sensorhar.datasets import unimib_shar
from sensorhar.datasets.unimib_shar import CARD, LABELS, load_unimib_shar, read_windows
from sensorhar.errors import DataError
from sensorhar.testing.dataset_battery import check_card, check_windows


def write(root, n=60, data=None, labels=None):
    """Write windows of 30 people; return the rows as written."""
    rng = np.random.default_rng(0)
    if data is None:
        data = rng.normal(0, 1, (n, 3, 151))
        data[:, 1] += 9.8
        data = data.reshape(n, 453)
    if labels is None:
        numbers = np.arange(n)
        labels = np.column_stack([numbers % 17 + 1, numbers % 30 + 1, numbers % 2 + 1])
    (root / "data").mkdir(parents=True, exist_ok=True)
    savemat(root / "data" / "acc_data.mat", {"acc_data": data})
    savemat(root / "data" / "acc_labels.mat", {"acc_labels": labels})
    return data


def test_true_layout(tmp_path, monkeypatch):
    data = write(tmp_path / "UniMiB-SHAR")
    monkeypatch.setattr(unimib_shar, "N_WINDOWS", 60)
    monkeypatch.setattr(unimib_shar, "N_ADL", 36)
    windows = load_unimib_shar(data_dir=tmp_path, download=False)
    check_windows(windows, replace(CARD, n_windows=60))
    assert windows.shape == (60, 151, 3)
    np.testing.assert_array_equal(windows[7][:, 1], data[7, 151:302].astype("f4"))
    assert list(windows.y[:18]) == [*LABELS.values(), "sit_to_stand"]
    assert list(windows.groups[[0, 29, 30]]) == ["1", "30", "1"]
    assert windows.recording[1] == "subject-2-lie_to_stand-2"
    assert windows.spec.step_s is None
    assert np.isnan(windows.start_s).all()


def test_published_counts():
    """Windows per class as the paper gives them add up to its totals."""
    counts = [153, 216, 1738, 1985, 921, 746, 1324, 296, 200]
    assert sum(counts) == unimib_shar.N_ADL
    assert sum(name.startswith("falling") for name in LABELS.values()) == 8


def test_other_windows_do_not_pass(tmp_path, monkeypatch):
    write(tmp_path)
    with pytest.raises(DataError, match="11771 windows, 7579 of them no falls; got 60"):
        load_unimib_shar(data_dir=tmp_path)
    labels = np.ones((60, 3))
    write(tmp_path, labels=labels)
    monkeypatch.setattr(unimib_shar, "N_WINDOWS", 60)
    monkeypatch.setattr(unimib_shar, "N_ADL", 60)
    with pytest.raises(DataError, match="must have subjects 1 to 30; missing or"):
        load_unimib_shar(data_dir=tmp_path)


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"labels": np.full((60, 3), 18)}, "acc_labels.mat must be 1 to 17; got 18"),
        ({"labels": np.ones((59, 3))}, "must have one row a window; got 60 and 59"),
        ({"labels": np.ones((60, 2))}, "acc_labels.mat must be a matrix of 3 columns"),
        ({"data": np.ones((60, 450))}, "acc_data.mat must be a matrix of 453 columns"),
        ({"data": np.ones((60, 453))}, "must be in m/s.2 with gravity.*; got 1.73"),
        ({"data": np.full((60, 453), np.nan)}, "must hold finite numbers; got 27180"),
    ],
)
def test_broken_files(tmp_path, fields, message):
    write(tmp_path, **fields)
    with pytest.raises(DataError, match=message):
        read_windows(tmp_path)


def test_card():
    check_card(CARD)
