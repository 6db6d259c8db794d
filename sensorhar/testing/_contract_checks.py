"""Checks of what a classifier is: parameters, clones, labels, probabilities."""

import inspect
from typing import Any

import numpy as np
from sklearn.base import clone, is_classifier
from sklearn.exceptions import NotFittedError

from sensorhar.testing._case import ClassifierCase, assert_close, refuses

__all__ = ["CONTRACT_CHECKS"]


def check_constructor_only_assigns(case: ClassifierCase) -> None:
    """Construct with nonsense: it is kept as it is, and nothing is raised."""
    cls = type(case.make())
    nonsense = {name: object() for name in inspect.signature(cls).parameters}
    clf = cls(**nonsense)
    assert vars(clf) == nonsense, "the constructor must assign its arguments alone"


def check_parameters(case: ClassifierCase) -> None:
    """Read and set all parameters; an unknown one is refused by name."""
    clf = case.make()
    parameters = clf.get_params(deep=False)
    assert set(parameters) == set(inspect.signature(type(clf)).parameters)
    assert clf.set_params(**parameters) is clf
    with refuses(ValueError, "Invalid parameter 'no_such_parameter'"):
        clf.set_params(no_such_parameter=1)


def check_clone(case: ClassifierCase) -> None:
    """Clone a fitted classifier: equal parameters, nothing learned comes along."""
    copy = clone(case.fitted)
    learned = [name for name in vars(copy) if name.endswith("_")]
    assert not learned, f"a clone must not be fitted; it has {learned!r}"
    original = case.fitted.get_params(deep=False)
    for name, value in copy.get_params(deep=False).items():
        is_same = value == original[name] or repr(value) == repr(original[name])
        assert is_same, f"the clone changed {name}"  # members are cloned, too
    assert is_classifier(copy), "scikit-learn must see a classifier"


def check_repr(case: ClassifierCase) -> None:
    """Print before and after the fit: the class by name, in a few lines."""
    for clf in (case.make(), case.fitted):
        text = repr(clf)
        assert text.startswith(type(clf).__name__)
        assert len(text) < 1000


def check_not_fitted(case: ClassifierCase) -> None:
    """Use before the fit: NotFittedError says to fit first."""
    clf = case.make()
    calls: tuple[Any, ...] = (
        lambda: clf.predict(case.held),
        lambda: clf.predict_proba(case.held),
        lambda: clf.score(case.held),
        lambda: clf.save("not-fitted.sensorhar"),
    )
    for call in calls:
        with refuses(NotFittedError, "is not fitted yet.*'fit'"):
            call()


def check_fitted_attributes(case: ClassifierCase) -> None:
    """Look at what the fit left: classes in order, the spec, a history of epochs."""
    clf = case.fitted
    assert clf.classes_.tolist() == ["rest", "shake", "swing"]
    assert clf.spec_ == case.train.spec
    assert isinstance(clf.history_, dict)
    if case.is_network:
        lengths = {len(values) for values in clf.history_.values()}
        assert len(lengths) == 1, "history_ must hold one number an epoch"
        assert 1 <= lengths.pop() <= clf.epochs
        assert "loss" in clf.history_


def check_probabilities(case: ClassifierCase) -> None:
    """Predict: one row a window, one column a class, at least 0, sums of 1."""
    proba = case.fitted.predict_proba(case.held)
    assert proba.shape == (len(case.held), len(case.fitted.classes_))
    assert proba.dtype == np.float64
    assert (proba >= 0).all()
    assert_close(proba.sum(axis=1), 1.0, 1e-12)


def check_predict_is_most_probable(case: ClassifierCase) -> None:
    """Compare labels with probabilities: the label is the most probable class."""
    proba = case.fitted.predict_proba(case.held)
    best = case.fitted.classes_[proba.argmax(axis=1)]
    predicted = case.fitted.predict(case.held)
    assert predicted.shape == (len(case.held),)
    assert (predicted == best).all()


def check_score_is_accuracy(case: ClassifierCase) -> None:
    """Compare the score with the share of right labels, weighted and not."""
    y = case.held.y
    assert y is not None
    is_right = case.fitted.predict(case.held) == y
    score = case.fitted.score
    assert_close(score(case.held), is_right.mean(), 1e-12)
    assert_close(score(np.asarray(case.held), y), is_right.mean(), 1e-12)
    weight = np.arange(len(y))
    assert_close(
        score(case.held, sample_weight=weight),
        np.average(is_right, weights=weight),
        1e-12,
    )
    with refuses(ValueError, "score requires y to be passed.*arrays need y="):
        score(np.asarray(case.held))


def check_learns(case: ClassifierCase) -> None:
    """Learn three separable activities: above 0.9 on subjects never seen."""
    accuracy = case.fitted.score(case.held)
    assert accuracy > 0.9, f"accuracy on held-out subjects is {accuracy:.3f}"


def check_predict_changes_nothing(case: ClassifierCase) -> None:
    """Predict, and compare self and X byte by byte with what they were."""
    numbers = np.asarray(case.held)
    before = numbers.tobytes(), _state(case.fitted)
    case.fitted.predict(numbers)
    case.fitted.predict_proba(case.held)
    case.fitted.score(case.held)
    assert numbers.tobytes() == before[0], "predict must not change X"
    assert np.asarray(case.held).tobytes() == before[0], "predict must not change X"
    assert _state(case.fitted) == before[1], "predict must not change the classifier"


def check_rows_stand_alone(case: ClassifierCase) -> None:
    """Reverse the rows, or give them one by one: each keeps its probabilities."""
    numbers = np.asarray(case.held)
    proba = case.fitted.predict_proba(numbers)
    assert_close(case.fitted.predict_proba(numbers[::-1])[::-1], proba, 1e-5)
    for size in (1, 7):
        parts = [
            case.fitted.predict_proba(numbers[i : i + size])
            for i in range(0, 2 * size + 1, size)
        ]
        rows = np.concatenate(parts)
        assert_close(rows, proba[: len(rows)], 1e-5)


def check_memory_layout(case: ClassifierCase) -> None:
    """Give float64, Fortran order and strided views: the same answer."""
    numbers = np.asarray(case.held)
    proba = case.fitted.predict_proba(numbers)
    for other in (
        numbers.astype(np.float64),
        np.asfortranarray(numbers),
        np.repeat(numbers, 2, axis=1)[:, ::2],
    ):
        assert_close(case.fitted.predict_proba(other), proba, 1e-5)


def check_windows_and_array_agree(case: ClassifierCase) -> None:
    """Predict Windows and their numbers: the same probabilities."""
    from_windows = case.fitted.predict_proba(case.held)
    assert_close(case.fitted.predict_proba(np.asarray(case.held)), from_windows, 1e-6)


def _state(clf: Any) -> dict[str, Any]:
    """Return all attributes in a form that compares by content."""
    state: dict[str, Any] = {}
    for name, value in vars(clf).items():
        if isinstance(value, np.ndarray):
            state[name] = (value.dtype.str, value.shape, value.tolist())
        elif hasattr(value, "get_weights"):
            state[name] = [weight.tobytes() for weight in value.get_weights()]
        else:
            state[name] = repr(value)
    return state


CONTRACT_CHECKS = (
    check_constructor_only_assigns,
    check_parameters,
    check_clone,
    check_repr,
    check_not_fitted,
    check_fitted_attributes,
    check_probabilities,
    check_predict_is_most_probable,
    check_score_is_accuracy,
    check_learns,
    check_predict_changes_nothing,
    check_rows_stand_alone,
    check_memory_layout,
    check_windows_and_array_agree,
)
