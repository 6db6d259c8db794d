"""Classifiers that each see one modality, their scores fused: late fusion."""

from collections.abc import Sequence
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils.metaestimators import _BaseComposition

from sensorhar._checks import check_choice
from sensorhar.classifiers._fusing import (
    FusingClassifier,
    ask,
    check_estimators,
    fit_member,
    see,
)
from sensorhar.classifiers._training import Training

__all__ = ["ScoreFusionClassifier"]

FUSIONS = ("probabilities_mean", "logits_mean", "logits_sum")

#: Probabilities below this count as this before their logarithm is taken.
LEAST = 1e-7


class ScoreFusionClassifier(FusingClassifier, _BaseComposition):
    """Fuse the scores of classifiers that were trained each on its own.

    ::

        sensor ──▶ classifier ──▶ probabilities ─┐
                                                 ├─▶ fused ──▶ class
        pose   ──▶ classifier ──▶ probabilities ─┘

    Given :class:`Modalities`, each member sees the modality of its name, and a moment
    that lacks one is classified by those it has. Given windows, poses or clips, all
    members see the same: they vote.

    Parameters
    ----------
    estimators : list of (str, classifier)
        Members by name; of Modalities, the names are those of the modalities.
    fusion : {"probabilities_mean", "logits_mean", "logits_sum"}, default=\
"probabilities_mean"
        What is fused. Logits are the logarithms of the probabilities: their sum is the
        product rule, which trusts that the members err independently, and their mean
        has the same winner but is less sure of itself.
    weights : sequence of float or None, default=None
        Weight of each member; None weighs them alike.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        Labels in the order of the columns of ``predict_proba``.
    estimators_ : list of classifier
        The fitted members.
    modalities_ : tuple of str or None
        The modalities it was fitted on; None after examples of one kind.

    See Also
    --------
    FeatureFusionClassifier : early fusion, in one network.
    sensorhar.networks.two_stream.fuse : the same rules inside a network.

    References
    ----------
    J. Kittler et al., On combining classifiers, IEEE TPAMI 20(3), 1998: the sum rule
    (``"probabilities_mean"``) and the product rule (``"logits_sum"``).

    Examples
    --------
    >>> import sensorhar as sh
    >>> windows = sh.make_windows(sh.simulate_recordings(3, random_state=0),
    ...     length_s=2.56, channels=["acc_x", "acc_y", "acc_z"])
    >>> clf = ScoreFusionClassifier([
    ...     ("linear", sh.FeatureLinearClassifier()),
    ...     ("forest", sh.FeatureForestClassifier(n_trees=20, random_state=0)),
    ... ]).fit(windows)
    >>> clf.predict(windows[:2]).shape
    (2,)
    """

    estimators_: list[Any]

    def __init__(
        self,
        estimators: Any,
        *,
        fusion: Literal[
            "probabilities_mean", "logits_mean", "logits_sum"
        ] = "probabilities_mean",
        weights: Sequence[float] | None = None,
    ) -> None:
        self.estimators = estimators
        self.fusion = fusion
        self.weights = weights

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters, and with ``deep`` those of the members."""
        if not isinstance(self.estimators, list):
            deep = False
        params: dict[str, Any] = self._get_params("estimators", deep=deep)
        return params

    def set_params(self, **params: Any) -> Self:
        """Set parameters, members by their name, and theirs as ``name__parameter``."""
        self._set_params("estimators", **params)
        return self

    def _learn(self, training: Training) -> None:
        check_choice(self.fusion, "fusion", FUSIONS)
        members = check_estimators(self.estimators, type(self).__name__)
        self._member_weights(len(members))
        labels = self.classes_[training.codes]
        self.estimators_ = []
        for name, member in members:
            seen, rows = see(training.numbers, name)
            if seen is None:
                raise ValueError(
                    f"each of estimators must be named as a modality; {name!r} is none "
                    f"of {list(training.numbers.modalities)!r}."
                )
            watched = None
            if training.watched is not None:
                its, at = see(training.watched[0], name)
                watched = its, self.classes_[training.watched[1]][at]
            groups = None if training.groups is None else training.groups[rows]
            weight = None if training.weight is None else training.weight[rows]
            fitted = fit_member(
                clone(member), seen, labels[rows], groups, weight, watched
            )
            self.estimators_.append(fitted)

    def _estimate(self, numbers: Any) -> NDArray[np.float64]:
        n = len(numbers)
        total = np.zeros((n, len(self.classes_)))
        weight = np.zeros((n, 1))
        own = self._member_weights(len(self.estimators_))
        for (name, _), member, w in zip(
            self.estimators, self.estimators_, own, strict=True
        ):
            seen, rows = see(numbers, name)
            if not len(rows):
                continue
            scores = np.zeros((len(rows), len(self.classes_)))
            columns = np.searchsorted(self.classes_, member.classes_)
            scores[:, columns] = ask(member, seen)
            if self.fusion != "probabilities_mean":
                scores = np.log(np.maximum(scores, LEAST))
            total[rows] += w * scores
            weight[rows] += w
        if not weight.all():
            raise ValueError(
                f"every moment must have one of {[n for n, _ in self.estimators]!r}; "
                f"got {int((weight == 0).sum())} with none that counts. Leave them out."
            )
        if self.fusion != "logits_sum":
            total /= weight
        if self.fusion == "probabilities_mean":
            return total
        exponential: NDArray[np.float64] = np.exp(
            total - total.max(axis=1, keepdims=True)
        )
        return exponential

    def _member_weights(self, n_members: int) -> NDArray[np.float64]:
        if self.weights is None:
            return np.ones(n_members)
        weights = np.asarray(self.weights, dtype=np.float64)
        if weights.shape != (n_members,) or (weights < 0).any() or not weights.any():
            raise ValueError(
                f"weights must be {n_members} numbers from 0, one for each of "
                f"estimators; got {self.weights!r}."
            )
        return weights

    def _members(self) -> dict[str, Any]:
        names = [name for name, _ in self.estimators]
        return dict(zip(names, self.estimators_, strict=True))

    @classmethod
    def _made_of(cls, members: dict[str, Any]) -> dict[str, Any]:
        return {"estimators": [(name, clone(own)) for name, own in members.items()]}

    def _take_back(self, members: dict[str, Any]) -> None:
        self.estimators_ = list(members.values())
