"""How one sensor moves: position, orientation and their derivatives."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.simulate.turns import conjugate, product, pure

__all__ = ["Trajectory"]


@dataclass(frozen=True)
class Trajectory:
    """How one sensor moves.

    Attributes
    ----------
    time_s : array of shape (n_times,), in s
        When.
    position_m : array of shape (n_times, 3), in m
        East, north and up of the start.
    velocity_mps, acceleration_mps2 : arrays of shape (n_times, 3)
        Derivatives of the position, in world axes, gravity left out.
    quaternion : array of shape (n_times, 4)
        Orientation w, x, y, z: turns sensor axes into world axes. Without jumps.
    angular_rate_radps : array of shape (n_times, 3), in rad/s
        Turning rate in sensor axes, the derivative of the orientation.
    course_position_m, course_velocity_mps : arrays of shape (n_times, 3)
        The same for the body as a whole, without its steps: what GPS can follow.
    heading_rad : array of shape (n_times,), in rad
        Direction of the way, counter-clockwise from east; kept while standing.
    """

    time_s: NDArray[Any]
    position_m: NDArray[Any]
    velocity_mps: NDArray[Any]
    acceleration_mps2: NDArray[Any]
    quaternion: NDArray[Any]
    angular_rate_radps: NDArray[Any]
    course_position_m: NDArray[Any]
    course_velocity_mps: NDArray[Any]
    heading_rad: NDArray[Any]

    def to_sensor(self, vectors: NDArray[Any]) -> NDArray[Any]:
        """Turn vectors from world axes into sensor axes.

        Parameters
        ----------
        vectors : array of shape (3,) or (n_times, 3)
            In east, north and up.

        Returns
        -------
        array of shape (n_times, 3)
            The same vectors along the sensor's x, y and z.
        """
        vector = pure(np.broadcast_to(vectors, (len(self.time_s), 3)))
        inverse = conjugate(self.quaternion)
        return product(product(inverse, vector), self.quaternion)[:, 1:]
