"""Variants keep the shape, leave the input alone and do what they say."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation
from scipy.stats import kstest

from sensorhar.signal import (
    channel_dropout,
    crop,
    jitter,
    magnitude_warp,
    permute_segments,
    remap_axes,
    rotate,
    scale,
    time_warp,
)
from sensorhar.signal._rotations import axis_remaps, random_rotations

TRIPLES = [(0, 1, 2), (3, 4, 5)]
ALL = {
    "channel_dropout": lambda b, rng: channel_dropout(b, rng, probability=0.5),
    "crop": crop,
    "jitter": jitter,
    "magnitude_warp": magnitude_warp,
    "permute_segments": permute_segments,
    "remap_axes": lambda b, rng: remap_axes(b, TRIPLES, rng),
    "rotate": lambda b, rng: rotate(b, TRIPLES, rng),
    "scale": scale,
    "time_warp": time_warp,
}


def batch(n_windows=16, dtype=np.float32):
    rng = np.random.default_rng(3)
    return rng.normal(1, 2, size=(n_windows, 40, 7)).astype(dtype)


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_contract(name, dtype):
    """New float32 arrays, the input untouched, repeatable, another draw differs."""
    given = batch(dtype=dtype)
    before = given.copy()
    given.setflags(write=False)
    made = ALL[name](given, np.random.default_rng(0))
    again = ALL[name](given, np.random.default_rng(0))
    other = ALL[name](given, np.random.default_rng(1))
    np.testing.assert_array_equal(given, before)
    np.testing.assert_array_equal(made, again)
    assert not np.array_equal(made, other)
    assert made.dtype == np.float32
    assert made.shape == given.shape
    assert np.isfinite(made).all()
    assert made.flags.writeable
    assert not np.shares_memory(made, given)


@pytest.mark.parametrize("name", ALL)
def test_windows_differ_from_each_other(name):
    same = np.repeat(batch(1), 12, axis=0)
    made = ALL[name](same, np.random.default_rng(0))
    assert not (made == made[:1]).all()


@pytest.mark.parametrize("name", ALL)
def test_no_windows_and_wrong_input(name):
    rng = np.random.default_rng(0)
    assert ALL[name](np.empty((0, 40, 7)), rng).shape == (0, 40, 7)
    with pytest.raises(
        ValueError, match=r"batch must have shape .* got \(40, 7\); add"
    ):
        ALL[name](batch()[0], rng)
    with pytest.raises(
        TypeError, match=r"must be a numpy\.random\.Generator, got int; pass"
    ):
        ALL[name](batch(), 7)


@pytest.mark.parametrize(
    "still",
    [
        lambda b, rng: jitter(b, rng, sigma=0),
        lambda b, rng: scale(b, rng, sigma=0),
        lambda b, rng: magnitude_warp(b, rng, sigma=0),
        lambda b, rng: time_warp(b, rng, sigma=0),
        lambda b, rng: crop(b, rng, min_share=1),
        lambda b, rng: permute_segments(b, rng, n_segments=1),
        lambda b, rng: channel_dropout(b, rng, probability=0),
        lambda b, rng: rotate(b, TRIPLES, rng, max_angle_rad=0),
        lambda b, rng: rotate(b, [], rng),
    ],
)
def test_nothing_asked_nothing_done(still):
    made = still(batch(), np.random.default_rng(0))
    np.testing.assert_allclose(made, batch(), atol=2e-5)


def test_jitter_is_measured_by_the_window_itself():
    given = np.zeros((200, 400, 2))
    given[:, :, 0] = 100 + 10 * np.sin(np.arange(400))
    given[:, :, 1] = 0.01 * np.sin(np.arange(400))
    noise = jitter(given, np.random.default_rng(0), sigma=0.1) - given
    np.testing.assert_allclose(
        noise.std(axis=(0, 1)), 0.1 * given.std(axis=(0, 1)), rtol=0.02
    )


def test_scale_is_one_positive_factor_per_window_and_channel():
    ratio = scale(batch(500), np.random.default_rng(0), sigma=0.3) / batch(500)
    np.testing.assert_allclose(ratio, np.repeat(ratio[:, :1], 40, axis=1), rtol=1e-5)
    assert (ratio > 0).all()
    logarithm = np.log(ratio[:, 0])
    assert logarithm.std() == pytest.approx(0.3, rel=0.1)
    assert abs(logarithm.mean()) < 0.03


def test_rotation_is_one_proper_rotation_for_all_sensors():
    given = batch(30)
    made = rotate(given, TRIPLES, np.random.default_rng(0))
    for old, new in zip(given, made, strict=True):
        turn, *_ = np.linalg.lstsq(old[:, :3], new[:, :3], rcond=None)
        np.testing.assert_allclose(turn @ turn.T, np.eye(3), atol=1e-4)
        assert np.linalg.det(turn) == pytest.approx(1, abs=1e-4)
        np.testing.assert_allclose(old[:, 3:6] @ turn, new[:, 3:6], atol=1e-4)
    np.testing.assert_array_equal(made[:, :, 6], given[:, :, 6])
    for triple in TRIPLES:
        columns = list(triple)
        lengths = (np.linalg.norm(b[:, :, columns], axis=2) for b in (given, made))
        np.testing.assert_allclose(*lengths, rtol=1e-6)


def test_rotations_follow_the_order_of_the_axes():
    """A sensor whose columns stand z, y, x turns like the others."""
    given = np.concatenate([batch()[:, :, :3], batch()[:, :, [2, 1, 0]]], axis=2)
    made = rotate(given, [(0, 1, 2), (5, 4, 3)], np.random.default_rng(0))
    np.testing.assert_allclose(made[:, :, :3], made[:, :, [5, 4, 3]], rtol=1e-6)


def test_rotations_are_uniform():
    """Angles follow Haar's law, and turned vectors and axes fill the sphere evenly."""
    matrices = random_rotations(4000, np.random.default_rng(0))
    rotations = Rotation.from_matrix(matrices)
    angle_rad = rotations.magnitude()
    assert kstest(angle_rad, lambda a: (a - np.sin(a)) / np.pi).pvalue > 0.01
    np.testing.assert_allclose(matrices.mean(axis=0), 0, atol=0.03)
    for row, column in np.ndindex(3, 3):  # each coordinate of a uniform unit vector
        uniform = (matrices[:, row, column] + 1) / 2
        assert kstest(uniform, "uniform").pvalue > 0.01


