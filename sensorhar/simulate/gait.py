"""How the waist swings in a stride: harmonics measured on thirty walkers.

Harmonic h turns h times a stride (two steps), so even harmonics repeat each step and
odd ones tell left from right. Accelerations are those of the belt in m/s² along up,
forward and left, without gravity; turning rates in rad/s about the same axes (yaw,
roll, pitch). Phase 0 is where the second harmonic of the upward acceleration peaks.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.units import STANDARD_GRAVITY

__all__ = ["CYCLING", "RUNNING", "STAIRS_DOWN", "STAIRS_UP", "WALKING", "Gait"]

N_HARMONICS = 8


@dataclass(frozen=True)
class Gait:
    """The mean stride of one way of moving.

    Attributes
    ----------
    stride_hz : float
        Strides per second at which the amplitudes hold.
    amplitude : array of shape (8, 6)
        Of harmonic 1 to 8 in up, forward, left (m/s²), yaw, roll, pitch (rad/s).
    phase_rad : array of shape (8, 6)
        In ``amplitude * cos(h * stride_phase + phase_rad)``.
    up_spread : float, default=1.0
        How freely people differ in the upward column. Runners hardly can: whoever
        flies feels no weight.
    """

    stride_hz: float
    amplitude: NDArray[Any]
    phase_rad: NDArray[Any]
    up_spread: float = 1.0

    def displacement(self) -> NDArray[Any]:
        """Return complex amplitudes of the way (m) and angle (rad) in each column.

        An acceleration of ``a cos(w t)`` belongs to a way of ``-a / w² cos(w t)``, a
        turning rate of ``b cos(w t)`` to an angle of ``b / w sin(w t)``.
        """
        turning = 2j * np.pi * self.stride_hz * np.arange(1, N_HARMONICS + 1)[:, None]
        swing = self.amplitude * np.exp(1j * self.phase_rad)
        return np.hstack([swing[:, :3] / turning**2, swing[:, 3:] / turning])


def _measured(stride_hz: float, *rows: list[float]) -> Gait:
    """Read a table: amplitude and phase by turns, for each of the six columns."""
    table = np.array(rows).T
    return Gait(stride_hz, table[:, 0::2], table[:, 1::2])


# Measured for this file on the 61 untrimmed recordings of HAPT (30 people, phone on
# the belt, 50 Hz; J.-L. Reyes-Ortiz et al., "Transition-aware human activity
# recognition using smartphones", Neurocomputing 171, 2016): axes turned so that the
# mean points up, a stride fitted by least squares in windows of 4 s, gravity of the
# swinging tilt taken out; then the median amplitude and the mean phase over people.
# fmt: off
WALKING = _measured(
    0.88,
    [0.18, 2.33, 0.89, 0.61, 0.44, 0.79, 0.42, 0.76],  # up
    [3.05, 0.00, 0.90, 1.44, 0.21, 1.10, -1.23, -0.49],
    [0.56, 1.24, 0.42, 0.72, 0.59, 0.66, 0.51, 0.45],  # forward
    [-2.54, 1.84, 0.00, 1.86, -2.74, 1.27, 1.93, 1.25],
    [0.49, 1.04, 0.22, 0.51, 0.22, 0.39, 0.24, 0.32],  # left
    [1.17, 1.60, 1.84, 1.78, 0.45, 1.20, -0.70, 1.68],
    [0.43, 0.08, 0.15, 0.07, 0.19, 0.06, 0.10, 0.06],  # yaw
    [-1.53, 1.47, 2.09, 1.97, -0.74, 1.05, -1.96, 0.75],
    [0.17, 0.15, 0.32, 0.08, 0.17, 0.08, 0.12, 0.11],  # roll
    [1.43, -1.18, -0.38, 1.40, -0.85, 3.11, -1.73, -2.17],
    [0.16, 0.17, 0.30, 0.05, 0.06, 0.07, 0.06, 0.07],  # pitch
    [0.28, 2.38, -0.66, 0.86, -1.43, 0.51, 1.66, 0.07],
)
STAIRS_UP = _measured(
    0.82,
    [0.39, 3.07, 0.33, 0.68, 0.32, 0.59, 0.32, 0.39],
    [-2.87, 0.00, 1.78, 0.59, 2.09, 0.71, 1.07, 0.22],
    [0.36, 0.92, 0.27, 0.54, 0.31, 0.22, 0.28, 0.15],
    [-2.16, 1.90, -1.62, 1.93, 0.58, 1.55, -2.85, -1.06],
    [0.37, 0.76, 0.26, 0.37, 0.16, 0.19, 0.13, 0.13],
    [0.82, 1.31, 1.04, 2.20, -0.38, 2.40, -1.21, -1.87],
    [0.25, 0.12, 0.11, 0.07, 0.09, 0.06, 0.07, 0.04],
    [-0.96, -2.69, -0.52, 1.44, 2.57, 0.95, -0.55, 1.76],
    [0.34, 0.17, 0.11, 0.07, 0.08, 0.07, 0.09, 0.06],
    [2.06, -2.44, 0.80, -2.68, 1.56, -2.37, -0.72, -1.50],
    [0.32, 0.15, 0.08, 0.08, 0.05, 0.05, 0.04, 0.04],
    [1.68, 0.45, -0.33, 0.01, 0.29, 0.14, 1.41, 1.86],
)
STAIRS_DOWN = _measured(
    0.87,
    [0.26, 4.16, 0.75, 1.34, 0.48, 0.59, 0.39, 0.36],
    [2.94, 0.00, -0.85, -0.29, -0.89, -0.14, -0.82, 1.18],
    [0.54, 0.60, 0.55, 0.55, 0.38, 0.39, 0.34, 0.26],
    [1.69, -2.79, 3.07, -1.90, 2.99, -1.30, 0.44, -0.67],
    [0.46, 0.38, 0.33, 0.40, 0.29, 0.33, 0.28, 0.23],
    [-0.91, -2.70, -0.14, -1.73, 0.86, -1.33, 1.31, -0.44],
    [0.28, 0.12, 0.19, 0.09, 0.09, 0.07, 0.07, 0.06],
    [2.70, 0.31, -1.49, 0.07, -2.12, -0.37, -2.04, 1.00],
    [0.19, 0.15, 0.22, 0.14, 0.10, 0.09, 0.11, 0.11],
    [1.10, 1.14, -2.59, -0.03, -2.82, -2.11, -2.71, 1.43],
    [0.12, 0.15, 0.15, 0.11, 0.08, 0.06, 0.06, 0.06],
    [2.31, -2.23, -2.22, 2.83, -1.69, 1.23, -0.92, -2.38],
)
# Assumed, not measured: small, pedalling shifts the hips once a turn of the crank and
# pushes twice. The road's shaking is added elsewhere.
CYCLING = _measured(
    1.20,
    [0.10, 0.30, 0.05, 0.06, 0.02, 0.02, 0.00, 0.00],
    [0.00, 0.00, 0.50, 0.30, 0.00, 0.00, 0.00, 0.00],
    [0.08, 0.35, 0.05, 0.06, 0.02, 0.02, 0.00, 0.00],
    [0.00, 1.20, 0.00, 0.80, 0.00, 0.00, 0.00, 0.00],
    [0.45, 0.08, 0.08, 0.03, 0.02, 0.01, 0.00, 0.00],
    [1.50, 0.00, 0.30, 0.00, 0.00, 0.00, 0.00, 0.00],
    [0.10, 0.02, 0.02, 0.01, 0.00, 0.00, 0.00, 0.00],
    [0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00],
    [0.16, 0.03, 0.03, 0.01, 0.00, 0.00, 0.00, 0.00],
    [0.40, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00],
    [0.03, 0.08, 0.01, 0.02, 0.00, 0.00, 0.00, 0.00],
    [0.00, 0.60, 0.00, 0.00, 0.00, 0.00, 0.00, 0.00],
)
# fmt: on


def _running(stride_hz: float = 1.35, contact: float = 0.72) -> Gait:
    """Build running from its ground contact.

    The foot pushes for a share of each step with half a sine, and the body flies for
    the rest: ``force / mass = g pi / (2 contact) sin(pi t / contact_s)``, whose mean
    is g (J.-B. Morin et al., "A simple method for measuring stiffness during
    running", J. Appl. Biomech. 21, 2005). Its Fourier series gives the even harmonics
    of the upward acceleration. The other columns are assumed.
    """
    step_s = 0.5 / stride_hz
    contact_s = contact * step_s
    amplitude = np.zeros((N_HARMONICS, 6))
    phase = np.zeros((N_HARMONICS, 6))
    for step_harmonic in range(1, N_HARMONICS // 2 + 1):
        omega = 2 * np.pi * step_harmonic / step_s
        push = np.pi / contact_s
        half_sine = push * (1 + np.exp(-1j * omega * contact_s)) / (push**2 - omega**2)
        peak = STANDARD_GRAVITY * np.pi / (2 * contact)
        # Counted from the middle of the contact, where the force is largest.
        centred = half_sine * np.exp(1j * omega * contact_s / 2)
        swing = 2 / step_s * peak * centred
        amplitude[2 * step_harmonic - 1, 0] = abs(swing)
        phase[2 * step_harmonic - 1, 0] = np.angle(swing)
    amplitude[0::2, 0] = [0.6, 0.8, 0.5, 0.4]
    phase[0::2, 0] = [3.0, 0.9, 0.2, -1.2]
    amplitude[:, 1] = [0.8, 2.6, 0.7, 1.5, 0.6, 0.9, 0.4, 0.5]
    phase[:, 1] = [-2.5, 1.7, 0.0, 1.9, -2.7, 1.3, 1.9, 1.3]
    amplitude[:, 2] = [1.2, 1.6, 0.8, 0.9, 0.5, 0.6, 0.4, 0.4]
    phase[:, 2] = [1.2, 1.6, 1.8, 1.8, 0.5, 1.2, -0.7, 1.7]
    amplitude[:, 3:] = 1.6 * WALKING.amplitude[:, 3:]
    phase[:, 3:] = WALKING.phase_rad[:, 3:]
    return Gait(stride_hz, amplitude, phase, up_spread=0.25)


RUNNING = _running()
