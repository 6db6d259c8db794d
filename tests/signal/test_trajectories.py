"""Trajectories of known motion; what stands still or moves with the camera has none."""

import sys

import numpy as np
import pytest

from sensorhar.errors import MissingPackageError
from sensorhar.signal import dense_trajectories, trajectory_parts
from sensorhar.signal._camera import find_homography, undo_homography
from sensorhar.signal._cells import N_BINS, cells_at, sums_over_cells
from sensorhar.signal._flow_methods import flow_function
from sensorhar.signal._tracks import Found
from sensorhar.signal.trajectories import _is_trajectory

N_FRAMES = 16


@pytest.fixture(scope="module")
def cv2():
    return pytest.importorskip(
        "cv2", reason='OpenCV is not installed: pip install "sensorhar[video]"'
    )


def texture(cv2, height, width, seed=0):
    """Smooth noise over all grey levels."""
    noise = np.random.default_rng(seed).random((height, width)).astype(np.float32)
    smooth = cv2.GaussianBlur(noise, (0, 0), 2)
    return np.rint(255 * (smooth - smooth.min()) / np.ptp(smooth)).astype(np.uint8)


def seen_by(cv2, camera, n_frames=N_FRAMES, height=96, width=128):
    """Frames of one wall: what frame 0 shows at p is at camera(i)^-1 p in frame i."""
    wall = texture(cv2, 3 * height, 3 * width)
    middle = np.array([[1, 0, width], [0, 1, height], [0, 0, 1]], dtype=float)
    frames = []
    for i in range(n_frames):
        from_wall = np.linalg.inv(middle @ camera(i))
        frames.append(cv2.warpPerspective(wall, from_wall, (width, height)))
    return np.stack(frames)


def pan(i):
    """Pan, tilt, zoom and roll a little."""
    return np.array(
        [
            [1 + 0.002 * i, 0.002 * i, 2.0 * i],
            [-0.002 * i, 1 + 0.002 * i, -1.0 * i],
            [1e-6 * i, 2e-6 * i, 1],
        ]
    )


def shifted(x):
    return np.array([[1, 0, x], [0, 1, 0], [0, 0, 1]], dtype=float)


def still(_):
    return np.eye(3)


def with_square(cv2, frames=None, step_px=(3, 1), at=(20, 20), side=40):
    """Put a patterned square on the frames, or on grey ones, that moves over them."""
    square = texture(cv2, side, side, seed=5)
    if frames is None:
        frames = np.full((N_FRAMES, 96, 128), 128, np.uint8)
    frames = frames.copy()
    for i, frame in enumerate(frames):
        x, y = at[0] + i * step_px[0], at[1] + i * step_px[1]
        frame[y : y + side, x : x + side] = square
    return frames


def test_lengths_of_the_descriptors():
    """30, 96, 108, 96, 96: Wang & Schmid's paper, and the authors' program."""
    sizes = {name: p.stop - p.start for name, p in trajectory_parts().items()}
    assert sizes == {
        "trajectory": 30,
        "hog": 2 * 2 * 3 * 8,
        "hof": 2 * 2 * 3 * 9,
        "mbh_x": 2 * 2 * 3 * 8,
        "mbh_y": 2 * 2 * 3 * 8,
    }
    assert sum(sizes.values()) == 426
    assert trajectory_parts(5)["mbh_y"].stop == 10 + 396


def test_a_moving_square(cv2):
    descriptors, positions = dense_trajectories(
        with_square(cv2), n_scales=1, camera_motion=False
    )
    assert descriptors.shape == (len(positions), 426)
    assert positions.shape[1:] == (16, 3)
    assert len(positions) >= 30
    steps = np.diff(positions[..., :2], axis=1)
    np.testing.assert_allclose(np.median(steps, axis=(0, 1)), [3, 1], atol=0.1)
    assert (positions[..., 2] == np.arange(16)).all()
    started = positions[:, 0, :2]
    assert started.min() >= 15  # where the square is at first, and just beside it
    assert started.max() <= 65


def test_columns_of_a_moving_square(cv2):
    frames = with_square(cv2, step_px=(4, 0))
    descriptors, _ = dense_trajectories(frames, n_scales=1, camera_motion=False)
    parts = trajectory_parts()
    shape = np.median(descriptors[:, parts["trajectory"]], axis=0).reshape(15, 2)
    np.testing.assert_allclose(shape[:, 0], 1 / 15, atol=0.01)
    np.testing.assert_allclose(shape[:, 1], 0, atol=0.01)
    for kind in ("hog", "hof", "mbh_x", "mbh_y"):
        squares = (descriptors[:, parts[kind]] ** 2).sum(axis=1)
        np.testing.assert_allclose(squares, 1, atol=1e-5)
    hof = (descriptors[:, parts["hof"]] ** 2).reshape(-1, 12, 9).sum(axis=1)
    mean = hof.mean(axis=0)
    assert mean[0] > 0.6  # to the right
    assert mean[2:7].max() < 0.05  # not to the left, nor up or down


