"""MiniRocket features and ridge regression: the baseline hardest to beat."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.classifiers._ridge import deal_folds, fit_ridge
from sensorhar.classifiers._rocket import KERNELS, Rocket, draw_rocket
from sensorhar.classifiers._training import Training
from sensorhar.classifiers.base import SensorClassifier

__all__ = ["MiniRocketClassifier"]


class MiniRocketClassifier(SensorClassifier):
    """Classify windows with MiniRocket (Dempster, Schmidt & Webb, KDD 2021).

    Written from the paper: 84 fixed kernels of nine samples at several dilations; the
    share of each window above thresholds is a feature; a ridge regression for each
    class decides. On several channels a kernel sums over a few drawn at random, each
    scaled to unit variance over the training windows, so that units do not weigh. The
    penalty is chosen on thirds of the subjects held out in turn, when ``groups`` are
    known.

    Parameters
    ----------
    n_features : int, default=10000
        About how many features; rounded down to a multiple of 84.
    class_weight : {"balanced"}, mapping of label to float, or None, default=None
        Weight of each class.
    random_state : int or None, default=None
        With a number, two fits are equal.

    Attributes
    ----------
    classes_ : array of shape (n_classes,)
        Labels in the order of the columns of ``predict_proba``.
    spec_ : WindowSpec or None
        The windows it was fitted on.
    temperature_ : float
        What scores are divided by before softmax, chosen on subjects held out, so that
        probabilities are as sure as they are right.
    penalty_ : float
        The ridge penalty chosen.

    Notes
    -----
    A ridge regression gives no probabilities. ``predict_proba`` is the softmax of its
    scores at ``temperature_``.

    Examples
    --------
    >>> import sensorhar as sh
    >>> windows = sh.make_windows(sh.simulate_recordings(3, random_state=0),
    ...     length_s=2.56, channels=["acc_x", "acc_y", "acc_z"])
    >>> clf = MiniRocketClassifier(n_features=840, random_state=0).fit(windows)
    >>> clf.score(windows) > 0.8
    True
    """

    _arrays = (
        "dilations_",
        "n_biases_",
        "biases_",
        "kernel_channels_",
        "channel_mean_",
        "channel_scale_",
        "mean_",
        "scale_",
        "coef_",
        "intercept_",
        "temperature_",
    )

    _ranks = (0, 1)
    _is_flat = True

    def __init__(
        self,
        *,
        n_features: int = 10_000,
        class_weight: Any = None,
        random_state: Any = None,
    ) -> None:
        self.n_features = n_features
        self.class_weight = class_weight
        self.random_state = random_state

    def _learn(self, training: Training) -> None:
        from sklearn.utils import check_random_state

        if self.n_features < len(KERNELS):
            raise ValueError(
                f"n_features must be at least {len(KERNELS)}, one for each kernel; got "
                f"{self.n_features!r}."
            )
        seed = check_random_state(self.random_state).randint(np.iinfo(np.int32).max)
        rng = np.random.default_rng(seed)
        # Kernels sum over channels; without this a gyroscope in rad/s would hardly be
        # heard beside an accelerometer in m/s^2.
        numbers = training.numbers
        self.channel_mean_ = numbers.mean(axis=(0, 1), dtype=np.float64).astype(
            np.float32
        )
        spread = numbers.std(axis=(0, 1), dtype=np.float64)
        self.channel_scale_ = np.where(spread > 1e-9, spread, 1.0).astype(np.float32)
        numbers = (numbers - self.channel_mean_) / self.channel_scale_
        rocket = draw_rocket(numbers, self.n_features, rng)
        self.dilations_, self.n_biases_ = rocket.dilations, rocket.n_biases
        self.biases_, self.kernel_channels_ = rocket.biases, rocket.channels
        is_small = len(training.codes) <= rocket.n_features
        known = rocket.transform(numbers) if is_small else None
        sample = known
        if sample is None:
            chosen = rng.choice(len(training.codes), rocket.n_features, replace=False)
            sample = rocket.transform(numbers[np.sort(chosen)])
        self.mean_ = sample.mean(axis=0)
        deviation = sample.std(axis=0)
        self.scale_ = np.where(deviation > 1e-6, deviation, 1.0).astype(np.float32)

        def features(rows: NDArray[np.intp]) -> NDArray[np.float32]:
            shares = rocket.transform(numbers[rows]) if known is None else known[rows]
            return (shares - self.mean_) / self.scale_

        ridge = fit_ridge(
            features,
            training.codes,
            len(self.classes_),
            training.weight,
            deal_folds(training.codes, training.groups, rng),
            rocket.n_features,
            training.lesson,
        )
        self.coef_, self.intercept_, self.penalty_, temperature = ridge
        self.temperature_ = np.float64(temperature)

    def _estimate(self, numbers: NDArray[np.float32]) -> NDArray[np.float64]:
        rocket = Rocket(
            self.dilations_, self.n_biases_, self.biases_, self.kernel_channels_
        )
        parts = []
        for first in range(0, len(numbers), 1024):
            chunk = (numbers[first : first + 1024] - self.channel_mean_) / (
                self.channel_scale_
            )
            shares = rocket.transform(chunk)
            parts.append(((shares - self.mean_) / self.scale_) @ self.coef_)
        scores = (np.concatenate(parts) + self.intercept_) / self.temperature_
        exponential: NDArray[np.float64] = np.exp(
            scores - scores.max(axis=1, keepdims=True)
        )
        return exponential
