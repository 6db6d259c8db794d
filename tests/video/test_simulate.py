"""Simulated people keep their bones, stand on the floor, and differ."""

import numpy as np
import pytest

from sensorhar.video import KINECT, draw_clips, simulate_pose_sequences
from sensorhar.video.simulate import EXERCISES, LENGTHS


@pytest.fixture(scope="module")
def sequences():
    return simulate_pose_sequences(2, n_repeats=2, noise_m=0)


def joint(sequence, name):
    return sequence.positions[:, KINECT.joints.index(name)]


def test_one_sequence_a_person_exercise_and_repeat(sequences):
    assert len(sequences) == 2 * 6 * 2
    assert {s.label for s in sequences} == set(EXERCISES)
    assert {s.group for s in sequences} == {"person01", "person02"}
    assert len({s.name for s in sequences}) == 24
    assert sequences[0].positions.shape == (90, 20, 3)


def test_bones_keep_their_lengths(sequences):
    """Winter's shares of the body height, the same in every frame."""
    for sequence in sequences:
        parents, children = np.array(KINECT.edges).T
        bones = sequence.positions[:, children] - sequence.positions[:, parents]
        lengths = np.linalg.norm(bones, axis=-1)
        rigid = [
            i for i, (a, _) in enumerate(KINECT.edges) if KINECT.joints[a] != "spine"
        ]
        np.testing.assert_allclose(np.ptp(lengths[:, rigid], axis=0), 0, atol=1e-9)
        forearm = joint(sequence, "left_wrist") - joint(sequence, "left_elbow")
        thigh = joint(sequence, "left_knee") - joint(sequence, "left_hip")
        ratio = np.linalg.norm(forearm, axis=1) / np.linalg.norm(thigh, axis=1)
        np.testing.assert_allclose(ratio, LENGTHS["forearm"] / LENGTHS["thigh"])


def test_somebody_stands_on_the_floor(sequences):
    for sequence in sequences:
        ankles = [joint(sequence, f"{side}_ankle")[:, 1] for side in ("left", "right")]
        height = np.linalg.norm(
            joint(sequence, "left_knee") - joint(sequence, "left_hip"), axis=1
        )
        floor = np.minimum(*ankles) - 0.039 * height / LENGTHS["thigh"]
        np.testing.assert_allclose(floor, 0, atol=1e-9)


def test_who_moves_what():
    def extent(label, name):
        (one,) = simulate_pose_sequences(1, n_repeats=1, exercises=[label], noise_m=0)
        return np.ptp(joint(one, name), axis=0).max()

    assert extent("waving", "right_hand") > 0.2
    assert extent("waving", "left_hand") < 0.01
    assert extent("squatting", "head") > 0.3
    assert extent("marching", "head") < 0.05
    assert extent("jumping_jacks", "left_foot") > 0.2


def test_the_same_number_gives_the_same_people():
    one, same = (simulate_pose_sequences(1, n_repeats=1) for _ in range(2))
    other = simulate_pose_sequences(1, n_repeats=1, random_state=1)
    np.testing.assert_array_equal(one[3].positions, same[3].positions)
    assert np.abs(one[3].positions - other[3].positions).max() > 0.01


def test_noise_is_as_large_as_said():
    quiet, noisy = (
        simulate_pose_sequences(1, n_repeats=1, exercises=["curling"], noise_m=n)
        for n in (0, 0.02)
    )
    spread = (noisy[0].positions - quiet[0].positions).std()
    assert spread == pytest.approx(0.02, rel=0.05)


def test_refusals():
    with pytest.raises(ValueError, match="exercises must be"):
        simulate_pose_sequences(exercises=["swimming"])
    with pytest.raises(ValueError, match="n_subjects must be"):
        simulate_pose_sequences(0)


def test_drawn_limbs_lie_where_the_joints_are(sequences):
    waving = [s for s in sequences if s.label == "waving"][:1]
    clips = draw_clips(waving, n_frames=8, size=48, noise=0)
    assert clips.shape == (1, 8, 48, 48, 1)
    assert clips.y.tolist() == ["waving"]
    assert clips.groups.tolist() == ["person01"]
    frame = np.asarray(clips)[0, 0, :, :, 0]
    assert set(np.unique(frame[0])) == {0}  # a margin
    rows, columns = np.nonzero(frame > 0.5)
    assert np.median(rows) < 30  # trunk and arms weigh more than legs
    height = np.ptp(rows) / 48
    assert 0.7 < height < 0.95
    assert np.ptp(columns) < np.ptp(rows)


def test_a_stroke_is_as_thick_as_said():
    from sensorhar.video import PoseSequence, Skeleton

    limb = Skeleton(("a", "b"), ((0, 1),))
    upright = PoseSequence([[[0, 0], [0, 1]]] * 2, [0, 1], limb)
    clip = np.asarray(
        draw_clips([upright], n_frames=1, size=100, thickness=0.1, noise=0)
    )
    across = clip[0, 0, 50, :, 0]
    assert across.sum() == pytest.approx(10, abs=0.5)
    lost = PoseSequence([[[0, 0], [0, 1]], [[np.nan, 0], [0, 1]]], [0, 1], limb)
    gap = np.asarray(draw_clips([lost], n_frames=2, size=20, noise=0))
    assert gap[0, 0].any()
    assert not gap[0, 1].any()


def test_drawing_needs_something():
    with pytest.raises(ValueError, match="at least one sequence of poses; got none"):
        draw_clips([])
