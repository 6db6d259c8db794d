"""Frame numbers by the published formulas, worked out by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.video.sampling import (
    dense_indices,
    segment_indices,
    spread_indices,
    strided_indices,
    uniform_indices,
    view_crops,
    view_indices,
    window_indices,
)


class Least:
    """A source of chance that always draws the smallest number."""

    def integers(self, low, high=None, size=None):
        least = 0 if high is None else np.asarray(low)
        return np.broadcast_to(least, size).copy()


@pytest.mark.parametrize(
    ("n", "options", "wanted"),
    [
        # ori = (4 - 1) * 1 + 1 = 4, max offset 12 - 4 = 8, one clip: 8 // 2 = 4
        (12, {"n_frames": 4}, [[4, 5, 6, 7]]),
        # ori = 3 * 2 + 1 = 7, max offset 13, offsets round(13 * (0, 1, 2) / 2)
        (
            20,
            {"n_frames": 4, "interval": 2, "n_clips": 3},
            [[0, 2, 4, 6], [6, 8, 10, 12], [13, 15, 17, 19]],
        ),
        # one frame a clip: the middle of each third of 10: 10/6, 30/6, 50/6
        (10, {"n_frames": 1, "n_clips": 3}, [[1], [5], [8]]),
        # too short: starts at 0 and loops, or stays on the last
        (3, {"n_frames": 5}, [[0, 1, 2, 0, 1]]),
        (3, {"n_frames": 5, "beyond": "repeat"}, [[0, 1, 2, 2, 2]]),
    ],
)
def test_dense_for_testing(n, options, wanted):
    assert dense_indices(n, **options).tolist() == wanted


def test_dense_for_training_draws_within_its_part():
    # a = (30 - 8 + 1) // 3 = 7: parts start at 0, 7, 14
    least = dense_indices(30, n_frames=8, n_clips=3, rng=Least())
    assert least[:, 0].tolist() == [0, 7, 14]
    rng = np.random.default_rng(0)
    starts = np.array(
        [dense_indices(30, n_frames=8, n_clips=3, rng=rng)[:, 0] for _ in range(300)]
    )
    assert starts.min(axis=0).tolist() == [0, 7, 14]
    assert starts.max(axis=0).tolist() == [6, 13, 20]
    # a = (9 - 8 + 1) // 3 = 0 and 9 > max(3, 8): sorted random starts of 0 and 1
    few = dense_indices(9, n_frames=8, n_clips=3, rng=rng)[:, 0]
    assert (np.diff(few) >= 0).all()
    assert set(few) <= {0, 1}
    # a = (8 - 8 + 1) // 3 = 0, 8 = span: round((0, 1, 2) / 3) = 0, 0, 1
    assert dense_indices(8, n_frames=8, n_clips=3, rng=rng)[:, 0].tolist() == [0, 0, 1]
    # a < 0: all start at 0
    assert dense_indices(4, n_frames=8, n_clips=2, rng=rng)[:, 0].tolist() == [0, 0]


def test_segments_take_the_middle_of_each():
    assert segment_indices(12, n_frames=4).tolist() == [[1, 4, 7, 10]]
    # 10 / 3: 1.67, 5, 8.33
    assert segment_indices(10, n_frames=3).tolist() == [[1, 5, 8]]
    # the test of TSN: 25 frames of 250 are 5, 15, 25, ...
    assert segment_indices(250, n_frames=25).tolist() == [list(range(5, 250, 10))]
    assert segment_indices(10, n_frames=3, rng=Least()).tolist() == [[0, 3, 6]]
    assert segment_indices(2, n_frames=4, rng=Least()).tolist() == [[0, 0, 0, 0]]
    assert segment_indices(2, n_frames=4).tolist() == [[0, 0, 1, 1]]


def test_uniform_parts_and_their_clips():
    # seg = 12 / 4 = 3, starts 0 3 6 9, one clip adds int(3 / 2) = 1
    assert uniform_indices(13, n_frames=4).tolist() == [[1, 4, 7, 10]]
    # two clips add int(3 / 3 * 1) = 1 and int(3 / 3 * 2) = 2
    two = uniform_indices(13, n_frames=4, n_clips=2)
    assert two.tolist() == [[1, 4, 7, 10], [2, 5, 8, 11]]
    rng = np.random.default_rng(0)
    drawn = np.concatenate(
        [uniform_indices(13, n_frames=4, rng=rng) for _ in range(300)]
    )
    assert drawn.min(axis=0).tolist() == [0, 3, 6, 9]
    assert drawn.max(axis=0).tolist() == [3, 6, 9, 12]


def test_strides_within_windows():
    # stride 64 // 4 = 16; 100 - 64 = 36, linspace(0, 36, 10) = 0, 4, ..., 36
    starts = strided_indices(100, n_frames=4)[:, 0]
    assert starts.tolist() == list(range(0, 37, 4))
    assert strided_indices(50, n_frames=4, n_clips=1).tolist() == [[0, 16, 32, 48]]
    assert strided_indices(40, n_frames=4, n_clips=1).tolist() == [[0, 16, 32, 8]]
    rng = np.random.default_rng(0)
    drawn = strided_indices(100, n_frames=4, n_clips=500, rng=rng)
    assert (drawn[:, 0].min(), drawn[:, 0].max()) == (0, 35)


def test_views_of_slowfast():
    # span 8, delta 12: starts 12 * k / 3; linspace(0, 7, 4) = 0, 2.33, 4.67, 7
    views = view_indices(20, n_frames=4, interval=2, n_views=3)
    assert views.tolist() == [[0, 2, 4, 7], [4, 6, 8, 11], [8, 10, 12, 15]]
    # too short: delta 0, kept within the video
    assert view_indices(5, n_frames=4, interval=2, n_views=1).tolist() == [[0, 2, 4, 4]]


def test_crops_of_slowfast():
    assert view_crops(256, 341, 256).tolist() == [[0, 0], [0, 43], [0, 85]]
    assert view_crops(300, 256, 256).tolist() == [[0, 0], [22, 0], [44, 0]]
    with pytest.raises(ValueError, match="size must fit in frames of 100 x 80; got 90"):
        view_crops(100, 80, 90)


def test_windows_cut_all():
    assert window_indices(10, n_frames=4).tolist() == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert window_indices(10, n_frames=4, step=3)[:, 0].tolist() == [0, 3, 6]
    assert window_indices(10, n_frames=4, rest="back")[:, 0].tolist() == [0, 4, 6]
    assert window_indices(8, n_frames=4, rest="back")[:, 0].tolist() == [0, 4]
    # span 7 of 10: starts at 0 alone, for the next would be 8
    assert window_indices(10, n_frames=4, interval=2).tolist() == [[0, 2, 4, 6]]
    assert window_indices(3, n_frames=4).shape == (0, 4)


def test_spread_reaches_both_ends():
    assert spread_indices(9, n_frames=5).tolist() == [[0, 2, 4, 6, 8]]
    assert spread_indices(1, n_frames=3).tolist() == [[0, 0, 0]]


@settings(max_examples=40, deadline=None)
@given(
    n=st.integers(1, 300),
    c=st.integers(1, 40),
    k=st.integers(1, 8),
    s=st.integers(1, 5),
    seed=st.none() | st.integers(0, 9),
)
def test_frames_are_there_and_in_order_of_clips(n, c, k, s, seed):
    def chance():
        return None if seed is None else np.random.default_rng(seed)

    made = [
        dense_indices(n, n_frames=c, n_clips=k, interval=s, rng=chance()),
        uniform_indices(n, n_frames=c, n_clips=k, rng=chance()),
        strided_indices(n, n_frames=c, n_clips=k, rng=chance()),
        view_indices(n, n_frames=c, n_views=k, interval=s),
    ]
    for indices in made:
        assert indices.shape == (k, c)
    made += [
        segment_indices(n, n_frames=c, rng=chance()),
        spread_indices(n, n_frames=c),
    ]
    made += [window_indices(n, n_frames=c, interval=s)]
    for indices in made:
        assert indices.dtype.kind == "i"
        assert indices.shape[1] == c
        assert ((indices >= 0) & (indices < n)).all()
    again = dense_indices(n, n_frames=c, n_clips=k, interval=s, rng=chance())
    assert np.array_equal(made[0], again)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: dense_indices(0, n_frames=4), "n_available must be a number above 0"),
        (
            lambda: dense_indices(9, n_frames=2.5),
            "n_frames must be a whole number; got",
        ),
        (lambda: dense_indices(9, n_frames=2, beyond="x"), "beyond must be one of"),
        (lambda: window_indices(9, n_frames=2, rest="x"), "rest must be one of"),
        (lambda: window_indices(9, n_frames=2, step=0), "step must be a number above"),
        (
            lambda: strided_indices(9, n_frames=8, window=4),
            "window must span at least the 8 frames of a clip; got 4",
        ),
    ],
)
def test_refusals(call, message):
    with pytest.raises(ValueError, match=message):
        call()
