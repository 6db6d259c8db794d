"""Windows and poses of the same moments are matched by name, some missing."""

import pickle

import numpy as np
import pytest
from sklearn.model_selection import LeaveOneGroupOut

from sensorhar.data.channel import Channel
from sensorhar.data.modalities import Modalities
from sensorhar.data.spec import WindowSpec
from sensorhar.data.windows import Windows
from sensorhar.video import Poses, Skeleton

SPEC = WindowSpec((Channel("hr_bpm", "bpm", "heart_rate"),), 1.0, 4)
NAMES = ["walk-1", "sit-1", "walk-2", "sit-2"]


def windows(names, y=None, groups=None):
    values = np.arange(4.0 * len(names)).reshape(-1, 4, 1)
    return Windows.from_array(
        values, spec=SPEC, y=y or [n[:-2] for n in names], groups=groups,
        recording=names,
    )  # fmt: skip


def poses(names, y=None, groups=None):
    values = np.arange(6.0 * len(names)).reshape(-1, 3, 1, 2)
    return Poses.from_array(
        values, skeleton=Skeleton(("hand",)), y=y or [n[:-2] for n in names],
        groups=groups, names=names,
    )  # fmt: skip


@pytest.fixture
def both():
    seen = [NAMES[3], NAMES[0], NAMES[2]]
    return Modalities.matched(
        {"sensor": windows(NAMES), "pose": poses(seen)}, missing="keep"
    )


def test_matched_by_name_and_kept(both):
    assert both.modalities == ("sensor", "pose")
    assert both.shape == (4, 2)
    assert both.recording.tolist() == NAMES
    assert both.y.tolist() == ["walk", "sit", "walk", "sit"]
    assert both.has("pose").tolist() == [True, False, True, True]
    assert both.has("sensor").all()
    assert both["pose"].names.tolist() == ["walk-1", "walk-2", "sit-2"]
    np.testing.assert_array_equal(np.asarray(both["pose"])[:, 0, 0, 0], [6, 12, 0])
    assert repr(both) == (
        "<Modalities 4 | sensor 4 x 4 x 1, pose 3 x 3 x 1 x 2 | 2 labels>"
    )


def test_moments_that_lack_one_are_dropped():
    parts = {"sensor": windows(NAMES), "pose": poses(NAMES[1:3])}
    both = Modalities.matched(parts)
    assert both.recording.tolist() == NAMES[1:3]
    assert both.has("sensor").all()
    assert both.has("pose").all()


def test_choosing_moments(both):
    assert both[1:3].recording.tolist() == NAMES[1:3]
    assert both[1:3].has("pose").tolist() == [False, True]
    assert both[[3, 0]]["pose"].names.tolist() == ["sit-2", "walk-1"]
    assert both[both.y == "sit"].recording.tolist() == ["sit-1", "sit-2"]
    assert len(both[2]) == 1
    assert both[[2, 1], ...].recording.tolist() == ["walk-2", "sit-1"]


def test_fewer_modalities(both):
    pose = both.only("pose")
    assert pose.modalities == ("pose",)
    assert pose.recording.tolist() == ["walk-1", "walk-2", "sit-2"]
    assert pose.y.tolist() == ["walk", "walk", "sit"]
    assert both.only("sensor", "pose").shape == (4, 2)


def test_through_pickle_and_splitters(both):
    again = pickle.loads(pickle.dumps(both))
    assert repr(again) == repr(both)
    assert again["pose"].names.tolist() == both["pose"].names.tolist()
    grouped = both.with_labels(both.y, groups=["anna", "anna", "ben", "ben"])
    for train, test in LeaveOneGroupOut().split(grouped, grouped.y, grouped.groups):
        assert len(grouped[train]) == len(grouped[test]) == 2
    assert "2 subjects" in repr(grouped)


def test_there_is_no_single_array(both):
    with pytest.raises(
        ValueError, match=r"take one of them, such as modalities\['sens"
    ):
        np.asarray(both)


def test_what_disagrees_is_refused():
    with pytest.raises(ValueError, match="agree in y; 1 differ at 'pose'. Pass y=..."):
        Modalities({"sensor": windows(NAMES), "pose": poses(NAMES, y=list("wwww"))[:4]
                    .with_labels(["walk", "sit", "walk", "walk"])})  # fmt: skip
    with pytest.raises(ValueError, match="got 4 of 'sensor', 3 of 'pose'. Match them"):
        Modalities({"sensor": windows(NAMES), "pose": poses(NAMES[:3])})
    with pytest.raises(ValueError, match="at least one; got none"):
        Modalities({})
    with pytest.raises(ValueError, match="'sensor' of another type"):
        Modalities({"sensor": np.zeros((2, 3, 4))})


def test_rows_that_are_wrong_are_refused():
    parts = {"sensor": windows(NAMES), "pose": poses(NAMES)}
    with pytest.raises(ValueError, match="for each of 'pose', 'sensor'; got 'sensor'"):
        Modalities(parts, rows={"sensor": [0]})
    with pytest.raises(
        ValueError, match="rows of 'pose' must lie in -1 to 3; got 0 to"
    ):
        Modalities(parts, rows={"sensor": [0], "pose": [4]})
    with pytest.raises(ValueError, match="at least one modality; got 1 with none"):
        Modalities(parts, rows={"sensor": [0, -1], "pose": [0, -1]})


def test_names_that_do_not_match_are_refused(both):
    with pytest.raises(ValueError, match="one example of 'sensor' a recording; got 2 "):
        Modalities.matched({"sensor": windows(["a-1", "a-1"])})
    with pytest.raises(ValueError, match="none that occurs in all, the first ones be"):
        Modalities.matched({"s": windows(["a-1"]), "p": poses(["a-2"])})
    with pytest.raises(ValueError, match="missing must be"):
        Modalities.matched({"s": windows(["a-1"])}, missing="guess")
    with pytest.raises(ValueError, match="modality must be"):
        both.has("smell")
