"""Networks as functions of an input shape; keras and keras.ops only."""

from sensorhar.networks.c3d import c3d
from sensorhar.networks.cnn import cnn
from sensorhar.networks.cnn_lstm import cnn_lstm
from sensorhar.networks.cnn_m import cnn_m
from sensorhar.networks.conv_lstm import conv_lstm
from sensorhar.networks.deep_conv_lstm import deep_conv_lstm
from sensorhar.networks.flops import count_params, flops, without_weights
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
from sensorhar.networks.inflate import inflate, inflate_kernel
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

__all__ = [
    "c3d",
    "cnn",
    "cnn_lstm",
    "cnn_m",
    "conv_lstm",
    "count_params",
    "deep_conv_lstm",
    "early_fusion",
    "flops",
    "fovea_context",
    "fused_two_stream",
    "i3d",
    "i3d_resnet",
    "inflate",
    "inflate_kernel",
    "late_fusion",
    "lstm",
    "mlp",
    "r2plus1d",
    "rnn",
    "single_frame",
    "slow_fast",
    "slow_fusion",
    "slow_only",
    "st_gcn",
    "tpn",
    "tsm",
    "tsn",
    "two_stream",
    "without_weights",
]
