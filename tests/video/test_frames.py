"""A video plays frame by frame, with times."""

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.video import read_frames
from tests.video.conftest import moving_bar, numbers_of

BAR = moving_bar()


def test_all_frames(video):
    times, frames = zip(*read_frames(video), strict=True)
    assert times == pytest.approx(np.arange(24) / 25)
    assert numbers_of(np.array(frames) / 255) == list(range(24))


def test_some_moments(video):
    times, frames = zip(*read_frames(video, times_s=[0, 0.01, 0.5, 9]), strict=True)
    assert numbers_of(np.array(frames) / 255) == [0, 12, 23]  # each once
    assert times == pytest.approx([0, 0.48, 0.92])


def test_pictures_have_no_times():
    played = list(read_frames(BAR))
    assert len(played) == 24
    assert np.isnan(played[0][0])
    with pytest.raises(
        DataError, match="array has no time stamps, which times_s needs"
    ):
        next(read_frames(BAR, times_s=[0]))
    with pytest.raises(ValueError, match="backend must be one of"):
        next(read_frames(BAR, backend="decord"))
