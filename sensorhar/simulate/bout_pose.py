"""The pose of one person within one bout: a stride, or sitting still and not quite."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from sensorhar.simulate.activities import MOTIONS, Activity
from sensorhar.simulate.columns import (
    BELT,
    CLIMB,
    FORWARD,
    HEIGHT,
    LEFT,
    LIMBS,
    N_COLUMNS,
    PITCH,
    ROLL,
    SPEED,
    TRUNK,
    UP,
    WAYS,
    YAW,
)
from sensorhar.simulate.gait import N_HARMONICS
from sensorhar.simulate.jet import Jet, oscillation, smooth_step
from sensorhar.simulate.lines import Lines
from sensorhar.simulate.person import Person
from sensorhar.simulate.schedule import Bout

__all__ = ["BoutPose", "draw_shake"]

# Spread over people and over bouts of one person. The logarithm of a harmonic's
# amplitude spreads by 0.3 to 0.5 over the people of HAPT, its phase by 0.3 to 1 rad.
STYLE_LOG_SD, STYLE_PHASE_SD = 0.32, 0.45
BOUT_LOG_SD, BOUT_PHASE_SD = 0.10, 0.12
SHARED = 0.7  # correlation of one person's style between walking and stairs

# Shaking and swaying in up, forward, left and yaw, roll, pitch, relative to upward
# shaking in m/s² and to tilt: the ratios of what a fitted stride leaves in HAPT.
SHAKE_WAYS = np.array([1.0, 0.85, 0.7])
SHAKE_RATES = np.array([0.24, 0.28, 0.15])  # rad/s per m/s²
SHAKE_LIMBS = 0.12
IMPACT_RAD = 0.4  # of two turns a stride, after the upward acceleration's peak
SWAY_WAYS = np.array([0.1, 0.4, 0.4])  # m per rad: the belt is a lever over the feet
SWAY_ANGLES = np.array([1.5, 1.0, 1.0])


class BoutPose:
    """The pose within one bout, as if it went on for ever.

    Parameters
    ----------
    bout : Bout
        What the body does, and when.
    person : Person
        Whose body. Their style is the same in every bout of one motion.
    rng : Generator
        Draws what differs from bout to bout.
    """

    def __init__(self, bout: Bout, person: Person, rng: np.random.Generator) -> None:
        activity = MOTIONS[bout.motion]
        style = "cycling" if bout.motion == "coasting" else bout.motion
        own = np.random.default_rng([person.style_seed, list(MOTIONS).index(style)])
        pace = activity.pace * np.exp(own.normal(0, 0.04)) * np.exp(rng.normal(0, 0.03))
        self.stride_hz = person.stride_hz * pace
        self.base = _base(activity, person, own, rng)
        self.base[SPEED] = activity.stride_length * person.height_m * self.stride_hz
        self.base[CLIMB] = activity.climb_m * self.stride_hz
        self.gait = _gait(activity, person, own, rng)
        self.has_impacts = activity.gait is not None and activity.posture == "stand"
        self.phase_rad = rng.uniform(0, 2 * np.pi)
        # A stride is never quite like the last: pace, size and speed wander.
        self.wander = Lines.draw((0.03, 0.4), 8, np.array([0.25, 0.12]), rng)
        self.shake = draw_shake(activity.shake_mps2 * person.vigour, rng)
        self.noise = _noise(activity, self.base[SPEED], rng)
        self.shifts = _shifts(activity, bout.start_s, bout.stop_s, rng)

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
        time = Jet.time(time_s)
        pose = self.noise.at(time) + self.base
        shake = self.shake.at(time)
        if self.gait is not None:
            wander = self.wander.at(time)
            phase = time * (2 * np.pi * self.stride_hz) + self.phase_rad
            phase = phase + wander.column(0)
            swing = oscillation(phase, np.arange(1, N_HARMONICS + 1), self.gait)
            size = (wander.column(1) + 1.0).map(lambda array: array[:, None])
            pose = pose + swing * size
            if self.has_impacts:
                # The foot's impact shakes, and dies away before the next one.
                impact = (phase * 2.0 - IMPACT_RAD).cos() * 0.8 + 1.0
                shake = shake * impact.map(lambda array: array[:, None])
        pose = pose + shake
        for when_s, takes_s, by in self.shifts:
            rise = smooth_step((time - when_s) * (1 / takes_s))
            pose = pose + rise.map(lambda array: array[:, None]) * by
        return pose


def _gait(
    activity: Activity,
    person: Person,
    own: np.random.Generator,
    rng: np.random.Generator,
) -> NDArray[Any] | None:
    """Return complex amplitudes (8, 15) of this person's stride in this bout."""
    if activity.gait is None:
        return None
    common = np.random.default_rng(person.style_seed)
    shape = (2, N_HARMONICS, 6)
    mixed = SHARED * common.normal(size=shape)
    mixed = mixed + np.sqrt(1 - SHARED**2) * own.normal(size=shape)
    # One's whole body is more or less vigorous than one's single harmonics.
    log = STYLE_LOG_SD * mixed[0] + BOUT_LOG_SD * rng.normal(size=shape[1:])
    turn = STYLE_PHASE_SD * mixed[1] + BOUT_PHASE_SD * rng.normal(size=shape[1:])
    # The step itself is the steadiest part: 0.2 in HAPT, and phase 0 by definition.
    log[:, 0] *= activity.gait.up_spread
    turn[:, 0] *= activity.gait.up_spread
    log[1, 0] *= 0.5
    turn[1, 0] = 0.0
    body = activity.gait.displacement() * np.exp(log + 1j * turn)
    body[:, 0] *= person.vigour**activity.gait.up_spread
    body[:, 1:] *= person.vigour
    swing = np.zeros((N_HARMONICS, N_COLUMNS), dtype=complex)
    swing[:, WAYS] = body[:, :3]
    # A trunk turns with the stride and the step. What is faster is the belt that
    # wobbles on it, and does not reach the shoulders.
    swing[:2, TRUNK] = body[:2, 3:]
    swing[2:, BELT] = body[2:, 3:]
    arm_deg = -activity.shoulder_swing_deg
    limbs = np.deg2rad([activity.thigh_swing_deg, arm_deg, 0.35 * arm_deg])
    limbs = limbs * np.exp(0.15 * own.normal(size=3))
    if activity.posture != "ride":  # the length of the crank is the same for all
        limbs = limbs * person.vigour
    swing[0, LIMBS] = limbs
    for harmonic, share in ((1, 0.15), (2, 0.07), (3, 0.03)):
        phase = 2.0 * harmonic + 0.6 * own.normal(size=3)
        swing[harmonic, LIMBS] = share * np.abs(limbs) * np.exp(1j * phase)
    return swing


