"""The table of activities: posture, gait, pace and restlessness of each."""

from dataclasses import dataclass
from typing import Literal

from sensorhar.simulate.gait import (
    CYCLING,
    RUNNING,
    STAIRS_DOWN,
    STAIRS_UP,
    WALKING,
    Gait,
)

__all__ = ["ACTIVITIES", "MOTIONS", "Activity", "Posture"]

Posture = Literal["stand", "sit", "lie", "ride"]


@dataclass(frozen=True)
class Activity:
    """What a body does while it is busy with one thing.

    Numbers without a source are assumptions, chosen so that the spread over people
    of tilt, swing and turning at the waist resembles HAPT (see
    :mod:`sensorhar.simulate.gait`).

    Attributes
    ----------
    posture : {"stand", "sit", "lie", "ride"}
        What the legs and the back do; a change of posture is a transition.
    gait : Gait or None
        The stride, for those who move.
    pace : float
        Strides per second over those of the same person walking.
    stride_length : float
        Way forward in one stride, in body heights.
    climb_m : float
        Way up in one stride, in m.
    lean_deg, lean_sd_deg : float
        Forward tilt of the waist, and its spread over people.
    thigh_deg, thigh_swing_deg : float
        Hip flexion and the amplitude of its swing.
    shoulder_deg, shoulder_swing_deg, elbow_deg : float
        The same of the arm.
    shake_mps2 : float
        RMS of the shaking between 3 and 15 Hz that no stride repeats.
    sway_deg : float
        RMS of the slow tilting back and forth.
    fidget_every_s : float
        Mean time between shifts of the posture.
    fidget_deg : float
        Size of such a shift.
    turn_every_s : float
        Mean time between turns of the way; infinite for those who stay.
    """

    posture: Posture
    gait: Gait | None = None
    pace: float = 1.0
    stride_length: float = 0.0
    climb_m: float = 0.0
    lean_deg: float = 0.0
    lean_sd_deg: float = 3.0
    thigh_deg: float = 0.0
    thigh_swing_deg: float = 0.0
    shoulder_deg: float = 5.0
    shoulder_swing_deg: float = 0.0
    elbow_deg: float = 15.0
    shake_mps2: float = 0.0
    sway_deg: float = 0.3
    fidget_every_s: float = float("inf")
    fidget_deg: float = 0.0
    turn_every_s: float = float("inf")


#: Activities by label. A new one is one row.
ACTIVITIES: dict[str, Activity] = {
    "standing": Activity(
        "stand", shake_mps2=0.03, sway_deg=0.7, fidget_every_s=5, fidget_deg=2.5
    ),
    "sitting": Activity(
        "sit", lean_deg=-11.5, lean_sd_deg=6.5, thigh_deg=85, shoulder_deg=25,
        elbow_deg=60, shake_mps2=0.02, sway_deg=0.3, fidget_every_s=14, fidget_deg=3,
    ),
    "lying": Activity(
        "lie", thigh_deg=8, elbow_deg=20, shake_mps2=0.02, sway_deg=0.3,
        fidget_every_s=20, fidget_deg=3,
    ),
    # A stride of 0.82 body heights at 0.88 Hz is 1.24 m/s for 1.72 m.
    "walking": Activity(
        "stand", WALKING, stride_length=0.82, lean_deg=2.5, thigh_deg=8,
        thigh_swing_deg=21, shoulder_swing_deg=17, elbow_deg=25, shake_mps2=0.45,
        sway_deg=1.0, turn_every_s=9,
    ),
    # Stairs of 17 cm by 28 cm, two to a stride.
    "walking_upstairs": Activity(
        "stand", STAIRS_UP, pace=0.93, stride_length=0.33, climb_m=0.34, lean_deg=8,
        lean_sd_deg=4, thigh_deg=32, thigh_swing_deg=25, shoulder_swing_deg=12,
        elbow_deg=30, shake_mps2=0.5, sway_deg=1.6,
    ),
    "walking_downstairs": Activity(
        "stand", STAIRS_DOWN, pace=0.99, stride_length=0.33, climb_m=-0.34,
        lean_deg=1, thigh_deg=20, thigh_swing_deg=13, shoulder_swing_deg=9,
        elbow_deg=30, shake_mps2=0.8, sway_deg=1.6,
    ),
    "running": Activity(
        "stand", RUNNING, pace=1.53, stride_length=1.25, lean_deg=7, lean_sd_deg=3,
        thigh_deg=15, thigh_swing_deg=33, shoulder_swing_deg=28, elbow_deg=90,
        shake_mps2=1.5, sway_deg=1.0, turn_every_s=14,
    ),
    # About 70 turns of the crank a minute, 5 m/s.
    "cycling": Activity(
        "ride", CYCLING, pace=1.33, stride_length=2.5, lean_deg=18, lean_sd_deg=8,
        thigh_deg=75, thigh_swing_deg=22, shoulder_deg=75, elbow_deg=20,
        shake_mps2=0.7, sway_deg=1.2, turn_every_s=20,
    ),
}  # fmt: skip

#: What a body can be busy with; coasting is a part of cycling and no label.
MOTIONS: dict[str, Activity] = {
    **ACTIVITIES,
    "coasting": Activity(
        "ride", pace=1.33, stride_length=2.5, lean_deg=18, lean_sd_deg=8, thigh_deg=75,
        shoulder_deg=75, elbow_deg=20, shake_mps2=0.7, sway_deg=1.2,
        turn_every_s=20,
    ),
}  # fmt: skip
