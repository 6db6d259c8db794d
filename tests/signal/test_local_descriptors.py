"""Local descriptors: closed forms, and what they must not see."""

import numpy as np
import pytest

from sensorhar.signal import local_descriptors
from sensorhar.signal.local_descriptors import _directions, _shared


def noise(n_windows=3, n_timepoints=64, n_points=2, n_axes=3, seed=0):
    shape = (n_windows, n_timepoints, n_points, n_axes)
    return np.random.default_rng(seed).normal(size=shape)


def assert_same(found, expected, kinds=None, atol=1e-5):
    for kind in kinds or expected:
        np.testing.assert_allclose(found[kind], expected[kind], atol=atol, err_msg=kind)


@pytest.mark.parametrize(("n_axes", "n_directions"), [(1, 2), (2, 8), (3, 12)])
def test_shapes(n_axes, n_directions):
    found = local_descriptors(noise(n_axes=n_axes), n_scales=3)
    # (64 - 15) // 5 + 1 starts; at 1/sqrt(2) of the rate 45 samples, at half of it 32
    n_tracks = 10 + 7 + 4
    columns = {
        "trajectory": 15 * n_axes,
        "place": 3 * (n_axes + 2),
        "motion": 3 * (n_directions + 1),
        "change": 3 * n_directions,
    }
    assert {kind: values.shape for kind, values in found.items()} == {
        kind: (3, n_tracks, 2, n_columns) for kind, n_columns in columns.items()
    }
    assert all(values.dtype == np.float32 for values in found.values())


def test_scales_end_where_a_track_no_longer_fits():
    """64 samples hold a track of 15 at 1, 1/1.41, 1/2, 1/2.83 and 1/4 of the rate."""
    assert local_descriptors(noise())["place"].shape[1] == 10 + 7 + 4 + 2 + 1


@pytest.mark.parametrize("n_axes", [1, 2, 3])
def test_directions_are_even(n_axes):
    directions = _directions(n_axes)
    np.testing.assert_allclose(np.linalg.norm(directions, axis=1), 1)
    np.testing.assert_allclose(directions.sum(axis=0), 0, atol=1e-12)
    cosines = np.sort(directions @ directions.T, axis=1)
    np.testing.assert_allclose(cosines - cosines[0], 0, atol=1e-12)


def test_a_vector_along_a_direction_counts_there_alone():
    for n_axes in (1, 2, 3):
        directions = _directions(n_axes)
        vectors = 3 * directions[None, :, None]
        shares = _shared(vectors, directions, 0.4)[0, :, 0]
        np.testing.assert_allclose(
            shares[:, :-1], 3 * np.eye(len(directions)), atol=1e-9
        )
        assert (shares[:, -1] == 0).all()
        still = _shared(vectors / 10, directions, 0.4)[0, :, 0]
        assert (still[:, :-1] == 0).all()
        assert (still[:, -1] == 1).all()


def test_a_vector_between_two_directions_counts_for_both_alike():
    directions = _directions(2)
    halfway = directions[0] + directions[1]
    shares = _shared(halfway[None, None, None], directions, 0.4)[0, 0, 0]
    np.testing.assert_allclose(shares[0], shares[1])
    np.testing.assert_allclose(np.linalg.norm(shares), np.linalg.norm(halfway))
    assert (shares[2:] == 0).all()


def test_a_ramp():
    """One axis, rising evenly: all its change is up."""
    points = np.arange(15.0)[None, :, None, None]
    found = local_descriptors(points, n_scales=1)
    assert found["place"].shape == (1, 1, 1, 9)
    place = found["place"][0, 0, 0].reshape(3, 3)
    np.testing.assert_allclose(place[:, 0], [2, 7, 12])  # means of the thirds
    np.testing.assert_allclose(place[:, 2], 0, atol=2e-3)  # log of 1 a sample
    motion = found["motion"][0, 0, 0].reshape(3, 3) ** 2
    # Around the mean of 7 motion is -7 ... 7: 25 below, 3 + 3 about it, 25 above.
    np.testing.assert_allclose(motion[:, 0] * 57, [0, 3, 25], atol=1e-4)
    np.testing.assert_allclose(motion[:, 1] * 57, [25, 3, 0], atol=1e-4)
    np.testing.assert_allclose(motion[:, 2] * 57, [0, 1, 0], atol=1e-4)  # once none
    change = found["change"][0, 0, 0].reshape(3, 2) ** 2
    np.testing.assert_allclose(change[:, 0], 5.25 / 16.5, rtol=1e-5)
    np.testing.assert_allclose(change[:, 1], 0.25 / 16.5, rtol=1e-5)
    shape = found["trajectory"][0, 0, 0]
    np.testing.assert_allclose(shape, (np.arange(15) - 7) / 56, atol=1e-6)


def test_gravity_is_seen_in_place_alone():
    points = noise()
    lifted = local_descriptors(points + np.array([0, 0, 9.81]))
    found = local_descriptors(points)
    assert_same(lifted, found, ["trajectory", "motion", "change"], atol=1e-4)
    difference = (lifted["place"] - found["place"]).reshape(3, -1, 2, 3, 5)
    np.testing.assert_allclose(difference[..., 2], 9.81, atol=1e-4)
    np.testing.assert_allclose(difference[..., [0, 1, 3, 4]], 0, atol=1e-4)


