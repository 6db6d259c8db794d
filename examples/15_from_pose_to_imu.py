"""
From pose to IMU
================

Sensor data with labels are rare, videos of people are not. A skeleton followed through
a video tells how a wrist moved, and so what a sensor on it would have read.
"""

# %%
# Skeletons that exercise
# -----------------------
# Simulated here; ``read_poses`` reads those of a camera or of motion capture.
import numpy as np

import sensorhar as sh
from sensorhar.video import PoseToIMU, simulate_pose_sequences

exercises = ["clapping", "curling", "marching", "waving"]
people = simulate_pose_sequences(6, n_repeats=3, exercises=exercises, noise_m=0.002)
print(len(people), people[0])

# %%
# What a sensor on the right wrist would have read
# ------------------------------------------------
# Acceleration with gravity and rate of turn, in the axes of the limb. Joints that shake
# in the video would shake a thousand times more in their acceleration, so they are
# smoothed first.
recordings = PoseToIMU()(people)
print(recordings[0])

# %%
# Train on virtual sensors
# ------------------------
# From here on it is sensor data: one window an exercise, and people left out.
windows = sh.make_event_windows(recordings, length_s=3, fit="stretch")
report = sh.evaluate(sh.FeatureForestClassifier(n_trees=100), windows, cv="loso")
print(report)

# %%
# How does gravity lie in the hand that waves, and in the one that marches?
for label in exercises:
    of_label = np.asarray(windows[windows.y == label])
    print(f"{label:10}", np.round(of_label[..., :3].mean(axis=(0, 1)), 1), "m/s^2")
