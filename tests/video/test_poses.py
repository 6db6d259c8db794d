"""Poses behave like the array they stand for; sequences are cut and filled."""

import pickle

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.video import (
    COCO,
    KINECT,
    KINECT_2,
    Poses,
    PoseSequence,
    PoseSpec,
    Skeleton,
    make_poses,
)

LEGS = Skeleton(("hip", "left_knee", "right_knee"), ((0, 1), (0, 2)))
VALUES = np.random.default_rng(0).normal(size=(5, 4, 3, 2)).astype(np.float32)


def line(n_frames=11, **fields):
    """Joints that move 1 px a frame, 10 frames a second, from 0, 10 and 20."""
    start = np.array([[0.0, 0], [10, 10], [20, 20]])
    positions = start + np.arange(n_frames)[:, None, None]
    return PoseSequence(positions, np.arange(n_frames) / 10, LEGS, "px", **fields)


def test_is_the_array_it_was_made_from():
    poses = Poses.from_array(
        VALUES, skeleton=LEGS, unit="px", y=list("ababa"), rate_hz=30
    )
    assert np.array_equal(np.asarray(poses), VALUES)
    assert (poses.shape, poses.ndim, len(poses)) == (VALUES.shape, 4, 5)
    assert np.array_equal(poses[[4, 0]].batch([1]), VALUES[[0]])
    assert repr(poses) == "<Poses 5 x 4 x 3 x 2 | 30 Hz | x y [px] | a 3, b 2>"
    again = pickle.loads(pickle.dumps(poses))
    assert np.array_equal(np.asarray(again), VALUES)
    assert Poses.concat([poses, again]).y.tolist() == list("ababaababa")
    assert PoseSpec.from_dict(poses.spec.to_dict()) == poses.spec
    assert poses.spec.length_s == pytest.approx(4 / 30)
    with pytest.raises(
        ValueError, match=r"shape \(n, n_frames, 3, 2 or 3\) for this sk"
    ):
        Poses.from_array(VALUES[:, :, :2], skeleton=LEGS)
    bad = VALUES.copy()
    bad[0, 0, 0, 0] = np.nan
    with pytest.raises(ValueError, match="make_poses fills joints that were not seen"):
        Poses.from_array(bad, skeleton=LEGS)
    with pytest.raises(ValueError, match="n_dims must be one of '2', '3'; got '4'"):
        Poses.from_array(np.zeros((1, 2, 3, 4)), skeleton=LEGS)


def test_whole_sequences_are_stretched():
    poses = make_poses([line(label="rise", group="anna", name="a")], n_frames=6)
    assert poses[0][:, 1, 0].tolist() == [10, 12, 14, 16, 18, 20]
    assert (poses.y[0], poses.groups[0], poses.names[0]) == ("rise", "anna", "a")
    assert poses.spec.rate_hz is None
    longer = make_poses([line()], n_frames=21)
    assert longer[0][:3, 0, 0].tolist() == [0, 0.5, 1]
    assert make_poses([line(1)], n_frames=3)[0][:, 2, 1].tolist() == [20, 20, 20]


def test_windows_at_a_rate():
    poses = make_poses([line(label="rise")], n_frames=4, rate_hz=10)
    assert [one[:, 0, 0].tolist() for one in poses] == [[0, 1, 2, 3], [4, 5, 6, 7]]
    assert poses.start_s.tolist() == [0, 0.4]
    assert poses.y.tolist() == ["rise", "rise"]
    steps = make_poses([line()], n_frames=4, rate_hz=10, step_s=0.2)
    assert steps.start_s == pytest.approx([0, 0.2, 0.4, 0.6])
    half = make_poses([line()], n_frames=2, rate_hz=5)
    assert half[1][:, 0, 0].tolist() == [4, 6]
    # eleven frames of 0.1 s last 1.1 s, so that 11 at 10 Hz fit
    assert len(make_poses([line()], n_frames=11, rate_hz=10)) == 1
    with pytest.raises(
        DataError, match="a must last at least 1.1 s for 12 frames at 10"
    ):
        make_poses([line(name="a")], n_frames=12, rate_hz=10)


