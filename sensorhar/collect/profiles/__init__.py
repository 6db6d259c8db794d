"""How devices send: from bytes to SI numbers, without any radio."""

from sensorhar.collect.profiles.bad_packet import BadPacketError
from sensorhar.collect.profiles.line_decoder import LineDecoder, LineLayout
from sensorhar.collect.profiles.load import load_profile, profile_names, profile_path
from sensorhar.collect.profiles.profile import (
    Characteristic,
    Command,
    Decoder,
    Profile,
)
from sensorhar.collect.profiles.reading import Reading

__all__ = [
    "BadPacketError",
    "Characteristic",
    "Command",
    "Decoder",
    "LineDecoder",
    "LineLayout",
    "Profile",
    "Reading",
    "load_profile",
    "profile_names",
    "profile_path",
]
