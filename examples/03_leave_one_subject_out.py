"""
Leave one subject out
=====================

The question a score should answer is: how well does this work on somebody new? So
each person is tested in turn by a classifier that has learned from all the others.
"""

# %%
# Windows of several people
# -------------------------
# Four simulated people do four things. Each recording names its subject, and the
# windows carry it along as ``groups``. Changes of posture, such as ``stand_to_sit``,
# are labelled too; we keep the four activities only.
import sensorhar as sh
from sensorhar.plot import plot_confusion, plot_subjects

activities = ["sitting", "standing", "walking", "walking_upstairs"]
recordings = [
    recording.with_events(recording.events.select(activities))
    for recording in sh.simulate_recordings(
        4, minutes_per_activity=0.5, activities=activities, random_state=2
    )
]
channels = ["acc_x", "acc_y", "acc_z"]
windows = sh.make_windows(
    recordings, length_s=2.56, overlap=0.5, rate_hz=50, channels=channels
)
print(windows)

# %%
# Two classifiers, every person once
# ----------------------------------
# ``evaluate`` trains each classifier anew for each person left out, and pools what it
# says of their windows. Put a simple method beside the network: if it is no worse,
# the network has not earned its keep. A row ``majority``, which always gives the
# commonest label, stands in every report as the floor.
classifiers = {
    "features + linear": sh.FeatureLinearClassifier(),
    "small CNN": sh.CNNClassifier(filters=(16, 32), epochs=8, batch_size=16),
}
report = sh.evaluate(classifiers, windows, cv="loso")
print(report)

# %%
# Who is hard, and what is confused with what? The mean hides both.
subjects = plot_subjects(report)
confusion = plot_confusion(report)

# %%
# What a leak would have claimed
# ------------------------------
# Windows that overlap by half share half of their samples, and windows of one person
# resemble each other. Deal single windows into folds, and the test asks for what was
# learned by heart. ``evaluate`` refuses such a split; ``leak_audit`` measures it.
print(sh.leak_audit(sh.FeatureForestClassifier(n_trees=100), windows, n_splits=3))
