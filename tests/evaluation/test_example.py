"""The example of a label is its window of median liveliness."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.evaluation.example import Example, pick_examples


def spec_of(*kinds):
    channels = []
    for prefix, kind, unit, has_gravity in kinds:
        channels += [
            sh.Channel(f"{prefix}_{a}", unit, kind, "", has_gravity) for a in "xyz"
        ]
    return sh.WindowSpec(tuple(channels), 10.0, 20)


GYR = ("gyr", "gyroscope", "rad/s", None)
ACC = ("acc", "accelerometer", "m/s^2", True)
LIN = ("body", "accelerometer", "m/s^2", False)


def test_the_median_is_picked():
    strength = np.array([1.0, 5.0, 3.0, 2.0, 4.0])
    wave = np.sin(np.arange(20))
    values = strength[:, None, None] * wave[:, None] * np.ones(3)
    windows = sh.Windows.from_array(values, spec=spec_of(ACC), y=["a"] * 5)
    (example,) = pick_examples(windows)
    np.testing.assert_allclose(example.values[:, 0], 3 * wave, rtol=1e-6)


@pytest.mark.parametrize(
    ("kinds", "wanted"),
    [([GYR, LIN, ACC], "acc_x"), ([GYR, LIN], "body_x"), ([GYR], "gyr_x")],
)
def test_the_accelerometer_with_gravity_is_shown_first(kinds, wanted):
    spec = spec_of(*kinds)
    values = np.arange(len(spec.channels)) * np.ones((2, 20, 1))
    windows = sh.Windows.from_array(values, spec=spec, y=["a", "b"])
    first, second = pick_examples(windows)
    assert (first.label, second.label) == ("a", "b")
    assert first.channels[0] == wanted
    assert len(first.channels) == 3
    assert first.values[0, 0] == spec.channel_names.index(wanted)


def test_it_comes_back_from_its_dict():
    rng = np.random.default_rng(0)
    example = Example("a", rng.normal(0, 9, (20, 2)), ("p", "q"), ("m", "m"), 10.0)
    back = Example.from_dict(example.to_dict())
    np.testing.assert_allclose(back.values, example.values, rtol=1e-4)
    assert back.to_dict() == example.to_dict()
