"""Layers of the mirrored networks: known answers, shapes, messages."""

import keras
import numpy as np
import pytest

from sensorhar.networks.cnn_m import cnn_m
from sensorhar.networks.flops import without_weights
from sensorhar.networks.frame_fusion import (
    Between,
    fovea_context,
    late_fusion,
    single_frame,
    slow_fusion,
)
from sensorhar.networks.fused_two_stream import fused_two_stream
from sensorhar.networks.graph import Bones, GraphMixing, parents, partitions
from sensorhar.networks.i3d import i3d
from sensorhar.networks.inflate import inflate
from sensorhar.networks.residual import default_blocks
from sensorhar.networks.rnn import rnn
from sensorhar.networks.slow_fast import EveryNth, slow_fast
from sensorhar.networks.space import (
    EdgePadding,
    at_most,
    convolve_space,
    n_space_axes,
    pool_space,
    scaled,
    upsample_time,
)
from sensorhar.networks.st_gcn import st_gcn
from sensorhar.networks.tpn import FLOWS, tpn
from sensorhar.networks.tsm import Shift, tsm
from sensorhar.networks.tsn import MeanOfParts, Parts, tsn
from sensorhar.networks.two_stream import Differences, fuse, two_stream

pytestmark = pytest.mark.filterwarnings(
    # Keras 3.15 reads its variables in a way that numpy 2.4 is about to drop
    "ignore:__array__ implementation:DeprecationWarning"
)


def noise(*shape, seed=0):
    return np.random.default_rng(seed).normal(size=shape).astype(np.float32)


def answer(model, x):
    return keras.ops.convert_to_numpy(model(x))


LAYERS = [
    (EdgePadding(2, 1), (3, 5, 4)),
    (EveryNth(3), (3, 7, 4)),
    (Between(1, 4), (3, 7, 2, 4)),
    (Parts(3), (2, 6, 4)),
    (MeanOfParts(3), (6, 4)),
    (Shift(4), (2, 5, 3, 8)),
    (Differences(), (2, 5, 3)),
    (GraphMixing([(0, 1), (1, 2)], 1), (2, 5, 3, 6)),
    (Bones([(0, 1), (1, 2)]), (2, 5, 3, 2)),
]


@pytest.mark.parametrize(("layer", "shape"), LAYERS, ids=lambda x: type(x).__name__)
def test_layers_tell_their_shape_and_come_back(layer, shape):
    out = answer(layer, noise(*shape))
    assert out.shape == layer.compute_output_shape(shape)
    again = type(layer).from_config(layer.get_config())
    again.build(shape)
    again.set_weights(layer.get_weights())
    np.testing.assert_array_equal(answer(again, noise(*shape)), out)


def test_edges_are_repeated():
    x = np.arange(3.0).reshape(1, 3, 1)
    assert answer(EdgePadding(2, 1), x).ravel().tolist() == [0, 0, 0, 1, 2, 2]


def test_shift():
    """The first of four channels comes from the future, the second from the past."""
    x = np.arange(12.0).reshape(1, 3, 4)
    expected = [[4, 0, 2, 3], [8, 1, 6, 7], [0, 5, 10, 11]]
    assert answer(Shift(4), x)[0].tolist() == expected


def test_a_shift_of_few_channels_moves_nothing():
    x = noise(1, 3, 4)
    np.testing.assert_array_equal(answer(Shift(8), x), x)


def test_parts_are_neighbouring_samples():
    x = np.arange(12.0).reshape(2, 6, 1)
    assert answer(Parts(3), x)[:, :, 0].tolist() == x.reshape(6, 2).tolist()
    means = answer(MeanOfParts(3), x.reshape(6, 2))
    np.testing.assert_allclose(means, x.reshape(2, 3, 2).mean(axis=1))


def test_motion_of_a_constant_is_nothing_and_an_offset_leaves_no_trace():
    assert not answer(Differences(), np.full((1, 5, 2), 9.81, np.float32)).any()
    x = noise(2, 8, 3)
    np.testing.assert_allclose(
        answer(Differences(), x + 4), answer(Differences(), x), atol=1e-5
    )


