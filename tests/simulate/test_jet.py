"""Derivatives that travel with their quantity, against differences."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.simulate.jet import Jet, bilinear, bump, oscillation, smooth_step

TIME_S = np.arange(0.0, 2.0, 1e-3)


def check_derivatives(jet: Jet, tolerance: float) -> None:
    """Compare with differences of fourth order, the ends left out."""
    for whole, slope in ((jet.value, jet.first), (jet.first, jet.second)):
        by_difference = (
            whole[:-4] - 8 * whole[1:-3] + 8 * whole[3:-1] - whole[4:]
        ) / 12e-3
        np.testing.assert_allclose(slope[2:-2], by_difference, atol=tolerance)


def test_time_has_slope_one():
    time = Jet.time(TIME_S)
    assert np.all(time.first == 1)
    assert np.all(time.second == 0)


@settings(max_examples=10, deadline=None)
@given(st.floats(0.1, 5.0), st.floats(-2.0, 2.0))
def test_sums_products_and_sines_keep_their_derivatives(rate, offset):
    time = Jet.time(TIME_S)
    quantity = (time * rate + offset).sin() * (time * time - offset) - time.cos()
    check_derivatives(quantity, 1e-7)
    expected = np.sin(rate * TIME_S + offset) * (TIME_S**2 - offset) - np.cos(TIME_S)
    np.testing.assert_allclose(quantity.value, expected, atol=1e-12)


@pytest.mark.parametrize("shape", [smooth_step, bump])
def test_shapes_are_smooth_through_both_ends(shape):
    progress = (Jet.time(TIME_S) - 0.5) * (1 / 0.8)
    jet = shape(progress)
    assert np.abs(np.diff(jet.first, axis=0)).max() < 0.05  # of up to 2.7
    assert np.abs(np.diff(jet.second, axis=0)).max() < 0.8  # of up to 40: no jump
    inside = (TIME_S > 0.51) & (TIME_S < 1.29)
    check_derivatives(jet.map(lambda array: array[inside]), 1e-5)
    outside = (TIME_S < 0.5) | (TIME_S > 1.3)
    assert np.all(jet.first[outside] == 0)
    assert np.all(jet.second[outside] == 0)


def test_smooth_step_and_bump_reach_one():
    halfway = Jet.time(np.array([0.0, 0.5, 1.0]))
    np.testing.assert_allclose(smooth_step(halfway).value, [0, 0.5, 1])
    np.testing.assert_allclose(bump(halfway).value, [0, 1, 0])


def test_oscillation_is_the_sum_of_its_cosines():
    time = Jet.time(TIME_S)
    phase = time * 3.0 + time.sin()
    coefficients = np.array([[1.0, 2j], [0.5 - 0.5j, 0.0]])
    jet = oscillation(phase, np.array([1, 4]), coefficients)
    angle = 3 * TIME_S + np.sin(TIME_S)
    expected = np.cos(angle) + 0.5 * np.cos(4 * angle) + 0.5 * np.sin(4 * angle)
    np.testing.assert_allclose(jet.value[:, 0], expected, atol=1e-12)
    np.testing.assert_allclose(jet.value[:, 1], -2 * np.sin(angle), atol=1e-12)
    check_derivatives(jet.column(0), 1e-4)


def test_product_with_a_fixed_factor_is_linear():
    jet = Jet.time(TIME_S).sin()
    fixed = bilinear(np.multiply, jet, np.array(3.0))
    np.testing.assert_array_equal(fixed.second, 3 * jet.second)
    assert Jet.zeros((2, 3)).first.shape == (2, 3)
