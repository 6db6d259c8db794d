"""Mirrors are their own inverse and tell the truth; chance keeps what it must."""

import numpy as np
import pytest

from sensorhar.video import (
    COCO,
    Clips,
    Poses,
    Skeleton,
    flip_frames,
    flip_joints,
    mirror,
    mirror_label,
    random_colour,
    random_crop,
    random_shift,
)

RNG = np.random.default_rng(0)
BYTES = RNG.integers(0, 256, (3, 4, 10, 12, 3), dtype=np.uint8)
FLOATS = RNG.uniform(0.2, 0.8, (3, 4, 10, 12, 3)).astype(np.float32)


def test_mirrored_clips_and_their_labels():
    clips = Clips.from_array(BYTES, y=["swipe_left", "wave", None], groups=list("abc"))
    other = mirror(clips)
    assert np.array_equal(np.asarray(other), np.asarray(clips)[:, :, :, ::-1])
    assert other.y.tolist() == ["swipe_right", "wave", None]
    assert other.groups.tolist() == list("abc")
    twice = mirror(other)
    assert np.array_equal(np.asarray(twice), np.asarray(clips))
    assert twice.y.tolist() == clips.y.tolist()
    assert len(Clips.concat([clips, other])) == 6
    with pytest.raises(
        ValueError, match="width_px is for poses; clips know their width"
    ):
        mirror(clips, width_px=12)


def test_flow_changes_its_sign_sideways():
    flow = RNG.normal(size=(2, 3, 4, 5, 2)).astype(np.float32)
    other = np.asarray(mirror(Clips.from_array(flow)))
    assert np.array_equal(other[..., 0], -flow[:, :, :, ::-1, 0])
    assert np.array_equal(other[..., 1], flow[:, :, :, ::-1, 1])
    stored = BYTES[..., :2]
    other = flip_frames(stored, channels=("flow_x", "flow_y"))
    assert np.array_equal(other[..., 0], 255 - stored[..., ::-1, 0])
    assert stored is not other


@pytest.mark.parametrize(
    ("label", "wanted"),
    [
        ("swipe_left", "swipe_right"),
        ("Turning right", "Turning left"),
        (
            "Pulling something from left to right",
            "Pulling something from right to left",
        ),
        ("SwipeLeft", "SwipeRight"),
        ("TURN LEFT", "TURN RIGHT"),
        ("bright_copyright_cleft", "bright_copyright_cleft"),
        ("leftovers", "leftovers"),
        ("left2right", "right2left"),
    ],
)
def test_labels_change_sides(label, wanted):
    assert mirror_label(label) == wanted
    assert mirror_label(wanted) == label


def test_mirrored_poses_change_joints():
    values = RNG.normal(size=(2, 5, 17, 2))
    poses = Poses.from_array(values, skeleton=COCO, unit="px", y=["left", "run"])
    other = mirror(poses, width_px=100)
    left = COCO.joints.index("left_wrist")
    right = COCO.joints.index("right_wrist")
    assert np.asarray(other)[:, :, left, 0] == pytest.approx(
        99 - values[:, :, right, 0]
    )
    assert np.asarray(other)[:, :, left, 1] == pytest.approx(values[:, :, right, 1])
    assert other.y.tolist() == ["right", "run"]
    again = flip_joints(flip_joints(values, COCO), COCO)
    assert np.array_equal(again, values)
    alone = Skeleton(("left_hand", "head"))  # there is no right hand to change with
    assert flip_joints(np.ones((1, 2, 3)), alone)[0].tolist() == [[-1, 1, 1]] * 2


def test_crops_are_the_same_in_all_frames():
    ramp = np.arange(120).reshape(1, 1, 10, 12, 1) * np.ones((50, 4, 1, 1, 1))
    rng = np.random.default_rng(1)
    out = random_crop(ramp, rng, size=(6, 8))
    assert out.shape == (50, 4, 6, 8, 1)
    assert (out == out[:, :1]).all()
    first = out[:, 0, 0, 0, 0]
    assert set(first // 12) == set(range(5))  # all rows and columns are met
    assert set(first % 12) == set(range(5))
    assert np.array_equal(np.diff(out[:, 0, 0, :, 0]), np.ones((50, 7)))
    with pytest.raises(ValueError, match="must fit in frames of 10 x 12; got 11 x 11"):
        random_crop(ramp, rng, size=11)
    with pytest.raises(
        ValueError, match=r"values must have shape \(n_clips, n_frames, h"
    ):
        random_crop(ramp[0], rng, size=5)


def test_shifts_keep_the_shape_and_move_the_middle():
    dot = np.zeros((80, 2, 9, 9, 1), np.float32)
    dot[:, :, 4, 4] = 1
    out = random_shift(dot, np.random.default_rng(0), max_px=2)
    assert out.shape == dot.shape
    assert (out.sum(axis=(2, 3, 4)) == 1).all()
    rows = out[:, 0, :, :, 0].argmax(axis=1).max(axis=1)
    assert set(rows.tolist()) == {2, 3, 4, 5, 6}
    with pytest.raises(
        ValueError, match="max_px must be a number of px above 0; got 0"
    ):
        random_shift(dot, RNG, max_px=0)


def test_colour():
    out = random_colour(FLOATS, np.random.default_rng(0))
    assert out.dtype == np.float32
    assert out.shape == FLOATS.shape
    assert (out >= 0).all()
    assert (out <= 1).all()
    assert not np.array_equal(out, FLOATS)
    again = random_colour(FLOATS, np.random.default_rng(0))
    assert np.array_equal(out, again)
    none = {"brightness": 0, "contrast": 0, "saturation": 0}
    same = random_colour(FLOATS, np.random.default_rng(0), **none)
    assert same == pytest.approx(FLOATS, abs=1e-6)
    only = random_colour(
        FLOATS, np.random.default_rng(0), **{**none, "brightness": 0.1}
    )
    ratio = only / FLOATS
    assert np.ptp(ratio, axis=(1, 2, 3, 4)) == pytest.approx(np.zeros(3), abs=1e-5)
    grey = np.repeat(FLOATS[..., :1], 3, axis=-1)
    coloured = random_colour(
        grey, np.random.default_rng(0), **{**none, "saturation": 1}
    )
    assert coloured == pytest.approx(grey, abs=1e-5)  # grey has no colour to change
    with pytest.raises(ValueError, match=r"contrast must lie in \[0, 1\]; got 2"):
        random_colour(FLOATS, RNG, contrast=2)
    with pytest.raises(ValueError, match=r"values must lie in \[0, 1\]; got .* by 255"):
        random_colour(BYTES, RNG)