def test_rotations_keep_to_the_largest_angle():
    for limit_rad in (0.1, 1.5):
        matrices = random_rotations(2000, np.random.default_rng(0), limit_rad)
        angle_rad = Rotation.from_matrix(matrices).magnitude()
        assert angle_rad.max() <= limit_rad + 1e-6
        assert np.median(angle_rad) > 0.75 * limit_rad


def test_remaps_are_the_24_rotations_of_a_cube():
    ways = axis_remaps()
    cube = Rotation.create_group("O").as_matrix().round()
    assert {way.tobytes() for way in ways + 0.0} == {
        way.tobytes() for way in cube + 0.0
    }
    given = np.repeat(batch(1), 2000, axis=0)
    made = remap_axes(given, TRIPLES, np.random.default_rng(0))
    kinds, counts = np.unique(made[:, 0, :3], axis=0, return_counts=True)
    assert len(kinds) == 24
    assert counts.min() > 50
    np.testing.assert_array_equal(
        np.sort(np.abs(made[:, :, 3:6]), axis=2),
        np.sort(np.abs(given[:, :, 3:6]), axis=2),
    )


def test_channel_dropout_silences_whole_groups_but_never_all():
    given = np.ones((2000, 5, 7))
    groups = [(0, 1, 2), (3, 4, 5), (6,)]
    rng = np.random.default_rng(0)
    kept = channel_dropout(given, rng, probability=0.3, groups=groups)
    assert np.isin(kept, [0, 1]).all()
    for first, *others in groups:
        for other in others:
            np.testing.assert_array_equal(kept[:, :, first], kept[:, :, other])
    assert kept.any(axis=(1, 2)).all()
    assert kept[:, 0, [0, 3, 6]].mean() == pytest.approx(0.7, abs=0.03)
    one_left = channel_dropout(given, rng, probability=1, groups=groups)
    assert (one_left[:, 0, [0, 3, 6]].sum(axis=1) == 1).all()
    none_left = channel_dropout(given, rng, probability=1, groups=groups[:2])
    np.testing.assert_array_equal(none_left[:, :, :6], 0)
    np.testing.assert_array_equal(none_left[:, :, 6], 1)


def test_magnitude_warp_is_smooth():
    curve = magnitude_warp(np.ones((50, 100, 3)), np.random.default_rng(0))
    assert np.abs(np.diff(curve, axis=1)).max() < 0.06
    assert curve.min() > 0
    assert np.log(curve).std() == pytest.approx(0.2, rel=0.25)


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda b, r: jitter(b, r, sigma=-1), "sigma must be at least 0, got -1"),
        (lambda b, r: crop(b, r, min_share=2), "min_share must be from 0 to 1, got 2"),
        (
            lambda b, r: rotate(b, TRIPLES, r, max_angle_rad=4),
            "max_angle_rad must be from 0 to 3.142, got 4",
        ),
        (
            lambda b, r: rotate(b, [(0, 1)], r),
            r"three columns each .* got \[\(0, 1\)\]",
        ),
        (lambda b, r: rotate(b, [(0, 1, 7)], r), "different and from 0 to 6, got"),
        (lambda b, r: remap_axes(b, [(0, 1, 2), (2, 3, 4)], r), "triples must hold"),
        (
            lambda b, r: channel_dropout(b, r, groups=[(0, 9)]),
            r"columns from 0 to 6, got \(0, 9\); windows have 7 channels",
        ),
        (
            lambda b, r: time_warp(b, r, n_knots=1),
            "n_knots must be .* at least 2, got 1",
        ),
        (
            lambda b, r: permute_segments(b, r, n_segments=41),
            "n_segments must be at most the 40 timepoints of a window, got 41",
        ),
    ],
)
def test_settings_that_cannot_be(call, message):
    with pytest.raises(ValueError, match=message):
        call(batch(), np.random.default_rng(0))
