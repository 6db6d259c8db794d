"""Networks as functions of an input shape; keras and keras.ops only."""

from sensorhar.networks.cnn import cnn
from sensorhar.networks.cnn_lstm import cnn_lstm
from sensorhar.networks.conv_lstm import conv_lstm
from sensorhar.networks.deep_conv_lstm import deep_conv_lstm
from sensorhar.networks.lstm import lstm
from sensorhar.networks.mlp import mlp

__all__ = ["cnn", "cnn_lstm", "conv_lstm", "deep_conv_lstm", "lstm", "mlp"]
