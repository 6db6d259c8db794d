"""Simulated people who exercise before a camera: poses without any data."""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from sensorhar._checks import check_choice, check_positive
from sensorhar.data.skeleton import KINECT
from sensorhar.video.pose_sequence import PoseSequence

__all__ = ["EXERCISES", "simulate_pose_sequences"]

Angles = dict[str, NDArray[np.float64]]

#: Lengths over body height: D. A. Winter, Biomechanics and Motor Control of Human
#: Movement, 4th ed., 2009, figure 4.1; hands and feet to their middle.
LENGTHS = {
    "upper_arm": 0.186,
    "forearm": 0.146,
    "hand": 0.054,
    "thigh": 0.245,
    "shank": 0.246,
    "foot": 0.076,
    "spine": 0.144,
    "trunk": 0.288,
    "head": 0.117,
    "half_shoulders": 0.129,
    "half_hips": 0.096,
}

#: Height of the ankle over body height, from the same figure.
ANKLE = 0.039


def _wave(phase: NDArray[np.float64], size: float) -> Angles:
    return {"right_raise": 2.3 + 0 * phase, "right_elbow": 0.9 + 0.7 * size * phase}


def _clap(phase: NDArray[np.float64], size: float) -> Angles:
    spread = 0.35 + 0.35 * size * phase
    return {
        "left_flex": 1.3 + 0 * phase,
        "right_flex": 1.3 + 0 * phase,
        "left_spread": spread,
        "right_spread": spread,
        "left_elbow": 0.3 + 0 * phase,
        "right_elbow": 0.3 + 0 * phase,
    }


def _squat(phase: NDArray[np.float64], size: float) -> Angles:
    depth = np.minimum(0.5 * size * (1 - phase), 1.1)
    return {
        "left_hip": 1.1 * depth,
        "right_hip": 1.1 * depth,
        "left_knee": 1.8 * depth,
        "right_knee": 1.8 * depth,
        "lean": 0.5 * depth,
        "left_flex": 1.2 * depth,
        "right_flex": 1.2 * depth,
    }


def _jack(phase: NDArray[np.float64], size: float) -> Angles:
    opened = 0.5 * (1 - phase)
    return {
        "left_raise": 0.15 + 2.4 * size * opened,
        "right_raise": 0.15 + 2.4 * size * opened,
        "left_straddle": 0.05 + 0.4 * size * opened,
        "right_straddle": 0.05 + 0.4 * size * opened,
    }


def _march(phase: NDArray[np.float64], size: float) -> Angles:
    left, right = np.maximum(phase, 0), np.maximum(-phase, 0)
    return {
        "left_hip": 1.1 * size * left,
        "right_hip": 1.1 * size * right,
        "left_knee": 1.4 * size * left,
        "right_knee": 1.4 * size * right,
        "left_flex": -0.5 * size * phase,
        "right_flex": 0.5 * size * phase,
        "left_elbow": 0.8 + 0 * phase,
        "right_elbow": 0.8 + 0 * phase,
    }


def _curl(phase: NDArray[np.float64], size: float) -> Angles:
    bent = 0.2 + 1.0 * size * (1 - phase)
    return {"left_elbow": bent, "right_elbow": bent}


#: Label -> joint angles in rad from a phase in [-1, 1] and a size, and repetitions/s.
EXERCISES: dict[str, tuple[Callable[..., Angles], float]] = {
    "clapping": (_clap, 1.3),
    "curling": (_curl, 0.7),
    "jumping_jacks": (_jack, 0.9),
    "marching": (_march, 0.9),
    "squatting": (_squat, 0.5),
    "waving": (_wave, 1.4),
}


def simulate_pose_sequences(
    n_subjects: int = 6,
    *,
    n_repeats: int = 4,
    exercises: Sequence[str] | None = None,
    length_s: float = 3.0,
    rate_hz: float = 30.0,
    noise_m: float = 0.005,
    random_state: int | None = 0,
) -> list[PoseSequence]:
    """Simulate people who exercise, as a depth camera with a skeleton sees them.

    Limbs turn about their joints, so that bones keep their lengths. People differ in
    height, tempo, in how far they move, in posture and in how they stand to the camera.

    Parameters
    ----------
    n_subjects : int, default=6
        How many people, ``person01`` and onwards.
    n_repeats : int, default=4
        Sequences of each exercise and person.
    exercises : sequence of str or None, default=None
        Of ``EXERCISES``; None takes all six.
    length_s : float, default=3.0
        Duration of a sequence in s.
    rate_hz : float, default=30.0
        Frames per second.
    noise_m : float, default=0.005
        Standard deviation of each coordinate in m.
    random_state : int or None, default=0
        The same number gives the same sequences.

    Returns
    -------
    list of PoseSequence
        Joints of :data:`KINECT` in m: x to the person's left in the picture's plane, y
        up, z to the camera; named ``person01-waving-1`` and so on.

    Raises
    ------
    ValueError
        When a number is not above 0 or an exercise is unknown.

    Examples
    --------
    >>> sequences = simulate_pose_sequences(2, n_repeats=1)
    >>> len(sequences), sequences[0]
    (12, <PoseSequence 90 x 20 x 3 in 2.97 s [m]>)
    """
    check_positive(n_subjects, "n_subjects", "people")
    check_positive(n_repeats, "n_repeats", "sequences")
    check_positive(length_s, "length_s", "s")
    check_positive(rate_hz, "rate_hz", "Hz")
    chosen = list(EXERCISES if exercises is None else exercises)
    for name in chosen:
        check_choice(name, "exercises", list(EXERCISES))
    rng = np.random.default_rng(random_state)
    time_s = np.arange(max(2, round(length_s * rate_hz))) / rate_hz
    sequences = []
    for number in range(1, n_subjects + 1):
        height_m, tempo = rng.normal(1.72, 0.09), rng.lognormal(0, 0.15)
        vigour, stoop_rad = rng.lognormal(0, 0.15), rng.normal(0.03, 0.04)
        for name in chosen:
            move, rate = EXERCISES[name]
            for repeat in range(1, n_repeats + 1):
                # nobody keeps time like a clock: the phase wanders
                pace = tempo * rate * (1 + rng.normal(0, 0.05))
                wander = np.cumsum(rng.normal(0, 0.02, len(time_s)))
                turns = pace * time_s + rng.uniform()
                phase = np.cos(2 * np.pi * turns + wander)
                angles = move(phase, vigour * (1 + rng.normal(0, 0.05)))
                angles["lean"] = angles.get("lean", np.zeros_like(phase)) + stoop_rad
                joints = _stand(angles, len(time_s)) * height_m
                joints = _turn(joints, rng.normal(0, 0.25))
                joints += rng.normal(0, noise_m, joints.shape)
                joints[..., 2] += 2.5  # m from the camera
                sequences.append(
                    PoseSequence(
                        joints,
                        time_s,
                        KINECT,
                        name=f"person{number:02d}-{name}-{repeat}",
                        label=name,
                        group=f"person{number:02d}",
                    )
                )
    return sequences


