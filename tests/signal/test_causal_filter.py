"""A stream filtered in chunks equals the stream filtered whole."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.signal.causal_filter import CausalFilter
from sensorhar.signal.filters import band_pass, high_pass, low_pass

WHOLE = {
    "low_pass": lambda v: low_pass(v, rate_hz=50, cutoff_hz=4, causal=True),
    "high_pass": lambda v: high_pass(v, rate_hz=50, cutoff_hz=4, causal=True),
    "band_pass": lambda v: band_pass(v, rate_hz=50, low_hz=1, high_hz=4, causal=True),
}


@settings(max_examples=20, deadline=None)
@given(
    kind=st.sampled_from(sorted(WHOLE)),
    cuts=st.lists(st.integers(0, 120), max_size=8).map(sorted),
    n_channels=st.integers(0, 3),
)
def test_chunks_equal_the_whole(kind, cuts, n_channels):
    shape = (120, n_channels) if n_channels else (120,)
    values = np.random.default_rng(1).normal(9.81, 1, shape).astype(np.float32)
    cutoff_hz = (1.0, 4.0) if kind == "band_pass" else 4.0
    causal = CausalFilter(kind, rate_hz=50, cutoff_hz=cutoff_hz)
    chunks = [causal.push(chunk) for chunk in np.split(values, cuts)]
    np.testing.assert_array_equal(np.concatenate(chunks), WHOLE[kind](values))


def test_it_starts_in_the_steady_state():
    causal = CausalFilter("low_pass", rate_hz=50, cutoff_hz=0.3)
    np.testing.assert_allclose(causal.push(np.full(5, 9.81)), 9.81)


def test_reset_forgets():
    values = np.random.default_rng(0).normal(size=(20, 2))
    causal = CausalFilter("low_pass", rate_hz=50, cutoff_hz=5)
    first = causal.push(values)
    assert not np.array_equal(causal.push(values), first)
    causal.reset()
    np.testing.assert_array_equal(causal.push(values), first)
    causal.reset()
    assert causal.push(values[:, 0]).shape == (20,)


def test_chunks_must_be_alike_and_known():
    causal = CausalFilter("low_pass", rate_hz=50, cutoff_hz=5)
    causal.push(np.zeros((5, 3)))
    with pytest.raises(
        ValueError, match=r"shape \(3,\) like the first one, got \(2,\)"
    ):
        causal.push(np.zeros((5, 2)))
    with pytest.raises(ValueError, match="chunk must be finite"):
        causal.push(np.full((5, 3), np.nan))


def test_designs_that_cannot_be():
    with pytest.raises(
        ValueError, match=r"kind must be one of \['band_pass', .*'notch'"
    ):
        CausalFilter("notch", rate_hz=50, cutoff_hz=5)
    with pytest.raises(ValueError, match="must be a pair of frequencies, got 5; only"):
        CausalFilter("band_pass", rate_hz=50, cutoff_hz=5)
