"""Sensors from skeletons: circles, turns and falls whose readings are known."""

from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.signal import quaternion_rotate, quaternion_to_matrix
from sensorhar.units import STANDARD_GRAVITY
from sensorhar.video import (
    KINECT,
    PoseSequence,
    PoseToIMU,
    Skeleton,
    fit_mount,
    match_distribution,
    read_bvh_poses,
    simulate_pose_sequences,
)
from sensorhar.video._best_lag import best_lag
from sensorhar.video._smooth_joints import smooth_joints

G = STANDARD_GRAVITY
PLACE = {name: number for number, name in enumerate(KINECT.joints)}
EXACT = PoseToIMU(cutoff_hz=None)

#: y up, facing -z as before a Kinect: the right side is at +x.
STANDING = {
    "left_shoulder": (-0.2, 1.4, 0.0),
    "right_shoulder": (0.2, 1.4, 0.0),
    "left_hip": (-0.1, 0.9, 0.0),
    "right_hip": (0.1, 0.9, 0.0),
    "right_elbow": (0.2, 1.1, 0.0),
    "right_wrist": (0.2, 0.85, 0.0),
    "right_knee": (0.1, 0.5, 0.0),
}


def standing(n_frames=120, rate_hz=60.0, **fields):
    """Let a person stand still, arms hanging; joints not named are at the origin."""
    positions = np.zeros((n_frames, KINECT.n_joints, 3))
    for name, place in STANDING.items():
        positions[:, PLACE[name]] = place
    return PoseSequence(positions, np.arange(n_frames) / rate_hz, KINECT, **fields)


def moved(pose, **ways):
    """Give some joints of the same person other ways, (n_frames, 3) each."""
    positions = pose.positions.copy()
    for name, way in ways.items():
        positions[:, PLACE[name]] = way
    return replace(pose, positions=positions)


def circling(rate_radps, radius_m=0.3, n_frames=240):
    """Swing the forearm around the elbow in the plane of forward and up."""
    pose = standing(n_frames, 60.0)
    angle = rate_radps * pose.time_s
    elbow = np.array(STANDING["right_elbow"])
    circle = np.stack([0 * angle, -np.cos(angle), -np.sin(angle)], axis=1)
    return moved(pose, right_wrist=elbow + radius_m * circle), angle


def read(imu, pose):
    """Accelerometer and gyroscope of one sequence, in double precision."""
    return [np.asarray(s.values, dtype=float) for s in imu(pose).streams]


def inner(array, n_edge=40):
    """Return what lies away from both ends, where no spline is sure."""
    return array[n_edge:-n_edge]


def test_a_still_arm_reads_one_g_up():
    acc, gyr = read(PoseToIMU(), standing())
    assert acc == pytest.approx(np.tile([-G, 0, 0], (len(acc), 1)), abs=1e-4)
    assert np.abs(gyr).max() < 1e-5
    acc, _ = read(PoseToIMU(has_gravity=False), standing())
    assert np.abs(acc).max() < 1e-4


def test_axes_of_a_hanging_and_of_a_raised_arm():
    forward = np.add(STANDING["right_elbow"], (0, 0, -0.25))
    for way, up in ((STANDING["right_wrist"], [-1, 0, 0]), (forward, [0, 0, 1])):
        acc, _ = read(PoseToIMU(), moved(standing(), right_wrist=way))
        assert acc[10] / G == pytest.approx(up, abs=1e-5)
    # A fall to the left is a pull along y, whatever the arm does.
    pose = standing()
    push = -0.5 * pose.time_s[:, None, None] ** 2 * np.array([1.0, 0, 0])
    acc, _ = read(EXACT, replace(pose, positions=pose.positions + push))
    assert acc[60] == pytest.approx([-G, 1, 0], abs=1e-4)


def test_a_leg_hangs_with_the_same_axes():
    imu = PoseToIMU(joint=("right_hip", "right_knee"), share=0.5)
    recording = imu(standing())
    assert recording.streams[0].values[5] == pytest.approx([-G, 0, 0], abs=1e-4)
    assert recording.streams[0].place == "knee"
    turned, _ = read(replace(imu, rest="forward"), standing())
    assert turned[5] == pytest.approx([-G, 0, 0], abs=1e-4)


