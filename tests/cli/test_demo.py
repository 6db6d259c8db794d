"""``sensorhar demo``, the main job; here on three people, a moment each."""

import json

import pytest

import sensorhar as sh
from sensorhar.cli import demo

TINY = demo.Size(n_people=3, minutes_per_activity=0.15, epochs=1, n_folds=2)


# Keras 3.15 copies its variables in a way that numpy 2 speaks against.
@pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning")
def test_the_whole_road(tmp_path, monkeypatch, run, refused):
    monkeypatch.setattr(demo, "QUICK", TINY)
    monkeypatch.delenv("SENSORHAR_DATA", raising=False)
    monkeypatch.setenv("SENSORHAR_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    result = run("demo", "--quick")
    assert result.code == 0
    assert result.err == ""
    folder = tmp_path / "sensorhar-report"
    assert {path.name for path in folder.iterdir()} == {
        *("report.html", "report.md", "report.json", "model.sensorhar"),
        *("person03.npz", "person03.predicted.csv"),
    }
    report = json.loads((folder / "report.json").read_text())
    assert [c["name"] for c in report["classifiers"]] == [
        *("cnn", "features-linear", "majority"),
    ]
    assert report["n_splits"] == 2
    held_out = sh.read(folder / "person03.npz")
    said = sh.read_events(folder / "person03.predicted.csv")
    assert set(said.labels) <= set(sh.simulate.ACTIVITIES)
    assert said.duration_s.sum() == pytest.approx(held_out.duration_s, abs=3)
    tail = result.out.splitlines()[-10:]
    assert tail[0] == f"The report is {folder / 'report.html'}"
    assert "Try next:" in tail
    assert tail[-1] == "  sensorhar evaluate uci-har --model cnn,features-linear"

    line = refused("demo", "--quick")
    assert "sensorhar-report exists. Choose another folder with --out" in line
    # Every command that it proposes is one that runs.
    recording = "sensorhar-report/person03.npz"
    assert f"sensorhar inspect {recording}" in result.out
    assert run("inspect", recording).code == 0
    words = ["predict", "sensorhar-report/model.sensorhar", recording, "--step", "0.5"]
    assert "sensorhar " + " ".join(words) in result.out
    assert run(*words).code == 0


def test_a_file_is_no_folder(tmp_path, refused):
    path = tmp_path / "report"
    path.touch()
    assert "is a file; --out needs a folder" in refused("demo", "--out", path)


def test_share_right():
    truth = sh.Events([0, 10], [10, 20], ["walking", "sitting"])
    said = sh.Events([0, 5, 18], [5, 18, 25], ["walking", "running", "sitting"])
    assert demo._share_right(truth, said) == pytest.approx(7 / 20)
