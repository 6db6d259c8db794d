"""Counting: published integers to the unit, and small networks by hand.

Where nothing else is said the integers are those of the MMAction2 0.24.1 model zoo
(the metafiles beside each configuration), parameters first and then operations by its
rule. Its pages print 224 by 224 beside numbers that were measured at 256 by 256.
"""

import keras
import numpy as np
import pytest
from keras import layers

from sensorhar.networks.c3d import c3d
from sensorhar.networks.cnn_m import cnn_m
from sensorhar.networks.conv_lstm import conv_lstm
from sensorhar.networks.flops import count_params, flops, without_weights
from sensorhar.networks.frame_fusion import slow_fusion
from sensorhar.networks.fused_two_stream import fused_two_stream
from sensorhar.networks.i3d import i3d
from sensorhar.networks.i3d_resnet import i3d_resnet
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


def build(network, *args, **options):
    with without_weights():
        return network(*args, **options)


AT_256 = (8, 256, 256, 3)
ZOO = [
    (c3d, (16, 112, 112, 3), 101, {}, 78_409_573, 38_615_475_200),
    (i3d_resnet, (32, 256, 256, 3), 400, {}, 28_043_472, 43_564_040_192),
    (slow_only, (4, 256, 256, 3), 400, {}, 32_454_096, 27_430_649_856),
    (slow_only, AT_256, 400, {}, 32_454_096, 54_860_480_512),
    (slow_only, AT_256, 600, {}, 32_863_896, 54_860_890_112),
    (slow_only, (4, 256, 256, 2), 400, {}, 32_450_960, 27_225_128_960),
    (slow_fast, (32, 256, 256, 3), 400, {}, 34_565_560, 66_222_034_944),
    (
        slow_fast,
        (32, 256, 256, 3),
        400,
        {"speed_ratio": 8, "lateral_kernel": 5},
        34_479_288,
        36_441_296_896,
    ),
    (tsn, (25, 224, 224, 3), 400, {}, 24_327_632, 102_997_721_600),
    (tsn, (8, 224, 224, 3), 400, {}, 24_327_632, 32_959_827_968),
    (tsn, (8, 224, 224, 3), 174, {}, 23_864_558, 32_959_365_120),
    (tsm, (8, 224, 224, 3), 400, {}, 24_327_632, 32_965_562_368),
    (tsm, (16, 224, 224, 3), 400, {}, 24_327_632, 65_931_124_736),
]


#: Rows which differ from another in one number, and wait for the slow run.
TWINS = {2, 4, 5, 7, 8, 10, 12}


@pytest.mark.parametrize(
    ("network", "shape", "n_classes", "options", "n_params", "n_operations"),
    [
        pytest.param(*row, marks=pytest.mark.slow) if i in TWINS else row
        for i, row in enumerate(ZOO)
    ],
    ids=[f"{row[0].__name__}-{row[1]}-{row[2]}-{row[4]}" for row in ZOO],
)
def test_the_published_integers(
    network, shape, n_classes, options, n_params, n_operations
):
    model = build(network, shape, n_classes, **options)
    assert count_params(model) == n_params
    assert flops(model, convention="mmcv") == n_operations


def test_r2plus1d():
    """Parameters of the zoo; its operations leave some normalisation out."""
    model = build(r2plus1d, AT_256, 400)
    assert count_params(model) == 63_759_281
    assert flops(model, convention="mmcv") == pytest.approx(53_175_572_992, rel=2e-3)


def test_tpn():
    """The zoo counts the weights of the auxiliary head, and not its operations."""
    assert count_params(build(tpn, AT_256, 400, is_auxiliary=True)) == 91_498_336
    model = build(tpn, AT_256, 400)
    assert flops(model, convention="mmcv") == 66_014_576_640


@pytest.mark.slow
def test_tpn_on_tsm():
    model = build(tpn, AT_256, 174, backbone="tsm", is_auxiliary=True)
    assert count_params(model) == 82_445_724


