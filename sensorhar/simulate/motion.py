"""A body along a timeline, and the exact motion of the sensor mounted on it."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice
from sensorhar.simulate.columns import (
    BELT_PITCH,
    BELT_ROLL,
    BELT_YAW,
    ELBOW,
    PITCH,
    ROLL,
    SHOULDER,
    THIGH,
    YAW,
)
from sensorhar.simulate.course import Course
from sensorhar.simulate.jet import bilinear
from sensorhar.simulate.person import Person
from sensorhar.simulate.pose import Pose
from sensorhar.simulate.schedule import Timeline
from sensorhar.simulate.trajectory import Trajectory
from sensorhar.simulate.turns import (
    body_turn,
    conjugate,
    product,
    rotate,
    still_turn,
    turn,
)

__all__ = ["PLACES", "Motion"]

#: Where a sensor can be worn, with the directions of its x, y and z axis while one
#: stands upright, in body axes (forward, left, up). On the waist x points up and y
#: forward, as in UCI HAR and HAPT.
PLACES: dict[str, tuple[tuple[float, float, float], ...]] = {
    "waist": ((0, 0, 1), (1, 0, 0), (0, 1, 0)),
    "pocket": ((0, 1, 0), (0, 0, 1), (1, 0, 0)),  # phone upright, screen outwards
    "wrist": ((0, 0, -1), (-1, 0, 0), (0, 1, 0)),  # x to the hand, z off the skin
}

# Lengths in body heights: D. A. Winter, "Biomechanics and motor control of human
# movement", 4th ed., fig. 4.1 (thigh 0.245, upper arm 0.186, forearm 0.146). The belt
# is 0.05 above the hip joint and 0.24 below the shoulder.
BELT_TO_HIP = np.array([0.0, 0.05, -0.05])
HIP_TO_POCKET = np.array([0.03, 0.02, -0.10])
BELT_TO_SHOULDER = np.array([0.0, 0.11, 0.24])
UPPER_ARM = np.array([0.0, 0.0, -0.186])
FOREARM = np.array([0.0, 0.0, -0.135])

X, Y, Z = np.eye(3)


class Motion:
    """One person along one timeline.

    Parameters
    ----------
    person : Person
        Who moves.
    timeline : Timeline
        What happens when.
    rng : Generator
        Draws everything that is left to chance.

    Examples
    --------
    >>> import numpy as np
    >>> from sensorhar.simulate.schedule import plan
    >>> rng = np.random.default_rng(0)
    >>> motion = Motion(Person(), plan([("walking", 10)], rng), rng)
    >>> motion.at(np.arange(0, 10, 0.01), place="waist").position_m.shape
    (1000, 3)
    """

    def __init__(
        self, person: Person, timeline: Timeline, rng: np.random.Generator
    ) -> None:
        self.person = person
        self.timeline = timeline
        self._pose = Pose(timeline, person, rng)
        self._course = Course(timeline, self._pose, rng)
        # Nobody puts the sensor on twice in quite the same way.
        loose_deg = np.asarray(person.mount_deg) + rng.normal(0.0, 1.5, 3)
        self._mount_rad = np.deg2rad(loose_deg)

    def at(self, time_s: NDArray[Any], *, place: str) -> Trajectory:
        """Return the motion of a sensor.

        Parameters
        ----------
        time_s : array of shape (n_times,), in s
            Increasing, within the timeline.
        place : {"waist", "pocket", "wrist"}
            Where the sensor is worn.

        Returns
        -------
        Trajectory
            Exact derivatives included.

        Raises
        ------
        ValueError
            When the place is unknown.
        """
        check_choice(place, "place", PLACES)
        pose = self._pose.at(time_s)
        heading = self._course.heading(time_s)
        course = self._course.at(time_s, pose, heading)

        angle = pose.column
        swing = rotate(turn(heading, Z), pose.map(lambda array: array[:, [1, 2, 0]]))
        belt = course + swing
        trunk = body_turn(heading + angle(YAW), angle(PITCH), angle(ROLL))
        position, height_m = belt, self.person.height_m
        if place == "waist":
            wobble = body_turn(angle(BELT_YAW), angle(BELT_PITCH), angle(BELT_ROLL))
            limb = bilinear(product, trunk, wobble)
        elif place == "pocket":
            limb = bilinear(product, trunk, turn(-angle(THIGH), Y))
            position = position + rotate(trunk, BELT_TO_HIP * height_m)
            position = position + rotate(limb, HIP_TO_POCKET * height_m)
        else:
            upper = bilinear(product, trunk, turn(-angle(SHOULDER), Y))
            limb = bilinear(product, upper, turn(-angle(ELBOW), Y))
            position = position + rotate(trunk, BELT_TO_SHOULDER * height_m)
            position = position + rotate(upper, UPPER_ARM * height_m)
            position = position + rotate(limb, FOREARM * height_m)
        sensor = bilinear(product, limb, self._mount(place))
        rate = 2 * product(conjugate(sensor.value), sensor.first)[:, 1:]
        return Trajectory(
            time_s=time_s,
            position_m=position.value,
            velocity_mps=position.first,
            acceleration_mps2=position.second,
            quaternion=sensor.value,
            angular_rate_radps=rate,
            course_position_m=course.value,
            course_velocity_mps=course.first,
            heading_rad=heading.value,
        )

    def _mount(self, place: str) -> NDArray[Any]:
        """Return the quaternion from sensor axes to limb axes."""
        about, sideways, forwards = self._mount_rad
        tilt = product(still_turn(forwards, Y), still_turn(sideways, X))
        return product(product(still_turn(about, Z), tilt), _seat(place))


def _seat(place: str) -> NDArray[Any]:
    """Return the quaternion of a sensor in its proper seat.

    The axes of ``PLACES`` are the columns of a rotation matrix R. For a turn by
    180 degrees or less, w = sqrt(1 + trace) / 2 and the rest follows from R - R^T.
    """
    matrix = np.array(PLACES[place], dtype=float).T
    w = np.sqrt(1 + np.trace(matrix)) / 2
    skew = matrix - matrix.T
    return np.array([w, *(np.array([skew[2, 1], skew[0, 2], skew[1, 0]]) / (4 * w))])
