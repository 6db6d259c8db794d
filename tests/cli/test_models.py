"""Names of classifiers, and what reaches their constructors."""

import inspect

import pytest

import sensorhar as sh
from sensorhar import classifiers
from sensorhar.cli._models import MODELS, WITHOUT_EPOCHS, build, check_models


def test_every_classifier_has_a_name():
    # These need a function, or other classifiers, which a command line cannot give.
    needy = {"KerasClassifier", "DistilledClassifier"}
    needy |= {"FeatureFusionClassifier", "ScoreFusionClassifier"}
    assert sorted(MODELS.values()) == sorted(set(classifiers.__all__) - needy)


def test_those_without_epochs_are_known():
    without = {
        name
        for name, kind in MODELS.items()
        if "epochs" not in inspect.signature(getattr(sh, kind)).parameters
    }
    assert set(WITHOUT_EPOCHS) == without


def test_parameters_go_where_they_are_known():
    clf = build("features-linear", epochs=3, seed=7, verbose=1)
    assert isinstance(clf, sh.FeatureLinearClassifier)
    assert clf.random_state == 7
    assert not hasattr(clf, "epochs")


def test_names_between_commas():
    assert check_models("minirocket, features-linear", epochs=None) == [
        "minirocket",
        "features-linear",
    ]


@pytest.mark.parametrize(
    ("names", "epochs", "message"),
    [
        ("cnm", None, r"must be of cnn, .*; got 'cnm'. Did you mean 'cnn'\?"),
        ("transformer9000", None, "got 'transformer9000'.$"),
        ("", None, "must name classifiers, each once; got ''"),
        ("cnn,cnn", None, "each once; got 'cnn,cnn'"),
        ("cnn", 0, "--epochs must be a whole number from 1; got 0"),
        ("minirocket", 3, "--epochs means nothing to minirocket; got 3"),
    ],
)
def test_wrong_names(names, epochs, message):
    with pytest.raises(ValueError, match=message):
        check_models(names, epochs=epochs)
