"""
Your own phone export
=====================

Record with an app, share the file, read it: the library finds out which app wrote it,
which way its axes point, and what its numbers mean.
"""

# %%
# An export
# ---------
# Skip this cell when you have one. It writes what Sensor Logger on an iPhone would: a
# zip of tables with the columns z, y, x in this order, acceleration without gravity
# beside gravity, both with Apple's signs, and stamps in nanoseconds since 1970.
from pathlib import Path
from tempfile import mkdtemp
from zipfile import ZipFile

import pandas as pd

import sensorhar as sh
from sensorhar.signal import split_gravity

people = sh.simulate_recordings(4, minutes_per_activity=0.5, random_state=0)
anna, others = people[0], people[1:]
acc, gyr = anna.stream_of("acc_x"), anna.stream_of("gyr_x")
gravity, own = split_gravity(acc.values, rate_hz=acc.rate_hz)
tables = {"Accelerometer": (acc, -own), "Gravity": (acc, -gravity)}
tables["Gyroscope"] = gyr, gyr.values
path = Path(mkdtemp()) / "2026-05-04_08-30-00.zip"
with ZipFile(path, "w") as archive:
    for name, (stream, values) in tables.items():
        table = pd.DataFrame(values[:, ::-1], columns=["z", "y", "x"])
        stamps = (stream.time_s * 1e9).astype(int) + 1_777_883_400 * 10**9
        table.insert(0, "time", stamps)
        table.insert(1, "seconds_elapsed", stream.time_s)
        archive.writestr(f"{name}.csv", table.to_csv(index=False))
    archive.writestr("Metadata.csv", "platform,standardisation\nios,false\n")

# %%
# Read it
# -------
# ``sh.read`` takes any app's file. Look at the report before anything else.
recording = sh.read(path)
print(recording)
print(sh.quality_report(recording))

# %%
# What did Anna do?
# -----------------
# The classifier has never seen her. Windows are remade as in its training.
channels = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
train = sh.make_windows(
    others, length_s=2.56, overlap=0.5, rate_hz=50, channels=channels
)
clf = sh.FeatureLinearClassifier().fit(train)
labelled = recording.with_events(anna.events.crop(0, recording.stop_s))
windows = sh.make_windows([labelled], spec=clf.spec_)
print(f"accuracy through the phone export: {clf.score(windows):.2f}")
