"""
Record yourself with a phone
============================

No app: the phone opens a page, which sends what its sensors read, and what you tap on
it becomes the truth. It needs ``pip install "sensorhar[phone]"``.
"""

# %%
# Serve the page
# --------------
# For a phone of your own, ``PhoneSource(place="pocket")`` is all: it prints a code to
# scan and what to tap. Here a pretended phone on this computer stands in, worn by a
# simulated person, so the page is served to this computer only.
import asyncio
from pathlib import Path
from tempfile import mkdtemp

import sensorhar as sh
from sensorhar.collect import PhoneSource, record
from sensorhar.plot import plot_recording
from sensorhar.simulate import Person, simulate_recording
from sensorhar.testing import FakePhone

source = PhoneSource(0, host="127.0.0.1", is_https=False, place="pocket")
does = [("standing", 2), ("walking", 3)]
phone = FakePhone(simulate_recording(Person("anna"), does, place="pocket"))


def opened():
    """Tell how to connect; the pretended phone needs the address only."""
    print(source.how_to_connect())
    phone.wear(source.address)


# %%
# Record
# ------
# ``duration_s`` counts from the first reading. What comes is written to a log at once:
# whatever happens to this program, ``sensorhar recover`` reads it.
log = Path(mkdtemp()) / "anna.sensorlog"
recording = asyncio.run(
    record(source, path=log, duration_s=4, subject="anna", on_open=opened)
)
print(recording)
print(*recording.events, sep="\n")

# %%
# Look, and use
# -------------
# Is it whole? Then it is like any other recording. From the command line, all of this
# is ``sensorhar collect phone --keys standing,walking --out anna.npz``.
print(sh.quality_report(recording))
recording_figure = plot_recording(recording)
channels = ["acc_x", "acc_y", "acc_z", "gyr_x", "gyr_y", "gyr_z"]
print(sh.make_windows([recording], length_s=1, rate_hz=50, channels=channels))
print(recording.save(log.with_suffix(".npz")).name)
