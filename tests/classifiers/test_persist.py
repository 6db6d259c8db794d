"""Saved classifiers: what the file holds, and what a bad file is answered."""

import json
import zipfile

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.errors import DataError


@pytest.fixture
def saved(tmp_path, separable):
    clf = sh.FeatureLinearClassifier().fit(separable)
    return clf.save(tmp_path / "walker.sensorhar")


def rewrite(path, **changes):
    """Write the file again with other fields in its header."""
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name) for name in archive.namelist()}
    header = {**json.loads(members["model.json"]), **changes}
    members["model.json"] = json.dumps(header).encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def test_the_file_is_json_and_arrays(saved):
    with zipfile.ZipFile(saved) as archive:
        assert sorted(archive.namelist()) == ["arrays.npz", "model.json"]
        header = json.loads(archive.read("model.json"))
    assert header["class"] == "FeatureLinearClassifier"
    assert header["classes"] == ["rest", "shake", "swing"]
    assert header["spec"]["rate_hz"] == 50
    assert set(header["versions"]) >= {"sensorhar", "numpy", "scikit-learn"}


@pytest.mark.parametrize("kind", [int, bool, str])
def test_labels_keep_their_type(kind, tmp_path, separable):
    labels = np.array([kind(label == "rest") for label in separable.y])
    clf = sh.FeatureLinearClassifier().fit(np.asarray(separable), labels)
    again = sh.load(clf.save(tmp_path / "walker.sensorhar"))
    assert again.classes_.dtype == clf.classes_.dtype
    assert (again.predict(np.asarray(separable)) == clf.predict(separable)).all()


def test_parameters_come_back(tmp_path, separable):
    clf = sh.FeatureForestClassifier(n_trees=3, class_weight="balanced", random_state=7)
    again = sh.load(clf.fit(separable).save(tmp_path / "walker.sensorhar"))
    assert again.get_params() == clf.get_params()


def test_a_damaged_file(saved):
    saved.write_bytes(saved.read_bytes()[:200])
    with pytest.raises(DataError, match="walker.sensorhar must be a classifier saved"):
        sh.load(saved)


def test_another_zip_file(tmp_path):
    path = tmp_path / "other.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(DataError, match=r"must be a classifier saved.*model\.json"):
        sh.load(path)


def test_a_newer_format(saved):
    rewrite(saved, version=99)
    with pytest.raises(DataError, match=r"has format sensorhar classifier 99.*Upgrade"):
        sh.load(saved)


def test_another_format(saved):
    rewrite(saved, format="a poem")
    with pytest.raises(DataError, match="has format a poem"):
        sh.load(saved)


def test_a_class_that_is_none_of_ours(saved):
    """A file cannot make the loader import whatever it names."""
    rewrite(saved, **{"class": "os"})
    with pytest.raises(
        ValueError, match=r"class of walker.sensorhar must be one of.*'os'"
    ):
        sh.load(saved)


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError, match="nowhere"):
        sh.load(tmp_path / "nowhere.sensorhar")


def test_a_failed_save_leaves_nothing(tmp_path, separable, monkeypatch):
    clf = sh.FeatureLinearClassifier().fit(separable)
    monkeypatch.setattr(type(clf), "_arrays", ("no_such_array_",))
    with pytest.raises(AttributeError, match="no_such_array_"):
        clf.save(tmp_path / "walker.sensorhar")
    assert list(tmp_path.iterdir()) == []
