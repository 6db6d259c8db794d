"""Toy windows and classifiers whose scores are known beforehand."""

import numpy as np
import pytest
from sklearn.base import BaseEstimator, ClassifierMixin

import sensorhar as sh

SPEC = sh.WindowSpec(
    tuple(
        sh.Channel(f"acc_{a}", "m/s^2", "accelerometer", "waist", True) for a in "xyz"
    ),
    rate_hz=10.0,
    n_timepoints=20,
    step_s=1.0,
)


class Nearest(ClassifierMixin, BaseEstimator):
    """Nearest class mean of whole windows; records how it was called."""

    def __init__(self, random_state=None, noise=0.0, verbose=1):
        self.random_state = random_state
        self.noise = noise
        self.verbose = verbose

    def fit(self, X, y=None, groups=None):
        self.groups_ = groups
        self.classes_ = np.unique(y)
        table = self._flat(X)
        self.means_ = np.stack([table[y == c].mean(axis=0) for c in self.classes_])
        rng = np.random.default_rng(self.random_state)
        self.means_ += rng.normal(0, self.noise, self.means_.shape)
        self.history_ = {"loss": [2.0, 1.0], "val_loss": [2.5, 1.5]}
        return self

    def _flat(self, X):
        return np.asarray(X).reshape(len(X), -1)

    def predict_proba(self, X):
        far = np.linalg.norm(self._flat(X)[:, None] - self.means_, axis=2)
        near = np.exp(far.min(axis=1, keepdims=True) - far)
        return near / near.sum(axis=1, keepdims=True)

    def predict(self, X):
        return self.classes_[self.predict_proba(X).argmax(axis=1)]


class Level(ClassifierMixin, BaseEstimator):
    """Says what the first reading of the window says: 0 is sit, 1 is walk, 2 null."""

    def fit(self, X, y=None):
        return self

    def predict(self, X):
        first = np.asarray(X)[:, 0, 0].astype(int)
        return np.array(["sit", "walk", "null"])[first]


def windows_of(readings, y, groups, **fields):
    """Windows whose every reading is the given number."""
    values = np.ones((len(readings), 20, 3), dtype=np.float32)
    values *= np.asarray(readings, dtype=np.float32)[:, None, None]
    return sh.Windows.from_array(values, spec=SPEC, y=y, groups=groups, **fields)


def people(n_subjects=4, n_windows=12, null=False, spread=0.3):
    """Overlapping windows of several people in two recordings each."""
    rng = np.random.default_rng(n_subjects)
    labels = ["sit", "walk", "null"] if null else ["sit", "walk"]
    n = n_subjects * n_windows
    place = np.arange(n) % n_windows
    y = np.array([labels[i % len(labels)] for i in place], dtype=object)
    level = np.array([labels.index(label) for label in y], dtype=float)
    who = np.arange(n) // n_windows
    habit = rng.normal(0, spread, n_subjects)[who]
    values = (level + habit)[:, None, None] + rng.normal(0, 0.2, (n, 20, 3))
    half = n_windows // 2
    return sh.Windows.from_array(
        values.astype(np.float32),
        spec=SPEC,
        y=y,
        groups=[f"p{w + 1}" for w in who],
        recording=[f"p{w + 1}-{p // half}" for w, p in zip(who, place, strict=True)],
        start_s=(place % half) * 1.0,
        purity=np.where(place == 0, 0.6, 1.0),
        null_label="null" if null else None,
    )


@pytest.fixture
def nearest():
    return Nearest()


@pytest.fixture
def level():
    return Level()


@pytest.fixture
def make_people():
    return people


@pytest.fixture
def make_windows_of():
    return windows_of


@pytest.fixture(scope="session")
def report():
    """Two toys and the majority, four people, a null class, two seeds."""
    toys = {"noisy": Nearest(noise=0.5), "calm": Nearest()}
    windows = people(null=True)
    return sh.evaluate(toys, windows, seeds=2, progress=False)
