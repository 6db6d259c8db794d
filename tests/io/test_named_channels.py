"""Columns with names and units as sensors."""

import numpy as np
import pytest

from sensorhar.errors import DataError, UnitWarning
from sensorhar.io._builder import RecordingBuilder
from sensorhar.io._named_channels import (
    add_named,
    build_with,
    derived_stream,
    sensor_channels,
)

TIMES = np.arange(300) / 100


def build(names, units, row, **options):
    values = np.tile(np.array(row, dtype=float), (300, 1))
    builder = RecordingBuilder("a.xdf")
    rest = add_named(builder, names, units, values, TIMES, **options)
    return builder, rest, values


@pytest.mark.parametrize("unit", ["g", "G"])
def test_gravity_is_not_gauss(unit):
    builder, rest, _ = build(["AccX", "AccY", "AccZ"], [unit] * 3, [0, 0, 1])
    assert rest == []
    recording = builder.build(name="a")
    assert recording.streams[0].values[0, 2] == pytest.approx(9.80665)


def test_a_hint_names_bare_axes_in_any_order():
    builder, _, _ = build(
        ["Z", "X", "Y"], ["m/s^2"] * 3, [9.8, 1, 2], hint="Accelerometer"
    )
    np.testing.assert_array_equal(
        builder.build(name="a").streams[0].values[0], [1, 2, 9.8]
    )
    assert sensor_channels(["x", "y"], ["", ""], "Gyro") == {"gyr_x", "gyr_y"}


@pytest.mark.parametrize(
    ("unit", "name"), [("m/s2", "acc_x"), ("dps", "gyr_x"), ("µT", "mag_x")]
)
def test_units_tell_what_bare_axes_are(unit, name):
    builder, rest, _ = build(["x", "y", "z"], [unit] * 3, [0, 0, 9.8])
    assert rest == []
    assert builder.build(name="a").channel_names[0] == name


def test_single_letters_beside_ax_ay_az():
    names = [f"{letter}{axis}" for letter in "ag" for axis in "xyz"]
    builder, rest, _ = build([*names, "k"], ["N/A"] * 7, [0, 0, 9.8, 1, 1, 1, 0])
    assert rest == [6]
    assert builder.build(name="a").channel_names[::3] == ("acc_x", "gyr_x")


def test_an_unknown_unit_leaves_it_to_the_size():
    builder, _, _ = build(["AccX", "AccY", "AccZ"], ["counts"] * 3, [0, 0, 1])
    with pytest.warns(UnitWarning, match="is that of g"):
        builder.build(name="a")


def test_others_become_derived():
    _, rest, values = build(
        ["Fz", "acc_x", "acc_x"], ["N", "m/s^2", "m/s^2"], [5, 0, 1]
    )
    assert rest == [0, 2]
    stream = derived_stream(
        ["Fz", "Fz", "way"], ["N", "", "km"], values, TIMES, "a.xdf"
    )
    assert stream.channel_names == ("fz", "fz_2", "way")
    assert [channel.unit for channel in stream.channels] == ["1", "1", "m"]
    assert stream.values[0, 2] == 1000
    recording = build_with(
        RecordingBuilder("a"), [stream], name="a", subject=None, metadata={}
    )
    assert recording.streams == (stream,)


def test_messages():
    with pytest.raises(DataError, match=r"a\.xdf: .*must not be infinite"):
        derived_stream(["a"], [""], np.full((300, 1), np.inf), TIMES, "a.xdf")
    builder, _, values = build(["acc_x", "acc_y", "acc_z"], ["g"] * 3, [0, 0, 1])
    twice = derived_stream(["acc_x"], ["g"], values[:, :1], TIMES, "a.xdf")
    with pytest.raises(DataError, match=r"a\.xdf: channel names must differ"):
        build_with(builder, [twice], name="a", subject=None, metadata={})