def test_st_gcn():
    """NTU-60 on the seventeen joints of COCO, as in the zoo."""
    assert count_params(build(st_gcn, (300, 17, 3), 60, width=1)) == 3_088_704


@pytest.mark.parametrize(
    ("n_channels", "n_classes", "n_all", "n_trainable"),
    [
        (3, 400, 12_704_544, 12_689_984),
        (2, 400, 12_682_592, 12_668_032),
        pytest.param(3, 600, 12_909_544, 12_894_984, marks=pytest.mark.slow),
    ],
)
def test_i3d_equals_the_checkpoints(n_channels, n_classes, n_all, n_trainable):
    """Elements listed in the index files of the checkpoints DeepMind released."""
    model = build(i3d, (64, 224, 224, n_channels), n_classes)
    assert count_params(model, which="all") == n_all
    assert count_params(model) == n_trainable


def test_two_stream_i3d_is_both():
    model = build(two_stream, (64, 56, 56, 3), 400, motion_shape=(64, 56, 56, 2))
    assert count_params(model, which="all") == 12_704_544 + 12_682_592


#: Factors and offsets of the batch normalisation that stands for response
#: normalisation, which has no weights.
NORMALISED = 2 * (96 + 256)


@pytest.mark.parametrize(
    ("n_channels", "n_params"), [(3, 90_627_813), (20, 90_707_781)]
)
def test_cnn_m(n_channels, n_params):
    """CNN-M-2048 with the classes of UCF101, from its table of layers.

    The table is in figure 1 of Simonyan & Zisserman, NeurIPS 2014.
    """
    model = build(cnn_m, (1, 224, 224, n_channels), 101)
    assert count_params(model) == n_params + NORMALISED


@pytest.mark.slow
def test_two_streams_as_published():
    """Images and ten stacked frames of flow, twenty-five of each."""
    model = build(
        two_stream,
        (25, 224, 224, 3),
        101,
        motion_shape=(25, 224, 224, 20),
        network=cnn_m,
    )
    assert count_params(model) == 90_627_813 + 90_707_781 + 2 * NORMALISED


def test_streams_fused_at_their_last_convolution():
    """Both towers, the filters of 3 x 3 x 3 x 1024 x 512, and one or two answers."""
    options = {"motion_shape": (5, 224, 224, 20)}
    model = build(fused_two_stream, (5, 224, 224, 3), 101, **options)
    fused = 27 * 1024 * 512 + 512
    assert model.get_layer("fused-conv").count_params() == fused
    both = 90_627_813 + 90_707_781 + 2 * NORMALISED
    assert count_params(model) == both + fused
    alone = build(
        fused_two_stream, (5, 224, 224, 3), 101, **options, is_motion_kept=False
    )
    dense = 6 * 6 * 512 * 4096 + 4096 + 4096 * 2048 + 2048 + 2048 * 101 + 101
    assert count_params(alone) == both + fused - dense


def test_the_recurrent_example_of_keras():
    """Its page prints 99,909 parameters."""
    model = rnn(
        (20, 2048),
        5,
        units=(16, 8),
        step_size=1,
        dense_units=8,
        summary="last",
        shape_and_size=False,
    )
    assert count_params(model) == 99_909


def test_multiply_accumulates_at_two_sizes():
    """One network, counted at the size printed and at the size measured.

    The integers were worked out apart from this code, from tables of layers.
    """
    model = build(i3d_resnet, (32, 256, 256, 3), 400)
    assert flops(model) == 43_269_259_264
    assert flops(model, input_shape=(32, 224, 224, 3)) == 33_128_218_624


def test_i3d_multiply_accumulates():
    """The table of layers of the paper, worked out by hand."""
    assert flops(build(i3d, (64, 224, 224, 3), 400)) == 111_153_143_808


