"""One architecture, three ranks: the clip network on single places is the sensor's."""

import inspect

import keras
import numpy as np
import pytest

from sensorhar.networks.c3d import c3d
from sensorhar.networks.cnn import cnn
from sensorhar.networks.cnn_lstm import cnn_lstm
from sensorhar.networks.cnn_m import cnn_m
from sensorhar.networks.conv_lstm import conv_lstm
from sensorhar.networks.deep_conv_lstm import deep_conv_lstm
from sensorhar.networks.flops import count_params, without_weights
from sensorhar.networks.frame_fusion import (
    early_fusion,
    fovea_context,
    late_fusion,
    single_frame,
    slow_fusion,
)
from sensorhar.networks.fused_two_stream import fused_two_stream
from sensorhar.networks.i3d import i3d
from sensorhar.networks.i3d_resnet import i3d_resnet
from sensorhar.networks.inflate import inflate
from sensorhar.networks.lstm import lstm
from sensorhar.networks.mlp import mlp
from sensorhar.networks.r2plus1d import r2plus1d
from sensorhar.networks.rnn import rnn
from sensorhar.networks.slow_fast import slow_fast
from sensorhar.networks.slow_only import slow_only
from sensorhar.networks.st_gcn import st_gcn
from sensorhar.networks.tpn import tpn
from sensorhar.networks.tsm import tsm
from sensorhar.networks.tsn import tsn
from sensorhar.networks.two_stream import two_stream

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    "ignore:__array__ implementation:DeprecationWarning"
)

TINY = {"width": 1 / 16, "shape_and_size": False}
SMALL = {**TINY, "space_kernel": 1}
BLOCKS = {"blocks": (1, 1, 1, 1)}
PLAIN = {"shape_and_size": False}
CASES = {  # what is default for the ranks is set, so that all ranks build one network
    c3d: {**SMALL, "units": 64},
    i3d: SMALL,
    slow_only: {**SMALL, **BLOCKS, "stem": (5, 2)},
    slow_fast: {**SMALL, **BLOCKS, "stem_kernels": (3, 5)},
    i3d_resnet: {**SMALL, "blocks": (2, 1, 1, 2)},
    r2plus1d: {**SMALL, **BLOCKS},
    tsn: {**SMALL, **BLOCKS, "n_segments": 2},
    tsm: {**SMALL, **BLOCKS, "stem": (3, 2)},
    tpn: {**SMALL, **BLOCKS, "stem": (3, 2), "tempos": (2, 4), "groups": 4},
    two_stream: {**SMALL, "network": slow_fusion},
    single_frame: {**SMALL, "units": 64, "frame_length": 5},
    early_fusion: {**SMALL, "units": 64},
    late_fusion: {**SMALL, "units": 64, "frame_length": 5},
    slow_fusion: {**SMALL, "units": 64},
    fovea_context: {**SMALL, "units": 64, "along_time": True},
    st_gcn: {**TINY, "filters": (64, 64, 128)},
    cnn_m: {**SMALL, "units": (64, 32), "along_time": True},
    fused_two_stream: {
        **SMALL,
        "units": (64, 32),
        "along_time": True,
        "fusion": "logits_sum",
    },
    cnn: {**PLAIN, "filters": (4, 5), "space_kernel": 1},
    cnn_lstm: {
        **PLAIN,
        "filters": (4, 5),
        "space_kernel": 1,
        "along_time": True,
        "units": 4,
    },
    conv_lstm: {**PLAIN, "filters": 3, "space_kernel": 1, "n_steps": 4},
    deep_conv_lstm: {**PLAIN, "filters": (4, 5), "space_kernel": 1, "units": (4, 3)},
    lstm: {**PLAIN, "units": (4, 3)},
    mlp: {**PLAIN, "units": (4, 3)},
    rnn: {**PLAIN, "units": (4, 3)},
}
NETWORKS = pytest.mark.parametrize("network", list(CASES), ids=lambda f: f.__name__)


