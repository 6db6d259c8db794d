"""Flow of known motion, its published scaling, and the order of stacks."""

import sys

import numpy as np
import pytest

from sensorhar.errors import MissingPackageError
from sensorhar.signal import (
    flow_from_bytes,
    flow_to_bytes,
    optical_flow,
    scale_flow,
    stack_flow,
)


@pytest.fixture(scope="module")
def cv2():
    return pytest.importorskip(
        "cv2", reason='OpenCV is not installed: pip install "sensorhar[video]"'
    )


def waves(step_px=(2.0, 1.0), n_frames=3, height=48, width=64):
    """Frames of a pattern that moves by so many px along x and y."""
    y, x = np.mgrid[:height, :width].astype(float)
    frames = [
        np.sin((x - i * step_px[0]) / 4) * np.cos((y - i * step_px[1]) / 5)
        for i in range(n_frames)
    ]
    return 0.5 + 0.45 * np.array(frames)


@pytest.mark.usefixtures("cv2")
@pytest.mark.parametrize(("method", "error_px"), [("dis", 0.2), ("farneback", 0.2)])
def test_flow_is_the_motion(method, error_px):
    """Along x first, then y; both are in px from one frame to the next."""
    flow = optical_flow(waves(), method=method)
    assert flow.shape == (2, 48, 64, 2)
    assert flow.dtype == np.float32
    inside = np.median(flow[:, 8:-8, 8:-8], axis=(0, 1, 2))
    np.testing.assert_allclose(inside, [2, 1], atol=error_px)


def test_tvl1_is_the_motion(cv2):
    pytest.importorskip("cv2.optflow", reason="this OpenCV has no contributed modules")
    flow = optical_flow(waves(n_frames=2, height=24, width=32))
    np.testing.assert_allclose(np.median(flow, axis=(0, 1, 2)), [2, 1], atol=0.3)


@pytest.mark.usefixtures("cv2")
def test_colour_and_bytes_are_the_same_motion():
    frames = waves()
    stored = np.rint(frames * 255).astype(np.uint8)
    expected = optical_flow(stored, method="dis")
    coloured = np.repeat(stored[..., None], 3, axis=3)
    for same in (frames, stored[..., None], coloured):
        np.testing.assert_array_equal(optical_flow(same, method="dis"), expected)


@pytest.mark.parametrize(
    ("frames", "message"),
    [
        (np.zeros((3, 20, 20, 2)), r"1 or 3 channels.*got \(3, 20, 20, 2\)"),
        (np.zeros((3, 20, 12)), r"sides of at least 16 px, got \(3, 20, 12\)"),
        (np.full((3, 20, 20), 7.5), r"lie in \[0, 1\], got 7.5 to 7.5; scale them"),
        (np.full((3, 20, 20), np.nan), r"lie in \[0, 1\], got nan"),
        (np.zeros((1, 20, 20)), "at least two frames, got 1"),
    ],
)
def test_frames_are_checked(frames, message):
    with pytest.raises(ValueError, match=message):
        optical_flow(frames)


def test_method_is_checked():
    with pytest.raises(ValueError, match="method must be one of .*tvl1.*got 'brox'"):
        optical_flow(waves(), method="brox")


def test_a_build_without_tvl1_names_the_package(cv2, monkeypatch):
    monkeypatch.delattr(cv2, "optflow", raising=False)
    message = 'opencv-contrib-python-headless.*Uninstall.*method="dis"'
    with pytest.raises(MissingPackageError, match=message):
        optical_flow(waves(n_frames=2))


def test_opencv_is_asked_for(monkeypatch):
    monkeypatch.setitem(sys.modules, "cv2", None)
    with pytest.raises(MissingPackageError, match="optical flow needs cv2"):
        optical_flow(waves(n_frames=2))


def test_scaling_as_of_i3d():
    """TV-L1 is truncated to 20 px and divided by 20 (kinetics-i3d's README)."""
    scaled = scale_flow([[-35.0, -20.0], [5.0, 21.0]])
    assert scaled.tolist() == [[-1.0, -1.0], [0.25, 1.0]]
    assert scale_flow([3.0], limit_px=12).tolist() == [0.25]
    with pytest.raises(ValueError, match="limit_px must be .* above 0 px, got 0"):
        scale_flow([1.0], limit_px=0)


