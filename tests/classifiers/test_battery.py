"""Every classifier passes the battery; costly checks of slow ones run when asked."""

from functools import cache

import pytest

import sensorhar as sh
from sensorhar import classifiers
from sensorhar.testing import CLASSIFIER_CHECKS, ClassifierCase
from sensorhar.testing._contract_checks import CONTRACT_CHECKS
from sensorhar.testing._file_checks import FILE_CHECKS
from sensorhar.testing._refusal_checks import REFUSAL_CHECKS

pytestmark = [
    # TensorFlow says so whenever functions run eagerly, as they do in most checks here
    pytest.mark.filterwarnings("ignore:Even though the .*functions_eagerly"),
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

NETWORK = {
    "epochs": 15,
    "batch_size": 16,
    "learning_rate": 1e-2,
    "patience": None,  # watching somebody is traced anew, and has checks of its own
    "verbose": 0,
    "random_state": 0,
}


def make_own():
    """One's own network: here the library's perceptron, as a plain function."""
    from sensorhar.networks import mlp

    return sh.KerasClassifier(mlp, **NETWORK)


def make_two_streams():
    """Two small networks; by default each would be an I3D."""
    from sensorhar.networks import slow_fusion

    return sh.TwoStreamClassifier(
        network=slow_fusion, width=1 / 8, dropout=0.1, **NETWORK
    )


NARROW = {"width": 1 / 8, "units": 128}
#: One residual block; tracing more of them is what takes time, not their width.
SHALLOW = {"width": 1 / 4, "blocks": (1,)}
SETTINGS = {
    "C3DClassifier": {"width": 1 / 8, "units": 256, "learning_rate": 2e-3},
    "CNNClassifier": {"filters": (8, 8), "kernel_size": 5},
    "CNNLSTMClassifier": {"filters": (16,), "units": 16},
    "ConvLSTMClassifier": {"filters": 4},
    "DeepConvLSTMClassifier": {"filters": (8, 8), "units": (8,)},
    "EarlyFusionClassifier": {"width": 1 / 4, "units": 128},
    "FoveaContextClassifier": NARROW,
    "FusedTwoStreamClassifier": {"width": 1 / 8, "units": (128, 64)},
    "I3DClassifier": {"width": 1 / 4, "last_module": "3b"},
    "I3DResNetClassifier": SHALLOW,
    "LSTMClassifier": {"units": (8,)},
    "LateFusionClassifier": NARROW,
    "MLPClassifier": {"units": (16,)},
    "R2Plus1DClassifier": SHALLOW,
    "RNNClassifier": {"units": (8,)},
    "STGCNClassifier": {"filters": (32, 64)},
    "SingleFrameClassifier": {"width": 1 / 4, "units": 128, "shape_and_size": True},
    "SlowFastClassifier": SHALLOW,
    "SlowFusionClassifier": NARROW,
    "SlowOnlyClassifier": SHALLOW,
    "TPNClassifier": {"width": 1 / 16, "blocks": (1, 1), "flow": "isolation"},
    "TSMClassifier": SHALLOW,
    "TSNClassifier": SHALLOW,
}
FACTORIES = {
    "DistilledClassifier": lambda: sh.DistilledClassifier(
        sh.FeatureLinearClassifier(),
        sh.MiniRocketClassifier(n_features=168, random_state=0),
        random_state=0,
    ),
    "FeatureForestClassifier": lambda: sh.FeatureForestClassifier(
        n_trees=20, random_state=0
    ),
    "FeatureFusionClassifier": lambda: sh.FeatureFusionClassifier(
        [("net", sh.MLPClassifier(units=(16,)))], dropout=0.1, **NETWORK
    ),
    "FeatureLinearClassifier": lambda: sh.FeatureLinearClassifier(random_state=0),
    "KerasClassifier": make_own,
    "MiniRocketClassifier": lambda: sh.MiniRocketClassifier(
        n_features=168, random_state=0
    ),
    "ScoreFusionClassifier": lambda: sh.ScoreFusionClassifier(
        [
            ("linear", sh.FeatureLinearClassifier()),
            ("rocket", sh.MiniRocketClassifier(n_features=168, random_state=0)),
        ]
    ),
    "TrajectoryClassifier": lambda: sh.TrajectoryClassifier(
        n_gaussians=2, n_scales=2, random_state=0
    ),
    "TwoStreamClassifier": make_two_streams,
}
for _name, _own in SETTINGS.items():
    FACTORIES[_name] = lambda name=_name, own=_own: getattr(sh, name)(
        **{**NETWORK, "dropout": 0.1, **own}
    )
LIGHT = {
    "DistilledClassifier",
    "FeatureForestClassifier",
    "FeatureLinearClassifier",
    "MiniRocketClassifier",
    "ScoreFusionClassifier",
    "TrajectoryClassifier",
}

#: Checks that start processes, and who runs them by default.
PROCESSES = {
    "check_fresh_process": {"CNNClassifier", "FeatureLinearClassifier"},
    "check_fresh_pickle": {"MLPClassifier"},
    "check_two_jobs": {"MLPClassifier"},
}
#: Checks that share one fit; all others fit themselves, often.
SHARING = {*CONTRACT_CHECKS, *REFUSAL_CHECKS, *FILE_CHECKS}


def runs_by_default(name, check):
    if check.__name__ in PROCESSES:
        return name in PROCESSES[check.__name__]
    return check in SHARING or name in LIGHT or name == "MLPClassifier"


def pairs():
    for name in sorted(FACTORIES):
        for check in CLASSIFIER_CHECKS:
            marks = [] if runs_by_default(name, check) else [pytest.mark.slow]
            test_id = f"{name}-{check.__name__.removeprefix('check_')}"
            yield pytest.param(name, check, marks=marks, id=test_id)


@cache
def case_of(name):
    """One case for each classifier, fitted once."""
    case = ClassifierCase(FACTORIES[name])
    rewrite_graphs(False)
    try:
        _ = case.fitted
    finally:
        rewrite_graphs(True)
    return case


def rewrite_graphs(is_wanted):
    """Run graphs as they were traced: rewriting costs more than some steps gain."""
    import tensorflow as tf

    options = {"disable_meta_optimizer": not is_wanted}
    tf.config.optimizer.set_experimental_options(options)


def run_eagerly(is_eager):
    """Run Keras without tracing, which costs more than the few steps of a check."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(is_eager)


@pytest.mark.parametrize(("name", "check"), list(pairs()))
def test_classifier(name, check):
    case = case_of(name)
    if name in LIGHT:
        check(case)
        return
    run_eagerly(True)
    try:
        check(case)
    finally:
        run_eagerly(False)


def test_every_classifier_is_here():
    assert sorted(FACTORIES, key=str.casefold) == classifiers.__all__
