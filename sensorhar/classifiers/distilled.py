"""A small classifier that learns from a larger one: distillation."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone

from sensorhar.classifiers._fusing import FusingClassifier, ask, fit_member, see
from sensorhar.classifiers._lesson import Lesson
from sensorhar.classifiers._ridge import deal_folds
from sensorhar.classifiers._training import Training
from sensorhar.classifiers.base import SensorClassifier
from sensorhar.classifiers.minirocket import MiniRocketClassifier
from sensorhar.classifiers.network import NetworkClassifier
from sensorhar.data.modalities import Modalities

__all__ = ["DistilledClassifier"]


class DistilledClassifier(FusingClassifier):
    """Train a student on what a teacher says beside the labels.

    The teacher may see more than the student ever will: poses from a camera in the
    laboratory, while the student has to do with the watch. Or the two see the same, and
    the student is small enough for it::

        training   sensor + pose ──▶ teacher ──▶ probabilities ─┐
                   labels ──────────────────────────────────────┼─▶ student
                   sensor ──────────────────────────────────────┘
        later      sensor ──▶ student ──▶ class

    What the teacher says of a subject, it says without having learned from that
    subject: on its own training part it would be as sure as the labels are, and have
    nothing to add.

    Parameters
    ----------
    teacher : classifier
        Anything with ``fit`` and ``predict_proba`` that takes what ``fit`` is given,
        such as a :class:`ScoreFusionClassifier`.
    student : classifier
        A network or a :class:`MiniRocketClassifier`.
    modality : str or None, default=None
        What the student sees of Modalities; None is all, for examples of one kind.
    temperature : float, default=4
        What logits are divided by before softmax, of teacher and student alike; higher
        ones tell more of the classes that the teacher thinks second and third.
    share : float, default=0.3
        Weight of the teacher in the loss, in [0, 1]; the labels have the rest.
    n_folds : int, default=3
        Parts of the subjects in turn of which the teacher speaks after learning from
        the others.
    random_state : int or None, default=None
        Deals the subjects into folds. Teacher and student have their own.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        Labels in the order of the columns of ``predict_proba``.
    student_ : classifier
        The fitted student, which a saved file holds alone.
    lesson_ : array of shape (n_examples, n_classes)
        Probabilities of the teacher, of each training example.

    Notes
    -----
    The defaults were the best of thirteen pairs for a CNN on UTD-MHAD: shares from 0.1
    to 0.9, temperatures from 1 to 8, subjects 1, 3, 5 and 7 left out one at a time, six
    seeds each. High temperatures make the teacher count for more than its share says,
    by the factor of T^2.

    References
    ----------
    G. Hinton, O. Vinyals, J. Dean, Distilling the knowledge in a neural network, 2015:
    the loss, its temperature and its factor of T^2.

    Examples
    --------
    >>> import sensorhar as sh
    >>> windows = sh.make_windows(sh.simulate_recordings(3, random_state=0),
    ...     length_s=2.56, channels=["acc_x", "acc_y", "acc_z"])
    >>> clf = DistilledClassifier(sh.FeatureLinearClassifier(),
    ...     sh.CNNClassifier(filters=(8,), epochs=1, verbose=0)).fit(windows)
    >>> type(clf.student_).__name__
    'CNNClassifier'
    """

    student_: Any
    lesson_: NDArray[np.float64]

    def __init__(
        self,
        teacher: Any = None,
        student: Any = None,
        *,
        modality: str | None = None,
        temperature: float = 4.0,
        share: float = 0.3,
        n_folds: int = 3,
        random_state: Any = None,
    ) -> None:
        self.teacher = teacher
        self.student = student
        self.modality = modality
        self.temperature = temperature
        self.share = share
        self.n_folds = n_folds
        self.random_state = random_state

    def _learn(self, training: Training) -> None:
        self._check_parameters(training.numbers)
        labels = self.classes_[training.codes]
        self.lesson_ = self._ask_teacher(training, labels)
        seen, rows = self._for_student(training.numbers)
        student: SensorClassifier = clone(self.student)
        watched = None
        if training.watched is not None:
            its, at = self._for_student(training.watched[0])
            watched = its, self.classes_[training.watched[1]][at]
        groups = None if training.groups is None else training.groups[rows]
        weight = None if training.weight is None else training.weight[rows]
        own = student._prepare(seen, labels[rows], groups, weight, watched)
        if len(student.classes_) < len(self.classes_):
            lost = sorted(set(self.classes_) - set(student.classes_), key=str)
            raise ValueError(
                f"the student must see all classes; {self.modality!r} lacks {lost!r}. "
                "Leave these classes out."
            )
        lesson = Lesson(self.lesson_[rows], float(self.temperature), float(self.share))
        student._learn(
            Training(
                own.numbers, own.codes, own.groups, own.weight, own.watched, lesson
            )
        )
        self.student_ = student
        self.history_ = student.history_

    def _estimate(self, numbers: Any) -> NDArray[np.float64]:
        seen, rows = self._for_student(numbers)
        if len(rows) < len(numbers):
            raise ValueError(
                f"the student needs {self.modality!r}; {len(numbers) - len(rows)} of "
                f"{len(numbers)} moments lack it. Leave them out."
            )
        return ask(self.student_, seen)

    def _check_input(self, X: Any) -> Any:
        """Take what the student alone sees, too."""
        if self.modality is not None and not isinstance(X, Modalities):
            return self.student_._check_input(X)
        return super()._check_input(X)

    def _for_student(self, X: Any) -> tuple[Any, NDArray[np.intp]]:
        return see(X, self.modality or "")

    def _ask_teacher(self, training: Training, labels: Any) -> NDArray[np.float64]:
        """Return what teachers say of subjects that they have not learned from."""
        from sklearn.utils import check_random_state

        seed = check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        fold = deal_folds(
            training.codes,
            training.groups,
            np.random.default_rng(seed),
            n_folds=self.n_folds,
        )
        said = np.zeros((len(labels), len(self.classes_)))
        for k in range(fold.max() + 1):
            rest, asked = np.flatnonzero(fold != k), np.flatnonzero(fold == k)
            groups = None if training.groups is None else training.groups[rest]
            weight = None if training.weight is None else training.weight[rest]
            teacher = fit_member(
                clone(self.teacher),
                training.numbers[rest],
                labels[rest],
                groups,
                weight,
            )
            columns = np.searchsorted(self.classes_, teacher.classes_)
            said[np.ix_(asked, columns)] = teacher.predict_proba(
                training.numbers[asked]
            )
        return said

    def _check_parameters(self, X: Any) -> None:
        if not isinstance(self.student, (NetworkClassifier, MiniRocketClassifier)):
            raise ValueError(
                "student must be a network or a MiniRocketClassifier, which learn from "
                f"probabilities; got {self.student!r}."
            )
        if not hasattr(self.teacher, "predict_proba"):
            raise ValueError(
                f"teacher must be a classifier with predict_proba; got {self.teacher!r}"
            )
        known = list(getattr(X, "modalities", ()))
        if known and self.modality not in known:
            raise ValueError(
                f"modality must say what the student sees, one of {known!r}; got "
                f"{self.modality!r}."
            )
        if not self.temperature > 0:
            raise ValueError(f"temperature must be above 0; got {self.temperature!r}.")
        if not 0 <= self.share <= 1:
            raise ValueError(f"share must lie in [0, 1]; got {self.share!r}.")
        if not isinstance(self.n_folds, (int, np.integer)) or self.n_folds < 2:
            raise ValueError(
                f"n_folds must be a whole number from 2; got {self.n_folds!r}."
            )

    def _members(self) -> dict[str, Any]:
        return {"student": self.student_}

    @classmethod
    def _made_of(cls, members: dict[str, Any]) -> dict[str, Any]:
        return {"student": clone(members["student"])}

    def _take_back(self, members: dict[str, Any]) -> None:
        self.student_ = members["student"]
