"""A classifier under test, with windows that anything should learn."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.channel import Channel
from sensorhar.data.spec import WindowSpec
from sensorhar.data.windows import Windows
from sensorhar.units import STANDARD_GRAVITY

__all__ = ["SPEC", "ClassifierCase", "assert_close", "refuses", "separable_windows"]

#: Waist accelerometer with gravity, 0.64 s: short, so that networks train quickly.
SPEC = WindowSpec(
    tuple(
        Channel(f"acc_{axis}", "m/s^2", "accelerometer", "waist", True)
        for axis in "xyz"
    ),
    rate_hz=50.0,
    n_timepoints=32,
    step_s=0.64,
)

#: Frequency in Hz and amplitude in m/s^2 of each activity.
WAVES = {"rest": (0.0, 0.0), "shake": (8.0, 6.0), "swing": (2.0, 1.5)}


def separable_windows(n_windows: int = 144, n_subjects: int = 6) -> Windows:
    """Return windows of three activities that differ in frequency and strength.

    Rest is noise around gravity, which leans a little; shaking and swinging add a sine
    of random phase along x, of 8 Hz and 6 m/s^2, or of 2 Hz and 1.5 m/s^2. Subjects
    take turns, three windows each.

    Parameters
    ----------
    n_windows : int, default=144
        Windows in all.
    n_subjects : int, default=6
        Subjects, ``s0`` and onwards.

    Returns
    -------
    Windows
        Of shape (n_windows, 32, 3), labelled ``rest``, ``shake`` and ``swing``.
    """
    rng = np.random.default_rng(0)
    labels = list(WAVES)
    y = [labels[i % len(labels)] for i in range(n_windows)]
    groups = [f"s{(i // len(labels)) % n_subjects}" for i in range(n_windows)]
    time_s = np.arange(SPEC.n_timepoints) / SPEC.rate_hz
    values = rng.normal(0, 0.1, (n_windows, SPEC.n_timepoints, 3))
    # Nobody wears a sensor twice the same way: gravity leans by about 0.3 rad.
    lean_rad = rng.normal(0, 0.2, (2, n_windows, 1))
    down = np.stack([*np.sin(lean_rad), np.cos(np.hypot(*lean_rad))], axis=-1)
    values += STANDARD_GRAVITY * down
    for i, label in enumerate(y):
        rate_hz, size = WAVES[label]
        phase_rad = rng.uniform(0, 2 * np.pi)
        values[i, :, 0] += size * np.sin(2 * np.pi * rate_hz * time_s + phase_rad)
    return Windows.from_array(values.astype(np.float32), spec=SPEC, y=y, groups=groups)


class ClassifierCase:
    """What every check is given: a factory, windows, and one fit that checks share.

    Parameters
    ----------
    factory : callable
        Returns a new classifier that is not fitted, with settings that are quick and
        yet learn the separable windows, and a fixed ``random_state``.

    Attributes
    ----------
    train, held : Windows
        Separable windows of four subjects, and of two others.
    fitted : classifier
        Fitted on ``train``. Checks share it, so none may change it.
    """

    def __init__(self, factory: Callable[[], Any]) -> None:
        self.make = factory
        windows = separable_windows()
        is_held = np.isin(windows.groups.astype(str), ["s4", "s5"])  # type: ignore[union-attr]
        self.train, self.held = windows[~is_held], windows[is_held]

    @cached_property
    def fitted(self) -> Any:
        return self.make().fit(self.train)

    @property
    def is_network(self) -> bool:
        """Whether it trains in epochs."""
        return "epochs" in self.make().get_params()

    def quick(self, **parameters: Any) -> Any:
        """Return a new classifier that trains one epoch of few steps, if it has any."""
        clf = self.make()
        if self.is_network:
            parameters = {"epochs": 1, "batch_size": 48, **parameters}
        return clf.set_params(**parameters)

    @property
    def arrays(self) -> tuple[NDArray[np.float32], NDArray[Any]]:
        """The training windows and labels as bare arrays."""
        return np.asarray(self.train), np.array(self.train.y, dtype=str)

    @property
    def groups(self) -> NDArray[Any]:
        """Subjects of the training windows, as text."""
        return np.array(self.train.groups, dtype=str)


@contextmanager
def refuses(error: type[Exception], *patterns: str) -> Iterator[None]:
    """Demand that the block raises an error whose message holds all patterns."""
    try:
        yield
    except error as raised:
        message = re.sub(r"\s+", " ", str(raised))
        for pattern in patterns:
            assert re.search(pattern, message), (
                f"the message must match {pattern!r}; got {message!r}"
            )
    else:
        raise AssertionError(
            f"{error.__name__} must be raised with a message like {patterns!r}; "
            "nothing was raised"
        )


def assert_close(actual: Any, expected: Any, tolerance: float) -> None:
    """Demand that two arrays agree to an absolute tolerance."""
    np.testing.assert_allclose(actual, expected, rtol=0, atol=tolerance)