@pytest.mark.parametrize("rate_radps", [2.0, 6.0])
def test_circular_motion(rate_radps):
    """Feel a = r w^2 towards the elbow; gravity swings around, and the turn is w."""
    pose, angle = circling(rate_radps)
    imu = replace(EXACT, rate_hz=60.0)
    acc, gyr = read(imu, pose)
    pull = -0.3 * rate_radps**2
    expected = np.stack(
        [pull - G * np.cos(angle), 0 * angle, G * np.sin(angle)], axis=1
    )
    # The way leads past straight backward, where the axes of an arm are unsure; those
    # of a leg are unsure upwards. The pull along the bone is always sure.
    assert inner(acc[:, 0]) == pytest.approx(inner(expected[:, 0]), abs=2e-3)
    size = np.linalg.norm(expected, axis=1)
    assert inner(np.linalg.norm(acc, axis=1)) == pytest.approx(inner(size), abs=2e-3)
    safe = np.abs(np.angle(np.exp(1j * (angle + np.pi / 2)))) > 0.3
    both = inner(safe[:, None] * (acc - expected))
    assert np.abs(both).max() < 2e-3
    turning = inner(safe[:, None] * (gyr - [0, -rate_radps, 0]))
    assert np.abs(turning).max() < 2e-3
    half, _ = read(replace(imu, share=0.5, has_gravity=False), pose)
    assert inner(np.linalg.norm(half, axis=1)) == pytest.approx(
        0.5 * 0.3 * rate_radps**2, abs=2e-3
    )


def spinning(axis, rate_radps=3.0):
    """Turn the whole person about an axis through the origin."""
    pose = standing(240, 60.0)
    half = 0.5 * rate_radps * pose.time_s
    turn = np.concatenate(
        [np.cos(half)[:, None], np.sin(half)[:, None] * np.asarray(axis)], axis=1
    )
    return replace(pose, positions=quaternion_rotate(turn[:, None], pose.positions))


def test_a_body_that_turns_as_a_whole():
    """A rigid turn is read as it is: even about the arm itself."""
    acc, gyr = read(replace(EXACT, has_gravity=False), spinning((0, 1, 0)))
    assert inner(gyr) == pytest.approx(
        np.tile([-3, 0, 0], (len(inner(gyr)), 1)), abs=1e-3
    )
    centripetal = np.linalg.norm(inner(acc), axis=1)
    assert centripetal == pytest.approx(9 * 0.2, abs=1e-2)
    axis = np.array([2.0, 1.0, -2.0]) / 3
    _, gyr = read(EXACT, spinning(axis))
    assert np.linalg.norm(inner(gyr), axis=1) == pytest.approx(3, abs=1e-3)


def test_gyroscope_is_the_derivative_of_the_orientation():
    """Up, as the accelerometer shows it, turns against the gyroscope: u' = u x w."""
    (pose,) = simulate_pose_sequences(1, n_repeats=1, exercises=["waving"])
    imu = PoseToIMU(rate_hz=1000.0)
    with_gravity, gyr = read(imu, pose)
    without, _ = read(replace(imu, has_gravity=False), pose)
    up = (with_gravity - without) / G
    assert np.linalg.norm(up, axis=1) == pytest.approx(1, abs=1e-5)
    change = (up[20:] - up[:-20]) / 0.02
    expected = np.cross(up[10:-10], gyr[10:-10])
    assert np.abs(change - expected).max() < 0.01 * np.abs(expected).max()


def test_another_place_to_stand_changes_nothing():
    (pose,) = simulate_pose_sequences(1, n_repeats=1, exercises=["waving"])
    acc, gyr = read(PoseToIMU(), pose)
    # Turned about up and moved: the sensor reads the same.
    turn = quaternion_to_matrix([np.cos(0.6), 0, np.sin(0.6), 0])
    other = replace(pose, positions=pose.positions @ turn.T + [3.0, 0.5, -1.0])
    there = read(PoseToIMU(), other)
    assert there[0] == pytest.approx(acc, abs=1e-3)
    assert there[1] == pytest.approx(gyr, abs=1e-3)
    # Turned anyhow, with up along: in whatever coordinates the skeleton is told.
    turn = quaternion_to_matrix(np.array([1.0, -2.0, 0.5, 1.5]) / np.sqrt(7.5))
    other = replace(pose, positions=pose.positions @ turn.T)
    there = read(PoseToIMU(up=tuple(turn[:, 1])), other)
    assert there[0] == pytest.approx(acc, abs=1e-3)
    assert there[1] == pytest.approx(gyr, abs=1e-3)