@pytest.mark.parametrize("camera_motion", [True, False])
@pytest.mark.parametrize(("contrast", "noise"), [(1, 0), (1, 3), (0, 0)])
def test_static_scenes_have_none(cv2, contrast, noise, camera_motion):
    frames = 90 + contrast * (seen_by(cv2, still, height=64, width=80) - 90.0)
    frames += np.random.default_rng(0).normal(0, noise, frames.shape)
    descriptors, positions = dense_trajectories(
        np.clip(frames, 0, 255).astype(np.uint8),
        n_scales=1,
        camera_motion=camera_motion,
    )
    assert descriptors.shape == (0, 426)
    assert positions.shape == (0, 16, 3)


def test_a_moving_camera_has_none(cv2):
    """All motion is that of one homography: it is found, and taken away."""
    frames = seen_by(cv2, pan)
    without, _ = dense_trajectories(frames, n_scales=1, camera_motion=False)
    assert len(without) > 200
    stabilised, _ = dense_trajectories(frames, n_scales=1)
    assert len(stabilised) <= 0.01 * len(without)


def test_descriptors_do_not_see_the_camera(cv2):
    """A square that moves over the wall: with the camera panning, or standing still."""
    parts = trajectory_parts()
    described = []
    for pan_px in (0, 1):
        frames = seen_by(cv2, lambda i, px=pan_px: shifted(px * i))
        frames = with_square(cv2, frames, step_px=(3 - pan_px, 0), side=48)
        descriptors, positions = dense_trajectories(frames, n_scales=1)
        started = positions[:, 0, :2]
        inside = ((started > 36) & (started < 52)).all(axis=1)  # clear of the edges
        assert inside.sum() >= 9
        described.append(descriptors[inside].mean(axis=0))
    for kind in ("trajectory", "hof", "mbh_x", "mbh_y"):
        a, b = (mean[parts[kind]] for mean in described)
        cosine = a @ b / np.linalg.norm(a) / np.linalg.norm(b)
        assert cosine > 0.95, kind


def test_the_homography_is_found(cv2):
    before, after = seen_by(cv2, lambda i: pan(3 * i), n_frames=2)
    flow = flow_function("farneback")(before, after)
    found = find_homography(cv2, before, after, flow)
    corners = np.array([[[0, 0], [128, 0], [0, 96], [128, 96]]], dtype=float)
    np.testing.assert_allclose(
        cv2.perspectiveTransform(corners, found),
        cv2.perspectiveTransform(corners, np.linalg.inv(pan(3))),
        atol=1.0,
    )
    steady = undo_homography(cv2, before, after, found)
    inside = np.s_[12:-12, 12:-12]
    error = np.abs(steady.astype(float) - before)[inside].mean()
    assert error < 0.1 * np.abs(after.astype(float) - before)[inside].mean()


def test_too_little_to_match_is_no_camera_motion(cv2):
    blank = np.full((96, 128), 128, np.uint8)
    flow = np.full((96, 128, 2), 5, np.float32)
    assert find_homography(cv2, blank, blank, flow) is None


def test_people_are_no_background(cv2):
    """A body that fills most of the picture is left out, and the wall is found."""
    before, after = seen_by(cv2, lambda i: shifted(2.0 * i), n_frames=2)
    body = texture(cv2, 70, 128, seed=7)
    before[:70], after[:70] = body, np.roll(body, -4, axis=1)
    flow = flow_function("farneback")(before, after)
    below = np.array([[[64.0, 90.0]]])
    for people, shift_px in ((None, -4), ([[0, 0, 128, 74]], -2)):
        found = find_homography(cv2, before, after, flow, people)
        moved = cv2.perspectiveTransform(below, found)[0, 0]
        np.testing.assert_allclose(moved - below[0, 0], [shift_px, 0], atol=0.5)


def test_people_are_passed_on(cv2):
    frames = seen_by(cv2, still, n_frames=6)
    nobody = [[]] * 6
    boxed, _ = dense_trajectories(frames, length=5, n_scales=1, people=nobody)
    assert boxed.shape == (0, 406)
    with pytest.raises(ValueError, match="boxes for each of 6 frames, got 2"):
        dense_trajectories(frames, length=5, people=nobody[:2])


def found_of(path):
    """Return one track of these points, standing camera."""
    path = np.asarray(path, np.float32)
    numbered = np.concatenate([path, np.arange(len(path))[:, None]], axis=1)
    steps = np.diff(path, axis=0)
    return Found(numbered[None], steps[None], np.zeros((1, 3, 2, 2, N_BINS)))


