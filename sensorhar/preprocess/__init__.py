"""Preparation steps: Recording in, new Recording out; nothing here learns."""

from sensorhar.preprocess._step import Step, build, describe
from sensorhar.preprocess.align import Align
from sensorhar.preprocess.filters import LowPass, Median
from sensorhar.preprocess.gravity import SplitGravity
from sensorhar.preprocess.magnitude import Magnitude
from sensorhar.preprocess.remap_axes import RemapAxes

__all__ = [
    "Align",
    "LowPass",
    "Magnitude",
    "Median",
    "RemapAxes",
    "SplitGravity",
    "Step",
    "build",
    "describe",
]
