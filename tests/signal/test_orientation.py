"""Up, north and the filter, against the orientation that the simulator knows."""

import sys

import numpy as np
import pytest

from sensorhar.errors import MissingPackageError
from sensorhar.signal.orientation import (
    align_to_gravity,
    estimate_orientation,
    heading_rad,
)
from sensorhar.signal.quaternion import (
    quaternion_angle_rad,
    quaternion_conjugate,
    quaternion_product,
    quaternion_rotate,
)
from sensorhar.simulate.flaws import FLAWS, flawed
from sensorhar.simulate.motion import Motion
from sensorhar.simulate.person import Person
from sensorhar.simulate.read_out import READERS
from sensorhar.simulate.schedule import plan

RATE_HZ = 50.0
KINDS = ("accelerometer", "gyroscope", "magnetometer")


def simulate(place, has_flaws):
    """Half a minute of standing, walking and sitting: readings and true attitude."""
    rng = np.random.default_rng(1)
    schedule = [("standing", 10), ("walking", 15), ("sitting", 8)]
    motion = Motion(Person(), plan(schedule, rng), rng)
    time_s = np.arange(0, 33, 1 / RATE_HZ)
    trajectory = motion.at(time_s, place=place)
    readings = {kind: READERS[kind](trajectory) for kind in KINDS}
    if has_flaws:
        readings = {
            kind: flawed(values, time_s, FLAWS[kind], rng)
            for kind, values in readings.items()
        }
    # A magnetometer knows magnetic north, 3 degrees east of the true one there.
    half = np.deg2rad(1.5)
    declination = [np.cos(half), 0, 0, np.sin(half)]
    return readings, quaternion_product(declination, trajectory.quaternion)


def tilt_error_deg(found, true):
    """Angle between the two ups, in sensor axes."""
    ups = [
        quaternion_rotate(quaternion_conjugate(q), [0.0, 0.0, 1.0])
        for q in (found, true)
    ]
    cosine = np.clip(np.sum(ups[0] * ups[1], axis=1), -1, 1)
    return np.rad2deg(np.arccos(cosine))


@pytest.mark.parametrize("place", ["waist", "pocket", "wrist"])
@pytest.mark.parametrize(
    ("has_flaws", "tilt_deg", "whole_deg"), [(False, 2, 3), (True, 4, 8)]
)
def test_mahony_finds_the_true_orientation(place, has_flaws, tilt_deg, whole_deg):
    readings, true = simulate(place, has_flaws)
    found = estimate_orientation(*readings.values(), rate_hz=RATE_HZ)
    assert np.linalg.norm(found, axis=1) == pytest.approx(1)
    late = slice(int(3 * RATE_HZ), None)
    tilt = tilt_error_deg(found, true)[late]
    whole = np.rad2deg(quaternion_angle_rad(found, true))[late]
    assert np.sqrt(np.mean(tilt**2)) < tilt_deg
    assert np.sqrt(np.mean(whole**2)) < whole_deg


def test_without_magnetometer_tilt_is_as_good():
    readings, true = simulate("pocket", True)
    found = estimate_orientation(
        readings["accelerometer"], readings["gyroscope"], rate_hz=RATE_HZ
    )
    assert np.sqrt(np.mean(tilt_error_deg(found, true)[150:] ** 2)) < 4


def test_iron_nearby_does_not_tilt():
    readings, true = simulate("waist", False)
    acc, gyr, mag = readings.values()
    bent = mag + np.array([30.0, -20.0, 40.0])
    found = estimate_orientation(acc, gyr, bent, rate_hz=RATE_HZ)
    assert tilt_error_deg(found, true)[150:].max() < 4


def test_gyroscope_bias_is_learnt():
    """A sensor at rest whose gyroscope says it turns by 2 degrees per second."""
    n = int(120 * RATE_HZ)
    acc, mag = np.tile([0, 0, 9.80665], (n, 1)), np.tile([0, 20.0, -43], (n, 1))
    gyr = np.tile(np.deg2rad([2.0, 0.0, 0.0]), (n, 1))
    found = estimate_orientation(acc, gyr, mag, rate_hz=RATE_HZ)
    off = np.rad2deg(quaternion_angle_rad(found, [1.0, 0, 0, 0]))
    assert off.max() > 2
    assert off[-1] < 0.2


@pytest.mark.parametrize("upwards", [[0, 0, 9.8], [9.8, 0, 0], [-9.8, 0.1, 0]])
def test_it_starts_upright_however_it_lies(upwards):
    acc = np.tile(np.array(upwards, dtype=float), (30, 1))
    found = estimate_orientation(acc, np.zeros((30, 3)), rate_hz=RATE_HZ)
    up = quaternion_rotate(found, acc)
    assert up / np.linalg.norm(upwards) == pytest.approx(
        np.tile([0.0, 0, 1], (30, 1)), abs=1e-6
    )


