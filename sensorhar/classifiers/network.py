"""The classifier around a Keras network: training, early stopping, prediction."""

import inspect
import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.classifiers._batches import batches
from sensorhar.classifiers._epochs import run_epochs
from sensorhar.classifiers._lesson import Lesson
from sensorhar.classifiers._rows import (
    MOST_AT_ONCE,
    Numbers,
    Rows,
    in_parts,
    moments,
    n_at_once,
    take,
)
from sensorhar.classifiers._training import Training, choose_watched
from sensorhar.classifiers.base import SensorClassifier
from sensorhar.data.spec import WindowSpec

__all__ = ["NetworkClassifier", "scale_layer", "without_retracing_remarks"]

logger = logging.getLogger(__name__)


class NetworkClassifier(SensorClassifier):
    """Base of the classifiers that train a Keras network.

    A subclass returns its network function from ``_function``; the parameters that
    both share are handed on. The network sees numbers scaled to mean 0 and standard
    deviation 1 of the training part by the model's first layer. Clips are fetched batch
    by batch.

    Parameters
    ----------
    epochs : int
        At most so many passes over the training part.
    batch_size : int
        Windows in one step of the optimiser.
    learning_rate : float
        At the start; it falls to 0 along a half cosine over all epochs (Loshchilov &
        Hutter 2017). The optimiser is AdamW (2019) with a weight decay of 1e-3.
    patience : int or None
        Stop after so many epochs without a better loss on the watched subjects, and
        return to the best weights. None trains all epochs on all subjects.
    validation_share : float
        Share of the subjects in ``groups`` to watch, whom training does not see.
        Without groups, or with fewer than three subjects, nobody is watched.
    class_weight : {"balanced"}, mapping of label to float, or None
        Weight of each class in the loss.
    rotation_deg : float
        Training windows are turned at random by up to so many degrees, all sensors of
        one place alike.
    sensor_dropout : float
        Probability with which each sensor of a training window is left out, never all
        of them, so that the classifier can do without any; see
        ``make_windows(..., missing="mask")``.
    augment : callable or None
        ``augment(batch, rng) -> batch`` on training batches of shape
        ``(n, n_timepoints, ..., n_channels)``, with a ``numpy.random.Generator``.
    callbacks : sequence of callables
        Factories: each is called at every fit and returns a new Keras callback.
    verbose : {0, 1}
        1 shows a progress bar.
    random_state : int or None
        With a number, two fits on one CPU give equal weights.

    Attributes
    ----------
    network_ : keras.Model
        From SI numbers to probabilities.
    watched_subjects_ : list of str
        Whom early stopping watched.
    """

    _ranks: tuple[int, ...] = (0, 1, 2)

    network_: Any
    watched_subjects_: list[str]

    def __init__(
        self,
        *,
        epochs: int,
        batch_size: int,
        learning_rate: float,
        patience: int | None,
        validation_share: float,
        class_weight: Any,
        rotation_deg: float,
        sensor_dropout: float,
        augment: Callable[..., Any] | None,
        callbacks: Sequence[Callable[[], Any]],
        verbose: int,
        random_state: Any,
    ) -> None:
        self.epochs = epochs
        self.batch_size = batch_size
        self.learning_rate = learning_rate
        self.patience = patience
        self.validation_share = validation_share
        self.class_weight = class_weight
        self.rotation_deg = rotation_deg
        self.sensor_dropout = sensor_dropout
        self.augment = augment
        self.callbacks = callbacks
        self.verbose = verbose
        self.random_state = random_state

    def _build(self, input_shape: tuple[int, ...], n_classes: int) -> Any:
        """Build the network with the parameters it shares with the classifier."""
        network = self._function()
        names = list(inspect.signature(network).parameters)[2:]
        return network(
            input_shape, n_classes, **{name: getattr(self, name) for name in names}
        )

    def __getstate__(self) -> dict[str, Any]:
        """Pickle the network as an archive, which any process can read."""
        from sensorhar.classifiers.persist import pack_network

        state: dict[str, Any] = super().__getstate__()
        if "network_" in state:
            state = {**state, "network_": pack_network(state["network_"])}
        return state

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Open the archive again."""
        from sensorhar.classifiers.persist import unpack_network

        super().__setstate__(state)
        if "network_" in state:
            self.network_ = unpack_network(state["network_"])

    @staticmethod
    def _function() -> Callable[..., Any]:
        """Return the network function; imported here, as it loads Keras."""
        raise NotImplementedError

    def _learn(self, training: Training) -> None:
        self._check_parameters()
        seed = _as_seed(self.random_state)
        rng = np.random.default_rng(seed)
        train, watched = self._split(training, rng)
        with _seeded(seed), without_retracing_remarks():
            model = self._assemble(take(training.numbers, train))
            self._train(model, training, train, watched, rng)
        self.network_ = model

    def _check_parameters(self) -> None:
        for name in ("epochs", "batch_size"):
            value = getattr(self, name)
            if not isinstance(value, (int, np.integer)) or value < 1:
                raise ValueError(
                    f"{name} must be a whole number from 1; got {value!r}."
                )
        if not self.learning_rate > 0:
            raise ValueError(
                f"learning_rate must be above 0; got {self.learning_rate!r}."
            )
        if not 0 <= self.rotation_deg <= 180:
            raise ValueError(
                f"rotation_deg must lie in [0, 180]; got {self.rotation_deg!r}."
            )
        if not 0 <= self.sensor_dropout < 1:
            raise ValueError(
                "sensor_dropout must be a share in [0, 1); got "
                f"{self.sensor_dropout!r}."
            )
        if not 0 <= self.validation_share < 1:
            raise ValueError(
                "validation_share must be a share in [0, 1); got "
                f"{self.validation_share!r}."
            )
        for factory in self.callbacks:
            if not callable(factory):
                raise ValueError(
                    "callbacks must be factories that return a new Keras callback at "
                    f"each fit; got {factory!r}. Pass a class or a lambda: "
                    "callbacks=[lambda: MyCallback(...)]."
                )

    def _split(
        self, training: Training, rng: np.random.Generator
    ) -> tuple[Any, tuple[Numbers, NDArray[np.intp]] | None]:
        """Return the rows to train on, and what to watch."""
        self.watched_subjects_ = []
        everything = slice(None)
        if training.watched is not None:
            return everything, training.watched
        if self.patience is None:
            return everything, None
        chosen = choose_watched(
            training.codes, training.groups, self.validation_share, rng
        )
        if not chosen or training.groups is None:
            logger.info(
                "no subjects can be spared for early stopping: training all %d epochs",
                self.epochs,
            )
            return everything, None
        self.watched_subjects_ = chosen
        is_watched = np.isin(training.groups.astype(str), chosen)
        watched = take(training.numbers, is_watched), training.codes[is_watched]
        return np.flatnonzero(~is_watched), watched

    def _assemble(self, numbers: Numbers) -> Any:
        """Build normalisation and network, and compile them."""
        import keras

        inputs = keras.Input(numbers.shape[1:], name="windows")
        scale = scale_layer(numbers, "scale")
        network = self._build(numbers.shape[1:], len(self.classes_))
        outputs = network(scale(inputs))
        if outputs.shape != (None, len(self.classes_)):
            raise ValueError(
                f"the network must return one probability for each of "
                f"{len(self.classes_)} classes; got shape {outputs.shape}."
            )
        return keras.Model(inputs, outputs, name=type(self).__name__)

    def _train(
        self,
        model: Any,
        training: Training,
        train: Any,
        watched: tuple[Numbers, NDArray[np.intp]] | None,
        rng: np.random.Generator,
    ) -> None:
        numbers, codes = take(training.numbers, train), training.codes[train]
        weight = None if training.weight is None else training.weight[train]
        lesson, loss = training.lesson, None
        if lesson is not None:
            loss, codes = lesson.loss(), lesson.take(train).targets(codes)
            if watched is not None:  # where labels alone count
                silent = Lesson(
                    np.zeros((len(watched[1]), len(self.classes_))),
                    lesson.temperature,
                    lesson.share,
                )
                watched = watched[0], silent.targets(watched[1])  # type: ignore[assignment]
        arguments: dict[str, Any] = {}
        if watched is not None and isinstance(watched[0], Rows):
            size = n_at_once(self.input_shape_)
            arguments["validation_data"] = batches(*watched, None, size)
        elif watched is not None:
            arguments["validation_data"] = watched
            arguments["validation_batch_size"] = MOST_AT_ONCE
        augment = self._augment()
        if augment is None and not isinstance(numbers, Rows):
            arguments |= {"x": numbers, "y": codes, "sample_weight": weight}
            arguments["batch_size"] = self.batch_size
        else:
            arguments["x"] = batches(
                numbers, codes, weight, self.batch_size, augment=augment, rng=rng
            )
        self.history_ = run_epochs(self, model, len(numbers), arguments, loss=loss)

    def _dropped_sensors(self) -> list[list[int]]:
        """Return the columns of each sensor, when training leaves some out."""
        if not self.sensor_dropout:
            return []
        if len(self.input_shape_) > 2:
            raise ValueError(
                "sensor_dropout leaves out sensors of windows; got "
                f"{self.sensor_dropout!r} for {self._say_shape()}. Leave it at 0."
            )
        if not isinstance(self.spec_, WindowSpec):
            return [[column] for column in range(self.n_channels_)]
        by_sensor: dict[tuple[str, str, str], list[int]] = {}
        for column, channel in enumerate(self.spec_.channels):
            own = channel.name if channel.kind == "derived" else ""
            by_sensor.setdefault((channel.kind, channel.place, own), []).append(column)
        sensors = list(by_sensor.values())
        return sensors if len(sensors) > 1 else []

    def _augment(self) -> Callable[..., Any] | None:
        """Join random turns, sensors left out, and the user's own augmentation."""
        steps = [self._turn(), self.augment, self._leave_out()]
        chosen = [step for step in steps if step is not None]
        if not chosen:
            return None

        def augment(batch: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
            for step in chosen:
                batch = step(batch, rng)
            return batch

        return augment

    def _turn(self) -> Callable[..., Any] | None:
        """Return what turns all sensors of a place alike."""
        if not self.rotation_deg or not isinstance(self.spec_, WindowSpec):
            return None
        if not self._triples:
            return None
        from sensorhar.signal.augment import rotate

        by_place: dict[str, list[tuple[int, int, int]]] = {}
        for triple in self._triples:
            place = self.spec_.channels[triple[0]].place
            by_place.setdefault(place, []).append(triple)
        angle = np.radians(self.rotation_deg)

        def turn(batch: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
            for triples in by_place.values():
                batch = rotate(batch, triples, rng, max_angle_rad=angle)
            return batch

        return turn

    def _leave_out(self) -> Callable[..., Any] | None:
        """Return what leaves sensors out, as masked ones are filled for prediction."""
        sensors = self._dropped_sensors()
        if not sensors:
            return None
        from sensorhar.signal.augment import channel_dropout

        level = self.channel_level_

        def leave_out(batch: NDArray[Any], rng: np.random.Generator) -> NDArray[Any]:
            silent = channel_dropout(
                batch - level, rng, probability=self.sensor_dropout, groups=sensors
            )
            return silent + level

        return leave_out

    def _estimate(self, numbers: Numbers) -> NDArray[np.float32]:
        with without_retracing_remarks():
            parts = [self.network_.predict_on_batch(part) for part in in_parts(numbers)]
        return np.concatenate([np.asarray(part) for part in parts])


def scale_layer(numbers: Numbers, name: str) -> Any:
    """Return the layer that brings each channel to mean 0 and deviation 1."""
    import keras

    mean, variance = moments(numbers)
    # A channel that never changes carries nothing, and must not be blown up.
    variance = np.where(variance > 1e-12 * (1 + mean**2), variance, 1.0)
    return keras.layers.Normalization(
        axis=-1, mean=mean.tolist(), variance=variance.tolist(), name=name
    )


def _as_seed(random_state: Any) -> int:
    """Turn scikit-learn's random_state into one number."""
    from sklearn.utils import check_random_state

    return int(check_random_state(random_state).randint(np.iinfo(np.int32).max))


@contextmanager
def _seeded(seed: int) -> Iterator[None]:
    """Seed Keras, and give Python's and numpy's global generators back as they were."""
    import random

    import keras

    # Keras seeds numpy's legacy generator; its state is put back, never relied on.
    before = random.getstate(), np.random.get_state()  # noqa: NPY002
    keras.utils.set_random_seed(seed)
    try:
        yield
    finally:
        random.setstate(before[0])
        np.random.set_state(before[1])  # noqa: NPY002


@contextmanager
def without_retracing_remarks() -> Iterator[None]:
    """Hold back TensorFlow's remark that functions are traced anew.

    Several networks after one another, one for each split, are what evaluation is.
    """

    def is_other(record: logging.LogRecord) -> bool:
        return "retracing" not in record.getMessage()

    engine = logging.getLogger("tensorflow")
    engine.addFilter(is_other)
    try:
        yield
    finally:
        engine.removeFilter(is_other)
