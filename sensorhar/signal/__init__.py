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
from sensorhar.signal.calibrate import AccelerometerCalibration, calibrate_accelerometer
from sensorhar.signal.calibrate_gyroscope import GyroscopeBias, gyroscope_bias
from sensorhar.signal.calibrate_magnetometer import (
    MagnetometerCalibration,
    calibrate_magnetometer,
)
from sensorhar.signal.causal_filter import CausalFilter
from sensorhar.signal.clock import (
    ClockRepair,
    ClockReport,
    repair_clock,
    unwrap_counter,
)
from sensorhar.signal.clock_map import (
    CausalClockMap,
    ClockMap,
    fit_clock_map,
    lower_hull,
)
from sensorhar.signal.features import FEATURES, extract_features, feature_names
from sensorhar.signal.filters import band_pass, high_pass, low_pass, moving_median
from sensorhar.signal.fixes import FAULTS, find_bad_fixes
from sensorhar.signal.frame import frame
from sensorhar.signal.geo import (
    acceleration_mps2,
    bearing_deg,
    climb_mps,
    distance_m,
    find_stops,
    speed_mps,
    wrap_deg,
)
from sensorhar.signal.gravity import magnitude, split_gravity, tilt_rad
from sensorhar.signal.grid import find_gaps, regular_rate
from sensorhar.signal.local_descriptors import local_descriptors
from sensorhar.signal.local_metres import from_local_m, to_local_m
from sensorhar.signal.movement import find_claps, movement_envelope
from sensorhar.signal.non_wear import find_non_wear
from sensorhar.signal.optical_flow import (
    flow_from_bytes,
    flow_to_bytes,
    optical_flow,
    scale_flow,
    stack_flow,
)
from sensorhar.signal.orientation import (
    align_to_gravity,
    estimate_orientation,
    heading_rad,
)
from sensorhar.signal.quality import (
    count_duplicates,
    find_clipped,
    find_repeated,
    find_stale_fixes,
    find_stuck,
    jitter_s,
)
from sensorhar.signal.quaternion import (
    quaternion_angle_rad,
    quaternion_conjugate,
    quaternion_from_axes,
    quaternion_product,
    quaternion_rotate,
    quaternion_to_matrix,
)
from sensorhar.signal.resample import resample
from sensorhar.signal.segments import label_runs, runs
from sensorhar.signal.sync import ClockOffset, find_offset
from sensorhar.signal.trajectories import dense_trajectories, trajectory_parts

__all__ = [
    "FAULTS",
    "FEATURES",
    "AccelerometerCalibration",
    "CausalClockMap",
    "CausalFilter",
    "ClockMap",
    "ClockOffset",
    "ClockRepair",
    "ClockReport",
    "GyroscopeBias",
    "MagnetometerCalibration",
    "acceleration_mps2",
    "align_to_gravity",
    "band_pass",
    "bearing_deg",
    "calibrate_accelerometer",
    "calibrate_magnetometer",
    "channel_dropout",
    "climb_mps",
    "count_duplicates",
    "crop",
    "dense_trajectories",
    "distance_m",
    "estimate_orientation",
    "extract_features",
    "feature_names",
    "find_bad_fixes",
    "find_claps",
    "find_clipped",
    "find_gaps",
    "find_non_wear",
    "find_offset",
    "find_repeated",
    "find_stale_fixes",
    "find_stops",
    "find_stuck",
    "find_triples",
    "fit_clock_map",
    "flow_from_bytes",
    "flow_to_bytes",
    "frame",
    "from_local_m",
    "gyroscope_bias",
    "heading_rad",
    "high_pass",
    "jitter",
    "jitter_s",
    "label_runs",
    "local_descriptors",
    "low_pass",
    "lower_hull",
    "magnitude",
    "magnitude_warp",
    "movement_envelope",
    "moving_median",
    "optical_flow",
    "permute_segments",
    "quaternion_angle_rad",
    "quaternion_conjugate",
    "quaternion_from_axes",
    "quaternion_product",
    "quaternion_rotate",
    "quaternion_to_matrix",
    "regular_rate",
    "remap_axes",
    "repair_clock",
    "resample",
    "rotate",
    "runs",
    "scale",
    "scale_flow",
    "speed_mps",
    "split_gravity",
    "stack_flow",
    "tilt_rad",
    "time_warp",
    "to_local_m",
    "trajectory_parts",
    "unwrap_counter",
    "wrap_deg",
]