def _base(
    activity: Activity,
    person: Person,
    own: np.random.Generator,
    rng: np.random.Generator,
) -> NDArray[Any]:
    """Return the mean pose of this bout, a row of 15."""
    base = np.zeros(N_COLUMNS)
    lean = activity.lean_deg + activity.lean_sd_deg * own.normal()
    loose = 0.5 * activity.lean_sd_deg  # one sits down a little differently each time
    base[PITCH] = np.deg2rad(lean + loose * rng.normal())
    base[ROLL] = np.deg2rad(2.0 * own.normal() + 1.5 * rng.normal())
    limbs = np.array([activity.thigh_deg, activity.shoulder_deg, activity.elbow_deg])
    base[LIMBS] = np.deg2rad(limbs + 4 * own.normal(size=3) + 3 * rng.normal(size=3))
    height = person.height_m
    if activity.posture == "lie":
        base[ROLL], base[PITCH] = _lying(rng)
        base[HEIGHT] = 0.6
    elif activity.posture == "sit":
        base[HEIGHT] = 0.45 + 0.1 * height
    elif activity.posture == "ride":
        base[HEIGHT] = 0.62 * height
    else:
        base[HEIGHT] = 0.58 * height
    return base


def _lying(rng: np.random.Generator) -> tuple[float, float]:
    """Draw roll and pitch of a lying body: mostly on the back, else on a side."""
    side = rng.choice([0.0, -np.pi / 2, np.pi / 2], p=[0.6, 0.2, 0.2])
    along = side + np.deg2rad(18.0) * rng.normal()
    raised = np.deg2rad(6.0 + 5.0 * rng.normal())  # by a pillow
    # What of "up" falls on the body's forward, left and head axis.
    forward = np.cos(along) * np.cos(raised)
    left = np.sin(along) * np.cos(raised)
    return float(np.arctan2(left, np.sin(raised))), float(-np.arcsin(forward))


def draw_shake(shake_mps2: float, rng: np.random.Generator) -> Lines:
    """Draw shaking that no stride repeats.

    Parameters
    ----------
    shake_mps2 : float
        RMS of the upward acceleration; the rest follows in proportion.
    rng : Generator
        Draws the lines.

    Returns
    -------
    Lines
        Between 3 and 15 Hz, with the columns of a pose.
    """
    shake = np.zeros(N_COLUMNS)
    shake[WAYS], shake[BELT], shake[LIMBS] = SHAKE_WAYS, SHAKE_RATES, SHAKE_LIMBS
    shake *= shake_mps2 * np.exp(0.2 * rng.normal())
    derivative = np.ones(N_COLUMNS)  # accelerations of ways, rates of angles
    derivative[WAYS] = 2
    return Lines.draw((3.0, 15.0), 18, shake, rng, derivative=derivative)


def _noise(activity: Activity, speed_mps: float, rng: np.random.Generator) -> Lines:
    """Draw swaying, breathing and changes of speed."""
    sway = np.zeros(N_COLUMNS)
    sway[WAYS], sway[TRUNK], sway[LIMBS] = SWAY_WAYS, SWAY_ANGLES, 2.0
    sway *= np.deg2rad(activity.sway_deg) * np.exp(0.25 * rng.normal())
    sway[SPEED] = 0.05 * speed_mps
    breath = np.zeros(N_COLUMNS)
    breath[UP], breath[PITCH] = 0.001, np.deg2rad(0.25)
    return Lines.join(
        [
            Lines.draw((0.05, 0.6), 8, sway, rng),
            Lines.draw((0.22, 0.30), 1, breath, rng),
        ]
    )


def _shifts(
    activity: Activity, start_s: float, stop_s: float, rng: np.random.Generator
) -> list[tuple[float, float, NDArray[Any]]]:
    """Draw when and how the posture shifts: time, duration and change of pose."""
    shifts = []
    posture = np.zeros(N_COLUMNS)
    when_s = start_s + rng.exponential(activity.fidget_every_s)
    while when_s < stop_s - 1.5:
        new = np.zeros(N_COLUMNS)
        new[TRUNK] = np.deg2rad(activity.fidget_deg) * rng.normal(size=3)
        new[YAW] *= 3
        new[LIMBS] = np.deg2rad(2 * activity.fidget_deg) * rng.normal(size=3)
        new[[FORWARD, LEFT]] = 0.4 * new[[PITCH, ROLL]]
        shifts.append((when_s, rng.uniform(0.7, 1.5), new - posture))
        posture = new
        when_s += rng.exponential(activity.fidget_every_s)
    return shifts
