"""Readings become SI in single precision, and what is none is told."""

import numpy as np
import pytest

from sensorhar.datasets._readings import as_readings, is_number
from sensorhar.errors import DataError


def test_readings():
    readings = as_readings(np.array([[1.0, 0], [0, -2]]), "g", "a.txt")
    assert readings.dtype == np.float32
    np.testing.assert_allclose(readings, [[9.80665, 0], [0, -19.6133]], rtol=1e-7)


@pytest.mark.parametrize(("number", "said"), [(1e300, "1e.300"), (np.nan, "nan")])
def test_no_readings(number, said):
    message = f"a.txt must hold a number that a sensor can give.*; got {said} in row 2"
    with pytest.raises(DataError, match=message):
        as_readings(np.array([[0.0], [number]]), "g", "a.txt")


def test_numbers():
    values = np.array([[0.0, -1e18, 1.8e18], [np.nan, np.inf, -1e60]])
    np.testing.assert_array_equal(is_number(values), [[True] * 3, [False] * 3])
