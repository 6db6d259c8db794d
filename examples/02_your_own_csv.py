"""
Your own CSV
============

From a table that some logger wrote, and a table of what happened when, to a trained
classifier. Units are converted once, while reading, and checked.
"""

# %%
# Files to read
# -------------
# Skip this cell when you have files. Three simulated people stand in for yours: a
# table of readings in g with times in ms, and beside it a table of labels.
from pathlib import Path
from tempfile import mkdtemp

import sensorhar as sh
from sensorhar.io import write_events
from sensorhar.plot import plot_recording

folder = Path(mkdtemp())
does = ["standing", "walking", "walking_upstairs"]
for made in sh.simulate_recordings(3, activities=does, sensors=["accelerometer"]):
    table = (made.to_frame() / 9.80665).round(4).set_axis(["ax", "ay", "az"], axis=1)
    table.index = (1000 * table.index).round(1).rename("t_ms")
    table.to_csv(folder / f"{made.subject}.csv")
    write_events(made.events, folder / f"{made.subject}_labels.csv")
print((folder / "person01.csv").read_text()[:70])

# %%
# Read them
# ---------
# Say which column is what, and in which unit. Inside the library there are SI units
# only, so nothing later has to ask. Leave ``units`` out and you are warned: readings
# of size 1 are no metres per second squared.
recordings = []
for path in sorted(folder.glob("person??.csv")):
    columns = {"ax": "acc_x", "ay": "acc_y", "az": "acc_z"}
    recording = sh.read_csv(
        path, time="t_ms", channels=columns, units={"acc": "g"}, subject=path.stem
    )
    events = sh.read_events(folder / f"{path.stem}_labels.csv")
    recordings.append(recording.with_events(events))
print(recordings[0])

# %%
# Look first: a wrong unit, or labels beside the movement, are plain to see here.
recording_figure = plot_recording(recordings[0])

# %%
# Cut, train, keep
# ----------------
# ``rate_hz`` brings all onto one exact clock. A window gets the label covering most.
windows = sh.make_windows(recordings, length_s=2.56, overlap=0.5, rate_hz=50)
print(windows)
is_new = windows.groups == "person03"
clf = sh.FeatureLinearClassifier().fit(windows[~is_new])
print(f"accuracy on person03, not seen before: {clf.score(windows[is_new]):.3f}")
clf.save(folder / "walker.sensorhar")
