"""Axes of one sensor are found by their names."""

import pytest

from sensorhar.signal.axes import find_triples


def test_triples_of_several_sensors():
    names = ["wrist_gyr_x", "acc_z", "acc_y", "acc_x", "wrist_gyr_y", "wrist_gyr_z"]
    assert find_triples(names) == [(0, 4, 5), (3, 2, 1)]


def test_incomplete_sensors_are_left_out():
    assert find_triples(["acc_x", "acc_y", "hr_bpm", "quat_x", "quat_w"]) == []
    assert find_triples([]) == []


def test_names_must_differ():
    with pytest.raises(
        ValueError, match=r"must differ, got \['acc_x'\] more than once"
    ):
        find_triples(["acc_x", "acc_y", "acc_z", "acc_x"])
