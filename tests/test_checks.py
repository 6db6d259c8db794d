"""Shared messages say what was expected, what came and what to do."""

import numpy as np
import pytest

from sensorhar._checks import check_choice, check_finite, check_positive
from sensorhar._soft import require
from sensorhar._words import listing
from sensorhar.errors import MissingPackageError


def test_listing_is_sorted_quoted_and_at_most_five():
    assert listing("ba") == "'a', 'b'"
    assert listing("abcdefg") == "'a', 'b', 'c', 'd', 'e' and 2 more"


def test_choice():
    check_choice("a", "kind", ["a", "b"])
    with pytest.raises(ValueError, match="kind must be one of 'a', 'b'; got 'c'"):
        check_choice("c", "kind", ["b", "a"])


@pytest.mark.parametrize("value", [0, -1, float("nan"), float("inf"), "2", None])
def test_positive_refuses(value):
    with pytest.raises(ValueError, match="rate_hz must be a number of Hz above 0"):
        check_positive(value, "rate_hz", "Hz")


def test_finite_counts_and_places():
    values = np.zeros((3, 2))
    check_finite(values, "x", "")
    check_finite(np.array([3e38, 3e38, -3e38], dtype=np.float32), "x", "")
    values[1, 1], values[2, 0] = np.nan, np.inf
    with pytest.raises(ValueError, match=r"1 NaN and 1 infinite of 6 .*\(1, 1\). Do x"):
        check_finite(values, "x", "Do x.")


def test_a_missing_package_is_named_with_the_line_that_installs_it():
    assert require("json", extra="video", purpose="decoding video").loads("1") == 1
    with pytest.raises(
        MissingPackageError,
        match=r"decoding video needs no_such_package. .* \"sensorhar\[video\]\"",
    ):
        require("no_such_package", extra="video", purpose="decoding video")
