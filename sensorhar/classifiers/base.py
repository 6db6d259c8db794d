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
from sensorhar.classifiers._mask import fill, find_masks, training_level
from sensorhar.classifiers._training import Training, weigh_classes
from sensorhar.data.spec import WindowSpec
from sensorhar.data.windows import Windows
from sensorhar.errors import SpecMismatchError

__all__ = ["SensorClassifier"]

#: Rate assumed for features of bare arrays, which carry none: the field's commonest.
ASSUMED_RATE_HZ = 50.0


class SensorClassifier(ClassifierMixin, BaseEstimator):
    """Base of all classifiers: checks and conversions stand here, learning below.

    A subclass gives ``_learn`` and ``_estimate``, and names in ``_arrays`` the fitted
    arrays that a saved file must hold.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        Labels in the order of the columns of ``predict_proba``.
    spec_ : WindowSpec or None
        The windows it was fitted on; None after bare arrays.
    history_ : dict of str to list of float
        One number an epoch; empty for classifiers that have no epochs.
    n_timepoints_, n_channels_ : int
        Shape of a window.
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
    spec_: WindowSpec | None
    history_: dict[str, list[float]]
    n_timepoints_: int
    n_channels_: int
    domain_: Domain | None
    optional_channels_: tuple[str, ...]
    channel_level_: NDArray[np.float32]

    _arrays: tuple[str, ...] = ()

    def fit(
        self,
        X: Windows | ArrayLike,
        y: ArrayLike | None = None,
        groups: ArrayLike | None = None,
        sample_weight: ArrayLike | None = None,
        validation_data: tuple[Any, Any] | Windows | None = None,
    ) -> Self:
        """Learn from labelled windows.

        Parameters
        ----------
        X : Windows or array of shape (n_windows, n_timepoints, n_channels)
            A 2-D array is taken as windows of one channel.
        y : array-like of shape (n_windows,) or None, default=None
            Labels. None takes those of ``Windows``; bare arrays need it.
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
        numbers, labels, groups = self._check_training(X, y, groups)
        self.spec_ = X.spec if isinstance(X, Windows) else None
        self.n_timepoints_, self.n_channels_ = numbers.shape[1:]
        self.classes_, codes = np.unique(labels, return_inverse=True)
        self._check_classes(len(numbers))
        weight = None
        if sample_weight is not None:
            weight = _check_sample_weight(sample_weight, numbers, dtype=np.float32)
        class_weight = getattr(self, "class_weight", None)
        if class_weight is not None:
            weight = weigh_classes(class_weight, self.classes_, codes, weight)
        self.history_ = {}
        self.domain_ = Domain.of(numbers, self.spec_)
        masked = find_masks(numbers)
        self.channel_level_ = training_level(numbers, masked)
        numbers = fill(numbers, masked, self.channel_level_)
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
        self._learn(Training(numbers, codes, groups, weight, watched))
        return self

    def predict_proba(self, X: Windows | ArrayLike) -> NDArray[np.float64]:
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
        numbers = self._check_input(X)
        if self.domain_ is not None:
            self.domain_.check(numbers, type(self).__name__)
        scores = np.asarray(self._estimate(self._unmask(numbers)), dtype=np.float64)
        return scores / scores.sum(axis=1, keepdims=True)

    def predict(self, X: Windows | ArrayLike) -> NDArray[Any]:
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
        X: Windows | ArrayLike,
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
        truth = _labels_of(X, y, "score")
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

    def _learn(self, training: Training) -> None:
        """Learn; set fitted attributes."""
        raise NotImplementedError

    def _estimate(self, numbers: NDArray[np.float32]) -> NDArray[Any]:
        """Return scores of shape (n_windows, n_classes), above or equal to 0."""
        raise NotImplementedError

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

    def _unmask(self, numbers: NDArray[np.float32]) -> NDArray[np.float32]:
        """Fill masked channels that it can do without, or refuse."""
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
        return self.spec_.rate_hz if self.spec_ is not None else ASSUMED_RATE_HZ

    @property
    def _triples(self) -> tuple[tuple[int, int, int], ...]:
        """Columns of three-axis sensors."""
        return self.spec_.triples() if self.spec_ is not None else ()

    def _check_training(
        self, X: Any, y: Any, groups: Any
    ) -> tuple[NDArray[np.float32], NDArray[Any], NDArray[Any] | None]:
        """Return numbers (n, t, c), labels and groups."""
        if isinstance(X, Windows):
            labels = np.asarray(_labels_of(X, y, "fit"))
            groups = X.groups if groups is None else groups
            numbers = np.asarray(X)
            validate_data(self, numbers, allow_nd=True, skip_check_array=True)
            _check_not_empty(numbers)
            if len(labels) != len(numbers):
                raise ValueError(
                    f"y must have one label for each of {len(numbers)} windows; got "
                    f"{len(labels)}."
                )
        else:
            numbers, labels = validate_data(
                self, X, y, allow_nd=True, dtype=np.float32, ensure_min_samples=2
            )
            numbers = self._as_windows(numbers)
        _check_label_types(labels)
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

    def _check_validation(
        self, data: Any
    ) -> tuple[NDArray[np.float32], NDArray[np.intp]]:
        """Return numbers and label codes of the windows to watch."""
        X, y = data if isinstance(data, tuple) else (data, None)
        labels = np.asarray(_labels_of(X, y, "validation_data"))
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

    def _check_input(self, X: Any) -> NDArray[np.float32]:
        """Return numbers (n, t, c) like those of ``fit``, or refuse."""
        name = type(self).__name__
        if isinstance(X, Windows):
            if self.spec_ is not None:
                X = conform(X, self.spec_, name)
            numbers = np.asarray(X)
            _check_not_empty(numbers)
        else:
            shape = np.asarray(X).shape
            if len(shape) == 3 and shape[1:] != (self.n_timepoints_, self.n_channels_):
                raise SpecMismatchError(
                    f"{name} was fitted on {self.n_timepoints_} timepoints of "
                    f"{self.n_channels_} channels; this array has shape {shape}. "
                    "Expected (n_windows, n_timepoints, n_channels)."
                )
            checked = validate_data(
                self, X, reset=False, allow_nd=True, dtype=np.float32
            )
            numbers = self._as_windows(checked)
        if numbers.shape[1:] != (self.n_timepoints_, self.n_channels_):
            raise SpecMismatchError(
                f"{name} was fitted on {self.n_timepoints_} timepoints of "
                f"{self.n_channels_} channels; got {numbers.shape[1]} timepoints of "
                f"{numbers.shape[2]}."
            )
        return numbers

    def _as_windows(self, numbers: NDArray[Any]) -> NDArray[np.float32]:
        """Take a 2-D array as windows of one channel."""
        if numbers.ndim == 2:
            return numbers[:, :, None]
        if numbers.ndim != 3:
            raise ValueError(
                "X must have shape (n_windows, n_timepoints, n_channels) or "
                f"(n_windows, n_timepoints); got shape {numbers.shape}."
            )
        return numbers

    def __sklearn_tags__(self) -> Any:
        tags = super().__sklearn_tags__()
        tags.input_tags.three_d_array = True
        return tags


def _labels_of(X: Any, y: Any, verb: str) -> Any:
    """Return the labels given, or those that windows carry."""
    if y is not None:
        return y
    if isinstance(X, Windows) and X.y is not None:
        return X.y
    raise ValueError(
        f"{verb} requires y to be passed, but the target y is None. Windows carry "
        "their labels when their recordings have events; arrays need y=..."
    )


def _check_not_empty(numbers: NDArray[Any]) -> None:
    """Refuse windows that are none."""
    if not len(numbers):
        raise ValueError(
            "X must hold at least one window; got none. Recordings shorter than a "
            "window, or without labels, give none."
        )


def _check_label_types(labels: NDArray[Any]) -> None:
    """Refuse labels that are missing or no labels."""
    from sklearn.utils.multiclass import check_classification_targets

    if labels.dtype == object:
        n_missing = sum(label is None for label in labels)
        if n_missing:
            raise ValueError(
                f"every window needs a label to learn from; {n_missing} of "
                f"{len(labels)} have None. Make the windows with null='drop', or with "
                "null='class' to make them a class."
            )
    check_classification_targets(labels)