def test_centre_and_unseen_joints():
    centred = np.asarray(make_poses([line()], n_frames=5, centre="hip"))
    assert (centred[:, :, 0] == 0).all()
    assert (centred[:, :, 1] == 10).all()
    one = line()
    positions = one.positions.copy()
    positions[3:7, 1] = np.nan
    positions[:2, 2] = np.nan
    gaps = PoseSequence(positions, one.time_s, LEGS, "px")
    filled = make_poses([gaps], n_frames=11)[0]
    assert filled[:, 1, 0].tolist() == list(range(10, 21))  # a line over the gap
    assert filled[:3, 2, 0].tolist() == [22, 22, 22]  # held before it is first seen
    positions[:, 1] = np.nan
    never = PoseSequence(positions, one.time_s, LEGS, "px", name="x")
    with pytest.raises(
        DataError, match="at least once in a sequence; x lacks 'left_knee'"
    ):
        make_poses([never])
    assert (make_poses([never], missing="zero")[0][:, 1] == 0).all()


def test_refusals():
    with pytest.raises(ValueError, match="at least one sequence; got none"):
        make_poses([])
    other = PoseSequence(np.zeros((3, 3, 2)), np.arange(3), LEGS, "m")
    with pytest.raises(
        ValueError, match="sequences must share skeleton, unit and coor"
    ):
        make_poses([line(), other])
    with pytest.raises(ValueError, match="must have a group; got one for 1 of 2"):
        make_poses([line(group="a"), line()])
    with pytest.raises(ValueError, match="centre must be one of 'hip', 'left_knee'"):
        make_poses([line()], centre="nose")
    with pytest.raises(ValueError, match="missing must be one of"):
        make_poses([line()], missing="nan")
    with pytest.raises(ValueError, match=r"positions must have shape \(2, 3, 2 or 3\)"):
        PoseSequence(np.zeros((2, 4, 2)), [0, 1], LEGS)
    with pytest.raises(ValueError, match="time_s must be finite and increase"):
        PoseSequence(np.zeros((2, 3, 2)), [1, 1], LEGS)
    with pytest.raises(ValueError, match="positions must be finite, or NaN"):
        PoseSequence(np.full((2, 3, 2), np.inf), [0, 1], LEGS)
    with pytest.raises(ValueError, match="joints must have names of their own"):
        Skeleton(("a", "a"))
    with pytest.raises(
        ValueError, match=r"edges must join joints 0 to 0; got \(0, 1\)"
    ):
        Skeleton(("a",), ((0, 1),))


@pytest.mark.parametrize(
    ("skeleton", "n_joints"), [(COCO, 17), (KINECT, 20), (KINECT_2, 25)]
)
def test_skeletons_are_trees_and_have_two_sides(skeleton, n_joints):
    assert skeleton.n_joints == n_joints
    assert len(skeleton.edges) == n_joints - 1
    children = [child for _, child in skeleton.edges]
    assert len(set(children)) == n_joints - 1  # one parent each: a tree
    (root,) = set(range(n_joints)) - set(children)
    reached = {root}
    for _ in range(n_joints):
        reached |= {child for parent, child in skeleton.edges if parent in reached}
    assert len(reached) == n_joints
    mirror = skeleton.mirrored
    assert [mirror[mirror[i]] for i in range(n_joints)] == list(range(n_joints))
    for i, name in enumerate(skeleton.joints):
        assert ("left" in name or "right" in name) == (mirror[i] != i)
    edges = set(skeleton.edges)
    assert {(mirror[a], mirror[b]) for a, b in edges} == edges


def test_the_spec_tells_the_centre():
    """Poses about different joints are of different kinds; a classifier must know."""
    rise = np.arange(10.0)[:, None, None] * np.ones((1, 2, 2))
    one = PoseSequence(rise, np.arange(10) / 10, Skeleton(("hip", "head")), "px")
    centred = make_poses([one], n_frames=4, centre="hip").spec
    assert centred.centre == "hip"
    assert centred != make_poses([one], n_frames=4).spec
    assert PoseSpec.from_dict(centred.to_dict()) == centred
    assert "2 joints x 2 from hip [px]" in centred.describe()
    with pytest.raises(ValueError, match="centre must be one of 'head', 'hip'; got"):
        PoseSpec(4, one.skeleton, 2, centre="a")
