"""Stretches begin and end where they should."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.signal.segments import label_runs, runs


@settings(max_examples=50, deadline=None)
@given(mask=st.lists(st.booleans(), max_size=30))
def test_runs_rebuild_the_mask(mask):
    found = runs(mask)
    rebuilt = np.zeros(len(mask), dtype=bool)
    for start, stop in found:
        assert not rebuilt[max(0, start - 1) : stop].any()  # apart from each other
        assert stop > start
        rebuilt[start:stop] = True
    assert found.shape == (len(found), 2)
    assert rebuilt.tolist() == mask


@settings(max_examples=50, deadline=None)
@given(labels=st.lists(st.sampled_from(["sit", "walk", None]), max_size=30))
def test_label_runs_rebuild_the_labels(labels):
    starts, stops, names = label_runs(np.array(labels, dtype=object))
    rebuilt = np.repeat(names, stops - starts).tolist()
    assert rebuilt == labels
    assert all(a != b for a, b in zip(names[1:], names[:-1], strict=True))
    if labels:
        assert starts[0] == 0
        assert stops[-1] == len(labels)


def test_wrong_shapes():
    with pytest.raises(
        ValueError, match=r"mask must be booleans .* got int64 of shape"
    ):
        runs(np.array([0, 1, 1]))
    with pytest.raises(ValueError, match=r"got bool of shape \(2, 2\)"):
        runs(np.zeros((2, 2), dtype=bool))
    with pytest.raises(ValueError, match=r"labels must have shape .* got \(2, 1\)"):
        label_runs([["a"], ["b"]])
