"""The pose of a body over time: its bouts, blended into one another."""

from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.simulate.activities import MOTIONS
from sensorhar.simulate.bout_pose import BoutPose, draw_shake
from sensorhar.simulate.columns import N_COLUMNS, PITCH, ROLL, SHOULDER, THIGH, YAW
from sensorhar.simulate.jet import Jet, bump, smooth_step
from sensorhar.simulate.person import Person
from sensorhar.simulate.schedule import Timeline

__all__ = ["Pose"]

EFFORT_SHAKE_MPS2 = 0.5  # while the posture changes


class Pose:
    """The pose of one person along a timeline.

    Parameters
    ----------
    timeline : Timeline
        What happens when.
    person : Person
        Whose body.
    rng : Generator
        Draws what differs between two bouts of the same person.
    """

    def __init__(
        self, timeline: Timeline, person: Person, rng: np.random.Generator
    ) -> None:
        bouts = timeline.bouts
        self._bouts = [BoutPose(bout, person, rng) for bout in bouts]
        self._blends = [
            (first.stop_s, second.start_s) for first, second in pairwise(bouts)
        ]
        self._shake = [draw_shake(EFFORT_SHAKE_MPS2, rng) for _ in self._blends]
        self._effort = [
            _effort(MOTIONS[first.motion].posture, MOTIONS[second.motion].posture, rng)
            for first, second in pairwise(bouts)
        ]

    def at(self, time_s: NDArray[Any]) -> Jet:
        """Return the pose.

        Parameters
        ----------
        time_s : array of shape (n_times,), in s
            Increasing.

        Returns
        -------
        Jet of shape (n_times, 15)
            The columns of ``COLUMNS``.
        """
        value, first, second = (np.zeros((len(time_s), N_COLUMNS)) for _ in range(3))
        for i, bout in enumerate(self._bouts):
            begin_s, end_s = -np.inf, np.inf
            if i > 0:
                begin_s = self._blends[i - 1][0]
            if i < len(self._blends):
                end_s = self._blends[i][1]
            low, high = np.searchsorted(time_s, [begin_s, end_s])
            if low == high:
                continue
            here = time_s[low:high]
            part = bout.at(here)
            if i > 0:
                part = part * _progress(here, self._blends[i - 1], smooth_step)
            if i < len(self._blends):
                fall = -_progress(here, self._blends[i], smooth_step) + 1.0
                part = part * fall
                effort = _progress(here, self._blends[i], bump)
                if self._effort[i].any():
                    shake = self._shake[i].at(Jet.time(here))
                    part = part + effort * (shake + self._effort[i])
            value[low:high] += part.value
            first[low:high] += part.first
            second[low:high] += part.second
        return Jet(value, first, second)


def _progress(time_s: NDArray[Any], blend: tuple[float, float], shape: Any) -> Jet:
    """Return a column that follows a shape through a blend."""
    time = Jet.time(time_s)
    result: Jet = shape((time - blend[0]) * (1 / (blend[1] - blend[0])))
    return result.map(lambda array: array[:, None])


def _effort(before: str, after: str, rng: np.random.Generator) -> NDArray[Any]:
    """Draw what a change of posture needs on the way, at its middle."""
    extra = np.zeros(N_COLUMNS)
    if before == after:
        return extra
    if {before, after} == {"stand", "sit"}:
        extra[PITCH] = np.deg2rad(35 + 8 * rng.normal())  # the trunk leans forward
        extra[[YAW, ROLL]] = np.deg2rad([10, 5]) * rng.normal(size=2)
        extra[SHOULDER] = np.deg2rad(20)
    elif "ride" in (before, after):
        extra[[YAW, ROLL]] = np.deg2rad([15, 20]) * rng.normal(size=2)
        extra[THIGH] = np.deg2rad(30)
    else:
        extra[[YAW, ROLL, PITCH]] = np.deg2rad([25, 15, 12]) * rng.normal(size=3)
        extra[[THIGH, SHOULDER]] = np.deg2rad([40, 30])
    return extra
