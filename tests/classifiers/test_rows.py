"""Clips are fetched batch by batch, and give what they give as one array."""

import numpy as np
import pytest

from sensorhar.classifiers import _rows
from sensorhar.classifiers._batches import batches
from sensorhar.classifiers._rows import Rows, in_parts, moments, n_at_once, take
from sensorhar.video import Clips


@pytest.fixture
def clips():
    values = np.random.default_rng(0).integers(0, 256, (7, 3, 4, 5, 2), dtype=np.uint8)
    return Clips.from_array(values, channels=["a", "b"])


def test_rows_are_those_of_the_array(clips):
    rows, array = Rows(clips), np.asarray(clips)
    assert rows.shape == array.shape
    assert len(rows) == 7
    np.testing.assert_array_equal(rows[2:5], array[2:5])
    np.testing.assert_array_equal(rows[np.array([6, 0])], array[[6, 0]])


def test_taking_rows_fetches_nothing(clips):
    rows = Rows(clips)
    assert take(rows, slice(None)) is rows
    some = take(rows, np.array([4, 1]))
    assert isinstance(some, Rows)
    np.testing.assert_array_equal(some[:], np.asarray(clips)[[4, 1]])
    array = np.arange(5)
    np.testing.assert_array_equal(take(array, array > 2), [3, 4])


def test_moments_in_parts_are_those_of_the_whole(clips, monkeypatch):
    monkeypatch.setattr(_rows, "BUDGET", 3 * 120)  # three clips at a time, then one
    rows, array = Rows(clips), np.asarray(clips, dtype=np.float64)
    assert [len(part) for part in in_parts(rows)] == [3, 3, 1]
    mean, variance = moments(rows)
    np.testing.assert_allclose(mean, array.mean(axis=(0, 1, 2, 3)), rtol=1e-6)
    np.testing.assert_allclose(variance, array.var(axis=(0, 1, 2, 3)), rtol=1e-5)
    for got, wanted in zip(moments(np.asarray(clips)), (mean, variance), strict=True):
        np.testing.assert_allclose(got, wanted, rtol=1e-5)


def test_how_many_at_once():
    assert n_at_once((128, 9)) == 1024  # windows: as many as gain speed
    assert n_at_once((16, 112, 112, 3)) == 6
    assert n_at_once((64, 1080, 1920, 3)) == 1  # one always


def test_what_is_not_finite_is_refused():
    values = np.zeros((2, 3, 4, 5, 1), dtype=np.float32)
    rows = Rows(Clips.from_array(values))
    values[1, 0, 0, 0] = np.nan  # after the check that from_array makes
    with pytest.raises(ValueError, match="no NaN or infinite numbers; got some in Cli"):
        rows[:]


def test_batches_without_a_generator_come_in_order(clips):
    drawn = batches(Rows(clips), np.arange(7), None, 3)
    assert len(drawn) == 3
    codes = [drawn[i][1].tolist() for i in range(3)]
    assert codes == [[0, 1, 2], [3, 4, 5], [6]]
    np.testing.assert_array_equal(drawn[2][0], np.asarray(clips)[6:])


def test_batches_are_shuffled_and_augmented(clips):
    rng = np.random.default_rng(0)
    drawn = batches(
        Rows(clips), np.arange(7), np.ones(7), 4, augment=lambda x, _: -x, rng=rng
    )
    numbers, codes, weight = drawn[0]
    assert sorted([*codes, *drawn[1][1]]) == list(range(7))
    assert codes.tolist() != [0, 1, 2, 3]
    np.testing.assert_array_equal(numbers, -np.asarray(clips)[codes])
    assert weight.shape == (4,)
