"""Smooth noise: sinusoids of random frequency, whose derivatives have closed forms."""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.simulate.jet import Jet, oscillation

__all__ = ["Lines"]


@dataclass(frozen=True)
class Lines:
    """Sinusoids of fixed frequency, in several columns.

    Attributes
    ----------
    omega : array of shape (n_lines,), in rad/s
        How fast each turns.
    coefficients : complex array of shape (n_lines, n_columns)
        Amplitude and phase of each in each column.

    Examples
    --------
    >>> import numpy as np
    >>> rng = np.random.default_rng(0)
    >>> lines = Lines.draw((1.0, 5.0), 20, np.array([2.0]), rng)
    >>> lines.at(Jet.time(np.arange(0, 60, 0.01))).value.shape
    (6000, 1)
    """

    omega: NDArray[Any]
    coefficients: NDArray[Any]

    @classmethod
    def join(cls, parts: "list[Lines]") -> "Lines":
        """Return the sum of several, as one: one product of matrices is faster."""
        return cls(
            np.concatenate([part.omega for part in parts]),
            np.vstack([part.coefficients for part in parts]),
        )

    @classmethod
    def draw(
        cls,
        band_hz: tuple[float, float],
        n_lines: int,
        rms: NDArray[Any],
        rng: np.random.Generator,
        *,
        derivative: NDArray[Any] | int = 0,
    ) -> "Lines":
        """Draw lines at random.

        Parameters
        ----------
        band_hz : tuple of two float
            Lowest and highest frequency; each octave between holds as many lines.
        n_lines : int
            How many.
        rms : array of shape (n_columns,)
            Root mean square to expect in each column.
        rng : Generator
            Draws frequencies, amplitudes and phases.
        derivative : int or array of shape (n_columns,), default=0
            Which derivative has that RMS: 2 shapes a way by its acceleration.

        Returns
        -------
        Lines
            Ready to be evaluated at any time.
        """
        low, high = np.log(band_hz)
        omega = 2 * np.pi * np.exp(rng.uniform(low, high, n_lines))
        normal = rng.normal(size=(2, n_lines, len(rms)))
        scale = np.asarray(rms) / np.sqrt(n_lines) / omega[:, None] ** derivative
        return cls(omega, (normal[0] + 1j * normal[1]) * scale)

    def at(self, time: Jet) -> Jet:
        """Return the columns at these times."""
        return oscillation(time, self.omega, self.coefficients)
