"""Clips behave like the array they stand for."""

import pickle
import threading

import numpy as np
import pytest
from sklearn.model_selection import GroupKFold

from sensorhar.data.clip_spec import ClipSpec
from sensorhar.video.clips import Clips

BYTES = np.random.default_rng(0).integers(0, 256, (6, 4, 5, 7, 3), dtype=np.uint8)
VALUES = (BYTES / np.float32(255)).astype(np.float32)


def of(values=BYTES, **fields):
    return Clips.from_array(values, **fields)


def test_is_the_array_it_was_made_from():
    clips = of()
    assert np.array_equal(np.asarray(clips), VALUES)
    assert clips.shape == BYTES.shape
    assert (clips.ndim, len(clips), clips.dtype) == (5, 6, np.float32)
    assert np.array_equal(clips[-1], VALUES[-1])
    assert np.array_equal(clips.batch([3, 0]), VALUES[[3, 0]])
    floats = np.random.default_rng(1).normal(size=(2, 3, 4, 4, 1))
    assert np.array_equal(np.asarray(of(floats)), floats.astype(np.float32))


@pytest.mark.parametrize(
    "index", [slice(1, 5, 2), [5, 0, 5], np.array([True, False] * 3), [], [-1]]
)
def test_indexing_is_numpys(index):
    clips = of(y=list("abcdef"), groups=list("xxyyzz"), names=list("ABCDEF"))
    taken = clips[index]
    wanted = np.array(index, dtype=int) if isinstance(index, list) else index
    assert np.array_equal(np.asarray(taken), VALUES[wanted])
    for field in ("y", "groups", "names", "start_s"):
        is_same = getattr(taken, field) == getattr(clips, field)[wanted]
        assert field == "start_s" or np.all(is_same)


def test_makers_are_asked_only_for_what_is_wanted():
    asked = []

    def maker(i):
        def make():
            asked.append(i)
            return BYTES[i]

        return make

    clips = Clips([maker(i) for i in range(6)], spec=of().spec)
    assert asked == []
    clips[2:4].batch([1])
    assert asked == [3]
    kept = clips.load(progress=False)
    assert asked[1:] == list(range(6))
    np.asarray(kept)
    assert len(asked) == 7
    assert np.array_equal(np.asarray(kept), VALUES)


def test_several_workers_keep_the_order():
    seen = set()

    def maker(i):
        def make():
            seen.add(threading.get_ident())
            return BYTES[i]

        return make

    clips = Clips([maker(i) for i in range(6)], spec=of().spec, n_workers=3)
    assert np.array_equal(np.asarray(clips), VALUES)
    assert threading.get_ident() not in seen
    assert np.array_equal(np.asarray(clips.load(progress=True)), VALUES)


def test_travels_through_pickle_and_splitters():
    clips = of(y=list("ababab"), groups=list("xxyyzz"), rate_hz=25)
    again = pickle.loads(pickle.dumps(clips))
    assert np.array_equal(np.asarray(again), VALUES)
    assert again.spec == clips.spec
    for train, test in GroupKFold(3).split(clips, clips.y, clips.groups):
        assert not set(clips[train].groups) & set(clips[test].groups)


def test_concat_joins():
    first, second = of(y=list("ababab")), of(y=list("cccccc"))
    both = Clips.concat([first, second])
    assert np.array_equal(np.asarray(both), np.concatenate([VALUES, VALUES]))
    assert both.classes == ("a", "b", "c")
    with pytest.raises(ValueError, match="needs at least one Clips; got none"):
        Clips.concat([])
    with pytest.raises(ValueError, match="clips to concat must share one spec"):
        Clips.concat([first, of(BYTES[:, :2])])
    with pytest.raises(ValueError, match="must all have y or none; got it in 1 of 2"):
        Clips.concat([first, of()])


def test_repr_says_what_is_in_it():
    clips = of(y=["a", "b", None, "a", "a", "b"], groups=list("xxxyyy"), rate_hz=25)
    assert repr(clips) == (
        "<Clips 6 x 4 x 5 x 7 x 3 | 25 Hz | red green blue | a 3, b 2, unlabelled 1 | "
        "2 groups>"
    )
    assert (
        repr(of())
        == "<Clips 6 x 4 x 5 x 7 x 3 | any rate | red green blue | no labels>"
    )


def test_names_of_channels_follow_their_number():
    assert of(BYTES[..., :1]).spec.channels == ("grey",)
    assert of(BYTES[..., :2]).spec.channels == ("flow_x", "flow_y")
    five = np.zeros((1, 2, 3, 3, 5), np.uint8)
    assert of(five).spec.channels[-1] == "channel_5"
    with pytest.raises(ValueError, match=r"channels must name each of 3; got \('r',\)"):
        of(channels=["r"])


def test_refusals():
    with pytest.raises(ValueError, match=r"got shape \(6, 4, 5, 7\). Give grey clips"):
        of(BYTES[..., 0])
    bad = VALUES.copy()
    bad[2, 1, 0, 0, 0] = np.nan
    with pytest.raises(ValueError, match="values must be finite; got 1 NaN"):
        of(bad)
    with pytest.raises(ValueError, match=r"y must have shape \(6,\)"):
        of(y=["a"])
    with pytest.raises(ValueError, match=r"start_s must have shape \(6,\)"):
        of(start_s=[0.0])
    with pytest.raises(AttributeError, match="Clips are frozen"):
        of().y = None
    with pytest.raises(ValueError, match="an array of Clips needs a copy"):
        of().__array__(copy=False)


def test_spec_tells_itself():
    spec = ClipSpec(16, 112, 100, rate_hz=25)
    assert ClipSpec.from_dict(spec.to_dict()) == spec
    assert spec.length_s == 0.64
    assert np.isnan(ClipSpec(16, 112, 100).length_s)
    assert repr(ClipSpec(2, 3, 4, ("grey",))) == "<ClipSpec 2 frames of 3 x 4 of grey>"
    with pytest.raises(ValueError, match="at least one channel"):
        ClipSpec(1, 1, 1, ())
    with pytest.raises(ValueError, match="height must be a number above 0; got 0"):
        ClipSpec(1, 0, 1)
