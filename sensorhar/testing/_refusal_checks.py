"""Checks of what a classifier refuses, and in which words."""

import warnings
from dataclasses import replace
from typing import Any

import numpy as np

from sensorhar.data.channel import Channel
from sensorhar.data.spec import WindowSpec
from sensorhar.data.windows import Windows
from sensorhar.errors import SensorharWarning, SpecMismatchError
from sensorhar.testing._case import SPEC, ClassifierCase, assert_close, refuses

__all__ = ["REFUSAL_CHECKS"]

REMAKE = r"Remake them with make_windows\(recordings, spec=clf\.spec_\)\.$"


def check_other_length(case: ClassifierCase) -> None:
    """Give longer windows, also at another rate: both are named."""
    fitted_on = _fitted_on(case)
    with refuses(
        SpecMismatchError, f"^{fitted_on}; these windows have 64 timepoints. {REMAKE}"
    ):
        case.fitted.predict(_like(replace(SPEC, n_timepoints=64)))
    with refuses(
        SpecMismatchError,
        f"^{fitted_on}; these windows have 64 timepoints at 100 Hz. {REMAKE}",
    ):
        case.fitted.predict(_like(replace(SPEC, n_timepoints=64, rate_hz=100.0)))


def check_other_rate(case: ClassifierCase) -> None:
    """Give windows of as many samples at another rate: refused."""
    with refuses(
        SpecMismatchError,
        f"^{_fitted_on(case)}; these windows have samples at 25 Hz. {REMAKE}",
    ):
        case.fitted.predict(_like(replace(SPEC, rate_hz=25.0)))


def check_missing_channel(case: ClassifierCase) -> None:
    """Give windows that lack a channel: it is named."""
    with refuses(
        SpecMismatchError,
        f"^{_fitted_on(case)}; these windows have no channel 'acc_z'. {REMAKE}",
    ):
        case.fitted.predict(_like(SPEC.with_channels(SPEC.channels[:2])))


def check_other_unit(case: ClassifierCase) -> None:
    """Give rad/s where m/s^2 was learned: both units are named."""
    channels = tuple(replace(channel, unit="rad/s") for channel in SPEC.channels)
    with refuses(
        SpecMismatchError,
        r"was fitted on acc_x in m/s\^2; these windows have it in rad/s\. " + REMAKE,
    ):
        case.fitted.predict(_like(SPEC.with_channels(channels)))


def check_other_gravity(case: ClassifierCase) -> None:
    """Give an accelerometer without gravity: the message says how to cure it."""
    channels = tuple(replace(channel, has_gravity=False) for channel in SPEC.channels)
    with refuses(
        SpecMismatchError,
        "was fitted on acc_x with gravity; these windows have it without gravity. "
        "Take the accelerometer's total reading, or add back the gravity stream.",
    ):
        case.fitted.predict(_like(SPEC.with_channels(channels)))


def check_other_steps(case: ClassifierCase) -> None:
    """Give windows prepared by other steps: both lists are named."""
    steps = ({"step": "LowPass", "cutoff_hz": 5.0},)
    with refuses(
        SpecMismatchError,
        r"was fitted on windows prepared by \[\]; these were prepared by "
        r"\[\{'step': 'LowPass', 'cutoff_hz': 5\.0\}\]\. " + REMAKE,
    ):
        case.fitted.predict(_like(replace(SPEC, steps=steps)))


def check_other_place(case: ClassifierCase) -> None:
    """Give windows from elsewhere on the body: an answer, and one warning."""
    channels = tuple(replace(channel, place="wrist") for channel in SPEC.channels)
    worn = _like(SPEC.with_channels(channels))
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always", SensorharWarning)
        assert len(case.fitted.predict(worn)) == len(worn)
    said = [str(w.message) for w in caught if w.category is SensorharWarning]
    assert len(said) == 1, f"one warning is expected; got {said!r}"
    assert "worn at the waist; these windows are from the wrist" in said[0]


def check_validation_lengths(case: ClassifierCase) -> None:
    """Give validation windows and labels of different numbers: both are named."""
    numbers, y = case.arrays
    with refuses(ValueError, "one label for each of 9 windows; got 8"):
        case.quick().fit(numbers, y, validation_data=(numbers[:9], y[:8]))


def check_other_shape(case: ClassifierCase) -> None:
    """Give bare arrays of another shape: expected and got are named."""
    numbers = np.asarray(case.held)
    fitted_on = r"was fitted on 32 timepoints of 3 channels; this array has shape "
    for other in (numbers[:, :-1], numbers[:, :, :2], numbers[..., None]):
        shape = str(other.shape).replace("(", r"\(").replace(")", r"\)")
        with refuses(
            SpecMismatchError,
            fitted_on + shape,
            r"Expected \(n_windows, n_timepoints, n_channels\)\.",
        ):
            case.fitted.predict(other)
    with refuses(SpecMismatchError, "of 3 channels; got 32 timepoints of 1"):
        case.fitted.predict(numbers[:, :, 0])


