"""Time is bent, cut and shuffled as told."""

import numpy as np
import pytest

from sensorhar.signal.augment_time import crop, permute_segments, time_warp

RAMP = np.tile(np.arange(100.0)[:, None], (300, 1, 2))


def test_time_warp_bends_all_channels_alike_and_keeps_the_ends():
    warped = time_warp(RAMP, np.random.default_rng(0), sigma=0.5)
    np.testing.assert_array_equal(warped[:, :, 0], warped[:, :, 1])
    np.testing.assert_allclose(warped[:, 0], 0, atol=1e-5)
    np.testing.assert_allclose(warped[:, -1], 99, atol=1e-4)
    steps = np.diff(warped[:, :, 0], axis=1)
    assert steps.min() > 0
    assert steps.max() > 1.5  # somewhere clearly faster


def test_warped_tones_keep_their_height():
    tone = np.sin(2 * np.pi * 0.1 * RAMP)
    warped = time_warp(tone, np.random.default_rng(0))
    assert np.abs(warped).max() < 1.05
    assert warped.std() == pytest.approx(tone.std(), rel=0.03)


def test_crop_reads_a_stretch_of_the_right_length():
    cut = crop(RAMP, np.random.default_rng(0), min_share=0.6)
    first, last = cut[:, 0, 0], cut[:, -1, 0]
    share = (last - first) / 99
    assert share.min() >= 0.6 - 1e-4
    assert share.min() < 0.65
    assert share.max() > 0.95
    assert first.min() >= 0
    assert first.max() > 20
    assert last.max() <= 99 + 1e-4
    steps = np.diff(cut[:, :, 0], axis=1)
    np.testing.assert_allclose(steps, np.repeat(share[:, None], 99, axis=1), atol=1e-4)


def test_segments_are_permuted_whole():
    moved = permute_segments(RAMP, np.random.default_rng(0), n_segments=3)
    pieces = moved[:, :99, 0].reshape(300, 3, 33)
    np.testing.assert_array_equal(np.diff(pieces, axis=2), 1)
    np.testing.assert_array_equal(np.sort(moved, axis=1), RAMP)
    np.testing.assert_array_equal(moved[:, 99], 99)
    assert len(np.unique(pieces[:, :, 0], axis=0)) == 6


def test_one_timepoint_is_left_alone():
    one = np.ones((3, 1, 2))
    for change in (time_warp, crop):
        np.testing.assert_array_equal(change(one, np.random.default_rng(0)), one)
