"""Means of transport of people not seen, against thresholds on speed."""

import numpy as np

import sensorhar as sh
from sensorhar.preprocess import Align
from sensorhar.preprocess.gps import CleanGps, GpsMotion
from sensorhar.preprocess.gravity_align import GravityAlign
from sensorhar.simulate.journeys import simulate_journeys
from tests.benchmarks.row import Row

N_PEOPLE, N_SPLITS, LENGTH_S = 20, 5, 60.0
MAX_GAP_S = 20.0  # longer ones, as in tunnels, are left out for all alike
MOTION = ["speed_mps", "accel_mps2", "turn_radps", "is_stopped"]
SHAKING = ["acc_vertical", "acc_horizontal"]
#: km/h up to which an app takes it for this, as commonly written down.
BRACKETS = ((8, "walk"), (25, "bike"), (40, "bus"), (80, "car"), (1000, "train"))
#: trackintel's "simple-coarse": slow below 15 km/h, motorised below 100, fast above;
#: each is given its commonest means of transport.
COARSE = ((15, "walk"), (100, "car"), (1000, "train"))


def journeys_to_windows(journeys):
    """Windows of GPS alone, and of GPS with the accelerometer."""
    gps, both = (
        sh.make_windows(
            journeys,
            steps=[
                CleanGps(),
                GpsMotion(),
                Align(rate_hz=rate_hz, max_gap_s=MAX_GAP_S, channels=tuple(needs)),
                *more,
            ],
            channels=[*channels, *MOTION],
            length_s=LENGTH_S,
            overlap=0.5,
        )
        for rate_hz, needs, more, channels in (
            (1, ["speed_mps"], [], []),
            (25, ["speed_mps", "acc_x"], [GravityAlign()], SHAKING),
        )
    )
    return gps, both


def bracket(speed_kmh, brackets):
    """Name the means of transport by a table of speeds."""
    edges = [edge for edge, _ in brackets]
    names = np.array([name for _, name in brackets], dtype=object)
    return names[np.searchsorted(edges, speed_kmh)]


def macro_f1(windows, predict):
    """Score predictions of each fold's people, all folds together."""
    from sklearn.metrics import f1_score
    from sklearn.model_selection import GroupKFold

    said = np.empty(len(windows), dtype=object)
    for train, test in GroupKFold(N_SPLITS).split(windows.y, groups=windows.groups):
        said[test] = predict(windows[train], windows[test])
    return f1_score(windows.y.astype(str), said.astype(str), average="macro")


def mean_speed(windows):
    """Mean speed of each window, as one column."""
    column = windows.spec.channel_names.index("speed_mps")
    return np.asarray(windows)[:, :, column].mean(axis=1)[:, None]


def thresholds(**limits):
    """Return a prediction by the best thresholds on mean speed."""
    from sklearn.tree import DecisionTreeClassifier

    def predict(train, test):
        tree = DecisionTreeClassifier(
            random_state=0, class_weight="balanced", min_samples_leaf=5, **limits
        )
        tree.fit(mean_speed(train), train.y.astype(str))
        return tree.predict(mean_speed(test))

    return predict


def transport_mode() -> list[Row]:
    """Walk, bike, bus, car and train on simulated journeys, people not seen."""
    gps, both = journeys_to_windows(simulate_journeys(N_PEOPLE, random_state=0))
    rivals = {
        "usual brackets of speed": macro_f1(
            gps, lambda _, test: bracket(3.6 * mean_speed(test)[:, 0], BRACKETS)
        ),
        "trackintel's three classes": macro_f1(
            gps, lambda _, test: bracket(3.6 * mean_speed(test)[:, 0], COARSE)
        ),
        "four fitted thresholds": macro_f1(gps, thresholds(max_leaf_nodes=5)),
        "a fitted tree of depth 4": macro_f1(gps, thresholds(max_depth=4)),
    }
    best = max(rivals, key=rivals.get)
    rival = {"name": f"{best}, on mean speed", "value": rivals[best]}
    rows = [
        Row.at_least(f"journeys, macro F1 of {name}", value, "", None)
        for name, value in rivals.items()
    ]
    for name, windows in (("GPS", gps), ("GPS and accelerometer", both)):
        for kind in (sh.FeatureLinearClassifier, sh.FeatureForestClassifier):
            value = macro_f1(
                windows,
                lambda train, test, kind=kind: (
                    kind(random_state=0).fit(train).predict(test)
                ),
            )
            title = f"journeys, macro F1 of {kind.__name__} on {name}"
            rows.append(Row.at_least(title, value, "", rivals[best] + 0.2, rival))
    return rows


MEASUREMENTS = (transport_mode,)