def test_bytes_come_back_within_half_a_step():
    rng = np.random.default_rng(0)
    for limit_px in (20.0, 5.0):
        flow = rng.uniform(-limit_px, limit_px, 10_000)
        back = flow_from_bytes(
            flow_to_bytes(flow, limit_px=limit_px), limit_px=limit_px
        )
        assert np.abs(back - flow).max() <= limit_px / 255 + 1e-5
        everything = np.arange(256, dtype=np.uint8)
        again = flow_to_bytes(
            flow_from_bytes(everything, limit_px=limit_px), limit_px=limit_px
        )
        assert (again == everything).all()


def test_bytes_of_no_motion():
    """128, the mean that TSN subtracts from flow."""
    assert flow_to_bytes([-99.0, 0.0, 99.0]).tolist() == [0, 128, 255]


def test_only_bytes_are_read():
    with pytest.raises(TypeError, match="array of uint8, got float64; flow in px"):
        flow_from_bytes([0.5])


def numbered(n_flows=12, height=2, width=3):
    """Flow t is (2t, 2t + 1) everywhere: the place in a stack tells which it is."""
    flat = np.arange(2 * n_flows, dtype=float).reshape(n_flows, 1, 1, 2)
    return np.broadcast_to(flat, (n_flows, height, width, 2))


def test_order_of_a_stack():
    """Channels 2k - 1 and 2k are x and y of flow k; ten flows by default."""
    stacks = stack_flow(numbered(), subtract_mean=False)
    assert stacks.shape == (3, 2, 3, 20)
    for start in range(3):
        expected = np.arange(20) + 2 * start
        assert (stacks[start] == expected).all()
    chosen = stack_flow(numbered(), starts=[2, 0], subtract_mean=False)
    np.testing.assert_array_equal(chosen, stacks[[2, 0]])


def test_means_are_subtracted_field_by_field():
    rng = np.random.default_rng(0)
    flow = rng.normal(3, 1, (4, 5, 6, 2))
    stacks = stack_flow(flow, length=4)
    np.testing.assert_allclose(stacks.mean(axis=(1, 2)), 0, atol=1e-6)
    moved = flow + rng.normal(size=(4, 1, 1, 2))  # a camera that pans
    np.testing.assert_allclose(stack_flow(moved, length=4), stacks, atol=1e-5)
    zero = stack_flow(numbered(), length=3)
    assert (zero == 0).all()


def test_trajectories_go_with_the_flow():
    """The second flow is read where the first has led."""
    flow = np.zeros((2, 4, 8, 2))
    flow[0] = (1.5, 2.0)
    flow[1, ..., 0] = np.arange(8)  # its own column
    flow[1, ..., 1] = np.arange(4)[:, None]  # its own row
    stack = stack_flow(flow, length=2, along="trajectory", subtract_mean=False)[0]
    np.testing.assert_array_equal(stack[..., :2], flow[0])
    column = np.minimum(np.arange(8) + 1.5, 7)  # beyond the border the last counts
    np.testing.assert_allclose(stack[0, :, 2], column)
    np.testing.assert_allclose(stack[:, 0, 3], [2, 3, 3, 3])
    still = stack_flow(0 * flow, length=2, along="trajectory")
    assert (still == 0).all()


def test_without_motion_both_ways_agree():
    flow = np.zeros((3, 5, 6, 2))
    flow[1:] = np.random.default_rng(0).normal(size=(2, 5, 6, 2))
    by_position = stack_flow(flow[1:], length=1)
    np.testing.assert_allclose(
        stack_flow(flow[1:], length=1, along="trajectory"), by_position, atol=1e-6
    )


def test_stacks_are_checked():
    flow = numbered(4)
    with pytest.raises(ValueError, match=r"must have shape .*got \(4, 2, 3\)"):
        stack_flow(flow[..., 0])
    with pytest.raises(ValueError, match="a stack of 5 must lie within 4 flows"):
        stack_flow(flow, length=5)
    with pytest.raises(ValueError, match=r"got starts \[0, 2\].*from 0 to 1"):
        stack_flow(flow, length=3, starts=[0, 2])
    with pytest.raises(ValueError, match="along must be one of"):
        stack_flow(flow, length=2, along="line")
    with pytest.raises(ValueError, match="length must be a whole number"):
        stack_flow(flow, length=0)
