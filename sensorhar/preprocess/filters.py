"""Filters as steps: each acts on chosen channels, run by run between gaps."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.data.recording import Recording
from sensorhar.data.stream import Stream
from sensorhar.preprocess._step import Step, map_runs
from sensorhar.signal.filters import low_pass, moving_median

__all__ = ["LowPass", "Median"]

#: Filtering a position or a heart rate as if it were a vibration makes no sense.
FILTERED_KINDS = {
    "accelerometer",
    "linear_acceleration",
    "gravity",
    "gyroscope",
    "magnetometer",
}


def _map_motion(
    recording: Recording,
    function: Callable[[NDArray[Any], float], NDArray[Any]],
    name: str,
) -> Recording:
    """Filter the streams of motion sensors and leave the others as they are."""

    def one(stream: Stream) -> Stream:
        if stream.kind not in FILTERED_KINDS:
            return stream
        rate_hz = stream.rate_hz
        return stream.with_values(
            map_runs(stream, lambda values: function(values, rate_hz), name)
        )

    return recording.with_streams([one(stream) for stream in recording.streams])


@dataclass(frozen=True)
class LowPass(Step):
    """Keep what is slower than a cutoff, in all motion sensors.

    Parameters
    ----------
    cutoff_hz : float
        Cutoff in Hz, below half the rate.
    order : int, default=3
        Of the Butterworth filter.
    causal : bool, default=False
        Use no later sample, as a live stream must; otherwise nothing is delayed.

    Raises
    ------
    ValueError
        When the cutoff is too high for a stream, or a clock is irregular.
    """

    cutoff_hz: float
    order: int = 3
    causal: bool = False

    @property
    def is_causal(self) -> bool:
        """Whether no sample of the result depends on a later sample."""
        return self.causal

    def __call__(self, recording: Recording) -> Recording:
        """Return the filtered recording."""
        return _map_motion(
            recording,
            lambda values, rate_hz: low_pass(
                values,
                rate_hz=rate_hz,
                cutoff_hz=self.cutoff_hz,
                order=self.order,
                causal=self.causal,
            ),
            "LowPass",
        )


@dataclass(frozen=True)
class Median(Step):
    """Remove single outliers from all motion sensors with a moving median.

    Parameters
    ----------
    n_timepoints : int, default=3
        Odd length of the median in samples; 3 is what UCI HAR was prepared with.

    Raises
    ------
    ValueError
        When the length is even.
    """

    n_timepoints: int = 3

    def __call__(self, recording: Recording) -> Recording:
        """Return the filtered recording."""

        def smooth(values: NDArray[Any], rate_hz: float) -> NDArray[np.floating]:
            return moving_median(values, n_timepoints=self.n_timepoints)

        return _map_motion(recording, smooth, "Median")
