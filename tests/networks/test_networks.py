"""Networks: shapes, parameters counted by hand, tiny windows, files."""

import inspect

import keras
import numpy as np
import pytest

from sensorhar import networks
from sensorhar.networks import cnn, cnn_lstm, conv_lstm, deep_conv_lstm, lstm, mlp

#: Networks for windows alone; those of any rank are in test_mirrored.py.
SENSOR_NETWORKS = ("cnn", "cnn_lstm", "conv_lstm", "deep_conv_lstm", "lstm", "mlp")

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    "ignore:__array__ implementation:DeprecationWarning"
)

SMALL = {
    "cnn": {"filters": (4, 4)},
    "cnn_lstm": {"filters": (4,), "units": 4},
    "conv_lstm": {"filters": 3},
    "deep_conv_lstm": {"filters": (4, 4), "units": (4,)},
    "lstm": {"units": (4, 3)},
    "mlp": {"units": (4,)},
}


def dense(n_in, n_out):
    return (n_in + 1) * n_out


def convolution(n_in, n_out, size):
    """Weights without bias, and the four numbers of batch normalisation a filter."""
    return n_in * n_out * size + 4 * n_out


def lstm_layer(n_in, n_units):
    """Four gates, each seeing the input, the state and a bias."""
    return 4 * ((n_in + n_units + 1) * n_units)


@pytest.mark.parametrize(
    ("model", "expected"),
    [
        (
            cnn((40, 6), 5, filters=(8, 12), kernel_size=7),
            convolution(18, 8, 7) + convolution(8, 12, 7) + dense(24, 5),
        ),
        (
            cnn((40, 6), 5, filters=(8,), kernel_size=3, shape_and_size=False),
            convolution(6, 8, 3) + dense(16, 5),
        ),
        (
            cnn_lstm((40, 6), 5, filters=(8, 12), kernel_size=7, units=10),
            convolution(18, 8, 7)
            + convolution(8, 12, 7)
            + lstm_layer(12, 10)
            + dense(20, 5),
        ),
        (
            lstm((40, 6), 5, units=(7, 9), step_size=4, is_bidirectional=False),
            lstm_layer(4 * 18, 7) + lstm_layer(7, 9) + dense(18, 5),
        ),
        (
            lstm((40, 6), 5, units=(7, 9), step_size=1, shape_and_size=False),
            2 * lstm_layer(6, 7) + 2 * lstm_layer(14, 9) + dense(2 * 2 * 9, 5),
        ),
        (
            deep_conv_lstm((24, 113), 18, pool_size=1, shape_and_size=False),
            convolution(113, 64, 5)
            + 3 * convolution(64, 64, 5)
            + lstm_layer(64, 128)
            + lstm_layer(128, 128)
            + dense(256, 18),
        ),
        (
            conv_lstm((40, 6), 5, filters=8, kernel_size=5, shape_and_size=False),
            4 * (6 * 8 * 5 + 8 * 8 * 5 + 8) + dense(16, 5),
        ),
        (
            mlp((40, 6), 5, units=(30, 20)),
            dense(40 * 18, 30) + dense(30, 20) + dense(20, 5),
        ),
    ],
    ids=lambda value: getattr(value, "name", ""),
)
def test_parameters_counted_by_hand(model, expected):
    assert model.count_params() == expected


@pytest.mark.parametrize("name", SENSOR_NETWORKS)
@pytest.mark.parametrize("shape_and_size", [True, False])
def test_shapes_and_probabilities(name, shape_and_size):
    model = getattr(networks, name)(
        (21, 3), 4, **SMALL[name], shape_and_size=shape_and_size
    )
    assert model.input_shape == (None, 21, 3)
    assert model.output_shape == (None, 4)
    assert model.name == name
    assert model.layers[-1].name == "probabilities"
    proba = model.predict_on_batch(np.ones((2, 21, 3), np.float32))
    np.testing.assert_allclose(proba.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", SENSOR_NETWORKS)
@pytest.mark.parametrize("n_timepoints", [1, 2, 3, 5, 9])
def test_tiny_windows(name, n_timepoints):
    model = getattr(networks, name)((n_timepoints, 1), 2)
    proba = keras.ops.convert_to_numpy(model(np.ones((3, n_timepoints, 1), np.float32)))
    assert proba.shape == (3, 2)
    assert np.isfinite(proba).all()


@pytest.mark.parametrize("name", SENSOR_NETWORKS)
def test_networks_come_back_from_a_file(name, tmp_path):
    model = getattr(networks, name)((10, 2), 3, **SMALL[name])
    model.save(tmp_path / "network.keras")
    again = keras.saving.load_model(
        tmp_path / "network.keras", compile=False, safe_mode=True
    )
    x = np.random.default_rng(0).normal(size=(4, 10, 2)).astype(np.float32)
    np.testing.assert_allclose(
        again.predict_on_batch(x), model.predict_on_batch(x), atol=1e-6
    )


@pytest.mark.parametrize("name", SENSOR_NETWORKS)
def test_all_networks_use_the_same_words(name):
    """One word for one thing: the shared parameters have one name and one default."""
    parameters = inspect.signature(getattr(networks, name)).parameters
    assert list(parameters)[:2] == ["input_shape", "n_classes"]
    assert parameters["dropout"].default == 0.5
    assert parameters["shape_and_size"].default is True
    own = list(parameters.values())[2:]
    assert all(parameter.kind is parameter.KEYWORD_ONLY for parameter in own)
