"""BVH files: forward kinematics against other formulas, and real captures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sensorhar.errors import DataError
from sensorhar.io._source import Source
from sensorhar.io.bvh import is_bvh, read_bvh

ARM = """HIERARCHY
ROOT Hips
{
  OFFSET 0 0 0
  CHANNELS 6 Xposition Yposition Zposition Zrotation Xrotation Yrotation
  JOINT rig:LeftArm
  {
    OFFSET 0 100 0
    CHANNELS 3 Zrotation Yrotation Xrotation
    JOINT rig:LeftHand
    {
      OFFSET 70 0 0
      CHANNELS 3 Xrotation Yrotation Zrotation
      End Site
      {
        OFFSET 10 5 1
      }
    }
  }
}
MOTION
Frames: %d
Frame Time: 0.01
"""


def text(rows=((0,) * 12,) * 3):
    return ARM % len(rows) + "".join(" ".join(map(str, row)) + "\n" for row in rows)


def write(folder, content, name="wave.bvh"):
    path = folder / name
    path.write_text(content)
    return path


def test_rest(tmp_path):
    recording = read_bvh(write(tmp_path, text()), subject="anna")
    (stream,) = recording.streams
    assert stream.channel_names[3:7] == (
        "left_arm_pos_x", "left_arm_pos_y", "left_arm_pos_z", "left_hand_pos_x",
    )  # fmt: skip
    np.testing.assert_allclose(stream.values[0], [0, 0, 0, 0, 1, 0, 0.7, 1, 0])
    assert {(c.unit, c.kind) for c in stream.channels} == {("m", "derived")}
    assert (stream.rate_hz, recording.metadata["unit"]) == (100, "cm")
    with_ends = read_bvh(write(tmp_path, text()), end_sites=True).streams[0]
    np.testing.assert_allclose(with_ends.values[0, -3:], [0.8, 1.05, 0.01])


def test_a_quarter_turn(tmp_path):
    """The arm turns about z: what pointed along x points along y."""
    rows = [(1, 2, 3, 0, 0, 0, 90, 0, 0, 0, 0, 0)]
    values = read_bvh(write(tmp_path, text(rows))).streams[0].values[0]
    np.testing.assert_allclose(values[:3], [0.01, 0.02, 0.03])
    np.testing.assert_allclose(values[6:], [0.01, 1.72, 0.03], atol=1e-12)


def test_against_scipy(tmp_path):
    from scipy.spatial.transform import Rotation

    rng = np.random.default_rng(0)
    rows = rng.uniform(-180, 180, (20, 12)).round(3)
    stream = read_bvh(write(tmp_path, text(rows.tolist())), unit="m", end_sites=True)
    found = stream.streams[0].values.reshape(20, 4, 3)
    hips = Rotation.from_euler("ZXY", rows[:, 3:6], degrees=True)
    arm = hips * Rotation.from_euler("ZYX", rows[:, 6:9], degrees=True)
    hand = arm * Rotation.from_euler("XYZ", rows[:, 9:], degrees=True)
    joint = rows[:, :3] + hips.apply([0, 100, 0])
    wrist = joint + arm.apply([70, 0, 0])
    tip = wrist + hand.apply([10, 5, 1])
    np.testing.assert_allclose(found[:, 1], joint, atol=1e-9)
    np.testing.assert_allclose(found[:, 2], wrist, atol=1e-9)
    np.testing.assert_allclose(found[:, 3], tip, atol=1e-9)


@pytest.mark.parametrize(("unit", "factor"), [("m", 0.01), ("mm", 10), ("inch", 0.4)])
def test_the_unit_is_told_from_the_size(tmp_path, unit, factor):
    content = text().replace("OFFSET 0 100 0", f"OFFSET 0 {170 * factor} 0")
    content = content.replace("OFFSET 70 0 0", "OFFSET 0.1 0 0")
    content = content.replace("OFFSET 10 5 1", "OFFSET 0.1 0 0")
    assert read_bvh(write(tmp_path, content)).metadata["unit"] == unit


def test_a_size_that_is_no_person(tmp_path):
    path = write(
        tmp_path, text().replace("0 100 0", "0 8 0").replace("70 0 0", "9 0 0")
    )
    with pytest.raises(DataError, match=r"measures 1[0-9]\.?\d* at rest, which is no"):
        read_bvh(path)
    assert read_bvh(path, unit="inch").metadata["unit"] == "inch"
    with pytest.raises(ValueError, match="unit must be one of 'cm', 'inch'"):
        read_bvh(path, unit="feet")


@pytest.mark.parametrize(
    ("content", "match"),
    [
        (text().split("MOTION")[0], "must hold a part MOTION .* ends in line 20"),
        (text().replace("OFFSET 70 0 0", "OFFSET 70 0"), "line 12 .* three numbers"),
        (text().replace("CHANNELS 3 Z", "CHANNELS 4 Z"), "line 9 .* as many channels"),
        (text().replace("JOINT rig:LeftH", "BONE rig:LeftH"), r"line 10 .*got 'BONE'"),
        (
            text().replace("  {\n    OFFSET 0 100", "  OFFSET 0 100"),
            "line 7 of wave.bvh must hold OFFSET within",
        ),
        (text() + "1 2 3\n", "line 27 of wave.bvh must hold 12 numbers; got '1 2 3'"),
        (text() + "0 " * 11 + "x\n", "line 27 of wave.bvh must hold 12 numbers"),
        (text().replace("Frames: 3", "Frames: 5"), "must hold 5 frames .* holds 3"),
        (text().replace("Frames: 3", "Frames: many"), "line 22 .* 'Frames:'"),
        (text().replace("0.01", "0"), "a Frame Time above 0 s"),
        ("HIERARCHY\nMOTION\n", "line 2 of wave.bvh must hold closed joints"),
    ],
)
def test_messages(tmp_path, content, match):
    with pytest.raises(DataError, match=match):
        read_bvh(write(tmp_path, content))


def test_is_bvh(tmp_path):
    assert is_bvh(Source(write(tmp_path, text())))
    assert not is_bvh(Source(write(tmp_path, "MOTION\n")))


@settings(max_examples=50, deadline=None)
@given(seed=st.integers(0, 2**32 - 1))
def test_broken_files(takes_broken, seed):
    takes_broken(read_bvh, text().encode(), seed)


@pytest.mark.parametrize(
    ("name", "n_frames", "bone", "length_m"),
    [
        # |OFFSET| of the lower arm: (27.3517, -0.9645, -1.4034) reaches the fore arm's
        # end, (2.6153, -25.4187, 1.7231) the elbow.
        ("freebvh", 69, ("left_arm", "left_fore_arm"), 0.274047),
        ("mocapbank", 455, ("left_shoulder", "left_elbow"), 0.256108),
    ],
)
def test_real_files(real_data, name, n_frames, bone, length_m):
    """A person stands on the floor, and bones keep the length that OFFSET says."""
    path = real_data / "video" / "bvh" / f"test_{name}.bvh"
    recording = read_bvh(path)
    stream = recording.streams[0]
    assert stream.n_samples == n_frames
    assert recording.metadata["unit"] == "cm"
    joints = stream.values.reshape(n_frames, -1, 3)
    names = [channel.place for channel in stream.channels[::3]]
    first, second = (joints[:, names.index(joint)] for joint in bone)
    lengths = np.linalg.norm(second - first, axis=1)
    np.testing.assert_allclose(lengths, length_m, atol=2e-6)
    assert -0.05 < joints[..., 1].min() < 0.1
    assert 1.4 < joints[..., 1].max() < 2.1
