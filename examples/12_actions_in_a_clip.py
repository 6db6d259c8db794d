"""
Recognising actions in a clip with two-stream I3D
=================================================

One network sees the pictures, a second one how they move, and their logits are added:
that is the two-stream I3D of Carreira & Zisserman (2017). A stream of the middle of the
picture beside one of the whole, with which it is sometimes mixed up, is the network of
fovea and context (Karpathy et al. 2014): ``FoveaContextClassifier``.
"""

# %%
# Clips of people who exercise
# ----------------------------
# Drawn from simulated skeletons, so that nothing need be fetched. Your own files are
# read by ``read_clips``; the next tutorial does that.
import sensorhar as sh
from sensorhar.plot import plot_frames
from sensorhar.video import draw_clips, flow_clips, simulate_pose_sequences

exercises = ["jumping_jacks", "squatting", "waving"]
people = simulate_pose_sequences(5, n_repeats=3, exercises=exercises)
clips = draw_clips(people, n_frames=16, size=32)
print(clips)

# %%
# The middle of one clip of each exercise.
first = [clips[clips.y == exercise].batch([0])[0, 8] for exercise in exercises]
frames_figure = plot_frames([frame.repeat(3, axis=-1) for frame in first], exercises)

# %%
# How the pictures move
# ---------------------
# Optical flow says for each pixel where it goes until the next frame. It is clipped at
# 20 pixels and scaled to [-1, 1], as published.
flow = flow_clips(clips, method="farneback", keep_length=True)
print(flow)

# %%
# Two streams, one verdict
# ------------------------
# The two see the same moments, side by side as modalities. ``width`` and
# ``last_module`` make networks for two processor cores and a few clips; the published
# ones have width 1 and all modules, and ``load_i3d_weights`` fills them with DeepMind's
# weights.
both = sh.Modalities.matched({"pictures": clips, "flow": flow})
held = both.groups == "person05"

training = {"batch_size": 6, "learning_rate": 3e-3, "patience": None, "random_state": 0}
stream = sh.I3DClassifier(width=1 / 8, last_module="4b", epochs=15, **training)
clf = sh.ScoreFusionClassifier(
    [("pictures", stream), ("flow", stream)], fusion="logits_sum"
)
clf.fit(both[~held])
for name, member in zip(both.modalities, clf.estimators_, strict=True):
    print(f"{name:9} {member.score(both[held][name]):.2f}")
print(f"together  {clf.score(both[held]):.2f} on a person not seen before")
