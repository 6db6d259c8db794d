"""Axes are swapped and flipped exactly, and mirrors are refused."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.preprocess import RemapAxes, build, describe


@pytest.fixture(scope="module")
def recording():
    return sh.simulate_recordings(1, minutes_per_activity=0.1)[0]


def test_quarter_turn(recording):
    turned = RemapAxes(("y", "-x", "z"))(recording)
    for kind in ("acc", "gyr", "mag"):
        old = [recording.channel(f"{kind}_{axis}")[1] for axis in "xyz"]
        new = [turned.channel(f"{kind}_{axis}")[1] for axis in "xyz"]
        for got, wanted in zip(new, [old[1], -old[0], old[2]], strict=True):
            np.testing.assert_array_equal(got, wanted)
    assert turned.events is recording.events


def test_four_quarter_turns_are_none(recording):
    turned = recording
    for _ in range(4):
        turned = RemapAxes(("y", "-x", "z"))(turned)
    for one, other in zip(turned.streams, recording.streams, strict=True):
        np.testing.assert_array_equal(one.values, other.values)


def test_only_some(recording):
    step = RemapAxes(("-x", "-y", "-z"), kinds=("accelerometer",))
    turned = step(recording)
    assert (turned.channel("acc_x")[1] == -recording.channel("acc_x")[1]).all()
    assert turned.stream_of("gyr_x") is recording.stream_of("gyr_x")
    assert build(describe(step)) == step
    assert step.is_causal


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"axes": ("x", "x", "z")}, "axes must name x, y and z once each"),
        ({"axes": ("x", "y", "+z")}, r"such as \('y', '-x', 'z'\); got"),
        ({"axes": ("x", "y")}, "axes must name x, y and z once each"),
        ({"axes": ("-x", "-y", "-z")}, "mirror the gyroscope of recording"),
        ({"axes": ("y", "z", "x"), "place": "moon"}, "of kinds None at place 'moon'"),
    ],
)
def test_refusals(recording, options, message):
    with pytest.raises(ValueError, match=message):
        RemapAxes(**options)(recording)
