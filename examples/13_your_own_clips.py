"""
Training on your own clips
==========================

A folder of videos, one below it for each label: that is all that a clip network needs
to be trained, and to be scored on people whom it has not seen.
"""

# %%
# A folder of videos
# ------------------
# We draw some and write them as GIFs, to have any; your own may be of any format.
import tempfile
from pathlib import Path

import numpy as np
from PIL import Image

import sensorhar as sh
from sensorhar.plot import plot_confusion
from sensorhar.video import draw_clips, predict_timeline, read_clips
from sensorhar.video import simulate_pose_sequences as simulate

folder = Path(tempfile.mkdtemp())
people = simulate(5, n_repeats=3, exercises=["jumping_jacks", "squatting", "waving"])
drawn = draw_clips(people, n_frames=30, size=48)
for clip, label, name in zip(drawn, drawn.y, drawn.names, strict=True):
    first, *others = [Image.fromarray(np.uint8(255 * frame[..., 0])) for frame in clip]
    path = folder / label / f"{name}.gif"
    path.parent.mkdir(exist_ok=True)
    first.save(path, save_all=True, append_images=others, duration=100)

# %%
# Clips with labels and people
# ----------------------------
# The label is the folder, the person is part of the name. Saying who is who is what
# keeps a person from standing in training and in the test.
clips = read_clips(
    folder, labels="folder", groups=lambda name: Path(name).stem[:8], n_frames=8,
    size=32, grey=True, sampling="windows",
)  # fmt: skip
print(clips)

# %%
# Two thirds of the people train, one third is tested, three times
# -----------------------------------------------------------------
# ``width`` is the share of the published filters: begin small without an accelerator.
clf = sh.C3DClassifier(width=1 / 16, epochs=6, batch_size=16, patience=None)
report = sh.evaluate(clf, clips, cv="group-3")
print(report)
confusion = plot_confusion(report)

# %%
# What happens when in a file
# ---------------------------
timeline = predict_timeline(clf.fit(clips), path)
print(timeline.events())
