"""Readings in g, without gravity, in degrees, or with other axes are never silent."""

import warnings

import numpy as np
import pytest

import sensorhar as sh
from sensorhar.classifiers._domain import MIN_WINDOWS, Domain
from sensorhar.errors import SensorharWarning, SpecMismatchError
from sensorhar.preprocess import RemapAxes

CHANNELS = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]


@pytest.fixture(scope="module")
def windows():
    recordings = sh.simulate_recordings(6, random_state=0)
    return sh.make_windows(recordings, length_s=2.56, rate_hz=50, channels=CHANNELS)


@pytest.fixture(scope="module")
def clf(windows):
    train = windows[windows.groups != windows.groups[0]]
    return sh.FeatureLinearClassifier().fit(train)


@pytest.fixture(scope="module")
def test(windows):
    return windows[windows.groups == windows.groups[0]]


def with_numbers(windows, numbers):
    from sensorhar.data.windows import Windows

    return Windows.from_array(
        numbers.astype(np.float32),
        spec=windows.spec,
        y=windows.y,
        groups=windows.groups,
    )


def test_a_person_never_seen_is_no_stranger(clf, test):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(clf.predict(test)) == len(test)


@pytest.mark.parametrize("as_array", [False, True])
@pytest.mark.parametrize(
    ("change", "message"),
    [
        (
            "g",
            r"about 9\.\d* m/s\^2 on average; these windows read 1. That is g: multip",
        ),
        ("mg", "That is mg: multiply by 0.00980665"),
        ("linear", "That is no gravity: take the total acceleration"),
        ("deg/s", "times as much. If they are in deg/s, multiply by pi / 180"),
        ("ios", r"RemapAxes\(axes=\('-x', '-y', '-z'\), kinds=\('accelerometer',\)\)"),
    ],
)
def test_mistakes_are_refused(clf, test, change, message, as_array):
    numbers = np.asarray(test).copy()
    if change == "g":
        numbers[:, :, :3] /= 9.80665
    elif change == "mg":
        numbers[:, :, :3] *= 1000 / 9.80665
    elif change == "linear":
        numbers[:, :, :3] -= numbers[:, :, :3].mean(axis=1, keepdims=True)
    elif change == "deg/s":
        numbers[:, :, 3:] *= 180 / np.pi
    else:
        numbers[:, :, :3] *= -1
    given = numbers if as_array else with_numbers(test, numbers)
    with pytest.raises(SpecMismatchError, match=message):
        clf.predict(given)


def test_remap_undoes_what_the_message_says(clf):
    """The advice, followed, gives the same labels."""
    recordings = sh.simulate_recordings(2, random_state=1)
    straight = sh.make_windows(recordings, spec=clf.spec_)
    flip = RemapAxes(("-x", "-y", "-z"), kinds=("accelerometer",))
    flipped = [flip(recording) for recording in recordings]
    with pytest.raises(
        SpecMismatchError, match="iOS counts acceleration the other way"
    ):
        clf.predict(sh.make_windows(flipped, spec=clf.spec_))
    mended = sh.make_windows([flip(r) for r in flipped], spec=clf.spec_)
    np.testing.assert_array_equal(clf.predict(mended), clf.predict(straight))


def test_few_windows_prove_nothing(clf, test):
    numbers = np.asarray(test)[:MIN_WINDOWS] / 9.80665
    assert len(clf.predict(numbers[:-1])) == MIN_WINDOWS - 1
    with pytest.raises(SpecMismatchError, match="That is g"):
        clf.predict(numbers)


def test_the_guard_can_be_taken_off(clf, test):
    from copy import deepcopy

    bold = deepcopy(clf)
    in_g = np.asarray(test) / 9.80665
    with pytest.raises(SpecMismatchError, match="That is g"):
        bold.predict(in_g)
    bold.domain_ = None
    assert len(bold.predict(in_g)) == len(test)


def test_most_windows_in_unseen_directions_warn(clf, test):
    numbers = np.asarray(test).copy()
    n = int(0.62 * len(numbers))
    rows = np.random.default_rng(0).permutation(len(numbers))[:n]
    numbers[rows, :, :3] *= -1
    with pytest.warns(SensorharWarning, match="windows lie more than 50 degrees from"):
        clf.predict(numbers)


def test_guard_is_saved(clf, test, tmp_path):
    again = sh.load(clf.save(tmp_path / "walker.sensorhar"))
    assert again.domain_ == clf.domain_
    with pytest.raises(SpecMismatchError, match="That is g"):
        again.predict(np.asarray(test) / 9.80665)


def test_no_gravity_no_guard(windows):
    only = windows.select_channels(["gyr_x", "gyr_y", "gyr_z"])
    assert Domain.of(np.asarray(only), only.spec) is None
    assert Domain.of(np.asarray(only), None) is None


def test_uci_har(real_data):
    """The road of the complaint: trained on UCI HAR, given other units and axes."""
    train, test = sh.datasets.load_uci_har(data_dir=real_data, download=False)
    names = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
    train, test = train.select_channels(names), test.select_channels(names)
    clf = sh.FeatureLinearClassifier().fit(train[::4])
    clf.predict(test)
    numbers = np.asarray(test)
    g, ios, swapped = numbers.copy(), numbers.copy(), numbers.copy()
    g[:, :, :3] /= 9.80665
    ios[:, :, :3] *= -1
    swapped = swapped[:, :, [1, 0, 2, 4, 3, 5]] * [1, -1, 1, 1, -1, 1]
    for wrong, message in ((g, "is g"), (ios, "iOS counts"), (swapped, "would fit af")):
        with pytest.raises(SpecMismatchError, match=message):
            clf.predict(wrong.astype(np.float32))
