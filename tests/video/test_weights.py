"""I3D's published weights: names, shapes, both layouts, and what must be refused."""

import keras
import numpy as np
import pytest

from sensorhar.errors import DataError
from sensorhar.networks.flops import without_weights
from sensorhar.networks.i3d import i3d
from sensorhar.networks.two_stream import fuse
from sensorhar.video import load_i3d_weights, read_checkpoint_index
from sensorhar.video.weights import _weights_of
from tests.video._bundles import write

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    "ignore:__array__ implementation:DeprecationWarning"
)

SHAPE = (4, 32, 32, 3)
STEM = "Conv3d_1a_7x7/conv_3d/w"
HEAD = "Logits/Conv3d_0c_1x1/conv_3d/w"


@pytest.fixture(scope="module")
def learned():
    """Return a narrow I3D with the weights of nobody else."""
    rng = np.random.default_rng(0)
    network = i3d(SHAPE, 5, width=1 / 32, logits=True)
    network.set_weights(
        [rng.uniform(0.1, 1, w.shape).astype(np.float32) for w in network.get_weights()]
    )
    return network


@pytest.fixture(scope="module")
def blank():
    return i3d(SHAPE, 5, width=1 / 32, logits=True)


@pytest.fixture
def network(blank):
    blank.set_weights([np.zeros_like(w) for w in blank.get_weights()])
    return blank


@pytest.fixture
def stored(learned):
    """Return the weights by their published names, less prefix."""
    arrays = {}
    for layer in learned.layers:
        for weight in layer.weights:
            unit, _, part = layer.name.rpartition("-")
            own = {"kernel": "w", "bias": "b"}.get(weight.name, weight.name)
            name = f"{unit.replace('-', '/')}/{part}/{own}"
            arrays[name] = keras.ops.convert_to_numpy(weight)
    return arrays


def of_400_classes(arrays, stream="RGB"):
    return {f"{stream}/inception_i3d/{name}": a for name, a in arrays.items()}


def of_600_classes(arrays):
    """No prefix, axes of length 1, and the momenta of what was trained."""
    out = {}
    for name, array in arrays.items():
        is_statistic = "moving_" in name
        if "/batch_norm/" in name:
            array = array.reshape(1, 1, 1, 1, -1)
        out[name] = array
        if not is_statistic:
            out[f"{name}/Momentum"] = np.full_like(array, np.nan)
    return out


def answer(network):
    x = np.random.default_rng(1).normal(size=(2, *SHAPE)).astype(np.float32)
    return keras.ops.convert_to_numpy(network(x))


@pytest.mark.parametrize("layout", [of_400_classes, of_600_classes])
def test_both_layouts_give_the_same_network(tmp_path, learned, network, stored, layout):
    path = write(tmp_path / "model.ckpt", layout(stored), n_a_block=50)
    assert load_i3d_weights(network, path) is network
    for got, expected in zip(network.get_weights(), learned.get_weights(), strict=True):
        np.testing.assert_array_equal(got, expected)
    expected = answer(learned)
    assert np.ptp(expected) > 0
    np.testing.assert_array_equal(answer(network), expected)


def test_checkpoints_that_tensorflow_wrote(tmp_path, learned, network, stored):
    tf = pytest.importorskip("tensorflow")
    arrays = of_400_classes(stored, "Flow")
    tf.raw_ops.SaveV2(
        prefix=str(tmp_path / "model.ckpt"),
        tensor_names=list(arrays),
        shape_and_slices=[""] * len(arrays),
        tensors=list(arrays.values()),
    )
    load_i3d_weights(network, tmp_path / "model.ckpt.index")
    np.testing.assert_array_equal(answer(network), answer(learned))


def test_the_head_may_stay(tmp_path, learned, network, stored):
    stored[HEAD] = np.ones((1, 1, 1, stored[HEAD].shape[3], 7), np.float32)
    stored[HEAD[:-1] + "b"] = np.ones(7, np.float32)
    path = write(tmp_path / "model.ckpt", of_400_classes(stored))
    with pytest.raises(
        DataError,
        match=r"Conv3d_0c_1x1/conv_3d/w' of model\.ckpt must have shape "
        r"\(1, 1, 1, \d+, 5\), as in the network; got \(1, 1, 1, \d+, 7\)\. "
        r"Build i3d with n_classes=7, or pass is_head_kept=False\.",
    ):
        load_i3d_weights(network, path)
    load_i3d_weights(network, path, is_head_kept=False)
    pairs = zip(network.get_weights(), learned.get_weights(), strict=True)
    *body, kernel, bias = [np.array_equal(*pair) for pair in pairs]
    assert all(body)
    assert (kernel, bias) == (False, False)
    assert not any(w.any() for w in network.get_weights()[-2:])  # as they were


def assert_untouched(network):
    assert not any(w.any() for w in network.get_weights())


def test_a_damaged_tensor_changes_nothing(tmp_path, network, stored):
    """Even when it is the last one to be read."""
    path = write(tmp_path / "model.ckpt", of_400_classes(stored))
    data = tmp_path / "model.ckpt.data-00000-of-00001"
    content = bytearray(data.read_bytes())
    content[-1] ^= 64
    data.write_bytes(content)
    last = "RGB/inception_i3d/Mixed_5c/Branch_3/Conv3d_0b_1x1/conv_3d/w"
    with pytest.raises(DataError, match=rf"'{last}' in model\.ckpt\.data.* is damaged"):
        load_i3d_weights(network, path)
    assert_untouched(network)
    data.write_bytes(content[:-1])
    with pytest.raises(DataError, match=rf"bytes of '{last}' .*: it is cut off"):
        load_i3d_weights(network, path)
    assert_untouched(network)