@pytest.mark.parametrize(
    ("path", "is_one"),
    [
        ([(2.0 * i, 0) for i in range(16)], True),
        ([(0.3 * i, 0) for i in range(16)], False),  # varies by 1.4 px: stands still
        ([(12.0 * i, 0) for i in range(16)], False),  # varies by 55 px: is lost
        ([(40.0 * (i > 7), 0) for i in range(16)], False),  # one jump
        ([(10.0 * (i > 7) + 0.2 * i, 0) for i in range(16)], True),  # a short one
    ],
)
def test_which_tracks_are_trajectories(path, is_one):
    assert _is_trajectory(found_of(path), False).tolist() == [is_one]


def test_tracks_that_go_with_the_camera_are_none():
    path = [(2.0 * i, 0) for i in range(16)]
    found = found_of(path)
    slow = Found(found.path, found.steps * 0.4, found.sums)  # 0.8 px without the camera
    assert _is_trajectory(found, True).all()
    assert not _is_trajectory(slow, True).any()
    assert _is_trajectory(slow, False).all()


def test_histograms_of_a_slope(cv2):
    """A picture that brightens to the right, and flow that grows downwards."""
    y, x = np.mgrid[:40, :48]
    flow = np.stack([0.1 * y, np.zeros((40, 48))], axis=2).astype(np.float32)
    sums = sums_over_cells(cv2, (4 * x).astype(np.uint8), flow, 4)
    assert sums.shape == (40, 48, N_BINS)
    hog, hof, mbh_x, mbh_y = np.split(sums[20, 20], [8, 17, 25])
    np.testing.assert_allclose(hog, [16 * 8, *[0] * 7], atol=1e-4)  # 8 a pixel
    np.testing.assert_allclose(hof[0], 16 * 1.95, rtol=1e-4)  # rows 18 to 21
    np.testing.assert_allclose(hof[1:], 0, atol=1e-4)
    np.testing.assert_allclose(mbh_x, [0, 0, 16 * 0.2, *[0] * 5], atol=1e-4)  # down
    np.testing.assert_allclose(mbh_y, 0, atol=1e-6)
    # Flow below 0.4 px counts as none, one a pixel.
    np.testing.assert_allclose(sums[2, 20, 8:17], [*[0] * 8, 16], atol=1e-4)


def test_lengths_are_split_between_neighbours(cv2):
    angle = np.deg2rad(45 + 15)  # a third of the way from the second bin to the third
    flow = np.broadcast_to(
        np.array([np.cos(angle), np.sin(angle)], np.float32), (20, 20, 2)
    )
    hof = sums_over_cells(cv2, np.zeros((20, 20), np.uint8), flow, 1)[10, 10, 8:17]
    np.testing.assert_allclose(hof, [0, 2 / 3, 1 / 3, *[0] * 6], atol=1e-3)


def test_cells_stay_inside():
    sums = np.arange(12 * 16, dtype=np.float32).reshape(12, 16, 1)
    middle, corner, other = cells_at(
        sums, np.array([[8.2, 5.9], [0, 0], [15, 11]]), 4, 2
    )[..., 0]
    # Cells of 4 px around (8, 6) have their middles at 6 and 10, and at 4 and 8.
    assert middle.tolist() == [[70, 74], [134, 138]]
    assert corner.tolist() == [[34, 38], [98, 102]]
    assert other.tolist() == [[106, 110], [170, 174]]


def test_scales_are_in_px_of_the_frames(cv2):
    frames = with_square(cv2, step_px=(4, 0))
    settings = {"patch_px": 24, "camera_motion": False}
    _, positions = dense_trajectories(frames, n_scales=3, **settings)
    _, finest = dense_trajectories(frames, n_scales=1, **settings)
    coarser = positions[len(finest) :]
    assert len(coarser) >= 10
    steps = np.diff(coarser[..., :2], axis=1)
    np.testing.assert_allclose(np.median(steps, axis=(0, 1)), [4, 0], atol=0.2)
    assert coarser[:, 0, :2].min() >= 10
    assert coarser[:, 0, :2].max() <= 70


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"length": 16}, "at least 17 of 32 x 32 px, got 16 of 96 x 128"),
        ({"patch_px": 100}, "at least 16 of 100 x 100 px, got 16 of 96 x 128"),
        ({"length": 0}, "length must be a whole number"),
        ({"step_px": 0}, "step_px must be a whole number"),
        ({"patch_px": 1}, "patch_px must be a whole number of at least 2"),
        ({"n_scales": 0}, "n_scales must be a whole number"),
        ({"method": "brox"}, "method must be one of"),
    ],
)
def test_settings_are_checked(settings, message):
    with pytest.raises(ValueError, match=message):
        dense_trajectories(np.zeros((16, 96, 128), np.uint8), **settings)


def test_opencv_is_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingPackageError, match="dense trajectories needs cv2"):
        dense_trajectories(np.zeros((16, 96, 128), np.uint8))
