"""
A recorder of one's own
=======================

No app: this script serves a page to the phone's browser, and keeps what its sensors say
together with the labels that are tapped there. Read it, change it, run it::

    python collect_phone.py 120     # seconds; Ctrl-C ends it earlier
"""

# %%
# What comes, and where it is kept
# --------------------------------
# A chunk is a short ``Stream``: some samples of one sensor. Its first channel tells
# which: ``acc_x`` of the first phone, ``phone2_acc_x`` of the second.
import asyncio
import sys
from contextlib import suppress

import numpy as np

import sensorhar as sh
from sensorhar.collect.phone import PhoneSource

length_s = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
source = PhoneSource(port=8765, place="pocket", lifetime_s=length_s)
chunks = {}

# %%
# Listen
# ------
# What stands in this loop runs live: a ``StreamClassifier`` recognises as you move.


async def listen():
    """Serve the page, and take what comes."""
    async with source:
        print(source.how_to_connect())
        async for chunk in source:
            chunks.setdefault(chunk.channel_names[0], []).append(chunk)


with suppress(KeyboardInterrupt):
    asyncio.run(listen())

# %%
# Keep it
# -------
# One stream for each sensor, the labels as events, which phone it was.
if not chunks:
    sys.exit("No phone came: is it in the same Wi-Fi, and was Start tapped?")
streams = []
for parts in chunks.values():
    columns = [p.values for p in parts], [p.time_s for p in parts]
    streams.append(sh.Stream(*map(np.concatenate, columns), parts[0].channels))
name = f"phone-{source.start:%Y%m%d-%H%M%S}"
whole = sh.Recording(streams, name=name, start=source.start, metadata=source.metadata)
recording = whole.with_events(source.events.crop(whole.start_s, whole.stop_s))
print(recording, "in", recording.save(f"{name}.npz"))
