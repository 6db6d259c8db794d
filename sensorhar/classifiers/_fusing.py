"""What the classifiers share that are made of other classifiers."""

from collections.abc import Sequence
from inspect import signature
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._words import listing
from sensorhar.classifiers._given import check_not_empty
from sensorhar.classifiers.base import SensorClassifier
from sensorhar.data.examples import Examples
from sensorhar.data.modalities import Modalities
from sensorhar.errors import SpecMismatchError

__all__ = ["FusingClassifier", "ask", "check_estimators", "fit_member", "see"]


class FusingClassifier(SensorClassifier):
    """Base of the classifiers whose members see one modality each, or all the same.

    Modalities, and what they are fitted on, reach the members as they are given, so
    that each checks its own.
    """

    _ranks: tuple[int, ...] = (-1, 0, 1, 2)  # modalities, windows, poses, clips
    modalities_: tuple[str, ...] | None

    def _look_at(self, numbers: Any) -> None:
        self.modalities_ = getattr(numbers, "modalities", None)
        self.domain_ = None  # the members guard themselves
        self.channel_level_ = np.zeros(self.input_shape_[-1], dtype=np.float32)

    def _numbers_of(self, examples: Examples) -> Any:
        self._check_rank(examples)
        check_not_empty(examples)
        return examples

    def _check_input(self, X: Any) -> Any:
        if isinstance(X, Modalities) and self.modalities_ is not None:
            return X
        if isinstance(X, Modalities) or self.modalities_ is not None:
            what = f"Modalities of {listing(self.modalities_ or ())}"
            raise SpecMismatchError(
                f"{type(self).__name__} was fitted on "
                f"{what if self.modalities_ else 'examples of one kind'}; got "
                f"{type(X).__name__}. Pair them by name: Modalities.matched(parts)."
            )
        numbers: Any = super()._check_input(X)
        is_raw = not isinstance(numbers, Examples)
        return numbers if is_raw else SensorClassifier._numbers_of(self, numbers)

    def _unmask(self, numbers: Any) -> Any:
        return numbers


def see(X: Any, name: str) -> tuple[Any, NDArray[np.intp]]:
    """Return what a member sees of the examples, and which of them.

    Parameters
    ----------
    X : Modalities, other examples or array
        Of Modalities it sees the one of its name; of others everything.
    name : str
        Of the member.

    Returns
    -------
    seen : examples, array or None
        None where there is no such modality.
    rows : array of int
        Their places in ``X``.
    """
    if not isinstance(X, Modalities):
        return X, np.arange(len(X))
    if name not in X.modalities:
        return None, np.zeros(0, dtype=np.intp)
    return X[name], np.flatnonzero(X.has(name))


def ask(member: Any, seen: Any) -> NDArray[Any]:
    """Return the probabilities of a member; numbers have been checked already."""
    is_checked = not isinstance(seen, Examples)
    if is_checked and isinstance(member, SensorClassifier):
        return member._proba(seen)
    proba: NDArray[Any] = member.predict_proba(seen)
    return proba


def check_estimators(estimators: Any, owner: str) -> list[tuple[str, Any]]:
    """Return the members by name, or refuse.

    Parameters
    ----------
    estimators : sequence of (str, classifier)
        Members.
    owner : str
        Who has them, for messages.
    """
    is_list = isinstance(estimators, Sequence) and not isinstance(estimators, str)
    pairs = list(estimators) if is_list else []
    if not pairs or not all(isinstance(p, tuple) and len(p) == 2 for p in pairs):
        raise ValueError(
            f"{owner} needs estimators, a list of (name, classifier); got "
            f"{estimators!r}."
        )
    names = [name for name, _ in pairs]
    if len(set(names)) < len(names) or not all(isinstance(n, str) for n in names):
        raise ValueError(f"estimators must have names that differ; got {names!r}.")
    return pairs


def fit_member(
    member: Any,
    X: Any,
    y: NDArray[Any],
    groups: NDArray[Any] | None,
    weight: NDArray[Any] | None,
    watched: tuple[Any, NDArray[Any]] | None = None,
) -> Any:
    """Fit a member with as much as its ``fit`` takes."""
    taken = signature(member.fit).parameters
    given = {"groups": groups, "sample_weight": weight, "validation_data": watched}
    more = {k: v for k, v in given.items() if k in taken and v is not None}
    return member.fit(X, y, **more)
