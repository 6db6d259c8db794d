"""The contract that every classifier keeps."""

from pathlib import Path
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.utils.validation import (
    _check_sample_weight,
    check_is_fitted,
    validate_data,
)

from sensorhar._words import listing
from sensorhar.classifiers._conform import conform
from sensorhar.classifiers._domain import Domain
from sensorhar.classifiers._given import (
    KINDS,
    check_label_types,
    check_not_empty,
    labels_of,
    say_shape,
)
from sensorhar.classifiers._mask import fill, find_masks, training_level
from sensorhar.classifiers._rows import Numbers, Rows, moments
from sensorhar.classifiers._training import Training, weigh_classes
from sensorhar.data.clip_spec import ClipSpec
from sensorhar.data.examples import Examples
from sensorhar.data.pose_spec import PoseSpec
from sensorhar.data.spec import WindowSpec
from sensorhar.errors import SpecMismatchError

__all__ = ["SensorClassifier"]

#: Rate assumed for features of bare arrays, which carry none: the field's commonest.
ASSUMED_RATE_HZ = 50.0


class SensorClassifier(ClassifierMixin, BaseEstimator):
    """Base of all classifiers: checks and conversions stand here, learning below.

    A subclass gives ``_learn`` and ``_estimate``, and names in ``_arrays`` the fitted
    arrays that a saved file must hold, and in ``_ranks`` how many axes of space an
    example may have: none for windows, joints for poses, height and width for clips.
    With ``_is_flat`` it sees the coordinates of all joints side by side, as channels.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        Labels in the order of the columns of ``predict_proba``.
    spec_ : WindowSpec, PoseSpec, ClipSpec or None
        The examples it was fitted on; None after bare arrays.
    history_ : dict of str to list of float
        One number an epoch; empty for classifiers that have no epochs.
    input_shape_ : tuple of int
        Shape of an example: ``(n_timepoints, n_channels)`` of a window, with the axes
        of space between the two for poses and clips.
    domain_ : Domain or None
        Sizes and directions of gravity seen by ``fit``, which guard against readings in
        g, without gravity, or with other axes; None guards against nothing.
    required_channels_, optional_channels_ : tuple of str
        Channels that it cannot do without, and those that may be masked by
        ``make_windows(..., missing="mask")``: because training windows lacked them, or
        by ``sensor_dropout``.
    channel_level_ : array of shape (n_channels,)
        Mean of each channel in training, which stands in for masked ones.
    """

    classes_: NDArray[Any]
    spec_: WindowSpec | PoseSpec | ClipSpec | None
    history_: dict[str, list[float]]
    input_shape_: tuple[int, ...]
    domain_: Domain | None
    optional_channels_: tuple[str, ...]
    channel_level_: NDArray[np.float32]

    _arrays: tuple[str, ...] = ()
    _ranks: tuple[int, ...] = (0,)
    _is_flat = False

    def fit(
        self,
        X: Examples | ArrayLike,
        y: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        validation_data: tuple[Any, Any] | Examples | None = None,
    ) -> Self:
        """Learn from labelled examples.

        Parameters
        ----------
        X : Windows, Poses, Clips, or array of shape (n, n_timepoints, n_channels)
            A 2-D array is taken as windows of one channel. Classifiers that know space
            take arrays with axes of space before the channels too.
        y : array-like of shape (n_windows,) or None, default=None
            Labels. None takes those of ``Windows``, ``Poses`` or ``Clips``; bare arrays
            need it.
        groups : array-like of shape (n_windows,) or None, default=None
            Subjects. None takes those of ``Windows``. Networks stop early by the loss
            on some of them, whom they do not train on.
        sample_weight : array-like of shape (n_windows,) or None, default=None
            Weight of each window in the loss.
        validation_data : Windows or (X, y), or None, default=None
            Windows to watch instead of subjects taken from the training part.

        Returns
        -------
        self

        Raises
        ------
        ValueError
            When labels or groups are missing or of another length, there is one class
            only, fewer windows than classes, or numbers are NaN or infinite.
        """
        self._learn(self._prepare(X, y, groups, sample_weight, validation_data))
        return self

    def predict_proba(self, X: Examples | ArrayLike) -> NDArray[np.float64]:
        """Return the probability of each class for each window.

        Parameters
        ----------
        X : Windows or array of shape (n_windows, n_timepoints, n_channels)
            Windows like those of ``fit``; ``Windows`` with channels in another order,
            or with more channels, are brought into order.

        Returns
        -------
        array of shape (n_windows, n_classes)
            Rows sum to 1; columns follow ``classes_``.

        Raises
        ------
        SpecMismatchError
            When windows differ from those of ``fit``, in form, or in the size or
            direction of gravity.
        NotFittedError
            Before ``fit``.
        """
        check_is_fitted(self, "classes_")
        return self._proba(self._check_input(X))

    def _proba(self, numbers: Any) -> NDArray[np.float64]:
        """Return probabilities of numbers that have the form of ``fit``."""
        if self.domain_ is not None:
            self.domain_.check(np.asarray(numbers), type(self).__name__)
        numbers = self._flat(self._unmask(numbers))
        scores = np.asarray(self._estimate(numbers), dtype=np.float64)
        return scores / scores.sum(axis=1, keepdims=True)

    def predict(self, X: Examples | ArrayLike) -> NDArray[Any]:
        """Return the most probable label of each window.

        Parameters
        ----------
        X : Windows or array of shape (n_windows, n_timepoints, n_channels)
            As in ``predict_proba``.

        Returns
        -------
        array of shape (n_windows,)
            Labels.
        """
        proba = self.predict_proba(X)  # first: it refuses when nothing is fitted
        return self.classes_[proba.argmax(axis=1)]

    def score(
        self,
        X: Examples | ArrayLike,
        y: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
    ) -> float:
        """Return the share of windows with the right label (accuracy).

        Parameters
        ----------
        X : Windows or array of shape (n_windows, n_timepoints, n_channels)
            As in ``predict_proba``.
        y : array-like of shape (n_windows,) or None, default=None
            True labels. None takes those of ``Windows``.
        sample_weight : array-like of shape (n_windows,) or None, default=None
            Weight of each window in the mean.

        Returns
        -------
        float
            In [0, 1].
        """
        truth = labels_of(X, y, "score")
        weights = None if sample_weight is None else np.asarray(sample_weight)
        return float(np.average(self.predict(X) == truth, weights=weights))

    def save(self, path: str | Path, *, overwrite: bool = False) -> Path:
        """Write the fitted classifier to one file, without pickle.

        Parameters
        ----------
        path : str or Path
            Usually ending in ``.sensorhar``.
        overwrite : bool, default=False
            Whether a file of that name may be replaced.

        Returns
        -------
        Path
            Where it lies. Load it with :func:`sensorhar.load`.

        Raises
        ------
        FileExistsError
            When the file exists and must not be replaced.
        NotFittedError
            Before ``fit``.
        """
        from sensorhar.classifiers.persist import save

        return save(self, path, overwrite=overwrite)

    def _prepare(
        self,
        X: Any,
        y: Any = None,
        groups: Any = None,
        sample_weight: Any = None,
        validation_data: Any = None,
    ) -> Training:
        """Check what ``fit`` is given, and keep what it says of the examples."""
        numbers, labels, groups = self._check_training(X, y, groups)
        self.spec_ = X.spec if isinstance(X, Examples) else None
        self.input_shape_ = tuple(numbers.shape[1:])
        self.classes_, codes = np.unique(labels, return_inverse=True)
        self._check_classes(len(numbers))
        weight = None
        if sample_weight is not None:
            weight = _check_sample_weight(sample_weight, numbers, dtype=np.float32)
        class_weight = getattr(self, "class_weight", None)
        if class_weight is not None:
            weight = weigh_classes(class_weight, self.classes_, codes, weight)
        self.history_ = {}
        masked = self._look_at(numbers)
        if masked is not None:
            numbers = fill(np.asarray(numbers), masked, self.channel_level_)
        dropped = self._dropped_sensors()
        self.optional_channels_ = tuple(
            name
            for column, name in enumerate(self._channel_names)
            if any(column in sensor for sensor in dropped)
            or (masked is not None and masked[:, column].any())
        )
        watched = None
        if validation_data is not None:
            watched = self._check_validation(validation_data)
        return Training(self._flat(numbers), codes, groups, weight, watched)

    def _members(self) -> dict[str, Any]:
        """Return the fitted classifiers that it is made of, by name."""
        return {}

    @classmethod
    def _made_of(cls, members: dict[str, Any]) -> dict[str, Any]:
        """Return the parameters that hold members, unfitted, as they were."""
        return {}

    def _take_back(self, members: dict[str, Any]) -> None:
        """Take the fitted members of a file."""

    def _learn(self, training: Training) -> None:
        """Learn; set fitted attributes."""
        raise NotImplementedError

    def _estimate(self, numbers: Any) -> NDArray[Any]:
        """Return scores of shape (n_windows, n_classes), above or equal to 0."""
        raise NotImplementedError

    def _flat(self, numbers: Any) -> Any:
        """Lay joints side by side where only channels are known."""
        if not self._is_flat or len(self.input_shape_) == 2:
            return numbers
        return numbers.reshape(*numbers.shape[:2], -1)

    def _look_at(self, numbers: Any) -> NDArray[np.bool_] | None:
        """Keep what training saw of each channel; return which windows lack some."""
        self.domain_, masked = None, None
        if len(self.input_shape_) > 2:
            self.channel_level_ = moments(numbers)[0].astype(np.float32)
            return None
        if isinstance(self.spec_, WindowSpec):
            self.domain_ = Domain.of(numbers, self.spec_)
        masked = find_masks(numbers)
        self.channel_level_ = training_level(numbers, masked)
        return masked

    @property
    def n_timepoints_(self) -> int:
        """Timepoints, or frames, of an example."""
        return self.input_shape_[0]

    @property
    def n_channels_(self) -> int:
        """Length of the last axis of an example."""
        return self.input_shape_[-1]

    @property
    def required_channels_(self) -> tuple[str, ...]:
        """Channels that it cannot do without."""
        check_is_fitted(self, "classes_")
        optional = set(self.optional_channels_)
        return tuple(name for name in self._channel_names if name not in optional)

    @property
    def _channel_names(self) -> tuple[str, ...]:
        """Names of the columns, or their numbers after bare arrays."""
        if self.spec_ is not None:
            return self.spec_.channel_names
        return tuple(str(column) for column in range(self.n_channels_))

    def _dropped_sensors(self) -> list[list[int]]:
        """Return the columns of each sensor that training may leave out."""
        return []

    def _unmask(self, numbers: Any) -> Any:
        """Fill masked channels that it can do without, or refuse."""
        if len(self.input_shape_) > 2:
            return numbers
        masked = find_masks(numbers)
        if masked is None:
            return numbers
        names = [self._channel_names[i] for i in np.flatnonzero(masked.any(axis=0))]
        needed = set(names) - set(self.optional_channels_)
        if needed:
            raise SpecMismatchError(
                f"{type(self).__name__} cannot do without {listing(needed)}, which "
                "some of these windows lack. Fit it on recordings of which some lack "
                "them, or a network with sensor_dropout=0.2."
            )
        return fill(numbers, masked, self.channel_level_)

    @property
    def _rate_hz(self) -> float:
        """Rate of the windows in Hz."""
        known = None if self.spec_ is None else self.spec_.rate_hz
        return ASSUMED_RATE_HZ if known is None else known

    @property
    def _triples(self) -> tuple[tuple[int, int, int], ...]:
        """Columns of three-axis sensors."""
        return self.spec_.triples() if isinstance(self.spec_, WindowSpec) else ()

    def _check_training(
        self, X: Any, y: Any, groups: Any
    ) -> tuple[Numbers, NDArray[Any], NDArray[Any] | None]:
        """Return numbers (n, t, ..., c), labels and groups."""
        numbers: Any
        if isinstance(X, Examples):
            labels = np.asarray(labels_of(X, y, "fit"))
            groups = X.groups if groups is None else groups
            numbers = self._numbers_of(X)
            validate_data(self, numbers, allow_nd=True, skip_check_array=True)
            if len(labels) != len(numbers):
                raise ValueError(
                    f"y must have one label for each of {len(numbers)} windows; got "
                    f"{len(labels)}."
                )
        else:
            numbers, labels = validate_data(
                self, X, y, allow_nd=True, dtype=np.float32, ensure_min_samples=2
            )
            numbers = self._as_examples(numbers)
        check_label_types(labels)
        if groups is not None:
            groups = np.asarray(groups, dtype=object)
            if groups.shape != labels.shape or any(g is None for g in groups):
                raise ValueError(
                    f"groups must name a subject for each of {len(labels)} windows; "
                    f"got shape {groups.shape}, {sum(g is None for g in groups.flat)} "
                    "of them None."
                )
        return numbers, labels, groups

    def _check_classes(self, n_windows: int) -> None:
        if len(self.classes_) < 2:
            raise ValueError(
                f"{type(self).__name__} needs windows of at least two classes; got "
                f"only {self.classes_[0]!r}: y contains 1 class."
            )
        if n_windows < len(self.classes_):
            raise ValueError(
                f"{type(self).__name__} needs at least one window for each class; got "
                f"{n_windows} windows of {len(self.classes_)} classes."
            )

    def _check_validation(self, data: Any) -> tuple[Numbers, NDArray[np.intp]]:
        """Return numbers and label codes of the windows to watch."""
        X, y = data if isinstance(data, tuple) else (data, None)
        labels = np.asarray(labels_of(X, y, "validation_data"))
        unknown = set(labels) - set(self.classes_)
        if unknown:
            raise ValueError(
                f"validation_data must hold labels of the training part only; got "
                f"{sorted(unknown, key=str)!r} beside {list(self.classes_)!r}."
            )
        numbers = self._unmask(self._check_input(X))
        if len(numbers) != len(labels):
            raise ValueError(
                f"validation_data must have one label for each of {len(numbers)} "
                f"windows; got {len(labels)}."
            )
        return numbers, np.searchsorted(self.classes_, labels)

    def _check_input(self, X: Any) -> Numbers:
        """Return numbers (n, t, ..., c) like those of ``fit``, or refuse."""
        name = type(self).__name__
        numbers: Any
        if isinstance(X, Examples):
            if self.spec_ is not None:
                X = conform(X, self.spec_, name)
            numbers = self._numbers_of(X)
        else:
            shape = np.asarray(X).shape
            if len(shape) > 2 and shape[1:] != self.input_shape_:
                raise SpecMismatchError(
                    f"{name} was fitted on {self._say_shape()}; this array has shape "
                    f"{shape}. Expected {KINDS[len(self.input_shape_) - 2][1]}."
                )
            checked = validate_data(
                self, X, reset=False, allow_nd=True, dtype=np.float32
            )
            numbers = self._as_examples(checked)
        if numbers.shape[1:] != self.input_shape_:
            raise SpecMismatchError(
                f"{name} was fitted on {self._say_shape()}; got "
                f"{say_shape(numbers.shape[1:])}."
            )
        return numbers

    def _numbers_of(self, examples: Examples) -> Numbers:
        """Return the numbers of windows and poses, and a promise of those of clips."""
        self._check_rank(examples)
        check_not_empty(examples)
        return Rows(examples) if examples.ndim == 5 else np.asarray(examples)

    def _as_examples(self, numbers: NDArray[Any]) -> NDArray[np.float32]:
        """Take a 2-D array as windows of one channel."""
        if numbers.ndim == 2:
            return numbers[:, :, None]
        self._check_rank(numbers)
        return numbers

    def _check_rank(self, X: Any) -> None:
        if X.ndim - 3 in self._ranks:
            return
        shapes = " or ".join(KINDS[rank][1] for rank in self._ranks)
        flat = " or (n_windows, n_timepoints)" if 0 in self._ranks else ""
        what = "" if isinstance(X, np.ndarray) else f"{type(X).__name__} of "
        raise ValueError(
            f"{type(self).__name__} takes X of shape {shapes}{flat}; got {what}shape "
            f"{tuple(X.shape)}."
        )

    def _say_shape(self) -> str:
        return say_shape(self.input_shape_)

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags
