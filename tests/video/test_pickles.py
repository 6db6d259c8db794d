"""Pickles are read as data; one that calls anything is refused and not run."""

import collections
import pickle
from pathlib import Path

import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.video._pickles import read_pickle

DATA = {
    "split": {"train": ["a", "b"]},
    "annotations": [
        {"label": 3, "keypoint": np.arange(12, dtype=np.float16).reshape(1, 2, 3, 2)},
        {"label": np.int64(4), "score": np.float32(0.5), "shape": (320, 240)},
        {"names": np.array(["x", "yy"]), "flags": np.array([True, False])},
        {
            "fortran": np.asfortranarray(np.eye(3)),
            "order": collections.OrderedDict(a=1),
        },
        {"words": np.array(["x", None], dtype=object), "bytes": b"\x00\xff"},
    ],
}


def same(a, b):
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same, a, b))
    if isinstance(a, np.ndarray):
        return a.dtype == b.dtype and np.array_equal(a, b)
    return type(a) is type(b) and a == b


@pytest.mark.parametrize("protocol", range(pickle.HIGHEST_PROTOCOL + 1))
def test_data_come_back_as_they_were(tmp_path, protocol):
    path = tmp_path / "data.pkl"
    data = DATA if protocol >= 2 else {**DATA, "annotations": DATA["annotations"][:3]}
    path.write_bytes(pickle.dumps(data, protocol=protocol))
    assert same(read_pickle(path), data)


class Evil:
    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (Path.touch, (Path("ran"),)),
        (eval, ("open('ran', 'w')",)),
        (exec, ("open('ran', 'w')",)),
        (open, ("ran", "w")),
        (np.save, ("ran", 1)),
        (np.fromfile, ("ran",)),
        (getattr, (1, "real")),
        (__import__, ("os",)),
    ],
)
@pytest.mark.parametrize("protocol", [0, 2, 5])
def test_code_is_refused_and_not_run(
    tmp_path, monkeypatch, function, arguments, protocol
):
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "evil.pkl"
    data = {"annotations": [Evil(function, *arguments)]}
    path.write_bytes(pickle.dumps(data, protocol=protocol))
    with pytest.raises(
        DataError, match=r"evil.pkl must hold plain data; it asks for .*"
    ):
        read_pickle(path)
    assert [p.name for p in tmp_path.iterdir()] == ["evil.pkl"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a pickle",
        pickle.dumps(DATA)[:-20],
        b"cnumpy\nndarray\n(tR.",  # calls the class of arrays
        b"c_codecs\nencode\n(X\x01\x00\x00\x00aX\x03\x00\x00\x00rotN\x85R.",
        b"cnumpy\ndtype\n(X\x02\x00\x00\x00V8tR.",
    ],
)
def test_broken_ones_are_named(tmp_path, content):
    path = tmp_path / "broken.pkl"
    path.write_bytes(content)
    with pytest.raises(
        DataError, match="broken.pkl must be a pickle of plain data; it"
    ):
        read_pickle(path)


def test_persistent_and_missing(tmp_path):
    path = tmp_path / "kept.pkl"
    path.write_bytes(b"Pelsewhere\n.")
    with pytest.raises(DataError, match="it asks for an object kept elsewhere"):
        read_pickle(path)
    with pytest.raises(DataError, match="gone.pkl must be a file that can be read"):
        read_pickle(tmp_path / "gone.pkl")


def test_real_files(real_data):
    folder = real_data / "video" / "mmaction2_samples"
    if not folder.is_dir():
        pytest.skip("the test files of MMAction2 are not on this machine")
    sample = read_pickle(folder / "annotations" / "sample.pkl")
    assert len(sample["annotations"]) == len(sample["split"]["train"]) == 100
    assert sample["annotations"][0]["frame_inds"].shape == (260,)
    ava = read_pickle(folder / "ava_dataset" / "ava_proposals_sample.pkl")
    assert {array.shape[1] for array in ava.values()} == {5}
