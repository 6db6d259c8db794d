"""Rows in which the last reading of a sensor is written again."""

import numpy as np

from sensorhar.io._held import fixes_once, only_new, since_begin


def test_before_the_first_reading():
    values = np.array([[0.0, 0], [0, 0], [0, 1], [0, 0]])
    np.testing.assert_array_equal(
        since_begin(values), [[np.nan] * 2, [np.nan] * 2, [0, 1], [0, 0]]
    )


def test_a_row_for_each_report():
    one = np.array([[0.0], [1], [1], [2], [2], [3], [3]])
    other = np.array([[5.0], [5], [6], [6], [7], [7], [8]])
    found = only_new([one, other])
    np.testing.assert_array_equal(found[0][:, 0], [0, 1, np.nan, 2, np.nan, 3, np.nan])
    np.testing.assert_array_equal(found[1][:, 0], [5, np.nan, 6, np.nan, 7, np.nan, 8])


def test_rows_of_a_timer_stay():
    steps = np.arange(6.0)[:, None]
    still = np.ones((6, 1))
    held = np.repeat(np.arange(3.0), 2)[:, None]
    for sensors in ([steps], [steps, steps], [steps, still], [held, held], []):
        for before, after in zip(sensors, only_new(sensors), strict=True):
            np.testing.assert_array_equal(before, after)


def test_places():
    fixes = np.array([[1.0], [1], [2], [2]])
    fast = np.arange(4) * 0.1
    kept = [[1], [np.nan], [2], [np.nan]]
    np.testing.assert_array_equal(fixes_once(fixes, fast), kept)
    nanos = np.round(fast * 1e9).astype(np.int64)
    np.testing.assert_array_equal(fixes_once(fixes, nanos), kept)
    np.testing.assert_array_equal(fixes_once(fixes, np.arange(4.0)), fixes)
    assert len(fixes_once(fixes[:1], fast[:1])) == 1
