"""A run that dies goes on where it stopped, and nothing else passes for its fits."""

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.evaluation.keep import Keep


class Fragile(sh.FeatureLinearClassifier):
    """Counts its fits, and dies at the third."""

    fits = 0
    dies_at = None

    def fit(self, X, y=None, groups=None, sample_weight=None, validation_data=None):
        """Fit, or die."""
        type(self).fits += 1
        if type(self).fits == type(self).dies_at:
            raise KeyboardInterrupt
        return super().fit(X, y, groups, sample_weight, validation_data)


@pytest.fixture
def windows():
    return sh.make_windows(
        sh.simulate_recordings(4, minutes_per_activity=0.2, random_state=0),
        length_s=2.56,
        channels=["acc_x", "acc_y", "acc_z"],
    )


@pytest.fixture
def fragile():
    Fragile.fits, Fragile.dies_at = 0, None
    return Fragile


def test_goes_on_where_it_stopped(windows, fragile, tmp_path):
    whole = sh.evaluate(fragile(), windows, progress=False)
    fragile.fits, fragile.dies_at = 0, 3
    folder = tmp_path / "fits"
    with pytest.raises(KeyboardInterrupt):
        sh.evaluate(fragile(), windows, progress=False, keep_in=folder)
    assert len(list(folder.glob("*.fit.npz"))) == 2
    fragile.dies_at = None
    again = sh.evaluate(fragile(), windows, progress=False, keep_in=folder)
    assert fragile.fits == 3 + 2  # two were kept, two were left to do
    name = whole.names[0]
    np.testing.assert_array_equal(again[name].counts, whole[name].counts)
    np.testing.assert_array_equal(again[name].probability, whole[name].probability)
    assert not folder.exists()


def test_half_a_file_is_done_again(windows, fragile, tmp_path):
    fragile.dies_at = 3
    with pytest.raises(KeyboardInterrupt):
        sh.evaluate(fragile(), windows, progress=False, keep_in=tmp_path)
    first = next(tmp_path.glob("*.fit.npz"))
    first.write_bytes(first.read_bytes()[:100])
    sh.evaluate(fragile(), windows, progress=False, keep_in=tmp_path)
    assert fragile.fits == 3 + 3


@pytest.mark.parametrize("change", ["numbers", "parameter", "labels"])
def test_other_runs_find_nothing(windows, fragile, tmp_path, change):
    fragile.dies_at = 3
    with pytest.raises(KeyboardInterrupt):
        sh.evaluate(fragile(), windows, progress=False, keep_in=tmp_path)
    fragile.fits, fragile.dies_at = 0, None
    clf = fragile()
    if change == "numbers":
        windows = sh.Windows.from_array(
            np.asarray(windows) * 1.01,
            spec=windows.spec,
            y=windows.y,
            groups=windows.groups,
        )
    elif change == "labels":
        windows = windows.with_labels(
            ["rest" if y in ("lying", "sitting") else y for y in windows.y]
        )
    else:
        clf.set_params(class_weight="balanced")
    sh.evaluate(clf, windows, progress=False, keep_in=tmp_path)
    assert fragile.fits == 4


def test_histories_are_kept(windows, tmp_path, monkeypatch):
    monkeypatch.setattr(Keep, "clear", lambda self: None)
    clf = sh.MLPClassifier(epochs=2, verbose=0)
    first = sh.evaluate([clf], windows, cv=2, progress=False, keep_in=tmp_path)
    second = sh.evaluate([clf], windows, cv=2, progress=False, keep_in=tmp_path)
    name = first.names[0]
    assert second[name].histories == first[name].histories
    assert len(second[name].histories) == 2
    np.testing.assert_array_equal(second[name].fit_s, first[name].fit_s)
