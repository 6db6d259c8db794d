"""Clips of flow: computed when asked, scaled, and like their clips in all else."""

import pickle

import numpy as np
import pytest

from sensorhar.signal import optical_flow
from sensorhar.video import Clips, flow_clips, mirror

pytestmark = pytest.mark.usefixtures("cv2")


def moving(step_px=2.0, n_clips=3, n_frames=4, size=32, n_channels=1):
    """Clips of waves; clip i moves to the right by (i + 1) times the step."""
    y, x = np.mgrid[:size, :size].astype(float)
    frames = [
        [
            np.sin((x - t * (i + 1) * step_px) / 4) * np.cos(y / 5)
            for t in range(n_frames)
        ]
        for i in range(n_clips)
    ]
    values = np.rint(255 * (0.5 + 0.4 * np.array(frames))).astype(np.uint8)
    return np.repeat(values[..., None], n_channels, axis=4)


def clips_of(values, **fields):
    labels = [f"speed_{i}" for i in range(len(values))]
    return Clips.from_array(
        values, y=labels, groups=labels, names=labels, rate_hz=25, **fields
    )


def test_flow_of_clips():
    clips = clips_of(moving())
    flow = flow_clips(clips, method="dis", limit_px=8)
    assert flow.shape == (3, 3, 32, 32, 2)
    assert flow.spec.channels == ("flow_x", "flow_y")
    assert flow.spec.rate_hz == 25
    for field in ("y", "groups", "names"):
        assert getattr(flow, field).tolist() == getattr(clips, field).tolist()
    middle = np.median(np.asarray(flow)[:, :, 8:-8, 8:-8], axis=(1, 2, 3))
    np.testing.assert_allclose(middle[:, 0], [2 / 8, 4 / 8, 6 / 8], atol=0.05)
    np.testing.assert_allclose(middle[:, 1], 0, atol=0.05)


def test_it_is_optical_flow_clipped_and_scaled():
    values = moving(n_channels=3)
    flow = flow_clips(clips_of(values), method="dis", limit_px=3)
    expected = np.clip(optical_flow(values[2], method="dis") / 3, -1, 1)
    np.testing.assert_allclose(flow[2], expected, atol=1e-6)
    assert np.abs(np.asarray(flow)).max() == 1


def test_keeping_the_length():
    clips = clips_of(moving())
    short = np.asarray(flow_clips(clips, method="dis"))
    kept = flow_clips(clips, method="dis", keep_length=True)
    assert kept.shape[:2] == clips.shape[:2]
    np.testing.assert_array_equal(np.asarray(kept)[:, :-1], short)
    np.testing.assert_array_equal(np.asarray(kept)[:, -1], short[:, -1])


def test_nothing_is_computed_until_asked():
    decoded = []

    def maker(i):
        def make():
            decoded.append(i)
            return moving()[i]

        return make

    spec = clips_of(moving()).spec
    clips = Clips([maker(i) for i in range(3)], spec=spec)
    flow = flow_clips(clips, method="dis")[1:]
    assert decoded == []
    assert flow.batch([0]).shape == (1, 3, 32, 32, 2)
    assert decoded == [1]
    now = flow_clips(clips, method="dis", lazy=False, n_workers=2, progress=False)
    assert sorted(decoded) == [0, 1, 1, 2]
    np.testing.assert_array_equal(np.asarray(now)[1:], np.asarray(flow))
    assert sorted(decoded) == [0, 1, 1, 1, 2, 2]


def test_flow_travels_through_pickle():
    flow = flow_clips(clips_of(moving(n_clips=1)), method="dis")
    again = pickle.loads(pickle.dumps(flow))
    np.testing.assert_array_equal(np.asarray(again), np.asarray(flow))


def test_a_mirror_turns_flow_round():
    """The flow of mirrored clips is the mirrored flow, its x with the other sign."""
    clips = clips_of(moving(n_clips=1))
    before = np.asarray(flow_clips(mirror(clips), method="dis"))
    after = np.asarray(mirror(flow_clips(clips, method="dis")))
    inside = np.s_[:, :, 8:-8, 8:-8]
    np.testing.assert_allclose(before[inside], after[inside], atol=0.02)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"method": "brox"}, "method must be one of"),
        ({"limit_px": 0}, "limit_px must be a number of px above 0; got 0"),
        ({"n_workers": 0}, "n_workers must be a number above 0; got 0"),
    ],
)
def test_settings_are_checked(settings, message):
    with pytest.raises(ValueError, match=message):
        flow_clips(clips_of(moving()), **settings)


def test_clips_are_checked():
    message = "grey, or of red, green and blue, of at least two frames; got 3 frames of"
    flow = flow_clips(clips_of(moving()), method="dis")
    with pytest.raises(ValueError, match=f"{message} 32 x 32 at 25 Hz of flow_x"):
        flow_clips(flow)
    with pytest.raises(ValueError, match="at least two frames; got 1 frames"):
        flow_clips(clips_of(moving(n_frames=1)))
