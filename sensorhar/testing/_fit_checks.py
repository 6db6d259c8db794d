"""Checks of fitting: labels of all kinds, seeds, weights, scikit-learn's tools."""

import contextlib
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.model_selection import (
    GridSearchCV,
    GroupKFold,
    StratifiedGroupKFold,
    cross_validate,
)
from sklearn.pipeline import Pipeline
from sklearn.preprocessing import FunctionTransformer

from sensorhar.testing._case import ClassifierCase, assert_close

__all__ = ["FIT_CHECKS"]


def check_fit_returns_self(case: ClassifierCase) -> None:
    """Fit: it returns self, and parameters stay as they were."""
    clf = case.quick()
    before = clf.get_params(deep=False)
    assert clf.fit(case.train) is clf
    after = clf.get_params(deep=False)
    assert all(after[name] is value for name, value in before.items())


def check_fit_changes_no_input(case: ClassifierCase) -> None:
    """Fit: the windows, labels and groups given are the same bytes afterwards."""
    numbers, y = case.arrays
    groups = case.groups
    before = numbers.tobytes(), y.tobytes(), groups.tobytes()
    for array in (numbers, y, groups):
        array.flags.writeable = False
    case.quick().fit(numbers, y, groups=groups)
    assert (numbers.tobytes(), y.tobytes(), groups.tobytes()) == before


def check_label_types(case: ClassifierCase) -> None:
    """Fit on text, numbers with gaps, negative numbers and bools, in any order."""
    numbers, y = case.arrays
    numbers, code = numbers[::-1], np.unique(y, return_inverse=True)[1][::-1]
    kinds: tuple[Any, ...] = (
        np.array(["zebra", "ant", "Mole"], dtype=object),
        np.array([7, -2, 40]),
        np.array([True, False, True]),
    )
    for kind in kinds:
        clf = case.quick().fit(numbers, kind[code])
        assert clf.classes_.tolist() == sorted(set(kind.tolist()))
        assert clf.classes_.dtype == kind.dtype
        assert set(clf.predict(numbers[:6]).tolist()) <= set(kind.tolist())


def check_two_axes(case: ClassifierCase) -> None:
    """Fit and predict a 2-D array: windows of one channel."""
    numbers, y = case.arrays
    flat = numbers[:, :, 0]
    clf = case.quick().fit(flat, y)
    assert (clf.n_timepoints_, clf.n_channels_) == (32, 1)
    assert clf.spec_ is None
    proba = clf.predict_proba(flat[:5])
    assert_close(clf.predict_proba(flat[:5, :, None]), proba, 1e-6)


def check_same_seed(case: ClassifierCase) -> None:
    """Fit twice with one random_state: the same probabilities."""
    first, second = (case.quick().fit(case.train) for _ in range(2))
    expected = first.predict_proba(case.held)
    assert_close(second.predict_proba(case.held), expected, 1e-6)
    # A second fit starts anew: nothing is left of the first, nor of its shape.
    numbers, y = case.arrays
    second.fit(numbers[:, :20, :2], y).fit(case.train)
    assert_close(second.predict_proba(case.held), expected, 1e-6)


def check_no_global_state(case: ClassifierCase) -> None:
    """Fit quietly in an empty folder: no file, no word, numpy's generator unmoved."""
    before = np.random.get_state()[1].copy()  # type: ignore[index]  # noqa: NPY002
    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        with contextlib.redirect_stdout(_Silence()):
            case.quick().fit(case.train).predict(case.held)
        left = [path.name for path in Path(folder).iterdir()]
    assert not left, f"fit must write nothing; it wrote {left!r}"
    after = np.random.get_state()[1]  # type: ignore[index]  # noqa: NPY002
    assert (before == after).all(), "fit must not move numpy's global generator"


