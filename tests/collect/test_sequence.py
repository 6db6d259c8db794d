"""Losses, duplicates and swaps put in by hand are counted exactly."""

import numpy as np
import pytest

from sensorhar.collect.sequence import MAX_JUMP, MEMORY, Arrival, SequenceCounter


@pytest.mark.parametrize("n_bits", [None, 8, 16, 32])
def test_nothing_happens_in_order(n_bits):
    counter = SequenceCounter(n_bits)
    start = 0 if n_bits is None else 2**n_bits - 100
    for i in range(600):
        number = start + i if n_bits is None else (start + i) % 2**n_bits
        assert counter.update(number, 5) == Arrival()
    assert (counter.n_lost, counter.n_duplicates, counter.n_reordered) == (0, 0, 0)


@pytest.mark.parametrize("n_bits", [None, 8, 16])
@pytest.mark.parametrize("seed", range(3))
def test_counts_are_those_put_in(n_bits, seed):
    rng = np.random.default_rng(seed)
    n = 5000
    sent = np.arange(n)
    is_lost = rng.random(n) < 0.02
    is_lost[[0, -1]] = False
    twice = np.flatnonzero(~is_lost & (rng.random(n) < 0.02))
    numbers = sorted([*sent[~is_lost], *twice])
    swaps = 0
    for i in range(2, n - 100, 7):
        if len({*numbers[i - 1 : i + 3]}) == 4:  # no duplicate beside it
            numbers[i], numbers[i + 1] = numbers[i + 1], numbers[i]
            swaps += 1
    counter = SequenceCounter(n_bits)
    for number in numbers:
        counter.update(int(number if n_bits is None else number % 2**n_bits), 3)
    assert counter.n_lost == 3 * int(is_lost.sum())
    assert counter.n_duplicates == len(twice)
    assert counter.n_reordered == swaps
    assert counter.n_restarts == 0


def test_one_that_comes_late_was_not_lost():
    counter = SequenceCounter()
    counter.update(10)
    assert counter.update(13, 4) == Arrival(n_lost=8)
    assert counter.update(11, 4) == Arrival(is_late=True)
    assert counter.n_lost == 4
    assert counter.update(11, 4) == Arrival(is_duplicate=True)


def test_begun_to_listen_between_swapped_ones():
    counter = SequenceCounter()
    for number in (10, 7, 8, 9, 11):
        assert not counter.update(number).is_duplicate
    assert (counter.n_lost, counter.n_reordered) == (0, 3)
    assert counter.update(8).is_duplicate


def test_a_jump_to_another_range_is_a_new_start():
    counter = SequenceCounter()
    for number in (0, 1, 2 + MAX_JUMP + 1):
        assert counter.update(number).n_lost == 0
    assert counter.n_restarts == 1
    assert counter.update(0) == Arrival()
    assert counter.n_restarts == 2


def test_reset_keeps_the_totals():
    counter = SequenceCounter()
    for number in (5, 7):
        counter.update(number)
    counter.reset()
    assert counter.update(5) == Arrival()
    assert counter.n_lost == 1


def test_memory_is_bounded():
    counter = SequenceCounter()
    for number in range(0, 60 * MEMORY, 10):
        counter.update(number)
    assert len(counter._missing) <= 2 * MEMORY
    assert counter.n_lost == 9 * (len(range(0, 60 * MEMORY, 10)) - 1)


def test_bad_width_is_refused():
    with pytest.raises(ValueError, match="n_bits must be a number of bits above 0"):
        SequenceCounter(0)
