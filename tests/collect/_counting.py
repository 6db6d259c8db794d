"""A profile of what the pretended sensor sends, small enough to read at a glance."""

import asyncio
import struct

import numpy as np

from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.profile import Characteristic, Command, Profile
from sensorhar.collect.profiles.reading import Reading
from sensorhar.testing.bluez import CHARACTERISTIC, COMMAND, SERVICE
from sensorhar.units import STANDARD_GRAVITY

LAYOUT = struct.Struct("<IQ4h")
SECOND = "6e400013-b5a3-f393-e0a9-e50e24dcca9e"
BATTERY_LEVEL = "00002a19-0000-1000-8000-00805f9b34fb"


class CountingDecoder:
    """Number, microseconds, three axes in mg."""

    def __init__(self, kind="accelerometer"):
        self.kind = kind

    def decode(self, packet):
        if len(packet) != LAYOUT.size:
            raise BadPacketError(f"a packet must have 20 bytes; got {len(packet)}.")
        sequence, time_us, *axes, _ = LAYOUT.unpack(packet)
        return [
            Reading(
                self.kind,
                None,
                np.array([axes]) / 1000 * STANDARD_GRAVITY,
                ticks=time_us,
                tick_s=1e-6,
                n_time_bits=64,
                sequence=sequence,
                n_sequence_bits=32,
                rate_hz=100.0,
                has_gravity=True if self.kind == "accelerometer" else None,
            )
        ]

    def encode(self, readings):
        raise NotImplementedError


def profile(*more, **fields):
    """Return the profile; more characteristics are gyroscopes."""
    characteristics = [Characteristic(CHARACTERISTIC, CountingDecoder)]
    characteristics += [
        Characteristic(uuid, lambda: CountingDecoder("gyroscope")) for uuid in more
    ]
    fields.setdefault("battery_uuid", BATTERY_LEVEL)
    return Profile(
        "counting",
        (SERVICE,),
        tuple(characteristics),
        start_commands=(Command(COMMAND, b"on"),),
        stop_commands=(Command(COMMAND, b"off"),),
        **fields,
    )


#: What may be asked of a machine that does other things too.
LIMIT_S = 20.0


async def take(source, n_samples, limit_s=LIMIT_S):
    """Return so many samples' chunks, or fail for being late."""
    chunks, n = [], 0
    async with asyncio.timeout(limit_s):
        while n < n_samples:
            chunks.append(await anext(source))
            n += chunks[-1].n_samples
    return chunks


def sequence_of(chunks, name="acc_x"):
    """Return the numbers that the pretended sensor wrote into the first axis."""
    own = [chunk for chunk in chunks if chunk.channel_names[0] == name]
    values = np.concatenate([chunk.values[:, 0] for chunk in own])
    return np.rint(values * 1000 / STANDARD_GRAVITY).astype(int)


def texts(source):
    return [marker.text for marker in source.take_markers()]


async def until(condition, limit_s=LIMIT_S):
    async with asyncio.timeout(limit_s):
        while not condition():
            await asyncio.sleep(0.02)