def test_up():
    pose = standing()
    for up, axis in (("y", 1), ("-x", 0), ("z", 2)):
        acc, _ = read(PoseToIMU(up=up), pose)
        assert np.linalg.norm(acc[9]) == pytest.approx(G, abs=1e-4)
        assert (abs(acc[9, 0]) > 9) == (axis == 1)
    tilt = quaternion_to_matrix([np.cos(0.1), np.sin(0.1), 0, 0])
    tilted = replace(pose, positions=pose.positions @ tilt.T)
    acc, _ = read(PoseToIMU(up="fitted"), tilted)
    assert acc[9] == pytest.approx([-G, 0, 0], abs=1e-3)
    for bad in ("north", (0, 0, 0), (1, 2)):
        with pytest.raises(ValueError, match="up must be"):
            PoseToIMU(up=bad)(pose)


def test_smoothing_has_the_gain_it_states():
    time_s = np.arange(200) / 20
    for rate_hz, gain in ((1.0, 0.9986), (2.0, 0.9193), (3.0, 0.5), (4.0, 0.1511)):
        wave = 0.1 * np.sin(2 * np.pi * rate_hz * time_s)
        way = np.repeat(wave[:, None, None], 3, axis=2)
        fine_s = np.linspace(4, 6, 2001)
        smooth = smooth_joints(way, time_s, fine_s, 3.0).value
        assert np.abs(smooth).max() == pytest.approx(0.1 * gain, abs=2e-4)
    # A constant acceleration is kept to the ends, at uneven times as well.
    uneven_s = np.sort(np.random.default_rng(0).uniform(0, 10, 200))
    fall = np.repeat((4.9 * uneven_s**2)[:, None, None], 3, axis=2)
    jet = smooth_joints(fall, uneven_s, fine_s, 3.0)
    assert jet.second == pytest.approx(np.full(jet.second.shape, 9.8), abs=1e-5)


def test_frames_astray_are_left_out():
    pose, _ = circling(2.0)
    positions = pose.positions.copy()
    positions[60, PLACE["right_wrist"]] = 0.0
    positions[100:103, PLACE["right_wrist"]] += 2.0
    clean, _ = read(PoseToIMU(), pose)
    acc, _ = read(PoseToIMU(), replace(pose, positions=positions))
    assert np.abs(acc - clean).max() < 0.5


def test_joints_not_seen():
    pose, _ = circling(2.0)
    short, long, late = (pose.positions.copy() for _ in range(3))
    short[50:55, PLACE["right_wrist"]] = np.nan
    long[50:110, PLACE["left_hip"]] = np.nan
    late[:30, PLACE["right_elbow"]] = np.nan
    clean = PoseToIMU()(pose).streams[0]
    bridged = PoseToIMU()(replace(pose, positions=short)).streams[0]
    assert np.array_equal(bridged.time_s, clean.time_s)
    assert np.abs(bridged.values - clean.values).max() < 0.5
    holed = PoseToIMU()(replace(pose, positions=long)).streams[0]
    missing = set(clean.time_s) - set(holed.time_s)
    assert min(missing) > 49 / 60 - 1e-9
    assert max(missing) < 110 / 60 + 1e-9
    assert len(missing) > 45
    assert not holed.has_missing
    begun = PoseToIMU()(replace(pose, positions=late)).streams[0]
    assert begun.start_s == pytest.approx(0.5)
    # A joint that no one asks for may be unseen.
    unseen = moved(pose, right_foot=np.full((240, 3), np.nan))
    assert np.array_equal(PoseToIMU()(unseen).streams[0].values, clean.values)


def test_rates():
    pose, _ = circling(2.0)
    fine, coarse = (PoseToIMU(rate_hz=rate)(pose).streams for rate in (100, 25))
    assert fine[0].rate_hz == 100
    assert coarse[1].n_samples == 100
    for quick, slow in zip(fine, coarse, strict=True):
        assert quick.values[::4][: slow.n_samples] == pytest.approx(
            slow.values, abs=1e-5
        )
    # Frames twice as far apart show a quarter of the acceleration.
    late = replace(pose, time_s=2 * pose.time_s)
    quick, slow = (
        read(PoseToIMU(cutoff_hz=None, has_gravity=False), one)[0]
        for one in (pose, late)
    )
    ratio = np.linalg.norm(inner(quick), axis=1)[50] / np.linalg.norm(slow[150])
    assert ratio == pytest.approx(4, abs=0.01)


