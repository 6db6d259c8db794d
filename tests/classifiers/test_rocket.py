"""The MiniRocket transform against straight loops, and against aeon if installed."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.classifiers._rocket import KERNELS, draw_rocket


def naive_transform(numbers, rocket):
    """Follow sections 3.1 and 3.2 of Dempster, Schmidt & Webb (2021), loop by loop."""
    n_windows, n_timepoints, n_channels = numbers.shape
    columns = []
    biases = iter(rocket.biases)
    for i, dilation in enumerate(rocket.dilations):
        for k, places in enumerate(itertools.combinations(range(9), 3)):
            kernel = [2 if tap in places else -1 for tap in range(9)]
            convolved = np.zeros((n_windows, n_timepoints))
            for window, t in np.ndindex(n_windows, n_timepoints):
                total = 0.0
                for tap in range(9):
                    at = t + (tap - 4) * dilation
                    if 0 <= at < n_timepoints:
                        for channel in range(n_channels):
                            if rocket.channels[i, k, channel]:
                                total += kernel[tap] * numbers[window, at, channel]
                convolved[window, t] = total
            is_padded = (i + k) % 2 == 0
            reach = 4 * dilation
            seen = (
                convolved if is_padded else convolved[:, reach : n_timepoints - reach]
            )
            for _ in range(rocket.n_biases[i]):
                columns.append((seen > next(biases)).mean(axis=1))
    assert next(biases, None) is None
    return np.stack(columns, axis=1)


def whole_numbers(shape, seed=0):
    """Numbers that float32 adds without rounding, so that equality can be exact."""
    rng = np.random.default_rng(seed)
    return rng.integers(-50, 50, shape).astype(np.float32)


@pytest.mark.parametrize(
    ("shape", "n_features"),
    [((3, 20, 1), 84), ((2, 33, 3), 252), ((2, 9, 2), 168), ((2, 65, 1), 336)],
)
def test_transform_equals_straight_loops(shape, n_features):
    numbers = whole_numbers(shape)
    rocket = draw_rocket(numbers, n_features, np.random.default_rng(1))
    transformed = rocket.transform(numbers)
    assert transformed.shape == (shape[0], n_features)
    np.testing.assert_allclose(
        transformed, naive_transform(numbers, rocket), rtol=0, atol=1e-6
    )


@settings(max_examples=15, deadline=None)
@given(st.integers(1, 12), st.integers(1, 4), st.integers(0, 99))
def test_short_windows_are_lengthened_by_their_last_sample(n, n_channels, seed):
    numbers = whole_numbers((2, n, n_channels), seed)
    rocket = draw_rocket(numbers, 84, np.random.default_rng(seed))
    longer = np.concatenate([numbers, np.repeat(numbers[:, -1:], 9, axis=1)], axis=1)
    longer = longer[:, : max(9, n)]
    np.testing.assert_array_equal(rocket.transform(numbers), rocket.transform(longer))


def test_kernels_are_those_of_the_paper():
    assert KERNELS.shape == (84, 9)
    assert (KERNELS.sum(axis=1) == 0).all()
    assert len(np.unique(KERNELS, axis=0)) == 84
    assert ((KERNELS == 2).sum(axis=1) == 3).all()


def test_dilations_are_those_of_the_paper():
    """Section 3.2: 32 exponents evenly spread up to log2((n - 1) / 8)."""
    numbers = whole_numbers((2, 128, 1))
    rocket = draw_rocket(numbers, 10_000, np.random.default_rng(0))
    largest = np.log2(127 / 8)
    wanted = {int(2 ** (largest * i / 31)) for i in range(32)}
    assert rocket.dilations.tolist() == sorted(wanted)
    assert rocket.n_biases.sum() == 10_000 // 84
    assert rocket.n_features == 9_996


def test_thresholds_are_quantiles_of_training_windows():
    """Half of what a kernel gives lies above its thresholds, on the average."""
    rng = np.random.default_rng(0)
    numbers = rng.normal(size=(200, 64, 3)).astype(np.float32)
    shares = draw_rocket(numbers, 1000, rng).transform(numbers)
    assert ((shares >= 0) & (shares <= 1)).all()
    assert abs(shares.mean() - 0.5) < 0.02


def test_channels_grow_up_to_nine():
    numbers = whole_numbers((4, 32, 12))
    rocket = draw_rocket(numbers, 2000, np.random.default_rng(0))
    n_channels = rocket.channels.sum(axis=2)
    assert n_channels.min() == 1
    assert n_channels.max() == 9


def test_shift_of_a_window_changes_nothing_inside():
    """Kernels sum to zero: a constant added shows only where the window ends."""
    numbers = whole_numbers((3, 40, 2))
    rocket = draw_rocket(numbers, 84, np.random.default_rng(0))
    inner = np.arange(84) % 2 == 1  # one dilation: every second kernel is not padded
    assert len(rocket.dilations) == 1
    np.testing.assert_array_equal(
        rocket.transform(numbers)[:, inner], rocket.transform(numbers + 64)[:, inner]
    )


@pytest.mark.parametrize("level", [0.1, 9.80665, 1013.25])
def test_a_still_sensor_gives_the_same_alone_and_in_a_crowd(level):
    """Where numbers do not move, kernels give rounding noise: it must not decide."""
    numbers = np.full((70, 64, 3), level, dtype=np.float32)
    numbers[35:] += np.float32(0.01) * whole_numbers((35, 64, 3))
    rocket = draw_rocket(numbers, 840, np.random.default_rng(0))
    together = rocket.transform(numbers)
    alone = np.concatenate([rocket.transform(numbers[i : i + 1]) for i in range(70)])
    np.testing.assert_array_equal(alone, together)


def test_aeon_agrees():
    """Aeon's shares have the same distribution; its random draws are its own."""
    aeon = pytest.importorskip(
        "aeon.transformations.collection.convolution_based",
        reason="aeon is not installed: pip install 'sensorhar[tsc]'",
    )
    numbers = np.random.default_rng(0).normal(size=(50, 100, 1)).astype(np.float32)
    theirs = aeon.MiniRocket(n_kernels=840, random_state=0).fit_transform(
        numbers.transpose(0, 2, 1)
    )
    ours = draw_rocket(numbers, 840, np.random.default_rng(0)).transform(numbers)
    assert theirs.shape == ours.shape
    assert abs(np.mean(theirs) - ours.mean()) < 0.02
