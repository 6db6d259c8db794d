"""Frames on a sheet: the right moments, labels in their colours, a bar below."""

import numpy as np
import pytest

from sensorhar.plot import plot_frames, plot_video
from sensorhar.plot.theme import LIGHT
from sensorhar.video import Timeline
from tests.video.conftest import moving_bar, numbers_of

BAR = moving_bar(20)
SAID = np.array([[0.9, 0.1, 0.0], [0.2, 0.8, 0.0]])
LINE = Timeline("a", ("run", "walk", "jump"), [0, 1], [1, 2], SAID, 2.0)


def frames_of(figure):
    return np.array([ax.images[0].get_array() / 255 for ax in figure.axes if ax.images])


def test_labels_of_the_moments_shown():
    figure = plot_video(BAR, LINE, n_frames=4, source_rate_hz=10)
    assert numbers_of(frames_of(figure)) == [2, 7, 12, 17]
    assert [ax.get_title(loc="left") for ax in figure.axes[:4]] == [
        *("run", "run", "walk", "walk"),
    ]
    assert figure.axes[0].get_title(loc="right") == "0.2 s   90%"
    colours = [ax._left_title.get_color() for ax in figure.axes[:4]]
    assert colours == [LIGHT.cycle[0]] * 2 + [LIGHT.cycle[1]] * 2
    bar = figure.axes[4]
    assert [patch.get_height() for patch in bar.patches] == [0.9, 0.8]
    assert [text.get_text() for text in bar.get_legend().get_texts()] == ["run", "walk"]
    assert bar.get_xlim() == (0, 2)
    figure.canvas.draw()


def test_gaps_and_long_labels():
    long = "pushing something from left to right"
    line = Timeline("a", (long, "b"), [0], [0.5], SAID[:1, :2], 2.0)
    figure = plot_video(BAR, line, n_frames=4, source_rate_hz=10)
    title = figure.axes[0].get_title(loc="left")
    assert title.endswith("…")
    assert long.startswith(title[:-1])
    assert figure.axes[0].get_title(loc="right") == "0.2 s   90%"


def test_without_a_timeline():
    figure = plot_video(BAR, n_frames=4, source_rate_hz=10, theme="dark")
    titles = [ax.get_title(loc="left") for ax in figure.axes]
    assert titles == ["0.2 s", "0.7 s", "1.2 s", "1.7 s"]
    timeless = plot_video(BAR, n_frames=4)
    assert numbers_of(frames_of(timeless)) == [0, 1, 2, 3]
    assert [ax.get_title(loc="left") for ax in timeless.axes] == [""] * 4


def test_pictures_of_any_size():
    figure = plot_frames([BAR[0], BAR[1, :20], BAR[2, :, :30]], ["a", "b", "c"])
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["a", "b", "c"]
    figure.canvas.draw()
    with pytest.raises(ValueError, match="plot_frames needs at least one picture; got"):
        plot_frames([])
    with pytest.raises(ValueError, match="n_frames must be a number above 0; got 0"):
        plot_video(BAR, n_frames=0)