def test_noise_bias_and_limits():
    pose = standing(3000, 60.0)
    imu = PoseToIMU(
        noise_mps2=0.3, noise_radps=0.05, bias_mps2=0.2, bias_radps=0.1, random_state=1
    )
    acc, gyr = read(imu, pose)
    still = read(PoseToIMU(), pose)
    for noisy, quiet, noise in ((acc, still[0], 0.3), (gyr, still[1], 0.05)):
        off = noisy - quiet
        assert off.std(axis=0) == pytest.approx([noise] * 3, rel=0.05)
        step = (off[1:] * off[:-1]).mean(axis=0) - off.mean(axis=0) ** 2
        assert np.abs(step).max() < 0.06 * noise**2  # white
    brief = standing(12, 60.0)
    offsets = [
        read(replace(imu, noise_radps=0.0), brief)[1][0]
        for imu in (replace(imu, random_state=seed) for seed in range(40))
    ]
    assert np.std(offsets) == pytest.approx(0.1, rel=0.2)
    swinging, _ = circling(6.0)
    acc, gyr = read(PoseToIMU(limit_mps2=8.0, limit_radps=2.0), swinging)
    assert (np.abs(acc).max(), np.abs(gyr).max()) == (8.0, 2.0)


def test_the_same_number_gives_the_same_readings():
    poses = simulate_pose_sequences(1, n_repeats=2, exercises=["waving"])
    imu = PoseToIMU(noise_mps2=0.1, random_state=3)
    first, second = imu(poses), imu(poses)
    for one, other in zip(first, second, strict=True):
        assert np.array_equal(one.streams[0].values, other.streams[0].values)
    alone = imu(poses[0]).streams[0].values
    assert np.array_equal(alone, first[0].streams[0].values)
    other = replace(imu, random_state=4)(poses[0]).streams[0].values
    assert not np.array_equal(alone, other)


def test_what_is_known_is_carried_along():
    pose = standing(name="a1_s2_t3", label="wave", group="2")
    recording = PoseToIMU()(pose)
    assert (recording.name, recording.subject) == ("a1_s2_t3", "2")
    assert recording.events.classes == ("wave",)
    assert recording.metadata["is_virtual"]
    acc, gyr = recording.streams
    assert (acc.kind, gyr.kind, acc.place) == ("accelerometer", "gyroscope", "wrist")
    assert acc.channels[0].has_gravity is True
    assert {c.unit for s in (acc, gyr) for c in s.channels} == {"m/s^2", "rad/s"}
    assert PoseToIMU()(standing()).events is None
    assert PoseToIMU(place="left arm")(pose).streams[1].place == "left arm"
    windows = sh.make_windows(PoseToIMU()([pose]), length_s=1)
    assert (set(windows.y), set(windows.groups)) == ({"wave"}, {"2"})


BVH = """HIERARCHY
ROOT Hips {
OFFSET 0 0 0
CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
JOINT LeftUpLeg {
OFFSET 10 0 0
CHANNELS 1 Xrotation
End Site {
OFFSET 0 -40 0
}
}
JOINT RightUpLeg {
OFFSET -10 0 0
CHANNELS 1 Xrotation
JOINT RightLeg {
OFFSET 0 -40 0
CHANNELS 1 Xrotation
End Site {
OFFSET 0 -40 0
}
}
}
JOINT LeftShoulder {
OFFSET 20 50 0
CHANNELS 1 Xrotation
End Site {
OFFSET 0 -30 0
}
}
JOINT RightShoulder {
OFFSET -20 50 0
CHANNELS 1 Xrotation
End Site {
OFFSET 0 -30 0
}
}
}
"""


def test_bvh_files(tmp_path):
    """A leg swings forward and back about the hip, as the file's angles say."""
    time_s = np.arange(240) / 60
    degrees = 40 * np.sin(2 * np.pi * time_s)
    rows = [f"0 100 0 0 0 0 0 {-d:.6f} 0 0 0" for d in degrees]
    motion = ["MOTION", "Frames: 240", "Frame Time: 0.0166666667", *rows]
    path = tmp_path / "swing.bvh"
    path.write_text(BVH + "\n".join(motion) + "\n")
    pose = read_bvh_poses(path, unit="cm", label="swing")
    imu = PoseToIMU(joint="right_leg", cutoff_hz=None, rate_hz=60.0)
    acc, gyr = read(imu, pose)
    angle = np.deg2rad(degrees)
    rate = np.deg2rad(40) * 2 * np.pi * np.cos(2 * np.pi * time_s)
    # Left is the axis: raising the leg forward turns about -y.
    assert inner(gyr) == pytest.approx(
        inner(np.stack([0 * rate, -rate, 0 * rate], axis=1)), abs=5e-3
    )
    bend = -((2 * np.pi) ** 2) * angle
    expected = np.stack(
        [-0.4 * rate**2 - G * np.cos(angle), 0 * rate, 0.4 * bend + G * np.sin(angle)],
        axis=1,
    )
    assert inner(acc) == pytest.approx(inner(expected), abs=2e-2)


