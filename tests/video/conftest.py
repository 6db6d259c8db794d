"""Tiny videos, written by PyAV, for the tests that decode."""

from fractions import Fraction
from functools import partial

import numpy as np
import pytest


@pytest.fixture(scope="session")
def av():
    return pytest.importorskip(
        "av", reason='PyAV is not installed: pip install "sensorhar[video]"'
    )


@pytest.fixture(scope="session")
def cv2():
    return pytest.importorskip(
        "cv2", reason='OpenCV is not installed: pip install "sensorhar[video]"'
    )


def moving_bar(n_frames=24, height=48, width=64):
    """Frames that tell their number: grey levels 8 apart, and a bar that moves."""
    frames = np.empty((n_frames, height, width, 3), np.uint8)
    for i, frame in enumerate(frames):
        frame[:] = 20 + 8 * i
        frame[: height // 4, : (i + 1) * width // n_frames] = (220, 30, 30)
    return frames


def encode(av, path, frames, *, rate=25, stamps_ms=None, codec="mpeg4"):
    """Write frames to a file, with stamps in ms if given, and return its path."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=rate)
        stream.height, stream.width = frames[0].shape[:2]
        stream.pix_fmt = "yuv420p"
        stream.bit_rate = 4_000_000
        stream.gop_size = 6
        unit = Fraction(1, rate) if stamps_ms is None else Fraction(1, 1000)
        stream.time_base = unit
        stream.codec_context.time_base = unit
        for i, pixels in enumerate(frames):
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            frame.pts = i if stamps_ms is None else int(stamps_ms[i])
            frame.time_base = unit
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


@pytest.fixture(scope="session")
def write_video(av):
    """Return a function that writes frames to a file."""
    return partial(encode, av)


@pytest.fixture(scope="session")
def video(write_video, tmp_path_factory):
    """Write a file of 24 frames at 25 Hz."""
    return write_video(tmp_path_factory.mktemp("video") / "bar.mp4", moving_bar())


def numbers_of(clip):
    """Return which frames of the moving bar a clip holds."""
    level = clip[:, clip.shape[1] // 2 :, :, :].mean(axis=(1, 2, 3)) * 255
    return np.rint((level - 20) / 8).astype(int).tolist()
