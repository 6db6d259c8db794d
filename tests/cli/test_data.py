"""DATA: names, folders, labels beside recordings, windows."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.cli import _data
from sensorhar.cli._data import WindowPlan, load_windows
from sensorhar.cli._options import Null


def quietly(_text):
    """Say nothing."""


def acc(rate_hz, n_samples=400):
    time_s = np.arange(n_samples) / rate_hz
    values = np.tile(np.float32([0, 0, 9.8]), (n_samples, 1))
    return sh.Stream.of_sensor("accelerometer", values, time_s, has_gravity=True)


def test_a_folder_becomes_windows(folder):
    said = []
    windows = load_windows(str(folder), WindowPlan(), say=said.append)
    assert set(windows.groups) == {"person01", "person02", "carla"}
    assert windows.classes == ("running", "standing", "walking")
    assert windows.spec.n_timepoints == 128
    assert windows.spec.step_s == pytest.approx(1.28)
    assert said[0] == f"Read 3 recordings of {folder}."


def test_the_plan_is_kept(folder):
    plan = WindowPlan(2.0, 0.75, 25.0, "acc_z,acc_x", Null.CLASS)
    windows = load_windows(str(folder), plan, say=quietly)
    assert windows.spec.channel_names == ("acc_z", "acc_x")
    assert windows.spec.rate_hz == 25
    assert windows.spec.length_s == 2
    assert windows.spec.step_s == pytest.approx(0.48)  # 0.5 s in whole samples
    assert windows.null_label == "null"


def test_one_file_is_enough(folder, tmp_path):
    one = folder / "carla_walk.csv"
    windows = load_windows(str(one), WindowPlan(), say=quietly)
    assert set(windows.groups) == {"carla"}
    saved = windows.save(tmp_path / "windows.npz")
    same = load_windows(str(saved), WindowPlan(channels="acc_x"), say=quietly)
    assert same.shape == (len(windows), 128, 1)
    with pytest.raises(ValueError, match="windows.npz holds windows, which cannot be"):
        load_windows(str(saved), WindowPlan(length_s=3.0), say=quietly)


def test_simulated_people(monkeypatch):
    monkeypatch.setattr(_data, "N_SIMULATED", 2)
    monkeypatch.setattr(_data, "MINUTES", 0.1)
    said = []
    windows = load_windows("simulated", WindowPlan(), say=said.append)
    assert said[0] == "Simulate 2 people."
    assert windows.classes == tuple(sorted(sh.simulate.ACTIVITIES))
    assert windows.spec.channel_names == (
        *("acc_x", "acc_y", "acc_z"),
        *("gyr_x", "gyr_y", "gyr_z"),
    )


def test_recordings_without_labels(folder, tmp_path):
    text = (folder / "carla_walk.csv").read_text()
    (tmp_path / "carla_walk.csv").write_text(text)
    with pytest.raises(ValueError, match=r"1 of 1 have none.*carla_walk_labels.csv"):
        load_windows(str(tmp_path), WindowPlan(), say=quietly)


def test_windows_among_recordings(separable, tmp_path):
    separable.save(tmp_path / "windows.npz")
    with pytest.raises(ValueError, match=r"windows.npz must be a recording"):
        load_windows(str(tmp_path), WindowPlan(), say=quietly)


def test_rates_that_are_meant_to_be_one():
    recordings = [sh.Recording([acc(rate)]) for rate in (49.9, 50.2)]
    assert _data._usual_rate(recordings, ["acc_x"]) == 50.0
    assert _data._usual_rate(recordings[:1], ["acc_x"]) is None


def test_rates_that_differ():
    recordings = [sh.Recording([acc(rate)]) for rate in (25.0, 100.0)]
    with pytest.raises(ValueError, match="25 to 100 Hz. Say which .* --rate 25"):
        _data._usual_rate(recordings, ["acc_x"])


def test_usual_channels_are_those_of_motion():
    time_s = np.arange(400) / 50
    mag = sh.Stream.of_sensor("magnetometer", np.ones((400, 3)), time_s)
    both, one = sh.Recording([mag, acc(50.0)]), sh.Recording([acc(50.0)])
    assert _data._usual_channels([both, both]) == ["acc_x", "acc_y", "acc_z"]
    assert _data._usual_channels([sh.Recording([mag])]) == ["mag_x", "mag_y", "mag_z"]
    with pytest.raises(ValueError, match="must share channels; no channel is in all 2"):
        _data._usual_channels([one, sh.Recording([mag])])


@pytest.mark.parametrize(
    ("plan", "data", "message"),
    [
        (WindowPlan(length_s=-1.0), "simulated", "--length must be above 0 s; got -1"),
        (WindowPlan(overlap=50.0), "simulated", r"--overlap must be .*; got 50"),
        (WindowPlan(rate_hz=0.0), "simulated", "--rate must be above 0 Hz; got 0"),
        (WindowPlan(channels=","), "simulated", "--channels must name channels"),
        (
            WindowPlan(length_s=3.0, null=Null.DROP),
            "uci-har",
            "uci-har is published in windows, .* got --length, --null. Leave them",
        ),
    ],
)
def test_plans_that_cannot_work(plan, data, message):
    with pytest.raises(ValueError, match=message):
        plan.check(data)


def test_data_that_is_not_there(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        FileNotFoundError, match="'sensorhar datasets list', 'simulated', or a folder"
    ):
        WindowPlan().check("recodings")
