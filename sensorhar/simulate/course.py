"""The way a body takes through the world: heading, and speed added up to position."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.simulate.activities import MOTIONS
from sensorhar.simulate.columns import CLIMB, HEIGHT, SPEED
from sensorhar.simulate.jet import Jet, smooth_step
from sensorhar.simulate.pose import Pose
from sensorhar.simulate.schedule import Timeline

__all__ = ["Course"]

GRID_HZ = (
    50.0  # speed and heading change over tenths of seconds; errors stay below 1 µm
)


class Course:
    """Where a body goes, without its bouncing.

    Parameters
    ----------
    timeline : Timeline
        What happens when.
    pose : Pose
        Gives speed, climb and height of the belt.
    rng : Generator
        Draws the turns.
    """

    def __init__(
        self, timeline: Timeline, pose: Pose, rng: np.random.Generator
    ) -> None:
        self._pose = pose
        self._heading_rad = rng.uniform(-np.pi, np.pi)
        self._turns = _turns(timeline, rng)
        n_grid = int(np.ceil((timeline.duration_s + 2.0) * GRID_HZ)) + 1
        self._grid_s = np.arange(n_grid) / GRID_HZ - 1.0
        velocity = self._velocity(pose.at(self._grid_s), self.heading(self._grid_s))
        self._speed, self._slope = velocity.value, velocity.first
        # Each step by the trapezium corrected with the slopes at its ends.
        step_s = 1 / GRID_HZ
        way = step_s / 2 * (self._speed[1:] + self._speed[:-1])
        way += step_s**2 / 12 * (self._slope[:-1] - self._slope[1:])
        self._way = np.vstack([np.zeros(3), np.cumsum(way, axis=0)])
        self._way -= self._way[int(GRID_HZ)]  # the origin is where time 0 is

    def heading(self, time_s: NDArray[Any]) -> Jet:
        """Return the direction of the way in rad, counter-clockwise from east."""
        value = np.full(len(time_s), self._heading_rad)
        first, second = np.zeros(len(time_s)), np.zeros(len(time_s))
        for start_s, takes_s, angle_rad in self._turns:
            low, high = np.searchsorted(time_s, [start_s, start_s + takes_s])
            progress = (Jet.time(time_s[low:high]) - start_s) * (1 / takes_s)
            turn = smooth_step(progress) * angle_rad
            value[low:high] += turn.value
            first[low:high] += turn.first
            second[low:high] += turn.second
            value[high:] += angle_rad
        return Jet(value, first, second)

    def at(self, time_s: NDArray[Any], pose: Jet, heading: Jet) -> Jet:
        """Return the position of the belt's mean course.

        Parameters
        ----------
        time_s : array of shape (n_times,), in s
            Increasing, within the timeline.
        pose, heading : Jet
            Those at the same times.

        Returns
        -------
        Jet of shape (n_times, 3), in m
            East, north and up of the start; the ground there is 0.
        """
        velocity = self._velocity(pose, heading)
        position = Jet(self._added_up(time_s), velocity.value, velocity.first)
        height = pose.column(HEIGHT)
        flat = np.array([0.0, 0.0, 1.0])
        return position + height.map(lambda array: array[:, None] * flat)

    def _velocity(self, pose: Jet, heading: Jet) -> Jet:
        """Return speed along the heading and climb, as (n_times, 3)."""
        speed = pose.column(SPEED)
        east, north = speed * heading.cos(), speed * heading.sin()
        up = pose.column(CLIMB)
        return Jet(
            np.stack([east.value, north.value, up.value], axis=1),
            np.stack([east.first, north.first, up.first], axis=1),
            np.stack([east.second, north.second, up.second], axis=1),
        )

    def _added_up(self, time_s: NDArray[Any]) -> NDArray[Any]:
        """Interpolate the way with the quintic that fits velocity and slope too."""
        step_s = 1 / GRID_HZ
        index = np.floor((time_s - self._grid_s[0]) / step_s).astype(int)
        index = np.clip(index, 0, len(self._grid_s) - 2)
        u = ((time_s - self._grid_s[index]) / step_s)[:, None]
        p0, p1 = self._way[index], self._way[index + 1]
        v0, v1 = self._speed[index] * step_s, self._speed[index + 1] * step_s
        a0, a1 = self._slope[index] * step_s**2, self._slope[index + 1] * step_s**2
        rise = p1 - p0 - v0 - a0 / 2
        tilt = v1 - v0 - a0
        bend = a1 - a0
        cubic = 10 * rise - 4 * tilt + bend / 2
        quartic = -15 * rise + 7 * tilt - bend
        quintic = 6 * rise - 3 * tilt + bend / 2
        curve = p0 + u * (v0 + u * (a0 / 2 + u * (cubic + u * (quartic + u * quintic))))
        return np.asarray(curve)


def _turns(
    timeline: Timeline, rng: np.random.Generator
) -> list[tuple[float, float, float]]:
    """Draw start, duration and angle in rad of each turn."""
    turns = []
    for bout in timeline.bouts:
        if bout.turn_deg:
            takes_s = bout.stop_s - bout.start_s
            turns.append((bout.start_s, takes_s, np.deg2rad(bout.turn_deg)))
            continue
        activity = MOTIONS[bout.motion]
        now_s = bout.start_s + rng.exponential(activity.turn_every_s)
        while now_s < bout.stop_s:
            angle_rad = np.deg2rad(55.0) * rng.normal()
            # The faster, the wider: 5 m/s takes twice the time of walking.
            takes_s = 1.2 + 0.8 * abs(angle_rad) * (1 + activity.stride_length / 2.5)
            turns.append((now_s, takes_s, angle_rad))
            now_s += takes_s + rng.exponential(activity.turn_every_s)
    return turns
