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
from sensorhar.video import draw_clips, flow_clips, simulate_pose_sequences

exercises = ["jumping_jacks", "squatting", "waving"]
people = simulate_pose_sequences(5, n_repeats=3, exercises=exercises)
clips = draw_clips(people, n_frames=16, size=32)
print(clips)

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
# The two see the same moments, side by side as modalities. ``width=1/16`` makes
# networks for two processor cores; the published ones have width 1, and
# ``load_i3d_weights`` fills them with DeepMind's weights.
both = sh.Modalities.matched({"pictures": clips, "flow": flow})
held = both.groups == "person05"


stream = sh.I3DClassifier(width=1 / 16, epochs=8, batch_size=12, patience=None)
clf = sh.ScoreFusionClassifier(
    [("pictures", stream), ("flow", stream)], fusion="logits_sum"
)
clf.fit(both[~held])
for name, member in zip(both.modalities, clf.estimators_, strict=True):
    print(f"{name:9} {member.score(both[held][name]):.2f}")
print(f"together  {clf.score(both[held]):.2f} on a person not seen before")
