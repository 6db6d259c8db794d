"""Tables of apps: exact stamps, dates, places, rows cut short, wrong numbers."""

import numpy as np
import pandas as pd
import pytest

from sensorhar.errors import DataError, SensorharWarning
from sensorhar.io._app_table import AppTable, after, holds_gravity, words


def table(text):
    return AppTable.of_bytes(text.encode(), "a.csv")


def test_words():
    assert words("motionUserAccelerationX(G)") == words("motion.user_acceleration.x")
    assert words("Time since start [s]") == "timesincestart"


def test_empty():
    for text in ("", "\ufeff", " \n\r\n"):
        assert table(text) is None
    assert len(table("a,b\n")) == 0


def test_columns_are_found_by_name():
    found = table("c Z,C x,c y\n1,2,3\n")
    assert found.axes("C {axis}") == ["C x", "c y", "c Z"]
    assert found.axes("D {axis}") is None
    np.testing.assert_array_equal(found.values(found.axes("c {axis}")), [[2, 3, 1]])


@pytest.mark.parametrize("form", ["{}", '"{}"'])
def test_stamps_are_exact(form):
    stamp = 1_764_585_664_239_000_123
    text = f"t\n{form.format(stamp)}\n{form.format(stamp + 1)}\n"
    np.testing.assert_array_equal(table(text).unix_ns("t", 10**9), [stamp, stamp + 1])
    frame = pd.DataFrame({"t": [str(stamp), str(stamp + 1)]})
    ns = AppTable("a.json", frame).unix_ns("t", 10**9)
    np.testing.assert_array_equal(ns, [stamp, stamp + 1])


def test_stamps_of_other_units():
    assert table("t\n1764585664.25\n").unix_ns("t", 1) == [1_764_585_664_250_000_000]
    assert table("t\n1764585664239\n").unix_ns("t", 1000)[0] % 10**9 == 239_000_000
    np.testing.assert_array_equal(after(10, np.array([0.0, 1.5])), [10, 1_500_000_010])


@pytest.mark.parametrize("value", ["12", "", "9" * 30, "9" * 400, "x", "inf", "-1"])
def test_stamps_that_are_none(value):
    with pytest.raises(DataError, match="column 't' of a.csv must hold .* in row 2"):
        table(f"t,a\n1764585664239,0\n{value},0\n").unix_ns("t", 1000)


@pytest.mark.parametrize("value", ["", "1e30", "inf"])
def test_seconds_that_are_none(value):
    with pytest.raises(DataError, match="'t' of a.csv must hold a time in each row"):
        table(f"t,a\n1,0\n{value},0\n").seconds("t")


def test_missing_words_are_no_numbers():
    values = table("a\n1\nnull\nNone\n-\n").numbers("a")
    np.testing.assert_array_equal(values, [1, np.nan, np.nan, np.nan])


@pytest.mark.parametrize("value", ["1.2.3", "ä"])
def test_wrong_numbers(value):
    found = table(f"a\n1\n{value}\n")
    with pytest.raises(
        DataError, match="'a' of a.csv must hold numbers; got '.* row 2"
    ):
        found.numbers("a")


def test_hundreds_of_digits():
    frame = pd.DataFrame({"a": ["1", 10**400]}, dtype=object)
    with pytest.raises(DataError, match="'a' of a.csv must hold numbers; got '1000"):
        AppTable("a.csv", frame).numbers("a")
    with pytest.raises(DataError, match="'a' of a.csv must hold numbers; got '9999"):
        table("a\n1\n" + "9" * 400).numbers("a")


def test_fixes():
    text = "lat,lon,v\n48,16,-1\n0,0,5\n95,16,5\n48,,5\n-48,-16,36\n"
    columns = {"lat_deg": "lat", "lon_deg": "lon", "speed_mps": "v", "alt_m": None}
    fixes = table(text).fixes(columns, speed_unit="km/h")
    is_there = ~np.isnan(fixes[:, 0])
    np.testing.assert_array_equal(is_there, [True, False, False, False, True])
    np.testing.assert_allclose(fixes[:, 3], [np.nan] * 4 + [10])


def test_row_cut_short():
    with pytest.warns(SensorharWarning, match="a.csv must end with a whole row"):
        assert len(table("a,b,c\n1,2,3\n4,5")) == 1
    assert len(table("a,b,c\n1,2,3\n4,5,6")) == 2


def test_dates():
    ns = table("t\n2026-09-01T12:00:00+02:00\n").dates_ns("t", ["%Y", "ISO8601"])
    assert ns[0] == 1_788_256_800 * 10**9
    with pytest.raises(
        DataError, match=r"dates like 2026-09-01T12:00:00.000Z; got 'a'"
    ):
        table("t,a\na,1\n").dates_ns("t", ["ISO8601"])
    with pytest.raises(DataError, match="dates like 01-Sep-2026; got '1500-01-01'"):
        table("t,a\n1500-01-01,1\n").dates_ns("t", ["%d-%b-%Y", "ISO8601"])


def test_holds_gravity():
    seconds = np.arange(100) / 50
    assert holds_gravity(np.tile([0, 0, 9.8], (100, 1)), seconds) is True
    assert holds_gravity(np.tile([0, 0, 0.1], (100, 1)), seconds) is False
    assert holds_gravity(np.full((100, 3), np.nan), seconds) is None
    assert holds_gravity(np.full((100, 3), np.inf), seconds) is None


def test_binary():
    with pytest.raises(DataError, match="a.csv must be a text table; it holds binary"):
        table("a,b\n1,\0\n")
