"""
Record from a Bluetooth sensor
==============================

Name the sensor: it is found, told to send, and found again when the link is lost. What
does not arrive is counted, and a gap stays a gap.
"""

# %%
# A sensor
# --------
# Skip this cell when you have one. A Bangle.js watch on a simulated wrist stands in; it
# sends lines of text, and some of them get lost on the way.
import asyncio
import os
from pathlib import Path
from tempfile import mkdtemp

from sensorhar.collect import BleSource, SimulatedSource, record, scan
from sensorhar.plot import plot_recording
from sensorhar.simulate import Person, simulate_recording
from sensorhar.testing import FakeBluez, FakeSensor

made = simulate_recording(Person("anna"), [("walking", 6)], place="wrist", rate_hz=12.5)
acc = made.stream_of("acc_x").values / 9.80665
lines = [f"H,{i},{i / 12.5},{x},{y},{z}\n" for i, (x, y, z) in enumerate(acc)]
packets = tuple(line.encode() for line in lines)
watch = FakeSensor("Bangle.js 4f2a", packets=packets, rate_hz=12.5, loss=0.06, seed=3)

# %%
# Record
# ------
# ``scan`` tells what is in reach. A profile tells how the bytes are read: one of
# ``profile_names()``, or a file of your own as in the next tutorial.
log = Path(mkdtemp()) / "anna.sensorlog"


async def main():
    """Look around, then record the watch for four seconds."""
    for found in await scan(name="Bangle", duration_s=1):
        print(f"{found.name}  {found.address}  {found.strength_dbm:.0f} dBm")
    source = BleSource(name="Bangle", profile="banglejs", place="wrist")
    return await record(source, path=log, duration_s=4, label="walking")


# %%
# With a watch of your own, ``recording = asyncio.run(main())`` is all that follows.
# Here a pretended Bluetooth service of Linux stands in, on a bus of its own.
if missing := FakeBluez.missing():
    print(f"A simulated source instead, as {missing}")
    recording = asyncio.run(record(SimulatedSource("walk 4 s", loss=0.06), path=log))
else:
    with FakeBluez() as bluez:
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bluez.address
        bluez.add(watch)
        recording = asyncio.run(main())
print(recording)
print("lost on the way:", recording.metadata.get("acc_x n_lost", 0))
recording_figure = plot_recording(recording)