def check_zero_weight(case: ClassifierCase) -> None:
    """Give windows with wrong labels no weight: they teach nothing wrong.

    Of networks, whose few steps here would learn too little, only that weights count.
    """
    numbers, y = case.arrays
    if case.is_network:
        weight = np.where(y == "rest", 0.0, 1.0)
        with_weight = case.quick().fit(numbers, y, sample_weight=weight)
        without = case.quick().fit(numbers, y).predict_proba(numbers)
        difference = np.abs(with_weight.predict_proba(numbers) - without)
        assert difference.max() > 1e-4, "sample_weight must change the fit"
        return
    wrong = np.where(y == "rest", "shake", "rest")
    both = np.concatenate([numbers, numbers])
    labels = np.concatenate([y, wrong])
    weight = np.repeat([1.0, 0.0], len(y))
    clf = case.make().fit(both, labels, sample_weight=weight)
    truth = np.array(case.held.y, dtype=str)
    accuracy = clf.score(np.asarray(case.held), truth)
    assert accuracy > 0.9, f"windows without weight pull accuracy to {accuracy:.3f}"


def check_class_weight(case: ClassifierCase) -> None:
    """Weigh classes: the same as weighing their windows."""
    if "class_weight" not in case.make().get_params():
        return
    numbers, y = case.arrays
    is_kept = (y != "rest") | (np.arange(len(y)) < 12)
    numbers, y = numbers[is_kept], y[is_kept]
    names, counts = np.unique(y, return_counts=True)
    # scikit-learn's rule: n_windows / (n_classes * windows of the class)
    rule = dict(zip(names, len(y) / (len(names) * counts), strict=True))
    weight = np.array([rule[label] for label in y])
    by_window = case.quick().fit(numbers, y, sample_weight=weight)
    expected = by_window.predict_proba(numbers)
    for class_weight in ("balanced", rule):
        clf = case.quick(class_weight=class_weight).fit(numbers, y)
        assert_close(clf.predict_proba(numbers), expected, 1e-5)


def check_cross_validate(case: ClassifierCase) -> None:
    """Cross-validate a pipeline on Windows over subjects: every fold has a score."""
    pipeline = Pipeline([("same", FunctionTransformer()), ("classify", case.quick())])
    result = cross_validate(
        pipeline,
        case.train,
        case.train.y,
        groups=case.train.groups,
        cv=GroupKFold(2),
        return_estimator=True,
        error_score="raise",
    )
    assert np.isfinite(result["test_score"]).all()
    for fitted in result["estimator"]:
        assert fitted["classify"].spec_ == case.train.spec, (
            "Windows must reach the classifier as Windows"
        )


def check_grid_search(case: ClassifierCase) -> None:
    """Search a grid over subjects: the best classifier is fitted again on all."""
    parameters = case.make().get_params(deep=False)
    grids: dict[str, list[Any]] = {
        "learning_rate": [1e-3, 1e-2],
        "class_weight": [None, "balanced"],
    }
    name = next((name for name in grids if name in parameters), min(parameters))
    values: list[Any] = grids.get(name) or [parameters[name]]
    search = GridSearchCV(
        case.quick(),
        {name: values},
        cv=StratifiedGroupKFold(2),
        error_score="raise",
    )
    search.fit(case.train, case.train.y, groups=case.train.groups)
    assert repr(search.best_params_[name]) in [repr(value) for value in values]
    assert search.best_estimator_.spec_ == case.train.spec
    assert search.predict(case.held).shape == (len(case.held),)


class _Silence:
    """A text file that refuses words."""

    def write(self, text: str) -> int:
        raise AssertionError(f"a quiet fit must not print; it printed {text!r}")

    def flush(self) -> None:
        pass


FIT_CHECKS = (
    check_fit_returns_self,
    check_fit_changes_no_input,
    check_label_types,
    check_two_axes,
    check_same_seed,
    check_no_global_state,
    check_zero_weight,
    check_class_weight,
    check_cross_validate,
    check_grid_search,
)