def check_channels_are_ordered(case: ClassifierCase) -> None:
    """Give Windows with channels in another order, or more of them: same answer."""
    proba = case.fitted.predict_proba(case.held)
    turned = case.held.select_channels(["acc_z", "acc_x", "acc_y"])
    assert_close(case.fitted.predict_proba(turned), proba, 1e-6)
    extra = Channel("hr_bpm", "bpm", "heart_rate")
    numbers = np.asarray(case.held)
    pulse = np.full((*numbers.shape[:2], 1), 70, dtype=np.float32)
    more = Windows.from_array(
        np.concatenate([pulse, numbers], axis=2),
        spec=SPEC.with_channels((extra, *SPEC.channels)),
    )
    assert_close(case.fitted.predict_proba(more), proba, 1e-6)


def check_not_finite(case: ClassifierCase) -> None:
    """Give NaN or infinity: refused by name, in fit and in predict."""
    numbers, y = case.arrays
    for value, word in ((np.nan, "contains NaN"), (np.inf, "contains infinity")):
        bad = numbers.copy()
        bad[3, 5, 1] = value
        with refuses(ValueError, word):
            case.make().fit(bad, y)
        with refuses(ValueError, word):
            case.fitted.predict(bad)


def check_one_class(case: ClassifierCase) -> None:
    """Give windows of one class alone: the class is named."""
    rest = case.train[case.train.y == "rest"]
    name = type(case.fitted).__name__
    message = f"{name} needs windows of at least two classes; got only 'rest'"
    with refuses(ValueError, message):
        case.make().fit(rest)
    with refuses(ValueError, message):
        case.make().fit(np.asarray(rest), rest.y)


def check_too_few_windows(case: ClassifierCase) -> None:
    """Give fewer windows than a fit needs: refused in words."""
    numbers, y = case.arrays
    empty = "X must hold at least one window; got none"
    with refuses(ValueError, "a minimum of 2 is required"):
        case.make().fit(numbers[:1], y[:1])
    with refuses(ValueError, r"0 sample\(s\)"):
        case.make().fit(numbers[:0], y[:0])
    with refuses(ValueError, empty):
        case.make().fit(case.train[:0])
    with refuses(ValueError, r"0 sample\(s\)"):
        case.fitted.predict(numbers[:0])
    with refuses(ValueError, empty):
        case.fitted.predict(case.held[:0])


def check_missing_labels(case: ClassifierCase) -> None:
    """Give no labels, some None, or too many: refused with what to do."""
    numbers, y = case.arrays
    with refuses(ValueError, "requires y to be passed, but the target y is None"):
        case.make().fit(numbers)
    with refuses(
        ValueError,
        "fit requires y to be passed.*Windows carry their labels when their recordings "
        r"have events; arrays need y=\.\.\.",
    ):
        case.make().fit(case.train.with_labels(None))
    some: list[Any] = [None, None, *y[2:]]
    with refuses(
        ValueError,
        f"every window needs a label to learn from; 2 of {len(y)} have None. "
        "Make the windows with null='drop', or with null='class'",
    ):
        case.make().fit(case.train.with_labels(some))
    with refuses(ValueError, f"one label for each of {len(y)} windows; got 3"):
        case.make().fit(case.train, y[:3])
    with refuses(ValueError, "inconsistent numbers of samples"):
        case.make().fit(numbers, y[:3])


def check_missing_groups(case: ClassifierCase) -> None:
    """Give groups with None, or too few: refused with counts."""
    numbers, y = case.arrays
    n = len(y)
    with refuses(
        ValueError,
        rf"groups must name a subject for each of {n} windows; got shape \({n},\), "
        "1 of them None",
    ):
        case.make().fit(numbers, y, groups=["s1"] * (n - 1) + [None])
    for X, labels in ((numbers, y), (case.train, None)):
        with refuses(ValueError, rf"for each of {n} windows; got shape \(2,\), 0 of"):
            case.make().fit(X, labels, groups=["s1", "s2"])


def check_class_weight_is_checked(case: ClassifierCase) -> None:
    """Give nonsense as class_weight: refused in fit with what is allowed."""
    if "class_weight" not in case.make().get_params():
        return
    with refuses(
        ValueError,
        "class_weight must be None, 'balanced' or a mapping from label to weight; got "
        "'heavy'",
    ):
        case.make().set_params(class_weight="heavy").fit(case.train)
    with refuses(
        ValueError, r"class_weight must name labels that occur, .*; got \['run'\]"
    ):
        case.make().set_params(class_weight={"run": 2.0}).fit(case.train)


def _fitted_on(case: ClassifierCase) -> str:
    """Return the opening of the message as a pattern."""
    return (
        f"{type(case.fitted).__name__} was fitted on 32 timepoints at 50 Hz of acc_x, "
        r"acc_y, acc_z \[m/s\^2\]"
    )


def _like(spec: WindowSpec) -> Windows:
    """Return two windows of zeros that say they follow a spec."""
    shape = (2, spec.n_timepoints, len(spec.channels))
    return Windows.from_array(np.zeros(shape, dtype=np.float32), spec=spec)


REFUSAL_CHECKS = (
    check_other_length,
    check_other_rate,
    check_missing_channel,
    check_other_unit,
    check_other_gravity,
    check_other_steps,
    check_other_place,
    check_validation_lengths,
    check_other_shape,
    check_channels_are_ordered,
    check_not_finite,
    check_one_class,
    check_too_few_windows,
    check_missing_labels,
    check_missing_groups,
    check_class_weight_is_checked,
)
