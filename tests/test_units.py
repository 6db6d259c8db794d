"""Units convert by the factors of the SI, in every spelling."""

import math

import numpy as np
import pytest

from sensorhar.units import factor, si_unit_of, to_si


@pytest.mark.parametrize(
    ("unit", "si", "number"),
    [
        ("g", "m/s^2", 9.80665),
        ("mg", "m/s^2", 9.80665e-3),
        ("m/s²", "m/s^2", 1),
        ("deg/s", "rad/s", math.pi / 180),
        ("mdps", "rad/s", math.pi / 180e3),
        ("gauss", "uT", 100),
        ("µT", "uT", 1),
        ("hPa", "Pa", 100),
        ("km/h", "m/s", 1 / 3.6),
        ("knot", "m/s", 1852 / 3600),
    ],
)
def test_known_factors(unit, si, number):
    assert factor(unit, si) == pytest.approx(number, rel=1e-12)
    assert si_unit_of(unit) == si


def test_si_is_not_copied_and_precision_kept():
    values = np.ones(3, dtype=np.float32)
    assert to_si(values, "m/s^2")[0] is values
    assert to_si(values, "g")[0].dtype == np.float32
    assert to_si([1, 2], "g")[0].dtype == np.float64


def test_refuses_other_quantities_and_unknown_units():
    with pytest.raises(ValueError, match="'g' cannot be converted to 'rad/s'"):
        factor("g", "rad/s")
    with pytest.raises(ValueError, match="unit must be one of .* got 'stone'"):
        to_si([1], "stone")