@pytest.fixture(autouse=True)
def seed():
    """Start alike: a narrow network without normalisation may start dead."""
    keras.utils.set_random_seed(0)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def answer(model, x):
    """Call without compiling, which takes longer than a tiny network runs."""
    return keras.ops.convert_to_numpy(model(x))


def stirred(model, rng=None):
    """Move every weight, statistics among them, away from where it started."""
    rng = rng or np.random.default_rng(1)
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            stirred(layer, rng)
        elif layer.weights:
            layer.set_weights(
                [
                    w * rng.uniform(0.8, 1.2, w.shape) + rng.uniform(0, 0.05, w.shape)
                    for w in layer.get_weights()
                ]
            )
    return model


@NETWORKS
def test_clip_and_pose_networks_equal_the_sensor_network(network):
    x = noise(3, 20, 4)
    options = {**CASES[network], "logits": True}
    sensor = stirred(network((20, 4), 3, **options))
    expected = answer(sensor, x)
    size = np.abs(expected).max()
    assert np.ptp(expected, axis=0).max() > 1e-3 * size  # examples are told apart
    for space in [(1,), (1, 1)]:
        larger = network((20, *space, 4), 3, **options)
        inflate(sensor, larger, new_axis="space")
        assert larger.count_params() == sensor.count_params()
        got = answer(larger, x.reshape(3, 20, *space, 4))
        np.testing.assert_allclose(got / size, expected / size, atol=1e-5)


@NETWORKS
@pytest.mark.parametrize(
    "shape",
    [
        (1, 1),
        pytest.param((7, 5, 3), marks=pytest.mark.slow),
        pytest.param((4, 12, 10, 3), marks=pytest.mark.slow),
    ],
)
def test_every_rank_is_built_and_gives_probabilities(network, shape):
    known = inspect.signature(network).parameters
    small = {**TINY, **BLOCKS, "network": slow_fusion}
    options = {k: v for k, v in small.items() if k in known}
    if "units" in known:
        options["units"] = CASES[network]["units"]
    model = network(shape, 4, **options)
    assert model.name == network.__name__
    assert model.layers[-1].name == "probabilities"
    # torch knows variables by their paths and takes no dot in them
    assert not any("." in variable.path for variable in model.variables)
    proba = answer(model, np.ones((2, *shape), np.float32))
    assert proba.shape == (2, 4)
    np.testing.assert_allclose(proba.sum(axis=1), 1, atol=1e-5)


@pytest.mark.slow  # half a minute for all
@NETWORKS
def test_logits_are_what_softmax_is_given(network):
    options = CASES[network]
    model = network((16, 2), 3, **options)
    bare = network((16, 2), 3, **options, logits=True)
    bare.set_weights(model.get_weights())
    x = noise(2, 16, 2)
    probabilities = keras.ops.softmax(bare(x))
    np.testing.assert_allclose(probabilities, answer(model, x), atol=1e-5)


@pytest.mark.slow  # half a minute for all; the layers alone are read back elsewhere
@NETWORKS
def test_networks_come_back_from_a_file(network, tmp_path):
    model = network((12, 3, 2), 3, **CASES[network])
    model.save(tmp_path / "network.keras")
    again = keras.saving.load_model(
        tmp_path / "network.keras", compile=False, safe_mode=True
    )
    x = noise(2, 12, 3, 2)
    np.testing.assert_allclose(answer(again, x), answer(model, x), atol=1e-6)


@NETWORKS
def test_the_sensor_network_is_small(network):
    """What two cores train: under 2.5 million weights by default."""
    with without_weights():
        model = network((128, 6), 6)
    assert count_params(model) < 2_500_000


@NETWORKS
def test_the_same_words(network):
    """One word for one thing: the shared parameters have one name and one default."""
    parameters = inspect.signature(network).parameters
    assert list(parameters)[:2] == ["input_shape", "n_classes"]
    assert parameters["dropout"].default == 0.5
    assert parameters["shape_and_size"].default is None
    assert parameters["logits"].default is False
    own = list(parameters.values())[2:]
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in own)