def test_a_turn_is_followed_exactly():
    """A quarter turn about up in one second, started at rest."""
    rate = np.where(np.arange(150)[:, None] >= 100, [0, 0, np.pi / 2], 0.0)
    acc = np.tile([0, 0, 9.80665], (150, 1))
    found = estimate_orientation(acc, rate, rate_hz=RATE_HZ)
    turned = quaternion_rotate(found[-1], [1.0, 0, 0])
    assert turned == pytest.approx([0, 1, 0], abs=1e-6)


def test_it_never_looks_ahead():
    readings, _ = simulate("waist", True)
    whole = estimate_orientation(*readings.values(), rate_hz=RATE_HZ)
    for n in (10, 400):
        part = [values[:n] for values in readings.values()]
        np.testing.assert_array_equal(
            estimate_orientation(*part, rate_hz=RATE_HZ), whole[:n]
        )
    assert estimate_orientation(*np.zeros((2, 0, 3)), rate_hz=50).shape == (0, 4)


def test_vqf_is_asked_for_by_name():
    readings, true = simulate("wrist", True)
    if "vqf" not in sys.modules:
        try:
            import vqf  # noqa: F401
        except ImportError:
            with pytest.raises(MissingPackageError, match=r"needs vqf.*orientation"):
                estimate_orientation(*readings.values(), rate_hz=RATE_HZ, method="vqf")
            return
    found = estimate_orientation(*readings.values(), rate_hz=RATE_HZ, method="vqf")
    assert np.sqrt(np.mean(tilt_error_deg(found, true)[150:] ** 2)) < 3


@pytest.mark.parametrize("causal", [False, True])
def test_a_rotated_copy_gives_equal_channels(causal):
    readings, _ = simulate("pocket", True)
    acc = readings["accelerometer"]
    plain = align_to_gravity(acc, rate_hz=RATE_HZ, causal=causal)
    rng = np.random.default_rng(0)
    for _ in range(5):
        turn = rng.normal(size=4)
        turned = quaternion_rotate(turn / np.linalg.norm(turn), acc)
        other = align_to_gravity(turned, rate_hz=RATE_HZ, causal=causal)
        assert np.abs(other - plain).max() <= 1e-5


def test_vertical_is_up_and_horizontal_the_rest():
    time_s = np.arange(1000) / RATE_HZ
    wave = np.sin(2 * np.pi * 2 * time_s)
    acc = np.stack([3 * wave, 4 * wave, 9.81 + 2 * wave], axis=1)
    vertical, horizontal = align_to_gravity(acc, rate_hz=RATE_HZ)[200:800].T
    assert vertical == pytest.approx(2 * wave[200:800], abs=0.05)
    assert horizontal == pytest.approx(5 * np.abs(wave[200:800]), abs=0.05)
    # What the truth says of a walking waist: world-up acceleration.
    readings, true = simulate("waist", False)
    world = quaternion_rotate(true, readings["accelerometer"])
    found = align_to_gravity(readings["accelerometer"], rate_hz=RATE_HZ)
    assert np.corrcoef(found[600:1200, 0], world[600:1200, 2])[0, 1] > 0.95


@pytest.mark.parametrize("roll_deg", [-60, 0, 45])
@pytest.mark.parametrize("pitch_deg", [-50, 0, 30])
def test_heading_does_not_depend_on_tilt(roll_deg, pitch_deg):
    field = np.array([0.0, 20.0, -43.0])
    for heading_deg in (0, 60, 200, 350):
        quaternion = np.array([1.0, 0, 0, 0])
        for angle, axis in (
            (-heading_deg, [0, 0, 1]),
            (pitch_deg, [1, 0, 0]),
            (roll_deg, [0, 1, 0]),
        ):
            half = np.deg2rad(angle) / 2
            turn = [np.cos(half), *(np.sin(half) * np.array(axis))]
            quaternion = quaternion_product(quaternion, turn)
        back = quaternion_conjugate(quaternion)
        found = heading_rad(
            quaternion_rotate(back, [0, 0, 9.8]), quaternion_rotate(back, field)
        )
        off = np.angle(np.exp(1j * (found - np.deg2rad(heading_deg))))
        assert off == pytest.approx(0, abs=1e-9)


def test_refusals():
    acc = np.tile([0.0, 0.0, 9.8], (50, 1))
    with pytest.raises(ValueError, match=r"gyr must have shape \(n_samples, 3\) as"):
        estimate_orientation(acc, acc[:10], rate_hz=50)
    with pytest.raises(ValueError, match="method must be 'mahony' or 'vqf'; got 'x'"):
        estimate_orientation(acc, acc, rate_hz=50, method="x")
    with pytest.raises(ValueError, match="acc must be finite"):
        estimate_orientation(np.full((5, 3), np.nan), acc[:5], rate_hz=50)
    with pytest.raises(ValueError, match=r"acc must have three axes last.*\(50,\)"):
        align_to_gravity(acc[:, 2], rate_hz=50)
    with pytest.raises(ValueError, match="rate_hz must be a finite number above 0 Hz"):
        estimate_orientation(acc, acc, rate_hz=0)