def test_real_bvh_files(real_data):
    for name, joint in (
        ("test_freebvh", "right_hand"),
        ("test_mocapbank", "right_wrist"),
    ):
        pose = read_bvh_poses(real_data / "video" / "bvh" / f"{name}.bvh")
        acc, gyr = read(PoseToIMU(joint=joint, cutoff_hz=6.0), pose)
        assert 8 < np.median(np.linalg.norm(acc, axis=1)) < 12
        assert np.abs(acc).max() < 150
        assert np.isfinite(gyr).all()


def test_mount():
    pose, _ = circling(2.0)
    acc, gyr = read(PoseToIMU(), pose)
    turned = read(PoseToIMU(mount=((0, 0, 1), (1, 0, 0), (0, 1, 0))), pose)
    assert turned[0] == pytest.approx(acc[:, [2, 0, 1]], abs=1e-5)
    assert turned[1] == pytest.approx(gyr[:, [2, 0, 1]], abs=1e-5)


def test_fit_mount_finds_the_turn_on_other_clocks():
    poses = simulate_pose_sequences(2, n_repeats=1, exercises=["waving", "marching"])
    turn = quaternion_to_matrix(np.array([1.0, -2.0, 0.5, 1.5]) / np.sqrt(7.5))
    limb = PoseToIMU()
    sensor = PoseToIMU(
        mount=tuple(map(tuple, turn)), noise_mps2=0.3, noise_radps=0.1, random_state=0
    )
    real = [recording.crop(0.2, 2.8) for recording in sensor(poses)]
    found = fit_mount(limb(poses), real)
    assert np.array(found) == pytest.approx(turn, abs=0.03)
    assert PoseToIMU(mount=found)(poses[0]).streams
    # Without a gyroscope gravity and motion still tell.
    only = [recording.with_streams(recording.streams[:1]) for recording in real]
    assert np.array(fit_mount(limb(poses), only)) == pytest.approx(turn, abs=0.05)


def test_fit_mount_refuses():
    poses = simulate_pose_sequences(1, n_repeats=2, exercises=["waving"])
    one, other = PoseToIMU()(poses)
    with pytest.raises(ValueError, match="must share names; got 'person01-waving-1'"):
        fit_mount([one], [other])
    blind = one.with_streams(one.streams[1:])
    with pytest.raises(ValueError, match="must have an accelerometer of three axes"):
        fit_mount([one], [blind])
    noise = np.random.default_rng(0).normal(size=one.streams[0].values.shape)
    strange = one.with_streams([one.streams[0].with_values(noise)])
    with pytest.raises(
        ValueError, match=r"must correlate by at least 0.5 in some pair"
    ):
        fit_mount([one], [strange])


def test_best_lag():
    rng = np.random.default_rng(0)
    signal = rng.normal(size=200)
    correlation, lag = best_lag(signal[10:], 3 * signal[:180] + 1, 25)
    assert (correlation, lag) == (pytest.approx(1), -10)
    expected = np.corrcoef(signal[:100], signal[3:103])[0, 1]
    assert best_lag(signal[:100], signal[3:103], 0)[0] == pytest.approx(
        max(expected, 0)
    )
    assert best_lag(np.ones(50), signal, 5) == (0.0, 0)


