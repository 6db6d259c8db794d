"""Preparation steps: Recording in, new Recording out; nothing here learns."""

from sensorhar.preprocess._step import Step, build, describe
from sensorhar.preprocess.align import Align
from sensorhar.preprocess.calibrate import (
    CalibrateAccelerometer,
    CalibrateMagnetometer,
    RemoveGyroBias,
)
from sensorhar.preprocess.filters import LowPass, Median
from sensorhar.preprocess.gps import CleanGps, GpsMotion
from sensorhar.preprocess.gravity import SplitGravity
from sensorhar.preprocess.gravity_align import GravityAlign
from sensorhar.preprocess.magnitude import Magnitude
from sensorhar.preprocess.orientation import Orientation
from sensorhar.preprocess.remap_axes import RemapAxes

__all__ = [
    "Align",
    "CalibrateAccelerometer",
    "CalibrateMagnetometer",
    "CleanGps",
    "GpsMotion",
    "GravityAlign",
    "LowPass",
    "Magnitude",
    "Median",
    "Orientation",
    "RemapAxes",
    "RemoveGyroBias",
    "SplitGravity",
    "Step",
    "build",
    "describe",
]
