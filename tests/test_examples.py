"""Each tutorial runs from top to bottom and prints what it promises."""

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "examples"
SLOW = pytest.mark.slow

#: Words each must print; those that train many networks are for the slow run.
PROMISED = {
    "01_quickstart.py": (
        "<Windows",
        "accuracy on people not seen before: 0.",
        "['",
        "<WindowSpec",
    ),
    "02_your_own_csv.py": (
        "t_ms,ax,ay,az",
        "<Recording 'person01' of person01 |",
        "50 Hz | acc_x acc_y acc_z [m/s^2] | standing",
        "accuracy on person03, not seen before: ",
    ),
    "03_leave_one_subject_out.py": (
        "leave one subject out: each of 4 subjects is tested once",
        "features + linear",
        "small CNN",
        "majority",
        "Leak audit of FeatureForestClassifier",
        "random windows (LEAKY)",
    ),
    "04_your_own_network.py": ("best      mine, macro F1 0.", "Confusion of mine"),
    "05_grid_search.py": (
        "{'kernel_size': 3}: macro F1",
        "{'kernel_size': 9}: macro F1",
        "best: {'kernel_size': ",
        "on person04, who took no part in the search: 0.",
    ),
    "06_what_is_wrong.py": (
        "5 problems:",
        "pass units",
        "is stuck: acc_y",
        "is clipped",
    ),
    "07_phone_export.py": (
        "<Recording '2026-05-04_08-30-00' |",
        "Nothing wrong was found.",
        "accuracy through the phone export: 0.",
    ),
    "08_transport_mode.py": ("macro F1",),
    "09_record_with_a_phone.py": (
        "Scan the code with its camera",
        "<Recording 'anna' of anna |",
        " s  standing",
        " s  walking",
        "Nothing wrong was found.",
        "standing 2, walking 2 | 1 subject>",
        "anna.npz",
    ),
    "10_bluetooth_sensor.py": ("<Recording 'anna'", "lost on the way: "),
    "11_your_own_device.py": ("accelerometer [[0.      0.      9.80665]] m/s^2",),
    "12_actions_in_a_clip.py": (
        "<Clips 45 x 16 x 32 x 32 x 1",
        "flow_x flow_y",
        " on a person not seen before",
    ),
    "13_your_own_clips.py": (
        "| grey | jumping_jacks",
        "5 groups>",
        "C3DClassifier",
        "<Events",
    ),
    "14_one_architecture.py": ("34,565,560", "features + linear", "SlowFast"),
    "15_from_pose_to_imu.py": (
        "<Recording 'person01-clapping-1' of person01",
        "leave one subject out: each of 6 subjects is tested once",
        "waving",
    ),
}
QUICK = (
    "01_quickstart.py",
    "02_your_own_csv.py",
    "06_what_is_wrong.py",
    "07_phone_export.py",
    "09_record_with_a_phone.py",
    "10_bluetooth_sensor.py",
    "11_your_own_device.py",
    "15_from_pose_to_imu.py",
)
FILES = sorted(path.name for path in FOLDER.glob("[0-9]*.py"))


def test_every_example_promises_something():
    assert sorted(PROMISED) == FILES


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[] if n in QUICK else [SLOW]) for n in FILES]
)
def test_example_runs(name, tmp_path):
    said = run_example(name, tmp_path)
    for words in PROMISED[name]:
        assert words in said


@pytest.mark.parametrize(
    ("name", "words"),
    [
        pytest.param(
            "10_bluetooth_sensor.py", "A simulated source instead", marks=SLOW
        ),
        ("11_your_own_device.py", "Not recorded here"),
    ],
)
def test_bluetooth_examples_end_well_where_none_can_be_pretended(name, words, tmp_path):
    said = run_example(name, tmp_path, PATH=str(tmp_path))
    assert words in said
    assert "dbus-daemon is not installed" in said or "needs Linux" in said


def run_example(name, folder, **environment):
    """Run a tutorial in a folder of its own, and return what it prints."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "TMPDIR": str(folder)}
    run = subprocess.run(
        [sys.executable, FOLDER / name],
        cwd=folder,
        env={**os.environ, **quiet, **environment},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=600,
        check=False,
    )
    assert run.returncode == 0, run.stderr[-3000:]
    return run.stdout


@pytest.mark.parametrize("name", FILES)
def test_example_is_a_tutorial(name):
    text = (FOLDER / name).read_text("utf-8")
    assert len(text.splitlines()) <= 60
    title, rule, *_ = ast.get_docstring(ast.parse(text)).splitlines()
    assert rule == "=" * len(title)
    assert text.count("\n# %%\n") >= 3
