"""Windows are views that behave like an array."""

import pickle

import numpy as np
import pytest
from sklearn.model_selection import GroupKFold, train_test_split

import sensorhar as sh
from sensorhar.data.archive import read_archive
from tests.conftest import SPEC, make_separable

VALUES = np.random.default_rng(0).normal(size=(8, 32, 3)).astype(np.float32)


def of(values=VALUES, **fields):
    return sh.Windows.from_array(values, spec=SPEC, **fields)


def test_is_the_array_it_was_made_from():
    windows = of()
    assert np.array_equal(np.asarray(windows), VALUES)
    assert windows.shape == VALUES.shape
    assert windows.ndim == 3
    assert len(windows) == 8
    assert np.shares_memory(windows[3], VALUES)
    assert np.array_equal(windows[-1], VALUES[-1])


@pytest.mark.parametrize(
    "index",
    [
        slice(1, 6, 2),
        [5, 0, 5],
        np.array([True] * 3 + [False] * 5),
        slice(0, 0),
        [],
        [-1],
    ],
)
def test_indexing_is_numpys(index):
    windows = of(y=list("abcdefgh"), start_s=np.arange(8.0))
    taken = windows[index]
    wanted = np.array(index, dtype=int) if isinstance(index, list) else index
    assert np.array_equal(np.asarray(taken), VALUES[wanted])
    assert taken.y.tolist() == windows.y[wanted].tolist()
    assert taken.start_s.tolist() == np.arange(8.0)[wanted].tolist()


def test_indexing_refuses_other_axes_and_ranges():
    with pytest.raises(IndexError, match="over axis 0 alone"):
        of()[:, 1]
    with pytest.raises(IndexError, match="out of range"):
        of()[[8]]
    with pytest.raises(IndexError, match=r"a mask must have shape \(8,\)"):
        of()[np.array([True])]


def test_select_channels_are_views_in_the_order_asked():
    chosen = of().select_channels(["acc_z", "acc_x"])
    assert np.array_equal(np.asarray(chosen), VALUES[:, :, [2, 0]])
    assert chosen.spec.channel_names == ("acc_z", "acc_x")
    assert np.shares_memory(of().select_channels(["acc_y", "acc_z"])[0], VALUES)
    with pytest.raises(ValueError, match="channels must be among acc_x, acc_y, acc_z"):
        of().select_channels(["acc_w"])


def test_concat_joins_and_refuses_strangers():
    both = sh.Windows.concat([of(y=list("abcdefgh"))[:3], of(y=list("abcdefgh"))[5:]])
    assert np.array_equal(np.asarray(both), VALUES[[0, 1, 2, 5, 6, 7]])
    assert both.y.tolist() == list("abcfgh")
    with pytest.raises(ValueError, match="must all have y or none"):
        sh.Windows.concat([of(), of(y=list("abcdefgh"))])
    with pytest.raises(ValueError, match="must share one spec"):
        sh.Windows.concat([of(), of().select_channels(["acc_x"])])
    with pytest.raises(ValueError, match="at least one Windows; got none"):
        sh.Windows.concat([])


def test_refuses_bad_numbers_and_shapes():
    bad = VALUES.copy()
    bad[1, 2, 0] = np.nan
    bad[3, 0, 0] = np.inf
    with pytest.raises(ValueError, match=r"1 NaN and 1 infinite .* at index \(1, 2, 0"):
        of(bad)
    with pytest.raises(ValueError, match=r"must have shape \(n_windows, 32, 3\)"):
        of(VALUES[:, :30])
    with pytest.raises(ValueError, match=r"y must have shape \(8,\)"):
        of(y=["a"])
    with pytest.raises(ValueError, match="groups must name one for every example"):
        of(groups=["a"] * 7 + [None])


def test_saved_read_and_pickled_bit_exact(tmp_path):
    windows = make_separable(12)
    for other in (
        read_archive(windows.save(tmp_path / "w")),
        pickle.loads(pickle.dumps(windows)),
    ):
        assert np.array_equal(np.asarray(other), np.asarray(windows))
        assert other.spec == windows.spec
        assert other.y.tolist() == windows.y.tolist()
        assert other.groups.tolist() == windows.groups.tolist()


def test_spec_survives_json():
    assert sh.WindowSpec.from_dict(SPEC.to_dict()) == SPEC
    assert SPEC.length_s == 0.64
    assert SPEC.is_overlapping
    assert SPEC.triples() == ((0, 1, 2),)


def test_goes_through_scikit_learn_splitters_unchanged():
    windows = make_separable(30)
    train, test = train_test_split(windows, random_state=0)
    assert isinstance(train, sh.Windows)
    assert len(train) + len(test) == 30
    for rows, _ in GroupKFold(3).split(windows, windows.y, windows.groups):
        assert windows[rows].spec == SPEC


def test_repr_tells_what_is_inside():
    assert repr(make_separable(12)) == (
        "<Windows 12 x 32 x 3 | 50 Hz | acc_x acc_y acc_z [m/s^2] | "
        "rest 4, shake 4, swing 4 | 4 subjects>"
    )