@pytest.mark.parametrize("by", ["magnitude", "channel"])
def test_matching_gives_the_quantiles_of_real_readings(by):
    poses = simulate_pose_sequences(2, n_repeats=2, exercises=["waving", "curling"])
    virtual, real = PoseToIMU(cutoff_hz=2.0)(poses), PoseToIMU(cutoff_hz=6.0)(poses)
    matched = match_distribution(virtual, real, by=by)
    for number in (0, 1):
        tables = [
            np.concatenate([one.streams[number].values for one in recordings])
            for recordings in (virtual, matched, real)
        ]
        if by == "magnitude":
            along = np.sum(tables[0] * tables[1], axis=1)
            tables = [np.linalg.norm(t, axis=1)[:, None] for t in tables]
            assert along == pytest.approx(np.prod(tables[:2], axis=0)[:, 0], rel=1e-3)
        before, after, wanted = (
            np.quantile(t, [0.05, 0.3, 0.7, 0.95], axis=0) for t in tables
        )
        spread = np.ptp(wanted)
        assert after == pytest.approx(wanted, abs=0.01 * spread)
        assert np.abs(before - wanted).max() > 0.01 * spread
        ranks = np.argsort(np.argsort(tables[0][:, 0], kind="stable"), kind="stable")
        in_order = tables[1][np.argsort(ranks), 0]
        assert (np.diff(in_order) >= -1e-4 * spread).all()  # it only grows


def test_matching_refuses():
    (pose,) = simulate_pose_sequences(1, n_repeats=1, exercises=["waving"])
    wrist = PoseToIMU()(pose)
    with pytest.raises(ValueError, match="by must be one of 'channel', 'magnitude'"):
        match_distribution([wrist], [wrist], by="label")
    thigh = PoseToIMU(place="thigh")(pose)
    message = "they lack 'accelerometer at thigh', 'gyroscope at thigh'"
    with pytest.raises(ValueError, match=message):
        match_distribution([thigh], [wrist])
    free = PoseToIMU(has_gravity=False)(pose)
    with pytest.raises(ValueError, match="they lack 'accelerometer at wrist'"):
        match_distribution([free], [wrist])


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"rate_hz": 0}, "rate_hz must be a number of Hz above 0; got 0"),
        ({"max_gap_s": -1}, "max_gap_s must be a number of s above 0; got -1"),
        ({"cutoff_hz": 0}, "cutoff_hz must be a number above 0; got 0"),
        ({"limit_mps2": -3}, "limit_mps2 must be a number above 0; got -3"),
        ({"noise_radps": -0.1}, "noise_radps must be a number of at least 0; got -0.1"),
        ({"share": 1.5}, r"share must lie in \[0, 1\].*; got 1.5"),
        ({"rest": "up"}, "rest must be one of 'down', 'forward'; got 'up'"),
        ({"mount": ((1, 0, 0), (0, 1, 0), (0, 0, -1))}, "mount must be a turn"),
        ({"mount": ((1, 0, 0), (0, 2, 0), (0, 0, 1))}, "mount must be a turn"),
        ({"joint": "nose"}, "joint must be one of .*; got 'nose'"),
        ({"joint": ("head", "nose")}, "joint must be one of .*; got 'nose'"),
        ({"joint": ("head", "head")}, "joint must be a name, or the two joints"),
        ({"joint": "hip_center"}, "joint must be one that a bone leads to; got 'hip_"),
        ({"joint": "head"}, "joints 'head', 'shoulder_center' of the sequence must be"),
        (
            {"trunk": ("head", "spine", "left_foot", "right_foot")},
            "joints 'head', 'left_foot', .* must be apart; they are in one place",
        ),
        ({"trunk": ("head",) * 4}, "trunk must name left and right shoulder, left and"),
        (
            {"trunk": ("head", "spine", "left_hip", "tail")},
            "joint of trunk must be one of .*; got 'tail'",
        ),
    ],
)
def test_parameters_out_of_range(fields, message):
    with pytest.raises(ValueError, match=message):
        PoseToIMU(**fields)(standing())


def test_sequences_that_do_not_tell():
    pose = standing(name="walk")
    flat = replace(pose, positions=pose.positions[..., :2], unit="px")
    with pytest.raises(ValueError, match=r"'walk' must have positions in m .* 2 in px"):
        PoseToIMU()(flat)
    hidden = moved(pose, right_wrist=np.full((120, 3), np.nan))
    with pytest.raises(
        ValueError, match="'right_wrist' of sequence 'walk' must be seen"
    ):
        PoseToIMU()(hidden)
    positions = pose.positions.copy()
    positions[:60, PLACE["right_wrist"]] = np.nan
    positions[60:, PLACE["left_hip"]] = np.nan
    with pytest.raises(ValueError, match="must have a time at which all of"):
        PoseToIMU()(replace(pose, positions=positions))
    arm = Skeleton(("elbow", "wrist"), ((0, 1),))
    bare = PoseSequence(pose.positions[:, :2], pose.time_s, arm)
    with pytest.raises(ValueError, match="it lacks 'left_hip', 'left_shoulder'"):
        PoseToIMU(joint="wrist")(bare)
