"""A person, as far as a body-worn sensor can tell one from another."""

from dataclasses import dataclass

import numpy as np

from sensorhar._checks import check_positive

__all__ = ["Person", "random_people"]


@dataclass(frozen=True)
class Person:
    """One who wears the sensor.

    Parameters
    ----------
    name : str, default="person01"
        Becomes the subject of recordings.
    height_m : float, default=1.72
        Body height; sets the length of strides and limbs.
    cadence_hz : float, default=1.76
        Steps per second when walking. Stairs, running and cycling follow it.
    vigour : float, default=1.0
        Size of the swings over those of the average person.
    mount_deg : tuple of three float, default=(0.0, 0.0, 0.0)
        How the sensor is turned from its proper seat: about the limb, sideways, and
        forwards.
    style_seed : int, default=0
        Fixes the person's own gait and postures: the same in each recording.

    Raises
    ------
    ValueError
        When height, cadence or vigour is not above 0.

    Examples
    --------
    >>> Person("anna", height_m=1.65, cadence_hz=1.9).stride_hz
    0.95
    """

    name: str = "person01"
    height_m: float = 1.72
    cadence_hz: float = 1.76
    vigour: float = 1.0
    mount_deg: tuple[float, float, float] = (0.0, 0.0, 0.0)
    style_seed: int = 0

    def __post_init__(self) -> None:
        check_positive(self.height_m, "height_m", "metres")
        check_positive(self.cadence_hz, "cadence_hz", "steps per second")
        check_positive(self.vigour, "vigour")

    @property
    def stride_hz(self) -> float:
        """Strides (two steps) per second when walking."""
        return self.cadence_hz / 2


def random_people(
    n_people: int, *, random_state: int | np.random.Generator | None = None
) -> list[Person]:
    """Draw people who differ as adults do.

    Parameters
    ----------
    n_people : int
        How many.
    random_state : int, Generator or None, default=None
        The same number gives the same people.

    Returns
    -------
    list of Person
        Named ``"person01"`` and on.

    Raises
    ------
    ValueError
        When fewer than one is asked for.

    Notes
    -----
    Heights have a mean of 1.72 m and a spread of 0.09 m. Small people step faster,
    with the root of their height as a pendulum does; around that the cadence spreads
    by 0.1 Hz as among the walkers of HAPT (see :mod:`sensorhar.simulate.gait`). The
    phone tilts by 5.5 degrees forwards and 5 sideways, which together with postures
    is a little less than the 7 degrees by which standing people differ in HAPT.

    Examples
    --------
    >>> [person.name for person in random_people(2, random_state=0)]
    ['person01', 'person02']
    """
    check_positive(n_people, "n_people")
    rng = np.random.default_rng(random_state)
    people = []
    for index in range(int(n_people)):
        height_m = float(np.clip(rng.normal(1.72, 0.09), 1.45, 2.05))
        cadence_hz = 1.76 * np.sqrt(1.72 / height_m) + rng.normal(0.0, 0.1)
        people.append(
            Person(
                name=f"person{index + 1:02d}",
                height_m=round(height_m, 3),
                cadence_hz=round(float(np.clip(cadence_hz, 1.4, 2.2)), 3),
                vigour=round(float(np.exp(rng.normal(0.0, 0.15))), 3),
                mount_deg=(
                    round(rng.normal(0.0, 8.0), 1),
                    round(rng.normal(0.0, 5.0), 1),
                    round(rng.normal(0.0, 5.5), 1),
                ),
                style_seed=int(rng.integers(2**31)),
            )
        )
    return people
