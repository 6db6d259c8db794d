"""One classifier trained and tested on every split with every seed."""

from collections.abc import Mapping
from inspect import Parameter, signature
from time import perf_counter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.evaluation.confusion import confusion_by_group
from sensorhar.evaluation.keep import Keep
from sensorhar.evaluation.result import History, Result, Scored
from sensorhar.evaluation.splits import Splits, natural_order

__all__ = ["Run", "is_random"]


class Run:
    """One classifier on its way through all seeds and splits.

    Parameters
    ----------
    name : str
        What messages call it.
    classifier : estimator
        It stays unfitted; clones are trained.
    splits : Splits
        Windows, and which to train and test on.
    labels : tuple of str
        Order of the codes.
    keep : Keep
        Where finished fits are kept.
    """

    def __init__(
        self,
        name: str,
        classifier: Any,
        splits: Splits,
        labels: tuple[str, ...],
        keep: Keep,
    ) -> None:
        self.name, self.classifier, self.splits = name, classifier, splits
        self.labels, self.keep = labels, keep
        self.code = {label: i for i, label in enumerate(labels)}
        self.predicted: list[NDArray[np.intp]] = []
        self.probability: list[NDArray[np.float32] | None] = []
        self.fit_s: list[float] = []
        self.histories: list[History] = []

    def fit(self, seed: int, split: int) -> None:
        """Train on one split and keep what is said of its test windows."""
        kept = self.keep.find(self.classifier, seed, split)
        if kept is None:
            kept = self._fit(seed, split)
            self.keep.put(self.classifier, seed, split, **kept)
        self.fit_s.append(float(kept["fit_s"]))
        self.predicted.append(kept["codes"])
        self.probability.append(kept.get("probability"))
        if kept["history"]:
            curves = {name: tuple(values) for name, values in kept["history"].items()}
            self.histories.append(History(seed, split, curves))

    def _fit(self, seed: int, split: int) -> dict[str, Any]:
        """Train a clone; return what it says, and how it learnt."""
        train, test = self.splits.pairs[split]
        windows: Any = self.splits.windows
        clone = _clone(self.classifier, seed)
        start = perf_counter()
        _fit(clone, windows[train], self.name)
        fit_s = perf_counter() - start
        if hasattr(clone, "domain_"):
            # All windows were read alike; a person who wears the sensor the other way
            # round is a hard case to be scored, not a mistake to be refused.
            clone.domain_ = None
        history = getattr(clone, "history_", None)
        curves = history if isinstance(history, Mapping) else {}
        return {
            "codes": self._codes(clone.predict(windows[test])),
            "probability": self._probability(clone, windows[test]),
            "fit_s": fit_s,
            "history": {
                str(name): list(map(float, values)) for name, values in curves.items()
            },
        }

    def result(self, seeds: tuple[int, ...], scored: Scored) -> Result:
        """Return the counts of all fits."""
        n_seeds, n_splits = len(seeds), len(self.splits)
        predicted = np.concatenate(self.predicted).reshape(n_seeds, -1)
        subjects = natural_order(scored.subject)
        names = np.array(self.labels, dtype=object)
        counts = [
            confusion_by_group(
                scored.label,
                names[codes],
                scored.subject,
                labels=self.labels,
                subjects=subjects,
            )
            for codes in predicted
        ]
        parts = [part for part in self.probability if part is not None]
        probability = None
        if len(parts) == len(self.probability):
            probability = np.concatenate(parts)
            probability = probability.reshape(n_seeds, -1, len(self.labels))
        return Result(
            name=self.name,
            estimator=" ".join(repr(self.classifier).split()),
            labels=self.labels,
            subjects=tuple(subjects),
            seeds=seeds,
            counts=np.stack(counts),
            fit_s=np.array(self.fit_s).reshape(n_seeds, n_splits),
            null_label=getattr(self.splits.windows, "null_label", None),
            histories=tuple(self.histories),
            predicted=predicted,
            probability=probability,
        )

    def _codes(self, said: Any) -> NDArray[np.intp]:
        strange = {str(label) for label in said} - set(self.code)
        if strange:
            raise ValueError(
                f"{self.name!r} must predict labels of the windows, "
                f"{listing(self.labels)}; got {listing(strange)}. Train it on "
                "windows.y, without an encoder of its own."
            )
        return np.array([self.code[str(label)] for label in said], dtype=np.intp)

    def _probability(self, clone: Any, test: Any) -> NDArray[np.float32] | None:
        """Return probabilities with a column for every label of the report."""
        if not hasattr(clone, "predict_proba"):
            return None
        table = np.zeros((len(test), len(self.labels)), dtype=np.float32)
        columns = [self.code[str(label)] for label in clone.classes_]
        table[:, columns] = clone.predict_proba(test)
        return table


def is_random(classifier: Any) -> bool:
    """Say whether a seed makes a difference.

    Parameters
    ----------
    classifier : estimator
        Any.

    Returns
    -------
    bool
        Whether it, or a part of it, has a ``random_state``.

    Examples
    --------
    >>> from sklearn.linear_model import RidgeClassifier
    >>> from sklearn.neighbors import KNeighborsClassifier
    >>> is_random(RidgeClassifier()), is_random(KNeighborsClassifier())
    (True, False)
    """
    names = classifier.get_params(deep=True)
    return any(name.rpartition("__")[2] == "random_state" for name in names)


def _clone(classifier: Any, seed: int) -> Any:
    """Return an unfitted copy with its seed set, and silent."""
    from sklearn.base import clone

    copy = clone(classifier)
    changes: dict[str, Any] = {}
    for name, value in copy.get_params(deep=True).items():
        last = name.rpartition("__")[2]
        if last == "random_state":
            changes[name] = seed
        elif last == "verbose" and isinstance(value, (bool, int)):
            changes[name] = type(value)(0)
    return copy.set_params(**changes)


def _fit(classifier: Any, train: Any, name: str) -> None:
    taken = signature(classifier.fit).parameters
    # A search hands groups on to its own splitter, though its fit does not name them.
    is_search = hasattr(classifier, "refit") and hasattr(classifier, "cv")
    is_open = any(p.kind is Parameter.VAR_KEYWORD for p in taken.values())
    more = {}
    if "groups" in taken or (is_search and is_open):
        more["groups"] = train.groups
    try:
        classifier.fit(train, train.y, **more)
    except ValueError as error:
        if "dim 3" not in str(error):  # scikit-learn's words: "Found array with dim 3"
            raise
        raise ValueError(
            f"{name!r} takes a 2-D table of features; got windows of shape "
            f"{train.shape}. Put a step before it that makes features, such as "
            "make_pipeline(FunctionTransformer(lambda w: "
            "np.asarray(w).reshape(len(w), -1)), classifier)."
        ) from error