class TestSpace:
    @pytest.mark.parametrize("n", range(1, 12))
    @pytest.mark.parametrize("kernel", [1, 3, 7])
    def test_symmetric_padding_equals_a_loop(self, n, kernel):
        inputs = keras.Input((n, 1))
        out = convolve_space(inputs, 1, (kernel, 3), strides=(2, 2))
        model = keras.Model(inputs, out)
        model.layers[-1].set_weights([np.arange(1.0, kernel + 1).reshape(-1, 1, 1)])
        x = noise(1, n, 1)
        padded = np.pad(x[0, :, 0], kernel // 2)
        expected = [
            padded[i : i + kernel] @ np.arange(1.0, kernel + 1) for i in range(0, n, 2)
        ]
        np.testing.assert_allclose(answer(model, x)[0, :, 0], expected, atol=1e-4)

    def test_valid_pools_never_empty_an_axis(self):
        inputs = keras.Input((1, 5, 1, 2))
        assert pool_space(inputs, (2, 2)).shape == (None, 1, 2, 1, 2)

    @pytest.mark.parametrize("shape", [(3, 2), (3, 4, 2), (3, 4, 5, 2)])
    def test_upsampling(self, shape):
        inputs = keras.Input(shape)
        x = noise(1, *shape)
        model = keras.Model(inputs, upsample_time(inputs, 2, 5))
        np.testing.assert_array_equal(answer(model, x), np.repeat(x, 2, axis=1)[:, :5])

    @pytest.mark.parametrize("shape", [(3,), (1, 2, 3, 4, 5), (0, 3)])
    def test_a_shape_of_no_known_kind(self, shape):
        with pytest.raises(ValueError, match=r"input_shape must be \(n_timepoints"):
            n_space_axes(shape)

    def test_width(self):
        assert scaled(64, None, (8, 3)) == 16
        assert scaled(64, None, (8, 32, 32, 3)) == 64
        assert scaled(1, 0.01, (8, 3)) == 1
        assert at_most(None, 7) == 7
        with pytest.raises(ValueError, match=r"width must be above 0 .*got 0"):
            scaled(64, 0, (8, 3))

    def test_blocks(self):
        assert default_blocks(None, (8, 32, 32, 3)) == (3, 4, 6, 3)
        with pytest.raises(ValueError, match=r"blocks must be numbers .*got \(1, 0\)"):
            default_blocks((1, 0), (8, 3))


class TestGraph:
    def test_weights_sum_to_one(self):
        graph = partitions(5, [(0, 1), (1, 2), (1, 3), (3, 4)], centre=1)
        np.testing.assert_allclose(graph.sum(axis=(0, 1)), 1, atol=1e-6)

    def test_parts_of_a_chain(self):
        """0 - 1 - 2 from 0: outer joints hear inwards, and the other way round."""
        own, inwards, outwards = partitions(3, [(0, 1), (1, 2)])
        np.testing.assert_allclose(np.diag(own), [1 / 2, 1 / 3, 1 / 2], atol=1e-6)
        assert np.argwhere(inwards).tolist() == [[0, 1], [1, 2]]
        assert np.argwhere(outwards).tolist() == [[1, 0], [2, 1]]

    def test_a_joint_far_away_hears_itself(self):
        assert partitions(3, [(0, 1)])[0, 2, 2] == 1

    def test_mixing_equals_a_loop(self):
        layer = GraphMixing([(0, 1), (1, 2)], 1)
        x = noise(2, 4, 3, 6)
        out = answer(layer, x)
        graph = partitions(3, [(0, 1), (1, 2)], 1)
        expected = sum(
            np.einsum("ntvc,vw->ntwc", x[..., 2 * k : 2 * k + 2], graph[k])
            for k in range(3)
        )
        np.testing.assert_allclose(out, expected, atol=1e-5)

    def test_unknown_joints(self):
        with pytest.raises(ValueError, match=r"joints from 0 to 3, got \[4\]"):
            st_gcn((8, 4, 3), 2, edges=[(0, 4)])


#: The two answers of streams that are fused at their last convolution.
STREAMS = ("fused", "motion")


class TestStreams:
    EDGES = ((0, 1), (1, 2), (1, 3))

    def test_bones(self):
        """From parent to child; the root has none."""
        x = noise(2, 4, 4, 3)
        expected = np.stack(
            [x[:, :, 0] * 0, *(x[:, :, b] - x[:, :, a] for a, b in self.EDGES)], axis=2
        )
        np.testing.assert_allclose(answer(Bones(self.EDGES), x), expected, atol=1e-6)

    def test_bones_do_not_know_where_the_body_is(self):
        x = noise(1, 4, 4, 3)
        np.testing.assert_allclose(
            answer(Bones(self.EDGES), x + 7), answer(Bones(self.EDGES), x), atol=1e-5
        )

    def test_a_joint_hangs_on_one_other(self):
        assert parents(4, self.EDGES).tolist() == [0, 0, 1, 1]
        with pytest.raises(ValueError, match=r"joint 2 must hang on one .*got 1 and 3"):
            parents(4, [(1, 2), (3, 2)])

    def test_four_streams_are_four_networks(self):
        """Each sees what it is called after, and what is fused is their logits."""
        streams = ("joint", "bone", "joint_motion", "bone_motion")
        options = {"edges": self.EDGES, "filters": (8, 16), "logits": True}
        model = st_gcn((6, 4, 3), 2, streams=streams, **options)
        x = noise(2, 6, 4, 3)
        bones = answer(Bones(self.EDGES), x)
        seen = [x, bones, answer(Differences(), x), answer(Differences(), bones)]
        each = [
            answer(model.get_layer(name), view)
            for name, view in zip(streams, seen, strict=True)
        ]
        np.testing.assert_allclose(answer(model, x), sum(each), atol=1e-5)

    @pytest.mark.parametrize("stream", ["bone", "joint_motion"])
    def test_one_stream_alone(self, stream):
        """Without a network around the network."""
        model = st_gcn((6, 4, 3), 2, streams=(stream,), edges=self.EDGES, filters=(8,))
        assert not any(isinstance(layer, keras.Model) for layer in model.layers)
        assert answer(model, noise(2, 6, 4, 3)).shape == (2, 2)

    @pytest.mark.parametrize("streams", [(), ("joint", "joint"), ("joint", "flow")])
    def test_unknown_streams(self, streams):
        with pytest.raises(ValueError, match=r"streams must be of .*each once, got"):
            st_gcn((6, 4, 3), 2, streams=streams)

    def test_bones_need_a_tree(self):
        with pytest.raises(ValueError, match=r"bones need edges of \(parent, child\)"):
            st_gcn((6, 4, 3), 2, streams=("bone",), filters=(8,))


class TestFusion:
    def test_published_arithmetic(self):
        """RGB and flow logits of the released I3D add up to the joint ones.

        25.856646 and 15.957031 give 41.813675 on "playing cricket" in the read-me of
        the released code.
        """
        inputs = [keras.Input((2,)), keras.Input((2,))]
        model = keras.Model(inputs, fuse(inputs, "logits_sum", logits=True))
        rgb, flow = np.array([[25.856646, 0.0]]), np.array([[15.957031, 0.0]])
        joint = keras.ops.convert_to_numpy(model([rgb, flow]))
        assert joint[0, 0] == pytest.approx(41.813675, abs=1e-5)

    def test_the_three_differ(self):
        a, b = noise(2, 3, seed=1), noise(2, 3, seed=2)

        def softmax(x):
            return np.exp(x) / np.exp(x).sum(axis=1, keepdims=True)

        expected = {
            "logits_sum": softmax(a + b),
            "logits_mean": softmax((a + b) / 2),
            "probabilities_mean": (softmax(a) + softmax(b)) / 2,
        }
        inputs = [keras.Input((3,)), keras.Input((3,))]
        for fusion, proba in expected.items():
            model = keras.Model(inputs, fuse(inputs, fusion))
            got = keras.ops.convert_to_numpy(model([a, b]))
            np.testing.assert_allclose(got, proba, atol=1e-6)

    def test_two_inputs(self):
        model = two_stream(
            (8, 16, 16, 3),
            2,
            motion_shape=(8, 16, 16, 2),
            width=1 / 16,
            network=slow_fusion,
        )
        assert [x.shape[1:] for x in model.inputs] == [(8, 16, 16, 3), (8, 16, 16, 2)]

    def test_streams_meet_where_they_are_fused(self):
        """Appearance reaches the fused answer alone, motion both of them."""
        model = fused_two_stream((16, 3), 2, width=1 / 16, shape_and_size=False)
        heads = [model.get_layer(f"{name}-logits").output for name in STREAMS]
        both = keras.Model(model.inputs[0], heads)
        x = noise(1, 16, 3)
        fused, motion = both(x)
        shifted = both(x + 3)  # which leaves no trace in the motion
        assert np.abs(fused - shifted[0]).max() > 1e-5
        np.testing.assert_allclose(motion, shifted[1], atol=1e-6)
        probabilities = [keras.ops.softmax(each) for each in (fused, motion)]
        np.testing.assert_allclose(
            answer(model, x), np.mean(probabilities, axis=0), atol=1e-6
        )

    def test_the_motion_stream_may_end_where_it_is_fused(self):
        model = fused_two_stream((16, 3), 2, width=1 / 16, is_motion_kept=False)
        assert model.layers[-1].name == "probabilities"
        assert not any(layer.name == "motion.logits" for layer in model.layers)

    def test_frames_average_their_logits(self):
        model = cnn_m((3, 30, 30, 3), 2, width=1 / 32, logits=True)
        each = keras.Model(model.inputs[0], model.get_layer("of_frames").output)
        x = noise(2, 3, 30, 30, 3)
        np.testing.assert_allclose(
            answer(model, x), np.mean(each(x), axis=1), atol=1e-6
        )

    def test_the_network_of_both_streams_is_i3d_by_default(self):
        with without_weights():
            model = two_stream((16, 3), 2, width=1 / 16)
        names = [layer.name for layer in model.get_layer("motion").layers]
        assert "Mixed_5c" in names

    def test_messages(self):
        with pytest.raises(ValueError, match=r"fusion must be one of .*'votes'"):
            two_stream((8, 3), 2, fusion="votes", network=slow_fusion)
        with pytest.raises(ValueError, match=r"a mean of probabilities has no logits"):
            two_stream(
                (8, 3), 2, fusion="probabilities_mean", logits=True, network=slow_fusion
            )


class TestFrames:
    def test_ten_four_two_one(self):
        model = slow_fusion((10, 20, 20, 3), 2, width=1 / 32)
        lengths = [model.get_layer(f"conv{i}").output.shape[1] for i in (1, 2, 3)]
        assert lengths == [4, 2, 1]

    def test_both_streams_end_alike(self):
        model = fovea_context((1, 178, 178, 3), 2, width=1 / 32, units=32)
        for name in ("fovea", "context"):
            assert model.get_layer(f"{name}-conv1").input.shape[2:4] == (89, 89)
            assert model.get_layer(f"{name}-conv5").output.shape[1:4] == (1, 7, 7)

    def test_fovea_and_context_of_a_ramp(self):
        model = fovea_context((16, 1), 2, shape_and_size=False)
        ramp = np.arange(16.0).reshape(1, 16, 1)
        views = [
            model.get_layer(f"{name}-conv1").input for name in ("fovea", "context")
        ]
        fovea, context = keras.Model(model.inputs[0], views)(ramp)
        assert np.ravel(fovea).tolist() == list(range(4, 12))
        assert np.ravel(context).tolist() == [0.5 + 2 * i for i in range(8)]

    def test_a_single_frame_sees_nothing_else(self):
        model = single_frame((9, 3), 2, frame_length=1)
        x, y = noise(1, 9, 3), noise(1, 9, 3, seed=1)
        y[:, 4] = x[:, 4]
        np.testing.assert_array_equal(answer(model, x), answer(model, y))

    def test_late_fusion_sees_both_ends_with_one_network(self):
        model = late_fusion((8, 3), 2, frame_length=1, shape_and_size=False)
        assert sum(isinstance(x, keras.Model) for x in model.layers) == 1
        x, y = noise(1, 8, 3), noise(1, 8, 3, seed=1)
        y[:, [0, -1]] = x[:, [0, -1]]
        np.testing.assert_array_equal(answer(model, x), answer(model, y))

    def test_frame_length(self):
        with pytest.raises(ValueError, match=r"from 1 to the 8 timepoints, got 9"):
            single_frame((8, 3), 2, frame_length=9)


PYRAMID = {"width": 1 / 16, "blocks": (1, 1), "stem": (1, 1)}


class TestPyramid:
    def test_flows_are_not_one_another(self):
        """Same weights, other answers: cascade is not parallel, as it once was."""
        x = noise(2, 16, 3)
        built = {
            flow: tpn((16, 3), 3, flow=flow, logits=True, **PYRAMID) for flow in FLOWS
        }
        parallel = built["parallel"]
        inflate(parallel, built["cascade"])  # by name, as the order of layers differs
        answers = [answer(built[flow], x) for flow in ("parallel", "cascade")]
        assert np.abs(answers[0] - answers[1]).max() > 1e-4
        n_params = {flow: model.count_params() for flow, model in built.items()}
        assert n_params["isolation"] == n_params["top-down"] < n_params["bottom-up"]
        assert n_params["bottom-up"] < n_params["cascade"] == n_params["parallel"]

    @pytest.mark.parametrize("tempos", [(1, 1), (2, 4), (4, 2), (8, 8), (1, 16)])
    @pytest.mark.parametrize("n_timepoints", [1, 7, 16])
    def test_tempos(self, tempos, n_timepoints):
        model = tpn((n_timepoints, 3), 3, tempos=tempos, **PYRAMID)
        assert np.isfinite(answer(model, noise(1, n_timepoints, 3))).all()

    def test_auxiliary(self):
        model = tpn((16, 3), 3, is_auxiliary=True, **PYRAMID)
        assert model.output_shape == [(None, 3), (None, 3)]

    @pytest.mark.parametrize(
        ("options", "match"),
        [
            ({"flow": "sideways"}, r"flow must be one of .*'sideways'"),
            ({"backbone": "vgg"}, r"backbone must be .*got 'vgg'"),
            ({"groups": 0}, r"groups must be at least 1, got 0"),
            ({"blocks": (1,)}, r"two stages or more, got \(1,\)"),
            ({"tempos": (2, 3)}, r"one must divide the other, got \(2, 3\)"),
        ],
    )
    def test_messages(self, options, match):
        with pytest.raises(ValueError, match=match):
            tpn((16, 3), 3, **options)


def test_i3d_may_end_earlier():
    with without_weights():
        short = i3d((32, 3), 2, last_module="3c")
        whole = i3d((32, 3), 2)
    names = [layer.name for layer in short.layers if layer.name.startswith("Mixed")]
    assert {name.split("-")[0] for name in names} == {"Mixed_3b", "Mixed_3c"}
    parts = [short.get_layer("Mixed_3c"), whole.get_layer("Mixed_3c")]
    assert len({layer.output.shape for layer in parts}) == 1


class TestSegments:
    def test_consensus_is_the_mean_of_the_segments(self):
        options = {"blocks": (1,), "shape_and_size": False, "logits": True}
        whole = tsn((12, 2), 3, n_segments=3, **options)
        part = tsn((4, 2), 3, n_segments=1, **options)
        part.set_weights(whole.get_weights())
        x = noise(2, 12, 2)
        each = [answer(part, x[:, i : i + 4]) for i in (0, 4, 8)]
        np.testing.assert_allclose(answer(whole, x), np.mean(each, axis=0), atol=1e-5)

    def test_probabilities(self):
        options = {"blocks": (1,), "shape_and_size": False}
        whole = tsn((12, 2), 3, n_segments=3, consensus="probabilities", **options)
        part = tsn((4, 2), 3, n_segments=1, **options)
        part.set_weights(whole.get_weights())
        x = noise(2, 12, 2)
        each = [answer(part, x[:, i : i + 4]) for i in (0, 4, 8)]
        np.testing.assert_allclose(answer(whole, x), np.mean(each, axis=0), atol=1e-5)

    @pytest.mark.parametrize(
        ("options", "match"),
        [
            ({"consensus": "vote"}, r"consensus must be .*got 'vote'"),
            (
                {"consensus": "probabilities", "logits": True},
                r"a consensus of 'probabilities' has no logits",
            ),
            ({"n_segments": 0}, r"n_segments must be at least 1, got 0"),
        ],
    )
    def test_messages(self, options, match):
        with pytest.raises(ValueError, match=match):
            tsn((12, 2), 3, **options)


@pytest.mark.parametrize(
    ("build", "match"),
    [
        (lambda: tsm((8, 3), 2, divisor=1), r"divisor must be at least 2, got 1"),
        (lambda: slow_fast((8, 3), 2, speed_ratio=0), r"must be at least 1, got 0 and"),
        (lambda: i3d((8, 3), 2, borders="wrap"), r"borders must be .*got 'wrap'"),
        (lambda: i3d((8, 3), 2, last_module="6a"), r"last_module must be .*'6a'"),
        (lambda: rnn((8, 3), 2, cell="elman"), r"cell must be one of .*'elman'"),
        (lambda: rnn((8, 3), 2, summary="sum"), r"summary must be .*got 'sum'"),
        (lambda: rnn((8, 3), 2, units=()), r"units must name at least one layer"),
    ],
)
def test_messages(build, match):
    with pytest.raises(ValueError, match=match):
        build()