def _stand(angles: Angles, n_frames: int) -> NDArray[np.float64]:
    """Return joints of a person of height 1 whose lower ankle stands on the floor."""
    size = LENGTHS
    joints = np.zeros((n_frames, KINECT.n_joints, 3))
    place = {name: i for i, name in enumerate(KINECT.joints)}
    zero = np.zeros(n_frames)

    def put(name: str, start: str, length: str, direction: NDArray[np.float64]) -> None:
        joints[:, place[name]] = joints[:, place[start]] + size[length] * direction

    lean = angles.get("lean", zero)
    up = np.stack([zero, np.cos(lean), np.sin(lean)], axis=-1)
    put("spine", "hip_center", "spine", up)
    put("shoulder_center", "hip_center", "trunk", up)
    put("head", "shoulder_center", "head", up)
    for side, sign in (("left", 1.0), ("right", -1.0)):
        lateral = np.stack([sign + zero, zero, zero], axis=-1)
        put(f"{side}_shoulder", "shoulder_center", "half_shoulders", lateral)
        flex = angles.get(f"{side}_flex", zero)
        raised = angles.get(f"{side}_raise", 0.12 + zero)
        spread = angles.get(f"{side}_spread", zero)
        arm = _direction(flex, raised, sign)
        arm = _yaw(arm, sign * spread)
        put(f"{side}_elbow", f"{side}_shoulder", "upper_arm", arm)
        # the elbow bends up the way that the arm is held: forwards, or inwards overhead
        bend = angles.get(f"{side}_elbow", zero)
        overhead = np.clip(raised - 1.2, 0, 1)
        forearm = _direction(
            flex + bend * (1 - overhead), raised + bend * overhead, sign
        )
        forearm = _yaw(forearm, sign * spread)
        put(f"{side}_wrist", f"{side}_elbow", "forearm", forearm)
        put(f"{side}_hand", f"{side}_wrist", "hand", forearm)
        put(f"{side}_hip", "hip_center", "half_hips", lateral)
        hip = angles.get(f"{side}_hip", zero)
        straddle = angles.get(f"{side}_straddle", 0.04 + zero)
        put(f"{side}_knee", f"{side}_hip", "thigh", _direction(hip, straddle, sign))
        shank = hip - angles.get(f"{side}_knee", zero)
        put(f"{side}_ankle", f"{side}_knee", "shank", _direction(shank, straddle, sign))
        toes = np.stack([zero, zero - 0.3, zero + 1], axis=-1) / np.hypot(1, 0.3)
        put(f"{side}_foot", f"{side}_ankle", "foot", toes)
    ankles = joints[:, [place["left_ankle"], place["right_ankle"]], 1]
    joints[..., 1] += (ANKLE - ankles.min(axis=1))[:, None]
    return joints


def _direction(
    flex: NDArray[np.float64], raised: NDArray[np.float64], sign: float
) -> NDArray[np.float64]:
    """Return where a hanging limb points: flexed forwards, then raised sideways."""
    down = np.cos(flex)
    return np.stack(
        [sign * np.sin(raised) * down, -np.cos(raised) * down, np.sin(flex)], axis=-1
    )


def _yaw(
    vectors: NDArray[np.float64], angle_rad: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Turn about the vertical, each frame by its own angle."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    cos, sin = np.cos(angle_rad), np.sin(angle_rad)
    return np.stack([cos * x + sin * z, y, cos * z - sin * x], axis=-1)


def _turn(joints: NDArray[np.float64], angle_rad: float) -> NDArray[np.float64]:
    """Turn the whole person about the vertical."""
    return _yaw(joints, np.full(joints.shape[:2], angle_rad))
