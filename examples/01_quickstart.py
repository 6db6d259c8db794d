"""
Quickstart
==========

Train a network on some people, score it on others whom it has never seen, ask it for
its answers, and keep it.
"""

# %%
# Windows of people
# -----------------
# ``Windows`` is an array of examples, ``(n_windows, n_timepoints, n_channels)``, that
# carries its labels ``y``, its subjects ``groups`` and its units with it. If UCI HAR
# is on this machine we take a part of it, in its official split by subject; else six
# simulated people stand in.
from pathlib import Path
from tempfile import mkdtemp

import sensorhar as sh
from sensorhar.errors import DataError
from sensorhar.evaluation import confusion_matrix
from sensorhar.plot import plot_confusion, plot_windows

try:
    train, test = sh.datasets.load_uci_har(download=False)
    train, test = train[::6], test[::4]  # a part, to be done in seconds
except DataError:
    recordings = sh.simulate_recordings(6, minutes_per_activity=0.5)
    channels = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
    windows = sh.make_windows(
        recordings, length_s=2.56, overlap=0.5, rate_hz=50, channels=channels
    )
    is_new = (windows.groups == "person05") | (windows.groups == "person06")
    train, test = windows[~is_new], windows[is_new]
print(train)
print(test)

# %%
# One window of each activity, on equal axes.
windows_figure = plot_windows(train.select_channels(["acc_x", "acc_y", "acc_z"]))

# %%
# Train and score
# ---------------
# ``epochs`` is small to be quick; leave it out for a better network. Early stopping
# watches some of the people, whom training does not see.
clf = sh.CNNClassifier(epochs=8, random_state=0)
clf.fit(train)
print(f"accuracy on people not seen before: {clf.score(test):.3f}")
print(clf.predict(test[:3]))

# %%
# Where is it wrong? Rows are the truth.
confusion = plot_confusion(confusion_matrix(test.y, clf.predict(test)), clf.classes_)

# %%
# Keep it in one file. It remembers the windows it was trained on, and refuses others.
path = clf.save(Path(mkdtemp()) / "walker.sensorhar")
print(sh.load(path).spec_)
