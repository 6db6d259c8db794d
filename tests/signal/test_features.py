"""Every feature equals its plain definition, and standing still is finite."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from scipy.signal import find_peaks, periodogram

from sensorhar.signal import FEATURES, extract_features, feature_names, find_triples

BANDS_HZ = [0.3, 1, 2, 3, 5, 8, 12, np.inf]


def reference(x, rate_hz):
    """Compute the features of one window the slow and plain way."""
    x = x.astype(np.float64)
    n = len(x)
    d1, d2 = np.diff(x) * rate_hz, np.diff(x, 2) * rate_hz**2
    p5, p25, p75, p95 = np.percentile(x, [5, 25, 75, 95])
    found = {
        "mean": np.mean(x),
        "median": np.median(x),
        "std": np.std(x),
        "log_std": np.log(np.std(x) + 1e-5),
        "min": np.min(x),
        "max": np.max(x),
        "range": np.ptp(x),
        "percentile_5": p5,
        "percentile_25": p25,
        "percentile_75": p75,
        "percentile_95": p95,
        "iqr": stats.iqr(x),
        "mad": stats.median_abs_deviation(x),
        "rms": np.sqrt(np.mean(x**2)),
        "energy": np.mean(x**2),
        "skewness": stats.skew(x),
        "kurtosis": stats.kurtosis(x),
        "derivative_mean_abs": np.mean(np.abs(d1)),
        "derivative_std": np.std(d1),
        "derivative2_mean_abs": np.mean(np.abs(d2)),
        "slope": np.polyfit(np.arange(n) / rate_hz, x, 1)[0],
        "mean_crossings_hz": crossings(x - x.mean()) * rate_hz / n,
        "zero_crossings_hz": crossings(x) * rate_hz / n,
        "peaks_hz": len(find_peaks(x, height=x.mean() + x.std() / 2)[0]) * rate_hz / n,
        "longest_above_mean_s": longest(x > x.mean()) / rate_hz,
        "mobility": np.std(d1) / np.std(x),
        "complexity": (np.std(d2) / np.std(d1)) / (np.std(d1) / np.std(x)),
    }
    centred = x - x.mean()
    lagged = np.correlate(centred, centred, "full")[n - 1 :] / np.sum(centred**2)
    for lag_ms in (100, 250, 500):
        found[f"autocorr_{lag_ms}ms"] = lagged[round(lag_ms / 1000 * rate_hz)]
    lagged = lagged[: n // 2 + 1]
    below = [lag for lag, value in enumerate(lagged) if value < 0]
    best = max(range(below[0], len(lagged)), key=lambda lag: lagged[lag])
    found["autocorr_peak"] = lagged[best]
    found["autocorr_peak_lag_s"] = best / rate_hz

    hann = np.sin(np.pi * (np.arange(n) + 0.5) / n) ** 2
    f, density = periodogram(centred, rate_hz, window=hann, detrend=False)
    f, power = f[1:], density[1:] * rate_hz * np.sum(hann**2) / (n * np.mean(hann**2))
    power = power / n
    share = power / power.sum()
    peak = int(np.argmax(power))
    centroid = np.sum(share * f)
    found |= {
        "dominant_hz": f[peak],
        "dominant_share": share[max(0, peak - 1) : peak + 2].sum(),
        "spectral_centroid_hz": centroid,
        "spectral_spread_hz": np.sqrt(np.sum(share * (f - centroid) ** 2)),
        "spectral_rolloff_hz": f[np.flatnonzero(np.cumsum(share) >= 0.85)[0]],
        "spectral_entropy": stats.entropy(share) / np.log(len(f)),
    }
    names = [name for name in FEATURES if name.startswith("log_power")]
    for name, low, high in zip(names, BANDS_HZ[:-1], BANDS_HZ[1:], strict=True):
        found[name] = np.log(power[(f >= low) & (f < high)].sum() + 1e-10)
    return found


def crossings(x):
    return sum((a > 0) != (b > 0) for a, b in zip(x[1:], x[:-1], strict=True))


def longest(mask):
    best = run = 0
    for is_true in mask:
        run = run + 1 if is_true else 0
        best = max(best, run)
    return best


def walking(n_windows=12, n_timepoints=128, rate_hz=50, seed=0):
    """Make windows of steps, noise and gravity at several strengths."""
    rng = np.random.default_rng(seed)
    time_s = np.arange(n_timepoints) / rate_hz
    size = (n_windows, 1, 3)
    cadence_hz = rng.uniform(1.2, 3, size)
    step = np.sin(2 * np.pi * cadence_hz * time_s[:, None] + rng.uniform(0, 6, size))
    strength = 10.0 ** rng.uniform(-2, 1, size)
    noise = 0.4 * rng.normal(size=(n_windows, n_timepoints, 3))
    gravity = rng.normal(0, 4, size)
    return (gravity + strength * (step + step**3 + noise)).astype(np.float32)


@pytest.mark.parametrize(
    ("n_timepoints", "rate_hz"), [(128, 50.0), (75, 30), (101, 64)]
)
def test_every_feature_equals_its_definition(n_timepoints, rate_hz):
    windows = walking(n_timepoints=n_timepoints, rate_hz=rate_hz)
    found = extract_features(windows, rate_hz=rate_hz).reshape(12, 3, len(FEATURES))
    for window, row in zip(windows, found, strict=True):
        for channel in range(3):
            expected = reference(window[:, channel], rate_hz)
            assert set(expected) == set(FEATURES)
            for name, value in zip(FEATURES, row[channel], strict=True):
                limit = 1e-4 * abs(expected[name]) + 2e-5
                assert abs(value - expected[name]) < limit, (
                    name,
                    value,
                    expected[name],
                )


def test_powers_add_up_to_the_variance():
    windows = np.random.default_rng(0).normal(0, 2, size=(500, 256, 1))
    bands = [name for name in FEATURES if name.startswith("log_power")]
    power = np.exp(extract_features(windows, rate_hz=50, features=bands))
    assert power.sum(axis=1).mean() == pytest.approx(4, rel=0.05)


def test_a_step_is_found_by_its_frequency():
    time_s = np.arange(256) / 50
    windows = (9.81 + np.sin(2 * np.pi * 1.953125 * time_s)).reshape(1, 256, 1)
    names = ["dominant_hz", "dominant_share", "autocorr_peak_lag_s", "mobility", "std"]
    found = extract_features(windows, rate_hz=50, features=names)[0]
    expected = [1.953125, 1, 0.512, 2 * np.pi * 1.953125, np.sqrt(0.5)]
    np.testing.assert_allclose(found, expected, rtol=0.02)


def test_features_do_not_depend_on_the_rate():
    slow_s, fast_s = np.arange(200) / 50, np.arange(800) / 200
    slow, fast = (
        (1 + np.sin(2 * np.pi * 1.5 * t) + 0.3 * np.sin(2 * np.pi * 4 * t))[
            None, :, None
        ]
        for t in (slow_s, fast_s)
    )
    found = extract_features(slow, rate_hz=50), extract_features(fast, rate_hz=200)
    steady = [i for i, n in enumerate(FEATURES) if n not in ("spectral_entropy",)]
    steady = [i for i in steady if not FEATURES[i].startswith("log_power_")]
    np.testing.assert_allclose(found[0][0, steady], found[1][0, steady], 0.05, 0.05)


@pytest.mark.parametrize("value", [0.0, 9.81, -1e-30, 1e30, 3e38])
@pytest.mark.parametrize("n_timepoints", [4, 7, 128])
def test_standing_still_is_finite(value, n_timepoints):
    windows = np.full((3, n_timepoints, 3), value, dtype=np.float32)
    found = extract_features(windows, rate_hz=50, groups_of_axes=[(0, 1, 2)])
    assert np.isfinite(found).all()
    found = found[:, : 3 * len(FEATURES)].reshape(3, 3, len(FEATURES))
    for name, numbers in zip(FEATURES, np.moveaxis(found, 2, 0), strict=True):
        if name in ("mean", "median", "min", "max"):
            np.testing.assert_allclose(numbers, windows[0, 0, 0], rtol=1e-6)
        if name in ("std", "kurtosis", "mobility", "dominant_hz", "autocorr_peak"):
            np.testing.assert_array_equal(numbers, 0)


@settings(max_examples=30, deadline=None)
@given(
    n_timepoints=st.integers(4, 50),
    rate_hz=st.floats(0.5, 2000),
    exponent=st.integers(-40, 38),
    seed=st.integers(0, 99),
)
def test_any_windows_give_finite_features(n_timepoints, rate_hz, exponent, seed):
    rng = np.random.default_rng(seed)
    windows = rng.normal(size=(2, n_timepoints, 3)) * 10.0**exponent
    windows = np.round(windows, rng.integers(0, 3)).clip(-3e38, 3e38)
    found = extract_features(windows, rate_hz=rate_hz, groups_of_axes=[(2, 0, 1)])
    assert np.isfinite(found).all()


def test_axes_add_magnitude_and_correlations():
    windows = walking()
    found = extract_features(windows, rate_hz=50, groups_of_axes=[(0, 1, 2)])
    n = len(FEATURES)
    assert found.shape == (12, 4 * n + 3)
    length = np.linalg.norm(windows.astype(float), axis=2, keepdims=True)
    np.testing.assert_allclose(
        found[:, 3 * n : 4 * n],
        extract_features(length, rate_hz=50),
        rtol=1e-3,
        atol=1e-4,
    )
    for window, row in zip(windows, found[:, 4 * n :], strict=True):
        expected = np.corrcoef(window.T)[[0, 0, 1], [1, 2, 2]]
        np.testing.assert_allclose(row, expected, atol=1e-5)


def test_names_match_columns():
    names = ["acc_x", "acc_y", "acc_z", "hr_bpm"]
    triples = find_triples(names)
    columns = feature_names(names, groups_of_axes=triples)
    windows = np.zeros((2, 16, 4))
    found = extract_features(
        windows, rate_hz=50, channel_names=names, groups_of_axes=triples
    )
    assert found.shape == (2, len(columns))
    assert len(set(columns)) == len(columns)
    assert columns[0] == "acc_x_mean"
    assert columns[4 * len(FEATURES)] == "acc_magnitude_mean"
    assert columns[-3:] == ["acc_corr_xy", "acc_corr_xz", "acc_corr_yz"]
    assert feature_names(list("abc"), ["std"], groups_of_axes=[(0, 1, 2)])[3:] == [
        "a_b_c_magnitude_std",
        *(f"a_b_c_corr_{pair}" for pair in ("xy", "xz", "yz")),
    ]


def test_chosen_features_are_the_same_columns_in_the_chosen_order():
    windows = walking()
    everything = extract_features(windows, rate_hz=50).reshape(12, 3, -1)
    for chosen in (["std", "mean"], ["slope"], ["autocorr_peak", "dominant_hz"]):
        found = extract_features(windows, rate_hz=50, features=chosen)
        columns = [FEATURES.index(name) for name in chosen]
        expected = everything[:, :, columns].reshape(12, -1)
        np.testing.assert_array_equal(found, expected)


def test_blocks_and_threads_change_nothing(monkeypatch):
    windows = walking(40)
    whole = extract_features(windows, rate_hz=50, groups_of_axes=[(0, 1, 2)])
    monkeypatch.setattr("sensorhar.signal.features.BLOCK_VALUES", 5 * 128 * 4)
    for n_jobs in (1, 2, -1):
        pieced = extract_features(
            windows, rate_hz=50, groups_of_axes=[(0, 1, 2)], n_jobs=n_jobs
        )
        np.testing.assert_allclose(pieced, whole, rtol=1e-5, atol=1e-6)


def test_lazy_windows_are_read_block_by_block(monkeypatch):
    class Lazy:
        shape = (40, 128, 3)

        def __init__(self, values):
            self.values, self.longest = values, 0

        def __getitem__(self, key):
            self.longest = max(self.longest, len(self.values[key]))
            return self.values[key]

    monkeypatch.setattr("sensorhar.signal.features.BLOCK_VALUES", 10 * 128 * 3)
    lazy = Lazy(walking(40))
    found = extract_features(lazy, rate_hz=50)
    np.testing.assert_array_equal(found, extract_features(lazy.values, rate_hz=50))
    assert lazy.longest == 10


def test_no_windows_no_rows():
    assert extract_features(np.empty((0, 128, 2)), rate_hz=50).shape == (0, 90)
    assert extract_features(np.empty((2, 128, 0)), rate_hz=50).shape == (2, 0)


@pytest.mark.parametrize(
    ("windows", "options", "message"),
    [
        (np.zeros((9, 3)), {}, r"windows must have shape .* got \(9, 3\); cut them"),
        (np.zeros((2, 3, 1)), {}, r"at least 4 timepoints, got \(2, 3, 1\)"),
        (
            np.zeros((2, 8, 3)),
            {"rate_hz": 0},
            "rate_hz must be a finite number above 0",
        ),
        (np.zeros((2, 8, 3)), {"features": ["mean", "mood"]}, r"got \['mood'\]; leave"),
        (
            np.zeros((2, 8, 3)),
            {"features": []},
            r"features must be some of .* got \[\]",
        ),
        (
            np.zeros((2, 8, 3)),
            {"features": "mood"},
            r"got \['mood'\]; leave features out",
        ),
        (np.zeros((2, 8, 3)), {"groups_of_axes": [(0, 1, 3)]}, "from 0 to 2, got"),
        (np.zeros((2, 8, 3)), {"channel_names": ["a"]}, "all 3 channels, got 1 names"),
    ],
)
def test_wrong_windows_and_options(windows, options, message):
    with pytest.raises(ValueError, match=message):
        extract_features(windows, **{"rate_hz": 50, **options})


@pytest.mark.parametrize(("names", "said"), [(None, "2"), (["a", "b", "c"], "'c'")])
def test_missing_values_are_named(names, said):
    windows = np.zeros((600, 128, 3), dtype=np.float32)
    windows[555, 7, 2] = np.nan
    with pytest.raises(ValueError, match=f"in window 555, channel {said}; drop"):
        extract_features(windows, rate_hz=50, channel_names=names)
