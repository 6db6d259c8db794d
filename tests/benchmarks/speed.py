"""How fast windows, features, training and prediction are."""

import os
import tracemalloc

import numpy as np

import sensorhar as sh
from sensorhar.signal import extract_features, resample
from tests.benchmarks.row import Row, best_times

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")

RATE_HZ, DAY_S = 100, 86_400
SPEC = sh.WindowSpec(
    tuple(
        sh.Channel(f"{prefix}_{axis}", unit, kind, "waist", gravity)
        for prefix, unit, kind, gravity in (
            ("acc", "m/s^2", "accelerometer", True),
            ("lin", "m/s^2", "linear_acceleration", None),
            ("gyr", "rad/s", "gyroscope", None),
        )
        for axis in "xyz"
    ),
    rate_hz=50.0,
    n_timepoints=128,
    step_s=1.28,
)


def noise_windows(n_windows: int) -> sh.Windows:
    """Windows as many as UCI HAR trains on, of noise of six strengths."""
    rng = np.random.default_rng(0)
    codes = rng.integers(6, size=n_windows)
    values = rng.normal(size=(n_windows, 128, 9)) * (1 + codes[:, None, None])
    groups = rng.integers(21, size=n_windows)
    return sh.Windows.from_array(
        values.astype(np.float32), spec=SPEC, y=codes.astype(str), groups=groups
    )


def windows_of_a_day() -> list[Row]:
    """Windows over 24 h at 100 Hz and 6 channels."""
    n_samples = DAY_S * RATE_HZ
    rng = np.random.default_rng(0)
    time_s = np.arange(n_samples) / RATE_HZ
    values = rng.normal(0, 1, (n_samples, 3)).astype(np.float32)
    values[:, 2] += 9.81
    start_s = np.arange(0, DAY_S, 60.0)
    labels = np.array(["walking", "sitting", "standing"])[np.arange(len(start_s)) % 3]
    day = sh.Recording(
        [
            sh.Stream.of_sensor("accelerometer", values, time_s, has_gravity=True),
            sh.Stream.of_sensor("gyroscope", values[::-1], time_s),
        ],
        subject="anna",
        events=sh.Events(start_s, start_s + 50, labels),
    )

    def cut():
        return sh.make_windows([day], length_s=2.56, overlap=0.5)

    def copy():
        table = np.concatenate([stream.values for stream in day.streams], axis=1)
        start = np.arange(0, n_samples - 255, 128)
        return table[start[:, None] + np.arange(256)]

    ours, theirs = best_times(cut, copy)
    tracemalloc.start()
    windows = cut()
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    share = peak / (windows.shape[0] * windows.shape[1] * windows.shape[2] * 4)
    rival = {"name": "copy by fancy index, without labels", "value": theirs * 1e3}
    return [
        Row.at_most("windows of 24 h at 100 Hz x 6", ours * 1e3, "ms", 50, rival),
        Row.at_most("memory for them, of what a copy takes", 100 * share, "%", 5),
    ]


def features_of_uci_har_size() -> list[Row]:
    """All features of 7,352 windows of 128 x 9."""
    values = np.asarray(noise_windows(7352))
    (ours,) = best_times(lambda: extract_features(values, rate_hz=50, n_jobs=2))
    rival = None
    try:
        import tsfel
    except ImportError:
        pass
    else:
        config = tsfel.get_features_by_domain("statistical")
        few = values[:20]

        def theirs():
            for window in few:
                tsfel.time_series_features_extractor(config, window, fs=50, verbose=0)

        (time_s,) = best_times(theirs, n_rounds=1)
        name = "tsfel, statistical set alone, from 20 windows"
        rival = {"name": name, "value": time_s / len(few) * len(values)}
    return [Row.at_most("45 features x 9 channels x 7,352", ours, "s", 5, rival)]


