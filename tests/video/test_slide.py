"""Clips slide over a whole video: the right frames, decoded once, to its end."""

import pickle

import numpy as np
import pytest

from sensorhar.data.clip_spec import ClipSpec
from sensorhar.errors import DataError
from sensorhar.video import read_clips, slide_clips
from tests.video.conftest import moving_bar, numbers_of

BAR = moving_bar()
SPEC = ClipSpec(6, 16, 16, rate_hz=25)


def starts_of(clips):
    return [numbers_of(clip)[0] for clip in clips]


def test_side_by_side_as_read_clips_cuts_them(video):
    clips = slide_clips(video, spec=SPEC)
    read = read_clips(video, n_frames=6, size=16, sampling="windows", progress=False)
    assert np.array_equal(np.asarray(clips), np.asarray(read))
    assert clips.spec == SPEC  # to the bit, so that the classifier takes them
    assert set(clips.names) == {"bar.mp4"}
    assert clips.start_s.tolist() == pytest.approx([0, 0.24, 0.48, 0.72])
    assert clips.y is None


def test_step_and_end(video):
    clips = slide_clips(video, spec=SPEC, step_s=0.2)
    assert starts_of(clips) == [0, 5, 10, 15, 18]  # the last ends with the video
    assert clips.start_s[-1] == pytest.approx(0.72)
    assert numbers_of(clips[4]) == list(range(18, 24))
    assert len(slide_clips(video, spec=SPEC, step_s=5)) == 2


def test_another_rate_goes_by_stamps(write_video, tmp_path):
    stamps = [10 * i for i in range(10)] + [100 + 100 * i for i in range(10)]
    path = write_video(tmp_path / "uneven.mp4", BAR[:20], stamps_ms=stamps)
    clips = slide_clips(path, spec=ClipSpec(5, 16, 16, rate_hz=10), step_s=0.5)
    assert numbers_of(clips[0]) == [0, 10, 11, 12, 13]
    assert numbers_of(clips[1]) == [14, 15, 16, 17, 18]


def test_clips_spread_over_their_length():
    spread = ClipSpec(4, 48, 64)
    (one,) = slide_clips(BAR, spec=spread, source_rate_hz=24)
    assert numbers_of(one) == [3, 9, 15, 21]  # as segments in training
    clips = slide_clips(BAR, spec=spread, length_s=0.5, source_rate_hz=24)
    assert [numbers_of(clip) for clip in clips] == [[1, 4, 7, 10], [13, 16, 19, 22]]
    with pytest.raises(
        ValueError, match=r"length_s must be left out: clips of <ClipSp"
    ):
        slide_clips(BAR, spec=SPEC, length_s=1, source_rate_hz=25)


def test_each_frame_is_decoded_once(video, monkeypatch):
    import sensorhar.video._pyav as pyav

    opened, converted = [], []
    real = pyav.PyAVFile._pixels, pyav.PyAVFile.frames
    clips = slide_clips(video, spec=SPEC, step_s=0.04)
    monkeypatch.setattr(
        pyav.PyAVFile,
        "_pixels",
        lambda self, frame: converted.append(frame) or real[0](self, frame),
    )
    monkeypatch.setattr(
        pyav.PyAVFile,
        "frames",
        lambda self, *given: opened.append(given) or real[1](self, *given),
    )
    assert starts_of(clips) == list(range(19))
    assert (len(opened), len(converted)) == (1, 24)
    assert numbers_of(clips[3]) == list(range(3, 9))  # behind: it begins again there
    assert len(opened) == 2


def test_it_travels(video):
    clips = slide_clips(video, spec=SPEC, step_s=0.2)
    again = pickle.loads(pickle.dumps(clips))
    assert np.array_equal(np.asarray(again)[::-1], np.asarray(clips[::-1]))


def test_grey_and_both_decoders(video, cv2):
    spec = ClipSpec(6, 16, 16, ("grey",), 25)
    one = np.asarray(slide_clips(video, spec=spec, step_s=0.2))
    other = np.asarray(slide_clips(video, spec=spec, step_s=0.2, backend="opencv"))
    assert one.shape == (5, 6, 16, 16, 1)
    assert np.abs(one - other).max() <= 2 / 255


def test_a_long_gap_is_sought_over(write_video, tmp_path, monkeypatch):
    import sensorhar.video._reel as reel

    monkeypatch.setattr(reel, "FAR", 5)
    path = write_video(tmp_path / "bar.mp4", BAR)
    clips = slide_clips(path, spec=ClipSpec(2, 16, 16, rate_hz=25), step_s=0.8)
    assert starts_of(clips) == [0, 20, 22]


def test_refusals(video, tmp_path):
    with pytest.raises(
        DataError, match=r"bar.mp4 must last at least 1.2 s, as a clip o"
    ):
        slide_clips(video, spec=ClipSpec(30, 16, 16, rate_hz=25))
    with pytest.raises(
        DataError, match="array has no time stamps, without which nobody"
    ):
        slide_clips(BAR, spec=SPEC)
    with pytest.raises(
        ValueError, match="spec must be of red, green and blue, or of gr"
    ):
        slide_clips(BAR, spec=ClipSpec(6, 16, 16, ("flow_x", "flow_y"), 25))
    with pytest.raises(DataError, match="gone.mp4 is not there"):
        slide_clips(tmp_path / "gone.mp4", spec=SPEC)
    for options, message in (
        ({"step_s": 0}, "step_s must be a number of s above 0; got 0"),
        ({"fit": "pad"}, "fit must be one of"),
        ({"backend": "decord"}, "backend must be one of"),
    ):
        with pytest.raises(ValueError, match=message):
            slide_clips(video, spec=SPEC, **options)
