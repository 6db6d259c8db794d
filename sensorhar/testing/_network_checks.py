"""Checks of classifiers that train in epochs: stopping, callbacks, augmentation."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sensorhar.testing._case import ClassifierCase, assert_close, refuses

__all__ = ["NETWORK_CHECKS"]


def check_watched_subjects(case: ClassifierCase) -> None:
    """Stop early: whole subjects are watched, and training never sees them."""
    seen = _Seen()
    # Bare arrays: nothing but the augmentation given here touches their windows.
    numbers, y = case.arrays
    clf = case.quick(patience=5, validation_share=0.3, augment=seen)
    clf.fit(numbers, y, groups=case.groups)
    watched = set(clf.watched_subjects_)
    assert watched, "some subjects must be watched"
    assert watched < set(case.groups), "watched subjects come from groups, and not all"
    is_watched = np.isin(case.groups, list(watched))
    assert seen.rows == _rows(numbers[~is_watched]), (
        "training must see all windows of the other subjects and none of the watched"
    )
    assert "val_loss" in clf.history_


def check_no_subjects_to_watch(case: ClassifierCase) -> None:
    """Fit without groups, or with patience=None: all windows are trained on."""
    numbers, y = case.arrays
    settings: tuple[Any, ...] = ((5, None), (None, case.groups))
    for patience, groups in settings:
        seen = _Seen()
        clf = case.quick(augment=seen, patience=patience).fit(numbers, y, groups=groups)
        assert clf.watched_subjects_ == []
        assert seen.rows == _rows(numbers)
        assert "val_loss" not in clf.history_


def check_best_weights(case: ClassifierCase) -> None:
    """Train too fast: the weights kept are those of the smallest val_loss."""
    clf = case.quick(patience=3, epochs=6, learning_rate=0.1).fit(case.train)
    is_watched = np.isin(case.groups, clf.watched_subjects_)
    watched = case.train[is_watched]
    proba = clf.predict_proba(watched)
    codes = np.searchsorted(clf.classes_, watched.y)
    own = np.clip(proba[np.arange(len(codes)), codes], 1e-7, 1)
    best = min(clf.history_["val_loss"])
    np.testing.assert_allclose(-np.log(own).mean(), best, rtol=1e-3, atol=1e-4)


def check_validation_data(case: ClassifierCase) -> None:
    """Give validation_data: they are watched, and all subjects are trained on."""
    seen = _Seen()
    numbers, y = case.arrays
    held = np.asarray(case.held), np.array(case.held.y, dtype=str)
    clf = case.quick(augment=seen)
    clf.fit(numbers, y, groups=case.groups, validation_data=held)
    assert seen.rows == _rows(numbers)
    assert clf.watched_subjects_ == []
    assert "val_loss" in clf.history_
    unknown = case.held.with_labels(["run"] * len(case.held))
    with refuses(
        ValueError,
        r"validation_data must hold labels of the training part only; got \['run'\]",
    ):
        case.quick().fit(case.train, validation_data=unknown)


def check_callbacks(case: ClassifierCase) -> None:
    """Give callback factories: each is called once a fit, and its callback lives."""
    import keras

    made: list[Any] = []

    class Counter(keras.callbacks.Callback):
        n_epochs = 0

        def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
            self.n_epochs += 1

    def factory() -> Any:
        made.append(Counter())
        return made[-1]

    clf = case.quick(callbacks=(factory,)).fit(case.train)
    assert [counter.n_epochs for counter in made] == [len(clf.history_["loss"])]
    clf.fit(case.train)
    assert len(made) == 2, "a second fit must call the factory again"
    with refuses(
        ValueError,
        "callbacks must be factories that return a new Keras callback at each fit",
        "callbacks=.lambda",
    ):
        case.quick(callbacks=(made[0],)).fit(case.train)


def check_augment(case: ClassifierCase) -> None:
    """Give augment: it gets batches and a generator; its shape must stay."""
    shapes = []

    def watch(batch: Any, rng: np.random.Generator) -> Any:
        assert isinstance(rng, np.random.Generator)
        shapes.append(batch.shape)
        return batch + rng.normal(0, 0.01, batch.shape)

    case.quick(augment=watch, patience=None, epochs=1, batch_size=40).fit(case.train)
    assert set(shapes) == {(16, 32, 3), (40, 32, 3)}
    with refuses(
        ValueError, r"augment must return a batch of the shape it got, \(\d+, 32, 3\)"
    ):
        case.quick(augment=_shorten).fit(case.train)


def check_augment_keeps_weights(case: ClassifierCase) -> None:
    """Augment by nothing: weights of windows still count, and seeds still hold."""
    weight = np.where(case.train.y == "rest", 0.0, 1.0)
    fits = [
        case.quick(augment=_same).fit(case.train, sample_weight=weight)
        for _ in range(2)
    ]
    first, second = (clf.predict_proba(case.held) for clf in fits)
    assert_close(first, second, 1e-6)
    plain = case.quick(augment=_same).fit(case.train).predict_proba(case.held)
    assert np.abs(plain - first).max() > 1e-4, "sample_weight must change the fit"


def check_training_parameters(case: ClassifierCase) -> None:
    """Give nonsense as training parameters: fit refuses it by name."""
    for name, value, words in (
        ("epochs", 0, "epochs must be a whole number from 1; got 0"),
        ("batch_size", 2.5, "batch_size must be a whole number from 1; got 2.5"),
        ("learning_rate", -1.0, "learning_rate must be above 0; got -1.0"),
        (
            "validation_share",
            1.0,
            r"validation_share must be a share in \[0, 1\); got 1.0",
        ),
        ("rotation_deg", 200.0, r"rotation_deg must lie in \[0, 180\]; got 200.0"),
    ):
        if name not in case.make().get_params():
            continue
        with refuses(ValueError, words):
            case.make().set_params(**{name: value}).fit(case.train)


def check_scale_is_a_layer(case: ClassifierCase) -> None:
    """Look into the network: it takes SI numbers, so it can leave the house."""
    network = case.fitted.network_
    numbers = np.asarray(case.held)
    proba = np.asarray(network.predict_on_batch(numbers), dtype=np.float64)
    assert_close(proba, case.fitted.predict_proba(case.held), 1e-5)
    assert network.input_shape == (None, 32, 3)
    assert network.output_shape == (None, 3)


class _Seen:
    """An augmentation that changes nothing and remembers each window it saw."""

    def __init__(self) -> None:
        self.rows: set[bytes] = set()

    def __call__(self, batch: Any, rng: np.random.Generator) -> Any:
        self.rows |= _rows(batch)
        return batch

    def __deepcopy__(self, memo: Any) -> Any:
        return self  # scikit-learn's clone copies parameters; this one is shared


def _rows(numbers: Any) -> set[bytes]:
    return {row.tobytes() for row in np.ascontiguousarray(numbers, dtype=np.float32)}


def _same(batch: Any, rng: np.random.Generator) -> Any:
    return batch


def _shorten(batch: Any, rng: np.random.Generator) -> Any:
    return batch[:, :-1]


def _for_networks(check: Callable[[ClassifierCase], None]) -> Any:
    """Let a check pass where there are no epochs."""
    from functools import wraps

    @wraps(check)
    def checked(case: ClassifierCase) -> None:
        if case.is_network:
            check(case)

    return checked


NETWORK_CHECKS = tuple(
    _for_networks(check)
    for check in (
        check_watched_subjects,
        check_no_subjects_to_watch,
        check_best_weights,
        check_validation_data,
        check_callbacks,
        check_augment,
        check_augment_keeps_weights,
        check_training_parameters,
        check_scale_is_a_layer,
    )
)
