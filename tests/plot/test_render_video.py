"""A video is written anew with captions, and keeps its times."""

import numpy as np
import pytest
from PIL import Image

from sensorhar.plot import render_video
from sensorhar.plot._caption import add_caption, enlarge
from sensorhar.video import Timeline, read_frames, scan_video
from tests.video.conftest import encode, moving_bar

BAR = moving_bar(20)
SAID = np.array([[0.9, 0.1], [0.2, 0.8]])
LINE = Timeline("a", ("run", "walk"), [0, 1], [1, 2], SAID, 2.0)


@pytest.fixture(scope="module")
def av():
    return pytest.importorskip(
        "av", reason='PyAV is not installed: pip install "sensorhar[video]"'
    )


def test_mp4_keeps_frames_and_times(av, tmp_path):
    path = render_video(BAR, LINE, tmp_path / "out.mp4", source_rate_hz=10)
    facts = scan_video(path)
    assert (facts.n_frames, facts.height, facts.width) == (20, 240, 320)
    assert facts.rate_hz == pytest.approx(10)
    scene = [frame[120, 160].mean() for _, frame in read_frames(path)]
    assert scene == pytest.approx(20 + 8 * np.arange(20), abs=4)
    early, late = (frame for _, frame in read_frames(path, times_s=[0.1, 1.5]))
    corner = early[-30:-5, 5:20].astype(int), late[-30:-5, 5:20].astype(int)
    assert corner[0][..., 2].max() > corner[0][..., 0].max()  # run is blue
    assert corner[1][..., 0].max() > corner[1][..., 2].max()  # walk is orange
    assert [p.name for p in tmp_path.iterdir()] == ["out.mp4"]


def test_a_varying_rate_varies_still(av, tmp_path):
    stamps = [40 * i for i in range(10)] + [1000 + 40 * i for i in range(10)]
    source = encode(av, tmp_path / "in.mp4", BAR, stamps_ms=stamps)
    path = render_video(source, LINE, tmp_path / "out.mp4")
    times = [time_s for time_s, _ in read_frames(path)]
    assert times == pytest.approx(np.array(stamps) / 1000, abs=1e-3)


def test_gif(tmp_path):
    path = render_video(BAR, LINE, tmp_path / "out.gif", source_rate_hz=10)
    with Image.open(path) as gif:
        assert (gif.n_frames, gif.size) == (20, (320, 240))
        lasts = []
        for i in range(gif.n_frames):
            gif.seek(i)
            lasts.append(gif.info["duration"])
        assert lasts == [100] * 20
        shown = np.asarray(gif.convert("RGB"))
    assert shown[120, 160].mean() == pytest.approx(20 + 8 * 19, abs=6)


def test_a_wide_gif_is_made_smaller(tmp_path):
    wide = np.full((4, 300, 1000, 3), 90, np.uint8)
    line = Timeline("a", ("run",), [0], [0.4], [[1.0]], 0.4)
    path = render_video(wide, line, tmp_path / "a.gif", source_rate_hz=10)
    with Image.open(path) as gif:
        assert gif.size == (480, 144)


@pytest.mark.parametrize("level", [0, 255])
def test_captions_can_be_read_on_light_and_dark(level):
    scene = np.full((240, 320, 3), level, np.uint8)
    drawn = add_caption(
        scene, "walking", "87%", colour="#56b4e9", bar=[("#56b4e9", 0, 0.5)], now=0.25
    )
    assert np.array_equal(drawn[:150], scene[:150])  # the scene stays
    text = drawn[205:225, 30:100].mean(axis=2) / 255
    light, ground = (
        ((level + 0.055) / 1.055) ** 2.4 for level in (text.max(), np.median(text))
    )
    assert (light + 0.05) / (ground + 0.05) > 4.5  # of luminance, as WCAG 2 asks
    assert (add_caption(scene, "", "", colour="#56b4e9") != scene).any()


def test_long_labels_are_cut():
    scene = np.zeros((240, 320, 3), np.uint8)
    long = add_caption(scene, "a" * 90, "87%", colour="#56b4e9")
    assert long.shape == scene.shape
    right = add_caption(scene, "", "87%", colour="#56b4e9")[:, 270:]
    assert np.array_equal(long[:, 270:], right)  # the probability stays free


def test_small_frames_are_enlarged():
    assert enlarge(BAR[0]).shape == (240, 320, 3)
    assert enlarge(BAR[0])[7, 9].tolist() == BAR[0][1, 1].tolist()
    large = np.zeros((300, 400, 3), np.uint8)
    assert enlarge(large) is large


def test_refusals(tmp_path):
    with pytest.raises(ValueError, match=r"path must end in .mp4 or .gif; got 'a.avi'"):
        render_video(BAR, LINE, tmp_path / "a.avi")
    path = tmp_path / "a.gif"
    path.write_text("mine")
    with pytest.raises(
        FileExistsError, match=r"a.gif exists. Choose another name, or p"
    ):
        render_video(BAR, LINE, path, source_rate_hz=10)
    assert path.read_text() == "mine"
    assert render_video(BAR, LINE, path, source_rate_hz=10, overwrite=True) == path
