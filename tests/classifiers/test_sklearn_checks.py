"""scikit-learn's own battery truly runs, on 2-D tables as windows of one channel."""

import pytest
from sklearn.utils.estimator_checks import (
    check_class_weight_classifiers,
    check_classifiers_train,
    check_estimator,
)

import sensorhar as sh

pytestmark = [
    # what the battery itself warns of: a tags default, skipped array API
    pytest.mark.filterwarnings("ignore::sklearn.exceptions.SkipTestWarning"),
    pytest.mark.filterwarnings("ignore:Even though the .*functions_eagerly"),
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

#: One pass over the training part, or the battery would take an hour.
ONE_EPOCH = {
    "epochs": 1,
    "batch_size": 64,
    "learning_rate": 1e-2,
    "verbose": 0,
    "random_state": 0,
}
LIGHT = {
    "FeatureForestClassifier": {"n_trees": 5, "random_state": 0},
    "FeatureLinearClassifier": {},
    "MiniRocketClassifier": {"n_features": 84, "random_state": 0},
    "TrajectoryClassifier": {"n_gaussians": 2, "random_state": 0},
}
SHALLOW = {"width": 1 / 8, "blocks": (1,)}
NARROW = {"width": 1 / 16, "units": 128}
NETWORKS = {
    "C3DClassifier": NARROW,
    "CNNClassifier": {"filters": (4,), "kernel_size": 3},
    "CNNLSTMClassifier": {"filters": (4,), "units": 4},
    "ConvLSTMClassifier": {"filters": 2, "kernel_size": 3},
    "DeepConvLSTMClassifier": {"filters": (4, 4), "units": (4,)},
    "EarlyFusionClassifier": NARROW,
    "FoveaContextClassifier": NARROW,
    "FusedTwoStreamClassifier": {"width": 1 / 16, "units": (128, 64)},
    "I3DClassifier": {"width": 1 / 8, "last_module": "3b"},
    "I3DResNetClassifier": SHALLOW,
    "KerasClassifier": {},
    "LSTMClassifier": {"units": (4,)},
    "LateFusionClassifier": NARROW,
    "MLPClassifier": {"units": (8,)},
    "R2Plus1DClassifier": SHALLOW,
    "RNNClassifier": {"units": (4,)},
    "STGCNClassifier": {"filters": (16,)},
    "SingleFrameClassifier": {**NARROW, "shape_and_size": True},
    "SlowFastClassifier": SHALLOW,
    "SlowFusionClassifier": NARROW,
    "SlowOnlyClassifier": SHALLOW,
    "TPNClassifier": {"width": 1 / 16, "blocks": (1, 1)},
    "TSMClassifier": SHALLOW,
    "TSNClassifier": SHALLOW,
    "TwoStreamClassifier": {"width": 1 / 16},
}

#: Checks that may fail, each with the reason.
WEIGHTS = "check_sample_weight_equivalence_on_dense_data"
TOO_SHORT = "because one epoch is too short; test_networks_learn_tables trains longer"
EXEMPT = {
    "FeatureForestClassifier": {
        "check_class_weight_classifiers": "because leaves of one window are pure "
        "whatever the weights; scikit-learn sets min_weight_fraction_leaf for its own"
    },
    "FeatureLinearClassifier": {
        WEIGHTS: "because features are scaled and shrunken by all windows, so that "
        "copies of a window and its weight differ slightly"
    },
    "MiniRocketClassifier": {
        WEIGHTS: "because thresholds are drawn from all windows, whatever their weight"
    },
    "TrajectoryClassifier": {
        WEIGHTS: "because vocabularies are learned from all windows, whatever their "
        "weight"
    },
}
ROUNDING = "because float32 sums differ in the last bits with a row's place in a batch"
EXEMPT_NETWORKS = {
    "check_methods_sample_order_invariance": ROUNDING,
    "check_methods_subset_invariance": ROUNDING,
    WEIGHTS: "because shuffled batches differ when windows are repeated",
    "check_classifiers_train": TOO_SHORT,
    "check_class_weight_classifiers": TOO_SHORT,
}


def failures(classifier, exempt):
    """Run the battery; return what failed in words, and how many checks passed."""
    results = check_estimator(
        classifier, expected_failed_checks=exempt, on_fail=None, on_skip=None
    )
    failed = [
        f"{result['check_name']}: {result['exception']!r}"
        for result in results
        if result["status"] == "failed"
    ]
    return failed, sum(result["status"] == "passed" for result in results)


@pytest.fixture
def eagerly():
    """Run Keras without tracing, which costs more than one epoch."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def make(name, **settings):
    if name == "KerasClassifier":
        from sensorhar.networks import mlp

        settings["build"] = mlp
    if name == "TwoStreamClassifier":
        from sensorhar.networks import slow_fusion

        settings["network"] = slow_fusion
    return getattr(sh, name)(**settings)


@pytest.mark.parametrize("name", LIGHT)
def test_light_classifiers(name):
    failed, n_passed = failures(make(name, **LIGHT[name]), EXEMPT[name])
    assert failed == []
    assert n_passed > 55


@pytest.mark.usefixtures("eagerly")
@pytest.mark.parametrize(
    "name",
    [
        name if name == "MLPClassifier" else pytest.param(name, marks=pytest.mark.slow)
        for name in NETWORKS
    ],
)
def test_networks(name):
    clf = make(name, **NETWORKS[name], **ONE_EPOCH)
    failed, n_passed = failures(clf, EXEMPT_NETWORKS)
    assert failed == []
    assert n_passed > 50


@pytest.mark.slow
@pytest.mark.parametrize("name", NETWORKS)
def test_networks_learn_tables(name):
    """The two checks that one epoch is too short for."""
    longer = {**ONE_EPOCH, "epochs": 40, "batch_size": 32}
    clf = make(name, **NETWORKS[name], **longer)
    check_classifiers_train(name, clf)
    check_class_weight_classifiers(name, clf)