def test_another_shape_is_refused(tmp_path, network, stored):
    stored[STEM] = stored[STEM][..., :2, :]  # as of optical flow
    path = write(tmp_path / "model.ckpt", of_400_classes(stored, "Flow"))
    with pytest.raises(
        DataError,
        match=rf"'{STEM}' of model.ckpt must have shape \(7, 7, 7, 3, 2\), as in the "
        r"network; got \(7, 7, 7, 2, 2\)\. Build i3d for clips of 3 channels \(RGB\) or"
        r" 2 \(flow\), at width=1\.",
    ):
        load_i3d_weights(network, path)
    assert_untouched(network)


def test_missing_and_superfluous_tensors_are_named(tmp_path, network, stored):
    stored["Logits/scale"] = stored.pop("Mixed_3b/Branch_0/Conv3d_0a_1x1/conv_3d/w")
    path = write(tmp_path / "model.ckpt", of_400_classes(stored))
    with pytest.raises(
        DataError,
        match=r"must hold the 230 tensors of an I3D; got 'Mixed_3b/Branch_0/"
        r"Conv3d_0a_1x1/conv_3d/w' missing and 'Logits/scale' superfluous\.",
    ):
        load_i3d_weights(network, path)


def test_other_checkpoints_are_refused(tmp_path, network, stored):
    path = write(tmp_path / "other", {"w": np.ones(3, np.float32)})
    with pytest.raises(
        DataError, match=r"other must hold one I3D, .*; got none\. Pass"
    ):
        load_i3d_weights(network, path)
    both = {f"{s}/{STEM}": stored[STEM] for s in ("RGB", "Flow")}
    path = write(tmp_path / "both", both)
    with pytest.raises(DataError, match=r"got 2 of them: 'Flow/', 'RGB/'\. Pass a"):
        load_i3d_weights(network, path)


def test_other_networks_are_refused(tmp_path, network, learned, stored):
    inputs = keras.Input(SHAPE)
    larger = keras.Model(inputs, network(inputs), name="larger")
    path = write(tmp_path / "model.ckpt", of_400_classes(stored))
    with pytest.raises(
        ValueError,
        match=r"built; got 'larger', which has no layer 'Conv3d_1a_7x7-conv_3d'\. "
        r"Give the part that is one, network\.get_layer\('i3d'\)\.",
    ):
        load_i3d_weights(larger, path)
    load_i3d_weights(larger.get_layer("i3d"), path)
    np.testing.assert_array_equal(answer(larger), answer(learned))
    for other in (keras.Sequential([keras.Input((3,)), keras.layers.Dense(2)]), "i3d"):
        with pytest.raises(ValueError, match=r"no layer .* Build one\."):
            load_i3d_weights(other, path)


@pytest.fixture
def published(real_data):
    folder = real_data / "video" / "i3d"
    if not folder.is_dir():
        pytest.skip("the indexes of the published I3D are not on this machine")
    return folder


def test_names_and_shapes_are_the_published_ones(published):
    """230 tensors, whichever published file; what differs is what must."""
    with without_weights():
        network = i3d((8, 32, 32, 3), 400)
    ours = {name: tuple(w.shape) for name, w in _weights_of(network).items()}
    assert len(ours) == 230
    flow = {STEM: (7, 7, 7, 2, 64)}
    wide = {HEAD: (1, 1, 1, 1024, 600), HEAD[:-1] + "b": (600,)}
    for name, prefix, other in (
        ("rgb_imagenet", "RGB/inception_i3d/", {}),
        ("rgb_scratch", "RGB/inception_i3d/", {}),
        ("flow_imagenet", "Flow/inception_i3d/", flow),
        ("flow_scratch", "Flow/inception_i3d/", flow),
        ("rgb_scratch_kin600", "", wide),
    ):
        expected = {}
        for full, each in read_checkpoint_index(published / f"{name}.index").items():
            shape = (
                each.shape[4:] if "/batch_norm/" in full and not prefix else each.shape
            )
            if not full.endswith("/Momentum"):
                expected[full.removeprefix(prefix)] = shape
        assert expected == ours | other


def test_published_logits_add_up(published):
    """What both streams and their sum say of one video, as DeepMind printed it."""

    def logits(name):
        lines = (published / f"imagenet_{name}.txt").read_text().splitlines()[3:]
        rows = [line.split(maxsplit=2) for line in lines]
        return {label: float(logit) for _, logit, label in rows}

    rgb, flow, joint = map(logits, ("rgb", "flow", "joint"))
    labels = sorted(set(rgb) & set(flow) & set(joint))
    assert len(labels) == 9
    streams = [keras.Input((9,)), keras.Input((9,))]
    given = [np.array([[each[x] for x in labels]], np.float32) for each in (rgb, flow)]
    expected = np.array([[joint[label] for label in labels]])
    for fusion, factor in (("logits_sum", 1), ("logits_mean", 0.5)):
        fused = keras.Model(streams, fuse(streams, fusion, logits=True))
        got = keras.ops.convert_to_numpy(fused(given)).astype(float)
        np.testing.assert_allclose(got, factor * expected, rtol=0, atol=4e-6)
    sums = [rgb[label] + flow[label] - joint[label] for label in labels]
    np.testing.assert_allclose(sums, 0, atol=2.01e-6)
