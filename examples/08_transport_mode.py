"""
Transport mode
==============

On foot, by bicycle, bus, car or train? From GPS once a second and an accelerometer, for
people never seen before, against thresholds on speed.
"""

# %%
# Journeys
# --------
# Twelve simulated people go by everything. In towns speeds overlap: with its stops a
# bus is no faster than a bicycle. With your own phone logs read them with ``sh.read``,
# or load Geolife. The first fix is often an old one, from the phone's memory.
import numpy as np
from sklearn.metrics import classification_report, f1_score
from sklearn.model_selection import GroupKFold, cross_val_predict
from sklearn.tree import DecisionTreeClassifier

import sensorhar as sh
from sensorhar.preprocess import Align, CleanGps, GpsMotion, GravityAlign
from sensorhar.simulate import simulate_journeys

journeys = simulate_journeys(12, random_state=0)
print(journeys[0])
before, after = (r.streams[0] for r in (journeys[0], CleanGps()(journeys[0])))
print(f"{len(before) - len(after)} of {len(before)} fixes cannot be true")

# %%
# Windows
# -------
# Places become motion, for a classifier that sees places learns where people live; the
# phone may lie in the pocket any way round, so only vertical and horizontal are kept.
steps = [CleanGps(), GpsMotion(), Align(rate_hz=25, max_gap_s=20), GravityAlign()]
motion = ["speed_mps", "accel_mps2", "turn_radps", "is_stopped"]
windows = sh.make_windows(
    journeys,
    steps=steps,
    channels=["acc_vertical", "acc_horizontal", *motion],
    length_s=60,
    overlap=0.5,
)
print(windows)

# %%
# Against thresholds
# ------------------
# Both learn from the same people and are asked about others.
y, folds = windows.y.astype(str), {"groups": windows.groups, "cv": GroupKFold(4)}
speed = np.asarray(windows)[:, :, 2].mean(axis=1, keepdims=True)
tree = DecisionTreeClassifier(max_leaf_nodes=5, class_weight="balanced")
by_speed = cross_val_predict(tree, speed, y, **folds)
print(
    f"four thresholds on speed: macro F1 {f1_score(y, by_speed, average='macro'):.2f}"
)
learnt = cross_val_predict(sh.FeatureLinearClassifier(), windows, windows.y, **folds)
print(classification_report(y, learnt.astype(str)))
