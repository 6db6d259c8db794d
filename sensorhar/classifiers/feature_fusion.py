"""One network with a branch for each modality: early fusion, by features."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from sklearn.base import clone
from sklearn.utils.metaestimators import _BaseComposition

from sensorhar.classifiers._fusing import FusingClassifier, check_estimators, see
from sensorhar.classifiers._joined import Joined, interleave
from sensorhar.classifiers._training import Training
from sensorhar.classifiers.network import NetworkClassifier, scale_layer

__all__ = ["FeatureFusionClassifier"]


class FeatureFusionClassifier(FusingClassifier, NetworkClassifier, _BaseComposition):
    """Train the networks of several modalities as one, joined by their features.

    ::

        sensor ──▶ network without its last layer ──▶ features ─┐
                                                                ├─▶ dense ──▶ class
        pose   ──▶ network without its last layer ──▶ features ─┘

    Given :class:`Modalities`, each member sees the modality of its name. One that a
    moment lacks gives features of zero, and training leaves some out on purpose, so
    that the rest suffices. Given windows, poses or clips, all members see the same.

    Parameters
    ----------
    estimators : list of (str, network classifier)
        Members by name; of Modalities, the names are those of the modalities. Their
        networks and their augmentation are used; how long to train is said here.
    units : int, default=64
        Features that each branch gives.
    dropout : float, default=0.5
        Share of features dropped before the last layer while training.
    modality_dropout : float, default=0.2
        Probability with which each modality of a training example is left out, never
        all of them.
    epochs : int, default=20
        At most so many passes over the training part.
    batch_size : int, default=64
        Examples in one step of the optimiser.
    learning_rate : float, default=0.002
        At the start; it falls to 0 along a half cosine over all epochs.
    patience : int or None, default=10
        Stop after so many epochs without a better loss on the watched subjects, and
        return to the best weights. None trains all epochs on all subjects.
    validation_share : float, default=0.15
        Share of the subjects in ``groups`` to watch, whom training does not see.
    class_weight : {"balanced"}, mapping of label to float, or None, default=None
        Weight of each class in the loss.
    callbacks : sequence of callables, default=()
        Factories: each is called at every fit and returns a new Keras callback.
    verbose : {0, 1}, default=1
        1 shows a progress bar.
    random_state : int or None, default=None
        With a number, two fits on one CPU give equal weights.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        Labels in the order of the columns of ``predict_proba``.
    network_ : keras.Model
        From the numbers of each modality, and whether it is there, to probabilities.
    modalities_ : tuple of str or None
        The modalities it was fitted on; None after examples of one kind.
    history_ : dict of str to list of float
        Loss and accuracy of each epoch.
    watched_subjects_ : list of str
        Whom early stopping watched.

    See Also
    --------
    ScoreFusionClassifier : late fusion, of classifiers trained each on its own.

    Examples
    --------
    >>> import sensorhar as sh
    >>> windows = sh.make_windows(sh.simulate_recordings(3, random_state=0),
    ...     length_s=2.56, channels=["acc_x", "acc_y", "acc_z"])
    >>> clf = FeatureFusionClassifier([
    ...     ("short", sh.CNNClassifier(filters=(8,), kernel_size=3)),
    ...     ("long", sh.CNNClassifier(filters=(8,), kernel_size=15)),
    ... ], epochs=1, verbose=0).fit(windows)
    >>> clf.predict(windows[:2]).shape
    (2,)
    """

    # what members augment by is theirs
    rotation_deg = 0.0
    sensor_dropout = 0.0
    augment = None

    members_: list[NetworkClassifier]

    def __init__(
        self,
        estimators: Any,
        *,
        units: int = 64,
        dropout: float = 0.5,
        modality_dropout: float = 0.2,
        epochs: int = 20,
        batch_size: int = 64,
        learning_rate: float = 2e-3,
        patience: int | None = 10,
        validation_share: float = 0.15,
        class_weight: Any = None,
        callbacks: Sequence[Callable[[], Any]] = (),
        verbose: int = 1,
        random_state: Any = None,
    ) -> None:
        self.estimators = estimators
        self.units = units
        self.dropout = dropout
        self.modality_dropout = modality_dropout
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.patience = patience
        self.validation_share = validation_share
        self.class_weight = class_weight
        self.callbacks = callbacks
        self.verbose = verbose
        self.random_state = random_state

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
        members = check_estimators(self.estimators, type(self).__name__)
        labels = self.classes_[training.codes]
        self.members_ = []
        for name, member in members:
            if not isinstance(member, NetworkClassifier):
                raise ValueError(
                    "estimators must be network classifiers, to be joined as one "
                    f"network; {name!r} is {member!r}. ScoreFusionClassifier takes any."
                )
            seen, rows = see(training.numbers, name)
            if seen is None:
                raise ValueError(
                    f"each of estimators must be named as a modality; {name!r} is none "
                    f"of {list(training.numbers.modalities)!r}."
                )
            own = clone(member)
            own._prepare(seen, labels[rows])
            own.classes_ = self.classes_
            self.members_.append(own)
        watched = training.watched
        if watched is not None:
            watched = self._join(watched[0]), watched[1]
        joined = self._join(training.numbers)
        super()._learn(replace(training, numbers=joined, watched=watched))

    def _join(self, X: Any) -> Joined:
        names = [name for name, _ in self.estimators]
        return Joined(X, dict(zip(names, self.members_, strict=True)))

    def _assemble(self, numbers: Any) -> Any:
        """Build a branch for each member, and what joins them."""
        from keras import Input, Model, layers

        inputs, features = [], []
        for place, (name, member) in enumerate(numbers.members.items()):
            own = member._check_input(see(numbers.examples, name)[0])
            network = member._build(member.input_shape_, len(self.classes_))
            last = network.layers[-1].input
            if isinstance(last, list):
                raise ValueError(
                    f"the network of {name!r} must end in one layer that sees one "
                    f"input, to be cut before it; it ends in {network.layers[-1]!r}."
                )
            branch = Model(network.inputs, last, name=f"branch_{place}")
            x, there = Input(member.input_shape_), Input((1,))
            y = branch(scale_layer(own, f"scale_{place}")(x))
            y = layers.Flatten()(y)
            y = layers.Dense(self.units, activation="relu", name=f"units_{place}")(y)
            features.append(layers.Multiply()([y, there]))
            inputs += [x, there]
        x = features[0] if len(features) == 1 else layers.Concatenate()(features)
        x = layers.Dropout(self.dropout)(x)
        x = layers.Dense(
            len(self.classes_), activation="softmax", name="probabilities"
        )(x)
        return Model(inputs, x, name=type(self).__name__)

    def _augment(self) -> Callable[..., Any]:
        """Join what members augment by, and modalities left out."""
        own = [member._augment() for member in self.members_]

        def augment(batch: tuple[Any, ...], rng: np.random.Generator) -> Any:
            numbers, there = list(batch[::2]), np.concatenate(batch[1::2], axis=1)
            for i, step in enumerate(own):
                if step is not None:
                    numbers[i] = step(numbers[i], rng)
            draws = np.where(there > 0, rng.random(there.shape), -1.0)
            is_kept = draws >= self.modality_dropout
            is_kept[np.arange(len(draws)), draws.argmax(axis=1)] = True  # never none
            return interleave(numbers, is_kept.astype(np.float32))

        return augment

    def _check_parameters(self) -> None:
        super()._check_parameters()
        if not 0 <= self.modality_dropout < 1:
            raise ValueError(
                "modality_dropout must be a share in [0, 1); got "
                f"{self.modality_dropout!r}."
            )

    def _estimate(self, numbers: Any) -> NDArray[np.float32]:
        return super()._estimate(self._join(numbers))

    def _members(self) -> dict[str, Any]:
        names = [name for name, _ in self.estimators]
        return dict(zip(names, self.members_, strict=True))

    @classmethod
    def _made_of(cls, members: dict[str, Any]) -> dict[str, Any]:
        return {"estimators": [(name, clone(own)) for name, own in members.items()]}

    def _take_back(self, members: dict[str, Any]) -> None:
        self.members_ = list(members.values())
