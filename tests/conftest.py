"""What many tests stand on: small recordings, windows and the real data, if here."""

import os
from pathlib import Path

import numpy as np
import pytest

import sensorhar as sh

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")


def make_stream(kind="accelerometer", n_samples=500, rate_hz=50.0, **fields):
    """Noise of one sensor; an accelerometer with gravity along z."""
    rng = np.random.default_rng(n_samples)
    values = rng.normal(0, 0.5, (n_samples, 3))
    if kind == "accelerometer":
        values[:, 2] += 9.80665
        fields.setdefault("has_gravity", True)
    time_s = np.arange(n_samples) / rate_hz
    return sh.Stream.of_sensor(kind, values.astype(np.float32), time_s, **fields)


def make_recording(events=(), n_samples=500, rate_hz=50.0, **fields):
    """Accelerometer and gyroscope on one clock; events as (start, stop, label)."""
    streams = [
        make_stream("accelerometer", n_samples, rate_hz),
        make_stream("gyroscope", n_samples, rate_hz),
    ]
    if events is not None:
        start, stop, labels = zip(*events, strict=True) if events else ((), (), ())
        fields["events"] = sh.Events(start, stop, labels)
    return sh.Recording(streams, **fields)


SPEC = sh.WindowSpec(
    tuple(
        sh.Channel(f"acc_{axis}", "m/s^2", "accelerometer", "waist", True)
        for axis in "xyz"
    ),
    rate_hz=50.0,
    n_timepoints=32,
    step_s=0.32,
)


def make_separable(n_windows=60, n_subjects=6, labels=("rest", "shake", "swing")):
    """Windows of three activities that differ in frequency and strength."""
    rng = np.random.default_rng(0)
    time_s = np.arange(SPEC.n_timepoints) / SPEC.rate_hz
    y = np.array([labels[i % len(labels)] for i in range(n_windows)], dtype=object)
    rate = {"rest": 0.0, "shake": 8.0, "swing": 2.0}
    values = rng.normal(0, 0.1, (n_windows, SPEC.n_timepoints, 3))
    values[:, :, 2] += 9.80665
    for i, label in enumerate(y):
        phase = rng.uniform(0, 2 * np.pi)
        wave = np.sin(2 * np.pi * rate[label] * time_s + phase)
        values[i, :, 0] += 3 * wave * (label != "rest")
    groups = [f"s{(i // 3) % n_subjects}" for i in range(n_windows)]
    return sh.Windows.from_array(
        values.astype(np.float32), spec=SPEC, y=y, groups=groups
    )


@pytest.fixture
def recording():
    return make_recording([(0, 4, "sitting"), (4, 10, "walking")], subject="anna")


@pytest.fixture(scope="session")
def separable():
    return make_separable()


@pytest.fixture(scope="session")
def real_data():
    """Folder of the real data sets, or a skip that says how to get them."""
    beside = Path(__file__).parents[2] / "shared" / "data"
    folder = Path(os.environ.get("SENSORHAR_DATA", beside))
    if not (folder / "UCI_HAR").is_dir():
        pytest.skip(
            "the real data sets are not on this machine: set SENSORHAR_DATA to a "
            "folder that holds UCI_HAR and HAPT"
        )
    return folder
