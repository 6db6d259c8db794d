"""The battery itself: it runs in one call, and it catches what it should."""

import pytest

import sensorhar as sh
from sensorhar.testing import CLASSIFIER_CHECKS, check_classifier
from sensorhar.testing._file_checks import FILE_CHECKS


def test_the_battery_in_one_call():
    leave = {check.__name__: "starts processes" for check in FILE_CHECKS}
    ran = check_classifier(sh.FeatureLinearClassifier, skip=leave)
    assert len(ran) == len(CLASSIFIER_CHECKS) - len(FILE_CHECKS)
    assert not set(ran) & set(leave)


def test_the_battery_names_the_check_that_fails():
    class Forgetful(sh.FeatureLinearClassifier):
        def fit(self, X, y=None, **more):
            super().fit(X, y, **more)  # forgets to return self

    check = next(c for c in CLASSIFIER_CHECKS if "returns_self" in c.__name__)
    with pytest.raises(AssertionError) as raised:
        check_classifier(Forgetful, checks=[check])
    assert "in check_fit_returns_self: Fit:" in raised.value.__notes__[0]


def test_skip_needs_a_known_check_and_a_reason():
    make = sh.FeatureLinearClassifier
    with pytest.raises(ValueError, match="skip must name checks.*got 'check_magic'"):
        check_classifier(make, skip={"check_magic": "because"})
    with pytest.raises(ValueError, match="a reason for each check.*'check_clone'"):
        check_classifier(make, skip={"check_clone": " "})


def test_every_check_has_a_name_and_a_sentence():
    names = [check.__name__ for check in CLASSIFIER_CHECKS]
    assert len(set(names)) == len(names) > 50
    assert all(check.__doc__ for check in CLASSIFIER_CHECKS)


@pytest.mark.parametrize(
    ("check", "spoil"),
    [
        ("check_probabilities", {"predict_proba": lambda self, X: 2 * self.proba(X)}),
        ("check_not_finite", {"predict": lambda self, X: None}),
        ("check_other_rate", {"predict": lambda self, X: None}),
        (
            "check_rows_stand_alone",
            {"predict_proba": lambda self, X: self.proba(X) / len(X)},
        ),
        (
            "check_predict_is_most_probable",
            {"predict": lambda self, X: self.classes_[self.proba(X).argmin(axis=1)]},
        ),
    ],
)
def test_the_battery_catches(check, spoil):
    """A battery that passes everything proves nothing: spoil one method each."""
    base = sh.FeatureLinearClassifier
    Spoiled = type("Spoiled", (base,), {"proba": base.predict_proba, **spoil})
    chosen = [c for c in CLASSIFIER_CHECKS if c.__name__ == check]
    with pytest.raises(AssertionError):
        check_classifier(Spoiled, checks=chosen)
