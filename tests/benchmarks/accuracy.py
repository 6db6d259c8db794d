"""How well the classifiers do on people they have not seen, on real data."""

import numpy as np

import sensorhar as sh
from tests.benchmarks.row import Row

MODELS = {
    "cnn": sh.CNNClassifier,
    "lstm": sh.LSTMClassifier,
    "cnn-lstm": sh.CNNLSTMClassifier,
    "deepconvlstm": sh.DeepConvLSTMClassifier,
    "features-linear": sh.FeatureLinearClassifier,
    "minirocket": sh.MiniRocketClassifier,
}
#: Mean accuracy wanted over five seeds.
WANTED = {
    "cnn": 0.955,
    "lstm": 0.925,
    "cnn-lstm": 0.945,
    "features-linear": 0.955,
    "minirocket": 0.965,
}
AEON = {"name": "aeon 1.6 MiniRocketClassifier, three seeds", "value": 0.9735}
ARENA = {"name": "WHAR Arena's best, arXiv 2606.13194", "value": 0.848}


def uci_har_official() -> list[Row]:
    """UCI HAR, official split, five seeds."""
    parts = sh.datasets.load_uci_har()
    report = sh.evaluate(
        {name: kind() for name, kind in MODELS.items()}, parts, cv="official", seeds=5
    )
    rows = []
    for name in MODELS:
        accuracy = float(np.mean(report[name].score("accuracy").per_seed))
        title = f"UCI HAR official, accuracy of {name}"
        rows.append(Row.at_least(title, accuracy, "", WANTED.get(name), AEON))
    return rows


def hapt_ten_groups() -> list[Row]:
    """HAPT, twelve classes, ten groups of subjects."""
    windows = sh.make_windows(sh.datasets.load_hapt(), length_s=3, overlap=0.5)
    models = {name: MODELS[name]() for name in ("cnn", "features-linear")}
    report = sh.evaluate(models, windows, cv="group-10")
    best = max(report[name].score("macro_f1").mean for name in models)
    return [
        Row.at_least("HAPT in ten groups, macro F1 of the best", best, "", 0.75, ARENA)
    ]


MEASUREMENTS = (uci_har_official, hapt_ten_groups)
