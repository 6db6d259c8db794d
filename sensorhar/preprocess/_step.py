"""What every preparation step is, and how it is written down in a spec."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream

__all__ = ["Step", "build", "describe", "map_runs"]


@dataclass(frozen=True)
class Step:
    """Base of the preparation steps: frozen parameters, one call.

    A step takes a Recording and returns a new one; it learns nothing, so it may run
    before any split.
    """

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample."""
        return False

    def __call__(self, recording: Recording) -> Recording:
        """Return the prepared recording."""
        raise NotImplementedError


def describe(step: Step) -> dict[str, Any]:
    """Return a step as plain JSON values.

    Parameters
    ----------
    step : Step
        A step of this package.

    Returns
    -------
    dict
        Its class name under ``"step"``, and its parameters.

    Raises
    ------
    TypeError
        When the step is not one of this package, so that nobody could build it
        again from its description.

    Examples
    --------
    >>> from sensorhar.preprocess import LowPass
    >>> describe(LowPass(cutoff_hz=20))
    {'step': 'LowPass', 'cutoff_hz': 20, 'order': 3, 'causal': False}
    """
    if not isinstance(step, Step) or not step.__module__.startswith("sensorhar."):
        raise TypeError(
            f"a step must be one of sensorhar.preprocess; got {step!r}. To apply your "
            "own function, call it on the recordings before make_windows."
        )
    return {"step": type(step).__name__, **asdict(step)}


def build(description: Mapping[str, Any]) -> Step:
    """Build a step from what :func:`describe` returned.

    Parameters
    ----------
    description : mapping
        Class name under ``"step"``, and parameters.

    Returns
    -------
    Step
        Equal to the one described.

    Raises
    ------
    ValueError
        When there is no step of that name.
    """
    room = import_module("sensorhar.preprocess")
    names = [
        name
        for name in room.__all__
        if isinstance(getattr(room, name), type) and name != "Step"
    ]
    check_choice(description.get("step"), "step", names)
    parameters = {
        key: _as_tuple(value) for key, value in description.items() if key != "step"
    }
    step: Step = getattr(room, description["step"])(**parameters)
    return step


def _as_tuple(value: Any) -> Any:
    """Return what JSON keeps as a list as the tuple that a frozen step holds."""
    return tuple(map(_as_tuple, value)) if isinstance(value, list) else value


def map_runs(
    stream: Stream, function: Callable[[NDArray[Any]], NDArray[Any]], name: str
) -> NDArray[Any]:
    """Apply a function to each unbroken run of a stream, and join the results.

    Raises
    ------
    ValueError
        When the clock is irregular beyond gaps, or values are missing.
    """
    if stream.has_missing:
        raise ValueError(
            f"{name} needs a value at each sample; stream {stream.channel_names[0]!r} "
            "has NaN. Put Align(rate_hz=...) before it, which leaves them out."
        )
    if stream.is_regular:
        return function(stream.values)
    steps = np.diff(stream.time_s)
    period = 1 / stream.rate_hz
    is_next = np.abs(steps - period) < 0.1 * period
    if not is_next.any() or (~is_next & (steps < 1.5 * period)).any():
        raise ValueError(
            f"{name} needs a regular clock; stream {stream.channel_names[0]!r} has "
            f"steps of {steps.min():.4g} to {steps.max():.4g} s. Put "
            "Align(rate_hz=...) before it."
        )
    edges = np.flatnonzero(~is_next) + 1
    runs = np.split(stream.values, edges)
    return np.concatenate([function(run) for run in runs])
