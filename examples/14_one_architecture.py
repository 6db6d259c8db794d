"""
The same architectures on your own sensor data
==============================================

A video network looks along time and across the picture. Take the picture away and what
remains looks along time: a network for sensors. Here one function builds both, so that
what is known of the one can be tried with the other.
"""

# %%
# One function, three kinds of input
# ----------------------------------
# For clips it is the published network, to the last weight: 34,565,560 of them in
# SlowFast 8 x 8 with 400 classes. For joints and sensors the axes of space shrink or
# vanish, and the widths are a quarter.
import sensorhar as sh
from sensorhar.networks import count_params, flops, slow_fast
from sensorhar.networks.flops import without_weights

with without_weights():
    for what, shape in [
        ("clips", (32, 224, 224, 3)),
        ("poses", (32, 20, 3)),
        ("windows", (128, 6)),
    ]:
        network = slow_fast(shape, 400)
        macs = flops(network, convention="macs")
        print(f"{what:8} {count_params(network):>11,} weights {macs:>15,} products")

# %%
# Your own windows, here of simulated people
# ------------------------------------------
activities = ["cycling", "running", "walking", "walking_upstairs"]
recordings = [
    recording.with_events(recording.events.select(activities))
    for recording in sh.simulate_recordings(
        4, minutes_per_activity=0.5, activities=activities, random_state=0
    )
]
channels = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
windows = sh.make_windows(
    recordings, length_s=2.56, overlap=0.5, rate_hz=50, channels=channels
)
held = windows.groups == "person04"

# %%
# Any of them is a classifier like all others
# -------------------------------------------
# SlowFast looks at the window twice, at a slow pace with many channels and at a fast
# pace with few; slow fusion sees ever longer times from layer to layer. ``width`` and
# ``blocks`` make them small.
training = {"epochs": 20, "batch_size": 16, "patience": None, "random_state": 0}
classifiers = {
    "features + linear": sh.FeatureLinearClassifier(),
    "slow fusion": sh.SlowFusionClassifier(units=128, learning_rate=1e-3, **training),
    "SlowFast": sh.SlowFastClassifier(width=1 / 16, blocks=(1, 1, 1, 1), **training),
}
for name, clf in classifiers.items():
    clf.fit(windows[~held])
    print(f"{name:18} {clf.score(windows[held]):.2f} on a person not seen before")