def resampling_is_exact() -> list[Row]:
    """Resample a 20 Hz tone from 100 to 25 Hz, and to odd rates."""
    time_s = np.arange(6000) / 100
    tone = np.sin(2 * np.pi * 20 * time_s)
    left, _, _ = resample(tone, time_s, rate_hz=25)
    suppressed = -20 * np.log10(np.sqrt(np.mean(left**2)) * np.sqrt(2))
    linear = np.interp(np.arange(1500) / 25, time_s, tone)
    theirs = -20 * np.log10(np.sqrt(np.mean(linear**2)) * np.sqrt(2) + 1e-9)
    worst = 0.0
    for rate_hz in (30, 51.2, 64):
        _, grid_s, _ = resample(tone, time_s, rate_hz=rate_hz)
        worst = max(
            worst, float(np.abs(grid_s - np.arange(len(grid_s)) / rate_hz).max())
        )
    rival = {"name": "linear interpolation", "value": float(theirs)}
    return [
        Row.at_least(
            "20 Hz tone suppressed at 100 to 25 Hz", suppressed, "dB", 40, rival
        ),
        Row.at_most("error of times at 30, 51.2 and 64 Hz", worst, "s", 1e-9),
    ]


def training_costs_no_more_than_keras() -> list[Row]:
    """Fit against the same network in a bare Keras loop."""
    import keras

    windows = noise_windows(3000)
    numbers, codes = np.asarray(windows), windows.y.astype(int)
    plain = sh.CNNClassifier(
        epochs=4, patience=None, rotation_deg=0, verbose=0, random_state=0
    )

    def bare():
        keras.utils.set_random_seed(0)
        mean, variance = numbers.mean((0, 1)).tolist(), numbers.var((0, 1)).tolist()
        inputs = keras.Input(numbers.shape[1:])
        scale = keras.layers.Normalization(axis=-1, mean=mean, variance=variance)
        model = keras.Model(
            inputs, sh.networks.cnn(numbers.shape[1:], 6)(scale(inputs))
        )
        steps = 4 * -(-len(numbers) // plain.batch_size)
        rate = keras.optimizers.schedules.CosineDecay(plain.learning_rate, steps)
        model.compile(
            keras.optimizers.AdamW(rate, weight_decay=1e-3),
            "sparse_categorical_crossentropy",
            metrics=["accuracy"],
            jit_compile=False,
        )
        model.fit(numbers, codes, batch_size=plain.batch_size, epochs=4, verbose=0)

    turned = sh.CNNClassifier(epochs=4, patience=None, verbose=0, random_state=0)
    ours, theirs, with_turns = best_times(
        lambda: plain.fit(windows), bare, lambda: turned.fit(windows)
    )
    rival = {"name": "bare Keras loop, s", "value": theirs}
    return [
        Row.at_most(
            "fit beyond a bare Keras loop", 100 * (ours / theirs - 1), "%", 5, rival
        ),
        Row.at_most(
            "the same with random turns of the sensor",
            100 * (with_turns / theirs - 1),
            "%",
            None,
            rival,
        ),
    ]


def prediction_of_one_window() -> list[Row]:
    """One window through predict_proba of a fitted CNN."""
    windows = noise_windows(600)
    clf = sh.CNNClassifier(epochs=1, verbose=0, random_state=0).fit(windows)
    one = windows[:1]

    def ours():
        for _ in range(50):
            clf.predict_proba(one)

    def theirs():
        for _ in range(5):
            clf.network_.predict(np.asarray(one), verbose=0)

    ours(), theirs()
    mine, keras_s = best_times(ours, theirs)
    rival = {"name": "model.predict", "value": keras_s / 5 * 1e3}
    return [Row.at_most("predict_proba of one window", mine / 50 * 1e3, "ms", 2, rival)]


def minirocket_transform() -> list[Row]:
    """Transform 2,000 windows of 128 x 9 by MiniRocket."""
    from sensorhar.classifiers._rocket import draw_rocket

    values = np.asarray(noise_windows(2000))
    rocket = draw_rocket(values, 10_000, np.random.default_rng(0))
    functions = [lambda: rocket.transform(values)]
    try:
        from aeon.transformations.collection.convolution_based import MiniRocket
    except ImportError:
        pass
    else:
        theirs = MiniRocket(random_state=0, n_jobs=1)
        turned = values.transpose(0, 2, 1).astype(np.float32)
        theirs.fit_transform(turned[:100])
        functions.append(lambda: theirs.transform(turned))
    times = best_times(*functions, n_rounds=2)
    rival = None
    if len(times) > 1:
        rival = {"name": "aeon (compiled by numba), one thread", "value": times[1]}
    return [
        Row.at_most("MiniRocket transform of 2,000 windows", times[0], "s", None, rival)
    ]


MEASUREMENTS = (
    windows_of_a_day,
    features_of_uci_har_size,
    resampling_is_exact,
    training_costs_no_more_than_keras,
    prediction_of_one_window,
    minirocket_transform,
)
