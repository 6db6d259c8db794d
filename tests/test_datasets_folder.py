"""The data one can hold is what its command makes, and its table is the cards'."""

import importlib.util
from pathlib import Path

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.datasets import cards_table

FOLDER = Path(__file__).parents[1] / "datasets"
CHANNELS = {
    f"{letter}{axis}": f"{sensor}_{axis}"
    for letter, sensor in (("a", "acc"), ("g", "gyr"))
    for axis in "xyz"
}


def read(folder, name):
    recording = sh.read_csv(
        folder / f"{name}-01.csv",
        time="t_ms",
        time_unit="ms",
        channels=CHANNELS,
        units={"acc": "g"},
        subject=name,
    )
    return recording.with_events(sh.read_events(folder / f"{name}-01_labels.csv"))


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Make the samples again by their command."""
    spec = importlib.util.spec_from_file_location("make", FOLDER / "make_samples.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    folder = tmp_path_factory.mktemp("samples")
    module.main(folder)
    return folder


@pytest.mark.parametrize("name", ["anna", "ben"])
def test_samples_are_what_the_command_makes(name, made):
    kept, again = read(FOLDER / "samples", name), read(made, name)
    assert kept.events == again.events
    for one, other in zip(kept.streams, again.streams, strict=True):
        assert np.allclose(one.values, other.values, atol=2e-3)  # the last digit
        assert np.allclose(one.time_s, other.time_s, atol=1e-5)


def test_samples_are_small_and_in_si_once_read():
    for path in (FOLDER / "samples").iterdir():
        assert path.stat().st_size < 1e6
    anna = read(FOLDER / "samples", "anna")
    resting = anna.streams[0].crop(0, 9).values
    assert np.linalg.norm(resting, axis=1).mean() == pytest.approx(9.81, abs=0.3)


def test_the_table_is_the_cards():
    text = (FOLDER / "README.md").read_text("utf-8")
    table = text.split("<!-- cards -->")[1].split("<!-- /cards -->")[0]
    assert table.strip() == cards_table().strip()
