"""Numerics on plain arrays: filters, resampling, frames, features, augmentation."""

from sensorhar.signal.augment import (
    channel_dropout,
    jitter,
    magnitude_warp,
    remap_axes,
    rotate,
    scale,
)
from sensorhar.signal.augment_time import crop, permute_segments, time_warp
from sensorhar.signal.axes import find_triples
from sensorhar.signal.causal_filter import CausalFilter
from sensorhar.signal.features import FEATURES, extract_features, feature_names
from sensorhar.signal.filters import band_pass, high_pass, low_pass, moving_median
from sensorhar.signal.frame import frame
from sensorhar.signal.gravity import magnitude, split_gravity, tilt_rad
from sensorhar.signal.grid import find_gaps, regular_rate
from sensorhar.signal.resample import resample
from sensorhar.signal.segments import label_runs, runs

__all__ = [
    "FEATURES",
    "CausalFilter",
    "band_pass",
    "channel_dropout",
    "crop",
    "extract_features",
    "feature_names",
    "find_gaps",
    "find_triples",
    "frame",
    "high_pass",
    "jitter",
    "label_runs",
    "low_pass",
    "magnitude",
    "magnitude_warp",
    "moving_median",
    "permute_segments",
    "regular_rate",
    "remap_axes",
    "resample",
    "rotate",
    "runs",
    "scale",
    "split_gravity",
    "tilt_rad",
    "time_warp",
]
