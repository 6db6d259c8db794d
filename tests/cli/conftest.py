"""Run the command line as a user does, and a folder of recordings to run it on."""

import os
import subprocess
import sys
from types import SimpleNamespace

import pytest

import sensorhar as sh
from sensorhar.__main__ import main
from sensorhar.simulate import ACTIVITIES

MOVING = ["standing", "walking", "running"]


@pytest.fixture
def run(capsys):
    """Return a function that runs a command here: code, out, err."""

    def run_here(*words):
        code = main([str(word) for word in words])
        captured = capsys.readouterr()
        return SimpleNamespace(code=code, out=captured.out, err=captured.err)

    return run_here


@pytest.fixture
def refused(run):
    """Return a function that runs a command which must fail; its one line."""

    def run_refused(*words):
        result = run(*words)
        lines = result.err.splitlines()
        assert result.code == 2
        assert lines[-1].startswith("sensorhar: ")
        assert sum(line.startswith("sensorhar: ") for line in lines) == 1
        assert "Traceback" not in result.err
        return lines[-1]

    return run_refused


@pytest.fixture
def shell(tmp_path):
    """Return a function that runs a command in a process of its own."""

    def run_there(*words, **options):
        return subprocess.run(
            [sys.executable, "-m", "sensorhar", *map(str, words)],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={**os.environ, "COLUMNS": "100"},
            check=False,
            timeout=120,
            **options,
        )

    return run_there


@pytest.fixture(scope="session")
def people():
    """Three people who stand, walk and run, 10 s each."""
    recordings = sh.simulate_recordings(
        3,
        minutes_per_activity=1 / 6,
        activities=MOVING,
        sensors=["accelerometer", "gyroscope"],
        random_state=1,
    )
    return [r.with_events(r.events.select(ACTIVITIES)) for r in recordings]


@pytest.fixture(scope="session")
def folder(people, tmp_path_factory):
    """Two recordings with their events inside, one as tables side by side."""
    from sensorhar.io import write_csv, write_events

    folder = tmp_path_factory.mktemp("recordings")
    for recording in people[:2]:
        recording.save(folder / f"{recording.subject}-01.npz")
    write_csv(people[2].with_events(None), folder / "carla_walk.csv")
    write_events(people[2].events, folder / "carla_walk_labels.csv")
    (folder / "notes.md").write_text("not a recording")
    return folder


@pytest.fixture(scope="session")
def model(people, tmp_path_factory):
    """Return a saved classifier of two of the people."""
    windows = sh.make_windows(people[:2], length_s=2.56, overlap=0.5, rate_hz=50)
    path = tmp_path_factory.mktemp("model") / "walker.sensorhar"
    return sh.FeatureLinearClassifier().fit(windows).save(path)
