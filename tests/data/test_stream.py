"""A Stream refuses what cannot be and keeps what it is given."""

import copy
import pickle

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.units import STANDARD_GRAVITY

TIME_S = np.arange(4) / 50


def of(values, time_s=TIME_S, **fields):
    fields.setdefault("has_gravity", True)
    return sh.Stream.of_sensor("accelerometer", values, time_s, **fields)


def test_converts_to_si_once():
    stream = of([[0, 0, 1]] * 4, unit="g", place="wrist", prefix_place=True)
    assert stream.values[0, 2] == pytest.approx(STANDARD_GRAVITY)
    assert stream.channel_names == ("wrist_acc_x", "wrist_acc_y", "wrist_acc_z")
    assert stream.channels[0].unit == "m/s^2"


def test_si_values_are_not_copied_and_read_only():
    values = np.zeros((4, 3), dtype=np.float32)
    stream = of(values)
    assert np.shares_memory(stream.values, values)
    assert not stream.values.flags.writeable
    assert values.flags.writeable


@pytest.mark.parametrize(
    ("values", "time_s", "match"),
    [
        (np.zeros((0, 3)), [], "must hold at least one sample; got none"),
        (np.zeros((4, 2)), TIME_S, r"values must have shape \(n_samples, 3\)"),
        (np.zeros((4, 3)), TIME_S[:3], r"must have shape \(4,\), one time for each"),
        (np.full((4, 3), np.inf), TIME_S, "must not be infinite; got inf in channel"),
        (np.zeros((4, 3)), [0, 1, 1, 2], "0 steps backwards and 1 repeats"),
        (np.zeros((4, 3)), [0, 2, 1, 3], "1 steps backwards and 0 repeats"),
        (np.zeros((4, 3)), [0, 1, np.nan, 3], "must be finite; got 1 that are not"),
    ],
)
def test_refuses(values, time_s, match):
    with pytest.raises(ValueError, match=match):
        of(values, time_s)


def test_an_accelerometer_must_say_whether_gravity_is_included():
    with pytest.raises(ValueError, match="must say whether gravity is included"):
        of(np.zeros((4, 3)), has_gravity=None)


def test_unknown_unit_kind_and_quantity():
    with pytest.raises(ValueError, match="unit must be one of .* got 'furlong'"):
        of(np.zeros((4, 3)), unit="furlong")
    with pytest.raises(ValueError, match="unit of a accelerometer must convert"):
        of(np.zeros((4, 3)), unit="deg/s")
    with pytest.raises(ValueError, match="kind must be one of .* got 'nose'"):
        sh.Stream.of_sensor("nose", np.zeros((4, 3)), TIME_S)
    with pytest.raises(ValueError, match="must have an SI unit; got 'g'"):
        sh.Channel("acc_x", "g", "accelerometer", has_gravity=True)


def test_nan_is_a_missing_value():
    values = np.zeros((4, 3))
    assert not of(values).has_missing
    values[1, 1] = np.nan
    assert of(values).has_missing


def test_rate_is_measured_and_regularity_known():
    assert of(np.zeros((4, 3))).rate_hz == pytest.approx(50)
    assert of(np.zeros((4, 3))).is_regular
    irregular = of(np.zeros((4, 3)), [0, 0.02, 0.04, 0.2])
    assert not irregular.is_regular
    assert irregular.rate_hz == pytest.approx(50)


def test_crop_is_a_view_and_half_open():
    stream = of(np.arange(12.0).reshape(4, 3))
    part = stream.crop(0.02, 0.06)
    assert part.time_s.tolist() == [0.02, 0.04]
    assert np.shares_memory(part.values, stream.values)
    with pytest.raises(ValueError, match="must keep samples"):
        stream.crop(5, 6)


def test_is_frozen_and_travels():
    stream = of(np.arange(12.0).reshape(4, 3), place="waist")
    with pytest.raises(AttributeError, match="frozen"):
        stream.values = 0
    for other in (pickle.loads(pickle.dumps(stream)), copy.deepcopy(stream)):
        assert np.array_equal(other.values, stream.values)
        assert other.channels == stream.channels
    assert repr(stream) == (
        "<Stream accelerometer at waist | 4 x 3 | 50 Hz | acc_x acc_y acc_z [m/s^2]>"
    )
