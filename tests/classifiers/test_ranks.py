"""Every network learns poses and clips, and comes back from a file with them."""

import inspect
from dataclasses import replace

import numpy as np
import pytest

import sensorhar as sh
from sensorhar import classifiers
from sensorhar.classifiers._architecture import ArchitectureClassifier
from sensorhar.video import KINECT, Clips, Poses, Skeleton

pytestmark = [
    # TensorFlow says so whenever functions run eagerly, as they do here
    pytest.mark.filterwarnings("ignore:Even though the .*functions_eagerly"),
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"),
]

NAMES = sorted(
    name
    for name in classifiers.__all__
    if issubclass(getattr(classifiers, name), ArchitectureClassifier)
)
#: What makes any of them tiny, as far as it has the parameter.
TINY = {
    "width": 1 / 32,
    "blocks": (1, 1),
    "last_module": "3b",
    "filters": (4, 6),
    "epochs": 1,
    "batch_size": 8,
    "verbose": 0,
    "random_state": 0,
}
OWN = {
    "C3DClassifier": {"units": 64},
    "CNNLSTMClassifier": {"units": 4},
    "ConvLSTMClassifier": {"filters": 3},
    "DeepConvLSTMClassifier": {"units": (4,)},
    "EarlyFusionClassifier": {"units": 64},
    "FoveaContextClassifier": {"units": 64},
    "FusedTwoStreamClassifier": {"units": (64, 32)},
    "LSTMClassifier": {"units": (4,)},
    "LateFusionClassifier": {"units": 64},
    "MLPClassifier": {"units": (4,)},
    "RNNClassifier": {"units": (4,)},
    "STGCNClassifier": {"streams": ("joint", "bone"), "filters": (4,)},
    "SingleFrameClassifier": {"units": 64},
    "SlowFusionClassifier": {"units": 64},
    # grouped convolutions are compiled on a CPU, and nothing is when run eagerly
    "TPNClassifier": {"groups": 1},
}
#: Both ranks of these by default; the others take a second and more.
QUICK = {"CNNClassifier", "MLPClassifier", "RNNClassifier"}

Y = list("abab" * 2)
RNG = np.random.default_rng(0)
POSES = Poses.from_array(
    RNG.normal(size=(8, 12, 20, 3)).astype(np.float32), skeleton=KINECT, y=Y, rate_hz=30
)
CLIPS = Clips.from_array(
    RNG.integers(0, 256, (8, 6, 24, 20, 1), dtype=np.uint8), y=Y, rate_hz=10
)


@pytest.fixture(autouse=True)
def eagerly():
    """Run Keras without tracing, which costs more than one step."""
    import tensorflow as tf

    tf.config.run_functions_eagerly(True)
    yield
    tf.config.run_functions_eagerly(False)


def make(name, **settings):
    cls = getattr(sh, name)
    settings = {**TINY, **OWN.get(name, {}), **settings}
    if name == "TwoStreamClassifier":
        from sensorhar.networks import slow_fusion

        settings["network"] = slow_fusion
    known = inspect.signature(cls).parameters
    return cls(**{key: value for key, value in settings.items() if key in known})


def cases():
    for name in NAMES:
        for kind in ("poses", "clips"):
            is_quick = name in QUICK or (name, kind) == ("STGCNClassifier", "poses")
            marks = [] if is_quick else [pytest.mark.slow]
            yield pytest.param(name, kind, marks=marks, id=f"{name}-{kind}")


@pytest.mark.parametrize(("name", "kind"), list(cases()))
def test_fit_predict_save_and_load(name, kind, tmp_path):
    examples = {"poses": POSES, "clips": CLIPS}[kind]
    if (name, kind) == ("STGCNClassifier", "clips"):
        clf = make(name, streams=("joint", "joint_motion"))
        clf.fit(examples)
    else:
        clf = make(name).fit(examples)
    assert clf.input_shape_ == examples.shape[1:]
    proba = clf.predict_proba(examples)
    assert proba.shape == (8, 2)
    assert np.isfinite(proba).all()
    again = sh.load(clf.save(tmp_path / "clf.sensorhar"))
    assert again.spec_ == examples.spec
    np.testing.assert_allclose(again.predict_proba(examples), proba, atol=1e-6)


def edges_of(spec, **settings):
    clf = make("STGCNClassifier", streams=("joint",), **settings)
    clf.spec_ = spec
    return clf._build(POSES.shape[1:], 2).get_layer("block1-graph").edges


def test_bones_of_poses_are_the_edges():
    """Unless others are given; of bare arrays all joints are linked."""
    assert edges_of(POSES.spec) == list(KINECT.edges)
    chain = [(i, i + 1) for i in range(19)]
    assert edges_of(POSES.spec, edges=chain) == chain
    without = replace(POSES.spec, skeleton=Skeleton(KINECT.joints))
    assert len(edges_of(without)) == len(edges_of(None)) == 20 * 19 / 2


@pytest.mark.slow
def test_a_file_holds_the_network_and_not_the_function(tmp_path):
    clf = make("TwoStreamClassifier").fit(POSES)
    again = sh.load(clf.save(tmp_path / "clf.sensorhar"))
    assert again.network is None
    names = [layer.name for layer in again.network_.get_layer("two_stream").layers]
    assert {"appearance", "motion"} <= set(names)
