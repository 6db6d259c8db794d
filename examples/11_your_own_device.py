"""
Your own device
===============

A Bluetooth sensor that nobody knows yet is ten lines of TOML: where it sends, how its
bytes lie, what a number is worth. No code is written.
"""

# %%
# Ten lines
# ---------
# This band sends the number of the packet, its clock in ms, and three axes in mg. The
# ``layout`` is that of Python's ``struct``: ``<`` lowest byte first, ``H`` two bytes,
# ``I`` four, ``3h`` three numbers of two bytes with a sign.
import asyncio
import os
import struct
from pathlib import Path
from tempfile import mkdtemp

from sensorhar.collect import BleSource, record
from sensorhar.collect.profiles import load_profile
from sensorhar.simulate import Person, simulate_recording
from sensorhar.testing import FakeBluez, FakeSensor

file = Path(mkdtemp()) / "band.toml"
file.write_text("""\
service = "6e400001-b5a3-f393-e0a9-e50e24dcca9e"
[[characteristic]]
uuid = "6e400003-b5a3-f393-e0a9-e50e24dcca9e"
layout = "<HI3h"
fields = ["number", "ms", "x", "y", "z"]
sequence = "number"   # losses are counted
time = "ms"           # it does not matter how long a packet takes
tick_s = 0.001
rate_hz = 50
sensor = [{ kind = "accelerometer", fields = ["x", "y", "z"], unit = "mg" }]
""")

# %%
# Try it on a packet: what does not fit raises here, and is counted while recording.
band = load_profile(file, place="wrist")
decoder = band.characteristics[0].make_decoder()
(reading,) = decoder.decode(struct.pack("<HI3h", 7, 1234, 0, 0, 1000))
print(reading.kind, reading.values, "m/s^2, packet", reading.sequence)

# %%
# Record it. A pretended band on a simulated wrist stands in; yours needs the last but
# one line only, or ``sensorhar collect ble --profile band.toml``.
made = simulate_recording(Person("anna"), [("walking", 5)], place="wrist", rate_hz=50)
mg = (made.stream_of("acc_x").values / 0.00980665).round().astype(int)
packets = tuple(struct.pack("<HI3h", i, 20 * i, *xyz) for i, xyz in enumerate(mg))
if missing := FakeBluez.missing():
    print(f"Not recorded here: {missing}")
else:
    with FakeBluez() as bluez:
        os.environ["DBUS_SYSTEM_BUS_ADDRESS"] = bluez.address
        bluez.add(FakeSensor("Band", packets=packets, rate_hz=50, loss=0.02))
        recording = asyncio.run(record(BleSource(profile=band), duration_s=3))
        print(recording, "lost on the way:", recording.metadata["acc_x n_lost"])