class TestByHand:
    def test_convolution_and_dense(self):
        inputs = keras.Input((10, 3))
        x = layers.Conv1D(4, 5)(inputs)  # 6 places
        x = layers.ReLU()(x)
        x = layers.GlobalAveragePooling1D()(x)
        model = keras.Model(inputs, layers.Dense(2)(x))
        macs = 6 * 5 * 3 * 4 + 4 * 2
        assert flops(model) == macs
        assert flops(model, convention="flops") == 2 * macs
        # biases at each place, rectified, pooled
        assert flops(model, convention="mmcv") == macs + 3 * 24

    def test_groups(self):
        inputs = keras.Input((10, 4))
        model = keras.Model(inputs, layers.Conv1D(6, 1, groups=2)(inputs))
        assert flops(model) == 10 * 2 * 6

    def test_recurrent(self):
        model = lstm((8, 3), 2, units=(5,), step_size=1, shape_and_size=False)
        assert flops(model) == 2 * 8 * 4 * (3 * 5 + 5 * 5) + 20 * 2

    def test_recurrent_and_convolving(self):
        """Four parts of three timepoints by five joints; four gates."""
        model = conv_lstm((12, 5, 2), 3, filters=6, kernel_size=3, n_steps=4)
        each = 3 * 3 * (2 + 6) * 4 * 6
        assert flops(model) == 4 * (3 * 5) * each + 2 * 6 * 3

    def test_graph(self):
        model = st_gcn((6, 4, 2), 3, filters=(8,), width=1, kernel_size=3)
        graph = 6 * 4 * (2 * 24) + 6 * 24 * 4 * 4
        assert flops(model) == graph + 6 * 4 * (3 * 8 * 8) + 8 * 3

    def test_parts_count_each(self):
        """Four segments cost four times one, but for the last layer."""
        options = {"blocks": (1,), "shape_and_size": False}
        one = flops(tsn((8, 2), 3, n_segments=1, **options)) - 3 * 64
        four = flops(tsn((32, 2), 3, n_segments=4, **options)) - 3 * 64
        assert four == 4 * one

    def test_padding_is_no_input_of_a_pool(self):
        inputs = keras.Input((7, 1))
        x = layers.MaxPooling1D(3)(layers.ZeroPadding1D(1)(inputs))
        assert flops(keras.Model(inputs, x), convention="mmcv") == 7


class TestWithoutWeights:
    def test_nothing_is_left_behind(self):
        """Networks built afterwards have values, and the counted one never gets any."""
        model = build(mlp, (10, 2), 3)
        assert all(weight._value is None for weight in model.weights)
        after = mlp((10, 2), 3)
        with keras.StatelessScope():
            pass
        assert all(weight._value is None for weight in model.weights)
        assert np.isfinite(after.predict_on_batch(np.ones((1, 10, 2)))).all()

    def test_counting_leaves_the_network_as_it_was(self):
        model = mlp((10, 2), 3)
        x = np.ones((1, 10, 2), np.float32)
        before = model.predict_on_batch(x)
        flops(model)
        np.testing.assert_array_equal(model.predict_on_batch(x), before)
        assert keras.Model(model.inputs, model.layers[2].output).output_shape


class TestMessages:
    def test_convention(self):
        with pytest.raises(ValueError, match=r"convention must be one of .*'gflops'"):
            flops(mlp((10, 2), 3), convention="gflops")

    def test_which(self):
        with pytest.raises(ValueError, match=r"which must be .*got 'some'"):
            count_params(mlp((10, 2), 3), which="some")

    def test_a_shape_the_weights_do_not_fit(self):
        with pytest.raises(ValueError, match=r"the weights of 'mlp' fit \(10, 2\)"):
            flops(mlp((10, 2), 3), input_shape=(20, 2))

    def test_several_inputs(self):
        model = two_stream((8, 2), 3, motion_shape=(8, 2), network=slow_fusion)
        assert flops(model) > 0
        with pytest.raises(ValueError, match=r"a network of 2 inputs is counted"):
            flops(model, input_shape=(8, 2))

    def test_an_unknown_layer(self):
        inputs = keras.Input((10, 2))
        model = keras.Model(inputs, layers.SeparableConv1D(3, 5)(inputs))
        with pytest.raises(ValueError, match=r"SeparableConv1D cannot be counted"):
            flops(model)
