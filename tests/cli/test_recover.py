"""Readings of a log that nobody closed."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.io.log import LogWriter


@pytest.fixture
def log(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with LogWriter(tmp_path / "anna.sensorlog", subject="anna") as writer:
        for i in range(5):
            times = i + np.arange(50) / 50
            values = np.full((50, 3), float(i))
            writer.write(sh.Stream.of_sensor("gyroscope", values, times, rate_hz=50))
        writer.label(0, 5, "walking")
    return tmp_path / "anna.sensorlog"


def test_a_whole_log(run, log):
    result = run("recover", log)
    assert result.code == 0
    assert result.err == f"{log}: whole.\n"
    recording = sh.read(log.with_suffix(".npz"))
    assert recording.streams[0].n_samples == 250
    assert recording.events.labels.tolist() == ["walking"]
    assert "anna.npz: <Recording 'anna' of anna" in result.out


def test_a_log_that_was_cut(run, log):
    content = log.read_bytes()
    log.write_bytes(content[: len(content) // 2])
    result = run("recover", "anna.sensorlog", "--out", "anna.csv")
    assert result.code == 0
    assert "it was not closed, as after a crash" in result.err
    assert sh.read("anna.csv").streams[0].n_samples in (100, 150)
    assert log.read_bytes() == content[: len(content) // 2]


def test_labels_lie_beside_a_table(run, log):
    result = run("recover", log, "--out", "anna.csv")
    assert "Beside it: anna_labels.csv" in result.err
    assert run("recover", log, "--out", "anna.csv", "--quiet", "--force").err == ""


def test_wrong_words(refused, log, tmp_path):
    assert "nothing must be a log; there is no such file" in refused(
        "recover", "nothing"
    )
    assert "--out must end in .npz, .csv" in refused("recover", log, "--out", "a.xls")
    (tmp_path / "b").write_bytes(b"")
    assert "b must hold at least one whole batch" in refused("recover", "b")
    (tmp_path / "anna.npz").write_bytes(b"")
    assert "anna.npz exists" in refused("recover", log)
