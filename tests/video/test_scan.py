"""What is in a video is told without decoding it."""

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.video import scan_video
from tests.video.conftest import moving_bar

BAR = moving_bar()


def test_a_video(video):
    facts = scan_video(video)
    assert (facts.name, facts.n_frames, facts.height, facts.width) == (
        *("bar.mp4", 24, 48, 64),
    )
    assert facts.rate_hz == pytest.approx(25)
    assert facts.duration_s == pytest.approx(0.96)
    assert (facts.codec, facts.has_sound, facts.is_even) == ("mpeg4", False, True)
    assert str(facts) == (
        "bar.mp4: 24 frames of 48 x 64, 25 Hz, 0.96 s, mpeg4, no sound"
    )


def test_opencv_tells_less(video, cv2):
    facts = scan_video(video, backend="opencv")
    assert (facts.n_frames, facts.codec, facts.has_sound) == (24, "", None)
    assert str(facts) == "bar.mp4: 24 frames of 48 x 64, 25 Hz, 0.96 s"


def test_a_rate_that_varies(write_video, tmp_path):
    stamps = [40 * i for i in range(12)] + [2000 + 40 * i for i in range(12)]
    facts = scan_video(write_video(tmp_path / "a.mp4", BAR, stamps_ms=stamps))
    assert (facts.n_uneven, facts.is_even) == (1, False)
    assert facts.duration_s == pytest.approx(2.48)
    assert "25 Hz, varies in 1 places, 2.48 s" in str(facts)


def test_sound(av, tmp_path):
    path = tmp_path / "both.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("mpeg4", rate=25)
        stream.height, stream.width, stream.pix_fmt = 48, 64, "yuv420p"
        sound = container.add_stream("pcm_s16le", rate=8000, layout="mono")
        for pixels in BAR[:4]:
            frame = av.VideoFrame.from_ndarray(pixels, format="rgb24")
            container.mux(stream.encode(frame))
        quiet = av.AudioFrame.from_ndarray(
            np.zeros((1, 800), np.int16), format="s16", layout="mono"
        )
        quiet.sample_rate = 8000
        container.mux(sound.encode(quiet))
        container.mux(stream.encode())
        container.mux(sound.encode())
    assert scan_video(path).has_sound
    assert "with sound" in str(scan_video(path))


def test_arrays_and_trouble(tmp_path):
    facts = scan_video(BAR)
    assert (facts.rate_hz, facts.duration_s, facts.n_uneven) == (None, None, 0)
    assert str(facts) == "array: 24 frames of 48 x 64, unknown rate"
    with pytest.raises(DataError, match="gone.mp4 is not there"):
        scan_video(tmp_path / "gone.mp4")
    with pytest.raises(ValueError, match="backend must be one of"):
        scan_video(BAR, backend="decord")
