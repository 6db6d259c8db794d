"""
What is wrong with my recording?
================================

Before training, let the library look at the data: wrong units, bursts, gaps, clipped
peaks and dead axes explain most of the models that work at home and nowhere else.
"""

# %%
# A bad recording
# ---------------
# Skip this cell when you have a file. Here a simulated walk is spoiled as phones do
# it: in g, peaks cut at 1.25 g, an axis that dies, a pause to save the battery, and
# five samples at a time with one stamp.
import warnings
from pathlib import Path
from tempfile import mkdtemp

import sensorhar as sh
from sensorhar.plot import plot_quality

warnings.simplefilter("ignore")  # reading warns already; here the report speaks
(recording,) = sh.simulate_recordings(
    1, activities=["standing", "walking"], sensors=["accelerometer"], random_state=1
)
table = (recording.to_frame() / 9.80665).clip(-1.25, 1.25)
table.iloc[4000:4600, 1] = 0.25
table = table.drop(table.index[2000:3000]).iloc[:4990]
table.index = table.index.to_numpy()[4::5].repeat(5)
path = Path(mkdtemp()) / "phone.csv"
table.rename_axis("time_s").to_csv(path)

# %%
# Look at it
# ----------
# ``sensorhar inspect phone.csv`` prints the same in a terminal. Each problem says what
# to do. The bursts are mended already: reading gave every sample a time of its own.
spoiled = sh.read_csv(path, units={"acc": "m/s^2"}).with_events(recording.events)
print(sh.quality_report(spoiled))

# %%
# And see it
# ----------
# ``sensorhar inspect phone.csv --png phone.png`` draws the same picture.
quality_figure = plot_quality(spoiled)

# %%
# Mend what can be mended
# -----------------------
# State the true unit, and leave out the time with the dead axis; no window crosses the
# gap. What was clipped is lost: record again with a larger range.
mended = sh.read_csv(path, units={"acc": "g"}).crop(0, 75)
for problem in sh.quality_report(mended).problems:
    print("-", problem[:78])