def test_the_unit_is_free():
    points = noise()
    assert_same(local_descriptors(3 * points, unit=3.0), local_descriptors(points))


def test_poses_do_not_see_where_the_body_stands():
    points = noise(n_points=5)
    found = local_descriptors(points, motion="displacement")
    moved = local_descriptors(points + np.array([1, -2, 5]), motion="displacement")
    assert_same(moved, found)
    # 63 displacements; the place of each joint is counted from the middle of all.
    whole = found["place"].reshape(3, -1, 5, 3, 5)[..., :3].mean(axis=2)
    np.testing.assert_allclose(whole, 0, atol=1e-5)


def test_a_joint_that_walks():
    steps = np.zeros((1, 16, 2, 2))
    steps[0, :, 0, 0] = np.arange(16)  # one joint goes along x, the other stands
    found = local_descriptors(steps, motion="displacement", n_scales=1)
    walks, stands = found["trajectory"][0, 0]
    np.testing.assert_allclose(walks.reshape(15, 2), [[1 / 15, 0]] * 15, atol=1e-6)
    np.testing.assert_allclose(stands, 0)
    motion = found["motion"][0, 0].reshape(2, 3, 9) ** 2
    np.testing.assert_allclose(motion[0, :, 0], 1 / 3, atol=1e-6)
    np.testing.assert_allclose(motion[1, :, -1], 1 / 3, atol=1e-6)


def test_standing_still_is_finite():
    for motion in ("reading", "displacement"):
        found = local_descriptors(np.full((2, 64, 2, 3), 5.0), motion=motion)
        assert all(np.isfinite(values).all() for values in found.values())
        assert (found["trajectory"] == 0).all()
        never = found["motion"].reshape(2, -1, 2, 3, 13)[..., :-1]
        assert (never == 0).all()


def test_each_window_and_point_stands_alone():
    points = noise()
    found = local_descriptors(points)
    for window in range(3):
        for point in range(2):
            alone = local_descriptors(points[[window]][:, :, [point]])
            expected = {k: v[[window]][:, :, [point]] for k, v in found.items()}
            assert_same(alone, expected)


def test_turned_axes_turn_the_descriptors():
    """The corners of the icosahedron change places when axes do."""
    points = noise()
    found = local_descriptors(points)
    turned = local_descriptors(np.roll(points, 1, axis=3))
    shape = found["trajectory"].reshape(3, -1, 2, 15, 3)
    np.testing.assert_allclose(
        turned["trajectory"].reshape(shape.shape), np.roll(shape, 1, axis=4), atol=1e-6
    )
    change = found["change"].reshape(3, -1, 2, 3, 12)
    order = [
        int(np.flatnonzero(np.isclose(_directions(3), np.roll(d, -1)).all(axis=1))[0])
        for d in _directions(3)
    ]
    np.testing.assert_allclose(
        turned["change"].reshape(change.shape), change[..., order], atol=1e-5
    )


def test_slow_motion_is_found_at_a_slower_scale():
    """At half the speed the third scale sees what the first saw."""
    time = np.arange(120)
    wave = np.sin(2 * np.pi * (time + 0.5) / 20)
    slow = np.sin(2 * np.pi * (np.arange(240) + 0.5) / 40)
    quick = local_descriptors(wave[None, :, None, None], n_scales=1)
    other = local_descriptors(slow[None, :, None, None], n_scales=3)
    n_tracks = quick["trajectory"].shape[1]
    at_third = other["trajectory"][:, -n_tracks:]
    np.testing.assert_allclose(at_third, quick["trajectory"], atol=0.01)


def test_short_windows_are_lengthened():
    points = noise(n_timepoints=6)
    found = local_descriptors(points)
    assert found["trajectory"].shape == (3, 1, 2, 45)
    held = found["trajectory"].reshape(3, 2, 15, 3)[:, :, 5:]
    np.testing.assert_allclose(held, held[:, :, :1].repeat(10, axis=2), atol=1e-6)
    one = local_descriptors(noise(n_timepoints=1), motion="displacement")
    assert (one["trajectory"] == 0).all()


@pytest.mark.parametrize(
    ("points", "settings", "message"),
    [
        (np.zeros((2, 64, 3)), {}, r"n_points, 1 to 3 axes\), got \(2, 64, 3\)"),
        (np.zeros((2, 64, 1, 4)), {}, r"got \(2, 64, 1, 4\); pick the axes"),
        (np.full((1, 64, 1, 1), np.nan), {}, "points must be finite"),
        (np.zeros((1, 64, 1, 1)), {"motion": "speed"}, "motion must be one of"),
        (np.zeros((1, 64, 1, 1)), {"unit": 0}, "unit must be a finite number above 0"),
        (np.zeros((1, 64, 1, 1)), {"length": 2}, "length .* of at least 3, got 2"),
        (np.zeros((1, 64, 1, 1)), {"step": 0}, "step must be a whole number"),
        (np.zeros((1, 64, 1, 1)), {"n_scales": 0}, "n_scales must be a whole number"),
    ],
)
def test_input_is_checked(points, settings, message):
    with pytest.raises(ValueError, match=message):
        local_descriptors(points, **settings)
